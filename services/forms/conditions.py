"""RULE: whether a question is asked, and which conditions and formulas may be published.

Conditions and formulas are JsonLogic with the operators of `language`. Evaluation is total: a comparison with something
missing does not hold, arithmetic with something missing has no value, and whatever is no condition does not hold. What is
checked here before publishing: known names, fitting types, and that a condition can hold at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, pairwise, product
from math import prod
from typing import Any

from services.forms.language import (
    ARITHMETIC,
    COMPARISONS,
    DAYS,
    DEEPEST,
    LOGIC,
    OPERATORS,
    ORDERS,
    OVER_ROWS,
    VALUES,
    Unusable,
    compiled,
    is_day,
    is_variable,
    number_of,
    operation,
    program,
    run,
)
from services.forms.operands import Operand, Type
from services.forms.wording import Complaint, brief

MOST_TRIALS = 5_000


def holds(condition: Any, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds for the answers; no condition always holds. Never raises."""
    if condition is None:
        return True
    made = program(condition)
    return made is not None and run(made, answers) is True


def variables(condition: Any) -> Iterator[str]:
    """Every name the expression refers to, with repetitions."""
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list | tuple):
            waiting.extend(reversed(node))
        elif isinstance(node, Mapping):
            for operator, arguments in node.items():
                if operator == "var":
                    if isinstance(arguments, str):
                        yield arguments
                else:
                    waiting.append(arguments)


def problems(condition: Any, operands: Mapping[str, Operand], *, tried: bool = True) -> list[Complaint]:
    """What is wrong with a condition over these operands: shape, unknown names, types, and (`tried`) that it can never hold."""
    if condition is None:
        return []
    checker = _Checker(operands)
    checker.condition(condition, 0)
    found = checker.found or _too_much(condition, formula=False)
    if not found and tried and _never_holds(condition, operands):
        found = [Complaint("condition_never")]
    return found


def formula_problems(formula: Any, wanted: Type, operands: Mapping[str, Operand]) -> list[Complaint]:
    """What is wrong with a formula that should give a value of the type."""
    checker = _Checker(operands)
    if not any(True for _name in variables(formula)):
        return [Complaint("formula_constant")]
    if wanted == Type.YES_NO:
        checker.condition(formula, 0)
    else:
        checker.expect(formula, wanted, 0)
    return checker.found or _too_much(formula, formula=wanted != Type.YES_NO)


def trials(condition: Any, operands: Mapping[str, Operand]) -> int:
    """How many combinations of answers a condition tells apart; 0 where they are not tried."""
    if condition is None or _compares_answers(condition):
        return 0
    names = sorted(set(variables(condition)))
    count = prod(len(_telling_answers(name, operands[name], condition)) for name in names if name in operands)
    return count if count <= MOST_TRIALS else 0


def _too_much(expression: Any, *, formula: bool) -> list[Complaint]:
    try:
        compiled(expression, formula=formula)
    except Unusable as unusable:
        return [Complaint(unusable.code, **({"count": DEEPEST} if unusable.code == "condition_deep" else {}))]
    return []


class _Checker:
    """Walks an expression once and notes what is wrong with it."""

    def __init__(self, operands: Mapping[str, Operand]) -> None:
        self.operands = operands
        self.found: list[Complaint] = []

    def wrong(self, code: str, **params: Any) -> None:
        self.found.append(Complaint(code, **params))

    def condition(self, node: Any, depth: int) -> None:
        """Complain unless the node is true or false."""
        if depth >= DEEPEST:
            self.wrong("condition_deep", count=DEEPEST)
            return
        made = operation(node)
        if made is None:
            self.wrong("condition_shape")
            return
        operator, parts = made
        if operator == "var":
            self.variable(node)
        elif operator in LOGIC:
            if not parts or (operator == "!" and len(parts) != 1):
                self.wrong("condition_arguments", operator=operator)
            for part in parts:
                self.condition(part, depth + 1)
        elif operator not in COMPARISONS:
            self.wrong("condition_value" if operator in VALUES else "condition_operator", operator=operator[:20])
        elif len(parts) != 2:
            self.wrong("condition_arguments", operator=operator)
        else:
            self.comparison(operator, parts[0], parts[1], depth + 1)

    def variable(self, node: Mapping[str, Any]) -> Operand | None:
        if not is_variable(node):
            self.wrong("condition_shape")
            return None
        known = self.operands.get(node["var"])
        if known is None:
            self.wrong("condition_unknown", name=node["var"][:60])
        elif known.type in {Type.COLUMN, Type.ROWS}:
            self.wrong("condition_rows", name=node["var"][:60])
            return None
        return known

    def comparison(self, operator: str, left: Any, right: Any, depth: int) -> None:
        before = len(self.found)
        sides = [self.operand(side, depth) for side in (left, right) if isinstance(side, Mapping)]
        if len(self.found) > before:
            return
        known = [side for side in sides if side is not None]
        if not known:
            self.wrong("condition_constant")
        elif operator == "in":
            self.membership(left, right)
        else:
            literals = [side for side in (left, right) if not isinstance(side, Mapping)]
            self.fitting(operator, known, literals)

    def fitting(self, operator: str, known: Sequence[Operand], literals: Sequence[Any]) -> None:
        if operator in ORDERS and any(side.type not in {Type.NUMBER, Type.DATE} for side in known):
            self.wrong("condition_order", operator=operator)
        elif any(side.type == Type.MANY for side in known) and list(literals) != [None]:
            self.wrong("condition_many")
        elif len(known) == 2:
            if known[0].type != known[1].type:
                self.wrong("condition_types")
        elif not (_fits(literals[0], known[0]) or (literals[0] is None and operator not in ORDERS)):
            self.wrong("condition_literal", value=_shown(literals[0]))

    def operand(self, node: Mapping[str, Any], depth: int) -> Operand | None:
        """What a side of a comparison can be."""
        if "var" in node:
            return self.variable(node)
        given = self.value(node, depth)
        return None if given is None else Operand(given)

    def membership(self, left: Any, right: Any) -> None:
        if isinstance(right, Mapping):
            haystack = self.operands.get(right["var"]) if is_variable(right) else None
            if haystack is None or haystack.type != Type.MANY:
                self.wrong("condition_many_in")
            elif isinstance(left, Mapping):
                if not is_variable(left) or self.operands[left["var"]].type == Type.MANY:
                    self.wrong("condition_many")
            elif not _fits(left, haystack):
                self.wrong("condition_literal", value=_shown(left))
        elif not isinstance(right, list | tuple) or not right or not is_variable(left):
            self.wrong("condition_list")
        elif self.operands[left["var"]].type == Type.MANY:
            self.wrong("condition_many")
        else:
            for one in right:
                if not _fits(one, self.operands[left["var"]]):
                    self.wrong("condition_literal", value=_shown(one))

    def value(self, node: Any, depth: int) -> Type | None:
        """Type of a worked-out value; None after complaining."""
        if depth >= DEEPEST:
            self.wrong("condition_deep", count=DEEPEST)
            return None
        made = operation(node)
        if made is None or made[0] == "var":
            self.wrong("condition_shape")
            return None
        operator, parts = made
        if operator == "if":
            return self.choice(parts, depth + 1)
        if operator in OVER_ROWS:
            self.over_rows(operator, parts)
            return Type.NUMBER
        wanted = _PARTS.get(operator)
        if wanted is None:
            self.wrong("condition_operator" if operator not in OPERATORS else "condition_not_value", operator=operator[:20])
            return None
        least, most, types = wanted
        if not least <= len(parts) <= most:
            self.wrong("condition_arguments", operator=operator)
            return None
        for index, part in enumerate(parts):
            if operator == "years" and isinstance(part, Mapping) and not is_variable(part):
                self.wrong("condition_years")
                continue
            self.expect(part, types[min(index, len(types) - 1)], depth + 1)
        return Type.DATE if operator == "day_after" else Type.NUMBER

    def choice(self, parts: Sequence[Any], depth: int) -> Type | None:
        if len(parts) < 3 or len(parts) % 2 == 0:
            self.wrong("condition_arguments", operator="if")
            return None
        for part in parts[:-1:2]:
            self.condition(part, depth)
        values = [value for value in (*parts[1:-1:2], parts[-1]) if value is not None]
        types = [self.typed(value, depth) for value in values]
        if None in types:
            return None
        # Beside a date, a text that is a day is one.
        among_dates = Type.DATE in types
        found = {Type.DATE if among_dates and is_day(value) else kind for value, kind in zip(values, types, strict=True)}
        if len(found) != 1:
            self.wrong("condition_branches")
            return None
        return found.pop()

    def typed(self, node: Any, depth: int) -> Type | None:
        """Type of a literal, an answer or a worked-out value."""
        if isinstance(node, Mapping):
            if "var" in node:
                known = self.variable(node)
                return None if known is None else known.type
            return self.value(node, depth)
        if isinstance(node, bool) or not isinstance(node, int | float | str):
            self.wrong("condition_literal", value=_shown(node))
            return None
        return Type.TEXT if isinstance(node, str) else Type.NUMBER

    def expect(self, node: Any, wanted: Type, depth: int) -> None:
        """Complain unless the node gives a value of the type."""
        if not isinstance(node, Mapping):
            if not _fits(node, Operand(wanted)):
                self.wrong("condition_literal", value=_shown(node))
            return
        before = len(self.found)
        given = self.typed(node, depth)
        if len(self.found) == before and given != wanted:
            self.wrong("condition_types")

    def over_rows(self, operator: str, parts: Sequence[Any]) -> None:
        wanted = Type.COLUMN if operator == "sum" else Type.ROWS
        if len(parts) != 1 or not is_variable(parts[0]):
            self.wrong("condition_arguments", operator=operator)
            return
        name = parts[0]["var"]
        known = self.operands.get(name)
        if known is None:
            self.wrong("condition_unknown", name=name[:60])
        elif known.type != wanted:
            self.wrong("condition_sum" if operator == "sum" else "condition_count", name=name[:60])


MANY_PARTS = 50
_PARTS: Mapping[str, tuple[int, int, tuple[Type, ...]]] = {
    **dict.fromkeys(ARITHMETIC - {"-", "/"}, (2, MANY_PARTS, (Type.NUMBER,))),
    **dict.fromkeys(("-", "/"), (2, 2, (Type.NUMBER,))),
    **dict.fromkeys(DAYS, (2, 2, (Type.DATE,))),
    "day_after": (2, 2, (Type.DATE, Type.NUMBER)),
}
"""How few and how many parts an operator takes, and of which types."""


def _shown(value: Any) -> str:
    return brief(value, 40)


def _fits(value: Any, operand: Operand) -> bool:
    if operand.type == Type.YES_NO:
        return isinstance(value, bool)
    if operand.type == Type.NUMBER:
        return not isinstance(value, Mapping) and number_of(value) is not None and len(str(value)) <= 30
    if not isinstance(value, str):
        return False
    if operand.type == Type.DATE:
        return is_day(value)
    return operand.values is None or value in operand.values


def _never_holds(condition: Any, operands: Mapping[str, Operand]) -> bool:
    """Tried out on every combination of answers that the condition could tell apart; False where there are too many."""
    if not trials(condition, operands):
        return False
    names = sorted(set(variables(condition)))
    made = program(condition)
    answers = product(*(_telling_answers(name, operands[name], condition) for name in names))
    return made is not None and not any(run(made, _nested(dict(zip(names, trial, strict=True)))) is True for trial in answers)


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
    """Whether something else than answers and literals is compared."""
    if isinstance(node, list | tuple):
        return any(map(_compares_answers, node))
    made = operation(node)
    if made is None:
        return False
    operator, parts = made
    if operator in COMPARISONS and sum(isinstance(part, Mapping) for part in parts) == 2:
        return True
    return operator in VALUES or (operator != "var" and _compares_answers(parts))


def _telling_answers(name: str, operand: Operand, condition: Any) -> list[Any]:
    literals = list(_compared_with(name, condition))
    if operand.type == Type.YES_NO:
        return [None, True, False]
    if operand.type == Type.NUMBER:
        points = sorted({number for literal in literals if (number := number_of(literal)) is not None})
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
        if any(is_variable(part) and part["var"] == name for part in node):
            for part in node:
                if isinstance(part, list | tuple):
                    yield from part
                elif not isinstance(part, Mapping):
                    yield part
        for part in node:
            yield from _compared_with(name, part)


__all__ = [
    "OPERATORS",
    "ORDERS",
    "Operand",
    "Type",
    "formula_problems",
    "holds",
    "is_day",
    "problems",
    "trials",
    "variables",
]
