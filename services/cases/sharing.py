"""RULE: who gets a piece of work where an office shares it out, why, and how long somebody keeps what they do not touch.

Points weigh work; a person's load is the points of the open work they hold. Whoever already handled the case in the office gets it
again, or the deputy they named while they are away, unless they are overloaded. Otherwise the person with the least load gets it;
among equals the one who has been without new work longest, then the first by name. People who are away get nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

OVERLOAD = 1.5
"""Times the mean of the colleagues who are there."""
NEVER_TOO_MUCH = 4
"""Points that are not an overload, however little the others hold."""
WARNING_HOURS = 4
"""Working hours before work goes back to the queue in which its holder is told."""


class Reason(StrEnum):
    """Why somebody got the work; the values are stored."""

    KNOWS = "knows"
    """Handled an earlier step of the case."""
    DEPUTY = "deputy"
    """Stands in for who did."""
    ONLY = "only"
    """Nobody else is there."""
    LEAST = "least"
    """Holds the fewest points."""
    LONGEST = "longest"
    """Holds as few as others, and has been without new work longest."""
    NAME = "name"
    """Equal in everything."""
    KNOWER_OVERLOADED = "knower_overloaded"
    """Said besides: who handled the case holds too much already."""
    KNOWER_AWAY = "knower_away"
    """Said besides: who handled the case is away and left no deputy who could do it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague with the power the work needs. `load` are the points of their open work, `deputy` stands in while they are away."""

    person: int
    name: str
    load: int
    present: bool = True
    knows: bool = False
    deputy: int | None = None
    last_given: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets it, and why: reasons with the facts they rest on, ready to be stored."""

    person: int
    reasons: tuple[Mapping[str, Any], ...]


def choose(candidates: Sequence[Candidate]) -> Choice | None:
    """Who gets the work; None when nobody is there."""
    there = [one for one in candidates if one.present]
    if not there:
        return None
    aside: list[Mapping[str, Any]] = []
    for knower in sorted((one for one in candidates if one.knows), key=_order):
        taker = knower if knower.present else next((one for one in there if one.person == knower.deputy), None)
        facts = {"person": knower.person, "name": knower.name}
        if taker is None:
            aside.append({"code": Reason.KNOWER_AWAY.value, **facts})
        elif is_overloaded(taker, there):
            aside.append({"code": Reason.KNOWER_OVERLOADED.value, **facts, "name": taker.name, "points": taker.load})
        elif taker is knower:
            return Choice(taker.person, ({"code": Reason.KNOWS.value},))
        else:
            return Choice(taker.person, ({"code": Reason.DEPUTY.value, **facts},))
    first, *others = sorted(there, key=_order)
    return Choice(first.person, (_why(first, others), *aside[:1]))


def is_overloaded(one: Candidate, there: Sequence[Candidate]) -> bool:
    """Whether somebody holds more than half again as much as is usual among those who are there."""
    mean = sum(other.load for other in there) / len(there)
    return one.load > NEVER_TOO_MUCH and one.load > OVERLOAD * mean


def _order(one: Candidate) -> tuple[int, bool, float, str, int]:
    since = one.last_given.timestamp() if one.last_given else 0.0
    return one.load, one.last_given is not None, since, one.name, one.person


def _why(first: Candidate, others: Sequence[Candidate]) -> Mapping[str, Any]:
    if not others:
        return {"code": Reason.ONLY.value}
    facts = {"points": first.load, "among": len(others) + 1}
    if others[0].load > first.load:
        return {"code": Reason.LEAST.value, **facts}
    if others[0].last_given != first.last_given:
        return {"code": Reason.LONGEST.value, **facts}
    return {"code": Reason.NAME.value, **facts}


class Hold(StrEnum):
    """How the hold on untouched work stands."""

    FRESH = "fresh"
    WARN = "warn"
    OVER = "over"


def hold(idle_minutes: int, limit_hours: int) -> Hold:
    """What is to be done about work nobody touched for so many working minutes; a limit of 0 lets people keep it."""
    if limit_hours and idle_minutes >= limit_hours * 60:
        return Hold.OVER
    if limit_hours and idle_minutes >= (limit_hours - WARNING_HOURS) * 60:
        return Hold.WARN
    return Hold.FRESH
