"""The clock of a case worked out once more from its record alone: what happened when, minute by minute through a diary.

It shares nothing with the rule or the actions it checks. Events are at whole minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.services.cases.slow_deadlines import VIETNAM, Diary

WAITING = (5, 6, 7)
"""Supplement, payment, withdrawal: the states in which the applicant or a decision is waited for."""
ENDS = ("refuse", "stop", "grant_withdrawal", "complete")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record."""

    at: datetime
    action: str
    before: int
    after: int
    data: dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What the clock shows after the record so far."""

    accepted: datetime | None = None
    started: datetime | None = None
    due: datetime | None = None
    waits_since: datetime | None = None
    stood: int = 0
    ended: datetime | None = None
    worked: int | None = None


def read(
    record: Iterable[Line], diary: Diary, value: int, unit: str, *, same_day: bool = False, restarts: bool = False
) -> Reading:
    """Follow the record from its first line. `restarts`: an answered supplement gives the office its whole time again."""
    now = Reading()
    for line in record:
        at = line.at.astimezone(VIETNAM)
        if line.action == "accept":
            now.accepted = at
            _start(now, at, diary, value, unit, same_day)
        if line.after in WAITING and now.waits_since is None:
            now.waits_since = at
        if line.after not in WAITING and now.waits_since is not None:
            since, now.waits_since = now.waits_since, None
            _stand(now, since, at, diary)
        if line.action == "answer_supplement" and restarts and now.accepted is not None:
            _start(now, at, diary, value, unit, same_day)
        if line.action == "extend":
            now.due = datetime.fromisoformat(line.data["due_after"]).astimezone(VIETNAM)
        if line.action in ENDS and now.started is not None:
            now.ended = at
            now.worked = max(0, diary.count(now.started, at) - now.stood)
        if line.action == "reopen":
            if now.ended is not None:
                _stand(now, now.ended, at, diary)
            now.ended = now.worked = None
    return now


def _start(now: Reading, at: datetime, diary: Diary, value: int, unit: str, same_day: bool) -> None:
    now.started = diary.starts(at, same_day)
    now.due = diary.ends(now.started, value, unit)
    now.stood = 0


def _stand(now: Reading, since: datetime, until: datetime, diary: Diary) -> None:
    """The minutes somebody else was waited for are given back; a clock that has not started does not stand still."""
    if now.started is None or now.due is None:
        return
    minutes = diary.count(max(since, now.started), until)
    now.stood += minutes
    now.due = diary.walk(now.due, minutes)
