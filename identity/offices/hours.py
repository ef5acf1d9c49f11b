"""RULE: when offices are open: two sessions of a working day (Điều 105 Bộ luật Lao động 2019: eight hours a day)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SESSIONS: tuple[tuple[time, time], ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
LOOK_AHEAD_DAYS = 30
"""No run of days off is longer."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an office is open at a moment, and when that changes next, as local times; None: not within a month."""

    is_open: bool
    changes_at: datetime | None


def opening(at: datetime, is_working: Callable[[date], bool]) -> Opening:
    """Open or closed at the local moment `at`; `is_working` knows weekends, holidays and make-up days."""
    for ahead in range(LOOK_AHEAD_DAYS):
        day = at.date() + timedelta(days=ahead)
        if not is_working(day):
            continue
        for start, end in SESSIONS:
            begins, ends = (datetime.combine(day, moment, at.tzinfo) for moment in (start, end))
            if begins <= at < ends:
                return Opening(True, ends)
            if at < begins:
                return Opening(False, begins)
    return Opening(False, None)
