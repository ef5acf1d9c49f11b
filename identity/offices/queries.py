"""The only reader of offices, posts and the working calendar."""

import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import holidays
from django.db.models import Case, Exists, F, IntegerField, Q, QuerySet, Value, When

from identity.offices.models import Absence, CalendarDay, Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock

CALENDAR_SECONDS = 60
"""How long a process may go on with the calendar it has read."""
YEARS_BACK, YEARS_AHEAD = 6, 4


def _current(prefix: str = "") -> Q:
    today = clock.today()
    return Q(**{f"{prefix}since__lte": today}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": today}))


def posts_of(person: Person) -> list[Post]:
    """The posts the person holds today at active offices, with their offices. Read once per person object."""
    if not (person.is_authenticated and person.is_active and person.is_official):
        return []
    known: list[Post] | None = getattr(person, "_current_posts", None)
    if known is None:
        posts = Post.objects.filter(_current(), person=person, office__is_active=True)
        known = list(posts.select_related("office__parent").order_by("office__path", "pk"))
        person._current_posts = known  # type: ignore[attr-defined]
    return known


def forget_posts(person: Person) -> None:
    """Have the posts of this person object read again."""
    person.__dict__.pop("_current_posts", None)


def powers_of(person: Person) -> frozenset[str]:
    """Every power the person holds somewhere."""
    return frozenset[str]().union(*(post.powers for post in posts_of(person)))


def office_ids_where(person: Person, *powers: str) -> list[int]:
    """Offices where the person holds at least one of the powers."""
    wanted = {str(power) for power in powers}
    return [post.office_id for post in posts_of(person) if wanted.intersection(post.powers)]


def offices_where(person: Person, powers: Collection[str]) -> QuerySet[Office]:
    """Offices where the person holds at least one of the powers."""
    return Office.objects.filter(pk__in=office_ids_where(person, *powers))


def has_power(person: Person, power: str, office: Office) -> bool:
    """Whether the person holds the power at this very office."""
    return office.pk in office_ids_where(person, power)


def supervised_offices(person: Person) -> QuerySet[Office]:
    """Offices where the person may supervise, and everything below them."""
    below = Q(pk__in=[])
    for post in posts_of(person):
        if Power.SUPERVISE in post.powers:
            below |= Q(path__startswith=post.office.path)
    return Office.objects.filter(below)


def holders(office: Office, power: str) -> QuerySet[Person]:
    """Officials who hold the power at the office today, by name."""
    posts = Post.objects.filter(_current(), office=office, powers__contains=[str(power)])
    return Person.objects.filter(pk__in=posts.values("person"), is_active=True).order_by("full_name", "pk")


def current_posts(office: Office) -> QuerySet[Post]:
    """Who works at the office today, by name."""
    posts = Post.objects.filter(_current(), office=office, person__is_active=True)
    return posts.select_related("person").order_by("person__full_name", "person")


def colleagues_of(person: Person) -> QuerySet[Person]:
    """Officials with a post in one of the person's offices today, by name; not the person."""
    offices = [post.office_id for post in posts_of(person)]
    posts = Post.objects.filter(_current(), office__in=offices)
    return Person.objects.filter(pk__in=posts.values("person"), is_active=True).exclude(pk=person.pk).order_by("full_name", "pk")


def has_post_with(office_id: Any, person_id: Any, power: Any) -> Exists:
    """For filters: whether that person holds that power at that office today and may sign in. Arguments are expressions."""
    posts = Post.objects.filter(_current(), office_id=office_id, person_id=person_id, powers__contains=[power])
    return Exists(posts.filter(person__is_active=True, office__is_active=True))


def keeps_calendar_of(person: Person, by: Person) -> bool:
    """Whether `by` may write down the person's absences: oneself, or the head of an office where the person holds a post."""
    if not by.is_official or not person.is_official:
        return False
    return by.pk == person.pk or bool(led_offices(by, person))


def led_offices(by: Person, person: Person) -> list[int]:
    """Offices `by` heads in which the person holds a post today."""
    led = office_ids_where(by, Power.LEAD)
    return list(Post.objects.filter(_current(), office__in=led, person=person).values_list("office_id", flat=True)) if led else []


def absences(people: Iterable[int], since: date) -> QuerySet[Absence]:
    """Absences of these people that are not over on that day, the earliest first."""
    found = Absence.objects.filter(person__in=list(people), until__gte=since)
    return found.select_related("person", "deputy").order_by("since", "pk")


def away_on(people: Iterable[int], day: date) -> dict[int, Absence]:
    """Who of these people is away on that day. One query."""
    found = Absence.objects.filter(person__in=list(people), since__lte=day, until__gte=day)
    return {absence.person_id: absence for absence in found.select_related("person", "deputy")}


def ancestor_ids(office: Office) -> list[int]:
    """Ids from the root down to the office itself, read from its path."""
    return [int(part) for part in office.path.split("/") if part]


def agency_of(office: Office) -> Office:
    """The office itself when it issues documents in its own name, else the nearest above that does."""
    while not office.is_agency and office.parent is not None:
        office = office.parent
    return office


def units_of(agency: Office) -> dict[str, Office]:
    """Function -> office for the agency and the units directly inside it; a unit wins over the agency."""
    within = Office.objects.filter(Q(pk=agency.pk) | Q(parent=agency.pk, kind=Office.Kind.UNIT), is_active=True)
    own_first = (
        within.exclude(function="")
        .select_related("parent")
        .order_by(Case(When(pk=agency.pk, then=Value(0)), default=Value(1), output_field=IntegerField()), "pk")
    )
    return {office.function: office for office in own_first}


def unit(agency: Office, function: str) -> Office | None:
    """The unit with that function inside the agency, or the agency itself if it has that function."""
    return units_of(agency).get(function)


def by_code(code: str) -> Office | None:
    """The active office with that identifier code."""
    return by_codes([code]).get(code)


def by_codes(codes: Iterable[str]) -> dict[str, Office]:
    """Code -> active office, for those that exist."""
    found = Office.objects.filter(code__in={code for code in codes if code}, is_active=True).select_related("parent")
    return {office.code: office for office in found}


def ward_by_code(ward_code: str) -> Office | None:
    """The people's committee of the ward with that administrative code."""
    if not ward_code:
        return None
    return Office.objects.filter(ward_code=ward_code, kind=Office.Kind.WARD, is_active=True).select_related("parent").first()


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """Days off besides weekends, and weekend days on which offices work."""

    days_off: frozenset[date]
    make_up_days: frozenset[date]


class _CalendarBook:
    """Every calendar row, read at most once a minute per process: a queue page asks for the same calendar for each row."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._rows: list[tuple[int | None, date, bool]] = []
        self._facts: dict[str, CalendarFacts] = {}
        self._national: tuple[int, dict[date, bool]] | None = None

    def facts(self, office: Office | None) -> CalendarFacts:
        with self._lock:
            if time.monotonic() - self._read_at > CALENDAR_SECONDS:
                self._rows = list(CalendarDay.objects.values_list("office_id", "day", "is_working"))
                self._facts = {}
                self._read_at = time.monotonic()
            key = office.path if office else ""
            if key not in self._facts:
                self._facts[key] = self._work_out(office)
            return self._facts[key]

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")

    def _work_out(self, office: Office | None) -> CalendarFacts:
        days = dict(self._holidays())
        # From the whole country down to the office: the nearer decision wins.
        for level in [None, *(ancestor_ids(office) if office else [])]:
            days.update({day: works for owner, day, works in self._rows if owner == level})
        return CalendarFacts(
            days_off=frozenset(day for day, works in days.items() if not works),
            make_up_days=frozenset(day for day, works in days.items() if works),
        )

    def _holidays(self) -> dict[date, bool]:
        year = clock.today().year
        if self._national is None or self._national[0] != year:
            official = holidays.VN(  # type: ignore[no-untyped-call]
                years=range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
            )
            days = dict.fromkeys(official, False) | dict.fromkeys(official.weekend_workdays, True)
            self._national = (year, days)
        return self._national[1]


_BOOK = _CalendarBook()


def working_calendar(office: Office | None) -> CalendarFacts:
    """National holidays, then the calendar days decided for the country, the office's superiors and the office itself.

    None asks for the whole country. A change made in another process is seen within a minute.
    """
    return _BOOK.facts(office)


def day_names(office: Office | None, since: date, until: date) -> dict[date, str]:
    """What the days off and make-up days from `since` to `until` are for, as far as they have names. One query."""
    official = holidays.VN(years=range(since.year, until.year + 1), language="vi")  # type: ignore[no-untyped-call]
    names = {day: name for day, name in official.items() if since <= day <= until}
    levels = Q(office=None) | Q(office__in=ancestor_ids(office) if office else [])
    decided = CalendarDay.objects.filter(levels, day__range=(since, until)).exclude(name="")
    # The nearer decision wins: the country first, then down to the office.
    nearest = decided.order_by(F("office__path").asc(nulls_first=True)).values_list("day", "name")
    return names | dict(nearest)


def calendar_offices(person: Person) -> QuerySet[Office]:
    """Agencies whose days off the person may decide: at and below the offices they administer, the superior first."""
    below = Q(pk__in=[])
    for post in posts_of(person):
        if Power.ADMINISTER in post.powers:
            below |= Q(path__startswith=post.office.path)
    return Office.objects.filter(below, is_active=True).exclude(kind=Office.Kind.UNIT).order_by("path")


def decided_days(office: Office, since: date, until: date) -> list[CalendarDay]:
    """What was decided for the country, the office's superiors and the office itself, in order. One query."""
    levels = Q(office=None) | Q(office__in=ancestor_ids(office))
    found = CalendarDay.objects.filter(levels, day__range=(since, until)).select_related("office")
    return list(found.order_by("day", F("office__path").asc(nulls_first=True)))


def forget_calendar() -> None:
    """Have this process read the calendar again at the next question."""
    _BOOK.forget()
