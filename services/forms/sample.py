"""RULE: answers that a form takes, made up: for trying a form out, for the preview of an outcome, for tests.

Every question that is asked is answered, so that nothing is missing before filing; which questions are asked may hang on the
answers, so they are made up in the order in which the form is decided.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from services.forms import lists, places
from services.forms.cleaning.dates import limit
from services.forms.cleaning.numbers import HUNDRED, plain
from services.forms.fields import Field
from services.forms.form import Definition, walk_row
from services.forms.kinds import Kind, Precision

NAME = "Nguyễn Thị Minh Anh"
CITY = "79"
BORN = date(1990, 3, 5)


def answers(definition: Definition, today: date, *, optional: bool = True) -> dict[str, Any]:
    """An answer to every question that is asked, or only to those that are required; calculated values are among them."""

    def take(one: Field, counted: Mapping[str, Any]) -> Any:
        wanted = optional or one.required or one.at_least > 0
        return answer(one, today, counted) if one.asks and wanted else None

    return dict(definition.walk(take).answers)


def answer(one: Field, today: date, counted: Mapping[str, Any] | None = None) -> Any:
    """An answer of the field's kind, within its limits."""
    known = counted or {}
    if one.repeats:
        row = walk_row(one, lambda inner, before: answer(inner, today, before) if inner.asks else None, known)[1]
        return [row] * max(1, one.at_least)
    if one.kind == Kind.DECLARATION:
        name = known.get(one.name_field)
        return {"name": name if isinstance(name, str) else NAME[: one.max_length], "day": today.isoformat()}
    made = MADE.get(one.kind)
    return made(one, today) if made else FIXED[one.kind]


def _text(one: Field, today: date) -> str:
    return (NAME if one.prefill == "person.full_name" else "Nội dung")[: one.max_length].strip() or "A"


def _number(one: Field, today: date) -> int | str:
    """The smallest that is allowed, from one on where nothing is said."""
    most = one.most if one.most is not None else (HUNDRED if one.kind == Kind.PERCENTAGE else None)
    least = one.least if one.least is not None else Decimal(1)
    if one.kind == Kind.PERCENTAGE:
        least = max(least, Decimal(0))
    if one.least is None and most is not None and most < least:
        least = most
    step = Decimal(1).scaleb(-one.decimals)
    found = (least / step).to_integral_value(rounding=ROUND_CEILING) * step
    return plain(found)


def _area(one: Field, today: date) -> dict[str, Any]:
    metres = plain(max(one.least or Decimal(100), Decimal("0.000001")))
    if one.most is not None and one.least is None:
        metres = plain(min(Decimal(100), one.most))
    return {"amount": metres, "unit": "m2", "m2": metres}


def _day(one: Field, today: date) -> date:
    """A day of 1990, or as near to it as the limits allow."""
    first, last = limit(one.first_day, today), limit(one.last_day, today)
    return max(first or BORN, min(BORN, last or BORN))


def _partial_date(one: Field, today: date) -> str:
    found = _day(one, today).isoformat()
    return {Precision.YEAR: found[:4], Precision.MONTH: found[:7]}.get(one.precision, found)


def _place(one: Field, today: date) -> dict[str, str]:
    province = one.province or CITY
    found = {"province": province, "ward": places.wards(province)[0].code}
    return {**found, "street": "12 Lê Lợi"} if one.kind == Kind.ADDRESS else found


def _year(one: Field, today: date) -> int:
    return max(one.at_least, min(BORN.year, one.at_most or BORN.year))


MADE: Mapping[Kind, Callable[[Field, date], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.CAPITALS_NAME: lambda one, today: NAME.upper()[: one.max_length].strip(),
    Kind.NUMBER: _number,
    Kind.MONEY: lambda one, today: _number(one, today),
    Kind.PERCENTAGE: _number,
    Kind.AREA: _area,
    Kind.DATE: lambda one, today: _day(one, today).isoformat(),
    Kind.PARTIAL_DATE: _partial_date,
    Kind.MONTH: lambda one, today: _day(one, today).isoformat()[:7],
    Kind.YEAR: _year,
    Kind.CHOICE: lambda one, today: one.choices[0].value,
    Kind.MULTIPLE_CHOICE: lambda one, today: [choice.value for choice in one.choices[: max(1, one.at_least)]],
    Kind.PROVINCE_WARD: _place,
    Kind.ADDRESS: _place,
    Kind.IDENTITY_DOCUMENT: lambda one, today: {
        "type": "identity_card",
        "number": "079190000123",
        "issued_on": (today - timedelta(days=700)).isoformat(),
        "issued_by": "Bộ Công an",
    },
}
FIXED: Mapping[Kind, Any] = {
    Kind.TIME: "08:30",
    Kind.YES_NO: True,
    Kind.GENDER: "female",
    Kind.ETHNIC_GROUP: lists.ethnic_groups()[0][0],
    Kind.COUNTRY: "VN",
    Kind.PHONE: "+84901234567",
    Kind.EMAIL: "nguoi.nop@example.vn",
    Kind.URL: "https://example.vn",
    Kind.PERSONAL_NUMBER: "079190000123",
    Kind.PASSPORT_NUMBER: "C1234567",
    Kind.TAX_CODE: "0100233488",
    Kind.BUSINESS_NUMBER: "0100233488",
    Kind.VEHICLE_PLATE: "59A-123.45",
    Kind.BANK_ACCOUNT: {"bank": "970436", "number": "0071000123456", "holder": NAME.upper()},
    Kind.LAND_PARCEL: {"sheet": "12", "parcel": "345"},
    Kind.MAP_POINT: {"lat": 10.776, "lng": 106.7},
}
