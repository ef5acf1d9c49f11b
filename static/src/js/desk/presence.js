// Who else looks at the case: asks only while the tab is visible, says whether the person is writing, and stays quiet while
// nothing changes.
const WRITING_MS = 60_000;
let typedAt = -Infinity;

document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-mc-unsaved], textarea")) typedAt = performance.now();
});

export function presence(scope) {
  const place = scope.querySelector("[data-mc-presence]");
  if (!place || place.dataset.ready) return;
  place.dataset.ready = "yes";
  place.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });
  place.addEventListener("htmx:configRequest", (event) => {
    if (performance.now() - typedAt < WRITING_MS) event.detail.parameters.viet = "1";
  });
  place.addEventListener("htmx:beforeSwap", (event) => {
    // The same words again would be read out again.
    const { xhr } = event.detail;
    if (xhr.responseText.trim() === place.innerHTML.trim()) event.detail.shouldSwap = false;
  });
}
