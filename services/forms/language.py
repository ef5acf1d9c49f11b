"""RULE: conditions and formulas, from what an editor writes to what the library evaluates.

An expression is JsonLogic with few operators. Before it is evaluated it is compiled into plainer JsonLogic with the guards
written out: a comparison with something missing is false, arithmetic with something missing has no value, nothing is divided
by zero. Operands are handed over typed: `{"var": "area"}` beside a number becomes `{"var": "area:number"}`. What comes out is
evaluated by datalogic here and by json-logic-js in the browser; neither is ever asked to compare a text with a number, so they
agree. tests/services/forms/test_mirror.py holds them to it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from datalogic_py import DataLogicError, Engine

DEEPEST = 20
LARGEST = 10**15
MOST_FACTORS = 8
"""Multiplications and divisions in one expression: with so few, numbers can never leave what a machine can count."""
MOST_NODES = 4000
"""Parts of an expression once it is compiled."""
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LOGIC = frozenset({"and", "or", "!"})
ORDERS = frozenset({"<", "<=", ">", ">="})
COMPARISONS = frozenset({"==", "!=", "in"}) | ORDERS
ARITHMETIC = frozenset({"+", "-", "*", "/", "min", "max"})
OVER_ROWS = frozenset({"sum", "count"})
DAYS = frozenset({"days", "years"})
"""`days` and `years` between two days."""
VALUES = ARITHMETIC | OVER_ROWS | DAYS | {"if", "day_after"}
OPERATORS = LOGIC | COMPARISONS | VALUES
"""What an expression may be made of, besides var."""


class Unusable(Exception):
    """The expression cannot be compiled; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression: JsonLogic, and the operands it is given as `name:form`."""

    rule: Any
    needs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Term:
    """A piece of compiled JsonLogic and how many parts it has."""

    rule: Any
    size: int = 1


@dataclass(frozen=True, slots=True)
class _Value:
    """A compiled value, and the condition under which there is one; None when there always is."""

    term: _Term
    given: _Term | None = None


def _op(operator: str, *terms: _Term) -> _Term:
    size = 1 + sum(term.size for term in terms)
    if size > MOST_NODES:
        raise Unusable("condition_large")
    return _Term({operator: [term.rule for term in terms]}, size)


NULL, TRUE, FALSE = _Term(None), _Term(True), _Term(False)


def _all(*terms: _Term | None) -> _Term | None:
    known = [term for term in terms if term is not None]
    return (known[0] if len(known) == 1 else _op("and", *known)) if known else None


def _guarded(given: _Term | None, term: _Term) -> _Term:
    return term if given is None else _op("and", given, term)


def compiled(expression: Any, names: Mapping[str, str] | None = None, *, formula: bool = False) -> Program:
    """The program of a condition, or of a formula. `names` gives operands other names. Raises Unusable."""
    compiler = _Compiler(names or {})
    if not formula:
        return Program(compiler.truth(expression, 0).rule, frozenset(compiler.needs))
    value = compiler.value(expression, _form_of(expression), 0)
    term = value.term if value.given is None else _op("if", value.given, value.term, NULL)
    return Program(term.rule, frozenset(compiler.needs))


def run(program: Program, answers: Mapping[str, Any]) -> Any:
    """What the program gives for the answers; None when it gives nothing."""
    operands = {operand(name, form): cast(look_up(name, answers), form) for name, form in program.needs}
    try:
        return _machine(json.dumps(program.rule)).evaluate(operands)
    except (DataLogicError, ValueError, TypeError, OverflowError):
        # Answers that were never cleaned may hold what the library cannot take.
        return None


ENGINE = Engine()


@lru_cache(maxsize=4096)
def _machine(rule: str) -> Any:
    return ENGINE.compile(rule)


def operand(name: str, form: str) -> str:
    """What an operand is called in compiled expressions: JsonLogic takes a dot for a step into an object."""
    flat = name.replace(".", "-")
    return f"{flat}:{form}" if form else flat


def look_up(name: Any, answers: Mapping[str, Any]) -> Any:
    """The answer of that name; of a group's column, the list of its answers."""
    found: Any = answers
    for part in name.split(".") if isinstance(name, str) else ():
        if isinstance(found, list | tuple):
            found = [row.get(part) if isinstance(row, Mapping) else None for row in found]
        else:
            found = found.get(part) if isinstance(found, Mapping) else None
    return None if found is answers else found


def number_of(value: Any) -> Decimal | None:
    """A number, however it is kept; None for anything else and for what is too large."""
    if isinstance(value, Mapping):
        value = value.get("m2")
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        found = Decimal(str(value)) if not isinstance(value, int) or abs(value) <= LARGEST else None
    else:
        found = Decimal(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None
    return found if found is not None and found.is_finite() and abs(found) <= LARGEST else None


def is_day(value: Any) -> bool:
    """Whether the value is a day written YYYY-MM-DD."""
    return day_of(value) is not None


def day_of(value: Any) -> date | None:
    """The day written YYYY-MM-DD."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def cast(value: Any, form: str) -> Any:
    """An answer in the form an operator asks for; None when it has none."""
    return CASTS[form](value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = value.get("m2")
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, list | tuple):
        # Of a list it is only asked whether there is anything in it.
        return True if any(isinstance(one, str) for one in value) else None
    return _as_float(value)


def _as_float(value: Any) -> float | None:
    number = number_of(value)
    return None if number is None else float(number)


def _as_days(value: Any) -> float | None:
    day = day_of(value)
    return None if day is None else float(day.toordinal())


def _as_date(value: Any) -> float | None:
    day = day_of(value)
    return None if day is None else float(day.year * 10_000 + day.month * 100 + day.day)


def _as_order(value: Any) -> float | None:
    number = _as_float(value)
    return _as_days(value) if number is None else number


CASTS: Mapping[str, Callable[[Any], Any]] = {
    "": _plain,
    "number": _as_float,
    "figure": lambda value: None if isinstance(value, str) else _as_float(value),
    "days": _as_days,
    "date": _as_date,
    "order": _as_order,
    "many": lambda value: [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else None,
    "numbers": lambda value: [one for one in map(_as_float, value) if one is not None] if isinstance(value, list | tuple) else [],
    "count": lambda value: float(len(value)) if isinstance(value, list | tuple) else 0.0,
}
"""`order` is for two answers of one kind; `figure` for what is kept as a number and not as a text of digits."""


def is_variable(node: Any) -> bool:
    """Whether the node is an answer: `{"var": name}`."""
    name = node.get("var") if isinstance(node, Mapping) and len(node) == 1 else None
    return isinstance(name, str) and bool(name)


def operation(node: Any) -> tuple[str, list[Any]] | None:
    """Operator and parts of a node; None for literals and for what is no expression."""
    if not isinstance(node, Mapping) or len(node) != 1:
        return None
    ((operator, parts),) = node.items()
    if not isinstance(operator, str):
        return None
    return operator, list(parts) if isinstance(parts, list | tuple) else [parts]


def _form_of(node: Any) -> str:
    """In which form a node is compared, as far as it says itself; empty when the other side decides."""
    if isinstance(node, int | float) and not isinstance(node, bool):
        return "number"
    made = operation(node)
    if made is None:
        return ""
    operator, parts = made
    if operator == "if":
        return next(filter(None, map(_form_of, [*parts[1:-1:2], *parts[-1:]])), "")
    if operator == "day_after":
        return "days"
    return "number" if operator in VALUES else ""


class _Compiler:
    """Writes the guards out; notes the operands on the way."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.needs: set[tuple[str, str]] = set()
        self.factors = 0

    def operand(self, name: str, form: str) -> _Term:
        renamed = self.names.get(name, name)
        self.needs.add((renamed, form))
        return _Term({"var": operand(renamed, form)})

    def truth(self, node: Any, depth: int) -> _Term:
        """Whether the node holds; always true or false."""
        if depth >= DEEPEST:
            raise Unusable("condition_deep")
        if is_variable(node):
            return self.answered(node)
        made = operation(node)
        if made is None:
            raise Unusable("condition_shape")
        operator, parts = made
        if operator in {"and", "or"} and parts:
            return _op(operator, *(self.truth(part, depth + 1) for part in parts))
        if operator == "!" and len(parts) == 1:
            return _op("!", self.truth(parts[0], depth + 1))
        if operator not in COMPARISONS:
            raise Unusable("condition_operator")
        if len(parts) != 2:
            raise Unusable("condition_arguments")
        return self.comparison(operator, parts[0], parts[1], depth + 1)

    def answered(self, node: Any) -> _Term:
        """`{"var": name}` alone: answered, and neither no nor zero nor empty."""
        plain = self.operand(node["var"], "")
        return _op("and", *(_op("!==", plain, _Term(empty)) for empty in (None, False, 0.0, "")))

    def comparison(self, operator: str, left: Any, right: Any, depth: int) -> _Term:
        if operator == "!=":
            return _op("!", self.comparison("==", left, right, depth))
        if operator == "in":
            return self.membership(left, right, depth)
        form = _form_of(left) or _form_of(right)
        literal = next((side for side in (left, right) if isinstance(side, str)), None)
        if operator == "==":
            if not form and literal is not None and NUMBER.fullmatch(literal):
                # Digits may be a code or a number: it is decided by how the answer is kept.
                figures = self.both("===", left, right, "figure", depth)
                return _op("or", self.both("===", left, right, "", depth), figures)
            if None in (left, right) and form:
                known = self.value(right if left is None else left, form, depth)
                return FALSE if known.given is None else _op("!", known.given)
            return self.both("===", left, right, form, depth)
        if not form and literal is not None:
            form = "days" if is_day(literal) else "number"
        return self.both(operator, left, right, form or "order", depth)

    def both(self, operator: str, left: Any, right: Any, form: str, depth: int) -> _Term:
        one, other = self.value(left, form, depth), self.value(right, form, depth)
        if form:
            return _guarded(_all(one.given, other.given), _op(operator, one.term, other.term))
        return _op(operator, self.whole(one), self.whole(other))

    def whole(self, value: _Value) -> _Term:
        """The value where there is one, null elsewhere."""
        if value.given is None or "var" in (value.term.rule if isinstance(value.term.rule, dict) else ()):
            return value.term
        return _op("if", value.given, value.term, NULL)

    def membership(self, left: Any, right: Any, depth: int) -> _Term:
        if isinstance(right, list | tuple):
            if any(isinstance(one, Mapping | list | tuple) for one in right):
                raise Unusable("condition_list")
            tests = [self.comparison("==", left, one, depth) for one in right]
            return _op("or", *tests) if tests else FALSE
        if not is_variable(right) or isinstance(left, list | tuple) or (isinstance(left, Mapping) and not is_variable(left)):
            raise Unusable("condition_list")
        many, one = self.value(right, "many", depth), self.value(left, "", depth)
        return _guarded(_all(one.given, many.given), _op("in", one.term, many.term))

    def value(self, node: Any, form: str, depth: int) -> _Value:
        """The node in the form asked for."""
        if depth >= DEEPEST:
            raise Unusable("condition_deep")
        if is_variable(node):
            term = self.operand(node["var"], form)
            return _Value(term, _op("!==", term, NULL))
        made = operation(node)
        if made is None:
            return self.literal(node, form)
        operator, parts = made
        if operator == "if":
            return self.choice(parts, form, depth + 1)
        if operator in OVER_ROWS and form in {"number", "figure", "order"}:
            return self.over_rows(operator, parts)
        if operator in DAYS and form in {"number", "figure", "order"}:
            return self.between(operator, parts, depth + 1)
        if operator in ARITHMETIC and form in {"number", "figure", "order"}:
            return self.arithmetic(operator, parts, depth + 1)
        if operator == "day_after" and form in {"days", "order"} and len(parts) == 2:
            start, count = self.value(parts[0], "days", depth + 1), self.value(parts[1], "number", depth + 1)
            return _Value(_op("+", start.term, count.term), _all(start.given, count.given))
        raise Unusable("condition_operator" if operator not in OPERATORS else "condition_arguments")

    def literal(self, node: Any, form: str) -> _Value:
        if isinstance(node, Mapping | list | tuple):
            raise Unusable("condition_shape")
        if form in {"", "many"}:
            return _Value(_Term(cast(node, "")), FALSE if node is None else None)
        known = cast(node, "number" if form == "figure" else form)
        return _Value(NULL, FALSE) if known is None else _Value(_Term(known))

    def choice(self, parts: Sequence[Any], form: str, depth: int) -> _Value:
        """`if`: condition, value, …, otherwise."""
        if len(parts) < 3 or len(parts) % 2 == 0:
            raise Unusable("condition_arguments")
        found = self.value(parts[-1], form, depth)
        for index in range(len(parts) - 3, -1, -2):
            test, value = self.truth(parts[index], depth), self.value(parts[index + 1], form, depth)
            given = None
            if value.given is not None or found.given is not None:
                given = _op("if", test, value.given or TRUE, found.given or TRUE)
            found = _Value(_op("if", test, value.term, found.term), given)
        return found

    def over_rows(self, operator: str, parts: Sequence[Any]) -> _Value:
        if len(parts) != 1 or not is_variable(parts[0]):
            raise Unusable("condition_arguments")
        if operator == "count":
            return _Value(self.operand(parts[0]["var"], "count"))
        added = _op("+", _Term({"var": "accumulator"}), _Term({"var": "current"}))
        return _Value(_op("reduce", self.operand(parts[0]["var"], "numbers"), added, _Term(0.0)))

    def between(self, operator: str, parts: Sequence[Any], depth: int) -> _Value:
        if len(parts) != 2:
            raise Unusable("condition_arguments")
        form = "days" if operator == "days" else "date"
        if form == "date" and not all(is_variable(part) or isinstance(part, str) for part in parts):
            raise Unusable("condition_arguments")
        first, last = (self.value(part, form, depth) for part in parts)
        given = _all(first.given, last.given)
        apart = _op("-", last.term, first.term)
        if operator == "days":
            return _Value(apart, given)
        # 20250131 - 19900301 = 34.883 years of ten thousand: the whole ones have passed.
        years = _op("/", _op("-", apart, _op("%", apart, _Term(10_000.0))), _Term(10_000.0))
        return _Value(years, _all(given, _op(">=", last.term, first.term)))

    def arithmetic(self, operator: str, parts: Sequence[Any], depth: int) -> _Value:
        most = 2 if operator in {"-", "/"} else len(parts)
        if not 2 <= len(parts) <= most:
            raise Unusable("condition_arguments")
        if operator in {"*", "/"}:
            self.factors += len(parts) - 1
            if self.factors > MOST_FACTORS:
                raise Unusable("condition_large")
        values = [self.value(part, "number", depth) for part in parts]
        given = _all(*(value.given for value in values))
        if operator == "/":
            given = _all(given, _op("!==", values[1].term, _Term(0.0)))
        if operator in {"min", "max"}:
            return _Value(_op(operator, *(value.term for value in values)), given)
        term = values[0].term
        for value in values[1:]:
            term = _op(operator, term, value.term)
        return _Value(term, given)


@lru_cache(maxsize=4096)
def _program(source: str, formula: bool) -> Program | None:
    try:
        return compiled(json.loads(source), formula=formula)
    except (Unusable, RecursionError):
        return None


def program(expression: Any, *, formula: bool = False) -> Program | None:
    """The program of an expression, kept for the next time; None for what is no expression."""
    try:
        return _program(json.dumps(expression, sort_keys=False), formula)
    except (TypeError, ValueError, RecursionError):
        return None
