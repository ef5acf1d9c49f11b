// Where an answer was taken from is told beside it, until it is changed.
export function sources(scope) {
  for (const form of scope.querySelectorAll("form")) {
    if (!form.querySelector("[data-mc-source]") || form.dataset.mcSources) continue;
    form.dataset.mcSources = "1";
    form.addEventListener("input", (event) => {
      if (event.target.readOnly) return;
      for (let part = event.target.parentElement; part && part !== form; part = part.parentElement) {
        const told = part.querySelector("[data-mc-source]");
        if (!told) continue;
        told.hidden = true;
        return;
      }
    });
  }
}
