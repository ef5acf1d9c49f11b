"""RULE: how long a route takes, in working hours, and how long it may take."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

HOURS_PER_DAY = 8
WORKING_SHARE = Decimal(2) / 3
"""Of fifteen calendar days at least ten are working days."""
MOST_HOURS = 10_000
MOST_CONDITIONAL = 12
"""Steps under conditions up to which every selection of them is tried."""


def hours(route: Sequence[Mapping[str, Any]]) -> Decimal:
    """Working hours the route takes: steps side by side count as the longest of them; steps without hours as none."""
    blocks = groupby(enumerate(route), key=lambda numbered: numbered[1].get("group") or numbered[0])
    return sum((max(Decimal(str(step.get("hours") or 0)) for _n, step in block) for _key, block in blocks), Decimal(0))


def longest(route: Sequence[Mapping[str, Any]], excluding: Collection[frozenset[int]]) -> Decimal:
    """Working hours of the slowest case there can be: of two steps, by their numbers, that exclude one another it meets one.

    Never less than that; where too many steps exclude others, all are counted.
    """
    choosable = sorted(frozenset[int]().union(*excluding))
    if len(choosable) > MOST_CONDITIONAL:
        return hours(route)
    slowest = Decimal(0)
    for chosen in range(2 ** len(choosable)):
        left_out = {number for bit, number in enumerate(choosable) if not chosen >> bit & 1}
        if any(not pair & left_out for pair in excluding):
            continue
        slowest = max(slowest, hours([_without_hours(step) if n in left_out else step for n, step in enumerate(route)]))
    return slowest


def _without_hours(step: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**step, "hours": None}


def limit_hours(value: int, unit: str) -> Decimal:
    """A limit in working hours; calendar days are taken at two working days in three."""
    if unit == "working_hour":
        return Decimal(value)
    days = Decimal(value) if unit == "working_day" else Decimal(value) * WORKING_SHARE
    return days * HOURS_PER_DAY


def fits_hours(value: object) -> bool:
    """Whether it can be a step's hours: nothing, or a number above zero."""
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST_HOURS


def written(value: Decimal) -> str:
    """The hours for a sentence, with a decimal comma."""
    return f"{value.quantize(Decimal('0.1')).normalize():f}".replace(".", ",")
