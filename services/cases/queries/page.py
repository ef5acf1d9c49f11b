"""What a case page shows: timeline, progress, documents, deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.trail.chain import first_break
from portal.kit import clock
from services.cases import deadlines, lifecycle, routing
from services.cases.models import Case, CaseEvent, WorkItem
from services.cases.queries.calendars import calendar_of, signed_minutes
from services.cases.queries.resident import READY
from services.cases.wording import TITLES
from services.catalogue.models import Version
from services.documents.models import IssuedDocument


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; `sequence` is the number of its event."""

    sequence: int
    at: datetime
    action: str
    title: str | Promise
    state_before: int
    state_after: int
    step_title: str
    office_name: str
    actor_name: str
    note: str
    document: IssuedDocument | None
    data: Mapping[str, Any] = field(default_factory=dict)
    """What else was written down; nothing for residents."""


INTERNAL_NOTES = frozenset(
    {"finish", "give_opinion", "approve", "sign", "seal", "claim", "release", "accept", "silence", "consult"}
)
"""Notes written for colleagues; everything else was written to the resident or by them."""


def events_of(case: Case) -> list[CaseEvent]:
    """The whole record, oldest first. One query."""
    return list(case.events.select_related("office", "work_item", "actor").order_by("sequence"))


def timeline(
    case: Case,
    *,
    for_resident: bool,
    events: Sequence[CaseEvent] | None = None,
    documents: Sequence[IssuedDocument] | None = None,
) -> list[Entry]:
    """What happened, oldest first. Residents see offices, not names of officials, and no internal notes.

    `events` and `documents` are the case's, where they have been read already.
    """
    issued = {
        document.code: document for document in (documents_of(case, for_resident=False) if documents is None else documents)
    }
    entries = []
    for event in events_of(case) if events is None else events:
        row = lifecycle.BY_NAME[event.action]
        if for_resident and not row.for_resident:
            continue
        entries.append(
            Entry(
                sequence=event.sequence,
                at=event.at,
                action=event.action,
                title=TITLES[event.action],
                state_before=event.from_state,
                state_after=event.to_state,
                step_title=event.work_item.title if event.work_item else "",
                office_name=event.office.name if event.office else "",
                actor_name="" if for_resident or event.actor is None else event.actor.full_name,
                note="" if for_resident and event.action in INTERNAL_NOTES else event.note,
                document=issued.get(event.data.get("code", "")),
                data={} if for_resident else event.data,
            )
        )
    return entries


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the route as it stands for this case."""

    title: str
    kind: str
    office_name: str
    status: str
    finished_at: datetime | None
    due_at: datetime | None
    holder_name: str


def progress(case: Case, items_read: Sequence[WorkItem] | None = None) -> list[StepView]:
    """The whole route: done, current, upcoming and skipped steps. `items_read` are the case's, where they were read already."""
    found = case.work_items.select_related("office", "claimed_by") if items_read is None else items_read
    items = {item.step: item for item in sorted(found, key=lambda item: (item.round, item.pk))}
    steps = routing.route(case.version.route)
    furthest = max((item.position for item in items.values() if item.step != routing.Kind.WITHDRAWAL), default=-1)
    desks = Desks(case)
    views = []
    for step in steps:
        item = items.get(step.key)
        if item is None:
            skipped = step.position < furthest or case.state in lifecycle.CLOSED
            office = desks.office(step)
            name = office.name if office else ""
            views.append(StepView(step.title, step.kind, name, "skipped" if skipped else "upcoming", None, None, ""))
            continue
        status = {WorkItem.State.DONE: "done", WorkItem.State.CANCELLED: "skipped"}.get(WorkItem.State(item.state), "current")
        holder = item.claimed_by.full_name if item.claimed_by else ""
        views.append(StepView(step.title, step.kind, item.office.name, status, item.finished_at, item.due_at, holder))
    return views


class Desks:
    """Resolves the office references of a case's route; reads each agency's units once, and all fixed offices at once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._units: dict[int, dict[str, Office]] = {}
        self._fixed: dict[str, Office] | None = None

    def office(self, step: routing.Step) -> Office | None:
        """The office the step's reference means for this case, or None when there is no such office."""
        ref: Mapping[str, Any] = step.office
        if "code" in ref or "answer_code" in ref:
            return self._by_code(str(ref.get("code") or self._case.answers.get(ref["answer_code"], "")))
        agency: Office | None = self._case.agency
        if "answer" in ref:
            place = self._case.answers.get(ref["answer"])
            agency = offices.ward_by_code(place.get("ward", "")) if isinstance(place, Mapping) else None
        elif ref.get("parent"):
            agency = self._case.agency.parent
        return None if agency is None else self._units_of(agency).get(ref["function"])

    def _units_of(self, agency: Office) -> dict[str, Office]:
        if agency.pk not in self._units:
            self._units[agency.pk] = offices.units_of(agency)
        return self._units[agency.pk]

    def _by_code(self, code: str) -> Office | None:
        if self._fixed is None:
            refs = [step["office"] for step in self._case.version.route]
            codes = [ref["code"] for ref in refs if "code" in ref]
            codes += [str(self._case.answers.get(ref["answer_code"], "")) for ref in refs if "answer_code" in ref]
            self._fixed = offices.by_codes(codes)
        return self._fixed.get(code)


def documents_of(case: Case, *, for_resident: bool) -> list[IssuedDocument]:
    """Documents issued in the case, oldest first; residents see those that are finished."""
    documents = (
        IssuedDocument.objects.filter(case_link__case=case).select_related("office", "signer").order_by("requested_at", "id")
    )
    return list(documents.filter(state__in=READY) if for_resident else documents)


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """The promise and how it stands, in working minutes."""

    due_at: datetime
    band: deadlines.Band
    minutes_left: int
    total_minutes: int
    started_at: datetime
    paused_since: datetime | None
    paused_minutes: int
    limit_text: str
    ended_at: datetime | None
    days_off: list[str] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """How pages show it: a band, or `paused`, or `done` when it ended in time."""
        if self.ended_at is not None:
            return str(deadlines.Band.OVERDUE) if self.minutes_left < 0 else "done"
        return "paused" if self.paused_since is not None else str(self.band)


def limit_text(case: Case) -> str:
    """The limit in words: the circumstance's own where it has one."""
    value, unit = case.limit
    if (value, unit) == (case.version.limit_value, case.version.limit_unit) and case.version.limit_text:
        return case.version.limit_text
    return f"{value} {Version.LimitUnit(unit).label}"


def deadline_facts(case: Case) -> DeadlineFacts | None:
    """None before acceptance. While paused the time left stands still; after completion it is the time that was left."""
    if case.due_at is None or case.clock_started_at is None:
        return None
    calendar = calendar_of(case.agency)
    moment = case.completed_at or case.closed_at or case.paused_at or clock.now()
    total = deadlines.minutes_between(case.clock_started_at, case.due_at, calendar) - case.paused_minutes
    return DeadlineFacts(
        due_at=case.due_at,
        band=deadlines.band(case.due_at, moment, total, calendar),
        minutes_left=signed_minutes(moment, case.due_at, calendar),
        total_minutes=total,
        started_at=case.clock_started_at,
        paused_since=case.paused_at,
        paused_minutes=case.paused_minutes,
        limit_text=limit_text(case),
        ended_at=case.completed_at or case.closed_at,
        days_off=[
            day.isoformat()
            for day in sorted(calendar.days_off)
            if case.clock_started_at.astimezone(deadlines.HERE).date() <= day <= case.due_at.astimezone(deadlines.HERE).date()
        ],
    )


def event_content(event: CaseEvent) -> dict[str, Any]:
    """What the hash of an event covers: everything but the outbox mark and the hashes."""
    return {
        "case": event.case_id,
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor_id,
        "office": event.office_id,
        "work_item": event.work_item_id,
        "note": event.note,
        "data": event.data,
    }


def chain_is_intact(case: Case, record: Sequence[CaseEvent] | None = None) -> bool:
    """Whether no event of the case was altered, removed or added outside the actions. `record` are its events, if read already."""
    events = list(case.events.order_by("sequence")) if record is None else record
    whole = [event.sequence for event in events] == list(range(1, case.last_event + 1))
    ends = not events or events[-1].hash == case.last_hash
    return whole and ends and first_break((event.previous_hash, event.hash, event_content(event)) for event in events) is None


EARLIER_SHOWN = 8


def earlier_cases(case: Case, seen: QuerySet[Case]) -> list[Case]:
    """Newest other cases of the same applicant or for the same person or business, among those `seen`. Two queries at most."""
    others = seen.exclude(pk=case.pk).order_by("-id")
    found = list(others.filter(applicant=case.applicant_id)[:EARLIER_SHOWN])
    if case.principal_number:
        found += others.filter(principal_number=case.principal_number)[:EARLIER_SHOWN]
    return sorted({other.pk: other for other in found}.values(), key=lambda other: -other.pk)[:EARLIER_SHOWN]
