"""What officials read about bulk actions."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit import clock
from services.cases.actions.bulk import DEEDS
from services.cases.models import BulkRun, WorkItem
from services.cases.officials.wording import ACTS, FOR_COLLEAGUES, Words
from services.cases.queries.bulk import Outlook
from services.cases.wording import REFUSALS

Kind = BulkRun.Kind


@dataclass(frozen=True, slots=True)
class BulkWording:
    """One bulk action: in the list of actions, as the heading of its preview, on its button, and what happens to each case."""

    choice: Words
    title: Words
    button: Words
    happens: Words
    note: Words = ""
    note_help: Words = ""


WORDS: Mapping[str, BulkWording] = {
    Kind.CLAIM: BulkWording(_("Take"), _("Take the chosen cases"), _("Take them"), _("You take it.")),
    Kind.ASSIGN: BulkWording(
        _("Hand to a colleague"),
        _("Hand the chosen cases to a colleague"),
        _("Hand them over to the colleague"),
        _("The colleague has it then."),
        _("Note for the colleague"),
        FOR_COLLEAGUES,
    ),
    Kind.LABEL: BulkWording(
        _("Put a label on or take it off"),
        _("Label the chosen cases"),
        _("Change the labels"),
        _("The label is put on or taken off."),
    ),
    Kind.ACCEPT: BulkWording(
        _("Accept"),
        _("Accept the chosen applications"),
        _("Accept them"),
        _("It is accepted; the clock starts and the receipt is drawn up."),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
    ),
    Kind.FINISH: BulkWording(
        _("Finish the step, or approve"),
        _("Finish the step of the chosen cases"),
        _("Finish the steps"),
        _("The step is finished and the case goes on."),
        _("Result of this step"),
        FOR_COLLEAGUES,
    ),
    Kind.SIGN: BulkWording(
        _("Sign"),
        _("Sign the outcomes of the chosen cases"),
        _("Sign them"),
        _("Its outcome is drawn up and signed by itself."),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
    ),
    Kind.MESSAGE: BulkWording(
        _("Message to the applicant"),
        _("Write to the applicants of the chosen cases"),
        _("Send the messages"),
        _("The applicant gets the message."),
    ),
}
KINDS = tuple(kind.value for kind in DEEDS)
"""The bulk actions there are, in the order in which they are offered."""

REASONS: Mapping[str, Promise] = {
    "closed": _("This step is already closed."),
    "mine": _("You have it already."),
    "not_here": _("This step does not have that action."),
    "not_yours": _("Only its holder or a head of the office can hand it on."),
    "state": REFUSALS["state"],
    "power": REFUSALS["power"],
}


def outlook_text(one: Outlook, kind: str) -> str:
    """What would happen to one case, or why nothing can."""
    if one.reason == "held":
        return _held(one.item)
    if one.reason == "blanks":
        places = {"places": "; ".join(one.blanks)}
        return str(_("The outcome would have blanks: %(places)s. Complete it, or sign it by itself.")) % places
    if one.reason:
        return str(REASONS[one.reason])
    happens = str(ACTS["approve"].leads_to[0]) if one.action == "approve" else str(WORDS[kind].happens)
    return f"{_('You take it.')} {happens}" if one.taken else happens


def _held(item: WorkItem) -> str:
    assert item.claimed_by is not None
    assert item.claimed_at is not None
    facts = {"name": item.claimed_by.full_name, "since": f"{clock.local(item.claimed_at):%H:%M %d/%m/%Y}"}
    return str(_("%(name)s has been working on this since %(since)s.")) % facts
