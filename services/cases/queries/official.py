"""What an official may see. One queryset of cases per person serves pages, actions, files and search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.models import Post
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines, lifecycle, routing
from services.cases.models import Case, WorkItem
from services.cases.queries.calendars import calendar_of, signed_minutes
from services.documents.models import Attachment, IssuedDocument

PAUSED = [5, 6, 7]
COUNT_CAP = 100
HEAVY = (
    "answers",
    "search",
    "version__channels",
    "version__fees",
    "version__circumstances",
    "version__documents",
    "version__form",
    "version__route",
    "version__outcome",
    "version__steps_text",
    "version__conditions",
    "version__legal_basis",
    "version__procedure__search",
)
"""Columns that no list of cases shows; together they weigh more than all others."""


def at_my_desk(posts: Iterable[Post]) -> Q:
    """Work items of the offices of these posts whose power the post carries."""
    desks = Q(pk__in=[])
    for post in posts:
        if powers := sorted(CASE_POWERS.intersection(Power(power) for power in post.powers)):
            desks |= Q(office=post.office_id, power__in=powers)
    return desks


def work_items(person: Person) -> QuerySet[WorkItem]:
    """Open work items the person may take: in an office where they hold a post with the step's power."""
    return WorkItem.objects.filter(at_my_desk(offices.posts_of(person)), state=WorkItem.State.OPEN)


def item_for_official(person: Person, pk: int) -> WorkItem:
    """A work item at one of the person's desks, open or not. Raises WorkItem.DoesNotExist."""
    desks = at_my_desk(offices.posts_of(person))
    return (
        WorkItem.objects.filter(desks)
        .select_related("case__version__procedure", "case__agency", "case__applicant", "office", "claimed_by", "finished_by")
        .get(pk=pk)
    )


def cases_for_official(person: Person) -> QuerySet[Case]:
    """Cases that are or were at an office where the person handles cases, that their counter received for whichever agency,
    and all of the agencies they supervise.
    """
    desks = [
        post.office_id for post in offices.posts_of(person) if CASE_POWERS.intersection(Power(power) for power in post.powers)
    ]
    seen = Exists(WorkItem.objects.filter(case=OuterRef("pk"), office__in=desks))
    received = Q(reception__in=offices.office_ids_where(person, Power.RECEIVE))
    return (
        Case.objects.exclude(state=Case.State.DRAFT)
        .filter(Q(seen) | received | Q(agency__in=led_agencies(person)) | Q(agency__in=offices.supervised_offices(person)))
        .select_related("version__procedure__domain", "agency", "applicant")
    )


def led_agencies(person: Person) -> list[int]:
    """Agencies in whose name the person signs: their leaders answer for every case, whichever desk it is at."""
    return sorted({offices.agency_of(post.office).pk for post in offices.posts_of(person) if Power.APPROVE in post.powers})


def case_for_official(person: Person, number: str) -> Case:
    """One case. Raises Case.DoesNotExist for a stranger's."""
    return cases_for_official(person).get(number=number)


def attachment_for_official(person: Person, number: str, attachment_id: UUID) -> Attachment:
    """A file of a case the person may see. Raises Attachment.DoesNotExist."""
    return Attachment.objects.get(pk=attachment_id, case_link__case__in=cases_for_official(person).filter(number=number))


def document_for_official(person: Person, number: str, code: str) -> IssuedDocument:
    """A drawn-up document of a case the person may see. Raises IssuedDocument.DoesNotExist."""
    return IssuedDocument.objects.exclude(file="").get(
        code=code, case_link__case__in=cases_for_official(person).filter(number=number)
    )


def items_of(case: Case) -> list[WorkItem]:
    """All work items of a case in the order they were opened."""
    return list(case.work_items.select_related("office", "claimed_by", "finished_by").order_by("opened_at", "position", "id"))


def my_open_items(case: Case, person: Person) -> list[WorkItem]:
    """Open items of this case at one of the person's desks."""
    return list(
        work_items(person)
        .filter(case=case)
        .select_related("case__version", "case__agency", "office", "claimed_by")
        .order_by("position", "id")
    )


@dataclass(frozen=True, slots=True)
class ActionChoice:
    """A button: what can be done with a work item now."""

    name: str
    needs_reason: bool
    closes: bool
    needs_password: bool
    choose_assignee: bool
    primary: bool


def actions_for(item: WorkItem, person: Person) -> list[ActionChoice]:
    """What the life-cycle table lets the person do with an item they hold; nothing unless they hold it."""
    if item.state != WorkItem.State.OPEN or item.claimed_by_id != person.pk:
        return []
    kind = routing.Kind(item.kind)
    state = lifecycle.State(item.case.state)
    powers = frozenset().union(*(post.powers for post in offices.posts_of(person) if post.office_id == item.office_id))
    choices = []
    for position, name in enumerate(routing.ACTIONS_OF_KIND[kind]):
        row = lifecycle.BY_NAME[name]
        if state not in row.sources or isinstance(row.who, lifecycle.Actor) or not row.who.intersection(powers):
            continue
        choices.append(
            ActionChoice(
                name=name,
                needs_reason=row.needs_reason,
                closes=name in routing.CLOSING,
                needs_password=name in ("sign", "seal"),
                choose_assignee=kind is routing.Kind.ASSIGN and name == "finish",
                primary=position == 0,
            )
        )
    return choices


def assignees_for(item: WorkItem) -> list[Person]:
    """Who in the item's office can be given the work that follows: those with the power to process there."""
    return list(offices.holders(item.office, Power.PROCESS))


def band(item: WorkItem, now: datetime | None = None) -> deadlines.Band:
    """How the item's deadline stands."""
    total = None if item.hours is None else int(item.hours * 60)
    return deadlines.band(item.due_at, now or clock.now(), total, calendar_of(item.case.agency))


def minutes_left(item: WorkItem, now: datetime | None = None) -> int:
    """Working minutes until the item is due, on the calendar of its agency; negative when overdue."""
    return signed_minutes(now or clock.now(), item.due_at, calendar_of(item.case.agency))
