// Everything here only improves pages that work without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  SkipLink,
  createAll,
} from "govuk-frontend";
import htmx from "htmx.org/dist/htmx.esm.js";
import { copyButtons } from "./js/copy.js";
import { guardForms } from "./js/forms.js";
import { closeMenus } from "./js/menus.js";
import { parting } from "./js/parting.js";
import { searchableSelects } from "./js/searchable.js";

const COMPONENTS = [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink];

// GOV.UK Frontend asks for this mark before it starts any component.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

function enhance(scope) {
  for (const component of COMPONENTS) {
    createAll(component, undefined, { scope, onError: (error) => console.warn(error) });
  }
  copyButtons(scope);
  searchableSelects(scope);
}

// Scripts of single pages put new parts into a page and ask for them to be made ready.
document.addEventListener("mc:added", (event) => {
  enhance(event.target);
  htmx.process(event.target);
});

enhance(document);
guardForms(document);
closeMenus(document);
parting(document);
htmx.onLoad((added) => {
  if (added !== document.body) enhance(added);
});
