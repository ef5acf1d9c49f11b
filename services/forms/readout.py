"""RULE: answers as people read them: on the check page, before officials, and in documents. Never raises."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers

from services.forms import places
from services.forms.conditions import is_day
from services.forms.definition import Definition, Field, Kind, fields_asked
from services.forms.validation import as_written, vietnamese
from services.forms.wording import DONG, NO, UNANSWERED, YES

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
    if one.kind != Kind.GROUP:
        return _row(one, display(one, value))
    return _row(one, _rows_text(one, value), _items(one, value, counted))


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

    A place also gives `<key>_province` and `<key>_ward`.
    """
    counted = definition.shown(answers).answers
    found: dict[str, str] = {}
    for one in definition.fields():
        if not one.answers:
            continue
        value = counted.get(one.key)
        found[one.key] = display(one, value)
        if one.kind == Kind.PROVINCE_WARD:
            codes = value if isinstance(value, Mapping) else {}
            found.setdefault(f"{one.key}_province", places.province_name(_code(codes, "province")))
            found.setdefault(f"{one.key}_ward", places.ward_name(_code(codes, "ward")))
    return found


def display(one: Field, value: Any) -> str:
    """One answer as text, in the active language; empty when there is none."""
    if value is None or value == "" or value == []:
        return ""
    if one.kind == Kind.GROUP:
        return _rows_text(one, value)
    if one.kind == Kind.YES_NO:
        return str(YES if value else NO) if isinstance(value, bool) else ""
    if one.kind in {Kind.CHOICE, Kind.MULTIPLE_CHOICE}:
        return _choices(one, value)
    if one.kind == Kind.PROVINCE_WARD:
        return _place(value)
    if one.kind in {Kind.NUMBER, Kind.MONEY}:
        return _amount(one, value)
    if not isinstance(value, str):
        return ""
    if one.kind == Kind.DATE:
        return "/".join(reversed(value.split("-"))) if is_day(value) else value
    return phone(value) if one.kind == Kind.PHONE else value


def _choices(one: Field, value: Any) -> str:
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(choice.label.said() for choice in one.choices if choice.value in chosen)


def _code(codes: Mapping[str, Any], name: str) -> str:
    code = codes.get(name)
    return code if isinstance(code, str) else ""


def _place(value: Any) -> str:
    codes = value if isinstance(value, Mapping) else {}
    names = (places.ward_name(_code(codes, "ward")), places.province_name(_code(codes, "province")))
    return ", ".join(name for name in names if name)


def _amount(one: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return ""
    if not number.is_finite() or number.adjusted() > 20 or number.adjusted() < -20:
        return ""
    if one.kind == Kind.MONEY:
        return f"{vietnamese(number)} {DONG}"
    return f"{as_written(one, number)} {one.unit.said()}".strip()


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
