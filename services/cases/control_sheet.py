"""RULE: what the control sheet of a case tells (Mẫu số 06, Phụ lục I Thông tư 03/2025/TT-VPCP).

One row for every hand-over between desks, with who gave, who took and how the limit of that step was kept; between them the times
the clock stood still and what changed the course: extension, transfer, return, reopening, handing over. Told from events and work
items alone, so it cannot say what did not happen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.cases import lifecycle, routing

PASSING_ON = frozenset(
    {
        "file",
        "file_at_counter",
        "accept",
        "finish",
        "give_opinion",
        "silence",
        "approve",
        "document_signed",
        "document_issued",
        "return_step",
        "transfer",
        "reopen",
        "confirm_payment",
    }
)
"""After these the next desks get the case."""
TURNS = frozenset({"return_step", "transfer", "reopen"})
"""Of them those that must say why."""
TAKING = frozenset({"claim", "assign", "share_out"})
LETTING_GO = frozenset({"release", "expire_claim"})
DROPPING = frozenset({"return_step", "transfer", "stop", "refuse", "grant_withdrawal", "call_off_consult", "reopen"})
MARKS = frozenset(
    {"refuse", "stop", "grant_withdrawal", "allow_supplement", "extend", "reopen", "complete", "hand_over", "supplement_lapsed"}
)


class Kept(StrEnum):
    """How the limit of a step was kept, to the minute."""

    BEFORE = "before"
    ON = "on"
    AFTER = "after"
    OPEN = "open"
    LATE = "late"
    """Still open, and the limit is past."""
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `item` is the key of its work item, `person` the actor's name, `holder` who has it after a change of hands,
    `opened` the items it opened where it says so.
    """

    sequence: int
    at: datetime
    action: str
    before: int
    after: int
    office: str = ""
    person: str = ""
    item: int | None = None
    note: str = ""
    holder: str = ""
    opened: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """One work item: a step at a desk."""

    key: int
    title: str
    kind: str
    round: int
    office: str
    opened_at: datetime
    due_at: datetime
    own_limit: bool
    state: str
    finished_at: datetime | None = None
    finished_by: str = ""
    holder: str = ""
    holder_since: datetime | None = None
    result: str = ""
    question: str = ""
    asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """The case comes to a desk: from whom, to whom, until when, and how that went. `why` is the event that turned the course."""

    stay: Stay
    giver_office: str
    giver: str
    given_at: datetime
    taker: str
    taken_at: datetime | None
    kept: Kept
    why: Happening | None = None
    dropped_by: Happening | None = None
    said: Happening | None = None
    """What was written when the step was done."""
    moves: tuple[Happening, ...] = ()
    """Later changes of hands inside the office."""

    @property
    def at(self) -> datetime:
        return self.stay.opened_at


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still in that state."""

    state: int
    at: datetime
    until: datetime | None
    asked: Happening
    answered: Happening | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that changed the course of the case."""

    happening: Happening

    @property
    def at(self) -> datetime:
        return self.happening.at


Row = HandOver | Pause | Mark


def kept(due_at: datetime, ended_at: datetime | None, now: datetime) -> Kept:
    """Before, on or after the limit, to the minute; for what is open, whether the limit is past."""
    if ended_at is None:
        return Kept.LATE if _minute(now) > _minute(due_at) else Kept.OPEN
    ended, due = _minute(ended_at), _minute(due_at)
    return Kept.ON if ended == due else Kept.BEFORE if ended < due else Kept.AFTER


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def rows(stays: Sequence[Stay], happenings: Sequence[Happening], applicant: str, now: datetime) -> list[Row]:
    """Everything in the order in which it came about."""
    by_key = {stay.key: stay for stay in stays}
    found: list[Row] = [_hand_over(stay, by_key, happenings, applicant, now) for stay in stays]
    found += _pauses(happenings)
    found += [Mark(one) for one in happenings if one.action in MARKS]
    return sorted(found, key=lambda row: row.at)


def _hand_over(
    stay: Stay, by_key: Mapping[int, Stay], happenings: Sequence[Happening], applicant: str, now: datetime
) -> HandOver:
    origin = _origin(stay, by_key, happenings)
    giver_office, giver = _giver(origin, by_key, applicant)
    own = [one for one in happenings if one.item == stay.key]
    hands = [one for one in own if one.action in TAKING | LETTING_GO]
    taken = next((one for one in hands if one.action in TAKING), None)
    dropped = stay.state == "cancelled"
    row = HandOver(
        stay=stay,
        giver_office=giver_office,
        giver=giver,
        given_at=origin.at if origin else stay.opened_at,
        taker=(taken.holder or taken.person) if taken else stay.holder or stay.finished_by,
        # What nobody answered was never taken.
        taken_at=taken.at if taken else stay.holder_since or (stay.finished_at if stay.finished_by else None),
        kept=Kept.DROPPED if dropped else kept(stay.due_at, stay.finished_at, now),
        why=origin if origin and origin.action in TURNS else None,
        moves=tuple(hands[hands.index(taken) + 1 :]) if taken else (),
    )
    if dropped and stay.finished_at:
        ended = stay.finished_at
        return replace(row, dropped_by=next((one for one in happenings if one.action in DROPPING and one.at >= ended), None))
    closing = [one for one in own if one.action in routing.CLOSING | {"silence"} and one.note]
    return replace(row, said=closing[-1] if closing else None)


def _origin(stay: Stay, by_key: Mapping[int, Stay], happenings: Sequence[Happening]) -> Happening | None:
    """What brought the case to that desk: the last event before it that passes a case on."""
    if stay.asked_by is not None:
        return next((one for one in happenings if stay.key in one.opened), None)
    if stay.kind == routing.Kind.WITHDRAWAL:
        wanted = [one for one in happenings if one.action == "request_withdrawal"]
    else:
        aside = {key for key, other in by_key.items() if other.asked_by is not None}
        wanted = [one for one in happenings if one.action in PASSING_ON and one.item not in aside]
    return max((one for one in wanted if one.at <= stay.opened_at), key=lambda one: one.sequence, default=None)


def _giver(origin: Happening | None, by_key: Mapping[int, Stay], applicant: str) -> tuple[str, str]:
    if origin is None or origin.action in ("file", "request_withdrawal"):
        return "", applicant
    step = by_key.get(origin.item) if origin.item is not None else None
    return origin.office or (step.office if step else ""), origin.person or (step.finished_by if step else "")


def _pauses(happenings: Sequence[Happening]) -> list[Row]:
    """A row for each time the case came into a pausing state, up to when it left it."""
    found: list[Row] = []
    current: Pause | None = None
    for one in happenings:
        if one.after == one.before:
            continue
        if current is not None:
            found.append(replace(current, until=one.at, answered=one))
            current = None
        if one.after in lifecycle.PAUSED:
            current = Pause(one.after, one.at, None, one)
    if current is not None:
        found.append(current)
    return found
