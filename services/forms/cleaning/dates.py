"""RULE: days, parts of dates, months and times."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.forms.cleaning.common import Wrong, typed
from services.forms.fields import Field
from services.forms.kinds import DATE_PARTS, FIRST_YEAR, LAST_YEAR, Precision
from services.forms.language import is_day
from services.forms.wording import DATE_NAMES

TIME = re.compile(r"([0-9]{1,2})(?:\s*(?:[:.]|giờ|[hg])\s*([0-9]{1,2})?\s*(?:phút|[mp])?)?", re.IGNORECASE)
MOST_PARTS = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}
WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def day(one: Field, given: Any, today: date) -> str:
    """A day of the calendar."""
    found = read_date(given)
    _limited(one, found, found, today)
    return found.isoformat()


def partial_date(one: Field, given: Any, today: date) -> str:
    """A year, a month of a year, or a day: as much as is known."""
    parts = _known_parts(given)
    needed = [name for name in DATE_PARTS[3 - MOST_PARTS[one.precision] :] if not parts[name]]
    if parts["day"] and not parts["month"] and "month" not in needed:
        needed.append("month")
    if needed:
        raise Wrong("date_unknown_part", parts=needed, missing=_Names([name for name in DATE_PARTS if name in needed]))
    if parts["day"]:
        return day(one, parts, today)
    year, month = _year(parts), _month(parts) if parts["month"] else None
    first = date(year, month or 1, 1)
    last = date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    _limited(one, first, last, today)
    return f"{year:04}-{month:02}" if month else f"{year:04}"


def month(one: Field, given: Any, today: date) -> str:
    """A month of a year."""
    parts = _known_parts(given)
    if missing := [name for name in ("month", "year") if not parts[name]]:
        raise Wrong("month_incomplete", parts=missing, missing=_Names(missing))
    year, found = _year(parts), _month(parts)
    _limited(one, date(year, found, 1), date(year, found, calendar.monthrange(year, found)[1]), today)
    return f"{year:04}-{found:02}"


def time(one: Field, given: Any, today: date) -> str:
    """A time of day: `7:30`, `7 giờ 30`, `7h30`."""
    found = TIME.fullmatch(typed(given, "not_time")) if isinstance(given, str) else None
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Wrong("not_time")
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def _known_parts(given: Any) -> dict[str, str]:
    """Day, month and year as typed, empty where they are not known."""
    if isinstance(given, str):
        text = typed(given, "date_numbers")
        if written := WRITTEN.fullmatch(text):
            return {"year": written[1], "month": written[2] or "", "day": written[3] or ""}
        pieces = re.split(r"\s*[/.\- ]\s*", text)
        if len(pieces) > 3:
            raise Wrong("date_numbers", parts=DATE_PARTS)
        return dict(zip(DATE_PARTS, [""] * (3 - len(pieces)) + pieces, strict=True))
    return _date_parts(given)


def _year(parts: Mapping[str, str]) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", parts["year"]):
        raise Wrong("date_numbers", parts=["year"])
    if not FIRST_YEAR <= int(parts["year"]) <= LAST_YEAR:
        raise Wrong("date_year", parts=["year"])
    return int(parts["year"])


def _month(parts: Mapping[str, str]) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", parts["month"]):
        raise Wrong("date_numbers", parts=["month"])
    if not 1 <= int(parts["month"]) <= 12:
        raise Wrong("date_month", parts=["month"])
    return int(parts["month"])


def _limited(one: Field, start: date, end: date, today: date) -> None:
    """Complain when all of the time from `start` to `end` lies outside the field's limits."""
    first, last = limit(one.first_day, today), limit(one.last_day, today)
    if first and end < first:
        raise Wrong("date_in_past") if one.first_day == "today" else Wrong("date_before", least=f"{first:%d/%m/%Y}")
    if last and start > last:
        raise Wrong("date_in_future") if one.last_day == "today" else Wrong("date_after", most=f"{last:%d/%m/%Y}")


def limit(written: str, today: date) -> date | None:
    if not written:
        return None
    return today if written == "today" else date.fromisoformat(written)


def read_date(given: Any) -> date:
    """A day from three inputs, from `YYYY-MM-DD`, or from `5/3/1990` in one. Raises Wrong."""
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    parts = _date_parts(given)
    if missing := [name for name in DATE_PARTS if not parts[name]]:
        raise Wrong("date_incomplete", parts=missing, missing=_Names(missing))
    if strange := [name for name in DATE_PARTS if not re.fullmatch(r"[0-9]{1,4}", parts[name])]:
        raise Wrong("date_numbers", parts=strange)
    if not 1 <= int(parts["day"]) <= 31:
        raise Wrong("date_day", parts=["day"])
    month, year = _month(parts), _year(parts)
    days = calendar.monthrange(year, month)[1]
    if int(parts["day"]) > days:
        raise Wrong("date_month_end", parts=["day"], month=month, year=year, days=days)
    return date(year, month, int(parts["day"]))


class _Names:
    """Parts of a date, named when printed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def __str__(self) -> str:
        return ", ".join(str(DATE_NAMES[name]) for name in self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Names) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)


def _date_parts(given: Any) -> dict[str, str]:
    """Day, month and year as typed: from three inputs, from `YYYY-MM-DD`, or from `5/3/1990` in one."""
    if isinstance(given, Mapping):
        return {name: typed(given.get(name) or "", "date_numbers") for name in DATE_PARTS}
    if isinstance(given, list | tuple):
        pieces = [typed(part or "", "date_numbers") for part in given]
    else:
        text = typed(given, "date_numbers")
        if is_day(text):
            year, month, day = text.split("-")
            pieces = [day, month, year]
        else:
            pieces = re.split(r"\s*[/.\- ]\s*", text)
    if len(pieces) != 3:
        raise Wrong("date_numbers", parts=DATE_PARTS)
    return dict(zip(DATE_PARTS, pieces, strict=True))
