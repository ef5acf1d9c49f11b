"""The control sheet of a case in words: who had it from whom, until when, and how that went."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from identity.people.models import Person
from portal.kit import clock
from services.cases import control_sheet as rule
from services.cases import deadlines
from services.cases.control_sheet import Happening, Kept, Stay
from services.cases.models import Case, CaseEvent, Extension, HandOver, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.page import limit_text
from services.cases.queries.papers import about_case, heads
from services.cases.wording import TITLES
from services.forms.readout import phone


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is read. `kind` is hand_over, pause or mark; `state` is how the limit was kept."""

    kind: str
    title: str
    giver: str
    taker: str
    given: str
    taken: str
    due: str
    ended: str
    state: str
    kept: str
    notes: list[str]


def control_sheet(case: Case) -> list[Line]:
    """The whole sheet, told from events and work items alone. Five queries, however long the case took."""
    stays = [
        _stay(item)
        for item in case.work_items.select_related("office", "claimed_by", "finished_by").order_by("opened_at", "position", "id")
    ]
    events = list(case.events.select_related("office", "actor", "work_item__office").order_by("sequence"))
    happenings = _happenings(events)
    extension = Extension.objects.filter(case=case).select_related("signed_by").first()
    handed = {one.event_id: one for one in HandOver.objects.filter(case=case)}
    given = {event.sequence: handed[event.pk] for event in events if event.pk in handed}
    now = clock.now()
    words = _Words(case, extension, given, now)
    return [words.line(row) for row in rule.rows(stays, happenings, case.filed_by.full_name, now)]


def _stay(item: WorkItem) -> Stay:
    return Stay(
        key=item.pk,
        title=item.title,
        kind=item.kind,
        round=item.round,
        office=item.office.name,
        opened_at=item.opened_at,
        due_at=item.due_at,
        own_limit=item.hours is not None,
        state=item.state,
        finished_at=item.finished_at,
        finished_by=item.finished_by.full_name if item.finished_by else "",
        holder=item.claimed_by.full_name if item.claimed_by else "",
        holder_since=item.claimed_at,
        result=item.get_result_display() if item.result else "",
        question=item.question,
        asked_by=item.asked_by_item_id,
    )


def _happenings(events: Iterable[CaseEvent]) -> list[Happening]:
    events = list(events)
    holders = {event.data["to"] for event in events if event.action in ("assign", "share_out") and event.data.get("to")}
    names = dict(Person.objects.filter(pk__in=holders).values_list("pk", "full_name")) if holders else {}
    return [
        Happening(
            sequence=event.sequence,
            at=event.at,
            action=event.action,
            before=event.from_state,
            after=event.to_state,
            office=event.office.name if event.office else "",
            person=event.actor.full_name if event.actor else "",
            item=event.work_item_id,
            note=event.note,
            holder=names.get(event.data.get("to"), "") if event.action in ("assign", "share_out") else "",
            opened=tuple(event.data.get("items", ())) if event.action == "consult" else (),
        )
        for event in events
    ]


def _text(at: datetime | None) -> str:
    return f"{clock.local(at):%H:%M %d/%m/%Y}" if at else ""


def kept_text(state: str) -> str:
    """How a limit was kept, in the words of the form."""
    return {
        Kept.BEFORE: _("Before the limit"),
        Kept.ON: _("On the limit"),
        Kept.AFTER: _("After the limit"),
        Kept.OPEN: _("Being handled"),
        Kept.LATE: _("Being handled, past the limit"),
        Kept.DROPPED: _("Not carried to its end"),
    }[Kept(state)]


class _Words:
    """Puts rows into words; holds what the rows refer to."""

    def __init__(self, case: Case, extension: Extension | None, given: dict[int, HandOver], now: datetime) -> None:
        self._calendar = calendar_of(case.agency)
        self._extension = extension
        self._given = given
        self._now = now

    def line(self, row: rule.Row) -> Line:
        if isinstance(row, rule.HandOver):
            return self._hand_over(row)
        return self._pause(row) if isinstance(row, rule.Pause) else self._mark(row.happening)

    def _hand_over(self, row: rule.HandOver) -> Line:
        stay = row.stay
        title = _("%(step)s (time %(number)s)") % {"step": stay.title, "number": stay.round} if stay.round > 1 else stay.title
        return Line(
            kind="hand_over",
            title=title,
            giver=_joined(row.giver_office, row.giver),
            taker=_joined(stay.office, row.taker),
            given=_text(row.given_at),
            taken=_text(row.taken_at),
            due=_text(stay.due_at),
            ended=_text(stay.finished_at),
            state=row.kept,
            kept=kept_text(row.kept),
            notes=[note for note in self._notes(row) if note],
        )

    def _notes(self, row: rule.HandOver) -> Iterable[str]:
        stay = row.stay
        if row.why:
            yield _titled(row.why)
        if stay.question:
            yield _("Asked: %(question)s") % {"question": stay.question}
        if not stay.own_limit:
            yield _("No limit of its own: due with the case.")
        for move in row.moves:
            who = f" → {move.holder or move.person}" if move.action in rule.TAKING else ""
            yield f"{TITLES[move.action]}{who}, {_text(move.at)}"
        if stay.result:
            yield stay.result
        if row.said and row.said.note:
            yield row.said.note
        if row.dropped_by:
            yield _titled(row.dropped_by)

    def _pause(self, row: rule.Pause) -> Line:
        minutes = deadlines.minutes_between(row.at, row.until or self._now, self._calendar)
        stood = _("The clock stood still for %(time)s of working time.") % {"time": working_time(minutes)}
        answered = f"{TITLES[row.answered.action]}" if row.answered else _("Still waiting.")
        return Line(
            kind="pause",
            title=str(TITLES[row.asked.action]),
            giver=_joined(row.asked.office, row.asked.person),
            taker="",
            given=_text(row.at),
            taken=_text(row.until),
            due="",
            ended="",
            state="pause",
            kept=stood,
            notes=[note for note in (row.asked.note, answered) if note],
        )

    def _mark(self, one: Happening) -> Line:
        notes = [one.note]
        if one.action == "extend" and self._extension:
            dates = {"before": _text(self._extension.due_before), "after": _text(self._extension.due_after)}
            notes = [_("Promised date moved from %(before)s to %(after)s.") % dates, self._extension.reason]
        if handed := self._given.get(one.sequence):
            notes = [handed.get_means_display(), _joined(handed.recipient, handed.relation), handed.tracking, one.note]
        return Line(
            kind="mark",
            title=str(TITLES[one.action]),
            giver=_joined(one.office, one.person),
            taker="",
            given=_text(one.at),
            taken="",
            due="",
            ended="",
            state="mark",
            kept="",
            notes=[note for note in notes if note],
        )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _titled(one: Happening) -> str:
    return f"{TITLES[one.action]}: {one.note}" if one.note else str(TITLES[one.action])


def working_time(minutes: int) -> str:
    """`1 day 2 h 5 min` of eight working hours a day."""
    days, rest = divmod(minutes, deadlines.MINUTES_PER_DAY)
    hours, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(_("%(number)s working days") % {"number": days})
    if hours:
        parts.append(_("%(number)s h") % {"number": hours})
    if left or not parts:
        parts.append(_("%(number)s min") % {"number": left})
    return " ".join(parts)


def control_sheet_data(case: Case) -> dict[str, Any]:
    """Mẫu số 06 of Thông tư 03/2025/TT-VPCP as a worker draws it, in Vietnamese."""
    with override("vi"):
        lines = [asdict(line) for line in control_sheet(case)]
        ended = case.completed_at or case.closed_at
        result = kept_text(rule.kept(case.due_at, ended, clock.now())) if case.due_at else ""
        stood = working_time(case.paused_minutes) if case.paused_minutes else ""
        return {
            **heads(case.agency),
            **about_case(case),
            "phone": phone(case.filed_by.phone) if case.filed_by.phone else "",
            "made_at": clock.local(clock.now()).isoformat(timespec="minutes"),
            "limit_text": limit_text(case),
            "filed": _text(case.filed_at),
            "accepted": _text(case.accepted_at),
            "due": _text(case.due_at),
            "due_before": _text(case.extended_from),
            "ended": _text(ended),
            "result": result,
            "stood": stood,
            "rows": lines,
        }
