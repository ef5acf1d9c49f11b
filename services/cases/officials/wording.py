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


PAGES: dict[str, str] = {
    "request_supplement": "work_supplement",
    "request_payment": "work_payment",
    "confirm_payment": "work_payment_confirm",
    "consult": "work_consult",
    "give_opinion": "work_opinion",
    "return_step": "work_return",
    "hand_over": "work_hand_over",
}
"""Actions of a work item that have a page of their own: its address name, which takes the item's key."""

CASE_PAGES: dict[str, str] = {
    "prepare_extension": "case_extension",
    "extend": "case_extend",
    "transfer": "case_transfer",
    "allow_supplement": "case_allow_supplement",
    "stop": "case_stop",
    "reopen": "case_reopen",
}
"""Actions on a case as a whole, in the order of the menu: the name of each page's address, which takes the case's number."""

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
    "allow_supplement": Wording(
        _("Allow a further request for a supplement"),
        (
            _("The law gives one request. Whoever holds the case can then send one more."),
            _(
                "It is counted: in the assessment of public service (Quyết định 766/QĐ-TTg) a case with two requests counts as late."
            ),
            _("The applicant gets no message about this."),
        ),
        _("Why a further request is needed"),
        FOR_COLLEAGUES,
        _("One more request for a supplement is allowed."),
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
        (
            _("The opinion is kept in the case for the office that asked."),
            _("Your office's part in this case is done."),
        ),
        _("Opinion in words"),
        _("Needed where your office sets conditions or does not agree. Name the rule of law it rests on."),
        _("The opinion was given."),
    ),
    "consult": Wording(
        _("Ask other offices"),
        (
            _("Each office you choose gets the question at once, with a limit of its own."),
            _("This step cannot be finished before all have answered; a question can be called off."),
            _("The clock of the case runs on."),
        ),
        _("What the offices are asked"),
        _("They see the whole case. Officials read the question; the applicant reads only that offices were asked."),
        _("The offices were asked."),
    ),
    "call_off_consult": Wording(
        _("Call the question off"),
        (_("The office no longer has to answer, and the step need not wait for it."),),
        _("Why the answer is no longer needed"),
        FOR_COLLEAGUES,
        _("The question was called off."),
        note_missing=_("Write why the answer is no longer needed"),
    ),
    "return_step": Wording(
        _("Return to an earlier step"),
        (
            _("That step is opened again for who did it last, and everything after it is done again."),
            _("Steps beside it that are done stay done."),
            _("An outcome that was signed after it is revoked and never comes into force."),
            _("The promised date stays."),
        ),
        _("What has to be done again, and why"),
        FOR_COLLEAGUES,
        _("The case was returned to the earlier step."),
        note_missing=_("Write what has to be done again, and why"),
    ),
    "prepare_extension": Wording(
        _("Prepare an apology with a new date"),
        (
            _("A leader signs it; only then is the date put off and the applicant told."),
            _("The date of a case is put off once."),
        ),
        _("Why the answer comes later than promised"),
        _("The applicant reads it in the apology as it stands."),
        _("The apology was prepared. A leader can sign it now."),
        note_missing=_("Write why the answer comes later; the applicant will read it"),
    ),
    "extend": Wording(
        _("Sign the apology and the new date"),
        (
            _("The promised date becomes the new one. It cannot be put off again."),
            _("The apology is drawn up with your digital signature."),
            _("The applicant gets a message with the reason and the new date."),
        ),
        "",
        "",
        _("Signed. The applicant is being told the new date."),
    ),
    "transfer": Wording(
        _("Pass on to the competent agency"),
        (
            _("The open steps are opened again at the offices of the other agency, and end here."),
            _("The clock runs on and the promised date stays."),
            _("Both agencies keep seeing the case."),
            TOLD_WITH_TEXT,
        ),
        _("Why another agency is competent"),
        _("Name the rule of law. The applicant reads it as it stands."),
        _("The case was passed on."),
    ),
    "reopen": Wording(
        _("Open the case again"),
        (
            _("The work goes on at the step you choose; what comes after it is done again."),
            _("An outcome decided at that step or later is revoked, and the verification page says so."),
            _("The time since the case ended does not count."),
            TOLD_WITH_TEXT,
        ),
        _("Which error makes it necessary"),
        _("The applicant reads it as it stands. It is also the reason shown with a revoked outcome."),
        _("The case is open again."),
        warns=True,
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
        (_("The case is closed as returned."), _("Who received it, when and how is written down."), TOLD),
        _("Further words"),
        _("The applicant can read it."),
        _("The outcome was handed over. The case is closed."),
    ),
    "request_payment": Wording(
        _("Ask for payment"),
        (CLOCK_STOPS, TOLD_WITH_TEXT, _("The work item stays with you.")),
        _("What is to be paid for, and where"),
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
