// What pages with questions need besides app.js.
import { conditions } from "./js/conditions.js";
import { places } from "./js/places.js";

function enhance(scope) {
  conditions(scope);
  places(scope);
}

enhance(document);
document.addEventListener("mc:added", (event) => enhance(event.target));
