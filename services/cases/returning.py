"""RULE: how far back a case can go, what is done again then, and which round a step is in.

What comes before the step a case goes back to stays as it is. Everything after it is stale and is done again. Of the steps that
run side by side with it, those already done stay done and those still open stay open.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.cases.routing import Kind, Step, blocks
from services.forms.conditions import holds


class Outcome(StrEnum):
    """How far the outcome of a case has come."""

    NONE = "none"
    SIGNED = "signed"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a case goes back to: steps to open, and the round each step is in when it comes next."""

    to: str
    opens: tuple[str, ...]
    rounds: Mapping[str, int]


def earlier(steps: Sequence[Step], at: str, done: Collection[str]) -> list[Step]:
    """The steps a case can be returned to from step `at`: those done before it, and its finished neighbours. In order."""
    found: list[Step] = []
    for part in blocks(steps):
        found += [step for step in part if step.key in done and step.key != at]
        if any(step.key == at for step in part):
            return found
    return []


def possible(steps: Sequence[Step], outcome: Outcome) -> list[Step]:
    """The steps that can be done again with the outcome as it is: none that needs a signed or a sealed one where there is none."""
    order = {step.kind: step.position for step in steps if step.kind in (Kind.SIGN, Kind.SEAL)}
    sign, seal = order.get(Kind.SIGN, len(steps)), order.get(Kind.SEAL, len(steps))
    if outcome is Outcome.ISSUED:
        return [step for step in steps if step.position <= sign or step.position > seal]
    last = max(sign, seal) if outcome is Outcome.SIGNED else sign
    return [step for step in steps if step.position <= last]


def drops_outcome(steps: Sequence[Step], to: str) -> bool:
    """Whether an outcome does not outlive going back to that step: it was decided there or later."""
    sign = next((step.position for step in steps if step.kind is Kind.SIGN), len(steps))
    return next(step.position for step in steps if step.key == to) <= sign


def way_back(
    steps: Sequence[Step], to: str, *, done: Collection[str], still_open: Collection[str], rounds: Mapping[str, int], answers: Any
) -> Way:
    """Going back to step `to`; `rounds` are the rounds there have been. Raises KeyError for a step the route does not have."""
    parts = blocks(steps)
    index = next((index for index, part in enumerate(parts) if any(step.key == to for step in part)), None)
    if index is None:
        raise KeyError(to)
    kept = {*done, *still_open} - {to}
    opens = [
        step.key
        for step in parts[index]
        if step.key == to or (step.key not in kept and (step.when is None or holds(step.when, answers)))
    ]
    stale = [*opens, *(step.key for part in parts[index + 1 :] for step in part)]
    return Way(to, tuple(opens), next_rounds(stale, rounds))


def next_rounds(stale: Iterable[str], rounds: Mapping[str, int]) -> dict[str, int]:
    """The round of each stale step when it comes next. A step that never came is in its first whenever it does."""
    return {key: rounds[key] + 1 for key in stale if key in rounds}


def current(turns: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The round each step is in, from every going back of the case in order; steps not named are in their first."""
    found: dict[str, int] = {}
    for rounds in turns:
        found.update(rounds)
    return found
