"""RULE: the statutory time limit of a record.

The national portal gives a number and a unit for each way to file, and about one number in eight has no unit. Such a number is
never given one: it counts only where a text beside it says the same number with its unit. Where ways to file differ, the longest
limit is the one everybody can rely on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.kit.folding import fold
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import line, listed, whole

LARGEST = 2**15 - 1

UNITS: Mapping[str, tuple[str, int]] = {
    "working_hour": ("working_hour", 1),
    "gio lam viec": ("working_hour", 1),
    "hour": ("working_hour", 1),
    "gio": ("working_hour", 1),
    "working_day": ("working_day", 1),
    "ngay lam viec": ("working_day", 1),
    "calendar_day": ("calendar_day", 1),
    "day": ("calendar_day", 1),
    "ngay": ("calendar_day", 1),
    "week": ("calendar_day", 7),
    "tuan": ("calendar_day", 7),
    "month": ("calendar_day", 30),
    "thang": ("calendar_day", 30),
    "year": ("calendar_day", 365),
    "nam": ("calendar_day", 365),
}
"""Units of the record, folded: the unit they are kept in, and how many of it they are."""

WORDS: Mapping[str, str] = {"working_hour": "giờ làm việc", "working_day": "ngày làm việc", "calendar_day": "ngày"}
HOURS: Mapping[str, Decimal] = {
    "working_hour": Decimal(1),
    "working_day": Decimal(8),
    "calendar_day": Decimal(16) / 3,
}
"""Working hours in one of the unit, to compare limits: of three calendar days two are working days."""

DURATION = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:\([^)]{1,40}\)\s*)?(ngày làm việc|giờ làm việc|ngày|giờ|tuần|tháng|năm)(?![\w/])",
    re.IGNORECASE,
)
AFTER_THREE = re.compile(r"sau 15\s*(gio|h\b)")
PROMISES = re.compile(r"[^.;\n]{0,70}\b\d{1,3}\s*(?:\([^)]{1,40}\)\s*)?(?:ngày|giờ|tháng)[^.;\n]{0,60}", re.IGNORECASE)
QUOTES = 4
SAME_DAY = "Trong ngày; hồ sơ nhận sau 15 giờ được trả kết quả trong ngày làm việc tiếp theo"


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit as a version keeps it; without a value nothing reliable was said."""

    value: int | None = None
    unit: str = ""
    text: str = ""
    same_day: bool = False
    findings: Sequence[Finding] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Read:
    """What one way to file says: its limit, and what was remarkable about it."""

    value: int
    unit: str
    findings: tuple[Finding, ...] = ()

    @property
    def hours(self) -> Decimal:
        """Working hours it takes at most."""
        return self.value * HOURS[self.unit]


def spoken(value: int, unit: str) -> str:
    """`5 ngày làm việc`."""
    return f"{value} {WORDS[unit]}"


def limit(record: Mapping[str, Any], methods: Sequence[Mapping[str, Any]]) -> Limit:
    """The time limit of a record, from its ways to file and the texts around them."""
    read = [found for method in methods if (found := of_method(method))]
    if not read and (found := _of_text(line(record.get("time_limit")))):
        read = [found]
    if not read:
        return _without(record, methods)
    longest = max(read, key=lambda one: one.hours)
    findings = list(dict.fromkeys(longest.findings))
    said = list(dict.fromkeys(spoken(one.value, one.unit) for one in read))
    if len(said) > 1:
        findings.append(Finding("limit_value", "limit.differs", "; ".join(said)))
    return Limit(longest.value, longest.unit, spoken(longest.value, longest.unit), findings=tuple(findings))


def of_method(method: Mapping[str, Any]) -> Read | None:
    """What one way to file says; None when it says nothing that can be relied on."""
    text, note = line(method.get("time_text")), line(method.get("note"))
    number, unit = _number(method.get("time_value")), UNITS.get(fold(line(method.get("time_unit"))))
    if number is not None and unit:
        exact = "lam viec" in fold(text) or "ngay" in fold(text)
        doubtful = fold(line(method.get("time_unit"))) in ("hour", "gio") and not exact
        return _in_unit(number, unit, text or f"{number} {line(method.get('time_unit'))}", hours=doubtful)
    for beside in (text, note):
        found = list(_durations(beside))
        if number is not None:
            found = [one for one in found if one[0] == number]
        elif len({(one[0], one[1]) for one in found}) > 1:
            continue
        if found:
            taken = _in_unit(found[0][0], found[0][1], found[0][2], hours=found[0][3])
            if taken is None:
                continue
            code = "limit.from_text" if number is None else "limit.unit_from_text"
            return Read(taken.value, taken.unit, (Finding("limit_value", code, found[0][2]), *taken.findings))
    return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, float) and value == value and abs(value) < 10**6:
        return Decimal(str(value))
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,4}[.,]\d{1,2}\s*", value):
        return Decimal(value.strip().replace(",", "."))
    found = whole(value)
    return None if found is None else Decimal(found)


def _durations(text: str) -> Iterator[tuple[Decimal, tuple[str, int], str, bool]]:
    """Every number with a unit in a text: number, unit, the words, and whether hours were meant without saying which."""
    for match in DURATION.finditer(text):
        unit = fold(match[2])
        yield Decimal(match[1].replace(",", ".")), UNITS[unit], match[0], unit == "gio"


def _in_unit(number: Decimal, unit: tuple[str, int], text: str, *, hours: bool) -> Read | None:
    """A number of a unit as a whole number of a unit we keep; a part of a working day in hours. None when it is no limit."""
    kept, times = unit
    value = number * times
    findings = [Finding("limit_value", "limit.converted", text)] if times != 1 else []
    if value != value.to_integral_value() and kept == "working_day":
        kept, value = "working_hour", value * 8
        findings = [Finding("limit_value", "limit.converted", text)]
    if value != value.to_integral_value() or not 0 < value <= LARGEST:
        return None
    if hours:
        findings.append(Finding("limit_value", "limit.hours", text))
    return Read(int(value), kept, tuple(findings))


def _of_text(text: str) -> Read | None:
    for number, unit, words, hours in _durations(text):
        if taken := _in_unit(number, unit, words, hours=hours):
            return Read(taken.value, taken.unit, (Finding("limit_value", "limit.from_text", text), *taken.findings))
    return None


def _without(record: Mapping[str, Any], methods: Sequence[Mapping[str, Any]]) -> Limit:
    """No way to file has a limit: the same-day rule where the steps tell it, else what a person needs to decide."""
    steps = "\n".join(listed(record.get("steps")))
    around = "\n".join([steps, *(line(method.get("note")) for method in methods)])
    if quote := _same_day(around):
        return Limit(1, "working_day", SAME_DAY, same_day=True, findings=(Finding("limit_value", "limit.same_day", quote),))
    quotes = "; ".join(dict.fromkeys(match[0].strip() for match in list(PROMISES.finditer(around))[:QUOTES]))
    given = [line(method.get("time_value")) for method in methods if line(method.get("time_value"))]
    if given:
        numbers = ", ".join(dict.fromkeys(given))
        return Limit(findings=(Finding("limit_value", "limit.no_unit", f"{numbers}. {quotes}" if quotes else numbers),))
    return Limit(findings=(Finding("limit_value", "limit.missing", quotes),))


def _same_day(text: str) -> str:
    """The sentence that says that late applications are answered on the next working day; empty when there is none."""
    for sentence in re.split(r"[.\n]", text):
        folded = fold(sentence)
        if AFTER_THREE.search(folded) and "ngay lam viec tiep theo" in folded:
            return sentence.strip()
    return ""
