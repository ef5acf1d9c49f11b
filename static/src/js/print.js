// Buttons that open the browser's print window. Hidden in the page until here, because they need a script.
export function printButtons(scope) {
  for (const button of scope.querySelectorAll("button[data-mc-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
