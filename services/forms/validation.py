"""RULE: from what a person typed to answers that can be kept, or to what they should do about it.

Cleaning is total and repeatable: any input gives an answer or a complaint, and an answer that was kept is cleaned to itself.
Questions that are not asked are not checked and their answers are dropped.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import phonenumbers
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.vn import mst

from identity.people.national_id import InvalidNationalId
from identity.people.national_id import parse as parse_national_id
from portal.kit import clock
from services.forms import places
from services.forms.conditions import holds, is_day
from services.forms.definition import LARGEST, Definition, Field, Kind, Page
from services.forms.wording import DAY, MONTH, YEAR, Complaint

PARTS = {"day": DAY, "month": MONTH, "year": YEAR}
EARLIEST_YEAR, LATEST_YEAR = 1880, 2200
"""A year outside is a slip of the keyboard."""
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters, which neither the database nor a page can hold."""
MONEY_WORDS = re.compile(r"\s*(vn[dđ]|đồng|đ|₫)\.?\s*\Z", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
REQUESTS = ("ghi ", "nêu ", "mô tả ", "trình bày ", "kê khai ", "cho biết ", "nhập ", "điền ")
"""Labels that already say what to do."""
CHOOSING = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.MULTIPLE_CHOICE})
EMAIL = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""An address as mail systems accept it, without the quoted and bracketed forms that people do not use."""


class Wrong(Exception):
    """The input cannot be kept; `parts` names the parts of a date or a place that it is about."""

    def __init__(self, code: str, *, parts: Sequence[str] = (), **params: Any) -> None:
        super().__init__(code)
        self.complaint = Complaint(code, **params)
        self.parts = tuple(parts)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Answers to keep, and complaints by path: `owner_name`, or `members.0.name` inside a group's first row.

    `parts` tells for a date or a place which of its inputs a complaint is about.
    """

    values: dict[str, Any]
    errors: dict[str, Complaint]
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must still be answered; `page_key` is None for files, which are attached on a page of their own."""

    page_key: str | None
    field_key: str
    message: Complaint


def clean_page(
    definition: Definition, page_key: str, raw: Mapping[str, Any], answers: Mapping[str, Any], today: date | None = None
) -> Cleaned:
    """What the person answered on one page; `answers` are those of the other pages. Raises KeyError for an unknown page."""
    page = definition.page(page_key)
    own = {one.key for one in page.fields}
    before = _answers_before(definition, page, {key: value for key, value in answers.items() if key not in own})
    return _clean_fields(page.fields, raw, before, today or clock.today())


def _answers_before(definition: Definition, page: Page, answers: Mapping[str, Any]) -> dict[str, Any]:
    earlier = {one.key for other in definition.pages[: definition.pages.index(page)] for one in other.fields}
    return {key: value for key, value in definition.shown(answers).answers.items() if key in earlier}


def _clean_fields(
    fields: Sequence[Field], raw: Mapping[str, Any], before: Mapping[str, Any], today: date, kept: bool = False
) -> Cleaned:
    cleaned = Cleaned({}, {})
    for one in fields:
        if not one.answers or not holds(one.when, {**before, **cleaned.values}):
            continue
        given = raw.get(one.key)
        if one.kind == Kind.GROUP:
            _clean_group(one, given, {**before, **cleaned.values}, today, kept, cleaned)
            continue
        try:
            value = clean(one, given, today, kept)
            if value is None and one.required:
                raise _missing(one)
        except Wrong as wrong:
            cleaned.errors[one.key] = wrong.complaint
            if wrong.parts:
                cleaned.parts[one.key] = wrong.parts
            continue
        if value is not None:
            cleaned.values[one.key] = value
    return cleaned


def _clean_group(group: Field, given: Any, before: Mapping[str, Any], today: date, kept: bool, into: Cleaned) -> None:
    """Rows left blank are dropped, except where rows are required: there the person is told what to fill in."""
    if given is not None and not isinstance(given, list | tuple):
        into.errors[group.key] = Complaint("not_rows")
        return
    rows: list[dict[str, Any]] = []
    for n, row in enumerate((given or ())[: group.at_most + 1]):
        entry = row if isinstance(row, Mapping) else {}
        if n >= group.at_least and _is_blank_row(group, entry):
            continue
        cleaned = _clean_fields(group.fields, entry, before, today, kept)
        if n >= group.at_least and not cleaned.values and not cleaned.errors:
            # Only what is not asked in this row was filled in: that is a blank row too.
            continue
        rows.append(cleaned.values)
        into.errors.update({f"{group.key}.{n}.{key}": complaint for key, complaint in cleaned.errors.items()})
        into.parts.update({f"{group.key}.{n}.{key}": parts for key, parts in cleaned.parts.items()})
    if len(rows) < group.at_least:
        into.errors[group.key] = Complaint("too_few_rows", least=group.at_least, question=group.label)
    elif len(rows) > group.at_most:
        into.errors[group.key] = Complaint("too_many_rows", most=group.at_most, question=group.label)
    elif rows:
        into.values[group.key] = rows


def _is_blank_row(group: Field, row: Mapping[str, Any]) -> bool:
    return all(_is_blank(one, row.get(one.key)) for one in group.fields)


def _missing(one: Field) -> Wrong:
    """The complaint that a required answer is missing."""
    if one.kind in CHOOSING:
        return Wrong("missing_choice", question=one.label)
    if one.kind == Kind.PROVINCE_WARD:
        return Wrong("missing_place", question=one.label)
    if one.kind == Kind.ATTACHMENT:
        return Wrong("missing_attachment", label=one.label)
    if one.label.endswith("?") or one.label.lower().startswith(REQUESTS):
        return Wrong("missing_answer", question=one.label)
    return Wrong("missing_text", label=one.label)


def unanswered(
    definition: Definition, answers: Mapping[str, Any], attached: Collection[str], today: date | None = None
) -> list[Gap]:
    """What still has to be answered or attached before filing, in the order of the form. Kept answers are checked again."""
    today = today or clock.today()
    gaps: list[Gap] = []
    shown = definition.shown(answers)
    for page in definition.pages:
        if page.key not in shown.fields:
            continue
        for one in shown.fields[page.key]:
            if one.kind == Kind.ATTACHMENT and one.required and one.key not in attached:
                gaps.append(Gap(None, one.key, _missing(one).complaint))
        cleaned = _clean_fields(page.fields, shown.answers, _answers_before(definition, page, answers), today, kept=True)
        gaps += [Gap(page.key, path.partition(".")[0], complaint) for path, complaint in cleaned.errors.items()]
    return gaps


def clean(one: Field, given: Any, today: date, kept: bool = False) -> Any:
    """One answer as it is kept, or None when nothing was answered. Raises Wrong.

    `kept` says that it was cleaned before: then a point in a number is a decimal point, whatever people mean by it.
    """
    if _is_blank(one, given):
        return None
    if kept and one.kind == Kind.NUMBER and isinstance(given, str) and PLAIN_NUMBER.fullmatch(given):
        given = Decimal(given)
    return CLEANERS[one.kind](one, given, today)


def _is_blank(one: Field, given: Any) -> bool:
    if isinstance(given, str):
        return not _one_line(given)
    if isinstance(given, Mapping):
        names = ("province", "ward") if one.kind == Kind.PROVINCE_WARD and not one.province else tuple(given)
        if one.kind == Kind.PROVINCE_WARD and one.province:
            names = ("ward",)
        return all(given.get(name) is None or (isinstance(given[name], str) and not given[name].strip()) for name in names)
    if isinstance(given, list | tuple):
        return all(part is None or part == "" for part in given)
    return given is None


def _storable(text: str) -> str:
    return UNSTORABLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def _one_line(text: str) -> str:
    return SPACES.sub(" ", _storable(text).replace("\n", " ").replace("\u2028", " ").replace("\u2029", " ")).strip()


def _typed(given: Any, code: str, **params: Any) -> str:
    """What was typed, on one line; numbers with a decimal point. Raises Wrong for anything that is no text or number."""
    if isinstance(given, str):
        return _one_line(given)
    if isinstance(given, int | float | Decimal) and not isinstance(given, bool):
        number = given if isinstance(given, Decimal) else Decimal(given) if isinstance(given, int) else Decimal(str(given))
        if number.is_finite() and abs(number) <= LARGEST:
            return f"{number:f}"
    raise Wrong(code, **params)


def _text(one: Field, given: Any, today: date) -> str:
    text = _typed(given, "not_text")
    if len(text) > one.max_length:
        raise Wrong("too_long", most=one.max_length, count=len(text))
    return text


def _long_text(one: Field, given: Any, today: date) -> str:
    if not isinstance(given, str):
        raise Wrong("not_text")
    lines = [SPACES.sub(" ", line).rstrip() for line in _storable(given).split("\n")]
    text = "\n".join(lines).strip()
    if len(text) > one.max_length:
        raise Wrong("too_long", most=one.max_length, count=len(text))
    return text


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


def _number(one: Field, given: Any, today: date) -> int | str:
    text = _typed(given, "not_number", example="12,5" if one.decimals else "1500")
    if not isinstance(given, str):
        whole, _, fraction = text.removeprefix("-").partition(".")
        return _within(one, _with_fraction("-" if text.startswith("-") else "", whole, fraction, one.decimals))
    for unit in (one.unit, unicodedata.normalize("NFKC", one.unit)):
        text = text.removesuffix(unit).rstrip()
    return _within(one, read_number(text, one.decimals))


def _money(one: Field, given: Any, today: date) -> int | str:
    text = MONEY_WORDS.sub("", _typed(given, "not_money"))
    try:
        number = read_number(text, 0)
    except Wrong as wrong:
        if wrong.complaint.code == "not_number":
            raise Wrong("not_money") from wrong
        raise
    if number < 0 and one.least is None:
        raise Wrong("too_small", least="0")
    return _within(one, number)


def _within(one: Field, number: Decimal) -> int | str:
    if one.least is not None and number < one.least:
        raise Wrong("too_small", least=as_written(one, one.least))
    if one.most is not None and number > one.most:
        raise Wrong("too_large", most=as_written(one, one.most))
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def _date(one: Field, given: Any, today: date) -> str:
    day = _read_date(given)
    first, last = _limit(one.first_day, today), _limit(one.last_day, today)
    if first and day < first:
        raise Wrong("date_in_past") if one.first_day == "today" else Wrong("date_before", least=f"{first:%d/%m/%Y}")
    if last and day > last:
        raise Wrong("date_in_future") if one.last_day == "today" else Wrong("date_after", most=f"{last:%d/%m/%Y}")
    return day.isoformat()


def _limit(written: str, today: date) -> date | None:
    if not written:
        return None
    return today if written == "today" else date.fromisoformat(written)


def _read_date(given: Any) -> date:
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    parts = _date_parts(given)
    missing = [name for name in PARTS if not parts[name]]
    if missing:
        raise Wrong("date_incomplete", parts=missing, missing=_Names(missing))
    if strange := [name for name in PARTS if not re.fullmatch(r"[0-9]{1,4}", parts[name])]:
        raise Wrong("date_numbers", parts=strange)
    day, month, year = (int(parts[name]) for name in PARTS)
    if not 1 <= day <= 31:
        raise Wrong("date_day", parts=["day"])
    if not 1 <= month <= 12:
        raise Wrong("date_month", parts=["month"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Wrong("date_year", parts=["year"])
    days = calendar.monthrange(year, month)[1]
    if day > days:
        raise Wrong("date_month_end", parts=["day"], month=month, year=year, days=days)
    return date(year, month, day)


class _Names:
    """Parts of a date, named when printed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def __str__(self) -> str:
        return ", ".join(str(PARTS[name]) for name in self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Names) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)


def _date_parts(given: Any) -> dict[str, str]:
    """Day, month and year as typed: from three inputs, from `YYYY-MM-DD`, or from `5/3/1990` in one."""
    if isinstance(given, Mapping):
        return {name: _typed(given.get(name) or "", "date_numbers") for name in PARTS}
    if isinstance(given, list | tuple):
        typed = [_typed(part or "", "date_numbers") for part in given]
    else:
        text = _typed(given, "date_numbers")
        if is_day(text):
            year, month, day = text.split("-")
            typed = [day, month, year]
        else:
            typed = re.split(r"\s*[/.\- ]\s*", text)
    if len(typed) != 3:
        raise Wrong("date_numbers", parts=list(PARTS))
    return dict(zip(PARTS, typed, strict=True))


def _yes_no(one: Field, given: Any, today: date) -> bool:
    if isinstance(given, bool):
        return given
    word = given.strip().lower() if isinstance(given, str) else ""
    if word not in YES | NO:
        raise Wrong("not_yes_no")
    return word in YES


def _choice(one: Field, given: Any, today: date) -> str:
    value = given.strip() if isinstance(given, str) else None
    if value not in {choice.value for choice in one.choices} or value is None:
        raise Wrong("not_choice")
    return value


def _multiple_choice(one: Field, given: Any, today: date) -> list[str] | None:
    chosen = [given] if isinstance(given, str) else given
    if not isinstance(chosen, list | tuple) or not all(isinstance(value, str) for value in chosen):
        raise Wrong("not_choice")
    asked = {value for value in chosen if value}
    if asked - {choice.value for choice in one.choices}:
        raise Wrong("not_choice")
    kept = [choice.value for choice in one.choices if choice.value in asked]
    if len(kept) < one.at_least:
        raise Wrong("too_few_choices", least=one.at_least)
    if one.at_most and len(kept) > one.at_most:
        raise Wrong("too_many_choices", most=one.at_most)
    return kept or None


def _phone(one: Field, given: Any, today: date) -> str:
    text = _typed(given, "not_phone")
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise Wrong("not_phone") from error
    if not phonenumbers.is_valid_number(number):
        raise Wrong("not_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(one: Field, given: Any, today: date) -> str:
    text = _typed(given, "not_email")
    if not EMAIL.fullmatch(text):
        raise Wrong("not_email")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def _digits(text: str) -> str:
    return re.sub(r"[ .\-]", "", text)


def _personal_number(one: Field, given: Any, today: date) -> str:
    number = _digits(_typed(given, "not_personal_number"))
    if not re.fullmatch(r"[0-9]{12}", number):
        raise Wrong("not_personal_number")
    try:
        parse_national_id(number)
    except InvalidNationalId as error:
        raise Wrong("unreal_personal_number") from error
    return number


def _tax_code(one: Field, given: Any, today: date) -> str:
    number = _digits(_typed(given, "not_tax_code"))
    if re.fullmatch(r"[0-9]{12}", number):
        return _personal_number(one, number, today)
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", number):
        raise Wrong("not_tax_code")
    try:
        return str(mst.format(mst.validate(number)))
    except WrongNumber as error:
        raise Wrong("unreal_tax_code") from error


def _province_ward(one: Field, given: Any, today: date) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise Wrong("no_province", parts=["province"])
    province, ward = (value.strip() if isinstance(value := given.get(name), str) else "" for name in ("province", "ward"))
    province = one.province or province or places.province_of(ward)
    if not places.province_name(province):
        raise Wrong("no_province", parts=["province"])
    if not ward:
        raise Wrong("no_ward", parts=["ward"])
    if places.province_of(ward) != province:
        raise Wrong("foreign_ward", parts=["ward"], province=places.province_name(province))
    return {"province": province, "ward": ward}


CLEANERS: Mapping[Kind, Callable[[Field, Any, date], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.MULTIPLE_CHOICE: _multiple_choice,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.PERSONAL_NUMBER: _personal_number,
    Kind.TAX_CODE: _tax_code,
    Kind.PROVINCE_WARD: _province_ward,
}
