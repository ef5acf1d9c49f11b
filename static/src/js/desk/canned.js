import { announce } from "../words.js";

// Puts a text of the office into the text area, where the cursor stands, instead of loading the page again.
export function canned(scope) {
  for (const form of scope.querySelectorAll("[data-mc-canned]")) {
    const target = document.getElementById(form.dataset.mcCanned);
    const choice = form.querySelector("select");
    if (!target || form.dataset.mcReady) continue;
    form.dataset.mcReady = "yes";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end, value } = target;
      const text = choice.selectedOptions[0].dataset.text;
      const before = value.slice(0, start);
      target.setRangeText((before && !before.endsWith("\n") ? "\n" : "") + text, start, end, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
      target.focus();
      announce(form.querySelector("[data-label-done]").dataset.labelDone);
    });
  }
}
