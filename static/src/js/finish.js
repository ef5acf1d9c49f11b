import { clear } from "./copies.js";
import { courier, post } from "./delivery.js";
import { words } from "./words.js";

// The final click: sent until it has arrived. The server files an application once, however often it is asked to.
export function finish(scope) {
  for (const form of scope.querySelectorAll("form[data-mc-finish]")) {
    if (form.dataset.mcReady) continue;
    form.dataset.mcReady = "1";
    const box = form.querySelector("[data-mc-saving]");
    const line = box.querySelector(".mc-saving__state");
    let underway = false;

    const carrier = courier(
      box,
      async () => {
        const answer = await post(box, form.action, new URLSearchParams(new FormData(form)));
        underway = false;
        if (answer.code !== "incomplete") clear(form.dataset.mcFinish);
        location.assign(answer.href);
      },
      (state) => {
        if (state === "sent") return;
        line.textContent = state === "failed" ? box.dataset.labelKept : words("labelWait");
        box.classList.toggle("mc-saving--failed", state === "failed");
      },
    );

    form.addEventListener("submit", (event) => {
      // Without the declaration the page itself says what is missing.
      if (!form.querySelector("input[name=declaration]").checked) return;
      event.preventDefault();
      if (underway && !carrier.settled()) return;
      underway = true;
      box.hidden = false;
      event.submitter?.classList.add("mc-button--waiting");
      event.submitter?.setAttribute("aria-disabled", "true");
      carrier.run();
    });
    window.addEventListener("beforeunload", (event) => {
      if (underway && carrier.failing()) event.preventDefault();
    });
  }
}
