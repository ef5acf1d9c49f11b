"""RULE: answers as people read them: on the check page, before officials, and in documents. Never raises."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django.utils.translation import get_language

from services.forms import lists, places
from services.forms.cleaning.numbers import as_written, vietnamese
from services.forms.fields import Field
from services.forms.form import Definition, fields_asked
from services.forms.in_words import amount_in_words
from services.forms.kinds import KINDS, Format, Kind
from services.forms.language import is_day
from services.forms.wording import DONG, ISSUED, LAND_PARCEL, NO, SIGNED, UNANSWERED, YES, part_label

MOBILE = re.compile(r"[35789][0-9]{8}")
"""A mobile number without its leading 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its answer; `text` may have several lines, `items` are the rows of each entry of a group."""

    field_key: str
    label: str
    text: str
    kind: str
    answered: bool = True
    items: tuple[tuple["Row", ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form, read back."""

    page_key: str
    title: str
    rows: list[Row]


def readout(
    definition: Definition, answers: Mapping[str, Any], attached: Mapping[str, Sequence[str]] | None = None
) -> list[Section]:
    """Every question that is asked, with its answer, by page. `attached`: file names by field; None shows no files."""
    shown = definition.shown(answers)
    sections = []
    for page in definition.pages:
        rows = []
        for one in shown.fields.get(page.key, ()):
            if one.kind == Kind.ATTACHMENT and attached is not None:
                names = "\n".join(attached.get(one.key, ()))
                rows.append(_row(one, names))
            elif one.answers:
                rows.append(_answer(one, shown.answers.get(one.key), shown.answers))
        if rows:
            sections.append(Section(page.key, page.title.said(), rows))
    return sections


def _row(one: Field, text: str, items: tuple[tuple[Row, ...], ...] = ()) -> Row:
    return Row(one.key, one.label.said(), text or str(UNANSWERED), one.kind.value, bool(text), items)


def _answer(one: Field, value: Any, counted: Mapping[str, Any]) -> Row:
    if one.repeats:
        return _row(one, _rows_text(one, value), _items(one, value, counted))
    text = display(one, value)
    if one.kind == Kind.DECLARATION and text:
        # What was signed is read with the signature.
        text = f"{one.statement.said()}\n{text}"
    return _row(one, text)


def _items(group: Field, value: Any, counted: Mapping[str, Any]) -> tuple[tuple[Row, ...], ...]:
    return tuple(
        tuple(_row(inner, display(inner, row.get(inner.key))) for inner in fields_asked(group, row, counted) if inner.answers)
        for row in _entries(value)
    )


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _rows_text(group: Field, value: Any) -> str:
    """`1. Họ và tên: …; Ngày sinh: …`, one line per row."""
    lines = []
    for n, row in enumerate(_entries(value), start=1):
        said = [(inner.label.said().rstrip(":"), display(inner, row.get(inner.key))) for inner in group.fields if inner.answers]
        lines.append(f"{n}. " + "; ".join(f"{label}: {text}" for label, text in said if text))
    return "\n".join(lines)


def texts(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    """What placeholders stand for: every field's answer as text, empty when not answered or not asked.

    A question of several parts also gives each of them, such as `<key>_province` and `<key>_ward`; an amount also gives
    `<key>_in_words`.
    """
    counted = definition.shown(answers).answers
    found = {one.key: display(one, counted.get(one.key)) for one in definition.fields() if one.answers}
    for one in definition.fields():
        for name, text in _more_texts(one, counted.get(one.key)).items():
            found.setdefault(f"{one.key}_{name}", text)
    return found


def placeholders(definition: Definition) -> dict[str, str]:
    """Everything a template may name, with what it stands for: `{"owner_name": "Họ và tên", …}`."""
    found = {one.key: one.label.said() for one in definition.fields() if one.answers}
    for one in definition.fields():
        for name in _more_texts(one, None):
            found.setdefault(f"{one.key}_{name}", f"{one.label.said()} – {part_label(one.kind, name)}")
    return found


def _more_texts(one: Field, value: Any) -> dict[str, str]:
    """The texts a field gives besides its own."""
    if one.kind == Kind.MONEY or (one.kind == Kind.CALCULATED and one.format == Format.MONEY):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return {IN_WORDS: amount_in_words(value) if whole else ""}
    parts = value if isinstance(value, Mapping) else {}
    names = [part for part in KINDS[one.kind].parts if part not in {"agreed", "find"}]
    return {name: _part(one, name, parts.get(name)) for name in names}


def _part(one: Field, name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in {"province", "ward"}:
        code = value if isinstance(value, str) else ""
        return places.province_name(code) if name == "province" else places.ward_name(code)
    if lists.listed(one.kind, name):
        return lists.name_of(value, one.kind, name, get_language() or "vi") if isinstance(value, str) else ""
    if name == "issued_on":
        return _day(value)
    if name == "amount":
        return _number(value, grouped=True)
    if name in {"lat", "lng"}:
        return f"{value:.6f}" if isinstance(value, float) else ""
    return value if isinstance(value, str) else ""


def display(one: Field, value: Any) -> str:
    """One answer as text, in the active language; empty when there is none."""
    if value is None or value == "" or value == []:
        return ""
    if one.repeats:
        return _rows_text(one, value)
    special = DISPLAYS.get(one.kind)
    if special is not None:
        return special(one, value)
    return value if isinstance(value, str) else ""


def _yes_no(one: Field, value: Any) -> str:
    return str(YES if value else NO) if isinstance(value, bool) else ""


def _choices(one: Field, value: Any) -> str:
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(choice.label.said() for choice in one.choices if choice.value in chosen)


def _listed(one: Field, value: Any) -> str:
    return lists.name_of(value, one.kind, language=get_language() or "vi") if isinstance(value, str) else ""


def _said(one: Field, value: Any, *names: str) -> list[str]:
    parts = value if isinstance(value, Mapping) else {}
    return [text for name in names if (text := _part(one, name, parts.get(name)))]


def _place(one: Field, value: Any) -> str:
    return ", ".join(_said(one, value, "street", "ward", "province"))


def _bank_account(one: Field, value: Any) -> str:
    return " – ".join(_said(one, value, "number", "holder", "bank"))


def _identity_document(one: Field, value: Any) -> str:
    said = _said(one, value, "type", "number")
    day, issuer = (_said(one, value, name) for name in ("issued_on", "issued_by"))
    if day and issuer:
        said.append(str(ISSUED) % {"day": day[0], "issuer": issuer[0]})
    return ", ".join(said)


def _land_parcel(one: Field, value: Any) -> str:
    sheet, parcel = (_said(one, value, name) for name in ("sheet", "parcel"))
    return str(LAND_PARCEL) % {"sheet": sheet[0], "parcel": parcel[0]} if sheet and parcel else ""


def _map_point(one: Field, value: Any) -> str:
    said = _said(one, value, "lat", "lng")
    return ", ".join(said) if len(said) == 2 else ""


def _declaration(one: Field, value: Any) -> str:
    parts = value if isinstance(value, Mapping) else {}
    name, day = parts.get("name"), _day(parts.get("day"))
    return str(SIGNED) % {"name": name, "day": day} if isinstance(name, str) and name and day else ""


def _area(one: Field, value: Any) -> str:
    parts = value if isinstance(value, Mapping) else {}
    amount, unit = _number(parts.get("amount"), grouped=True), parts.get("unit")
    metres = _number(parts.get("m2"), grouped=True)
    if not amount or not isinstance(unit, str):
        return ""
    said = f"{amount} {lists.name_of(unit, Kind.AREA, 'unit')}".strip()
    return f"{said} ({metres} m²)" if unit != "m2" and metres else said


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if len(str(value)) > 40:
            return None
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and -20 <= number.adjusted() <= 20 else None


def _number(value: Any, *, grouped: bool) -> str:
    number = _decimal(value)
    return vietnamese(number) if number is not None and grouped else ""


def _amount(one: Field, value: Any) -> str:
    number = _decimal(value)
    if number is None:
        return ""
    if one.kind == Kind.MONEY or (one.kind == Kind.CALCULATED and one.format == Format.MONEY):
        return f"{vietnamese(number)} {DONG}"
    if one.kind == Kind.PERCENTAGE:
        return f"{vietnamese(number)} %"
    if one.kind == Kind.YEAR:
        return str(int(number))
    return f"{as_written(one, number)} {one.unit.said()}".strip()


def _day(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return "/".join(reversed(value.split("-"))) if is_day(value) else value


def _known_date(one: Field, value: Any) -> str:
    """`1990`, `03/1990` or `05/03/1990`."""
    return "/".join(reversed(value.split("-"))) if isinstance(value, str) else ""


def _calculated(one: Field, value: Any) -> str:
    if one.format in {Format.NUMBER, Format.MONEY}:
        return _amount(one, value)
    if one.format == Format.YES_NO:
        return _yes_no(one, value)
    if one.format == Format.DATE:
        return _day(value)
    return value if isinstance(value, str) else ""


IN_WORDS = "in_words"
DISPLAYS: Mapping[Kind, Callable[[Field, Any], str]] = {
    Kind.NUMBER: _amount,
    Kind.MONEY: _amount,
    Kind.PERCENTAGE: _amount,
    Kind.YEAR: _amount,
    Kind.AREA: _area,
    Kind.DATE: lambda one, value: _day(value),
    Kind.PARTIAL_DATE: _known_date,
    Kind.MONTH: _known_date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choices,
    Kind.MULTIPLE_CHOICE: _choices,
    Kind.GENDER: _listed,
    Kind.ETHNIC_GROUP: _listed,
    Kind.COUNTRY: _listed,
    Kind.PHONE: lambda one, value: phone(value) if isinstance(value, str) else "",
    Kind.IDENTITY_DOCUMENT: _identity_document,
    Kind.BANK_ACCOUNT: _bank_account,
    Kind.PROVINCE_WARD: _place,
    Kind.ADDRESS: _place,
    Kind.LAND_PARCEL: _land_parcel,
    Kind.MAP_POINT: _map_point,
    Kind.CALCULATED: _calculated,
    Kind.DECLARATION: _declaration,
}
"""Kinds whose answers are not shown as they are kept."""


def phone(e164: str) -> str:
    """`+84901234567` -> `090 123 4567`; foreign numbers with their country; anything else as it is."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    national = number.country_code == 84
    digits = str(number.national_number)
    if national and MOBILE.fullmatch(digits):
        return f"0{digits[:2]} {digits[2:5]} {digits[5:]}"
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)
