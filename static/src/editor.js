// What the editor for procedures needs besides app.js.
import { builder, enhanceBuilder } from "./js/editor/builder.js";
import { goingOn } from "./js/editor/going.js";

builder(document);
goingOn(document);
enhanceBuilder(document);
document.addEventListener("mc:added", (event) => enhanceBuilder(event.target));
document.addEventListener("htmx:load", (event) => enhanceBuilder(event.target));
