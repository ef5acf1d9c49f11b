// The parts of the page that tell what is attached are taken from the page as the server now makes it. Parts beside them, and
// what is being typed or sent there, stay as they are.
let asked = null;
let next = null;

// What is asked for while an answer is on its way is answered by another one: that one was made too early.
export function renew() {
  if (asked) {
    next ??= asked.then(() => {
      next = null;
      return renew();
    });
    return next;
  }
  asked = fetched().finally(() => (asked = null));
  return asked;
}

async function fetched() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  if (new URL(answer.url).pathname !== location.pathname) {
    // The session has ended, or the application has moved on.
    location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const after of page.querySelectorAll("[data-mc-part][id], .mc-filing__side")) {
    const before = after.id ? document.getElementById(after.id) : document.querySelector(".mc-filing__side");
    if (before) replace(before, after);
  }
}

function replace(before, after) {
  const section = after.closest("section[id]");
  const around = section && document.getElementById(section.id);
  if (around) around.className = section.className;
  if (before.isEqualNode(after)) return;
  const focused = before.contains(document.activeElement) ? document.activeElement.id : "";
  before.replaceWith(after);
  after.dispatchEvent(new CustomEvent("mc:added", { bubbles: true }));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
