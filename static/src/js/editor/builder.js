// The form, the route and the outcome: only improves what their buttons do without a script.

// Going to another item saves what was typed at this one first.
function goingSaves(scope) {
  scope.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[data-mc-go]");
      const form = document.querySelector("form.mc-settings[data-mc-changed]");
      if (!link || !form?.elements.namedItem("_go") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      form.elements.namedItem("_go").value = link.dataset.mcGo;
      form.requestSubmit(form.querySelector('button[name="_do"][value="save"]'));
    },
    true,
  );
}

// Another question or relation in a condition, or another operation, needs other inputs: asked for at once.
function refreshing(scope) {
  scope.addEventListener("change", (event) => {
    const select = event.target.closest?.("select[data-mc-refresh]");
    // Clicked, not handed to requestSubmit: htmx sends the name of a button only when it saw the click.
    if (select) document.getElementById(select.dataset.mcRefresh || "dk-refresh")?.click();
  });
}

// A placeholder is put in where the cursor was last.
let place = null;

function putting(scope) {
  scope.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-mc-placed]")) place = event.target;
  });
  scope.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-mc-put]");
    if (!button) return;
    const target = place?.isConnected ? place : document.querySelector("textarea[data-mc-placed]");
    if (!target) return;
    target.setRangeText(button.dataset.mcPut, target.selectionStart, target.selectionEnd, "end");
    target.focus();
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Placeholders that nothing fills in are told while one writes.
function checking(scope) {
  scope.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-mc-placed]")) return;
    const builder = input.closest("[data-names]");
    const list = (input.closest(".mc-placed") ?? input.parentElement).querySelector("[data-mc-unknown]");
    if (!builder || !list) return;
    const known = new Set(builder.dataset.names.split(" "));
    const found = [...input.value.matchAll(/\{([^{}\n]{1,80})\}/g)].map((match) => match[1]);
    const wrong = [...new Set(found)].filter((name) => !known.has(name));
    list.replaceChildren(
      ...wrong.map((name) => {
        const item = document.createElement("li");
        item.className = "mc-found__item";
        item.textContent = `${builder.dataset.labelUnknown} ${name}`;
        return item;
      }),
    );
    list.hidden = wrong.length === 0;
  });
}

export function builder(scope) {
  goingSaves(scope);
  refreshing(scope);
  putting(scope);
  checking(scope);
}

// The outline and the preview show what was chosen.
function showChosen(scope) {
  const chosen = scope.querySelector(".mc-outline__item--chosen");
  const list = chosen?.closest(".mc-outline__list");
  if (list && list.scrollHeight > list.clientHeight) {
    list.scrollTop = chosen.offsetTop - list.offsetTop - list.clientHeight / 3;
  }
  for (const frame of scope.querySelectorAll("iframe[data-mc-show]")) {
    frame.addEventListener("load", () => pointAt(frame.contentDocument, frame.dataset.mcShow));
  }
}

function pointAt(page, key) {
  if (!key || !page) return;
  const names = [key, `${key}-rows`, `${key}_day`].map((name) => `[name="${CSS.escape(name)}"]`);
  const input = page.querySelector([...names, `[name^="${CSS.escape(key)}-"]`].join());
  const part = input?.closest("fieldset") ?? input?.closest(".govuk-form-group");
  if (!part) return;
  part.classList.add("mc-shown");
  part.ownerDocument.defaultView.scrollTo(0, part.getBoundingClientRect().top - 60);
}

export function enhanceBuilder(scope) {
  showChosen(scope);
  scope.querySelectorAll("[data-mc-put][hidden], .mc-names__click[hidden]").forEach((part) => (part.hidden = false));
}
