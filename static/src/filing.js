// What pages with questions need besides app.js.
import { autosave } from "./js/autosave.js";
import { logic } from "./js/fields/logic.js";
import { places } from "./js/fields/places.js";
import { points } from "./js/fields/point.js";
import { finish } from "./js/finish.js";
import { printButtons } from "./js/print.js";
import { sources } from "./js/source.js";

function enhance(scope) {
  logic(scope);
  places(scope);
  points(scope);
  autosave(scope);
  finish(scope);
  sources(scope);
  printButtons(scope);
}

enhance(document);
document.addEventListener("mc:added", (event) => enhance(event.target));
