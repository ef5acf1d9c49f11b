"""RULE: what a person is told about their case, in plain words: what happened, what comes next, where to look."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override


@dataclass(frozen=True, slots=True)
class Wording:
    """A finished message. The subject carries no personal data but the case number."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Event:
    """The three sentences of an event. `what` doubles as the short message; `dated` says whether the promised day matters."""

    subject: str | Promise
    what: str | Promise
    next: str | Promise
    dated: bool = False


class UnknownEvent(LookupError):
    """There is no wording for this event."""


EVENTS: dict[str, Event] = {
    "filed": Event(
        gettext_lazy("Application %(number)s has been filed"),
        gettext_lazy("%(agency)s has received your application online."),
        gettext_lazy(
            "An official checks it within 8 working hours and then either accepts it, giving the day of the answer, or asks once "
            "for what is missing. Nothing needs to be done until then."
        ),
    ),
    "accepted": Event(
        gettext_lazy("Application %(number)s has been accepted"),
        gettext_lazy("%(office)s has accepted your application."),
        gettext_lazy("The receipt with the day of the answer is on the page of the case. Keep the case number for any question."),
        dated=True,
    ),
    "refused": Event(
        gettext_lazy("Application %(number)s was not accepted"),
        gettext_lazy("%(office)s could not accept your application."),
        gettext_lazy("Read the reason, then file a new application once it is settled. This one needs nothing more."),
    ),
    "supplement_requested": Event(
        gettext_lazy("Application %(number)s needs more papers"),
        gettext_lazy("%(office)s asks you to complete your application."),
        gettext_lazy("Open the case, add what is asked for and send it. The time limit stands still until then."),
    ),
    "supplement_answered": Event(
        gettext_lazy("Application %(number)s: what you added has arrived"),
        gettext_lazy("%(agency)s has received what you added to your application."),
        gettext_lazy("The work goes on from where it stopped. Nothing needs to be done."),
        dated=True,
    ),
    "payment_requested": Event(
        gettext_lazy("Application %(number)s: a fee is to be paid"),
        gettext_lazy("%(office)s asks you to pay the fee of your application."),
        gettext_lazy("The amount and how to pay are on the page of the case. The time limit stands still until it is paid."),
    ),
    "payment_confirmed": Event(
        gettext_lazy("Application %(number)s: the fee has been paid"),
        gettext_lazy("%(office)s has confirmed your payment."),
        gettext_lazy("The work goes on. Nothing needs to be done."),
        dated=True,
    ),
    "withdrawal_requested": Event(
        gettext_lazy("Application %(number)s: your request to withdraw has arrived"),
        gettext_lazy("%(agency)s has received your request to withdraw the application."),
        gettext_lazy("An official answers it within 8 working hours."),
    ),
    "stopped": Event(
        gettext_lazy("Application %(number)s has been stopped"),
        gettext_lazy("%(agency)s has stopped working on your application."),
        gettext_lazy("The case is closed. A new application can be filed at any time."),
    ),
    "in_progress": Event(
        gettext_lazy("Application %(number)s is being worked on"),
        gettext_lazy("%(agency)s is working on your application."),
        gettext_lazy("Each step can be followed on the page of the case. Nothing needs to be done."),
        dated=True,
    ),
    "completed": Event(
        gettext_lazy("Application %(number)s: the answer is ready"),
        gettext_lazy("%(agency)s has finished your application."),
        gettext_lazy("Download the signed answer from the page of the case, or collect the paper at %(return_place)s."),
    ),
    "returned": Event(
        gettext_lazy("Application %(number)s: the answer has been handed over"),
        gettext_lazy("%(return_place)s has handed over the answer to your application."),
        gettext_lazy("The signed electronic copy stays on the page of the case."),
    ),
    "virus_found": Event(
        gettext_lazy("Application %(number)s: a file contained a virus"),
        gettext_lazy("A file of your application contained a virus and was removed before anybody opened it."),
        gettext_lazy("Have your device checked and keep another copy ready. The office asks for it when it needs the file."),
    ),
    "document_ready": Event(
        gettext_lazy("Application %(number)s: a new document"),
        gettext_lazy("%(agency)s has issued a document in your case."),
        gettext_lazy("It can be downloaded from the page of the case."),
    ),
}


def compose(event: str, language: str, values: Mapping[str, str], *, short: bool = False) -> Wording:
    """The message about `event` in "vi" or "en".

    `values`: number, procedure, agency, office, return_place, due, reason, url; portal, place, hotline and sent_at may be
    left out. `short` is for SMS. Raises UnknownEvent.
    """
    if event not in EVENTS:
        raise UnknownEvent(event)
    said = EVENTS[event]
    with override(language):
        subject = str(said.subject) % values
        due = _("The answer is due at %(due)s.") % values if said.dated and values.get("due") else ""
        if short:
            return Wording(subject, _short(said, values, due))
        return Wording(subject, _long(said, values, due))


def _short(said: Event, values: Mapping[str, str], due: str) -> str:
    sentences = [str(said.subject) % values + ".", due, _("See %(url)s") % values]
    return " ".join(sentence for sentence in sentences if sentence)


def _long(said: Event, values: Mapping[str, str], due: str) -> str:
    happened = [str(said.what) % values, due]
    if values.get("reason"):
        happened.append(_("Reason: %(reason)s") % values)
    foot = []
    if values.get("hotline"):
        foot.append(_("Questions? Call %(hotline)s.") % values)
    if values.get("sent_at"):
        foot.append(_("Sent at %(sent_at)s by %(portal)s, %(place)s. Nobody reads answers to this address.") % values)
    paragraphs = [
        "\n".join([_("Case number: %(number)s") % values, values["procedure"]]),
        "\n".join(line for line in happened if line),
        "\n".join([_("What comes next"), str(said.next) % values]),
        _("See the case: %(url)s") % values,
        "\n".join(foot),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"
