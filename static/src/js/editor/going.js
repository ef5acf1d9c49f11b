// Saving and going on to the next part leaves this page: the browser does it, so that address, title and history follow.
export function goingOn(scope) {
  scope.addEventListener(
    "submit",
    (event) => {
      if (event.submitter?.name !== "_next") return;
      event.stopPropagation();
      delete event.target.dataset.mcChanged;
    },
    true,
  );
}
