const LEAST = 12;

export const fold = (text) =>
  text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");

// A long <select> gets a box above it that narrows the choices, with or without Vietnamese marks. The select stays what
// is sent, so nothing changes for the server or for people who use it directly.
export function searchableSelects(scope) {
  for (const select of scope.querySelectorAll("select[data-mc-searchable]")) {
    if (select.dataset.mcReady || select.options.length < LEAST) continue;
    select.dataset.mcReady = "1";
    const options = [...select.options].map((option) => ({ option, folded: fold(option.text), parent: option.parentElement }));
    const box = document.createElement("input");
    box.type = "search";
    box.className = "govuk-input mc-searchable";
    box.autocomplete = "off";
    box.setAttribute("aria-controls", select.id);
    box.setAttribute("aria-label", document.body.dataset.labelNarrow);
    box.placeholder = document.body.dataset.labelNarrow;
    select.before(box);
    box.addEventListener("input", () => {
      const wanted = fold(box.value.trim());
      const chosen = select.value;
      const shown = options.filter(({ option, folded }) => !option.value || folded.includes(wanted));
      options.forEach(({ option }) => option.remove());
      shown.forEach(({ option, parent }) => parent.append(option));
      const real = shown.filter(({ option }) => option.value);
      if (shown.some(({ option }) => option.value === chosen && chosen)) select.value = chosen;
      else if (wanted && real.length === 1) select.value = real[0].option.value;
      else select.value = "";
      if (select.value !== chosen) select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "ArrowDown") select.focus();
    });
  }
}
