"""The only reader of figures. Every page costs the same number of queries, whatever is in the database.

Open cases are counted on the partial index of open cases by agency, finished ones on that of finished cases by agency and
day of completion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMinute

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines
from services.cases.models import OPEN_STATES, Case, WorkItem
from services.cases.queries import calendar_of
from services.cases.queries.calendars import signed_minutes
from services.catalogue.models import Version
from services.catalogue.pace import Measured
from services.reports.measures import Grade, Month, grade, rate

WORST_SHOWN = 20
WAITING_STATES = [Case.State.SUPPLEMENT, Case.State.PAYMENT, Case.State.WITHDRAWAL]
HEAVY = ("form", "documents", "route", "outcome", "steps_text", "legal_basis", "conditions", "fees", "channels", "circumstances")
"""Columns of a version that a list does not show."""


TURNAROUND_DAYS = 180
"""How far back the pace of a procedure is measured."""
FEWEST_CASES = 5
"""With fewer cases a figure says more about single people than about the procedure."""


class Percentile(Aggregate):
    """PostgreSQL's percentile_cont: the value below which that share of the values lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class Median(Aggregate):
    """PostgreSQL's percentile_cont(0.5): the middle value, or the mean of the two middle ones."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Figures:
    """What is open now and what ended in the month, for one office, one procedure or all together."""

    label: str = ""
    code: str = ""
    open: int = 0
    unaccepted: int = 0
    waiting: int = 0
    overdue: int = 0
    due_soon: int = 0
    completed: int = 0
    stopped: int = 0
    on_time: int = 0
    median_minutes: float | None = None

    @property
    def ended(self) -> int:
        """Cases that ended in the month, with an outcome or without."""
        return self.completed + self.stopped

    @property
    def late(self) -> int:
        """Those that ended after the promised date."""
        return self.ended - self.on_time

    @property
    def rate(self) -> Decimal | None:
        """Per cent that ended on time."""
        return rate(self.on_time, self.ended)

    @property
    def grade(self) -> Grade:
        """How the rate looks."""
        return grade(self.rate)


@dataclass(frozen=True, slots=True)
class Late:
    """An open case past its promised date. `minutes` are working minutes; `at` are the steps it is in."""

    case: Case
    minutes: int
    at: list[WorkItem]


@dataclass(frozen=True, slots=True)
class Jam:
    """An office with work past its step's limit."""

    office: Office
    open: int
    overdue: int
    unclaimed: int


def scope(person: Person) -> list[Office]:
    """Every agency the person supervises, superiors before those below. One query."""
    agencies = offices.supervised_offices(person).exclude(kind=Office.Kind.UNIT)
    return list(agencies.filter(is_active=True).order_by("path"))


def below(agencies: list[Office], top: Office) -> list[Office]:
    """The office and those below it, out of a scope."""
    return [office for office in agencies if office.path.startswith(top.path)]


def _open(agencies: list[Office]) -> QuerySet[Case]:
    return Case.objects.filter(state__in=OPEN_STATES, agency__in=agencies)


def _ended(agencies: list[Office], month: Month) -> QuerySet[Case]:
    start, end = (datetime.combine(one.first, time.min, clock.HERE) for one in (month, month.following))
    return Case.objects.filter(completed_at__gte=start, completed_at__lt=end, agency__in=agencies, due_at__isnull=False)


def _open_counts(now: datetime) -> dict[str, Count]:
    minute = now.replace(second=0, microsecond=0)
    running = ~Q(state__in=WAITING_STATES) & Q(due_at__isnull=False)
    soon = deadlines.add_minutes(now, deadlines.MINUTES_PER_DAY, calendar_of(None))
    return {
        "open": Count("pk"),
        "unaccepted": Count("pk", filter=Q(state=Case.State.FILED)),
        "waiting": Count("pk", filter=Q(state__in=WAITING_STATES)),
        "overdue": Count("pk", filter=running & Q(due_at__lt=minute)),
        "due_soon": Count("pk", filter=running & Q(due_at__gte=minute, due_at__lt=soon)),
    }


def _ended_counts() -> dict[str, Aggregate]:
    punctual = Q(ended_minute__lte=F("due_minute"))
    return {
        "completed": Count("pk", filter=~Q(state=Case.State.STOPPED)),
        "stopped": Count("pk", filter=Q(state=Case.State.STOPPED)),
        "on_time": Count("pk", filter=punctual),
        "median_minutes": Median("worked_minutes", filter=~Q(state=Case.State.STOPPED)),
    }


def _to_the_minute(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(ended_minute=TruncMinute("completed_at"), due_minute=TruncMinute("due_at"))


def totals(agencies: list[Office], month: Month) -> Figures:
    """All together. Two queries."""
    found: dict[str, Any] = _open(agencies).aggregate(**_open_counts(clock.now()))
    found |= _to_the_minute(_ended(agencies, month)).aggregate(**_ended_counts())
    return Figures(**found)


def by_agency(agencies: list[Office], month: Month) -> list[Figures]:
    """One line for each agency of the scope that has cases, most overdue first. Two queries."""
    rows = _grouped("agency", agencies, month)
    lines = [replace(rows[office.pk], label=office.name, code=office.code) for office in agencies if office.pk in rows]
    return sorted(lines, key=lambda line: (-line.overdue, -line.open, line.label))


def by_procedure(agencies: list[Office], month: Month) -> list[Figures]:
    """One line for each procedure that has cases, most overdue first. Three queries."""
    rows = _grouped("version__procedure", agencies, month)
    names = Version.objects.filter(procedure__current=F("pk"), procedure__in=rows).values_list(
        "procedure", "procedure__code", "name"
    )
    lines = [replace(rows[pk], label=name, code=code) for pk, code, name in names]
    return sorted(lines, key=lambda line: (-line.overdue, -line.open, line.label))


def _grouped(key: str, agencies: list[Office], month: Month) -> dict[int, Figures]:
    found: dict[int, dict[str, Any]] = {}
    open_rows = _open(agencies).order_by().values(key).annotate(**_open_counts(clock.now()))
    ended_rows = _to_the_minute(_ended(agencies, month)).order_by().values(key).annotate(**_ended_counts())
    for row in [*open_rows, *ended_rows]:
        found.setdefault(row.pop(key), {}).update(row)
    return {pk: Figures(**row) for pk, row in found.items()}


def worst(agencies: list[Office]) -> list[Late]:
    """The open cases longest past their promised date, worst first, 20 at most. Two queries."""
    now = clock.now()
    steps = WorkItem.objects.filter(state=WorkItem.State.OPEN).select_related("office").order_by("position", "pk")
    late = (
        _open(agencies)
        .exclude(state__in=WAITING_STATES)
        .filter(due_at__lt=now.replace(second=0, microsecond=0))
        .select_related("version", "agency")
        .defer("answers", *(f"version__{column}" for column in HEAVY))
        .prefetch_related(Prefetch("work_items", queryset=steps, to_attr="open_steps"))
        .order_by("due_at", "pk")[:WORST_SHOWN]
    )
    return [Late(case, _overdue_minutes(case, now), case.open_steps) for case in late]


def _overdue_minutes(case: Case, now: datetime) -> int:
    assert case.due_at is not None
    return max(0, -signed_minutes(now, case.due_at, calendar_of(case.agency)))


def jams(agencies: list[Office]) -> list[Jam]:
    """Offices inside the scope with open work, those with most overdue work first. One query and one for their names."""
    now = clock.now()
    inside = Q(pk__in=[])
    for office in _tops(agencies):
        inside |= Q(path__startswith=office.path)
    counted: Mapping[int, Mapping[str, Any]] = {
        row["office"]: row
        for row in WorkItem.objects.filter(state=WorkItem.State.OPEN, office__in=Office.objects.filter(inside))
        .exclude(case__state__in=WAITING_STATES)
        .order_by()
        .values("office")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            unclaimed=Count("pk", filter=Q(claimed_by=None)),
        )
    }
    rows = [
        Jam(office, counted[office.pk]["open"], counted[office.pk]["overdue"], counted[office.pk]["unclaimed"])
        for office in Office.objects.filter(pk__in=counted)
    ]
    return sorted(rows, key=lambda jam: (-jam.overdue, -jam.open, jam.office.path))


def _tops(agencies: list[Office]) -> list[Office]:
    """The offices of a scope that no other one of it contains."""
    tops: list[Office] = []
    for office in sorted(agencies, key=lambda one: one.path):
        if not tops or not office.path.startswith(tops[-1].path):
            tops.append(office)
    return tops


def recent_turnaround() -> list[Measured]:
    """The pace of every procedure of which enough cases were completed lately. One query, on the index of completed cases."""
    since = clock.today() - timedelta(days=TURNAROUND_DAYS)
    began = datetime.combine(since, time(), clock.HERE)
    # A case is on time when it was done by the minute promised, as in the figures above.
    rows = (
        Case.objects.filter(completed_at__gte=began, worked_minutes__isnull=False)
        .values(procedure=F("version__procedure"))
        .annotate(
            cases=Count("pk"),
            median=Percentile("worked_minutes", share="0.5"),
            ninetieth=Percentile("worked_minutes", share="0.9"),
            punctual=Count("pk", filter=Q(completed_at__lte=F("due_at"))),
        )
        .filter(cases__gte=FEWEST_CASES)
    )
    return [
        Measured(
            procedure_id=row["procedure"],
            cases=row["cases"],
            median_minutes=round(row["median"]),
            ninetieth_minutes=round(row["ninetieth"]),
            on_time=100 * row["punctual"] // row["cases"],
            since=since,
        )
        for row in rows
    ]
