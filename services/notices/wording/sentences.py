"""The sentences an event is told in, and how they become a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from services.notices.lanes import Group, Lane

ANSWER_DUE = gettext_lazy("The answer is due at %(due)s.")
LONGEST_SMS = 300
"""Characters; several messages that do not fit are only counted."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A finished message. The subject carries no personal data but the case number."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Event:
    """The sentences of an event. `what` says what happened, `next` what comes next; `dated` says whether a day matters.

    `lines` are figures by name, each shown when it is not nought.
    """

    subject: str | Promise
    what: str | Promise
    next: str | Promise = ""
    dated: bool = False
    due: str | Promise = ANSWER_DUE
    lines: tuple[tuple[str, str | Promise], ...] = ()
    group: Group = Group.PROGRESS
    lane: Lane = Lane.NORMAL


def compose(said: Event, language: str, values: Mapping[str, str], *, short: bool = False) -> Wording:
    """The message of the event in "vi" or "en". `short` is for SMS. What is not known is left out."""
    with override(language):
        subject = str(said.subject) % values
        due = str(said.due) % values if said.dated and values["due"] else ""
        if short:
            return Wording(subject, _short(subject, values, due))
        return Wording(subject, _long(said, values, due))


def together(messages: Sequence[Wording], language: str, *, inbox: str, portal: str, short: bool = False) -> Wording:
    """One message with several: for SMS their subjects and the address of the inbox, else a list and their texts."""
    count = len(messages)
    with override(language):
        subject = ngettext("%(count)s message from %(portal)s", "%(count)s messages from %(portal)s", count) % {
            "count": count,
            "portal": portal,
        }
        look = _("See %(url)s") % {"url": inbox}
        if not short:
            listed = "\n".join(f"{number}. {message.subject}" for number, message in enumerate(messages, 1))
            return Wording(subject, f"\n\n{'—' * 20}\n\n".join([listed, *(message.body.strip() for message in messages)]) + "\n")
        body = f"{subject}: {'; '.join(message.subject for message in messages)}. {look}"
        return Wording(subject, body if len(body) <= LONGEST_SMS else f"{subject}. {look}")


def closing(language: str, values: Mapping[str, str]) -> str:
    """What ends an e-mail: whom to ask, and when it was sent by whom."""
    with override(language):
        asked = _("Questions? Call %(hotline)s.") % values if values.get("hotline") else ""
        sent = _("Sent at %(sent_at)s by %(portal)s, %(place)s. Nobody reads answers to this address.") % values
    return "\n".join(line for line in (asked, sent) if line) + "\n"


def _short(subject: str, values: Mapping[str, str], due: str) -> str:
    sentences = [subject + ".", due, _("See %(url)s") % values if values["url"] else ""]
    return " ".join(sentence for sentence in sentences if sentence)


def _long(said: Event, values: Mapping[str, str], due: str) -> str:
    happened = [str(said.what) % values, *(str(line) % values for name, line in said.lines if values[name] not in ("", "0")), due]
    if values["reason"]:
        happened.append(_("Reason: %(reason)s") % values)
    case = [_("Case number: %(number)s") % values if values["number"] else "", values["procedure"]]
    paragraphs = [
        "\n".join(line for line in case if line),
        "\n".join(line for line in happened if line),
        "\n".join([_("What comes next"), str(said.next) % values]) if said.next else "",
        _address(values),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _address(values: Mapping[str, str]) -> str:
    if not values["url"]:
        return ""
    return _("See the case: %(url)s") % values if values["number"] else _("See %(url)s") % values
