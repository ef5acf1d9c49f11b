"""Messages to officials about their work."""

from datetime import datetime

from django.conf import settings

from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case, WorkItem
from services.notices import actions as notices


def tell_official(
    key: str, to: Person, event: str, case: Case, item: WorkItem, *, due: datetime | None = None, reason: str = ""
) -> None:
    """Put a message about a work item on its way, dated with the item's own limit or `due`; the same `key` again changes nothing."""
    notices.queue(
        key=key,
        person=to,
        event=event,
        values={
            "number": case.number or "",
            "procedure": case.version.name,
            "agency": case.agency.name,
            "office": item.office.name,
            "return_place": item.office.name,
            "due": f"{clock.local(due or item.due_at):%H:%M %d/%m/%Y}",
            "reason": reason,
            "url": f"{settings.SITE_URL}/can-bo/ho-so/{case.number}/",
        },
    )
