// Moving in the list with the keyboard: one row is the current one, and the keys of a row mean that row.
const CURRENT = "mc-row--current";

function move(by) {
  const rows = [...document.querySelectorAll(".mc-queue tbody tr")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains(CURRENT));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by))];
  for (const row of rows) row.classList.toggle(CURRENT, row === next);
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

export function queue(scope) {
  for (const [mark, by] of [
    ["[data-mc-row-next]", 1],
    ["[data-mc-row-previous]", -1],
  ]) {
    // A list that htmx brings is told of part by part, and the button is such a part.
    for (const button of scope.matches?.(mark) ? [scope] : scope.querySelectorAll(mark)) {
      if (button.dataset.mcReady) continue;
      button.dataset.mcReady = "yes";
      button.addEventListener("click", () => move(by));
    }
  }
  // What was typed has been searched for already: leaving the field must not fetch the list again and lose the current row.
  for (const field of scope.querySelectorAll(".mc-queue__filter [name=q]")) {
    field.addEventListener("change", (event) => event.stopPropagation());
  }
  for (const table of scope.querySelectorAll(".mc-queue")) {
    table.addEventListener("focusin", (event) => {
      const row = event.target.closest("tbody tr");
      if (!row) return;
      for (const one of table.querySelectorAll(`.${CURRENT}`)) one.classList.remove(CURRENT);
      row.classList.add(CURRENT);
    });
  }
}
