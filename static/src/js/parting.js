import { clear } from "./copies.js";

// Whoever signs out leaves nothing typed behind on a shared computer; neither does a draft that was filed or deleted.
export function parting(scope) {
  scope.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action")?.endsWith("/dang-xuat/")) clear("");
    else if (event.target.dataset.mcForget) clear(event.target.dataset.mcForget);
  });
  const filed = scope.querySelector("[data-mc-forget]:not(form)");
  if (filed) clear(filed.dataset.mcForget);
}
