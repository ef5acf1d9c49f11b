"""RULE: which fee lines of a procedure apply, how much each is and why.

A line may be bound to a channel, to circumstances and to dates. Of the lines with one key only the most particular one
that applies counts: one bound to the channel stands before one that is not. Amounts are whole đồng.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a line has its amount."""

    FIXED = "fixed"
    """Set by national law."""
    PROVINCE = "province"
    """Set by the People's Council of the province."""
    DESCRIBED = "described"
    """Depends on the case; the note says how it is worked out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fee. `amount` is in đồng per `unit`, None when the note describes it."""

    key: str
    label: str
    amount: int | None
    unit: str
    channel: str
    circumstances: tuple[str, ...]
    reason: Reason
    note: str


def lines(fees: Sequence[Mapping[str, Any]], channel: str = "", circumstance: str = "", on: date | None = None) -> list[Line]:
    """The fees of a version that apply, in its order. Empty: nothing is charged.

    Without a channel the lines of every channel are given, each naming its own. Without a date, dates are not looked at.
    """
    wanted = [fee for fee in fees if _applies(fee, channel, circumstance, on)]
    particular = {fee["key"] for fee in wanted if channel and fee.get("channel") == channel}
    return [_line(fee) for fee in wanted if fee.get("channel") or fee["key"] not in particular]


def _applies(fee: Mapping[str, Any], channel: str, circumstance: str, on: date | None) -> bool:
    if channel and fee.get("channel") not in (None, channel):
        return False
    if circumstance and fee.get("circumstances") and circumstance not in fee["circumstances"]:
        return False
    if on is None:
        return True
    since, until = fee.get("since"), fee.get("until")
    return (since is None or date.fromisoformat(since) <= on) and (until is None or on <= date.fromisoformat(until))


def _line(fee: Mapping[str, Any]) -> Line:
    amount = fee.get("amount")
    set_by = Reason.PROVINCE if fee.get("set_by_province") else Reason.FIXED
    return Line(
        key=fee["key"],
        label=fee["label"],
        amount=amount,
        unit=fee.get("unit") or "",
        channel=fee.get("channel") or "",
        circumstances=tuple(fee.get("circumstances") or ()),
        reason=Reason.DESCRIBED if amount is None else set_by,
        note=fee.get("note") or "",
    )


def dong(amount: int) -> str:
    """`75000` -> `75.000 đồng`, as amounts are written in Vietnam."""
    return f"{amount:,} đồng".replace(",", ".")
