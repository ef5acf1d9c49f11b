"""The promise: a due date counts working time only, as an obvious minute-by-minute count would."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.deadlines import HERE, Band, Calendar, Unit, add_minutes, band, clock_start, due, minutes_between

NOVEMBER_2026 = Calendar(days_off=frozenset({date(2026, 11, 24)}))
TET_2026 = Calendar(
    days_off=frozenset(date(2026, 2, day) for day in range(16, 21)) | {date(2026, 8, 31)},
    make_up_days=frozenset({date(2026, 8, 22)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def counts(moment: datetime, calendar: Calendar) -> bool:
    """The slow, obvious rule: does the minute that starts here count?"""
    if not calendar.works(moment.date()):
        return False
    clock = moment.time()
    return time(7, 30) <= clock < time(11, 30) or time(13, 30) <= clock < time(17, 30)


def slow_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    moment, total = start, 0
    while moment < end:
        total += counts(moment, calendar)
        moment += timedelta(minutes=1)
    return total


moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2027, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=HERE)
)
calendars = st.builds(
    Calendar,
    days_off=st.frozensets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=60),
    make_up_days=st.frozensets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 5 * 24 * 60), calendars)
def test_minutes_between_agree_with_counting_every_minute(start: datetime, length: int, calendar: Calendar) -> None:
    end = start + timedelta(minutes=length)
    assert minutes_between(start, end, calendar) == slow_minutes(start, end, calendar)


@settings(max_examples=300, deadline=None)
@given(moments, st.integers(1, 30 * 8 * 60), calendars)
def test_adding_minutes_and_counting_them_back_agree(start: datetime, minutes: int, calendar: Calendar) -> None:
    end = add_minutes(start, minutes, calendar)
    assert minutes_between(start, end, calendar) == minutes
    assert counts(end - timedelta(minutes=1), calendar)


@pytest.mark.parametrize(
    ("received", "starts"),
    [
        ("2026-11-20T09:15", "2026-11-20T09:15"),
        ("2026-11-20T06:00", "2026-11-20T07:30"),
        ("2026-11-20T12:00", "2026-11-20T13:30"),
        ("2026-11-20T16:29", "2026-11-20T16:29"),
        ("2026-11-20T16:30", "2026-11-23T07:30"),
        ("2026-11-20T22:00", "2026-11-23T07:30"),
        ("2026-11-21T10:00", "2026-11-23T07:30"),
        ("2026-11-23T17:00", "2026-11-25T07:30"),
    ],
    ids=["in session", "before opening", "lunch", "before the last hour", "last hour", "night", "Saturday", "eve of a holiday"],
)
def test_the_clock_starts_in_office_hours(received: str, starts: str) -> None:
    assert clock_start(at(received), NOVEMBER_2026) == at(starts)


@pytest.mark.parametrize(
    ("received", "value", "unit", "same_day", "expected"),
    [
        ("2026-11-20T09:15", 1, Unit.WORKING_DAY, False, "2026-11-23T09:15"),
        ("2026-11-20T06:00", 4, Unit.WORKING_HOUR, False, "2026-11-20T11:30"),
        ("2026-11-20T12:00", 4, Unit.WORKING_HOUR, False, "2026-11-20T17:30"),
        ("2026-11-20T16:30", 1, Unit.WORKING_DAY, False, "2026-11-23T17:30"),
        ("2026-11-20T16:29", 1, Unit.WORKING_DAY, False, "2026-11-23T16:29"),
        ("2026-11-21T10:00", 4, Unit.WORKING_HOUR, False, "2026-11-23T11:30"),
        ("2026-11-23T17:00", 4, Unit.WORKING_HOUR, False, "2026-11-25T11:30"),
        ("2026-11-20T09:30", 3, Unit.WORKING_DAY, False, "2026-11-26T09:30"),
        ("2026-11-20T09:30", 24, Unit.WORKING_HOUR, False, "2026-11-26T09:30"),
        ("2026-11-20T10:45", 2, Unit.WORKING_HOUR, False, "2026-11-20T14:45"),
        ("2026-11-02T09:00", 15, Unit.CALENDAR_DAY, False, "2026-11-17T17:30"),
        ("2026-11-09T09:00", 15, Unit.CALENDAR_DAY, False, "2026-11-25T17:30"),
        ("2026-11-20T14:59", 2, Unit.WORKING_HOUR, True, "2026-11-20T16:59"),
        ("2026-11-20T15:00", 2, Unit.WORKING_HOUR, True, "2026-11-23T09:30"),
    ],
    ids=[
        *("in session", "before opening", "lunch", "last hour", "a minute before the last hour", "weekend"),
        *("evening before a day off", "weekend and day off on the way", "8 hours are a day", "over lunch, to the minute"),
        *("calendar limit", "calendar limit ending on a day off", "same day until 14:59", "same day from 15:00"),
    ],
)
def test_worked_examples(received: str, value: int, unit: Unit, same_day: bool, expected: str) -> None:
    start = clock_start(at(received), NOVEMBER_2026, same_day=same_day)
    assert due(start, value, unit, NOVEMBER_2026) == at(expected)


def test_worked_example_of_a_pause_and_of_a_restart() -> None:
    promised = due(at("2026-11-20T09:30"), 3, Unit.WORKING_DAY, NOVEMBER_2026)
    stood = minutes_between(at("2026-11-23T10:00"), at("2026-11-25T15:00"), NOVEMBER_2026)
    assert stood == 11 * 60
    assert add_minutes(promised, stood, NOVEMBER_2026) == at("2026-11-27T14:30")
    again = clock_start(at("2026-11-25T15:00"), NOVEMBER_2026)
    assert due(again, 3, Unit.WORKING_DAY, NOVEMBER_2026) == at("2026-11-30T15:00")


def test_what_is_left_of_a_minute_is_not_lost() -> None:
    start = at("2026-11-20T11:29").replace(second=30, microsecond=1)
    assert add_minutes(start, 1, NOVEMBER_2026) == at("2026-11-20T13:30").replace(second=30, microsecond=1)
    assert minutes_between(start, add_minutes(start, 1, NOVEMBER_2026), NOVEMBER_2026) == 1
    assert minutes_between(start, at("2026-11-20T13:30"), NOVEMBER_2026) == 0


def test_a_same_day_procedure_received_after_three_is_answered_the_next_working_day() -> None:
    assert clock_start(at("2026-11-20T14:59"), NOVEMBER_2026, same_day=True) == at("2026-11-20T14:59")
    assert clock_start(at("2026-11-20T15:00"), NOVEMBER_2026, same_day=True) == at("2026-11-23T07:30")


def test_working_days_skip_weekend_and_holiday() -> None:
    assert due(at("2026-11-20T09:30"), 3, Unit.WORKING_DAY, NOVEMBER_2026) == at("2026-11-26T09:30")


def test_a_full_day_ends_at_closing_time_not_the_next_morning() -> None:
    assert due(at("2026-11-20T07:30"), 1, Unit.WORKING_DAY, NOVEMBER_2026) == at("2026-11-20T17:30")


def test_calendar_days_exclude_the_first_day_and_end_at_closing_time() -> None:
    assert due(at("2026-11-02T09:00"), 15, Unit.CALENDAR_DAY, NOVEMBER_2026) == at("2026-11-17T17:30")


def test_calendar_days_ending_on_a_day_off_move_to_the_next_working_day() -> None:
    assert due(at("2026-11-09T09:00"), 15, Unit.CALENDAR_DAY, NOVEMBER_2026) == at("2026-11-25T17:30")


def test_tet_and_a_make_up_saturday() -> None:
    assert due(at("2026-02-13T16:00"), 1, Unit.WORKING_DAY, TET_2026) == at("2026-02-23T16:00")
    assert due(at("2026-08-21T16:00"), 1, Unit.WORKING_DAY, TET_2026) == at("2026-08-22T16:00")


def test_bands() -> None:
    due_at = at("2026-11-20T17:30")
    assert band(due_at, at("2026-11-18T09:00"), 24 * 60, NOVEMBER_2026) is Band.ON_TIME
    assert band(due_at, at("2026-11-20T13:30"), 24 * 60, NOVEMBER_2026) is Band.DUE_SOON
    assert band(due_at, at("2026-11-20T17:31"), 24 * 60, NOVEMBER_2026) is Band.OVERDUE


def test_a_short_step_is_not_due_soon_the_moment_it_opens() -> None:
    assert band(at("2026-11-20T11:30"), at("2026-11-20T07:30"), 4 * 60, NOVEMBER_2026) is Band.ON_TIME
