// What pages where files are added need besides app.js.
import { uploads } from "./js/uploads.js";

const enhance = () => uploads(document);

enhance();
document.addEventListener("mc:added", enhance);
document.addEventListener("htmx:afterSettle", enhance);
