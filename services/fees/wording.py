"""Fees in words, for pages and for the receipt."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit import clock
from services.fees.tariff import Line, Reason, dong, lines

REASONS: dict[Reason, str | Promise] = {
    Reason.FIXED: "",
    Reason.PROVINCE: gettext_lazy("Set by the People's Council of the province."),
    Reason.DESCRIBED: "",
}


def amount_text(line: Line) -> str:
    """`75.000 đồng/giấy phép`, `Free`, or what the note says when there is no fixed amount."""
    if line.amount is None:
        return line.note or _("According to the law")
    if line.amount == 0:
        return _("Free")
    return f"{dong(line.amount)}/{line.unit}" if line.unit else dong(line.amount)


def reason_text(line: Line) -> str:
    """Why the amount is what it is: who set it and the note; empty when there is nothing to add."""
    parts = [str(REASONS[line.reason]), line.note if line.amount is not None else ""]
    return " ".join(part for part in parts if part)


def fees_text(fees: Sequence[Mapping[str, Any]], channel: str, circumstance: str = "", on: date | None = None) -> str:
    """All fees of a channel in one line, such as `Lệ phí: 75.000 đồng/giấy phép`; on that day, by default today."""
    applying = lines(fees, channel, circumstance, on or clock.today())
    if not applying:
        return _("Free")
    return "; ".join(f"{line.label}: {amount_text(line)}" for line in applying)
