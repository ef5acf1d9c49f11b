"""RULE: when officials are reminded of a step, when it is escalated, and when an apology is prepared before a date is missed.

All times are working time. Nothing here is asked about a case that waits for its applicant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from services.cases.deadlines import HERE, MINUTES_PER_DAY, Calendar, add_minutes, clock_start, minutes_between
from services.cases.routing import Kind, Step, blocks
from services.forms.conditions import holds

UNOPENED_MINUTES = 2 * 60
"""A case filed online is opened within two hours; a quarter of the eight for its check."""
NEAR_MINUTES = MINUTES_PER_DAY // 2
NEAR_AT_MOST = 2 * MINUTES_PER_DAY
"""A fifth of a long step would be too early to be of use."""
UNCOUNTED_MINUTES = MINUTES_PER_DAY // 2
"""What a step without hours of its own is taken to need."""
LATE_MINUTES = MINUTES_PER_DAY // 2
"""By how much the steps that are left must miss the date: less can be made up."""


class Stage(IntEnum):
    """How far the reminders of a step have come; every further working day after MISSED counts one more."""

    NOTHING = 0
    UNOPENED = 1
    NEAR = 2
    MISSED = 3


def near_minutes(total: int) -> int:
    """With how much time left a step of that length is near its end: a fifth or four hours, two days at most; never over half."""
    return min(max(NEAR_MINUTES, total // 5), NEAR_AT_MOST, total // 2)


def stage(opened_at: datetime, due_at: datetime, total: int, now: datetime, calendar: Calendar, *, unopened: bool = False) -> int:
    """How far the reminders of a step should have come; `total` are its minutes, `unopened` says that nobody took a filed case."""
    if now > due_at:
        return Stage.MISSED + minutes_between(due_at, now, calendar) // MINUTES_PER_DAY
    if minutes_between(now, due_at, calendar) <= near_minutes(total):
        return Stage.NEAR
    if unopened and minutes_between(clock_start(opened_at, calendar), now, calendar) >= UNOPENED_MINUTES:
        return Stage.UNOPENED
    return Stage.NOTHING


def minutes_left(under_way: Mapping[str, int], steps: Sequence[Step], answers: Mapping[str, Any]) -> int:
    """What is left until the answer: `under_way` are the minutes of open steps by key, and the route knows those after them.

    Steps side by side take as long as the longest. Handing over comes after the answer.
    """
    parts = [[step for step in part if step.kind is not Kind.HAND_OVER] for part in blocks(steps)]
    reached = max((number for number, part in enumerate(parts) if {step.key for step in part} & under_way.keys()), default=-1)
    ahead = [
        [step for step in part if step.when is None or holds(step.when, answers)] for part in parts[reached + 1 :] if reached >= 0
    ]
    return max(under_way.values(), default=0) + sum(max(map(_minutes, part)) for part in ahead if part)


def _minutes(step: Step) -> int:
    return UNCOUNTED_MINUTES if step.hours is None else int(step.hours * 60)


def apology(started_at: datetime, due_at: datetime, left: int, now: datetime, calendar: Calendar) -> datetime | None:
    """The new date to propose for a case that will miss its own: closing time of the day on which what is left can be done.

    Only within two working days of the date, and before it; None where it can still be kept.
    """
    remaining = minutes_between(now, due_at, calendar)
    done = add_minutes(now, left, calendar)
    if now >= due_at or remaining > NEAR_AT_MOST or done <= due_at:
        return None
    close = remaining <= min(NEAR_MINUTES, minutes_between(started_at, due_at, calendar) // 4)
    if not close and minutes_between(due_at, done, calendar) < LATE_MINUTES:
        return None
    promised = due_at.astimezone(HERE).date()
    return calendar.closing(calendar.next_working_day(max(done.date(), promised + timedelta(days=1))))
