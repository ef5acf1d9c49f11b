"""Which steps and cases are near their end or past it, in batches, and who is to be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, Q, QuerySet

from identity.offices.models import Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines, reminding, routing
from services.cases.models import Case, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.official import HEAVY, PAUSED

BATCH = 500
LISTED = 10
OVERDUE_CAP = 10_000
"""Overdue cases that one summary looks at; a city with more has other worries."""
RUNNING = [Case.State.ACCEPTED, Case.State.IN_PROGRESS]
DAYS_OF_OFFICES = timedelta(days=3)
"""Offices may have days off that the country has not."""

Place = tuple[datetime, int]
"""Due time and key of the last row of a batch."""


def _soon(now: datetime) -> datetime:
    return deadlines.add_minutes(now, reminding.NEAR_AT_MOST, calendar_of(None)) + DAYS_OF_OFFICES


def _after(place: Place | None) -> Q:
    return Q() if place is None else Q(due_at__gt=place[0]) | Q(due_at=place[0], pk__gt=place[1])


def steps_running_out(after: Place | None = None, limit: int = BATCH) -> list[WorkItem]:
    """The next open steps that are overdue or due soon, the earliest first, without those that stand still. One query."""
    found = WorkItem.objects.filter(_after(after), state=WorkItem.State.OPEN, due_at__lt=_soon(clock.now()))
    found = found.exclude(~Q(kind=routing.Kind.WITHDRAWAL), case__state__in=PAUSED).select_related("case", "office", "agency")
    heavy = [f"case__{name}" for name in HEAVY if not name.startswith("version")]
    return list(found.defer(*heavy).order_by("due_at", "pk")[:limit])


def stage_of(item: WorkItem) -> int:
    """How far the reminders of the item should have come by now."""
    calendar = calendar_of(item.agency)
    total = int(item.hours * 60) if item.hours is not None else deadlines.minutes_between(item.opened_at, item.due_at, calendar)
    unopened = item.kind == routing.Kind.RECEIVE and item.claimed_by_id is None and item.case.channel == Case.Channel.ONLINE
    return reminding.stage(item.opened_at, item.due_at, total, clock.now(), calendar, unopened=unopened)


def cases_without_apology(after: Place | None = None, limit: int = BATCH) -> list[Case]:
    """The next cases close to their date for which no apology was prepared, with their open steps. Two queries."""
    now = clock.now()
    near = Case.objects.filter(
        _after(after), state__in=RUNNING, due_at__gt=now, due_at__lt=_soon(now), extended_from=None, extension=None
    )
    steps = WorkItem.objects.filter(state=WorkItem.State.OPEN).select_related("office").order_by("position", "pk")
    near = near.select_related("version", "agency").prefetch_related(Prefetch("work_items", steps, to_attr="open_steps"))
    heavy = [name for name in HEAVY if name not in ("answers", "version__route") and "procedure" not in name]
    return list(near.defer(*heavy).order_by("due_at", "pk")[:limit])


def open_steps(case: Case) -> list[WorkItem]:
    """Open steps before the answer, as `cases_without_apology` read them."""
    known: list[WorkItem] = case.open_steps  # type: ignore[attr-defined]  # read with the cases
    return [item for item in known if item.kind not in (routing.Kind.HAND_OVER, routing.Kind.WITHDRAWAL)]


def date_to_propose(case: Case) -> datetime | None:
    """The new date for a case that will miss its own; None where it can be kept."""
    steps, now, calendar = open_steps(case), clock.now(), calendar_of(case.agency)
    if not steps or case.due_at is None or case.clock_started_at is None:
        return None
    under_way = {
        item.step: max(60, deadlines.minutes_between(now, item.due_at, calendar))
        if item.hours is not None
        else reminding.UNCOUNTED_MINUTES
        for item in steps
    }
    left = reminding.minutes_left(under_way, routing.route(case.version.route), case.answers)
    return reminding.apology(case.clock_started_at, case.due_at, left, now, calendar)


# Whom to tell


def _posts() -> QuerySet[Post]:
    today = clock.today()
    current = Post.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, office__is_active=True)
    return current.filter(person__is_active=True).select_related("person", "office")


def _of_agencies(agencies: Collection[int]) -> Q:
    return Q(office__in=agencies) | Q(office__kind=Office.Kind.UNIT, office__parent__in=agencies)


def _is_of(office: Office, agency_id: int) -> bool:
    return office.pk == agency_id or (office.kind == Office.Kind.UNIT and office.parent_id == agency_id)


def responsible(case: Case, at: Iterable[Office]) -> dict[Person, bool]:
    """Heads of those of these offices that are the agency's own, and its leaders; whether they may sign for it. One query."""
    own = [office.pk for office in at if _is_of(office, case.agency_id)]
    lead = Q(office__in=own, powers__contains=[Power.LEAD])
    leaders = _of_agencies([case.agency_id]) & Q(powers__contains=[Power.APPROVE])
    found: dict[Person, bool] = {}
    for post in _posts().filter(lead | leaders).order_by("pk"):
        found[post.person] = found.get(post.person, False) or Power.APPROVE in post.powers
    return found


@dataclass(slots=True)
class Missed:
    """Overdue cases one person answers for: how many, and the numbers of those overdue longest."""

    cases: dict[int, str] = field(default_factory=dict)

    @property
    def oldest(self) -> list[str]:
        """The first numbers."""
        return list(self.cases.values())[:LISTED]


def overdue_by_person() -> dict[Person, Missed]:
    """Overdue cases at the offices people head, and of the agencies they lead. Two queries.

    Another agency that was asked for its opinion does not answer for the case.
    """
    late = WorkItem.objects.filter(state=WorkItem.State.OPEN, case__state__in=RUNNING, case__due_at__lt=clock.now())
    own = Q(office=F("agency")) | Q(office__kind=Office.Kind.UNIT, office__parent=F("agency"))
    late = late.annotate(own=own).order_by("case__due_at", "case_id")
    rows = late.values_list("case_id", "case__number", "agency_id", "office_id", "own")
    of_office: dict[int, dict[int, str]] = defaultdict(dict)
    of_agency: dict[int, dict[int, str]] = defaultdict(dict)
    for pk, number, agency, office, is_own in rows[:OVERDUE_CAP]:
        of_agency[agency][pk] = number or ""
        if is_own:
            of_office[office][pk] = number or ""
    lead = Q(office__in=of_office, powers__contains=[Power.LEAD])
    leaders = _of_agencies(of_agency.keys()) & Q(powers__contains=[Power.APPROVE])
    found: dict[Person, Missed] = defaultdict(Missed)
    for post in _posts().filter(lead | leaders).order_by("pk") if of_agency else ():
        known = found[post.person].cases
        if Power.APPROVE in post.powers:
            agency_id = post.office_id if post.office_id in of_agency else post.office.parent_id
            known.update(of_agency.get(agency_id or 0, {}))
        if Power.LEAD in post.powers:
            known.update(of_office.get(post.office_id, {}))
    return found
