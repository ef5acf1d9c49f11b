"""RULE: a condition as rows that people fill in: [question] [relation] [value], joined by and/or, in blocks one level deep.

`read` gives the rows of a JsonLogic condition, or None where it says more than rows can; `write` makes the condition again. What
they make of one another holds for the same answers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.forms.language import is_day
from services.forms.operands import Operand, Type

ORDERS = ("<", "<=", ">", ">=")
RELATIONS: Mapping[Type, tuple[str, ...]] = {
    Type.YES_NO: ("==", "!=", "answered", "unanswered"),
    Type.CHOICE: ("==", "!=", "one_of", "answered", "unanswered"),
    Type.MANY: ("has", "has_not", "answered", "unanswered"),
    Type.NUMBER: ("==", "!=", *ORDERS, "answered", "unanswered"),
    Type.DATE: ("==", "!=", *ORDERS, "answered", "unanswered"),
}
"""What can be said about an answer, by its type; other types have those of a text."""
OF_TEXT = ("==", "!=", "one_of", "answered", "unanswered")
WITHOUT_VALUE = frozenset({"answered", "unanswered"})
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""The relation read from the other side."""
MOST_ROWS = 12
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; `values` are texts as people write them, several only for `one_of`."""

    name: str
    relation: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Blocks of rows. `every`: all blocks must hold, and in a block one row is enough; else the other way round."""

    every: bool
    blocks: tuple[tuple[Row, ...], ...]


def relations(operand: Operand) -> tuple[str, ...]:
    """What can be said about such an answer."""
    return RELATIONS.get(operand.type, OF_TEXT)


def read(condition: Any, operands: Mapping[str, Operand]) -> Rows | None:
    """The rows of a condition; None for one that rows cannot say, or that asks about what is not in `operands`."""
    if condition is None:
        return Rows(True, ())
    rows = _rows(condition, operands)
    return rows if rows is not None and sum(map(len, rows.blocks)) <= MOST_ROWS else None


def _rows(node: Any, operands: Mapping[str, Operand]) -> Rows | None:
    row = _row(node, operands)
    if row:
        return Rows(True, ((row,),))
    if not isinstance(node, Mapping) or len(node) != 1:
        return None
    ((joint, parts),) = node.items()
    if joint not in {"and", "or"} or not isinstance(parts, list | tuple) or not parts:
        return None
    blocks = [_block(part, "or" if joint == "and" else "and", operands) for part in parts]
    found = [block for block in blocks if block]
    return Rows(joint == "and", tuple(found)) if len(found) == len(blocks) else None


def _block(node: Any, joint: str, operands: Mapping[str, Operand]) -> tuple[Row, ...]:
    """One row, or the rows joined by `joint`; empty for anything else."""
    row = _row(node, operands)
    if row:
        return (row,)
    parts = node.get(joint) if isinstance(node, Mapping) and len(node) == 1 else None
    if not isinstance(parts, list | tuple):
        return ()
    rows = [_row(part, operands) for part in parts]
    found = tuple(row for row in rows if row)
    return found if len(found) == len(rows) else ()


def _row(node: Any, operands: Mapping[str, Operand]) -> Row | None:
    if not isinstance(node, Mapping) or len(node) != 1:
        return None
    ((operator, parts),) = node.items()
    if operator == "!":
        inner = parts[0] if isinstance(parts, list | tuple) and len(parts) == 1 else parts
        row = _row(inner, operands)
        return Row(row.name, "has_not", row.values) if row and row.relation == "has" else None
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        return None
    left, right = parts
    if operator == "in":
        return _membership(left, right, operands)
    if operator not in TURNED:
        return None
    if _name(right):
        operator, left, right = TURNED[operator], right, left
    name = _name(left)
    operand = operands.get(name)
    if operand is None or isinstance(right, Mapping | list | tuple):
        return None
    if right is None:
        return Row(name, "unanswered" if operator == "==" else "answered") if operator in {"==", "!="} else None
    text = shown(right, operand)
    return Row(name, operator, (text,)) if operator in relations(operand) and literal(text, operand) == right else None


def _membership(left: Any, right: Any, operands: Mapping[str, Operand]) -> Row | None:
    name, haystack = _name(left), _name(right)
    if haystack and not name and isinstance(left, str):
        operand = operands.get(haystack)
        return Row(haystack, "has", (left,)) if operand and operand.type == Type.MANY else None
    operand = operands.get(name)
    if operand is None or not isinstance(right, list | tuple) or not right or "one_of" not in relations(operand):
        return None
    return Row(name, "one_of", tuple(right)) if all(isinstance(one, str) for one in right) else None


def _name(node: Any) -> str:
    name = node.get("var") if isinstance(node, Mapping) and len(node) == 1 else None
    return name if isinstance(name, str) else ""


def write(rows: Rows, operands: Mapping[str, Operand]) -> Any:
    """The condition that the rows say; None for no rows. Rows without a question are left out."""
    blocks = [[_comparison(row, operands.get(row.name)) for row in block if row.name] for block in rows.blocks]
    outer, inner = ("and", "or") if rows.every else ("or", "and")
    joined = [_joined(inner, block) for block in blocks if block]
    return _joined(outer, joined) if joined else None


def _joined(joint: str, parts: Sequence[Any]) -> Any:
    return parts[0] if len(parts) == 1 else {joint: list(parts)}


def _comparison(row: Row, operand: Operand | None) -> Any:
    variable = {"var": row.name}
    value = row.values[0] if row.values else ""
    if row.relation == "answered":
        return {"!=": [variable, None]}
    if row.relation == "unanswered":
        return {"==": [variable, None]}
    if row.relation == "one_of":
        return {"in": [variable, list(row.values)]}
    if row.relation in {"has", "has_not"}:
        has = {"in": [value, variable]}
        return has if row.relation == "has" else {"!": has}
    return {row.relation: [variable, literal(value, operand) if operand else value]}


def fitting(row: Row, operand: Operand) -> Row:
    """The row with a relation its question has, and values that still make sense after another question was chosen."""
    known = relations(operand)
    relation = row.relation if row.relation in known else known[0]
    if relation in WITHOUT_VALUE:
        return Row(row.name, relation)
    values = row.values
    if operand.type == Type.YES_NO:
        values = tuple(one for one in values if one in {"yes", "no"}) or ("yes",)
    elif operand.values is not None:
        values = tuple(one for one in values if one in operand.values)
    return Row(row.name, relation, values if relation == "one_of" else values[:1])


def literal(text: str, operand: Operand) -> Any:
    """What stands in the condition for a value as people write it; what cannot be read stays a text, and is complained about."""
    text = text.strip()
    if operand.type == Type.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    if operand.type == Type.NUMBER:
        plain = text.replace(" ", "").replace(".", "").replace(",", ".")
        if not NUMBER.fullmatch(plain):
            return text
        number = Decimal(plain)
        return int(number) if number == number.to_integral_value() else float(number)
    if operand.type == Type.DATE:
        return _day(text)
    return text


def _day(text: str) -> str:
    """`5/3/2026` -> `2026-03-05`; anything else as it is."""
    match = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text)
    if not match:
        return text
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        return text


def shown(value: Any, operand: Operand) -> str:
    """A value of a condition as people write it: `12,5`, `05/03/2026`, `yes`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if operand.type == Type.NUMBER and isinstance(value, int | float):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    if operand.type == Type.DATE and is_day(value):
        return "/".join(reversed(value.split("-")))
    return str(value)
