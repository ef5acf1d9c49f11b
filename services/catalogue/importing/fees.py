"""RULE: the fee lines of a record.

What the national portal shows as “Miễn phí” is often something else: a fee that the province sets, an amount that stands only in
the explanation, or a reference to a circular. Only a plain “Miễn phí” is free. Amounts are whole đồng.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.kit.folding import fold
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import divided, ended, line, records, same, slug, whole

PROVINCE = re.compile(
    r"hoi dong nhan dan|hdnd|(uy ban nhan dan|ubnd)( cap)? tinh|chinh quyen dia phuong|theo quy dinh cua dia phuong|dia phuong quy dinh"
)
"""Words, folded, that say the province sets a fee."""
FREE = re.compile(r"mien phi|mien le phi|khong thu|khong mat phi|: 0 dong|^0( dong| vnd| viet nam dong)?$")
NO_RULE = re.compile(r"(khong|khong co|khong quy dinh|chua quy dinh|khong thu phi|khong thu|mien phi)[ .]*")
"""Explanations, folded, that say no more than that nothing is charged."""
AMOUNT = re.compile(r"(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+|\d{3,9})\s*(?:đồng|đ\b|vnđ|vnd|việt nam đồng)?(?![\d/])", re.IGNORECASE)
MONEY = re.compile(
    r"(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+|\d{1,9})\s*(đồng|đ(?!\w)|vnđ|vnd|việt nam đồng)|(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+)\s*/",
    re.IGNORECASE,
)
FORMULA = re.compile(r"\+\s*\(|\(\s*\+|\bx\s*\d|\d\s*x\b|×|%|\btối đa\b", re.IGNORECASE)
UNIT = re.compile(
    r"(?:^\s*|đồng\s*|đ\s*|vnđ\s*|vnd\s*|[.,]\d{3}\s*)/\s*(?:0?1|một)?\s*([^\W\d_][^;:.,()\d+]{1,40})", re.IGNORECASE
)
AFTER_UNIT = re.compile(r"\s(kể từ|từ ngày|theo|áp dụng|và|nếu|trong|được)\b.*$", re.IGNORECASE)
LABEL = re.compile(r"\s*[-+]?\s*((?:Lệ phí|Phí)\s[^:;.\d]{3,140}?)\s*(?::|là(?=\s*\d)|$)")
DOLLARS = re.compile(r"\busd\b|đô la", re.IGNORECASE)
PLAIN_LABEL = "Phí, lệ phí"
LARGEST = 10**12
MOST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee of one way to file. `free` are those that are certainly nothing; `described` has no amount."""

    amount: int | None
    unit: str = ""
    label: str = PLAIN_LABEL
    note: str = ""
    free: bool = False
    silent: bool = False
    by_province: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def told(self) -> tuple[object, ...]:
        """What two fees share that say the same, but for marks of punctuation."""
        return self.amount, same(self.unit), same(self.label), same(self.note), self.free, self.silent, self.by_province

    @property
    def words(self) -> str:
        """The fee in a few words, as the ways to file show it."""
        if self.silent:
            return ""
        if self.free:
            return "Miễn phí"
        if self.amount is not None:
            return f"{self.amount:,} đồng".replace(",", ".") + (f"/{self.unit}" if self.unit else "")
        if self.by_province:
            return "Theo quy định của Hội đồng nhân dân cấp tỉnh"
        return divided(self.note, 120)[0] or "Theo quy định"


@dataclass(frozen=True, slots=True)
class Fees:
    """The fee lines as a version keeps them, the fee of each way to file in words, and what a person has to look at."""

    lines: list[dict[str, Any]]
    words: Mapping[str, str]
    findings: list[Finding]


def fees(methods: Sequence[tuple[str, Mapping[str, Any]]]) -> Fees:
    """The fees of the ways to file: (channel, method) pairs."""
    by_channel: dict[str, list[Fee]] = {}
    for channel, method in methods:
        known = by_channel.setdefault(channel, [])
        for one in map(fee, records(method.get("fees"))):
            if all(one.told != other.told for other in known):
                known.append(one)
    findings = list(dict.fromkeys(found for known in by_channel.values() for one in known for found in one.findings))
    if not any(known and not all(one.silent for one in known) for known in by_channel.values()):
        findings.append(Finding("fees", "fees.none_given"))
    words = {channel: "; ".join(dict.fromkeys(one.words for one in known if one.words)) for channel, known in by_channel.items()}
    return Fees(list(_lines(by_channel)), words, findings)


def _lines(by_channel: Mapping[str, Sequence[Fee]]) -> Iterator[dict[str, Any]]:
    """One line for a fee that all ways share; else one for each way, under one key for the fees that stand at one place."""
    charged = {channel: [one for one in known if not one.free and not one.silent] for channel, known in by_channel.items()}
    told = [{one.told for one in known} for known in charged.values()]
    shared = [one for one in next(iter(charged.values()), []) if all(one.told in every for every in told)]
    keys: list[str] = []
    for one in shared:
        keys.append(slug(one.label, keys, fallback="phi"))
        yield _line(keys[-1], None, one)
    everywhere = {one.told for one in shared}
    own = {channel: [one for one in known if one.told not in everywhere] for channel, known in charged.items()}
    for place in range(max((len(known) for known in own.values()), default=0)):
        at_place = {channel: known[place] for channel, known in own.items() if place < len(known)}
        keys.append(slug(next(iter(at_place.values())).label, keys, fallback="phi"))
        for channel, one in at_place.items():
            yield _line(keys[-1], channel, one)


def _line(key: str, channel: str | None, one: Fee) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": key,
        "label": one.label,
        "amount": one.amount,
        "unit": one.unit,
        "channel": channel,
        "circumstances": [],
        "note": one.note,
    }
    return made | ({"set_by_province": True} if one.by_province else {})


def fee(raw: Mapping[str, Any]) -> Fee:
    """What one fee of the portal means."""
    text, explained = line(raw.get("raw")), line(raw.get("explain"))
    found = _read(raw, text, explained)
    label, rest = divided(_label(explained), MOST_LABEL)
    note = explained if not rest else f"{explained} ({rest})"
    if found.amount is None and not found.free and not found.silent:
        note = note or text
    unit = found.unit or (_unit(explained) if found.amount else "")
    return replace(found, label=label, note="" if found.free or found.silent else note, unit=unit)


def _read(raw: Mapping[str, Any], text: str, explained: str) -> Fee:
    if raw.get("amount_usd") not in (None, 0, "") or DOLLARS.search(text):
        return Fee(None, findings=(_finding("fees.foreign", text, explained),))
    amount = whole(raw.get("amount_vnd"))
    if amount is None and raw.get("amount_vnd") is None:
        amount = _typed(text)
    if amount is not None and not 0 <= amount < LARGEST:
        return Fee(None, findings=(_finding("fees.odd", text, explained),))
    if amount == 0 or (amount is None and FREE.search(fold(text))):
        return _free(text, explained)
    if amount is None:
        if not text and not explained:
            return Fee(None, silent=True)
        if PROVINCE.search(fold(f"{text} {explained}")):
            return _by_province(text, explained)
        if not text and (named := amounts(explained)):
            return _explained(named, "fees.several_amounts", text, explained)
        return Fee(None, findings=(_finding("fees.odd", text, explained),))
    return _charged(amount, scaled=raw.get("scaled_x1000") is True, text=text, explained=explained)


def _free(text: str, explained: str) -> Fee:
    """“Miễn phí”, and what its explanation makes of it."""
    folded = fold(explained)
    if not explained or NO_RULE.fullmatch(folded):
        return Fee(0, free=True)
    named = amounts(explained)
    if PROVINCE.search(folded):
        return _by_province(text, explained)
    if named:
        return _explained(named, "fees.free_but", text, explained)
    return Fee(None, findings=(_finding("fees.free_or", text, explained),))


def _by_province(text: str, explained: str) -> Fee:
    return Fee(None, by_province=True, findings=(_finding("fees.province", text, explained),))


def _explained(named: Sequence[int], code: str, text: str, explained: str) -> Fee:
    """The amount the explanation names first; a formula is only described."""
    findings = [_finding(code, text, explained)]
    if len(named) > 1 and code != "fees.several_amounts":
        findings.append(_finding("fees.several_amounts", text, explained))
    return Fee(None if FORMULA.search(explained) else named[0], findings=tuple(findings))


def _charged(amount: int, *, scaled: bool, text: str, explained: str) -> Fee:
    named = amounts(explained)
    if amount < 1000 and not scaled:
        if named and not FORMULA.search(explained):
            return Fee(named[0], findings=(_finding("fees.small", text, explained),))
        return Fee(None, findings=(_finding("fees.small_alone", text, explained),))
    findings = []
    if scaled and amount not in named:
        findings.append(_finding("fees.thousands", text, explained))
    elif named and amount not in named:
        findings.append(_finding("fees.other_amount", text, explained))
    elif len(named) > 1:
        findings.append(_finding("fees.several_amounts", text, explained))
    return Fee(amount, findings=tuple(findings))


def _finding(code: str, text: str, explained: str) -> Finding:
    return Finding("fees", code, f"{text} ({explained})" if text and explained else text or explained)


def amounts(text: str) -> list[int]:
    """The amounts of money a text names, in order, each once."""
    found = [whole(match[1] or match[3]) for match in MONEY.finditer(text)]
    return list(dict.fromkeys(amount for amount in found if amount is not None and 0 < amount < LARGEST))


def _typed(text: str) -> int | None:
    """The amount somebody typed as the fee itself: `300,000 Việt Nam Đồng`."""
    match = AMOUNT.match(text)
    return whole(match[1]) if match else None


def _unit(explained: str) -> str:
    match = UNIT.search(explained)
    return ended(AFTER_UNIT.sub("", match[1])) if match else ""


def _label(explained: str) -> str:
    match = LABEL.match(explained)
    return ended(match[1]) if match else PLAIN_LABEL
