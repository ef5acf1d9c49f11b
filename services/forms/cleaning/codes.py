"""RULE: numbers that name a person, a business, a vehicle: their form, and their check digits where they have any."""

import re
from datetime import date
from typing import Any

import phonenumbers
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.vn import mst

from identity.people.national_id import InvalidNationalId
from identity.people.national_id import parse as parse_national_id
from services.forms.cleaning.common import Wrong, compact, typed
from services.forms.fields import Field

PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{6,9}")
LETTERS = "ABCDEFGHKLMNPSTUVXYZĐ"
"""Letters a plate's series is made of; I, J, O, Q, R and W are left out, except in the pairs below."""
PAIRS = ("RM",)
SERIES = rf"[{LETTERS}][{LETTERS}]|{'|'.join(PAIRS)}|[{LETTERS}]"
CIVIL = re.compile(rf"([1-9][0-9])({SERIES})([0-9]{{4,5}})")
"""Province, series, number of cars and of newer motorcycles: `59A12345`, `51LD1234`, `59AA12345`."""
MOTORCYCLE = re.compile(rf"([1-9][0-9])([{LETTERS}][0-9])([0-9]{{4,5}})")
SET_APART = re.compile(rf"[1-9][0-9][ .\-]*[{LETTERS}][0-9][ .\-]")
"""`59-X1 2345`: the digit belongs to the series, where `59X 12345` would be a car."""
FOREIGN = re.compile(r"([1-9][0-9])([0-9]{3})(NG|NN|QT|CV)([0-9]{2})")
"""Province, country or organisation, NG diplomats, NN foreigners, QT organisations, CV their staff: `80-011-NG-01`."""
MILITARY = re.compile(rf"([{LETTERS}]{{2}})([0-9]{{2}})([0-9]{{2}})")


def phone(one: Field, given: Any, today: date) -> str:
    """A number of the numbering plan of its country; Vietnamese without a country code."""
    text = typed(given, "not_phone")
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise Wrong("not_phone") from error
    if not phonenumbers.is_valid_number(number):
        raise Wrong("not_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def personal_number(one: Field, given: Any, today: date) -> str:
    """Twelve digits that make a personal number."""
    number = compact(typed(given, "not_personal_number"))
    if not re.fullmatch(r"[0-9]{12}", number):
        raise Wrong("not_personal_number")
    try:
        parse_national_id(number)
    except InvalidNationalId as error:
        raise Wrong("unreal_personal_number") from error
    return number


def tax_code(one: Field, given: Any, today: date) -> str:
    """A code of 10 or 13 digits, or a personal number."""
    number = compact(typed(given, "not_tax_code"))
    if re.fullmatch(r"[0-9]{12}", number):
        return personal_number(one, number, today)
    return _registered(number, "not_tax_code", "unreal_tax_code")


def business_number(one: Field, given: Any, today: date) -> str:
    """A code of 10 digits, with three more for a branch."""
    return _registered(compact(typed(given, "not_business_number")), "not_business_number", "unreal_business_number")


def _registered(number: str, strange: str, unreal: str) -> str:
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", number):
        raise Wrong(strange)
    try:
        return str(mst.format(mst.validate(number)))
    except WrongNumber as error:
        raise Wrong(unreal) from error


def passport_number(one: Field, given: Any, today: date) -> str:
    """Letters and digits as the machine-readable line has them."""
    number = compact(typed(given, "not_passport_number")).upper()
    if not PASSPORT.fullmatch(number):
        raise Wrong("not_passport_number")
    return number


def vehicle_plate(one: Field, given: Any, today: date) -> str:
    """A plate in one way of writing: `59A-123.45`, `59X1-123.45`, `51LD-1234`, `80-011-NG-01`, `TM-12-34`."""
    written = typed(given, "not_vehicle_plate").upper()
    plate = compact(written)
    if found := FOREIGN.fullmatch(plate):
        return "-".join(found.groups())
    kinds = (MOTORCYCLE, CIVIL) if SET_APART.match(written) else (CIVIL, MOTORCYCLE)
    if found := kinds[0].fullmatch(plate) or kinds[1].fullmatch(plate):
        province, series, number = found.groups()
        return f"{province}{series}-{number if len(number) == 4 else f'{number[:3]}.{number[3:]}'}"
    if found := MILITARY.fullmatch(plate):
        return "-".join(found.groups())
    raise Wrong("not_vehicle_plate")
