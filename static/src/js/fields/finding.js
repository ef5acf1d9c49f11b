// A ward by its name, with or without marks, whole or misspelt a little. The names are fetched once and looked through here:
// what somebody types about where they live does not leave the page before the form is sent.
import { fold } from "../searchable.js";
import { announce } from "../words.js";

const MOST = 10;
const TYPES = /^(?:phuong|xa|dac khu|thi tran|tt|p|x)[. ]+(?=[^ ])|^p(?=[0-9])/;
const AREA_TYPES = /^(?:tinh|thanh pho|tp|quan|huyen|thi xa|tx|q|h)[. ]+(?=[^ ])|^q(?=[0-9])/;
let names;

const bare = (text, types = TYPES) =>
  fold(text)
    .replace(/[^0-9a-z. ]/g, " ")
    .trim()
    .replace(/ +/g, " ")
    .replace(types, "")
    .replace(/^[ .]+|[ .]+$/g, "")
    .replace(/^0+(?=[1-9])/, "");

// How many letters differ, where two that changed places count as one; more than `most` is all the same.
function apart(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[other.length];
}

function distance(name, known) {
  if (name === known) return 0;
  if (name.length >= 3 && known.startsWith(`${name} `)) return 1;
  if (name.length < 4) return null;
  const allowed = name.length < 8 ? 1 : 2;
  const found = apart(name, known, allowed);
  return found <= allowed ? found + 1 : null;
}

async function bring(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const { provinces, wards } = await answer.json();
  return known(provinces, wards);
}

// Every name under which a ward is known, with the areas it lay or lies in.
export function known(provinces, wards) {
  const called = new Map(provinces);
  return wards.map(([ward, province, name, was]) => {
    const [old, district] = (was ?? "").split(", ");
    const areas = [bare(called.get(province), AREA_TYPES)];
    if (district) areas.push(bare(district, AREA_TYPES));
    return { ward, province, areas, bare: bare(old || name), label: `${name}, ${called.get(province)}`, was };
  });
}

// The wards that may be meant, likeliest first, each once.
export function wardsNamed(all, text, province) {
  const [wanted, ...rest] = text.split(",");
  const name = bare(wanted);
  if (!name) return [];
  const areas = rest.filter((part) => part.trim()).map((part) => bare(part, AREA_TYPES));
  const ranked = all
    .filter((one) => (!province || one.province === province) && areas.every((area) => one.areas.includes(area)))
    .map((one) => ({ ...one, distance: distance(name, one.bare) }))
    .filter((one) => one.distance !== null)
    .sort((one, other) => one.distance - other.distance);
  const exact = ranked.filter((one) => one.distance === 0);
  const found = new Map();
  for (const one of exact.length ? exact : ranked) if (!found.has(one.ward)) found.set(one.ward, one);
  return [...found.values()].slice(0, MOST);
}

// `choose` puts the ward into the lists below.
export function finding(place, choose) {
  const box = place.querySelector('input[name$="-find"]');
  const found = place.querySelector(".mc-place__found");
  const button = place.querySelector(".mc-place__look");
  if (!box) return;
  const words = place.dataset;
  const fixed = place.dataset.mcProvince ?? "";

  const look = async () => {
    const text = box.value;
    if (text.trim().length < 2) {
      found.replaceChildren();
      return;
    }
    names ??= bring(words.mcNames).catch(() => {
      names = undefined;
    });
    const all = await names;
    if (!all || box.value !== text) return;
    button.hidden = true;
    show(wardsNamed(all, text, fixed));
  };

  const show = (matches) => {
    const told = document.createElement("p");
    told.className = "govuk-body";
    told.textContent = matches.length ? words.labelFit : words.labelNone;
    const list = document.createElement("ul");
    list.className = "mc-place__picks";
    for (const match of matches) {
      const pick = document.createElement("button");
      pick.type = "button";
      pick.className = "mc-button--quiet";
      const label = match.was ? `${match.label} (${words.labelFormerly} ${match.was})` : match.label;
      pick.textContent = label;
      pick.addEventListener("click", async () => {
        const select = await choose(match.ward, match.province);
        found.replaceChildren();
        box.value = "";
        announce(`${words.labelChosen} ${label}`);
        select.focus();
      });
      const item = document.createElement("li");
      item.append(pick);
      list.append(item);
    }
    found.replaceChildren(told, ...(matches.length ? [list] : []));
  };

  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    look();
  });
}
