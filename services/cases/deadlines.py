"""RULE: when an answer is due, in working time.

A working day has 8 hours in two sessions. Time outside the sessions, on weekends and on days off does not count; a
make-up day counts. What arrives in the last hour of the day counts from the next working morning; a same-day procedure
received after 15:00 is answered the next working day. Limits in calendar days end at closing time of their last day, or
of the next working day (Điều 147, 148 Bộ luật Dân sự 91/2015/QH13).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from identity.offices.hours import SESSIONS

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTES_PER_DAY = 8 * 60
LATE = timedelta(hours=1)
SAME_DAY_UNTIL = time(15, 0)


class Unit(StrEnum):
    """Unit of a statutory limit."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


class Band(StrEnum):
    """How a deadline stands."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which minutes count. Sessions are in order, on a Vietnamese wall clock."""

    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    sessions: tuple[tuple[time, time], ...] = SESSIONS

    def works(self, day: date) -> bool:
        """Whether offices work on that day."""
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.days_off)

    def opening(self, day: date) -> datetime:
        """The first minute of the office day."""
        return datetime.combine(day, self.sessions[0][0], HERE)

    def closing(self, day: date) -> datetime:
        """The end of the office day."""
        return datetime.combine(day, self.sessions[-1][1], HERE)

    def next_working_day(self, day: date) -> date:
        """That day if it is a working one, else the first after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def sessions_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Working sessions from that day on, without end."""
        while True:
            if self.works(day):
                for start, end in self.sessions:
                    yield datetime.combine(day, start, HERE), datetime.combine(day, end, HERE)
            day += timedelta(days=1)


def clock_start(received: datetime, calendar: Calendar, *, same_day: bool = False) -> datetime:
    """The moment from which a limit counts for something received at that moment."""
    here = received.astimezone(HERE)
    latest = datetime.combine(here.date(), SAME_DAY_UNTIL, HERE) if same_day else calendar.closing(here.date()) - LATE
    if not calendar.works(here.date()) or here >= latest:
        return calendar.opening(calendar.next_working_day(here.date() + timedelta(days=1)))
    for start, end in calendar.sessions_from(here.date()):
        if here < end:
            return max(here, start)
    raise AssertionError("sessions never end")


def add_minutes(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """The moment when that many working minutes have passed since `start`; the end of a session rather than the next one's start."""
    here = start.astimezone(HERE)
    left = timedelta(minutes=minutes)
    if not left:
        return here
    for begin, end in calendar.sessions_from(here.date()):
        begin = max(begin, here)
        if begin >= end:
            continue
        if begin + left <= end:
            return begin + left
        left -= end - begin
    raise AssertionError("sessions never end")


def minutes_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole working minutes from `start` to `end`; 0 when `end` is not later."""
    here, until = start.astimezone(HERE), end.astimezone(HERE)
    passed = timedelta()
    if until <= here:
        return 0
    for begin, close in calendar.sessions_from(here.date()):
        if begin >= until:
            break
        passed += max(timedelta(), min(close, until) - max(begin, here))
    return int(passed.total_seconds() // 60)


def due(start: datetime, value: int, unit: Unit, calendar: Calendar) -> datetime:
    """The end of a limit of `value` `unit`s whose clock starts at `start`."""
    if unit is Unit.WORKING_HOUR:
        return add_minutes(start, value * 60, calendar)
    if unit is Unit.WORKING_DAY:
        return add_minutes(start, value * MINUTES_PER_DAY, calendar)
    last = start.astimezone(HERE).date() + timedelta(days=value)
    return calendar.closing(calendar.next_working_day(last))


def band(due_at: datetime, now: datetime, total_minutes: int | None, calendar: Calendar) -> Band:
    """Overdue, due soon (a fifth of the time or half a working day left, whichever is more), or on time."""
    if now > due_at:
        return Band.OVERDUE
    soon = max(MINUTES_PER_DAY // 2, (total_minutes or 0) // 5)
    if total_minutes is not None:
        soon = min(soon, total_minutes // 2)
    return Band.DUE_SOON if minutes_between(now, due_at, calendar) <= soon else Band.ON_TIME
