"""Writing an event: the one way a case changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from identity.trail import chain
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases import deadlines, lifecycle
from services.cases.models import Case, CaseEvent, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.page import event_content
from services.cases.routing import Kind
from services.cases.wording import REFUSALS, TITLES

EVENT_TASK = "cases.handle_events"


def locked(pk: int) -> Case:
    """The case, locked until the transaction ends: whoever changes a case holds this lock first."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("version__procedure", "agency__parent", "applicant")
    # The words are many, and only filing and answering change them.
    cases = cases.defer("search")
    # A case that was put under another version or agency while we waited for its lock falls out of the join once.
    return cases.filter(pk=pk).first() or cases.get(pk=pk)


def allowed(
    name: str, case: Case, *, powers: frozenset[str] = frozenset(), actor: lifecycle.Actor | None = None, reason: str = ""
) -> lifecycle.Action:
    """The row of the life-cycle table, or Refused with the reason in words."""
    try:
        return lifecycle.step(name, lifecycle.State(case.state), powers=powers, actor=actor, reason=reason)  # type: ignore[arg-type]
    except lifecycle.NotAllowed as no:
        field = "note" if no.code == "reason" else ""
        status = 403 if no.code == "power" else 409
        raise Refused(f"case.{no.code}", str(REFUSALS[no.code]), field=field, status=status) from no


QUIET = frozenset(
    {
        "claim",
        "release",
        "assign",
        "share_out",
        "expire_claim",
        "fill_fields",
        "note",
        "label",
        "unlabel",
        "send_message",
        "begin",
        "document_signed",
        "document_issued",
        "draft_extension",
    }
)
"""Actions after which what somebody is writing about the case still fits."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that somebody has not seen yet, as the timeline shows it."""

    at: datetime
    action: str
    title: str
    actor_name: str
    office_name: str
    note: str


class Overtaken(Refused):
    """The case moved on while somebody was writing; `since` is what they have not seen, oldest first."""

    def __init__(self, since: list[Happened]) -> None:
        super().__init__("case.changed", _("Something happened in this case while you were writing. Look at it, then go on."))
        self.since = since


def check_seen(case: Case, seen: int | None, by: Person) -> None:
    """Raises Overtaken when something that matters happened in the locked case after event number `seen`; None asks nothing."""
    if seen is None or case.last_event <= seen:
        return
    unseen = case.events.filter(sequence__gt=seen).exclude(action__in=QUIET).exclude(actor=by).order_by("sequence")
    if since := [_happened(event) for event in unseen.select_related("actor", "office", "work_item")]:
        raise Overtaken(since)


def _happened(event: CaseEvent) -> Happened:
    title = str(TITLES[event.action])
    return Happened(
        at=event.at,
        action=event.action,
        title=f"{title}: {event.work_item.title}" if event.work_item else title,
        actor_name=event.actor.full_name if event.actor else "",
        office_name=event.office.name if event.office else "",
        note=event.note,
    )


def record(
    case: Case,
    action: lifecycle.Action,
    *,
    by: Person | None = None,
    office: Office | None = None,
    item: WorkItem | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    """Apply the action to a locked case: state, clock, event. The caller is in a transaction and saves nothing else of the case."""
    now = clock.now()
    before = lifecycle.State(case.state)
    after = lifecycle.target(action, before, _before_pause(case, before), accepted=case.accepted_at is not None)
    _turn_clock(case, action, before, after, now)
    case.state = after
    if after not in lifecycle.CLOSED:
        case.closed_at = None
    elif before not in lifecycle.CLOSED:
        case.closed_at = now
    case.last_event += 1
    event = CaseEvent(
        case=case,
        sequence=case.last_event,
        at=now,
        action=action.name,
        from_state=before,
        to_state=after,
        actor=by,
        office=office,
        work_item=item,
        note=note.strip(),
        data=data or {},
        previous_hash=case.last_hash or chain.GENESIS,
    )
    event.hash = chain.digest(event.previous_hash, event_content(event))
    case.last_hash = event.hash
    case.save()
    event.save(force_insert=True)
    after_commit(EVENT_TASK, case.pk)
    return event


def _before_pause(case: Case, now: lifecycle.State) -> lifecycle.State | None:
    """The state that BACK means: a withdrawal asked for while the applicant was to act leads back there."""
    kept = case.state_before_pause
    if now is lifecycle.State.WITHDRAWAL and case.state_before_withdrawal is not None:
        kept = case.state_before_withdrawal
    return None if kept is None else lifecycle.State(kept)


def _turn_clock(case: Case, action: lifecycle.Action, before: lifecycle.State, after: lifecycle.State, now: datetime) -> None:
    calendar = calendar_of(case.agency)
    match action.clock:
        case lifecycle.Clock.START:
            case.accepted_at = now
            _start(case, now, calendar)
        case lifecycle.Clock.PAUSE:
            case.paused_at = case.paused_at or now
            if before not in lifecycle.PAUSED:
                case.state_before_pause = before
            case.state_before_withdrawal = before if before in lifecycle.PAUSED else None
        case lifecycle.Clock.RESUME:
            if after not in lifecycle.PAUSED:
                _resume(case, now, calendar)
            if action.name == "answer_supplement" and case.version.limit_restarts and case.accepted_at:
                _start(case, now, calendar)
        case lifecycle.Clock.STOP:
            _resume(case, now, calendar)
            if case.accepted_at and case.clock_started_at:
                case.completed_at = now
                worked = deadlines.minutes_between(case.clock_started_at, now, calendar)
                case.worked_minutes = max(0, worked - case.paused_minutes)
        case lifecycle.Clock.REOPEN:
            stood = _stood_still(case, case.completed_at or now, now, calendar)
            case.completed_at = case.worked_minutes = None
            case.reopened += 1
            if case.due_at:
                case.paused_minutes += stood
                case.due_at = deadlines.add_minutes(case.due_at, stood, calendar)


def _start(case: Case, now: datetime, calendar: deadlines.Calendar) -> None:
    """The whole limit counts from now; time the clock stood still before belongs to the limit that is over."""
    case.clock_started_at = deadlines.clock_start(now, calendar, same_day=case.version.same_day)
    value, unit = case.limit
    case.due_at = deadlines.due(case.clock_started_at, value, deadlines.Unit(unit), calendar)
    case.paused_minutes = 0


def _resume(case: Case, now: datetime, calendar: deadlines.Calendar) -> None:
    """End a pause, if there is one: the promised time and the open steps move by the working minutes it took."""
    if case.paused_at is None:
        return
    paused_at, case.paused_at = case.paused_at, None
    if case.due_at:
        lost = _stood_still(case, paused_at, now, calendar)
        case.paused_minutes += lost
        case.due_at = deadlines.add_minutes(case.due_at, lost, calendar)
    _push_items(case, deadlines.minutes_between(paused_at, now, calendar), calendar)


def _stood_still(case: Case, since: datetime, now: datetime, calendar: deadlines.Calendar) -> int:
    """Working minutes the clock has stood: before it starts, say in the last hour of a day, there is nothing to stand still."""
    return deadlines.minutes_between(max(since, case.clock_started_at or since), now, calendar)


def _push_items(case: Case, minutes: int, calendar: deadlines.Calendar) -> None:
    # An office that was asked has a limit of its own, which runs on while the case waits for its applicant.
    items = list(case.work_items.filter(state=WorkItem.State.OPEN).exclude(kind=Kind.CONSULT, hours__isnull=False))
    for item in items:
        item.due_at = deadlines.add_minutes(item.due_at, minutes, calendar)
        item.reminded = 0
    WorkItem.objects.bulk_update(items, ["due_at", "reminded"])


def site_link(case: Case) -> str:
    """Where the applicant follows the case."""
    return f"{settings.SITE_URL}/ho-so/{case.number}/"
