// The account menu closes on Escape and on a click elsewhere.
export function closeMenus(scope) {
  const open = () => scope.querySelectorAll("details.mc-account[open]");
  scope.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  scope.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
