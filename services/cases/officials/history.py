"""What happened in a case, as its officials read it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kit.templatetags.portal import dong
from services.cases.models import Case
from services.cases.queries import Entry
from services.cases.queries.visits import News
from services.forms.definition import Definition
from services.forms.readout import display

GOOD = frozenset(
    {"accept", "complete", "hand_over", "confirm_payment", "approve", "sign", "seal", "document_issued", "answer_supplement"}
)
BAD = frozenset({"refuse", "stop", "return_step", "supplement_lapsed"})
WAIT = frozenset({"request_supplement", "request_payment", "request_withdrawal", "extend", "consult"})
QUIET = frozenset(
    {"claim", "release", "assign", "share_out", "expire_claim", "begin", "fill_fields", "label", "unlabel", "document_signed"}
)
"""What only says how the work went round; shown smaller."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing an entry changed or says: `before` is what stood there, where something did."""

    label: str
    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the record."""

    sequence: int
    at: datetime
    title: str
    by: str
    office: str
    text: str
    tone: str
    quiet: bool
    is_new: bool
    links: list[tuple[str, str]] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)


def history_of(case: Case, entries: Sequence[Entry], definition: Definition, news: News) -> list[Line]:
    """The lines, newest first."""
    return [_line(case, entry, definition, news) for entry in reversed(entries)]


def _line(case: Case, entry: Entry, definition: Definition, news: News) -> Line:
    links = []
    if entry.document is not None and entry.document.file:
        links.append((entry.document.title, reverse("casework_document", args=[case.number, entry.document.code])))
    if "note" in entry.data and entry.action == "note":
        links.append((_("Read the note"), f"#ghi-chu-{entry.data['note']}"))
    if "message" in entry.data and entry.action in ("send_message", "write_message"):
        links.append((_("Read the message"), f"#tin-{entry.data['message']}"))
    return Line(
        sequence=entry.sequence,
        at=entry.at,
        title=f"{entry.title}: {entry.step_title}" if entry.step_title else str(entry.title),
        by=entry.actor_name,
        office=entry.office_name,
        text=entry.note,
        tone="good" if entry.action in GOOD else "bad" if entry.action in BAD else "wait" if entry.action in WAIT else "",
        quiet=entry.action in QUIET,
        is_new=entry.sequence in news.entries,
        links=links,
        details=_details(entry, definition),
    )


def _details(entry: Entry, definition: Definition) -> list[Detail]:
    """Corrected answers as they were and are now; the amount that was asked for."""
    found = []
    if entry.action == "answer_supplement":
        for key, (old, new) in entry.data.get("changes", {}).items():
            label, before = answer_text(definition, key, old)
            found.append(Detail(label, answer_text(definition, key, new)[1], before or _("Not given")))
    if entry.action == "request_payment" and isinstance(entry.data.get("amount"), int):
        found.append(Detail(_("Amount to pay"), dong(entry.data["amount"])))
    return found


def answer_text(definition: Definition, key: str, value: object) -> tuple[str, str]:
    """The question and the answer as people read them; the bare key for a question the form no longer has."""
    try:
        one = definition.field(key)
    except KeyError:
        return key, str(value or "")
    return one.label.said(), display(one, value)
