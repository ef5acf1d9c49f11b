"""A year of the working calendar as a picture and as a list."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from identity.offices import queries as offices
from identity.offices.models import CalendarDay, Office
from portal.kit import clock
from services.cases.queries.calendars import calendar_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month: `kind` is work, weekend, off or makeup; no day before the first of the month."""

    day: int = 0
    kind: str = ""
    today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """Cells from Monday on, and how many of its days are worked."""

    first: date
    cells: tuple[Cell, ...]
    worked: int


@dataclass(frozen=True, slots=True)
class Named:
    """A day off or a make-up day in the list; `row` where it was decided here rather than by law, `own` where it can be taken back."""

    day: date
    works: bool
    name: str
    row: CalendarDay | None
    own: bool


@dataclass(frozen=True, slots=True)
class Year:
    """The whole year of one agency."""

    year: int
    months: tuple[Month, ...]
    named: tuple[Named, ...]
    worked: int


def year_of(office: Office, year: int) -> Year:
    """What the agency works in that year. Three queries at most."""
    known = calendar_of(office)
    first, last = date(year, 1, 1), date(year, 12, 31)
    names = offices.day_names(office, first, last)
    nearest = {row.day: row for row in offices.decided_days(office, first, last)}
    special = sorted(day for day in known.days_off | known.make_up_days | nearest.keys() if day.year == year)
    today = clock.today()
    named = tuple(
        Named(
            day=day,
            works=known.works(day),
            name=names.get(day, ""),
            row=nearest.get(day),
            own=day in nearest and nearest[day].office_id == office.pk and day >= today,
        )
        for day in special
    )
    marked = {one.day: "makeup" if one.works else "off" for one in named}
    months = tuple(_month(year, number, marked, today) for number in range(1, 13))
    return Year(year, months, named, sum(month.worked for month in months))


def _month(year: int, number: int, marked: dict[date, str], today: date) -> Month:
    weekday, length = calendar.monthrange(year, number)
    days: Sequence[date] = [date(year, number, day) for day in range(1, length + 1)]
    kinds = [marked.get(day, "work" if day.weekday() < 5 else "weekend") for day in days]
    cells = [Cell()] * weekday + [Cell(day.day, kind, day == today) for day, kind in zip(days, kinds, strict=True)]
    return Month(days[0], tuple(cells), sum(kind in ("work", "makeup") for kind in kinds))
