"""RULE: numbers as people in Việt Nam write them: plain, amounts, percentages, areas."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.forms.cleaning.common import Wrong, WrongParts, typed
from services.forms.fields import Field
from services.forms.kinds import LARGEST, AreaUnit, Kind, MoneyUnit
from services.forms.wording import Complaint, part_label

MONEY_WORDS = re.compile(r"\s*(vn[dđ]|đồng|đ|₫)\.?\s*\Z", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
AREA_FACTORS: Mapping[str, int] = {AreaUnit.SQUARE_METRE: 1, AreaUnit.HECTARE: 10_000, AreaUnit.SQUARE_KILOMETRE: 1_000_000}
MONEY_FACTORS: Mapping[str, int] = {
    MoneyUnit.DONG: 1,
    MoneyUnit.THOUSAND: 1_000,
    MoneyUnit.MILLION: 1_000_000,
    MoneyUnit.BILLION: 1_000_000_000,
}
AREA_DECIMALS, MONEY_DECIMALS = 6, 9
"""Digits after the comma an area, or an amount in billions, may have."""
HUNDRED = Decimal(100)


def vietnamese(number: Decimal | int) -> str:
    """`1234.5` -> `1.234,5`."""
    whole, _, decimals = f"{Decimal(number):,f}".partition(".")
    grouped = whole.replace(",", ".")
    return f"{grouped},{decimals.rstrip('0')}" if decimals.rstrip("0") else grouped


def as_written(one: Field, number: Decimal) -> str:
    """The number as the field's answers are written: a bare one of four digits may be a year and is not grouped."""
    grouped = vietnamese(number)
    return grouped if one.kind == Kind.MONEY or one.unit or abs(number) >= 10_000 else grouped.replace(".", "")


def read_number(text: str, decimals: int) -> Decimal:
    """A number as people in Vietnam write it: points group thousands, a comma begins the decimals.

    A point or comma that could be meant either way is asked about. Raises Wrong.
    """
    compact = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "", text.replace("\u2212", "-"))
    sign, body = ("-", compact[1:].lstrip()) if compact.startswith("-") else ("", compact.removeprefix("+"))
    if not re.fullmatch(r"[0-9][0-9.,]*", body) or not body[-1].isdigit():
        raise Wrong("not_number", example="1500" if not decimals else "12,5")
    separators = re.sub(r"[0-9]", "", body)
    kinds = set(separators)
    if len(kinds) == 2:
        last = separators[-1]
        whole, _, fraction = body.rpartition(last)
        grouping = "," if last == "." else "."
        if last in whole or not _is_grouped(whole, grouping):
            raise Wrong("not_number", example="1500" if not decimals else "12,5")
        return _with_fraction(sign, whole.replace(grouping, ""), fraction, decimals)
    if len(separators) > 1:
        if not _is_grouped(body, separators[0]):
            raise Wrong("not_number", example="1500" if not decimals else "12,5")
        return _with_fraction(sign, body.replace(separators[0], ""), "", decimals)
    if not separators:
        return _with_fraction(sign, body, "", decimals)
    whole, _, fraction = body.partition(separators)
    may_group = _is_grouped(body, separators) and whole != "0"
    if may_group and (decimals == 0 or (separators == "." and decimals < 3)):
        return _with_fraction(sign, whole + fraction, "", decimals)
    if may_group and (separators == "." or decimals < 3):
        raise Wrong("ambiguous_number", thousands=whole + fraction, decimals=f"{whole},{fraction.rstrip('0') or '0'}")
    return _with_fraction(sign, whole, fraction, decimals)


def _is_grouped(text: str, separator: str) -> bool:
    return bool(re.fullmatch(rf"[0-9]{{1,3}}({re.escape(separator)}[0-9]{{3}})+", text))


def _with_fraction(sign: str, whole: str, fraction: str, decimals: int) -> Decimal:
    fraction = fraction.rstrip("0")
    if len(whole.lstrip("0")) > 15:
        raise Wrong("too_large", most=vietnamese(LARGEST)) if not sign else Wrong("too_small", least=vietnamese(-LARGEST))
    if len(fraction) > decimals:
        raise Wrong("too_many_decimals", count=decimals) if decimals else Wrong("not_whole")
    return Decimal(f"{sign}{whole}.{fraction or '0'}")


def number(one: Field, given: Any, today: date) -> int | str:
    """A number, with or without its unit."""
    found = typed(given, "not_number", example="12,5" if one.decimals else "1500")
    if not isinstance(given, str):
        return within(one, _exact(found, one.decimals))
    for unit in (one.unit, unicodedata.normalize("NFKC", one.unit)):
        found = found.removesuffix(unit).rstrip()
    return within(one, read_number(found, one.decimals))


def _exact(text: str, decimals: int) -> Decimal:
    """A number from a program, where a point is a decimal point."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    return _with_fraction("-" if text.startswith("-") else "", whole, fraction, decimals)


def money(one: Field, given: Any, today: date) -> int | str:
    """An amount in whole đồng; where units are asked for, of a number and its unit."""
    if one.units and isinstance(given, Mapping):
        return _money_of_parts(one, given)
    found = MONEY_WORDS.sub("", typed(given, "not_money"))
    return _amount(one, found)


def _amount(one: Field, text: str) -> int | str:
    try:
        found = read_number(text, 0)
    except Wrong as wrong:
        if wrong.complaint.code == "not_number":
            raise Wrong("not_money") from wrong
        raise
    if found < 0 and one.least is None:
        raise Wrong("too_small", least="0")
    return within(one, found)


def _money_of_parts(one: Field, given: Mapping[str, Any]) -> int | str:
    factor = MONEY_FACTORS.get(str(given.get("unit") or MoneyUnit.DONG))
    if factor is None:
        raise WrongParts({"unit": Complaint("not_choice")})
    text = given.get("amount")
    if text is None or text == "":
        raise WrongParts({"amount": Complaint("missing_text", label=part_label(one.kind, "amount"))})
    try:
        if factor == 1:
            return _amount(one, MONEY_WORDS.sub("", typed(text, "not_money")))
        found = read_number(typed(text, "not_number", example="12,5"), MONEY_DECIMALS) * factor
        if found != found.to_integral_value():
            raise Wrong("not_whole_dong")
        if found < 0 and one.least is None:
            raise Wrong("too_small", least="0")
        return within(one, found)
    except Wrong as wrong:
        raise WrongParts({"amount": wrong.complaint}) from wrong


def percentage(one: Field, given: Any, today: date) -> int | str:
    """A number of hundredths, with or without the sign."""
    found = typed(given, "not_number", example="12,5" if one.decimals else "15")
    written = isinstance(given, str)
    read = read_number(found.removesuffix("%").rstrip(), one.decimals) if written else _exact(found, one.decimals)
    least, most = one.least or Decimal(0), HUNDRED if one.most is None else one.most
    if read < least:
        raise Wrong("too_small", least=as_written(one, least))
    if read > most:
        raise Wrong("too_large", most=as_written(one, most))
    return plain(read)


def area(one: Field, given: Any, today: date) -> dict[str, Any]:
    """An area in the unit people know it in; in m² as well, so that areas can be compared."""
    parts = given if isinstance(given, Mapping) else {"amount": given}
    unit = str(parts.get("unit") or AreaUnit.SQUARE_METRE)
    if unit not in AREA_FACTORS:
        raise WrongParts({"unit": Complaint("not_choice")})
    text = parts.get("amount")
    if text is None or text == "":
        raise WrongParts({"amount": Complaint("missing_text", label=part_label(one.kind, "amount"))})
    try:
        found = typed(text, "not_number", example="120,5")
        read = read_number(found, AREA_DECIMALS) if isinstance(text, str) else _exact(found, AREA_DECIMALS)
        if read <= 0:
            raise Wrong("not_above_zero")
        metres = read * AREA_FACTORS[unit]
        for limit, code, name in ((one.least, "too_small", "least"), (one.most, "too_large", "most")):
            if limit is not None and (metres < limit if name == "least" else metres > limit):
                raise Wrong(code, **{name: f"{vietnamese(limit)} m²"})
        if metres >= LARGEST:
            raise Wrong("too_large", most=vietnamese(LARGEST))
    except Wrong as wrong:
        raise WrongParts({"amount": wrong.complaint}) from wrong
    return {"amount": plain(read), "unit": unit, "m2": plain(metres)}


def within(one: Field, number: Decimal) -> int | str:
    """The number as it is kept. Raises Wrong outside the field's limits."""
    if one.least is not None and number < one.least:
        raise Wrong("too_small", least=as_written(one, one.least))
    if one.most is not None and number > one.most:
        raise Wrong("too_large", most=as_written(one, one.most))
    if abs(number) >= LARGEST:
        raise Wrong("too_large", most=vietnamese(LARGEST))
    return plain(number)


def plain(number: Decimal) -> int | str:
    """A whole number, or text with a decimal point."""
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def year(one: Field, given: Any, today: date) -> int:
    """A year of four digits."""
    found = typed(given, "not_year")
    if not re.fullmatch(r"[0-9]{4}", found):
        raise Wrong("not_year")
    if one.at_least and int(found) < one.at_least:
        raise Wrong("too_small", least=str(one.at_least))
    if one.at_most and int(found) > one.at_most:
        raise Wrong("too_large", most=str(one.at_most))
    return int(found)
