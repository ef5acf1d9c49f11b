"""RULE: which steps of a route come next.

A route is an ordered list of steps. Neighbouring steps of one group run side by side and are joined before the route
goes on. A step whose condition does not hold for the answers is left out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from identity.offices.powers import Power
from services.forms.conditions import holds


class Kind(StrEnum):
    """What is done in a step."""

    RECEIVE = "receive"
    ASSIGN = "assign"
    APPRAISE = "appraise"
    INSPECT = "inspect"
    CONSULT = "consult"
    DRAFT = "draft"
    REVIEW = "review"
    COLLECT_FEE = "collect_fee"
    APPROVE = "approve"
    SIGN = "sign"
    REGISTER = "register"
    SEAL = "seal"
    HAND_OVER = "hand_over"
    WITHDRAWAL = "withdrawal"
    """Not in routes: opened when a resident asks to withdraw."""


POWER_OF_KIND: dict[Kind, Power] = {
    Kind.RECEIVE: Power.RECEIVE,
    Kind.COLLECT_FEE: Power.RECEIVE,
    Kind.HAND_OVER: Power.RECEIVE,
    Kind.WITHDRAWAL: Power.RECEIVE,
    Kind.ASSIGN: Power.LEAD,
    Kind.REVIEW: Power.LEAD,
    Kind.APPRAISE: Power.PROCESS,
    Kind.INSPECT: Power.PROCESS,
    Kind.CONSULT: Power.PROCESS,
    Kind.DRAFT: Power.PROCESS,
    Kind.APPROVE: Power.APPROVE,
    Kind.SIGN: Power.APPROVE,
    Kind.REGISTER: Power.REGISTER,
    Kind.SEAL: Power.REGISTER,
}

ACTIONS_OF_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.RECEIVE: ("accept", "finish", "request_supplement", "refuse"),
    Kind.ASSIGN: ("finish", "consult", "return_step", "stop"),
    Kind.APPRAISE: ("finish", "request_supplement", "request_payment", "confirm_payment", "consult", "return_step"),
    Kind.INSPECT: ("finish", "request_supplement", "consult", "return_step"),
    Kind.CONSULT: ("give_opinion",),
    Kind.DRAFT: ("finish", "request_supplement", "consult", "return_step"),
    Kind.REVIEW: ("finish", "consult", "return_step", "stop"),
    Kind.COLLECT_FEE: ("request_payment", "confirm_payment", "finish", "return_step"),
    Kind.APPROVE: ("approve", "return_step", "stop"),
    Kind.SIGN: ("sign", "return_step", "stop"),
    Kind.REGISTER: ("finish", "return_step"),
    Kind.SEAL: ("seal", "return_step"),
    Kind.HAND_OVER: ("hand_over",),
    Kind.WITHDRAWAL: ("grant_withdrawal", "decline_withdrawal"),
}
"""What can be done with a work item; the first is the usual way. The life-cycle table decides whether now."""

CLOSING = frozenset(
    {
        "accept",
        "finish",
        "give_opinion",
        "approve",
        "sign",
        "seal",
        "hand_over",
        "grant_withdrawal",
        "decline_withdrawal",
        "refuse",
        "stop",
    }
)
"""Actions after which the work item is done."""

OWN_DOOR = frozenset({"request_supplement", "request_payment", "confirm_payment", "consult", "return_step"})
"""Actions that ask for more than a note, and so are not done by `act`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `hours` are working hours, None when the law does not count it or counts calendar `days`. `points` weigh the work where it is shared out,
    `silence` says that no answer in time is agreement, `fields` are what the office itself notes down (a page of a form).
    """

    key: str
    title: str
    kind: Kind
    power: Power
    office: Mapping[str, Any]
    hours: Decimal | None
    group: str
    when: Any
    position: int
    points: int = 1
    silence: bool = False
    fields: tuple[Mapping[str, Any], ...] = ()
    days: int | None = None


def route(raw: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps of a version's route, in order. Raises KeyError or ValueError on a shape publishing should have refused."""
    steps = []
    for position, step in enumerate(raw):
        kind = Kind(step["kind"])
        hours = step.get("hours")
        steps.append(
            Step(
                key=step["key"],
                title=step["title"],
                kind=kind,
                power=Power(step.get("power") or POWER_OF_KIND[kind]),
                office=step["office"],
                hours=None if hours is None else Decimal(str(hours)),
                group=step.get("group") or "",
                when=step.get("when"),
                position=position,
                points=int(step.get("points") or 1),
                silence=bool(step.get("silence")),
                fields=tuple(step.get("fields") or ()),
                days=step.get("days"),
            )
        )
    return tuple(steps)


def blocks(steps: Sequence[Step]) -> list[list[Step]]:
    """The route cut into parts that follow one another; a part of several steps is parallel."""
    return [list(part) for _, part in groupby(steps, key=lambda step: step.group or f"#{step.position}")]


def first(steps: Sequence[Step], answers: Mapping[str, Any]) -> list[Step]:
    """The steps a newly filed case starts with."""
    return _from(blocks(steps), 0, answers)


def after(steps: Sequence[Step], finished: str, still_open: Collection[str], answers: Mapping[str, Any]) -> list[Step]:
    """The steps to open once step `finished` is done; none while a parallel neighbour is still open, or at the end.

    Raises KeyError for a step the route does not have.
    """
    parts = blocks(steps)
    for index, part in enumerate(parts):
        keys = {step.key for step in part}
        if finished in keys:
            return [] if keys.intersection(still_open) else _from(parts, index + 1, answers)
    raise KeyError(finished)


def _from(parts: list[list[Step]], index: int, answers: Mapping[str, Any]) -> list[Step]:
    for part in parts[index:]:
        taken = [step for step in part if step.when is None or holds(step.when, answers)]
        if taken:
            return taken
    return []
