"""The promise: the clock of a case says what a slow, obvious count says, over its whole life, for random cases in 2024-2027.

20,000 lives in the ordinary run, 100,000 with DEADLINES_FULL=1.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import holidays
import pytest

from identity.offices import queries as offices
from services.cases import lifecycle
from services.cases.actions import events
from services.cases.deadlines import Calendar, Unit, minutes_between
from services.cases.lifecycle import State
from tests.services.cases.slow_deadlines import OFF, VIETNAM, WORKED, Diary, SlowCase, days

CASES = 100_000 if os.environ.get("DEADLINES_FULL") else 20_000
EDGES = [(7, 29), (7, 30), (7, 31), (11, 29), (11, 30), (12, 15), (13, 29), (13, 30), (14, 59), (15, 0)]
EDGES += [(16, 29), (16, 30), (16, 31), (17, 29), (17, 30), (17, 31), (0, 0), (23, 59)]
SEASONS = [date(2024, 2, 7), date(2024, 5, 2), date(2025, 1, 24), date(2025, 4, 25), date(2026, 2, 13), date(2026, 8, 20)]
SEASONS += [date(2026, 11, 20), date(2027, 2, 2), date(2027, 4, 29)]
PAUSES = {
    "request_supplement": "answer_supplement",
    "request_payment": "confirm_payment",
    "request_withdrawal": "decline_withdrawal",
}


@dataclass
class Office:
    """One with days of its own, for both ways of counting."""

    own: list[date]
    diary: Diary
    calendar: Calendar


def an_office(chance: random.Random) -> Office:
    some = [date(2024, 1, 1) + timedelta(days=chance.randrange(4 * 365)) for _ in range(chance.choice([0, 4, 40]))]
    off, worked = set(some[::2]), set(some[1::2]) - set(some[::2])
    official = holidays.VN(years=range(2024, 2028))
    return Office(
        sorted(off | worked),
        Diary(off, worked),
        Calendar(frozenset((set(official) - worked) | off), frozenset((set(official.weekend_workdays) - off) | worked)),
    )


@dataclass
class Work:
    """An open step, and the working minutes by which it was moved."""

    due_at: datetime


@dataclass
class Plain:
    """What the clock knows of a case, without a database."""

    limit: tuple[int, str]
    same_day: bool
    limit_restarts: bool
    agency: Any
    state: State = State.FILED
    state_before_pause: State | None = None
    state_before_withdrawal: State | None = None
    accepted_at: datetime | None = None
    clock_started_at: datetime | None = None
    due_at: datetime | None = None
    paused_at: datetime | None = None
    paused_minutes: int = 0
    completed_at: datetime | None = None
    worked_minutes: int | None = None
    reopened: int = 0
    items: list[Work] = field(default_factory=list)

    @property
    def version(self) -> "Plain":
        return self

    @property
    def work_items(self) -> "Plain":
        return self

    def filter(self, **_: Any) -> "Plain":
        return self

    def exclude(self, *_: Any, **__: Any) -> "Plain":
        return self

    def __iter__(self) -> Iterator[Work]:
        return iter(self.items)

    def do(self, name: str, now: datetime) -> None:
        """One action of the life cycle, as `events.record` applies it."""
        row, before = lifecycle.BY_NAME[name], self.state
        assert before in row.sources, (name, before)
        after = lifecycle.target(row, before, events._before_pause(self, before))  # type: ignore[arg-type]
        events._turn_clock(self, row, before, after, now)  # type: ignore[arg-type]
        self.state = after


def a_moment(chance: random.Random) -> datetime:
    if chance.random() < 0.4:
        day = chance.choice(SEASONS) + timedelta(days=chance.randrange(10))
    else:
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(1350))
    hour, minute = chance.choice(EDGES) if chance.random() < 0.5 else divmod(chance.randrange(24 * 60), 60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def later(chance: random.Random, now: datetime) -> datetime:
    """Some time after, from a minute to a month; often at a telling minute."""
    passed = now + timedelta(minutes=int(10 ** chance.uniform(0, 4.6)))
    if chance.random() < 0.3:
        hour, minute = chance.choice(EDGES)
        passed = max(now, passed.replace(hour=hour, minute=minute))
    return passed


def a_life(chance: random.Random, office: Office) -> None:
    """One case from acceptance to its end, counted both ways after every turn."""
    unit = chance.choice(list(Unit))
    value = chance.randrange(1, {Unit.WORKING_HOUR: 60, Unit.WORKING_DAY: 45, Unit.CALENDAR_DAY: 70}[unit])
    case = Plain((value, unit), chance.random() < 0.2, chance.random() < 0.3, office.calendar)
    slow = SlowCase(office.diary, value, unit.value, case.same_day)
    began = now = a_moment(chance)
    told: list[Any] = [office.own, value, unit, case.same_day, case.limit_restarts]

    def turn(name: str) -> None:
        case.do(name, now)
        told.append((name, now))

    def same() -> None:
        assert case.clock_started_at == slow.start, told
        assert case.due_at == slow.due, told
        assert case.paused_minutes == slow.stood, told
        assert [item.due_at for item in case.items] == steps, told

    turn("accept")
    slow.accept(now)
    steps: list[datetime] = []
    same()
    turn("begin")
    steps = [office.diary.walk(now, 480)]
    case.items = [Work(due_at) for due_at in steps]
    moved = False
    for _ in range(chance.choice([0, 0, 1, 1, 2, 4])):
        now = later(chance, now)
        asked = chance.choice(list(PAUSES))
        moved |= now >= slow.due
        turn(asked)
        slow.stop_watch(now)
        now = later(chance, now)
        turn(PAUSES[asked])
        slow.go_on(now)
        steps = [office.diary.walk(due_at, office.diary.count(slow.pause, now)) for due_at in steps]
        if asked == "request_supplement" and case.limit_restarts:
            slow.accept(now)
            moved = False
        same()
    if unit is not Unit.CALENDAR_DAY and not moved:
        ran = office.diary.count(slow.start, slow.due) - slow.stood
        assert ran == value * (60 if unit is Unit.WORKING_HOUR else 480), told
    if chance.random() < 0.2:
        new = slow.due + timedelta(days=chance.randrange(1, 20))
        case.due_at = new
        slow.put_off(new)
        told.append(("extend", new))
    for _ in range(chance.choice([1, 1, 1, 2])):
        now = later(chance, now)
        if case.state is State.COMPLETED:
            turn("reopen")
            slow.reopen(now)
            same()
            now = later(chance, now)
        turn("complete")
        slow.finish(now)
        assert case.worked_minutes == slow.worked, told
        assert case.due_at == slow.due, told
    assert minutes_between(began, now, office.calendar) == office.diary.count(began, now), told


def test_random_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "calendar_of", lambda agency: agency)
    monkeypatch.setattr(events.WorkItem.objects, "bulk_update", lambda items, fields: None)
    chance = random.Random(2027)
    city = [an_office(chance) for _ in range(12)]
    for number in range(CASES):
        a_life(chance, city[number % len(city)])


def test_a_pause_before_the_clock_starts_counts_from_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "calendar_of", lambda agency: agency)
    monkeypatch.setattr(events.WorkItem.objects, "bulk_update", lambda items, fields: None)
    case = Plain((1, Unit.WORKING_DAY), False, False, Calendar())
    for name, day, hour, minute in (("accept", 20, 16, 35), ("request_payment", 20, 16, 40), ("confirm_payment", 23, 9, 30)):
        case.do(name, datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM))
    assert case.paused_minutes == 120
    assert case.due_at == datetime(2026, 11, 24, 9, 30, tzinfo=VIETNAM)


@pytest.mark.django_db
def test_the_library_has_the_days_the_government_announced() -> None:
    known = offices.working_calendar(None)
    calendar = Calendar(known.days_off, known.make_up_days)
    every = [date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]
    assert {day for day in every if day.weekday() < 5 and not calendar.works(day)} == days(OFF)
    assert {day for day in every if day.weekday() > 4 and calendar.works(day)} == days(WORKED)
