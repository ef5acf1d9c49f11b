import { announce } from "./words.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const PATIENCE = 20000;
const GUARD = "input[name=csrfmiddlewaretoken]";

// Why something could not be delivered, as the labels of a box name it, and what the server said beside it.
export class Trouble extends Error {
  constructor(cause, facts = {}) {
    super(cause);
    this.reason = cause;
    this.facts = facts;
  }
}

const CAUSES = { signed_out: "SignedOut", gone: "Gone", filed: "Filed", exists: "Exists", too_many: "TooMany" };
// Trying again changes nothing about these; the person decides.
const SETTLED = new Set(["Gone", "Filed", "Exists"]);

// The answer of the server to a form, read. Whatever else happens is a Trouble.
export async function post(box, url, body, keepalive = false) {
  body.delete("csrfmiddlewaretoken");
  for (let renewed = false; ; renewed = true) {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body,
        keepalive,
        headers: { Accept: "application/json", "X-CSRFToken": document.querySelector(GUARD)?.value ?? "" },
        signal: AbortSignal.timeout?.(PATIENCE),
      });
    } catch {
      throw new Trouble("Offline");
    }
    // Somebody signed in in another tab: the secret of this page's forms no longer counts.
    if (answer.status === 403 && !renewed && (await renew(box.dataset.mcToken))) continue;
    const facts = await answer.json().catch(() => null);
    if (answer.ok && facts) return facts;
    if (answer.status === 422 && facts) return facts;
    throw new Trouble(CAUSES[facts?.code] ?? (answer.status === 404 ? "Gone" : "Server"), facts ?? {});
  }
}

async function renew(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return false;
  const { token } = await answer.json();
  for (const input of document.querySelectorAll(GUARD)) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}

// Brings something to the server, and tries again until it has arrived: after a while, when the connection is back, when the
// person comes back to the page. The first failure is announced at once, with its cause and with what to do. `attempt` throws a
// Trouble; `state` is told "sending", "sent" or "failed".
export function courier(box, attempt, state) {
  const alert = box.querySelector("[role=alert]");
  let timer;
  let wait = FIRST_WAIT;
  let told = "";
  let busy = null;

  const again = () => {
    if (told && !SETTLED.has(told)) run();
  };

  async function go(keepalive) {
    clearTimeout(timer);
    state("sending");
    try {
      await attempt(keepalive);
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      failed(trouble);
      return false;
    }
    if (told) {
      alert.hidden = true;
      alert.replaceChildren();
      announce(box.dataset.labelRecovered ?? "");
    }
    told = "";
    wait = FIRST_WAIT;
    state("sent");
    return true;
  }

  function failed(trouble) {
    state("failed");
    if (told !== trouble.reason) {
      told = trouble.reason;
      alert.replaceChildren(...told_of(box, trouble));
      alert.hidden = false;
      // The field one is in stays in sight.
      document.activeElement?.scrollIntoView({ block: "nearest" });
    }
    if (SETTLED.has(told)) return;
    timer = setTimeout(again, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  // One delivery at a time; whoever asks meanwhile waits for it and then has their own.
  async function run(keepalive = false) {
    while (busy) await busy;
    busy = go(keepalive).finally(() => (busy = null));
    return busy;
  }

  window.addEventListener("online", again);
  window.addEventListener("focus", again);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  return { run, settled: () => SETTLED.has(told), failing: () => Boolean(told) };
}

function told_of(box, { reason, facts }) {
  const parts = [line("p", box.dataset[`label${reason}`] ?? facts.message ?? box.dataset.labelServer)];
  if (reason === "SignedOut" || reason === "TooMany") parts.push(link(box.dataset.mcLogin, box.dataset.labelSignIn, true));
  if (facts.href && box.dataset[`label${reason}Go`]) parts.push(link(facts.href, box.dataset[`label${reason}Go`]));
  if (reason === "Exists") {
    const button = line("button", box.dataset.labelExistsAnother);
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.addEventListener("click", () => box.dispatchEvent(new CustomEvent("mc:another")));
    parts.push(button);
  }
  return parts;
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function link(href, text, apart = false) {
  const paragraph = line("p", "");
  const anchor = line("a", text);
  anchor.className = "govuk-link";
  anchor.href = href;
  if (apart) anchor.target = "_blank";
  paragraph.append(anchor);
  return paragraph;
}
