"""Events of a case in plain words, for residents and officials."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Promise] = {
    "file": _("Application filed"),
    "accept": _("Application accepted"),
    "refuse": _("Application not accepted"),
    "begin": _("Work has begun"),
    "request_supplement": _("More documents or information requested"),
    "answer_supplement": _("Supplement received"),
    "request_payment": _("Payment requested"),
    "confirm_payment": _("Payment confirmed"),
    "request_withdrawal": _("Withdrawal requested"),
    "grant_withdrawal": _("Application withdrawn"),
    "decline_withdrawal": _("Withdrawal declined, work goes on"),
    "stop": _("Work stopped"),
    "complete": _("Outcome ready"),
    "hand_over": _("Outcome handed over"),
    "claim": _("Work item taken"),
    "release": _("Work item given back"),
    "finish": _("Step finished"),
    "give_opinion": _("Opinion given"),
    "approve": _("Approved"),
    "sign": _("Outcome approved, being signed"),
    "seal": _("Number given, being sealed"),
    "document_signed": _("Outcome signed"),
    "document_issued": _("Document issued"),
    "file_at_counter": _("Application filed at the counter"),
    "allow_supplement": _("A further supplement request allowed"),
    "supplement_lapsed": _("The time to answer the supplement request is over"),
    "prepare_extension": _("Apology with a new date prepared"),
    "draft_extension": _("Apology with a new date prepared by the system"),
    "extend": _("The date was put off, with an apology"),
    "transfer": _("Passed on to the competent office"),
    "reopen": _("Opened again after an error"),
    "assign": _("Work item handed to a colleague"),
    "share_out": _("Work item shared out"),
    "expire_claim": _("Work item back in the queue by itself"),
    "fill_fields": _("Notes of the step written"),
    "return_step": _("Returned to an earlier step"),
    "consult": _("Other offices asked for their opinion"),
    "call_off_consult": _("Question to an office called off"),
    "silence": _("No answer in time: counts as agreement"),
    "note": _("Note for colleagues"),
    "label": _("Label put on"),
    "unlabel": _("Label taken off"),
    "send_message": _("Message to the applicant"),
    "write_message": _("Message from the applicant"),
    "move_version": _("Moved to another version of the procedure"),
}

REFUSALS: dict[str, Promise] = {
    "unknown": _("There is no such action."),
    "state": _("This cannot be done now: the case has moved on. The page shows how it stands."),
    "power": _("Your post does not carry the power to do this."),
    "reason": _("Write the reason; the applicant will read it."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, as the component shows it."""

    at: datetime
    title: str
    by: str
    office: str
    text: str
    tone: str
    links: list[tuple[str, str]]
