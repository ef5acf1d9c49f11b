// Keyboard shortcuts of officials' pages. A page declares its keys: data-mc-key="n" (or two in a row: "g q") on a link, button,
// check box or field, with its meaning in data-mc-key-label. The list of keys is made from these.
const WAIT = 1200;
const TYPED_IN = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

const ARROWS = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵" };

let begun = "";
let timer;

// What is itself hidden is there for its key alone.
function usable(element) {
  return !element.disabled && (element.hidden || element.getClientRects().length > 0);
}

function holder(pressed) {
  const found = [...document.querySelectorAll("[data-mc-key]")].filter((one) => one.dataset.mcKey.split("|").includes(pressed));
  const near = document.querySelector(".mc-row--current");
  return found.find((one) => near?.contains(one) && usable(one)) ?? found.find((one) => !one.closest(".mc-queue") && usable(one));
}

function begins(pressed) {
  return [...document.querySelectorAll("[data-mc-key]")].some((one) =>
    one.dataset.mcKey.split("|").some((key) => key.startsWith(`${pressed} `)),
  );
}

function act(element) {
  if (element.matches(TYPED_IN)) {
    element.focus();
    element.select?.();
  } else if (element.matches("summary")) {
    element.focus();
    element.click();
  } else {
    element.click();
  }
}

function shown(key) {
  const part = document.createElement("span");
  for (const [place, one] of key.split(" ").entries()) {
    if (place) part.append(" ");
    const cap = document.createElement("kbd");
    cap.textContent = ARROWS[one] ?? one;
    part.append(cap);
  }
  return part;
}

function fill(list) {
  const seen = new Set();
  list.replaceChildren();
  for (const one of document.querySelectorAll("[data-mc-key]")) {
    const keyNames = one.dataset.mcKey;
    const label = one.dataset.mcKeyLabel || one.getAttribute("aria-label") || one.textContent.trim();
    if (seen.has(keyNames) || !label || one.disabled) continue;
    seen.add(keyNames);
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    for (const [place, key] of keyNames.split("|").entries()) {
      if (place) term.append(" / ");
      term.append(shown(key));
    }
    meaning.textContent = label;
    list.append(term, meaning);
  }
}

function overlay(dialog) {
  for (const button of document.querySelectorAll("[data-mc-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (dialog.open) return;
      fill(dialog.querySelector("[data-mc-keys-list]"));
      dialog.showModal();
    });
  }
}

export function keys(scope) {
  const dialog = scope.querySelector("[data-mc-keys]");
  if (!dialog) return;
  overlay(dialog);
  if (dialog.dataset.mcKeys === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const field = event.target.closest?.(TYPED_IN);
    if (field) {
      // Back to the keys; what was typed stays, also in a search field. An open list of suggestions closes first.
      if (event.key !== "Escape" || field.getAttribute("aria-expanded") === "true") return;
      event.preventDefault();
      field.blur();
      return;
    }
    // A focused control keeps the keys that work it.
    if (event.key === "Enter" && event.target.closest?.("a, button, summary, input")) return;
    clearTimeout(timer);
    const pressed = begun ? `${begun} ${event.key}` : event.key;
    begun = "";
    const element = holder(pressed);
    if (element) {
      event.preventDefault();
      act(element);
    } else if (begins(pressed)) {
      begun = pressed;
      timer = setTimeout(() => {
        begun = "";
      }, WAIT);
    }
  });
}
