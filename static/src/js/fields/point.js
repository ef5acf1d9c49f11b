import { announce } from "../words.js";

// The place where somebody stands, filled into the two inputs of a point on the map.
export function points(scope) {
  for (const place of scope.querySelectorAll("[data-mc-point]")) {
    if (place.dataset.mcReady || !navigator.geolocation) continue;
    place.dataset.mcReady = "1";
    const words = place.dataset;
    const [lat, lng] = place.querySelectorAll("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary mc-map-point__locate";
    button.textContent = words.labelLocate;
    place.append(button);
    const told = document.createElement("p");
    told.className = "govuk-hint";
    place.append(told);
    const tell = (text) => {
      told.textContent = text;
      announce(text);
    };
    button.addEventListener("click", () => {
      tell(words.labelLocating);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          lat.value = coords.latitude.toFixed(6);
          lng.value = coords.longitude.toFixed(6);
          lng.dispatchEvent(new Event("change", { bubbles: true }));
          tell(words.labelLocated);
        },
        () => tell(words.labelUnlocated),
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
    lat.addEventListener("change", () => split(lat, lng));
  }
}

// Both coordinates in one box, as maps copy them.
function split(lat, lng) {
  const both = /^\s*\(?\s*([0-9]+\.[0-9]+)\s*°?\s*N?\s*[,;\s]\s*([0-9]+\.[0-9]+)\s*°?\s*E?\s*\)?\s*$/i.exec(lat.value);
  if (!both || lng.value.trim()) return;
  [, lat.value, lng.value] = both;
}
