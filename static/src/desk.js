// What officials' pages need besides app.js. One line for each topic; each makes ready what is in `scope`.
import { bulk } from "./js/desk/bulk.js";
import { canned } from "./js/desk/canned.js";
import { counter } from "./js/desk/counter.js";
import { keys } from "./js/desk/keys.js";
import { presence } from "./js/desk/presence.js";
import { queue } from "./js/desk/queue.js";
import { thread } from "./js/desk/thread.js";
import { viewer } from "./js/desk/viewer.js";

const PARTS = [bulk, canned, counter, presence, queue, thread, viewer];

keys(document);
for (const part of PARTS) part(document);
document.addEventListener("htmx:load", (event) => {
  for (const part of PARTS) part(event.target);
});
