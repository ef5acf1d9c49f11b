// The draft of a message to the applicant saves itself, as the pages of an application do.
export { autosave as thread } from "../autosave.js";
