"""RULE: field kinds and what a valid form definition is.

A definition is plain JSON: pages of fields. `parse` either gives a `Definition` that every other part of the engine can rely
on, or refuses with all the problems and their places. docs/rules/forms.md describes the format.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Any

from services.forms import conditions, places
from services.forms.conditions import Operand, Type, holds
from services.forms.wording import BLANK, Complaint, Text


class Kind(StrEnum):
    """What a field asks for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTIPLE_CHOICE = "multiple_choice"
    PHONE = "phone"
    EMAIL = "email"
    PERSONAL_NUMBER = "personal_number"
    TAX_CODE = "tax_code"
    PROVINCE_WARD = "province_ward"
    ATTACHMENT = "attachment"
    GROUP = "group"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a kind: which values it takes, `least` and `most` where that is a count."""

    values: str
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What a kind is for, how its answer is stored, and which options it has."""

    purpose: str
    answer: str
    options: Mapping[str, Option]


PREFILL = Option("prefill")
NUMBER, DAY = Option("number"), Option("day")
MOST_PAGES, MOST_FIELDS, MOST_CHOICES, MOST_ROWS = 30, 300, 500, 50
LARGEST = Decimal(10) ** 15
"""Numbers and amounts stay below it, in either direction."""

KINDS: Mapping[Kind, KindFacts] = {
    Kind.TEXT: KindFacts("One line of text", "text", {"max_length": Option("count", 1, 1000), "prefill": PREFILL}),
    Kind.LONG_TEXT: KindFacts(
        "Several lines", "text", {"max_length": Option("count", 1, 20_000), "rows": Option("count", 2, 30)}
    ),
    Kind.NUMBER: KindFacts(
        "A number, with a decimal comma where decimals are allowed",
        'whole number, or text such as "12.5"',
        {"min": NUMBER, "max": NUMBER, "decimals": Option("count", 0, 6), "unit": Option("text")},
    ),
    Kind.MONEY: KindFacts("An amount in whole đồng", "whole number", {"min": NUMBER, "max": NUMBER}),
    Kind.DATE: KindFacts("A day", "text YYYY-MM-DD", {"min": DAY, "max": DAY, "prefill": PREFILL}),
    Kind.YES_NO: KindFacts("Yes or no", "true or false", {}),
    Kind.CHOICE: KindFacts(
        "One of several answers", "the value chosen", {"choices": Option("choices"), "display": Option("display")}
    ),
    Kind.MULTIPLE_CHOICE: KindFacts(
        "Any of several answers",
        "list of the values chosen",
        {"choices": Option("choices"), "min": Option("count", 0, MOST_CHOICES), "max": Option("count", 1, MOST_CHOICES)},
    ),
    Kind.PHONE: KindFacts("A phone number", "text in E.164", {"prefill": PREFILL}),
    Kind.EMAIL: KindFacts("An e-mail address", "text", {"prefill": PREFILL}),
    Kind.PERSONAL_NUMBER: KindFacts("A personal number of 12 digits", "text of 12 digits", {"prefill": PREFILL}),
    Kind.TAX_CODE: KindFacts("A tax code", "text of 10, 12 or 10-3 digits", {}),
    Kind.PROVINCE_WARD: KindFacts(
        "A province or city and its ward or commune", "object with province and ward codes", {"province": Option("province")}
    ),
    Kind.ATTACHMENT: KindFacts("Files to attach", "nothing: the files belong to the case", {"max_files": Option("count", 1, 20)}),
    Kind.GROUP: KindFacts(
        "The same questions several times",
        "list of objects",
        {
            "fields": Option("fields"),
            "min": Option("count", 0, MOST_ROWS),
            "max": Option("count", 1, MOST_ROWS),
            "item": Option("text"),
        },
    ),
    Kind.NOTE: KindFacts("An explanation, nothing is asked", "nothing", {}),
}

COMMON = ("key", "kind", "label", "help", "required", "when")
UNASKED = frozenset({Kind.NOTE, Kind.ATTACHMENT})
"""Kinds that leave nothing in the answers."""
OUTSIDE_GROUPS = frozenset({Kind.GROUP, Kind.ATTACHMENT})
PREFILLS: Mapping[str, frozenset[Kind]] = {
    "person.full_name": frozenset({Kind.TEXT}),
    "person.personal_number": frozenset({Kind.PERSONAL_NUMBER, Kind.TEXT}),
    "person.phone": frozenset({Kind.PHONE}),
    "person.email": frozenset({Kind.EMAIL}),
    "person.birth_date": frozenset({Kind.DATE}),
    "person.address": frozenset({Kind.TEXT}),
}
PAGE_KEY = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
CHOICE_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
RESERVED_PAGES = frozenset({"giay-to", "kiem-tra", "gui", "da-nop", "xoa", "bat-dau"})
RESERVED_FIELDS = frozenset(
    {"case_number", "subject_name", "agency_name", "procedure_name", "today", "circumstance", "csrfmiddlewaretoken"}
)
RADIOS_UP_TO = 12
LABEL_LENGTH, HELP_LENGTH = 500, 4000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where as a JSON pointer: `/pages/0/fields/2/choices`."""

    place: str
    message: Complaint


class InvalidDefinition(Exception):
    """The definition cannot be used; `problems` are all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.place or '/'}: {problem.message.code}" for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: Text
    help: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Options that its kind does not have keep their defaults."""

    key: str
    kind: Kind
    label: Text
    help: Text = BLANK
    required: bool = True
    when: Any = None
    max_length: int = 200
    rows: int = 5
    least: Decimal | None = None
    """Smallest number or amount."""
    most: Decimal | None = None
    decimals: int = 0
    unit: Text = BLANK
    first_day: str = ""
    """Earliest day, YYYY-MM-DD or `today`; empty when there is none."""
    last_day: str = ""
    choices: tuple[Choice, ...] = ()
    display: str = "radios"
    at_least: int = 0
    """Fewest answers of a multiple choice, fewest rows of a group."""
    at_most: int = 0
    """Most answers or rows; 0 when the choices set the limit."""
    max_files: int = 5
    prefill: str = ""
    province: str = ""
    item: Text = BLANK
    """What one row of a group is called."""
    fields: tuple["Field", ...] = ()

    @property
    def answers(self) -> bool:
        """Whether it leaves something in the answers."""
        return self.kind not in UNASKED


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form."""

    key: str
    title: Text
    help: Text
    when: Any
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person with certain answers is asked: fields by page key, and the answers that count."""

    fields: Mapping[str, tuple[Field, ...]]
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Definition:
    """A valid form."""

    pages: tuple[Page, ...]
    subject_field: str = ""
    _index: dict[str, Field] = field(default_factory=dict, repr=False, compare=False)

    def page(self, key: str) -> Page:
        """The page with the key. Raises KeyError."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def field(self, key: str) -> Field:
        """The field with the key, inside groups as well. Raises KeyError."""
        if not self._index:
            for one in self.fields():
                self._index.update({one.key: one, **{inner.key: inner for inner in one.fields}})
        return self._index[key]

    def fields(self) -> Iterator[Field]:
        """Every field outside groups, in order."""
        return chain.from_iterable(page.fields for page in self.pages)

    def shown(self, answers: Mapping[str, Any]) -> Shown:
        """What is asked, decided in the order of the form: the answer to a question that is not asked counts for nothing."""
        counted: dict[str, Any] = {}
        fields: dict[str, tuple[Field, ...]] = {}
        for page in self.pages:
            if not holds(page.when, counted):
                continue
            asked = []
            for one in page.fields:
                if not holds(one.when, counted):
                    continue
                asked.append(one)
                if one.answers and answers.get(one.key) is not None:
                    counted[one.key] = _rows_kept(one, answers[one.key], counted)
            if asked:
                fields[page.key] = tuple(asked)
        return Shown(fields, counted)

    def pages_shown(self, answers: Mapping[str, Any]) -> tuple[Page, ...]:
        """The pages that apply and have something on them."""
        shown = self.shown(answers).fields
        return tuple(page for page in self.pages if page.key in shown)

    def fields_shown(self, page: Page, answers: Mapping[str, Any]) -> tuple[Field, ...]:
        """The fields of the page that apply."""
        return self.shown(answers).fields.get(page.key, ())

    def attachments_shown(self, answers: Mapping[str, Any]) -> tuple[Field, ...]:
        """The attachment fields that apply, on all pages."""
        asked = chain.from_iterable(self.shown(answers).fields.values())
        return tuple(one for one in asked if one.kind == Kind.ATTACHMENT)

    def kept(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers to questions that are asked; the rest is dropped."""
        return dict(self.shown(answers).answers)

    def subject(self, answers: Mapping[str, Any]) -> str:
        """Whom or what the case is about, from the answers; empty when not answered."""
        value = self.shown(answers).answers.get(self.subject_field)
        return value if isinstance(value, str) else ""

    def operands(self) -> dict[str, Operand]:
        """What conditions over the finished form, such as a route's, may refer to."""
        return _operands(self.fields())


def _rows_kept(one: Field, value: Any, counted: Mapping[str, Any]) -> Any:
    """A group's rows without the answers to questions that are not asked in the row; other answers as they are."""
    if one.kind != Kind.GROUP:
        return value
    rows = []
    for row in value if isinstance(value, list) else ():
        kept: dict[str, Any] = {}
        for inner in one.fields if isinstance(row, Mapping) else ():
            if inner.answers and row.get(inner.key) is not None and holds(inner.when, {**counted, **kept}):
                kept[inner.key] = row[inner.key]
        rows.append(kept)
    return rows


def fields_asked(one: Field, row: Mapping[str, Any], counted: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a group that are asked in this row; `counted` are the answers before the group."""
    kept: dict[str, Any] = {}
    asked = []
    for inner in one.fields:
        if holds(inner.when, {**counted, **kept}):
            asked.append(inner)
            if row.get(inner.key) is not None:
                kept[inner.key] = row[inner.key]
    return tuple(asked)


OPERAND_TYPES: Mapping[Kind, Type] = {
    Kind.NUMBER: Type.NUMBER,
    Kind.MONEY: Type.NUMBER,
    Kind.DATE: Type.DATE,
    Kind.YES_NO: Type.YES_NO,
    Kind.CHOICE: Type.CHOICE,
    Kind.MULTIPLE_CHOICE: Type.MANY,
}


def _operands(fields: Iterator[Field]) -> dict[str, Operand]:
    found: dict[str, Operand] = {}
    for one in fields:
        if one.kind == Kind.PROVINCE_WARD:
            found[f"{one.key}.province"] = Operand(Type.CHOICE, tuple(place.code for place in places.provinces()))
            found[f"{one.key}.ward"] = Operand(Type.TEXT)
        elif one.answers and one.kind != Kind.GROUP:
            values = tuple(choice.value for choice in one.choices) or None
            found[one.key] = Operand(OPERAND_TYPES.get(one.kind, Type.TEXT), values)
    return found


def parse(raw: Any) -> Definition:
    """The definition, ready to use. Raises InvalidDefinition with everything that is wrong."""
    reader = _Reader()
    definition = reader.definition(raw)
    if reader.problems:
        raise InvalidDefinition(reader.problems)
    return definition


class _Reader:
    """Reads a raw definition once, in order, and notes every problem on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.page_keys: set[str] = set()
        self.field_keys: set[str] = set()
        self.date_keys: set[str] = set()
        self.operands: dict[str, Operand] = {}
        self.count = 0

    def wrong(self, place: str, code: str, **params: Any) -> None:
        self.problems.append(Problem(place, Complaint(code, **params)))

    def definition(self, raw: Any) -> Definition:
        raw = self.record(raw, "", ("version", "pages", "subject_field"), required=("version", "pages"))
        if "version" in raw and (raw["version"] != 1 or isinstance(raw["version"], bool)):
            self.wrong("/version", "version")
        pages = tuple(self.page(page, f"/pages/{n}") for n, page in enumerate(self.entries(raw, "pages", "", MOST_PAGES)))
        if isinstance(raw.get("pages"), list | tuple) and not pages:
            self.wrong("/pages", "no_pages")
        if self.count > MOST_FIELDS:
            self.wrong("/pages", "too_many", count=self.count, most=MOST_FIELDS)
        for day in sorted(self.date_keys):
            for key in sorted(self.field_keys & {f"{day}_{part}" for part in ("day", "month", "year")}):
                self.wrong("/pages", "clashing_key", key=key, other=day)
        subject = raw.get("subject_field") or ""
        texts = {one.key for page in pages for one in page.fields if one.kind == Kind.TEXT}
        if subject and (not isinstance(subject, str) or subject not in texts):
            self.wrong("/subject_field", "subject_field", key=str(subject)[:60])
        return Definition(pages, subject if isinstance(subject, str) else "")

    def page(self, raw: Any, place: str) -> Page:
        raw = self.record(raw, place, ("key", "title", "help", "when", "fields"), required=("key", "title", "fields"))
        key = raw.get("key", "")
        if "key" in raw:
            if not isinstance(key, str) or not PAGE_KEY.fullmatch(key):
                self.wrong(f"{place}/key", "page_key", key=str(key)[:60])
            elif key in RESERVED_PAGES:
                self.wrong(f"{place}/key", "reserved_key", key=key)
            elif key in self.page_keys:
                self.wrong(f"{place}/key", "same_key", key=key)
            else:
                self.page_keys.add(key)
        title = self.text(raw, "title", place, LABEL_LENGTH)
        when = self.condition(raw, place, self.operands)
        if isinstance(raw.get("fields"), list | tuple) and not raw["fields"]:
            self.wrong(f"{place}/fields", "empty_page")
        fields = []
        for n, inner in enumerate(self.entries(raw, "fields", place, MOST_FIELDS)):
            one = self.field(inner, f"{place}/fields/{n}", self.operands)
            if one is not None:
                fields.append(one)
                self.operands.update(_operands(iter([one])))
        return Page(str(key), title, self.text(raw, "help", place, HELP_LENGTH, blank=True), when, tuple(fields))

    def field(self, raw: Any, place: str, operands: Mapping[str, Operand], in_group: bool = False) -> Field | None:
        self.count += 1
        kind = raw.get("kind") if isinstance(raw, Mapping) else None
        if isinstance(raw, Mapping) and "kind" in raw and (not isinstance(kind, str) or kind not in KIND_NAMES):
            self.wrong(f"{place}/kind", "unknown_kind", kind=str(kind)[:60])
            return None
        facts = KINDS[Kind(kind)] if kind else None
        options = facts.options if facts else {}
        needed = ["key", "kind", *(["label"] if kind != Kind.NOTE else []), *({"choices", "fields"} & set(options))]
        raw = self.record(raw, place, (*COMMON, *options), required=needed)
        if facts is None or kind is None:
            return None
        kind = Kind(kind)
        if in_group and kind in OUTSIDE_GROUPS:
            self.wrong(f"{place}/kind", "nested_group", kind=kind.value)
            return None
        key = self.field_key(raw, place, kind)
        note = kind == Kind.NOTE
        if note and not raw.get("label") and not raw.get("help"):
            self.wrong(place, "empty_note")
        if note and raw.get("required"):
            self.wrong(f"{place}/required", "unknown_part", name="required")
        read: dict[str, Any] = {
            "label": self.text(raw, "label", place, LABEL_LENGTH, blank=note),
            "help": self.text(raw, "help", place, HELP_LENGTH, blank=True),
            "required": self.flag(raw, "required", place, default=kind not in {Kind.NOTE, Kind.GROUP}),
            "when": self.condition(raw, place, operands),
        }
        read |= self.options(kind, raw, place, options, operands)
        return Field(key=key, kind=kind, **_with_defaults(kind, read))

    def field_key(self, raw: Mapping[str, Any], place: str, kind: Kind) -> str:
        key = raw.get("key", "")
        if "key" not in raw:
            return ""
        if not isinstance(key, str) or not FIELD_KEY.fullmatch(key):
            self.wrong(f"{place}/key", "field_key", key=str(key)[:60])
        elif key in RESERVED_FIELDS:
            self.wrong(f"{place}/key", "reserved_key", key=key)
        elif key in self.field_keys:
            self.wrong(f"{place}/key", "same_key", key=key)
        else:
            self.field_keys.add(key)
            if kind == Kind.DATE:
                self.date_keys.add(key)
        return str(key)

    def options(
        self, kind: Kind, raw: Mapping[str, Any], place: str, options: Mapping[str, Option], operands: Mapping[str, Operand]
    ) -> dict[str, Any]:
        readers: dict[str, Callable[[Any, str, Option], Any]] = {
            "count": self.whole,
            "number": self.number,
            "day": self.day,
            "display": self.display,
            "province": self.province,
            "choices": self.choices,
            "text": lambda value, where, option: self.words(value, where, 60, blank=True),
            "prefill": lambda value, where, option: self.prefill(value, where, kind),
            "fields": lambda value, where, option: self.inner(value, where, operands),
        }
        read: dict[str, Any] = {}
        for name, option in options.items():
            if raw.get(name) is not None:
                read[ATTRIBUTES.get((option.values, name), name)] = readers[option.values](raw[name], f"{place}/{name}", option)
        for least, most in (("least", "most"), ("at_least", "at_most"), ("first_day", "last_day")):
            low, high = read.get(least), read.get(most)
            if low is not None and high is not None and "today" not in (low, high) and low > high:
                self.wrong(f"{place}/min", "order")
        if kind == Kind.MULTIPLE_CHOICE and (read.get("at_least") or 0) > len(read.get("choices") or ()):
            self.wrong(f"{place}/min", "too_many_to_choose")
        return {name: value for name, value in read.items() if value is not None}

    def record(self, raw: Any, place: str, known: Sequence[str], required: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.wrong(place, "not_object")
            return {}
        for name in raw:
            if name not in known:
                self.wrong(f"{place}/{name}", "unknown_part", name=str(name)[:60])
        for name in required:
            if raw.get(name) is None:
                self.wrong(place, "missing_part", name=name)
        return {name: raw[name] for name in known if raw.get(name) is not None}

    def entries(self, raw: Mapping[str, Any], name: str, place: str, most: int) -> Sequence[Any]:
        value = raw.get(name, [])
        if not isinstance(value, list | tuple):
            self.wrong(f"{place}/{name}", "not_list")
            return []
        if len(value) > most:
            self.wrong(f"{place}/{name}", "too_many", count=len(value), most=most)
        return value[:most]

    def text(self, raw: Mapping[str, Any], name: str, place: str, most: int, blank: bool = False) -> Text:
        return self.words(raw[name], f"{place}/{name}", most, blank) if name in raw else BLANK

    def words(self, value: Any, place: str, most: int, blank: bool = False) -> Text:
        parts = value if isinstance(value, Mapping) else {"vi": value}
        if not {"vi"} <= set(parts) <= {"vi", "en"} or not all(isinstance(part, str) for part in parts.values()):
            self.wrong(place, "text")
            return BLANK
        if not all(map(_storable, parts.values())):
            self.wrong(place, "text")
            return BLANK
        if not blank and not parts["vi"].strip():
            self.wrong(place, "blank")
        longest = max(map(len, parts.values()))
        if longest > most:
            self.wrong(place, "long_text", count=longest, most=most)
        return Text(parts["vi"].strip(), parts.get("en", "").strip())

    def flag(self, raw: Mapping[str, Any], name: str, place: str, default: bool) -> bool:
        value = raw.get(name, default)
        if not isinstance(value, bool):
            self.wrong(f"{place}/{name}", "yes_or_no")
            return default
        return value

    def condition(self, raw: Mapping[str, Any], place: str, operands: Mapping[str, Operand]) -> Any:
        condition = raw.get("when")
        self.problems += [Problem(f"{place}/when", complaint) for complaint in conditions.problems(condition, operands)]
        return condition

    def whole(self, value: Any, place: str, option: Option) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not option.least <= value <= option.most:
            self.wrong(place, "count", least=option.least, most=option.most)
            return None
        return value

    def number(self, value: Any, place: str, option: Option) -> Decimal | None:
        ordinary = isinstance(value, int | float) and not isinstance(value, bool)
        number = Decimal(str(value)) if ordinary else None
        if number is None or not number.is_finite() or abs(number) > LARGEST:
            self.wrong(place, "number")
            return None
        return number

    def day(self, value: Any, place: str, option: Option) -> str | None:
        if value != "today" and not conditions.is_day(value):
            self.wrong(place, "day")
            return None
        return str(value)

    def display(self, value: Any, place: str, option: Option) -> str | None:
        if value not in ("radios", "select"):
            self.wrong(place, "display")
            return None
        return str(value)

    def province(self, value: Any, place: str, option: Option) -> str | None:
        if not isinstance(value, str) or not places.province_name(value):
            self.wrong(place, "province", name=str(value)[:10])
            return None
        return value

    def prefill(self, value: Any, place: str, kind: Kind) -> str | None:
        if not isinstance(value, str) or value not in PREFILLS:
            self.wrong(place, "prefill", name=str(value)[:60])
            return None
        if kind not in PREFILLS[value]:
            self.wrong(place, "prefill_kind", name=value)
            return None
        return value

    def choices(self, value: Any, place: str, option: Option) -> tuple[Choice, ...]:
        if not isinstance(value, list | tuple):
            self.wrong(place, "not_list")
            return ()
        if not value:
            self.wrong(place, "no_choices")
        if len(value) > MOST_CHOICES:
            self.wrong(place, "too_many", count=len(value), most=MOST_CHOICES)
        found: dict[str, Choice] = {}
        for n, one in enumerate(value[:MOST_CHOICES]):
            where = f"{place}/{n}"
            raw = self.record(one, where, ("value", "label", "help"), required=("value", "label"))
            key = raw.get("value", "")
            if "value" in raw and (not isinstance(key, str) or not CHOICE_VALUE.fullmatch(key)):
                self.wrong(f"{where}/value", "choice_value", value=str(key)[:60])
            elif key in found:
                self.wrong(f"{where}/value", "same_choice", value=key)
            else:
                label = self.text(raw, "label", where, LABEL_LENGTH)
                found[key] = Choice(key, label, self.text(raw, "help", where, HELP_LENGTH, blank=True))
        return tuple(found.values())

    def inner(self, value: Any, place: str, operands: Mapping[str, Operand]) -> tuple[Field, ...]:
        if not isinstance(value, list | tuple):
            self.wrong(place, "not_list")
            return ()
        if not value:
            self.wrong(place, "empty_group")
        known, found = dict(operands), []
        for n, one in enumerate(value[:MOST_FIELDS]):
            read = self.field(one, f"{place}/{n}", known, in_group=True)
            if read is not None:
                found.append(read)
                known.update(_operands(iter([read])))
        return tuple(found)


KIND_NAMES = frozenset(kind.value for kind in Kind)
ATTRIBUTES: Mapping[tuple[str, str], str] = {
    ("number", "min"): "least",
    ("number", "max"): "most",
    ("count", "min"): "at_least",
    ("count", "max"): "at_most",
    ("day", "min"): "first_day",
    ("day", "max"): "last_day",
}
"""What an option is called in Field, where `min` and `max` mean different things for different kinds."""


def _storable(text: str) -> bool:
    """Whether the database and a page can hold the text: no control characters, no halves of characters."""
    return not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text)


def _with_defaults(kind: Kind, read: dict[str, Any]) -> dict[str, Any]:
    """Defaults that depend on the kind."""
    if kind == Kind.LONG_TEXT:
        read.setdefault("max_length", 4000)
    elif kind == Kind.CHOICE:
        read.setdefault("display", "radios" if len(read.get("choices", ())) <= RADIOS_UP_TO else "select")
    elif kind == Kind.GROUP:
        read.setdefault("at_most", max(10, read.get("at_least", 0)))
        read["at_least"] = max(read.get("at_least", 0), int(read["required"]))
    elif kind == Kind.MULTIPLE_CHOICE and read["required"]:
        read["at_least"] = max(read.get("at_least", 0), 1)
    return read
