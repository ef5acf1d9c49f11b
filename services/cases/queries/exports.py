"""Lists of cases as files: whose they are, which wait, and what stands in them."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from identity.people.models import Person
from portal.kit import clock
from portal.kit.paging import page
from services.cases.models import CaseExport, Label, WorkItem
from services.cases.queries.labels import labels_for
from services.cases.queries.queue import labels_of_cases, listed, order_of
from services.cases.queue_filters import Filters

KEPT = timedelta(days=7)
GRACE = timedelta(seconds=10)
MOST_ROWS = 50_000
CHUNK = 500
BATCH = 100


def wait_after(attempts: int) -> timedelta:
    """How long nobody else tries an export after that many attempts: a worker may still be at it."""
    return timedelta(minutes=min(5 * 2 ** max(0, attempts - 1), 60))


def my_export(person: Person, key: UUID) -> CaseExport:
    """One that the person asked for. Raises CaseExport.DoesNotExist."""
    return CaseExport.objects.get(asked_by=person, key=key)


def my_exports(person: Person, limit: int = 10) -> list[CaseExport]:
    """The person's newest."""
    return list(CaseExport.objects.filter(asked_by=person).order_by("-pk")[:limit])


def exports_waiting() -> list[int]:
    """Keys of exports that a lost message or a killed worker left; up to 100."""
    now = clock.now()
    waiting = CaseExport.objects.filter(state=CaseExport.State.WAITING, asked_at__lt=now - GRACE).order_by("asked_at")
    rows = waiting.values_list("pk", "attempts", "tried_at")[:BATCH]
    return [pk for pk, attempts, tried_at in rows if tried_at is None or now - tried_at >= wait_after(attempts)]


def exported(person: Person, filters: Filters) -> Iterator[list[tuple[WorkItem, list[Label]]]]:
    """What the person may see under the filters now, with labels, 500 rows at a time and 50,000 at most."""
    rows, order, known = listed(person, filters), order_of(filters.view), labels_for(person, retired=True)
    cursor: str | None = None
    for _chunk in range(MOST_ROWS // CHUNK):
        found = page(rows, order, after=cursor, size=CHUNK)
        if not found.items:
            return
        labels = labels_of_cases([item.case_id for item in found.items], known)
        yield [(item, labels.get(item.case_id, [])) for item in found.items]
        cursor = found.next_cursor
        if cursor is None:
            return
