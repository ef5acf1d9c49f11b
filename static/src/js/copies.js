// What was typed and the server has not confirmed yet, on this device: one copy per page of a draft.
const MARK = "mc:";
const LONGEST = 30 * 24 * 3600 * 1000;

const inStorage = (work, otherwise) => {
  try {
    return work(window.localStorage);
  } catch {
    return otherwise;
  }
};

export const keep = (page, copy) => inStorage((storage) => (storage.setItem(MARK + page, JSON.stringify({ ...copy, at: Date.now() })), true), false);

export const drop = (page) => inStorage((storage) => storage.removeItem(MARK + page));

export const kept = (page) => inStorage((storage) => JSON.parse(storage.getItem(MARK + page)), null);

// Removes the copies of a draft, or all of them; without a name only those nobody came back for.
export function clear(draft = null) {
  inStorage((storage) => {
    for (const name of Object.keys(storage)) {
      if (!name.startsWith(MARK)) continue;
      const old = Date.now() - (JSON.parse(storage.getItem(name))?.at ?? 0) > LONGEST;
      if (draft === null ? old : name.startsWith(MARK + draft)) storage.removeItem(name);
    }
  });
}
