import { announce, words } from "./words.js";
import { renew } from "./uploads_parts.js";
import { Sending } from "./uploads_sending.js";

// Files on their way on this page, those in line first to come first to go, and where the person wants to go after them.
const AT_ONCE = 2;
const line = [];
const latest = new WeakMap();
let underway = 0;
let onward = "";

// Chosen files are sent at once, each by itself. The form stays what is used without a script.
export function uploads(scope) {
  for (const form of scope.querySelectorAll("form[data-mc-pieces]")) {
    if (form.dataset.mcReady) continue;
    form.dataset.mcReady = "1";
    form.querySelector("button[type=submit]").hidden = true;
    form.querySelector(".mc-upload__whole").hidden = false;
    const input = form.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      choose(form, [...input.files]);
      input.value = "";
    });
  }
  // What this page is sending, or was told is refused, is not waiting to be chosen again.
  for (const row of scope.querySelectorAll("[data-mc-sending] [data-mc-mark]")) {
    const list = row.closest("section").querySelector(".mc-files--unfinished");
    list?.querySelector(`[data-mc-mark="${row.dataset.mcMark}"]`)?.remove();
    if (list && !list.children.length) list.remove();
  }
}

function choose(form, files) {
  const section = form.closest("section");
  const list = section.querySelector("[data-mc-sending]");
  list.hidden = false;
  let room = Number(form.dataset.mcRoom) - list.querySelectorAll("[data-mc-underway]").length;
  for (const file of files) {
    const sending = new Sending(section, form, file, { done, failed: settle, again, left: renew });
    list.append(sending.row);
    // Photos are pages: they are attached in the order in which they were chosen, whichever arrives first.
    sending.before = latest.get(section)?.settled;
    latest.set(section, sending);
    room -= 1;
    if (room < 0) sending.refuse(form.dataset.labelNoRoom);
    else again(sending);
  }
}

function again(sending) {
  underway += 1;
  line.push(sending);
  next();
}

function next() {
  while (line.length && line.filter((one) => one.started).length < AT_ONCE) {
    const waiting = line.find((one) => !one.started);
    if (!waiting) return;
    waiting.start();
  }
}

// The file is there: the page is renewed once the last of those under way has come.
function done(sending) {
  announce(sending.said);
  settle(sending, true);
}

function settle(sending, arrived = false) {
  sending.settle();
  const place = line.indexOf(sending);
  if (place < 0) return;
  line.splice(place, 1);
  underway -= 1;
  next();
  if (!arrived) stay();
  if (arrived && underway && onward) return;
  if (onward) location.assign(onward);
  else if (arrived) renew().then(() => sending.leave());
}

// Going on while a file is being sent would lose it: the link waits for the last one, and says so.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-mc-after-uploads]");
  if (!link || !underway) return;
  event.preventDefault();
  onward = link.href;
  link.dataset.mcName ??= link.textContent;
  link.setAttribute("aria-disabled", "true");
  link.textContent = words("labelUploadsFirst");
  announce(words("labelUploadsFirst"));
});

// A file did not arrive: the person decides again.
function stay() {
  onward = "";
  for (const link of document.querySelectorAll("a[data-mc-name]")) {
    link.removeAttribute("aria-disabled");
    link.textContent = link.dataset.mcName;
    delete link.dataset.mcName;
  }
}

window.addEventListener("beforeunload", (event) => {
  if (underway && !onward) event.preventDefault();
});
