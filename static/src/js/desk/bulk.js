// The bar of bulk actions: says how many cases are marked, and marks all rows of the page at once.
export function bulk(scope) {
  for (const bar of scope.querySelectorAll("[data-mc-bulk]")) {
    const form = bar.closest("form");
    const count = bar.querySelector("[data-mc-bulk-count]");
    const all = bar.querySelector("[data-mc-bulk-all]");
    if (!form || bar.dataset.mcReady) continue;
    bar.dataset.mcReady = "yes";
    const boxes = () => [...form.elements].filter((one) => one.name === "item");
    const show = () => {
      const marked = boxes().filter((box) => box.checked).length;
      count.textContent = all.checked || !marked ? (all.checked ? all.labels[0].textContent : count.dataset.labelNone) : `${count.dataset.labelMarked} ${marked}`;
      bar.classList.toggle("mc-bulk--some", all.checked || marked > 0);
    };
    form.addEventListener("change", show);
    // A mark may be set by a key, and one mark may stand for a row of them: hold Shift.
    let last = null;
    form.addEventListener("click", (event) => {
      if (event.target.name !== "item") return;
      const list = boxes();
      if (event.shiftKey && last && list.includes(last)) {
        const [from, to] = [list.indexOf(last), list.indexOf(event.target)].sort((a, b) => a - b);
        for (const box of list.slice(from, to + 1)) box.checked = event.target.checked;
      }
      last = event.target;
      show();
    });
    show();
  }
}
