"""Why a work item is with whoever holds it, in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services.cases.models import WorkItem
from services.cases.sharing import Reason

REASONS: dict[Reason, Promise] = {
    Reason.KNOWS: _("Handled an earlier step of this case at this office."),
    Reason.DEPUTY: _("Deputy of %(name)s, who would have gone on with this work and is away."),
    Reason.ONLY: _("Nobody else who may do this step is there."),
    Reason.LEAST: _("Held the least work of the %(among)s colleagues who are there: %(points)s points."),
    Reason.LONGEST: _("Held as little as others (%(points)s points), and had been without new work longest."),
    Reason.NAME: _("Several colleagues held equally little (%(points)s points); the first by name got it."),
    Reason.KNOWER_OVERLOADED: _("%(name)s would have gone on with it, but holds far more than is usual here: %(points)s points."),
    Reason.KNOWER_AWAY: _("%(name)s handled the case before, but is away without a deputy who may do this step."),
}
"""Each reason of the sharing rule."""


def reason_in_words(reason: Mapping[str, Any]) -> str:
    """One stored reason."""
    return str(REASONS[Reason(reason["code"])]) % reason


def why(item: WorkItem, *, mine: bool) -> list[str]:
    """How the item came to its holder, as sentences; nothing where that was not written down."""
    told = item.assignment
    match told.get("mode"):
        case "pulled":
            return [gettext("You took it from the queue yourself.") if mine else gettext("Took it from the queue.")]
        case "handed":
            return [gettext("%(name)s handed it on.") % {"name": told.get("by_name", "")}]
        case "assigned":
            return [
                gettext("%(name)s assigned it.") % {"name": told["by_name"]}
                if told.get("by_name")
                else gettext("It was assigned.")
            ]
        case "shared":
            return [gettext("The office shares out its work."), *(reason_in_words(reason) for reason in told.get("reasons", ()))]
    return []


def why_in_queue(item: WorkItem) -> str:
    """Why an item nobody holds is in the queue again; empty where it never left it."""
    told = item.assignment
    if told.get("returned") == "idle":
        return gettext("It came back to the queue because nobody touched it.")
    if told.get("returned") == "left":
        return gettext("It came back to the queue because its holder no longer does this work here.")
    if told.get("mode") == "returned" and told.get("by_name"):
        return gettext("%(name)s gave it back to the queue.") % {"name": told["by_name"]}
    if told.get("mode") == "waiting":
        return gettext("It could not be shared out: nobody who may do this step is there.")
    return ""
