"""RULE: what an expression may refer to."""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What an answer is, as far as expressions care."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MANY = "many"
    COLUMN = "column"
    """The numbers in one column of a group or a table: only `sum` takes them."""
    ROWS = "rows"
    """A group or a table: only `count` takes it."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An answer that an expression may refer to; `values` are all it can be, None when they cannot be listed."""

    type: Type
    values: tuple[str, ...] | None = None
