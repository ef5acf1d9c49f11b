"""When offices are open."""

from datetime import date, datetime

import pytest

from identity.offices.hours import opening
from portal.kit.clock import HERE


def weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("at", "is_open", "changes"),
    [
        ("2026-11-20 07:29", False, "2026-11-20 07:30"),
        ("2026-11-20 07:30", True, "2026-11-20 11:30"),
        ("2026-11-20 11:30", False, "2026-11-20 13:30"),
        ("2026-11-20 17:29", True, "2026-11-20 17:30"),
        ("2026-11-20 17:30", False, "2026-11-23 07:30"),
        ("2026-11-21 09:00", False, "2026-11-23 07:30"),
    ],
)
def test_offices_open_in_two_sessions_on_working_days(at: str, is_open: bool, changes: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=HERE)
    found = opening(moment, weekday)
    assert (found.is_open, f"{found.changes_at:%Y-%m-%d %H:%M}") == (is_open, changes)


def test_a_make_up_saturday_is_a_working_day() -> None:
    saturday = datetime(2026, 11, 21, 9, 0, tzinfo=HERE)
    assert opening(saturday, lambda day: day == saturday.date() or weekday(day)).is_open


def test_an_office_that_never_works_does_not_open() -> None:
    assert opening(datetime(2026, 11, 20, 9, 0, tzinfo=HERE), lambda day: False).changes_at is None
