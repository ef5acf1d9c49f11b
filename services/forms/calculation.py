"""RULE: what a calculated field gives. It is never asked and never taken from what was sent: it always follows the answers."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from services.forms.fields import Field
from services.forms.kinds import LARGEST, Format
from services.forms.language import is_day, look_up, number_of, program, run

SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP)
"""As exact as binary fractions are: 0.1 + 0.2 is 0.3, and 1.005 × 100 is 100.5."""


def calculated(one: Field, answers: Mapping[str, Any]) -> Any:
    """The value of a calculated field as it is kept; None where the answers do not give one."""
    made = program(one.formula, formula=one.format != Format.YES_NO)
    if made is None:
        return None
    if one.format == Format.YES_NO and all(look_up(name, answers) is None for name, _form in made.needs):
        # Nothing it asks about has been answered.
        return None
    return kept(one, run(made, answers))


def kept(one: Field, value: Any) -> Any:
    """What the library gave, as the field keeps it."""
    if one.format in {Format.NUMBER, Format.MONEY}:
        return rounded(value, one.decimals)
    if one.format == Format.DATE:
        return _day(value)
    if one.format == Format.YES_NO:
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) and value else None


def rounded(value: Any, decimals: int) -> int | str | None:
    """A number with so many decimals, halves away from zero; None for what is no number or too large."""
    if isinstance(value, float):
        value = SIGNIFICANT.create_decimal(value)
    number = number_of(value)
    if number is None:
        return None
    number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if abs(number) >= LARGEST:
        return None
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def _day(value: Any) -> str | None:
    if isinstance(value, str):
        return value if is_day(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    day = int(value)
    return date.fromordinal(day).isoformat() if date.min.toordinal() <= day <= date.max.toordinal() else None
