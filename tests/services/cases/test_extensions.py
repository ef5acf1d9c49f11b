"""The promise: a date is put off to a later moment that is still to come, on a working day."""

from datetime import date, datetime, time, timedelta

import pytest

from services.cases import extensions
from services.cases.deadlines import HERE, Calendar
from services.cases.extensions import Wrong

CALENDAR = Calendar(days_off=frozenset({date(2026, 9, 2)}))


def at(day: int, hour: int = 10, month: int = 9) -> datetime:
    return datetime.combine(date(2026, month, day), time(hour), HERE)


@pytest.mark.parametrize(
    ("new", "now", "expected"),
    [
        (at(9), at(7), None),
        (at(8), at(7), Wrong.NOT_LATER),
        (at(7), at(7), Wrong.NOT_LATER),
        (at(9), at(10), Wrong.PAST),
        (at(12), at(7), Wrong.CLOSED),
        (at(9, 18), at(7), Wrong.CLOSED),
        (at(9, 7), at(7), Wrong.CLOSED),
        (at(9, 17), at(7), None),
    ],
)
def test_new_dates(new: datetime, now: datetime, expected: Wrong | None) -> None:
    assert extensions.wrong(at(8), new, now, CALENDAR) == expected


def test_a_date_stands_for_closing_time() -> None:
    assert extensions.end_of(date(2026, 9, 9), CALENDAR) == at(9, 17) + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("due", "now", "first"),
    [
        (at(8), at(7), date(2026, 9, 8)),
        (at(8, 18), at(7), date(2026, 9, 9)),
        (at(11, 18), at(7), date(2026, 9, 14)),
        (at(1, 18), at(1), date(2026, 9, 3)),
        (at(1, 17), at(10), date(2026, 9, 10)),
    ],
)
def test_the_first_day_to_which_it_can_be_put_off(due: datetime, now: datetime, first: date) -> None:
    assert extensions.earliest(due, now, CALENDAR) == first
