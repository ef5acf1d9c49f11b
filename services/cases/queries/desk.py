"""What a desk needs to know besides the case: its owner's wishes, colleagues' load, whether workers are still busy."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines, routing
from services.cases.models import Case, CaseEvent, DeskSettings, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.official import PAUSED
from services.documents.models import IssuedDocument


def settings_of(person: Person) -> DeskSettings:
    """How the person wants their queue; the usual way where they never said. Read once per person object."""
    try:
        return person.desk_settings
    except DeskSettings.DoesNotExist:
        return DeskSettings(person=person)


def open_work_of(office: Office, people: Iterable[Person]) -> dict[int, int]:
    """How many open items of the office each of these people holds. One query."""
    held = WorkItem.objects.filter(office=office, state=WorkItem.State.OPEN, claimed_by__in=[person.pk for person in people])
    return dict(held.order_by().values_list("claimed_by").annotate(count=Count("pk")))


MOVING_NOTHING = (
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
    "write_message",
    "prepare_extension",
    "draft_extension",
    "allow_supplement",
)
"""Actions after which workers may have somebody to tell, but the page looks the same once they have."""


def is_moving(case: Case) -> bool:
    """Whether workers still have something to do that shows on the page: a step to open, a document to draw up or to seal."""
    events = CaseEvent.objects.filter(case=OuterRef("pk"), handled_at=None).exclude(action__in=MOVING_NOTHING)
    busy = Q(Exists(events)) | Q(documents__issued__state__in=[IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL])
    return Case.objects.filter(busy, pk=case.pk).exists()


def promise_if_accepted_now(case: Case) -> datetime:
    """The date an applicant would be promised if the case were accepted this moment."""
    calendar = calendar_of(case.agency)
    value, unit = case.limit
    start = deadlines.clock_start(clock.now(), calendar, same_day=case.version.same_day)
    return deadlines.due(start, value, deadlines.Unit(unit), calendar)


def is_waiting(item: WorkItem) -> bool:
    """Whether the item stands still because the case waits for its applicant."""
    return item.case.state in PAUSED and item.kind != routing.Kind.WITHDRAWAL


def leads(person: Person, office: Office) -> bool:
    """Whether the person heads the office, and may give a colleague's work back to it."""
    return offices.has_power(person, Power.LEAD, office)


def other_cases(case: Case, seen: QuerySet[Case], limit: int = 5) -> list[Case]:
    """Newest other cases of the same applicant among those the official may see."""
    return list(seen.filter(applicant=case.applicant_id).exclude(pk=case.pk).order_by("-id")[:limit])
