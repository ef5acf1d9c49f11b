"""RULE: when an answer is due, in working time.

A working day has 8 hours in two sessions. Time outside the sessions, on weekends and on days off does not count; a
make-up day counts. What arrives in the last hour of the day counts from the next working morning; a same-day procedure
received after 15:00 is answered the next working day. Limits in calendar days end at closing time of their last day, or
of the next working day (Điều 147, 148 Bộ luật Dân sự 91/2015/QH13).
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
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
    return _Counting.on(calendar).moment(_Counting.on(calendar).worked(here) + minutes * _MINUTE) if minutes else here


def minutes_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole working minutes from `start` to `end`; 0 when `end` is not later."""
    here, until = start.astimezone(HERE), end.astimezone(HERE)
    if until <= here:
        return 0
    return (_Counting.on(calendar).worked(until) - _Counting.on(calendar).worked(here)) // _MINUTE


_MINUTE = 60_000_000
"""Microseconds, in which working time is counted: what is left of a minute is not lost on the way."""


@dataclass(frozen=True, slots=True)
class _Counting:
    """A calendar ready for counting whole days at once: months cost as little as an hour."""

    off: tuple[int, ...]
    """Days that would be worked but are not, in order."""
    made_up: tuple[int, ...]
    """Days that would not be worked but are, in order."""
    sessions: tuple[tuple[int, int], ...]
    whole_day: int

    @staticmethod
    @lru_cache(maxsize=256)
    def on(calendar: Calendar) -> "_Counting":
        days = calendar.days_off | calendar.make_up_days
        sessions = tuple((_of_day(start), _of_day(end)) for start, end in calendar.sessions)
        return _Counting(
            off=tuple(sorted(day.toordinal() for day in days if day.weekday() < 5 and not calendar.works(day))),
            made_up=tuple(sorted(day.toordinal() for day in days if day.weekday() > 4 and calendar.works(day))),
            sessions=sessions,
            whole_day=sum(end - start for start, end in sessions),
        )

    def days_before(self, day: int) -> int:
        """Working days before that one since the first of the era, which was a Monday."""
        weeks, rest = divmod(day - 1, 7)
        return 5 * weeks + min(rest, 5) - bisect_left(self.off, day) + bisect_left(self.made_up, day)

    def worked(self, here: datetime) -> int:
        """Working time of the era until that moment."""
        day = here.toordinal()
        before = self.days_before(day)
        total = before * self.whole_day
        if self.days_before(day + 1) > before:
            now = _of_day(here.time())
            total += sum(min(end, now) - start for start, end in self.sessions if start < now)
        return total

    def moment(self, worked: int) -> datetime:
        """The first moment by which that much time of the era was worked."""
        days, rest = divmod(worked - 1, self.whole_day)
        # Of L days at least 5 in 7 are worked, less all days off.
        last = 7 * ((days + 1 + len(self.off)) // 5 + 1)
        day = bisect_left(range(last), days + 1, key=lambda day: self.days_before(day + 1))
        rest += 1
        for start, end in self.sessions:
            if rest <= end - start:
                return datetime.combine(date.fromordinal(day), time(), HERE) + timedelta(microseconds=start + rest)
            rest -= end - start
        raise AssertionError("a working day is no longer than its sessions")


def _of_day(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


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
