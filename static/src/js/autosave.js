import { clear, drop, keep, kept } from "./copies.js";
import { courier, post } from "./delivery.js";
import { announce } from "./words.js";

const PAUSE = 1000;
const LONGEST_PAUSE = 5000;
// What a browser still sends while the page is being closed.
const PARTING_SIZE = 60000;

// A page of questions is saved while it is typed. Every keystroke is on this device at once and stays there until the server
// has confirmed it; without a script the page is saved by its buttons.
export function autosave(scope) {
  for (const form of scope.querySelectorAll("form[data-mc-autosave]")) {
    if (form.dataset.mcSaving) continue;
    form.dataset.mcSaving = "1";
    watch(form);
  }
}

const same = (one, other) => one.length === other.length && one.every((text, n) => text === other[n]);

// Texts by input name, as the form would send them.
function held(form) {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    if (name === "csrfmiddlewaretoken" || name.startsWith("_") || typeof value !== "string") continue;
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

// Names of inputs that hold something else than they did.
function changes(before, now) {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => !same(before.get(name) ?? [], now.get(name) ?? []));
}

// Puts texts into the inputs of a name; whether the page has room for them.
function fill(form, name, texts) {
  const inputs = [...form.elements].filter((input) => input.name === name);
  inputs.forEach((input, n) => {
    if (["radio", "checkbox"].includes(input.type)) input.checked = texts.includes(input.value);
    else input.value = texts[n] ?? "";
  });
  return same(held(form).get(name) ?? [], texts) || (!texts.join("") && inputs.length > 0);
}

function watch(form) {
  const box = form.querySelector("[data-mc-saving]");
  const line = box.querySelector(".mc-saving__state");
  const words = box.dataset;
  const page = form.dataset.mcDraft;
  const revision = form.elements.namedItem("_revision");
  let confirmed = held(form);
  // Texts for which this page has no input, such as those of a row that is not drawn.
  let beside = new Map();
  let stored = true;
  let timer;
  let since = 0;
  let onward = null;

  // The script answers for what is typed from here on, and says what it changed.
  form.removeAttribute("data-mc-unsaved");
  const merge = document.createElement("input");
  Object.assign(merge, { type: "hidden", name: "_merge", value: "1" });
  form.append(merge);
  box.hidden = false;

  const now = () => new Map([...held(form), ...beside]);
  const pending = () => changes(confirmed, now()).length > 0;
  const say = (text) => (line.textContent = text);

  const carrier = courier(box, send, (state) => {
    box.classList.toggle("mc-saving--failed", state === "failed");
    if (state === "sending" && pending()) say(words.labelSaving);
    if (state === "failed") say(stored ? words.labelKept : words.labelOnlyHere);
    if (state === "sent") goOn();
  });

  async function send(keepalive) {
    const sent = now();
    const changed = changes(confirmed, sent);
    if (!changed.length && !form.dataset.mcAnother) return;
    const body = new URLSearchParams();
    for (const [name, texts] of sent) for (const text of texts) body.append(name, text);
    for (const name of changed) for (const text of confirmed.get(name) ?? [""]) body.append(`_was.${name}`, text);
    body.append("_merge", "1");
    body.append("_revision", revision.value);
    if (form.dataset.mcAnother) body.append("_another", "1");
    const answer = await post(box, form.dataset.mcAutosave, body, keepalive && body.toString().length < PARTING_SIZE);
    confirm(sent, answer);
  }

  function confirm(sent, answer) {
    revision.value = answer.revision;
    confirmed = sent;
    let missing = beside.size > 0;
    beside = new Map();
    for (const [name, texts] of Object.entries(answer.updated)) {
      const current = held(form).get(name) ?? [];
      if (!same(current, sent.get(name) ?? [])) continue;
      if (fill(form, name, texts)) confirmed.set(name, texts);
      else missing = true;
    }
    if (Object.keys(answer.updated).length) form.dispatchEvent(new Event("change", { bubbles: true }));
    for (const text of answer.told) tell(text);
    begun();
    const waiting = Object.keys(answer.problems).filter((name) => document.activeElement?.name !== name).length;
    say(words.labelSaved.replace("{time}", answer.at) + (waiting ? ` ${words.labelProblems.replace("{count}", waiting)}` : ""));
    if (changes(confirmed, held(form)).length) {
      copy();
      later();
      return;
    }
    drop(page);
    // The page as the server has it now shows what there was no room for.
    if (missing && !onward) location.reload();
  }

  // The first save has written the application: from now on its address needs no choices.
  function begun() {
    const address = new URL(location.href);
    if (!address.searchParams.has("bd")) return;
    address.searchParams.delete("bd");
    history.replaceState(null, "", address);
    form.dataset.mcAutosave = form.dataset.mcAutosave.split("?")[0];
    document.querySelectorAll("[data-mc-once-saved]").forEach((part) => (part.hidden = false));
    document.querySelectorAll("[data-mc-until-saved]").forEach((part) => (part.hidden = true));
  }

  function tell(text) {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    const told = box.querySelector(".mc-saving__told");
    told.hidden = false;
    told.replaceChildren(paragraph);
    announce(text);
  }

  function copy() {
    const current = now();
    const names = changes(confirmed, current);
    if (!names.length) {
      drop(page);
      return;
    }
    const texts = (from) => Object.fromEntries(names.map((name) => [name, from.get(name) ?? []]));
    stored = keep(page, { base: revision.value, was: texts(confirmed), now: texts(current) });
  }

  function later() {
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(PAUSE, Math.max(0, since + LONGEST_PAUSE - Date.now())));
  }

  function flush(parting = false) {
    clearTimeout(timer);
    since = 0;
    if (pending() && !carrier.settled()) carrier.run(parting);
  }

  function typed() {
    stay();
    copy();
    if (!pending()) return;
    if (!carrier.failing()) say(words.labelTyping);
    later();
  }

  // A button of the page was pressed: first everything is saved, then the page is sent on. Without a connection it waits here,
  // where everything can still be read and changed.
  function press(event) {
    if (form.dataset.mcGo) {
      delete form.dataset.mcGo;
      return;
    }
    if (carrier.settled() || (!pending() && navigator.onLine)) return;
    event.preventDefault();
    onward = event.submitter;
    onward?.setAttribute("aria-disabled", "true");
    onward?.classList.add("mc-button--waiting");
    carrier.run();
  }

  function goOn() {
    if (!onward || pending()) return;
    const button = onward;
    stay();
    form.dataset.mcGo = "1";
    form.requestSubmit(button);
  }

  function stay() {
    onward?.removeAttribute("aria-disabled");
    onward?.classList.remove("mc-button--waiting");
    onward = null;
  }

  // What was typed here before and never arrived is put back, and saved.
  function restore() {
    const found = kept(page);
    if (!found) return;
    let back = 0;
    for (const [name, texts] of Object.entries(found.now)) {
      const current = confirmed.get(name) ?? [];
      if (same(current, texts)) continue;
      back += 1;
      if (!fill(form, name, texts)) beside.set(name, texts);
    }
    if (!back) {
      drop(page);
      return;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const time = new Date(found.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    tell(words.labelRestored.replace("{time}", time));
    flush();
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("focusout", () => pending() && !carrier.failing() && flush());
  form.addEventListener("submit", press);
  box.addEventListener("mc:another", () => {
    form.dataset.mcAnother = "1";
    carrier.run();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush(true));
  window.addEventListener("pagehide", () => flush(true));
  window.addEventListener("pageshow", (event) => event.persisted && delete form.dataset.mcGo);
  window.addEventListener("beforeunload", (event) => {
    if (pending() && (carrier.failing() || !stored)) event.preventDefault();
  });
  clear();
  restore();
}
