"""RULE: which answers decide the way of a trial, and which different ways a route has.

Two sets of answers go the same way when every condition of the route comes out the same. One set is tried for each way that the
form can lead to, up to a limit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice, product
from typing import Any

from services.forms import places, sample
from services.forms.conditions import holds, variables
from services.forms.definition import Definition, Field, Kind
from services.forms.validation import unanswered

MOST_WAYS = 24
MOST_TRIALS = 5_000
"""Combinations looked at while searching for different ways."""
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENTAGE})

Route = Sequence[Mapping[str, Any]]
Filled = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Sample answers to everything the form asks when these answers are given."""


@dataclass(frozen=True, slots=True)
class Way:
    """Answers that lead one way, those among them that decide it, and whether each condition of the route holds."""

    answers: Mapping[str, Any]
    deciding: Mapping[str, Any]
    holding: tuple[bool, ...]


def filled(definition: Definition, today: date, ward: str = "") -> Filled:
    """Gives sample answers to everything that is asked, with given ones in their place. Places are in the ward, where one is named."""
    place = {"province": places.province_of(ward), "ward": ward} if ward and places.province_of(ward) else None

    def fill(given: Mapping[str, Any]) -> Mapping[str, Any]:
        def take(one: Field, counted: Mapping[str, Any]) -> Any:
            if not one.asks:
                return None
            if one.key in given:
                return given[one.key]
            if place and one.kind == Kind.PROVINCE_WARD and one.province in ("", place["province"]):
                return place
            return sample.answer(one, today, counted)

        return definition.walk(take).answers

    return fill


def deciding(route: Route, definition: Definition) -> list[Field]:
    """The questions whose answers decide which steps are taken, in the order of the form; through calculated values as well."""
    names = {name.partition(".")[0] for condition in conditions_of(route) for name in variables(condition)}
    return _asked(names, definition)


def placing(route: Route, definition: Definition) -> list[Field]:
    """The questions whose answers name the office of a step."""
    refs = [step.get("office") or {} for step in route]
    return _asked({str(ref.get("answer") or ref.get("answer_code") or "") for ref in refs}, definition)


def _asked(names: set[str], definition: Definition) -> list[Field]:
    wanted, left = set(names), list(names)
    known = {field.key: field for field in definition.fields()}
    while left:
        field = known.get(left.pop())
        if field is not None and field.kind == Kind.CALCULATED:
            behind = set(definition.needs[field.key]) - wanted
            wanted |= behind
            left += behind
    return [field for field in known.values() if field.key in wanted and field.kind != Kind.CALCULATED]


def conditions_of(route: Route) -> list[Any]:
    """The conditions of a route, in order."""
    return [step["when"] for step in route if step.get("when") is not None]


def ways(route: Route, definition: Definition, filled: Filled, given: Mapping[str, Any]) -> list[Way]:
    """One set of answers for every way that can be found, at most 24; the way of the sample itself comes first."""
    conditions = conditions_of(route)
    fields = deciding(route, definition)
    files = {field.key for field in definition.fields() if field.kind == Kind.ATTACHMENT}
    tried = [_telling(field, conditions, given.get(field.key)) for field in fields]
    found: dict[tuple[bool, ...], Way] = {}
    for values in islice(product(*tried), MOST_TRIALS):
        chosen = {field.key: value for field, value in zip(fields, values, strict=True) if value is not None}
        answers = filled({**given, **chosen})
        if found and unanswered(definition, answers, files):
            # Answers the form would not take lead nowhere; the sample itself is tried whatever it is.
            continue
        holding = tuple(holds(condition, answers) for condition in conditions)
        decided = {field.key: answers[field.key] for field in fields if field.key in answers}
        found.setdefault(holding, Way(answers, decided, holding))
        if len(found) >= min(MOST_WAYS, 2 ** len(conditions)):
            break
    return list(found.values())


def _telling(field: Field, conditions: Sequence[Any], sample: Any) -> list[Any]:
    """Answers to a question that the conditions could tell apart; first the sample's, None: whatever the sample says."""
    literals = [value for condition in conditions for value in _literals(condition)]
    found: list[Any] = [sample]
    match field.kind:
        case Kind.YES_NO:
            found += [True, False]
        case Kind.CHOICE:
            mentioned = [choice.value for choice in field.choices if choice.value in literals]
            found += [*mentioned, *(choice.value for choice in field.choices if choice.value not in mentioned)][
                : len(mentioned) + 1
            ]
        case Kind.MULTIPLE_CHOICE:
            found += [[choice.value] for choice in field.choices]
        case Kind.DATE:
            found += [value for value in literals if isinstance(value, str)]
        case kind if kind in NUMBERS:
            found += list(_numbers(field, literals))
        case _:
            found += [value for value in literals if isinstance(value, str | bool)]
    return [value for at, value in enumerate(found) if value not in found[:at]]


def _numbers(field: Field, literals: Sequence[Any]) -> Iterator[int]:
    """Whole numbers around every number compared with, and both ends of what may be answered."""
    around = [
        number
        for literal in literals
        if (middle := _number(literal)) is not None
        for number in (int(middle), int(middle) + 1, int(middle) - 1)
    ]
    ends = [int(end) for end in (field.least, field.most) if end is not None]
    for number in [*around, *ends, 1, 1000]:
        if (field.least is None or number >= field.least) and (field.most is None or number <= field.most):
            yield number


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**12 else None


def _literals(node: Any) -> Iterator[Any]:
    """Every value that stands in a condition."""
    if isinstance(node, Mapping):
        for operator, inner in node.items():
            if operator != "var":
                yield from _literals(inner)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _literals(part)
    else:
        yield node
