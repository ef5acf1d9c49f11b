"""RULE: whether a bulk action can be done with one of the chosen work items, and by which single action.

It is asked for the preview, where nothing is changed. What is done later goes through the single action, which asks again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from identity.offices.powers import Power
from services.cases import lifecycle, routing
from services.cases.routing import Kind

MOST = 500
"""Cases of one bulk action."""
STEP_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "accept": ("accept",),
    "finish": ("finish", "approve"),
    "sign": ("sign",),
}
"""Bulk actions that end a step -> the single actions that may do it."""
CASE_ACTIONS: Mapping[str, str] = {"label": "label", "message": "send_message"}
"""Bulk actions about the case as a whole -> the single action."""
HANDED_ON = "assign"
BLANK = "……"
"""What a template prints where a case has no value."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How one work item stands for the person who chose it; `powers` are theirs at its office."""

    step: Kind
    state: lifecycle.State
    is_open: bool
    mine: bool
    held: bool
    powers: frozenset[str]


def deed(bulk: str, step: Kind) -> str:
    """The single action that does it with a step of that kind; empty when the step has none."""
    if bulk in CASE_ACTIONS:
        return CASE_ACTIONS[bulk]
    if bulk in STEP_ACTIONS:
        return next((name for name in routing.ACTIONS_OF_KIND[step] if name in STEP_ACTIONS[bulk]), "")
    return bulk


def why_not(bulk: str, facts: Facts) -> str:
    """Code of the reason it cannot be done as things stand; empty when it can."""
    name = deed(bulk, facts.step)
    if not name:
        return "not_here"
    if bulk not in CASE_ACTIONS and (reason := _hands(bulk, facts)):
        return reason
    row = lifecycle.BY_NAME[name]
    if isinstance(row.who, lifecycle.Actor) or not row.who.intersection(facts.powers):
        return "power"
    return "" if facts.state in row.sources else "state"


def _hands(bulk: str, facts: Facts) -> str:
    """Whether the item is in the right hands for it. A free item is taken on the way to ending its step."""
    if not facts.is_open:
        return "closed"
    if bulk == "claim" and facts.mine:
        return "mine"
    if bulk == HANDED_ON:
        return "" if facts.mine or Power.LEAD in facts.powers else "not_yours"
    return "held" if facts.held and not facts.mine else ""


def offered(bulk: str, powers: Collection[str]) -> bool:
    """Whether somebody with these powers somewhere can ever do it."""
    names = STEP_ACTIONS.get(bulk) or (CASE_ACTIONS.get(bulk, bulk),)
    rows = (lifecycle.BY_NAME[name] for name in names)
    return any(not isinstance(row.who, lifecycle.Actor) and bool(row.who.intersection(powers)) for row in rows)


def blanks(outcome: Mapping[str, Any]) -> list[str]:
    """Where the text of an outcome would have dots instead of a value: labels of rows, else the words around the dots."""
    places = [label for label, text in outcome.get("rows", []) if BLANK in text]
    whole = [outcome.get("summary", ""), *outcome.get("basis", []), *outcome.get("paragraphs", []), *outcome.get("articles", [])]
    return places + [_around(text) for text in whole if BLANK in text]


def _around(text: str) -> str:
    at = text.index(BLANK)
    return text[max(0, at - 30) : at + len(BLANK)].strip()
