"""RULE: the whole life of a case is this table.

States carry the national codes (1 to 10) of the status list shared with the National Public Service Portal; a draft is 0.
Buttons, permissions, the diagram in docs/rules/lifecycle.md and the database's checks all come from here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from identity.offices.powers import CASE_POWERS, Power


class State(IntEnum):
    """Status of a case; the values are the national codes."""

    DRAFT = 0
    FILED = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3
    IN_PROGRESS = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWAL = 7
    STOPPED = 8
    COMPLETED = 9
    RETURNED = 10


class Target(StrEnum):
    """Where an action leads when that is not one fixed state."""

    SAME = "same"
    BACK = "back"
    """The state the case was in before it was paused; before a withdrawal was asked for, the pausing one."""
    REOPENED = "reopened"
    """Newly filed where the case was never accepted, else in progress."""


class Actor(StrEnum):
    """Who acts when it is not an official with a power."""

    RESIDENT = "resident"
    SYSTEM = "system"


class Clock(StrEnum):
    """What an action does to the statutory clock."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REOPEN = "reopen"
    """Runs on; the time since it was stopped does not count."""


@dataclass(frozen=True, slots=True)
class Action:
    """One row: `name` takes a case from any of `sources` to `target`, done by `who`."""

    name: str
    sources: frozenset[State]
    target: State | Target
    who: frozenset[Power] | Actor
    needs_reason: bool
    clock: Clock
    for_resident: bool


class NotAllowed(Exception):
    """The table has no such row, or not for this state, person or without a reason. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


PAUSED = frozenset({State.SUPPLEMENT, State.PAYMENT, State.WITHDRAWAL})
UNDER_WAY = frozenset({State.FILED, State.ACCEPTED, State.IN_PROGRESS})
OPEN = UNDER_WAY | PAUSED
CLOSED = frozenset({State.NOT_ACCEPTED, State.STOPPED, State.RETURNED})


def _row(
    name: str,
    sources: Collection[State],
    target: State | Target,
    who: Collection[Power] | Actor,
    *,
    reason: bool = False,
    clock: Clock = Clock.NONE,
    shown: bool = True,
) -> Action:
    actors = who if isinstance(who, Actor) else frozenset(who)
    return Action(name, frozenset(sources), target, actors, reason, clock, shown)


_S, _P, _T, _C = State, Power, Target, Clock
_HANDLING = (_P.RECEIVE, _P.PROCESS)
_HEADS = (_P.LEAD, _P.APPROVE)
_WORK = OPEN | {_S.COMPLETED}
_FILED = frozenset(_S) - {_S.DRAFT}

TABLE: tuple[Action, ...] = (
    # the way of the case
    _row("file", {_S.DRAFT}, _S.FILED, Actor.RESIDENT),
    _row("file_at_counter", {_S.DRAFT}, _S.FILED, {_P.RECEIVE}),
    _row("accept", {_S.FILED}, _S.ACCEPTED, {_P.RECEIVE}, clock=_C.START),
    _row("refuse", {_S.FILED}, _S.NOT_ACCEPTED, {_P.RECEIVE}, reason=True, clock=_C.STOP),
    _row("begin", {_S.ACCEPTED}, _S.IN_PROGRESS, Actor.SYSTEM),
    _row("request_supplement", UNDER_WAY, _S.SUPPLEMENT, _HANDLING, reason=True, clock=_C.PAUSE),
    _row("allow_supplement", UNDER_WAY, _T.SAME, _HEADS, reason=True, shown=False),
    _row("answer_supplement", {_S.SUPPLEMENT}, _T.BACK, Actor.RESIDENT, clock=_C.RESUME),
    _row("supplement_lapsed", {_S.SUPPLEMENT}, _T.SAME, Actor.SYSTEM),
    _row("request_payment", {_S.ACCEPTED, _S.IN_PROGRESS}, _S.PAYMENT, _HANDLING, reason=True, clock=_C.PAUSE),
    _row("confirm_payment", {_S.PAYMENT}, _T.BACK, _HANDLING, clock=_C.RESUME),
    _row("request_withdrawal", UNDER_WAY | {_S.SUPPLEMENT}, _S.WITHDRAWAL, Actor.RESIDENT, reason=True, clock=_C.PAUSE),
    _row("grant_withdrawal", {_S.WITHDRAWAL}, _S.STOPPED, {_P.RECEIVE, _P.LEAD}, clock=_C.STOP),
    _row("decline_withdrawal", {_S.WITHDRAWAL}, _T.BACK, {_P.RECEIVE, _P.LEAD}, reason=True, clock=_C.RESUME),
    _row("stop", {_S.ACCEPTED, _S.IN_PROGRESS, _S.SUPPLEMENT, _S.PAYMENT}, _S.STOPPED, _HEADS, reason=True, clock=_C.STOP),
    _row("prepare_extension", {_S.ACCEPTED, _S.IN_PROGRESS}, _T.SAME, {_P.PROCESS, *_HEADS}, reason=True, shown=False),
    _row("draft_extension", {_S.ACCEPTED, _S.IN_PROGRESS}, _T.SAME, Actor.SYSTEM, shown=False),
    _row("extend", {_S.ACCEPTED, _S.IN_PROGRESS}, _T.SAME, {_P.APPROVE}, reason=True),
    _row("transfer", UNDER_WAY, _T.SAME, {_P.RECEIVE, _P.LEAD}, reason=True),
    _row("reopen", CLOSED | {_S.COMPLETED}, _T.REOPENED, _HEADS, reason=True, clock=_C.REOPEN),
    _row("complete", {_S.IN_PROGRESS}, _S.COMPLETED, Actor.SYSTEM, clock=_C.STOP),
    _row("hand_over", {_S.COMPLETED}, _S.RETURNED, {_P.RECEIVE}),
    # steps of the route, which leave the state as it is
    _row("claim", _WORK, _T.SAME, CASE_POWERS, shown=False),
    _row("release", _WORK, _T.SAME, CASE_POWERS, shown=False),
    _row("assign", _WORK, _T.SAME, CASE_POWERS, shown=False),
    _row("share_out", _WORK, _T.SAME, Actor.SYSTEM, shown=False),
    _row("expire_claim", _WORK, _T.SAME, Actor.SYSTEM, shown=False),
    _row("fill_fields", _WORK, _T.SAME, CASE_POWERS, shown=False),
    _row("finish", {_S.IN_PROGRESS}, _T.SAME, CASE_POWERS),
    _row("return_step", {_S.IN_PROGRESS}, _T.SAME, CASE_POWERS, reason=True, shown=False),
    _row("consult", {_S.ACCEPTED, _S.IN_PROGRESS}, _T.SAME, {_P.PROCESS, _P.LEAD}, reason=True),
    _row("call_off_consult", {_S.ACCEPTED, _S.IN_PROGRESS}, _T.SAME, {_P.PROCESS, _P.LEAD}, reason=True, shown=False),
    _row("silence", {_S.IN_PROGRESS, _S.SUPPLEMENT, _S.PAYMENT}, _T.SAME, Actor.SYSTEM),
    _row("give_opinion", {_S.IN_PROGRESS, _S.SUPPLEMENT, _S.PAYMENT}, _T.SAME, {_P.PROCESS}),
    _row("approve", {_S.IN_PROGRESS}, _T.SAME, {_P.APPROVE}),
    _row("sign", {_S.IN_PROGRESS}, _T.SAME, {_P.APPROVE}),
    _row("seal", {_S.IN_PROGRESS}, _T.SAME, {_P.REGISTER}),
    _row("document_signed", {_S.IN_PROGRESS, *PAUSED}, _T.SAME, Actor.SYSTEM, shown=False),
    _row("document_issued", set(_S) - {_S.DRAFT}, _T.SAME, Actor.SYSTEM),
    # beside the way of the case
    _row("note", _FILED, _T.SAME, CASE_POWERS, shown=False),
    _row("label", _FILED, _T.SAME, CASE_POWERS, shown=False),
    _row("unlabel", _FILED, _T.SAME, CASE_POWERS, shown=False),
    _row("send_message", _FILED, _T.SAME, CASE_POWERS, shown=False),
    _row("write_message", _FILED, _T.SAME, Actor.RESIDENT, shown=False),
    # an editor of the catalogue, for many cases at once
    _row("move_version", OPEN, _T.SAME, {_P.EDIT_CATALOGUE}, reason=True),
)

BY_NAME = {action.name: action for action in TABLE}


def step(name: str, state: State, *, powers: Collection[Power] = (), actor: Actor | None = None, reason: str = "") -> Action:
    """The row for `name` in `state`, or NotAllowed("unknown" | "state" | "power" | "reason")."""
    action = BY_NAME.get(name)
    if action is None:
        raise NotAllowed("unknown")
    permitted = action.who is actor if isinstance(action.who, Actor) else bool(action.who.intersection(powers))
    if not permitted:
        raise NotAllowed("power")
    if state not in action.sources:
        raise NotAllowed("state")
    if action.needs_reason and not reason.strip():
        raise NotAllowed("reason")
    return action


def target(action: Action, state: State, before_pause: State | None, *, accepted: bool = True) -> State:
    """The state the case has after `action`. Raises NotAllowed("state") when there is nothing to go back to."""
    if action.target is Target.SAME:
        return state
    if action.target is Target.REOPENED:
        return State.IN_PROGRESS if accepted else State.FILED
    if action.target is Target.BACK:
        if before_pause is None:
            raise NotAllowed("state")
        return before_pause
    return State(action.target)
