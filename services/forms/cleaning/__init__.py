"""RULE: from one answer as it was given to the answer as it is kept, by kind.

Cleaning is total and repeatable: any input gives an answer or a complaint, and an answer that was kept is cleaned to itself.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.forms.cleaning import choices, codes, dates, numbers, records, where, words
from services.forms.cleaning.common import Wrong, WrongParts, is_blank
from services.forms.fields import Field
from services.forms.kinds import PLACES, Kind

CLEANERS: Mapping[Kind, Callable[[Field, Any, date], Any]] = {
    Kind.TEXT: words.text,
    Kind.LONG_TEXT: words.long_text,
    Kind.CAPITALS_NAME: words.capitals_name,
    Kind.NUMBER: numbers.number,
    Kind.MONEY: numbers.money,
    Kind.PERCENTAGE: numbers.percentage,
    Kind.AREA: numbers.area,
    Kind.DATE: dates.day,
    Kind.PARTIAL_DATE: dates.partial_date,
    Kind.MONTH: dates.month,
    Kind.YEAR: numbers.year,
    Kind.TIME: dates.time,
    Kind.YES_NO: choices.yes_no,
    Kind.CHOICE: choices.choice,
    Kind.MULTIPLE_CHOICE: choices.multiple_choice,
    Kind.GENDER: choices.listed,
    Kind.ETHNIC_GROUP: choices.listed,
    Kind.COUNTRY: choices.listed,
    Kind.PHONE: codes.phone,
    Kind.EMAIL: words.email,
    Kind.URL: words.url,
    Kind.PERSONAL_NUMBER: codes.personal_number,
    Kind.PASSPORT_NUMBER: codes.passport_number,
    Kind.IDENTITY_DOCUMENT: records.identity_document,
    Kind.TAX_CODE: codes.tax_code,
    Kind.BUSINESS_NUMBER: codes.business_number,
    Kind.VEHICLE_PLATE: codes.vehicle_plate,
    Kind.BANK_ACCOUNT: records.bank_account,
    Kind.PROVINCE_WARD: where.province_ward,
    Kind.ADDRESS: where.address,
    Kind.LAND_PARCEL: where.land_parcel,
    Kind.MAP_POINT: where.map_point,
    Kind.DECLARATION: records.declaration,
}
DECIMAL_KINDS = frozenset({Kind.NUMBER, Kind.PERCENTAGE})


def clean(one: Field, given: Any, today: date, kept: bool = False) -> Any:
    """One answer as it is kept, or None when nothing was answered. Raises Wrong.

    `kept` says that it was cleaned before: then a point in a number is a decimal point, whatever people mean by it.
    """
    if nothing_given(one, given):
        return None
    if kept:
        given = _as_kept(one, given)
    elif one.kind == Kind.DECLARATION and isinstance(given, Mapping) and given.get("day"):
        # Sent again, it is signed again.
        given = {**given, "day": today.isoformat()}
    return CLEANERS[one.kind](one, given, today)


def _as_kept(one: Field, given: Any) -> Any:
    if one.kind in DECIMAL_KINDS:
        return _decimal(given)
    if one.kind == Kind.AREA and isinstance(given, Mapping):
        return {**given, "amount": _decimal(given.get("amount"))}
    return given


def _decimal(given: Any) -> Any:
    return Decimal(given) if isinstance(given, str) and numbers.PLAIN_NUMBER.fullmatch(given) else given


def nothing_given(one: Field, given: Any) -> bool:
    """Whether nothing was answered; what is filled in for people, such as a unit, does not count."""
    if not isinstance(given, Mapping):
        return is_blank(given)
    counted = {name: value for name, value in given.items() if name not in {"unit", "m2"}}
    if one.kind in PLACES and one.province:
        counted.pop("province", None)
    if one.kind == Kind.PROVINCE_WARD:
        counted = {name: value for name, value in counted.items() if name in {"province", "ward"}}
    return is_blank(counted)


__all__ = ["CLEANERS", "Wrong", "WrongParts", "clean", "nothing_given"]
