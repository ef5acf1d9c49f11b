"""The promise: the measures of punctuality and speed, with the cases at their edges."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.clock import HERE
from services.reports.measures import Grade, Month, grade, is_on_time, median, months_until, rate

DUE = datetime(2026, 11, 20, 17, 30, tzinfo=HERE)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (DUE.replace(minute=29), True),
        (DUE, True),
        (DUE.replace(second=59), True),
        (DUE.replace(minute=31), False),
        (DUE.replace(day=21, hour=0), False),
    ],
)
def test_on_time_is_compared_to_the_minute(ended: datetime, expected: bool) -> None:
    assert is_on_time(ended, DUE) is expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 3, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (3, 3, "100.00"), (1, 800, "0.13"), (19, 20, "95.00")],
)
def test_a_rate_has_two_decimals_and_none_for_nothing(part: int, whole: int, expected: str | None) -> None:
    assert rate(part, whole) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 1)])
def test_a_part_above_the_whole_is_a_mistake(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="of"):
        rate(part, whole)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, Grade.NONE), ("95", Grade.GOOD), ("94.99", Grade.FAIR), ("90", Grade.FAIR), ("89.99", Grade.POOR), ("0", Grade.POOR)],
)
def test_grades(value: str | None, expected: Grade) -> None:
    assert grade(None if value is None else Decimal(value)) is expected


@pytest.mark.parametrize(("values", "expected"), [([], None), ([7], 7), ([9, 1], 5), ([9, 1, 4], 4), ([1, 2, 3, 10], 2.5)])
def test_the_median(values: list[int], expected: float | None) -> None:
    assert median(values) == expected


@given(st.lists(st.integers(0, 100_000), min_size=1))
def test_half_lie_on_each_side_of_the_median(values: list[int]) -> None:
    middle = median(values)
    assert middle is not None
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "x-11", "1999-12", "2026-11-01", "２０２６-11"]
)
def test_what_is_no_month(text: str) -> None:
    assert Month.parse(text) is None


def test_months() -> None:
    december = Month.parse("2026-12")
    assert december == Month.of(date(2026, 12, 31))
    assert december is not None
    assert str(december.following) == "2027-01"
    assert december.following.previous == december
    assert december.first == date(2026, 12, 1)
    assert [str(month) for month in months_until(Month(2026, 2), 4)] == ["2026-02", "2026-01", "2025-12", "2025-11"]
