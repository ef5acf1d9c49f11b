import { announce, words } from "./words.js";

// A chosen file is sent at once, with progress. The server answers the form's own address with a redirect back to the
// page, exactly as it does without a script; the page it redirects to is then shown.
export function uploads(scope) {
  for (const form of scope.querySelectorAll("form[data-mc-upload]")) {
    if (form.dataset.mcReady) continue;
    form.dataset.mcReady = "1";
    const input = form.querySelector("input[type=file]");
    form.querySelector("button[type=submit]").classList.add("govuk-visually-hidden");
    form.querySelector("button[type=submit]").tabIndex = -1;
    input.addEventListener("change", () => {
      if (input.files.length) send(form, input);
    });
  }
}

function send(form, input) {
  const state = form.querySelector(".mc-upload__state");
  const bar = form.querySelector("progress");
  const text = form.querySelector(".mc-upload__text");
  const request = new XMLHttpRequest();
  const body = new FormData(form);

  const failed = () => {
    bar.hidden = true;
    text.textContent = words("labelUploadFailed");
    announce(words("labelUploadFailed"));
    input.disabled = false;
    input.value = "";
  };
  state.hidden = false;
  bar.hidden = false;
  bar.value = 0;
  text.textContent = `${words("labelUploading")}: ${[...input.files].map((file) => file.name).join(", ")}`;
  input.disabled = true;

  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status >= 500 || request.status === 0) {
      failed();
      return;
    }
    if (request.status >= 400) {
      show(request.responseText);
      return;
    }
    // The same page again: keep the place where the person was.
    sessionStorage.setItem("mc-scroll", JSON.stringify([location.pathname, window.scrollY, form.id]));
    location.assign(request.responseURL || location.href);
    if (new URL(request.responseURL || location.href).pathname === location.pathname) location.reload();
  });
  request.addEventListener("error", failed);
  request.addEventListener("timeout", failed);
  request.open("POST", form.action);
  request.send(body);
}

// An answer that is a page of its own: the form again with what is wrong, or a refusal.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    location.reload();
    return;
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  uploads(main);
  main.focus();
}

const kept = sessionStorage.getItem("mc-scroll");
if (kept) {
  sessionStorage.removeItem("mc-scroll");
  const [path, top] = JSON.parse(kept);
  if (path === location.pathname) window.scrollTo(0, top);
}
