// What pages where files are added need besides app.js.
import { uploads } from "./js/uploads.js";

// What is put into the page is made ready by the other scripts as well.
const added = (scope) => {
  scope.dispatchEvent(new CustomEvent("mc:added", { bubbles: true }));
  uploads(scope, added);
};

uploads(document, added);
