"""The record of a case as the explanation of its promised date wants it."""

from collections.abc import Sequence
from datetime import datetime

from identity.offices import queries as offices
from portal.kit import clock
from services.cases import deadline_story, lifecycle
from services.cases.deadline_story import Story, Turn
from services.cases.deadlines import HERE, Unit
from services.cases.models import Case, CaseEvent
from services.cases.queries.calendars import calendar_of


def story_of(case: Case, events: Sequence[CaseEvent]) -> Story | None:
    """Why the answer is due when it is; None before acceptance. At most one query, for the names of days off."""
    if case.due_at is None or case.clock_started_at is None:
        return None
    value, unit = case.limit
    first, last = case.clock_started_at.astimezone(HERE).date(), case.due_at.astimezone(HERE).date()
    return deadline_story.explain(
        [_turn(case, event) for event in events if event.action in lifecycle.BY_NAME],
        value,
        Unit(unit),
        calendar_of(case.agency),
        now=clock.now(),
        same_day=case.version.same_day,
        restarts=case.version.limit_restarts,
        promised=case.due_at,
        names=offices.day_names(case.agency, first, last),
    )


def _turn(case: Case, event: CaseEvent) -> Turn:
    """An extension sets the date it names in its entry."""
    new_due = event.data.get("due_after") if event.action == "extend" else None
    return Turn(event.action, event.at, lifecycle.State(event.to_state), datetime.fromisoformat(new_due) if new_due else None)
