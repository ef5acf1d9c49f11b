"""RULE: whether a question is asked, and which conditions may be published.

A condition is JsonLogic restricted to and, or, !, ==, !=, in, <, <=, >, >= and var. Evaluation is total: a missing answer is
null, values that cannot be compared are unequal and unordered, and whatever is not a condition does not hold. The libraries
for JsonLogic raise on missing answers and on mixed types, and the browser must decide exactly as the server does, so the
few lines are here; `static/src/conditions.js` is their mirror.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import chain, combinations, pairwise, product
from math import prod
from typing import Any

from services.forms.wording import Complaint

DEEPEST = 20
MOST_TRIALS = 20_000
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
ORDERS = frozenset({"<", "<=", ">", ">="})
OPERATORS = frozenset({"and", "or", "!", "==", "!=", "in"}) | ORDERS
"""What a condition may be made of, besides var."""


class Type(StrEnum):
    """What an answer is, as far as comparisons care."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Operand:
    """An answer that a condition may refer to; `values` are all it can be, None when they cannot be listed."""

    type: Type
    values: tuple[str, ...] | None = None


def holds(condition: Any, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds for the answers; no condition always holds. Never raises."""
    return condition is None or _truthy(_value(condition, answers, 0))


def _value(node: Any, answers: Mapping[str, Any], depth: int) -> Any:
    if isinstance(node, list | tuple):
        return [_value(part, answers, depth + 1) for part in node] if depth < DEEPEST else None
    if not isinstance(node, Mapping):
        return node
    if len(node) != 1 or depth >= DEEPEST:
        return None
    ((operator, arguments),) = node.items()
    if operator == "var":
        return _look_up(arguments, answers)
    parts = list(arguments) if isinstance(arguments, list | tuple) else [arguments]
    values = [_value(part, answers, depth + 1) for part in parts]
    if operator == "and":
        return all(map(_truthy, values))
    if operator == "or":
        return any(map(_truthy, values))
    if operator == "!" and len(values) == 1:
        return not _truthy(values[0])
    return _compare(operator, *values) if len(values) == 2 else None


def _compare(operator: str, left: Any, right: Any) -> bool | None:
    if operator == "==":
        return _same(left, right)
    if operator == "!=":
        return not _same(left, right)
    if operator == "in":
        return isinstance(right, list) and any(_same(left, one) for one in right)
    if operator not in ORDERS:
        return None
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return _ordered(operator, one < other, one == other)
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(operator, left < right, left == right)
    return False


def _ordered(operator: str, less: bool, equal: bool) -> bool:
    return {"<": less, "<=": less or equal, ">": not less and not equal, ">=": not less}[operator]


def _look_up(name: Any, answers: Mapping[str, Any]) -> Any:
    found: Any = answers
    for part in name.split(".") if isinstance(name, str) else ():
        found = found.get(part) if isinstance(found, Mapping) else None
    return None if found is answers else found


def _truthy(value: Any) -> bool:
    return bool(value)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return one == other
    return left is None and right is None


def variables(condition: Any) -> Iterator[str]:
    """Every name the condition refers to, with repetitions."""
    if isinstance(condition, list | tuple):
        for part in condition:
            yield from variables(part)
    elif isinstance(condition, Mapping):
        for operator, arguments in condition.items():
            if operator == "var":
                if isinstance(arguments, str):
                    yield arguments
            else:
                yield from variables(arguments)


def narrowed(condition: Any, answers: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """The condition with what is known put in: only the variables in `names` stay, under their new names."""
    if isinstance(condition, list | tuple):
        return [narrowed(part, answers, names) for part in condition]
    if not isinstance(condition, Mapping):
        return condition
    if "var" in condition:
        name = condition["var"]
        return {"var": names[name]} if name in names else _look_up(name, answers)
    return {operator: narrowed(arguments, answers, names) for operator, arguments in condition.items()}


def problems(condition: Any, operands: Mapping[str, Operand]) -> list[Complaint]:
    """What is wrong with a condition over these operands: shape, unknown names, types, and that it can never hold."""
    if condition is None:
        return []
    found: list[Complaint] = []
    _check(condition, operands, found, 0)
    if not found and _never_holds(condition, operands):
        found.append(Complaint("condition_never"))
    return found


def _check(node: Any, operands: Mapping[str, Operand], found: list[Complaint], depth: int) -> None:
    if depth >= DEEPEST:
        found.append(Complaint("condition_deep", count=DEEPEST))
        return
    if not isinstance(node, Mapping) or len(node) != 1 or not all(isinstance(operator, str) for operator in node):
        found.append(Complaint("condition_shape"))
        return
    ((operator, arguments),) = node.items()
    parts = list(arguments) if isinstance(arguments, list | tuple) else [arguments]
    if operator == "var":
        _operand(node, operands, found)
    elif operator in {"and", "or"}:
        if not parts:
            found.append(Complaint("condition_arguments", operator=operator))
        for part in parts:
            _check(part, operands, found, depth + 1)
    elif operator == "!":
        if len(parts) != 1:
            found.append(Complaint("condition_arguments", operator=operator))
        for part in parts:
            _check(part, operands, found, depth + 1)
    elif operator not in OPERATORS:
        found.append(Complaint("condition_operator", operator=operator))
    elif len(parts) != 2:
        found.append(Complaint("condition_arguments", operator=operator))
    else:
        _check_comparison(operator, parts[0], parts[1], operands, found)


def _is_variable(node: Any) -> bool:
    return isinstance(node, Mapping) and "var" in node


def _operand(node: Mapping[str, Any], operands: Mapping[str, Operand], found: list[Complaint]) -> Operand | None:
    name = node["var"]
    if len(node) != 1 or not isinstance(name, str):
        found.append(Complaint("condition_shape"))
        return None
    if name not in operands:
        found.append(Complaint("condition_unknown", name=name))
        return None
    return operands[name]


def _check_comparison(operator: str, left: Any, right: Any, operands: Mapping[str, Operand], found: list[Complaint]) -> None:
    sides = [_operand(side, operands, found) for side in (left, right) if _is_variable(side)]
    if None in sides:
        return
    known = [side for side in sides if side is not None]
    if not known:
        found.append(Complaint("condition_constant"))
        return
    if operator == "in":
        _check_membership(left, right, operands, found)
        return
    literals = [side for side in (left, right) if not _is_variable(side)]
    if operator in ORDERS and any(side.type not in {Type.NUMBER, Type.DATE} for side in known):
        found.append(Complaint("condition_order", operator=operator))
    elif any(side.type == Type.MANY for side in known) and literals != [None]:
        found.append(Complaint("condition_many"))
    elif len(known) == 2:
        if known[0].type != known[1].type:
            found.append(Complaint("condition_types"))
    elif not (_fits(literals[0], known[0]) or (literals[0] is None and operator not in ORDERS)):
        found.append(Complaint("condition_literal", value=_shown(literals[0])))


def _check_membership(left: Any, right: Any, operands: Mapping[str, Operand], found: list[Complaint]) -> None:
    if _is_variable(right):
        haystack = operands[right["var"]]
        if haystack.type != Type.MANY:
            found.append(Complaint("condition_many_in"))
        elif not _is_variable(left) and not _fits(left, haystack):
            found.append(Complaint("condition_literal", value=_shown(left)))
    elif not isinstance(right, list | tuple) or not right:
        found.append(Complaint("condition_list"))
    elif operands[left["var"]].type == Type.MANY:
        found.append(Complaint("condition_many"))
    else:
        found.extend(Complaint("condition_literal", value=_shown(one)) for one in right if not _fits(one, operands[left["var"]]))


def _shown(value: Any) -> str:
    return str(value)[:40]


def _fits(value: Any, operand: Operand) -> bool:
    if operand.type == Type.YES_NO:
        return isinstance(value, bool)
    if operand.type == Type.NUMBER:
        return _number(value) is not None and len(str(value)) <= 30
    if not isinstance(value, str):
        return False
    if operand.type == Type.DATE:
        return is_day(value)
    return operand.values is None or value in operand.values


def is_day(value: Any) -> bool:
    """Whether the value is a day written YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _never_holds(condition: Any, operands: Mapping[str, Operand]) -> bool:
    """Tried out on every combination of answers that the condition could tell apart; False where there are too many."""
    names = sorted(set(variables(condition)))
    if _compares_answers(condition):
        return False
    trials = [_telling_answers(name, operands[name], condition) for name in names]
    if prod(map(len, trials)) > MOST_TRIALS:
        return False
    return not any(holds(condition, _nested(dict(zip(names, trial, strict=True)))) for trial in product(*trials))


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, value in flat.items():
        root, _, rest = name.partition(".")
        if rest:
            answers.setdefault(root, {})[rest] = value
        else:
            answers[root] = value
    return answers


def _compares_answers(node: Any) -> bool:
    if isinstance(node, list | tuple):
        return any(map(_compares_answers, node))
    if not isinstance(node, Mapping):
        return False
    ((operator, arguments),) = node.items()
    if operator in OPERATORS - {"and", "or", "!"} and sum(map(_is_variable, arguments)) == 2:
        return True
    return operator != "var" and _compares_answers(arguments)


def _telling_answers(name: str, operand: Operand, condition: Any) -> list[Any]:
    literals = list(_compared_with(name, condition))
    if operand.type == Type.YES_NO:
        return [None, True, False]
    if operand.type == Type.NUMBER:
        points = sorted({number for literal in literals if (number := _number(literal)) is not None})
        between = [(one + other) / 2 for one, other in pairwise(points)]
        ends = [points[0] - 1, points[-1] + 1] if points else [Decimal(1)]
        return [None, Decimal(0), *points, *between, *ends]
    if operand.type == Type.DATE:
        days = {date.fromisoformat(literal) for literal in literals if is_day(literal)} or {date(2000, 1, 1)}
        near = {day + timedelta(days=step) for day in days for step in (-1, 0, 1) if date.min < day < date.max}
        return [None, *(day.isoformat() for day in sorted(near))]
    if operand.type == Type.MANY:
        mentioned = sorted({literal for literal in literals if isinstance(literal, str)})[:8]
        subsets = chain.from_iterable(combinations(mentioned, size) for size in range(len(mentioned) + 1))
        return [None, ["?"], *([*subset, "?"] for subset in subsets)]
    if operand.values is not None and len(operand.values) <= 50:
        return [None, *operand.values]
    return [None, "?", *{literal for literal in literals if isinstance(literal, str)}]


def _compared_with(name: str, node: Any) -> Iterator[Any]:
    """Every literal that stands beside the variable in a comparison."""
    if isinstance(node, Mapping):
        for operator, arguments in node.items():
            if operator != "var":
                yield from _compared_with(name, arguments)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        if any(_is_variable(part) and part["var"] == name for part in node):
            for part in node:
                if isinstance(part, list | tuple):
                    yield from part
                elif not isinstance(part, Mapping):
                    yield part
        for part in node:
            yield from _compared_with(name, part)
