"""RULE: a formula as people put it together: what is done, with which answers and numbers, in order.

`read` gives it for a formula that is so simple, or None; `write` makes the formula. Longer sums are written as JSON, or in
several calculated values that build on one another.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.forms.operands import Operand, Type

OPERATIONS = ("+", "-", "*", "/", "sum", "count", "min", "max", "years", "days")
"""In the order in which they are offered."""
TAKES: Mapping[str, frozenset[Type]] = {
    "sum": frozenset({Type.COLUMN}),
    "count": frozenset({Type.ROWS}),
    "years": frozenset({Type.DATE}),
    "days": frozenset({Type.DATE}),
}
"""What an operation works with; the others with numbers."""
PARTS: Mapping[str, tuple[int, int]] = {"sum": (1, 1), "count": (1, 1), "years": (2, 2), "days": (2, 2), "-": (2, 2), "/": (2, 2)}
"""How many parts it takes at least and at most; the others two to MOST."""
MOST = 8
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Formula:
    """An operation over parts: names of answers, or numbers as people write them."""

    operation: str
    parts: tuple[str, ...]


def takes(operation: str) -> frozenset[Type]:
    """The types of answers an operation works with."""
    return TAKES.get(operation, frozenset({Type.NUMBER}))


def bounds(operation: str) -> tuple[int, int]:
    """How many parts it takes."""
    return PARTS.get(operation, (2, MOST))


def read(formula: Any, operands: Mapping[str, Operand]) -> Formula | None:
    """The operation of a simple formula over known answers; None for anything else."""
    if not isinstance(formula, Mapping) or len(formula) != 1:
        return None
    ((operation, given),) = formula.items()
    if operation not in OPERATIONS:
        return None
    parts = [_part(part) for part in (given if isinstance(given, list | tuple) else [given])]
    least, most = bounds(operation)
    known = all(part is not None and (part not in operands or operands[part].type in takes(operation)) for part in parts)
    named = all(part in operands or is_number(part) for part in parts if part is not None)
    if not known or not named or not least <= len(parts) <= most:
        return None
    return Formula(operation, tuple(part for part in parts if part is not None))


def _part(node: Any) -> str | None:
    if isinstance(node, bool):
        return None
    if isinstance(node, int | float):
        return f"{Decimal(str(node)):f}".replace(".", ",")
    name = node.get("var") if isinstance(node, Mapping) and len(node) == 1 else None
    return name if isinstance(name, str) else None


def is_number(part: str) -> bool:
    """Whether the part is a number as people write it, and no name."""
    return bool(NUMBER.fullmatch(_plain(part)))


def _plain(part: str) -> str:
    return part.strip().replace(" ", "").replace(".", "").replace(",", ".")


def write(formula: Formula) -> Any:
    """The formula as it is kept; parts that say nothing are left out. None when nothing is left."""
    parts = [_node(part) for part in formula.parts if part.strip()]
    if not parts:
        return None
    return {formula.operation: parts}


def _node(part: str) -> Any:
    if not is_number(part):
        return {"var": part}
    number = Decimal(_plain(part))
    return int(number) if number == number.to_integral_value() else float(number)
