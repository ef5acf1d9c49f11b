import { announce, words } from "./words.js";

const WAIT = 15000;

// A form is sent once: a second click while the answer is on its way does nothing. After a while, or when the person
// comes back to the page with the browser's button, it can be sent again.
export function guardForms(scope) {
  scope.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
    if (form.dataset.mcSent) {
      event.preventDefault();
      return;
    }
    form.dataset.mcSent = "1";
    delete form.dataset.mcChanged;
    event.submitter?.setAttribute("aria-disabled", "true");
    event.submitter?.classList.add("mc-button--waiting");
    announce(words("labelWait"));
    setTimeout(() => release(form), WAIT);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) scope.querySelectorAll("form[data-mc-sent]").forEach(release);
  });

  const mark = (event) => {
    const form = event.target.closest?.("form[data-mc-unsaved]");
    if (form) form.dataset.mcChanged = "1";
  };
  scope.addEventListener("input", mark);
  scope.addEventListener("change", mark);
  window.addEventListener("beforeunload", (event) => {
    if (scope.querySelector("form[data-mc-changed]")) event.preventDefault();
  });
}

function release(form) {
  delete form.dataset.mcSent;
  form.querySelectorAll(".mc-button--waiting").forEach((button) => {
    button.classList.remove("mc-button--waiting");
    button.removeAttribute("aria-disabled");
  });
  announce("");
}
