import { searchableSelects } from "../searchable.js";
import { finding } from "./finding.js";

// Choosing a province brings its wards into the second list at once; without a script a button does.
export function places(scope) {
  for (const place of scope.querySelectorAll("[data-mc-places]")) {
    if (place.dataset.mcReady) continue;
    place.dataset.mcReady = "1";
    const province = place.querySelector('select[name$="-province"]');
    if (place.dataset.mcNames) finding(place, (ward, code) => choose(place, province, ward, code));
    if (!province) continue;
    const button = place.querySelector(".mc-place__choose");
    button?.remove();
    province.addEventListener("change", () => bring(place, province, button));
  }
}

// A ward found by its name: its province is chosen first, then the ward itself.
async function choose(place, province, ward, code) {
  if (province && province.value !== code) {
    province.value = code;
    await bring(place, province, null);
  }
  const select = place.querySelector('select[name$="-ward"]');
  select.value = ward;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return select;
}

async function bring(place, province, button) {
  const code = province.value;
  const old = place.querySelector('select[name$="-ward"]');
  const fresh = old.cloneNode(false);
  delete fresh.dataset.mcReady;
  fresh.append(old.options[0].cloneNode(true));
  if (code) {
    fresh.setAttribute("aria-busy", "true");
    const answer = await fetch(`${place.dataset.mcPlaces}?province=${encodeURIComponent(code)}`).catch(() => null);
    if (answer?.ok) fresh.insertAdjacentHTML("beforeend", await answer.text());
    else if (button) province.closest(".govuk-form-group").after(button);
    fresh.removeAttribute("aria-busy");
  }
  // Another province was chosen while this one was on its way.
  if (province.value !== code) return;
  const current = place.querySelector('select[name$="-ward"]');
  place.querySelector(".mc-searchable")?.remove();
  current.replaceWith(fresh);
  fresh.value = "";
  searchableSelects(place);
  fresh.dispatchEvent(new Event("change", { bubbles: true }));
}
