"""Deadlines counted the slow, obvious way: a diary of open minutes, walked day by day. Shares nothing with the code it checks.

The days are written out by hand from the Government's announcements, weekends left out of the list of days off.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

OFF = """
2024: 1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9
2025: 1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9
2026: 1/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11
2027: 1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11
"""
"""Weekdays on which offices were or will be closed: Tết, Giỗ Tổ, 30 April, 1 May, National Day, Culture Day, days in lieu, exchanges."""
WORKED = """
2024: 4/5
2025: 26/4
2026: 22/8
"""
"""Saturdays worked for a day off in a long weekend."""


def days(text: str) -> set[date]:
    """Days written as year: day/month day/month …"""
    found = set()
    for line in text.split("\n"):
        year, _, rest = line.partition(":")
        for entry in rest.split():
            day, month = entry.split("/")
            found.add(date(int(year), int(month), int(day)))
    return found


OPEN_MINUTES = [
    minute for minute in range(24 * 60) if 7 * 60 + 30 <= minute < 11 * 60 + 30 or 13 * 60 + 30 <= minute < 17 * 60 + 30
]
AFTERNOON_ENDS = 17 * 60 + 30


def at(day: date, minute: int) -> datetime:
    """A minute of a day on the wall clock."""
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=VIETNAM)


def minute_of(moment: datetime) -> int:
    """The minute of its day."""
    return moment.hour * 60 + moment.minute


@cache
def from_minute(first: int) -> list[int]:
    """The open minutes of a working day from that one on."""
    return [minute for minute in OPEN_MINUTES if minute >= first]


@cache
def until_minute(last: int) -> list[int]:
    """The open minutes of a working day before that one."""
    return [minute for minute in OPEN_MINUTES if minute < last]


class Diary:
    """Which minutes of which days are worked at an office with days of its own."""

    def __init__(self, off: Collection[date] = (), worked: Collection[date] = ()) -> None:
        self.off = days(OFF) - set(worked) | set(off)
        self.worked = days(WORKED) - set(off) | set(worked)
        self.minutes = cache(self._minutes)

    def _minutes(self, day: date) -> list[int]:
        if day in self.worked:
            return OPEN_MINUTES
        if day in self.off or day.strftime("%a") in ("Sat", "Sun"):
            return []
        return OPEN_MINUTES

    def walk(self, start: datetime, count: int) -> datetime:
        """The end of the `count`th open minute from `start` on."""
        if count == 0:
            return start
        day = start.date()
        ahead = from_minute(minute_of(start)) if self.minutes(day) else []
        while count > len(ahead):
            count -= len(ahead)
            day += timedelta(days=1)
            ahead = self.minutes(day)
        return at(day, ahead[count - 1] + 1)

    def count(self, start: datetime, end: datetime) -> int:
        """How many open minutes there are from `start` to `end`."""
        if end <= start:
            return 0
        if start.date() == end.date():
            return (
                len(set(from_minute(minute_of(start))) & set(until_minute(minute_of(end)))) if self.minutes(start.date()) else 0
            )
        found = len(from_minute(minute_of(start))) if self.minutes(start.date()) else 0
        day = start.date() + timedelta(days=1)
        while day < end.date():
            found += len(self.minutes(day))
            day += timedelta(days=1)
        if self.minutes(day):
            found += len(until_minute(minute_of(end)))
        return found

    def starts(self, received: datetime, same_day: bool) -> datetime:
        """The first open minute that counts for what came at that moment."""
        day = received.date()
        too_late = 15 * 60 if same_day else AFTERNOON_ENDS - 60
        ahead = from_minute(minute_of(received)) if self.minutes(day) else []
        if minute_of(received) >= too_late:
            ahead = []
        while not ahead:
            day += timedelta(days=1)
            ahead = self.minutes(day)
        return at(day, ahead[0])

    def ends(self, start: datetime, value: int, unit: str) -> datetime:
        """The end of a limit."""
        if unit == "working_hour":
            return self.walk(start, value * 60)
        if unit == "working_day":
            return self.walk(start, value * 8 * 60)
        day = start.date()
        for _ in range(value):
            day += timedelta(days=1)
        while not self.minutes(day):
            day += timedelta(days=1)
        return at(day, AFTERNOON_ENDS)


class SlowCase:
    """The clock of one case. `still` are the times at which it stood since it last started."""

    def __init__(self, diary: Diary, value: int, unit: str, same_day: bool) -> None:
        self.diary, self.value, self.unit, self.same_day = diary, value, unit, same_day
        self.start = self.due = self.pause = self.finished = datetime.max.replace(tzinfo=VIETNAM)
        self.still: list[tuple[datetime, datetime]] = []

    def accept(self, now: datetime) -> None:
        self.start = self.diary.starts(now, self.same_day)
        self.due = self.diary.ends(self.start, self.value, self.unit)
        self.still = []

    def stop_watch(self, now: datetime) -> None:
        self.pause = now

    def go_on(self, now: datetime) -> None:
        self._stood(self.pause, now)

    def put_off(self, due: datetime) -> None:
        self.due = due

    def finish(self, now: datetime) -> None:
        self.finished = now

    def reopen(self, now: datetime) -> None:
        self._stood(self.finished, now)

    def _stood(self, since: datetime, until: datetime) -> None:
        # Before it has started the clock cannot stand still.
        since = max(since, self.start)
        self.due = self.diary.walk(self.due, self.diary.count(since, until))
        self.still.append((since, until))

    @property
    def stood(self) -> int:
        """Working minutes at which the clock stood since it last started."""
        return sum(self.diary.count(since, until) for since, until in self.still)

    @property
    def worked(self) -> int:
        """Working minutes from start to finish while the clock ran."""
        return self.diary.count(self.start, self.finished) - self.stood
