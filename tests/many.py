"""Many cases at once, as far as one that was walked: rows are copied, chains are made anew."""

import copy
import uuid

from identity.trail import chain
from services.cases import queries
from services.cases.models import Case, CaseEvent, WorkItem


def copies(case: Case, count: int) -> list[Case]:
    """Cases like the given one, each with a number, work items and an intact chain of events of its own; no papers, no documents."""
    cases = [_copy(case, number=f"{case.number}-{index}", key=uuid.uuid4(), last_hash="") for index in range(count)]
    Case.objects.bulk_create(cases)
    steps = list(case.work_items.order_by("pk"))
    items = WorkItem.objects.bulk_create(_copy(step, case=one) for one in cases for step in steps)
    at = {(item.case_id, item.step, item.round): item for item in items}
    told = list(case.events.order_by("sequence").select_related("work_item"))
    events = []
    for one in cases:
        for event in told:
            step = event.work_item
            twin: CaseEvent = _copy(event, case=one, work_item=step and at[one.pk, step.step, step.round])
            twin.previous_hash = one.last_hash or chain.GENESIS
            one.last_hash = twin.hash = chain.digest(twin.previous_hash, queries.event_content(twin))
            events.append(twin)
    CaseEvent.objects.bulk_create(events)
    Case.objects.bulk_update(cases, ["last_hash"])
    return cases


def _copy(row, **changes):  # type: ignore[no-untyped-def]
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin._state.adding, twin.pk = True, None
    for name, value in changes.items():
        setattr(twin, name, value)
    return twin
