"""Who could do a piece of work, what each colleague of an office holds, and which work waits for somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from identity.offices import queries as offices
from identity.offices.models import Absence, Office, Post
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines, routing, sharing
from services.cases.models import WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.official import HEAVY, PAUSED

RECENT = timedelta(days=7)
"""How far back it counts when somebody was last given work."""
PREVIEWED = 50
SWEPT = 500
WAITING = Q(case__state__in=PAUSED) & ~Q(kind=routing.Kind.WITHDRAWAL)
OPEN = Q(state=WorkItem.State.OPEN)
UNTOUCHED_SINCE = Coalesce("touched_at", "claimed_at")


@dataclass(frozen=True, slots=True)
class Load:
    """What one person holds at an office: open items, their points, the one untouched longest, the newest."""

    items: int = 0
    points: int = 0
    untouched_since: datetime | None = None
    last_given: datetime | None = None


NOTHING = Load()


def loads(office: Office, people: Iterable[int]) -> dict[int, Load]:
    """What each of these people holds at the office. One query."""
    recent = Q(state=WorkItem.State.DONE, finished_at__gte=clock.now() - RECENT)
    rows = (
        WorkItem.objects.filter(OPEN | recent, office=office, claimed_by__in=list(people))
        .order_by()
        .values("claimed_by")
        .annotate(
            items=Count("pk", filter=OPEN),
            load=Sum("points", filter=OPEN, default=0),
            oldest=Min(UNTOUCHED_SINCE, filter=OPEN & ~WAITING),
            newest=Max("claimed_at"),
        )
    )
    return {row["claimed_by"]: Load(row["items"], row["load"], row["oldest"], row["newest"]) for row in rows}


def working_day(office: Office) -> date:
    """The day on which new work is done: today while the office is or will be open, else the next working day."""
    calendar = calendar_of(office)
    now = clock.local(clock.now())
    day = now.date() if now < calendar.closing(now.date()) else now.date() + timedelta(days=1)
    return calendar.next_working_day(day)


def candidates(item: WorkItem, knower: int | None = None) -> list[sharing.Candidate]:
    """Everybody with the power the item needs at its office, as the rule wants them. Four queries.

    Who knows the case is who finished its latest such step there, or who is named.
    """
    knower = knower or _knowers(item.office, [item.case_id]).get((item.case_id, item.power))
    return _candidates(item.office, item.power, knower)


def _candidates(office: Office, power: str, knower: int | None) -> list[sharing.Candidate]:
    people = list(offices.holders(office, power))
    held = loads(office, [person.pk for person in people])
    away = offices.away_on([person.pk for person in people], working_day(office))
    return [
        sharing.Candidate(
            person=person.pk,
            name=person.full_name,
            load=held.get(person.pk, NOTHING).points,
            present=person.pk not in away,
            knows=person.pk == knower,
            deputy=away[person.pk].deputy_id if person.pk in away else None,
            last_given=held.get(person.pk, NOTHING).last_given,
        )
        for person in people
    ]


def _knowers(office: Office, cases: Iterable[int]) -> dict[tuple[int, str], int]:
    """Case and power -> who finished its latest step with that power at the office. One query.

    Whoever only assigned a case does not know it as those do who worked on it: hence the power.
    """
    done = WorkItem.objects.filter(office=office, case__in=list(cases), state=WorkItem.State.DONE, finished_by__isnull=False)
    rows = done.order_by("finished_at", "pk").values_list("case_id", "power", "finished_by_id")
    return {(case, power): person for case, power, person in rows if person is not None}


@dataclass(frozen=True, slots=True)
class Planned:
    """An item nobody holds, and who would get it; None: nobody who may do it is there."""

    item: WorkItem
    choice: sharing.Choice | None
    name: str


def unclaimed(office: Office) -> QuerySet[WorkItem]:
    """Open work of the office that nobody holds, the most urgent first."""
    return WorkItem.objects.filter(OPEN, office=office, claimed_by=None).order_by("due_at", "id")


def plan(office: Office, limit: int = PREVIEWED) -> list[Planned]:
    """How the office's unclaimed work would be shared out one after the other, without doing it. Four queries per power needed."""
    items = list(
        unclaimed(office).select_related("case__version__procedure").defer(*(f"case__{column}" for column in HEAVY))[:limit]
    )
    knowers = _knowers(office, {item.case_id for item in items}) if items else {}
    pools: dict[str, list[sharing.Candidate]] = {}
    planned = []
    for item in items:
        if item.power not in pools:
            pools[item.power] = _candidates(office, item.power, None)
        pool = pools[item.power]
        choice = sharing.choose([replace(one, knows=one.person == knowers.get((item.case_id, item.power))) for one in pool])
        names = {one.person: one.name for one in pool}
        planned.append(Planned(item, choice, names[choice.person] if choice else ""))
        if choice:
            pools[item.power] = [
                replace(one, load=one.load + item.points, last_given=clock.now()) if one.person == choice.person else one
                for one in pool
            ]
    return planned


@dataclass(frozen=True, slots=True)
class Colleague:
    """One post of the office: who, what they hold, whether they are there."""

    post: Post
    load: Load
    away: Absence | None
    coming: Absence | None

    @property
    def person(self) -> Person:
        """Whose post it is."""
        return self.post.person


def team(office: Office) -> list[Colleague]:
    """Everybody who handles cases at the office, by name. Three queries."""
    posts = [post for post in offices.current_posts(office) if CASE_POWERS.intersection(Power(power) for power in post.powers)]
    people = [post.person_id for post in posts]
    held = loads(office, people)
    day = working_day(office)
    away: dict[int, Absence] = {}
    coming: dict[int, Absence] = {}
    for absence in offices.absences(people, min(day, clock.today())):
        if absence.since <= day <= absence.until:
            away[absence.person_id] = absence
        elif absence.since > day:
            coming.setdefault(absence.person_id, absence)
    return [
        Colleague(post, held.get(post.person_id, NOTHING), away.get(post.person_id), coming.get(post.person_id)) for post in posts
    ]


def takers(item: WorkItem) -> list[tuple[Person, Load, Absence | None]]:
    """Who can be given the item, with what they hold and whether they are away. Three queries."""
    people = list(offices.holders(item.office, item.power).exclude(pk=item.claimed_by_id or 0))
    held = loads(item.office, [person.pk for person in people])
    away = offices.away_on([person.pk for person in people], working_day(item.office))
    return [(person, held.get(person.pk, NOTHING), away.get(person.pk)) for person in people]


def item_to_give(person: Person, pk: int) -> WorkItem:
    """An item the person holds the power for, or of an office they head. Raises WorkItem.DoesNotExist for a stranger."""
    item = WorkItem.objects.select_related("case__version__procedure", "case__agency", "office", "claimed_by").get(pk=pk)
    if not offices.office_ids_where(person, item.power, Power.LEAD).count(item.office_id):
        raise WorkItem.DoesNotExist
    return item


def office_of_member(person: Person, pk: int) -> Office:
    """An office where the person handles cases. Raises Office.DoesNotExist."""
    found = next((post.office for post in offices.posts_of(person) if post.office_id == pk), None)
    if found is None or pk not in offices.office_ids_where(person, *CASE_POWERS):
        raise Office.DoesNotExist
    return found


def is_new(item: WorkItem, person: Person) -> bool:
    """Whether somebody else gave the item to the person, who has not looked at it yet."""
    return item.claimed_by_id == person.pk and item.touched_at is None


# What workers look for


def idle_minutes(item: WorkItem, now: datetime) -> int:
    """Working minutes since the holder last touched the item, on the calendar of its agency."""
    since = item.touched_at or item.claimed_at
    return deadlines.minutes_between(since, now, calendar_of(item.agency)) if since else 0


def long_untouched() -> list[int]:
    """Held items nobody touched for about as long as a hold lasts; which exactly, the working calendar says. Oldest first."""
    if not settings.CLAIM_IDLE_HOURS:
        return []
    before = clock.now() - timedelta(hours=settings.CLAIM_IDLE_HOURS - sharing.WARNING_HOURS)
    idle = Q(touched_at__lte=before) | Q(touched_at=None, claimed_at__lte=before)
    found = WorkItem.objects.filter(OPEN, idle, claimed_by__isnull=False).exclude(WAITING)
    return list(found.order_by(F("touched_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:SWEPT])


def left_behind(person_id: int | None = None) -> list[int]:
    """Open items whose holder no longer has the power at the office or may no longer sign in; of one person, or of all."""
    found = WorkItem.objects.filter(OPEN, claimed_by__isnull=False)
    if person_id is not None:
        found = found.filter(claimed_by=person_id)
    still = offices.has_post_with(OuterRef("office_id"), OuterRef("claimed_by_id"), OuterRef("power"))
    return list(found.exclude(still).order_by("pk").values_list("pk", flat=True)[:SWEPT])


def to_share_out() -> list[int]:
    """Items of offices that share out which nobody ever held, or which their holder left behind. The most urgent first."""
    sharing_offices = Office.objects.filter(shares_out=True, is_active=True).values_list("pk", flat=True)
    found = WorkItem.objects.filter(OPEN, office__in=list(sharing_offices), claimed_by=None)
    never = Q(assignment={}) | Q(assignment__mode="waiting") | Q(assignment__returned="left")
    return list(found.filter(never).order_by("due_at", "pk").values_list("pk", flat=True)[:SWEPT])


def held_by(office: Office, person_id: int) -> Sequence[int]:
    """Open items of the office the person holds, the most urgent first."""
    held = WorkItem.objects.filter(OPEN, office=office, claimed_by=person_id)
    return list(held.order_by("due_at", "pk").values_list("pk", flat=True)[:SWEPT])
