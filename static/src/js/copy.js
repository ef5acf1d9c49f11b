import { announce, words } from "./words.js";

// Buttons that copy a case number or a code. Hidden in the page until here, because they need a script.
export function copyButtons(scope) {
  if (!navigator.clipboard) return;
  for (const button of scope.querySelectorAll("[data-mc-copy][hidden]")) {
    const label = button.querySelector("span");
    const before = label.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.mcCopy);
      } catch {
        return;
      }
      label.textContent = words("labelCopied");
      announce(words("labelCopied"));
      setTimeout(() => (label.textContent = before), 2000);
    });
  }
}
