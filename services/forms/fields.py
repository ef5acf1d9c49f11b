"""RULE: what one question of a form is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.forms.kinds import KINDS, REPEATING, UNASKED, Format, Kind, Precision, Tone
from services.forms.wording import BLANK, Text


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: Text
    help: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Options that its kind does not have keep their defaults."""

    key: str
    kind: Kind
    label: Text
    help: Text = BLANK
    required: bool = True
    when: Any = None
    max_length: int = 200
    rows: int = 5
    least: Decimal | None = None
    """Smallest number or amount; of an area in m²."""
    most: Decimal | None = None
    decimals: int = 0
    unit: Text = BLANK
    units: bool = False
    """Whether an amount is also asked for in thousands, millions and billions."""
    first_day: str = ""
    """Earliest day, YYYY-MM-DD or `today`; empty when there is none."""
    last_day: str = ""
    precision: Precision = Precision.YEAR
    choices: tuple[Choice, ...] = ()
    display: str = "radios"
    at_least: int = 0
    """Fewest answers of a multiple choice, fewest rows of a group, earliest year."""
    at_most: int = 0
    """Most answers or rows, latest year; 0 when nothing sets a limit."""
    max_files: int = 5
    prefill: str = ""
    fixed: bool = False
    """Whether a checked record stands instead of what a person would type."""
    province: str = ""
    item: Text = BLANK
    """What one row of a group is called."""
    fields: tuple["Field", ...] = ()
    row_order: tuple[str, ...] = ()
    """Keys of the fields of a row, each after what it hangs on."""
    formula: Any = None
    format: Format = Format.NUMBER
    statement: Text = BLANK
    name_field: str = ""
    tone: Tone = Tone.INFO

    @property
    def answers(self) -> bool:
        """Whether it leaves something in the answers."""
        return self.kind not in UNASKED

    @property
    def asks(self) -> bool:
        """Whether a person gives an answer to it that is kept."""
        return self.answers and self.kind != Kind.CALCULATED

    @property
    def repeats(self) -> bool:
        """Whether it has rows."""
        return self.kind in REPEATING

    @property
    def parts(self) -> tuple[str, ...]:
        """The inputs of a question that asks several things at once; none where one input is enough."""
        if self.kind == Kind.MONEY and not self.units:
            return ()
        return tuple(part for part in KINDS[self.kind].parts if not (part == "province" and self.province))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form."""

    key: str
    title: Text
    help: Text
    when: Any
    fields: tuple[Field, ...]
