"""RULE: how punctuality and speed are measured.

A case is on time when it ended not later than promised, compared to the minute (chỉ tiêu 2.1 Quyết định 766/QĐ-TTg). Time is
working time from the start of the clock to the end, without what the office waited for the applicant. Figures are of offices
and procedures, never of one official.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

GOOD_FROM = Decimal(95)
FAIR_FROM = Decimal(90)
HUNDREDTH = Decimal("0.01")
MONTHS_SHOWN = 12


class Grade(StrEnum):
    """How a rate looks; the pages give it a colour beside the words."""

    GOOD = "good"
    FAIR = "warn"
    POOR = "bad"
    NONE = "plain"


def is_on_time(ended: datetime, due: datetime) -> bool:
    """Whether something that ended then was on time; seconds do not count."""
    return ended.replace(second=0, microsecond=0) <= due.replace(second=0, microsecond=0)


def rate(part: int, whole: int) -> Decimal | None:
    """Per cent with two decimals, halves up; None when there is nothing to measure. Raises ValueError for a part above the whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole == 0:
        return None
    return (Decimal(100 * part) / whole).quantize(HUNDREDTH, ROUND_HALF_UP)


def grade(value: Decimal | None) -> Grade:
    """Good from 95 per cent, fair from 90."""
    if value is None:
        return Grade.NONE
    if value >= GOOD_FROM:
        return Grade.GOOD
    return Grade.FAIR if value >= FAIR_FROM else Grade.POOR


def median(values: Sequence[int]) -> float | None:
    """The middle value, or the mean of the two middle ones; None for nothing. PostgreSQL's percentile_cont(0.5) gives the same."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month in Vietnam."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """`2026-11`; None for anything else."""
        year, dash, month = text.partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
            return None
        return cls(int(year), int(month)) if 1 <= int(month) <= 12 and int(year) >= 2000 else None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_until(last: Month, count: int = MONTHS_SHOWN) -> list[Month]:
    """That many months, the newest first."""
    months = [last]
    while len(months) < count:
        months.append(months[-1].previous)
    return months
