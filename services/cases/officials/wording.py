"""What officials read about each action before and after doing it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.cases.routing import Kind

Words = str | Promise

REASON_MISSING = _("Write the reason; the applicant will read it.")
TOLD = _("The applicant gets a message.")
TOLD_WITH_TEXT = _("The applicant gets a message with this text.")
GOES_ON = _("The case goes to the next step.")
CLOCK_STOPS = _("The clock stops until the applicant has answered.")
CLOCK_RUNS = _("The clock runs again, and the promised date moves by the time it stood still.")
FOR_COLLEAGUES = _("Colleagues read it; the applicant does not.")


@dataclass(frozen=True, slots=True)
class Wording:
    """One action: its button, what it leads to, the question for a note, and what is said afterwards."""

    button: Words
    leads_to: tuple[Words, ...]
    note: Words
    note_help: Words
    done: Words
    warns: bool = False
    note_missing: Words = REASON_MISSING


ACTS: dict[str, Wording] = {
    "accept": Wording(
        _("Accept the application"),
        (_("The promised date is set and the clock starts."), _("A receipt with the promised date is drawn up."), TOLD),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
        _("Accepted. The receipt is being drawn up."),
    ),
    "refuse": Wording(
        _("Refuse the application"),
        (_("The case is closed. A new application can be filed."), TOLD_WITH_TEXT),
        _("Why the application cannot be accepted"),
        _("Say what the law asks for and where the applicant can turn instead."),
        _("The application was refused. The applicant is being told."),
        warns=True,
    ),
    "request_supplement": Wording(
        _("Ask for a supplement"),
        (CLOCK_STOPS, TOLD_WITH_TEXT, _("The work item stays with you.")),
        _("What is missing or has to be corrected"),
        _("List everything in one request, one line for each paper or answer. The applicant reads it as it stands."),
        _("The request was sent. The clock stands still until the applicant answers."),
        note_missing=_("Write what is missing; the applicant will read it."),
    ),
    "finish": Wording(
        _("Finish this step"),
        (GOES_ON,),
        _("Result of this step"),
        FOR_COLLEAGUES,
        _("The step is finished. The case goes on."),
    ),
    "give_opinion": Wording(
        _("Give the opinion"),
        (_("The opinion is kept in the case for the office that asked."),),
        _("Opinion"),
        _("Without text it counts as agreement."),
        _("The opinion was given."),
    ),
    "approve": Wording(
        _("Approve"),
        (GOES_ON,),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
        _("Approved. The case goes on."),
    ),
    "sign": Wording(
        _("Sign the outcome"),
        (_("Your digital signature is put on the document shown here."), _("The registry then gives it a number and seals it.")),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
        _("The outcome is being drawn up and signed."),
    ),
    "seal": Wording(
        _("Number and seal the outcome"),
        (
            _("The document gets the next number of the year."),
            _("The agency's seal is put on it as a digital signature. From then on it is in force."),
        ),
        _("Note for colleagues"),
        FOR_COLLEAGUES,
        _("The number was given. The outcome is being sealed."),
    ),
    "hand_over": Wording(
        _("Hand over the outcome"),
        (_("The case is closed as returned."), TOLD),
        _("Who received it, and how"),
        _("For example: the applicant in person, or by post with the tracking number. The applicant can read it."),
        _("The outcome was handed over. The case is closed."),
    ),
    "request_payment": Wording(
        _("Ask for payment"),
        (CLOCK_STOPS, TOLD_WITH_TEXT, _("The work item stays with you.")),
        _("What is to be paid, how much and where"),
        _("The applicant reads it as it stands."),
        _("The applicant was asked to pay. The clock stands still until the payment is confirmed."),
        note_missing=_("Write what is to be paid; the applicant will read it."),
    ),
    "confirm_payment": Wording(
        _("Confirm the payment"),
        (CLOCK_RUNS, TOLD),
        _("Number of the receipt or transaction"),
        _("The applicant can read it."),
        _("The payment was confirmed. The clock runs again."),
    ),
    "grant_withdrawal": Wording(
        _("Agree to the withdrawal"),
        (_("Work ends and the case is closed. What others still had to do in it is cancelled."), TOLD),
        _("Words to the applicant"),
        _("The applicant can read it."),
        _("The application was withdrawn. The case is closed."),
    ),
    "decline_withdrawal": Wording(
        _("Decline the withdrawal"),
        (_("Work on the case goes on."), CLOCK_RUNS, TOLD_WITH_TEXT),
        _("Why the application cannot be withdrawn"),
        _("The applicant reads it as it stands."),
        _("The withdrawal was declined. Work goes on."),
    ),
    "stop": Wording(
        _("Stop handling the case"),
        (_("Work ends without an outcome. What others still had to do in the case is cancelled."), TOLD_WITH_TEXT),
        _("Why the case is stopped"),
        _("Name the rule of law. The applicant reads it as it stands."),
        _("The case was stopped. The applicant is being told."),
        warns=True,
    ),
}

ASSIGN = Wording(
    _("Assign the case"),
    (_("The case goes to whom you choose; without a choice the whole office sees it."),),
    _("Instructions"),
    FOR_COLLEAGUES,
    _("Assigned. The case goes on."),
)


def wording(action: str, kind: str) -> Wording:
    """The words for an action in a step of that kind."""
    return ASSIGN if kind == Kind.ASSIGN and action == "finish" else ACTS[action]


TABS: dict[str, Words] = {
    "all": _("All"),
    "unclaimed": _("To claim"),
    "mine": _("Mine"),
    "soon": _("Due within a working day"),
    "overdue": _("Overdue"),
    "waiting": _("Waiting for the applicant"),
}
"""Names of the queue's tabs."""

EMPTY: dict[str, tuple[Words, Words]] = {
    "all": (_("No work is waiting"), _("New applications and steps appear here. Load the page again to see them.")),
    "unclaimed": (_("Nothing is left to claim"), _("Everything at your offices is in somebody's hands.")),
    "mine": (_("You hold no work"), _("Take the most urgent case, or choose one under “To claim”.")),
    "soon": (_("Nothing is due within a working day"), _("There is time for what comes later.")),
    "overdue": (_("Nothing is overdue"), _("Every deadline at your offices is kept.")),
    "waiting": (_("No case waits for its applicant"), _("Cases with a supplement or a payment asked for appear here.")),
}
"""What an empty tab says."""
