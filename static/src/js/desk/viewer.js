// The document beside the answers: shown or hidden and as wide as this device remembers, images larger, smaller and turned.
// Without this the file opens in the frame by its link, as wide as the page gives.
const KEPT = "mc-reader";
const LEAST = 25;
const MOST = 70;
const STEP = 3;
const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3];

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function remember(change) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...remembered(), ...change }));
  } catch {
    // A browser that keeps nothing shows the page as it comes.
  }
}

function show(bench, open) {
  bench.classList.toggle("mc-bench--closed", !open);
  const toggle = document.querySelector("[data-mc-reader-toggle]");
  if (!toggle) return;
  toggle.setAttribute("aria-expanded", String(open));
  toggle.querySelector("span").textContent = open ? toggle.dataset.labelHide : toggle.dataset.labelShow;
}

function widen(bench, grip, share) {
  const width = Math.min(MOST, Math.max(LEAST, Math.round(share)));
  bench.style.setProperty("--mc-beside", `${width}%`);
  grip.setAttribute("aria-valuenow", String(width));
  return width;
}

function grippable(bench) {
  const grip = bench.querySelector("[data-mc-grip]");
  grip.hidden = false;
  const kept = remembered().width;
  if (kept) widen(bench, grip, kept);
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    remember({ width: widen(bench, grip, Number(grip.getAttribute("aria-valuenow")) + by) });
  });
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const frames = bench.querySelectorAll("iframe");
    // A frame would swallow the pointer.
    for (const frame of frames) frame.inert = true;
    const follow = (move) => {
      const box = bench.getBoundingClientRect();
      widen(bench, grip, (100 * (box.right - move.clientX)) / box.width);
    };
    const end = () => {
      grip.removeEventListener("pointermove", follow);
      for (const frame of frames) frame.inert = false;
      remember({ width: Number(grip.getAttribute("aria-valuenow")) });
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", end, { once: true });
  });
}

function images(reader) {
  const image = reader.querySelector(".mc-reader__image");
  if (!image) return;
  let zoom = 1;
  let turned = 0;
  const turn = () => {
    turned = (turned + 90) % 360;
    for (const angle of [90, 180, 270]) image.classList.toggle(`mc-reader__image--${angle}`, turned === angle);
    image.parentElement.classList.toggle("mc-reader__sheet--sideways", turned % 180 === 90);
  };
  const scale = (by) => {
    zoom = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(zoom) + by))];
    image.style.setProperty("--mc-zoom", String(zoom));
  };
  for (const button of reader.querySelectorAll("[data-mc-image]")) {
    button.hidden = false;
    const what = button.dataset.mcImage;
    button.addEventListener("click", () => (what === "turn" ? turn() : scale(what === "larger" ? 1 : -1)));
  }
}

function mark(reader) {
  for (const link of document.querySelectorAll("[data-mc-file]")) {
    if (link.dataset.mcFile === reader.dataset.mcReader) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

export function viewer(scope) {
  const bench = document.querySelector("[data-mc-bench]");
  // htmx tells of the whole page too, which is made ready as the document.
  if (!bench || scope === document.body) return;
  const reader = scope.matches?.("[data-mc-reader]") ? scope : scope.querySelector?.("[data-mc-reader]");
  const fresh = reader && !reader.dataset.mcReady;
  if (fresh) {
    reader.dataset.mcReady = "1";
    images(reader);
    mark(reader);
    reader.querySelector("[data-mc-reader-close]").addEventListener("click", (event) => {
      event.preventDefault();
      show(bench, false);
      remember({ closed: true });
      document.querySelector("[data-mc-reader-toggle]")?.focus();
    });
  }
  if (scope !== document) {
    // A file was chosen: it is to be seen.
    if (fresh) {
      show(bench, true);
      remember({ closed: false });
      if (!matchMedia("(min-width: 75em)").matches) reader.scrollIntoView({ block: "start" });
    }
    return;
  }
  grippable(bench);
  const toggle = document.querySelector("[data-mc-reader-toggle]");
  if (!toggle || !reader) return;
  toggle.hidden = false;
  const asked = new URLSearchParams(location.search).has("tep");
  show(bench, asked ? !bench.classList.contains("mc-bench--closed") : !remembered().closed);
  toggle.addEventListener("click", () => {
    const open = bench.classList.contains("mc-bench--closed");
    show(bench, open);
    remember({ closed: !open });
  });
}
