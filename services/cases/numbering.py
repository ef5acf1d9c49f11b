"""RULE: the public number of a case, `{agency code}-{yyMMdd}-{sequence}` (Điều 13 Thông tư 03/2025/TT-VPCP)."""

import re
from datetime import date

PATTERN = re.compile(r"^[A-Z0-9]+(\.[A-Z0-9]+)*-\d{6}-\d{4,8}$")


def case_number(agency_code: str, day: date, sequence: int) -> str:
    """The number of the `sequence`-th case (from 1) of that agency on that day."""
    return f"{agency_code}-{day:%y%m%d}-{sequence:04d}"


def is_case_number(text: str) -> bool:
    """Whether `text` has the shape of a case number."""
    return PATTERN.fullmatch(text) is not None


def tidy(text: str) -> str:
    """What a person meant when typing a case number: upper case, without spaces, with plain hyphens."""
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s+", "", text)).upper()
