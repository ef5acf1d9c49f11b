"""RULE: how a route is put together: steps added, moved, set side by side and removed.

Every operation takes the raw route of a draft and gives a new one, with the index of the step it was about. Steps side by side
are neighbours with the same `group`; an operation never leaves a group torn apart or with a single step.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from portal.kit.folding import words
from services.editor.form_editing import GONE, Impossible

Step = dict[str, Any]
Route = list[Step]
KEY_LENGTH = 40
ALONE = frozenset({"receive", "sign", "seal", "hand_over"})
"""Kinds of steps that belong to every case and stand by themselves."""
FIRST, LAST = "receive", "hand_over"


def _(text: str) -> str:
    """Marks a message for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Edited:
    """The route afterwards, and where the step now is."""

    route: Route
    index: int


def step_at(route: Sequence[Mapping[str, Any]], index: int) -> Mapping[str, Any]:
    """The step there. Raises Impossible where there is none."""
    if not 0 <= index < len(route):
        raise Impossible(GONE)
    return route[index]


def step_key(route: Sequence[Mapping[str, Any]], title: str) -> str:
    """A new key made from a title, different from those of the route: `Thẩm định hồ sơ` -> `tham-dinh-ho-so`."""
    stem = "-".join(part.replace(".", "-") for part in words(title))[:KEY_LENGTH].strip("-") or "buoc"
    taken = {str(step.get("key")) for step in route}
    key, n = stem, 2
    while key in taken:
        key, n = f"{stem}-{n}", n + 1
    return key


def blocks(route: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Indexes of the steps, those side by side together, in order."""
    numbered = groupby(range(len(route)), key=lambda n: route[n].get("group") or n)
    return [list(block) for _key, block in numbered]


def add(route: Route, kind: str, title: str, after: int | None = None) -> Edited:
    """A new step after the one given and after those side by side with it; without one before the last step, handing over."""
    made = deepcopy(route)
    if after is None:
        index = len(made) - (1 if made and made[-1].get("kind") == LAST else 0)
    else:
        step_at(route, after)
        index = next(block for block in blocks(route) if after in block)[-1] + 1
    near = made[index - 1].get("office") if index else None
    office = deepcopy(near) if isinstance(near, dict) else {}
    made.insert(index, {"key": step_key(route, title), "title": title, "kind": kind, "office": office, "hours": None})
    return Edited(made, index)


def duplicate(route: Route, index: int) -> Edited:
    """A copy right after the step; a step that is side by side with others has its copy there too."""
    made = deepcopy(route)
    copy = deepcopy(dict(step_at(route, index)))
    copy["key"] = step_key(route, str(copy.get("title") or copy.get("key") or ""))
    made.insert(index + 1, copy)
    return Edited(made, index + 1)


def remove(route: Route, index: int) -> Edited:
    """Without the step; one that is left alone in its group is a step like others."""
    step_at(route, index)
    made = _settled(deepcopy(route[:index]) + deepcopy(route[index + 1 :]))
    return Edited(made, min(index, max(len(made) - 1, 0)))


def move(route: Route, index: int, by: int) -> Edited:
    """Earlier (-1) or later (+1): past the neighbour side by side with it, else past the whole block that comes there."""
    step_at(route, index)
    parts = blocks(route)
    at = next(n for n, block in enumerate(parts) if index in block)
    block = parts[at]
    made = deepcopy(route)
    target = index + by
    if len(block) > 1 and target in block:
        made.insert(target, made.pop(index))
        return Edited(made, target)
    if len(block) > 1:
        made[index].pop("group", None)
        return Edited(_settled(made), index)
    if not 0 <= at + by < len(parts):
        raise Impossible(_("It is already at the end: it cannot be moved any further."))
    beyond = parts[at + by]
    made.insert(beyond[0] if by < 0 else beyond[-1], made.pop(index))
    return Edited(made, beyond[0] if by < 0 else beyond[-1])


def beside(route: Route, index: int) -> Edited:
    """Side by side with the step before it, and with those that already are."""
    step = step_at(route, index)
    if index == 0:
        raise Impossible(_("The first step has none before it."))
    if step.get("kind") in ALONE or route[index - 1].get("kind") in ALONE:
        raise Impossible(_("Receiving, signing, sealing and handing over stand alone: nothing runs side by side with them."))
    made = deepcopy(route)
    group = made[index - 1].get("group") or _new_group(route)
    mine = made[index].get("group")
    made[index - 1]["group"] = group
    for other in made if mine else [made[index]]:
        if other is made[index] or (mine and other.get("group") == mine):
            other["group"] = group
    return Edited(made, index)


def apart(route: Route, index: int) -> Edited:
    """After those it was side by side with: it waits for all of them."""
    step_at(route, index)
    made = deepcopy(route)
    block = next(block for block in blocks(route) if index in block)
    if len(block) < 2:
        raise Impossible(_("No other step runs side by side with it."))
    step = made.pop(index)
    step.pop("group", None)
    made.insert(block[-1], step)
    return Edited(_settled(made), block[-1])


def change(route: Route, index: int, settings: Mapping[str, Any]) -> Edited:
    """Other settings; None takes one away, but the hours, which may be empty."""
    step_at(route, index)
    made = deepcopy(route)
    for name, value in settings.items():
        if value is None and name != "hours":
            made[index].pop(name, None)
        else:
            made[index][name] = value
    if made[index].get("kind") in ALONE:
        made[index].pop("group", None)
        made = _settled(made)
    return Edited(made, index)


def in_place_of(route: Route, steps: Sequence[Mapping[str, Any]]) -> Edited:
    """The steps of a model decision in place of those of the route; a step kept under the same key keeps its condition."""
    conditions = {step.get("key"): step["when"] for step in route if step.get("when") is not None}
    made = deepcopy([dict(step) for step in steps])
    for step in made:
        if step.get("key") in conditions and step.get("kind") not in ALONE:
            step.setdefault("when", deepcopy(conditions[step["key"]]))
    return Edited(_settled(made), 0)


def _new_group(route: Sequence[Mapping[str, Any]]) -> str:
    taken = {step.get("group") for step in route}
    letters = (f"{letter}{n or ''}" for n in range(100) for letter in "abcdefghijklmnopqrstuvwxyz")
    return next(name for name in letters if name not in taken)


def _settled(made: Route) -> Route:
    """Groups of one step are none, and a name that stands in two places becomes two groups."""
    seen: set[str] = set()
    for block in blocks(made):
        name = made[block[0]].get("group")
        if not name:
            continue
        fresh = _new_group(made) if name in seen else name
        seen.add(fresh)
        for index in block:
            if len(block) == 1:
                made[index].pop("group", None)
            else:
                made[index]["group"] = fresh
    return made


def hours_of(step: Mapping[str, Any]) -> Decimal | None:
    """The working hours of a step; None where they are not counted, or cannot be read."""
    value = step.get("hours")
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def hours_written(text: str) -> int | float | None:
    """`4` -> 4, `1,5` -> 1.5, empty -> None. Raises ValueError for what are no hours."""
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or not 0 < number <= 10_000 or number != round(number, 2):
        raise ValueError(text)
    return int(number) if number == number.to_integral_value() else float(number)


def total_hours(route: Sequence[Mapping[str, Any]]) -> Decimal:
    """Working hours the route takes: steps side by side count as the longest of them, steps without hours as none."""
    longest = (max(hours_of(route[index]) or Decimal(0) for index in block) for block in blocks(route))
    return sum(longest, Decimal(0))


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """A step's office as the page asks for it: `form` is one of FORMS, the others fill it in."""

    form: str
    function: str = ""
    code: str = ""
    answer: str = ""


OFFICE_FORMS = ("function", "code", "answer", "answer_code", "parent")
"""A unit of the competent agency; a fixed office; a unit in the ward of an answer; the office of an answer; a unit above."""


def office_choice(ref: object) -> OfficeChoice:
    """How a step's office is said; `function` without one for what cannot be read."""
    if not isinstance(ref, Mapping):
        return OfficeChoice("function")
    function = str(ref.get("function") or "")
    if "code" in ref:
        return OfficeChoice("code", code=str(ref["code"]))
    if "answer_code" in ref:
        return OfficeChoice("answer_code", answer=str(ref["answer_code"]))
    if "answer" in ref:
        return OfficeChoice("answer", function, answer=str(ref["answer"]))
    return OfficeChoice("parent" if ref.get("parent") else "function", function)


def office_ref(choice: OfficeChoice) -> dict[str, Any]:
    """The reference that a route holds for the choice."""
    if choice.form == "code":
        return {"code": choice.code}
    if choice.form == "answer_code":
        return {"answer_code": choice.answer}
    if choice.form == "answer":
        return {"answer": choice.answer, "function": choice.function}
    if choice.form == "parent":
        return {"parent": True, "function": choice.function}
    return {"function": choice.function}
