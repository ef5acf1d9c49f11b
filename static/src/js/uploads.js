import { announce, words } from "./words.js";

// Files on their way, and where the person wants to go once they have arrived.
let underway = 0;
let onward = "";

// Going on while a file is being sent would lose it: the link waits for the last one, and says so.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-mc-after-uploads]");
  if (!link || !underway) return;
  event.preventDefault();
  onward = link.href;
  hold(link);
});

function hold(link) {
  link.dataset.mcName ??= link.textContent;
  link.setAttribute("aria-disabled", "true");
  link.textContent = words("labelUploadsFirst");
  announce(words("labelUploadsFirst"));
}

// A file did not arrive: the person decides again.
function stay() {
  onward = "";
  for (const link of document.querySelectorAll("a[data-mc-name]")) {
    link.removeAttribute("aria-disabled");
    link.textContent = link.dataset.mcName;
  }
}

// A chosen file is sent at once, with progress. The server answers the form's own address with a redirect back to the
// page, exactly as it does without a script; the new page then takes the place of the old one, so that nothing typed
// elsewhere on it is lost. `enhance` is called with what was put in.
export function uploads(scope, enhance) {
  for (const form of scope.querySelectorAll("form[data-mc-upload]")) {
    if (form.dataset.mcReady) continue;
    form.dataset.mcReady = "1";
    const input = form.querySelector("input[type=file]");
    form.querySelector("button[type=submit]").hidden = true;
    input.addEventListener("change", () => {
      if (input.files.length) send(form, input, enhance);
    });
  }
}

function send(form, input, enhance) {
  const state = form.querySelector(".mc-upload__state");
  const bar = form.querySelector("progress");
  const text = form.querySelector(".mc-upload__text");
  const request = new XMLHttpRequest();
  const body = new FormData(form);
  const files = [...input.files];
  const names = files.map((file) => file.name).join(", ");

  const tell = (message, wrong) => {
    state.hidden = false;
    state.classList.toggle("mc-upload__state--wrong", wrong);
    bar.hidden = wrong;
    text.textContent = message;
  };
  const refused = (message) => {
    stay();
    tell(message, true);
    announce(message);
    input.disabled = false;
    input.value = "";
  };
  const failed = () => refused(words("labelUploadFailed"));

  // Said before minutes are spent on sending what the server would not take.
  const limit = Number(form.dataset.mcMax ?? 0);
  if (limit && files.some((file) => file.size > limit)) {
    refused(`${words("labelTooLarge")} ${names}`);
    return;
  }
  bar.value = 0;
  tell(`${words("labelUploading")}: ${names}`, false);
  input.disabled = true;

  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status >= 500 || request.status === 0) {
      failed();
      return;
    }
    const answered = new URL(request.responseURL || location.href);
    if (request.status < 400 && answered.pathname !== location.pathname) {
      // Somewhere else: the session has ended, or the application has moved on.
      location.assign(answered);
      return;
    }
    show(request.responseText, input, enhance);
  });
  request.addEventListener("error", failed);
  request.addEventListener("timeout", failed);
  request.addEventListener("loadend", () => {
    underway -= 1;
    if (!underway && onward) location.assign(onward);
  });
  underway += 1;
  request.open("POST", form.action);
  request.send(body);
}

// The answer is a page of its own: its main part takes the place of this one, with what was typed and where it was.
function show(html, input, enhance) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const [before, after] = [document.querySelector("main"), page.querySelector("main")];
  if (!after) {
    location.reload();
    return;
  }
  const top = input.getBoundingClientRect().top;
  const typed = [...before.querySelectorAll("textarea[id], input[type=text][id]")].map((field) => [field.id, field.value]);
  document.title = page.title;
  before.replaceWith(after);
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && !field.value) field.value = value;
  }
  enhance(after);
  if (after.querySelector(".govuk-error-summary")) {
    stay();
    return;
  }
  if (onward) {
    hold(after.querySelector("a[data-mc-after-uploads]"));
    return;
  }
  announce(after.querySelector("#messages")?.textContent.trim() ?? "");
  const same = document.getElementById(input.id);
  if (!same) {
    after.focus();
    return;
  }
  window.scrollBy(0, same.getBoundingClientRect().top - top);
  same.focus({ preventScroll: true });
}
