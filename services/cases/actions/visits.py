"""How far an official has seen a case."""

from collections.abc import Sequence
from datetime import timedelta

from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case, CaseEvent, CaseVisit

SITTING = timedelta(minutes=30)
"""Opening a case again within this time goes on with the same look: what was new then stays marked."""


def look(case: Case, person: Person, events: Sequence[CaseEvent]) -> int:
    """Remember that the person has the case before them, with these events. Returns the last event they knew before."""
    now = clock.now()
    visit = CaseVisit.objects.filter(case=case, person=person).first()
    if visit is None:
        seen = case.last_event
    elif now - visit.at <= SITTING:
        seen = visit.seen
    else:
        seen = max((event.sequence for event in events if event.at <= visit.at), default=visit.seen)
    CaseVisit.objects.bulk_create(
        [CaseVisit(case=case, person=person, seen=seen, at=now)],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=["seen", "at"],
    )
    return seen
