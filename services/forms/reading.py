"""RULE: what a valid form definition is.

`parse` either gives a `Definition` that every other part of the engine can rely on, or refuses with all the problems and their
places. docs/rules/forms.md describes the format.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from services.forms import conditions, places
from services.forms.dependencies import cycles, graph, order, row_graph
from services.forms.fields import Choice, Field, Page
from services.forms.form import Definition, operands, row_operands
from services.forms.kinds import (
    CHOICE_VALUE,
    COLUMNS,
    COMMON,
    DATE_PARTS,
    DATED,
    FIELD_KEY,
    FIXABLE,
    FORMAT_TYPES,
    HELP_LENGTH,
    KINDS,
    LABEL_LENGTH,
    LARGEST,
    MOST_CHOICES,
    MOST_FIELDS,
    MOST_PAGES,
    NAMES,
    OUTSIDE_GROUPS,
    PAGE_KEY,
    PREFILLS,
    RADIOS_UP_TO,
    RESERVED_FIELDS,
    RESERVED_PAGES,
    SILENT,
    Format,
    Kind,
    Option,
    Precision,
    Tone,
)
from services.forms.language import is_day
from services.forms.operands import Operand
from services.forms.wording import BLANK, Complaint, Text, brief

VERSIONS = (1, 2)
"""Versions of the format that are read. Since 2 there are calculated values, tables and the kinds of Vietnamese forms."""
MOST_TRIED = 40_000
"""Trials whether a condition can hold, in one definition; conditions after that are taken on trust."""


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


def parse(raw: Any) -> Definition:
    """The definition, ready to use. Raises InvalidDefinition with everything that is wrong."""
    try:
        return _parsed(json.dumps(raw))
    except (TypeError, ValueError, RecursionError):
        # No JSON at all: the reader says what is wrong with it.
        return read(raw)


@lru_cache(maxsize=128)
def _parsed(document: str) -> Definition:
    """Every page of a case asks for the form of its version: a definition never changes, so it is read once."""
    return read(json.loads(document))


def read(raw: Any) -> Definition:
    """The same, read anew."""
    reader = _Reader()
    definition = reader.definition(raw)
    if reader.problems:
        raise InvalidDefinition(reader.problems)
    return definition


@dataclass(frozen=True, slots=True)
class _Expression:
    """A condition or a formula to check once all fields are known."""

    place: str
    raw: Any
    before: Mapping[str, Operand]
    """What has been asked before it."""
    calculates: str = ""
    """Key of the calculated field; empty for a condition."""
    group: str = ""
    """Place of the group whose row it stands in."""


class _Reader:
    """Reads a raw definition once, in order, and notes every problem on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.page_keys: set[str] = set()
        self.places: dict[str, str] = {}
        """Place of every field by its key."""
        self.dated: set[str] = set()
        self.operands: dict[str, Operand] = {}
        self.expressions: list[_Expression] = []
        self.rows: dict[str, tuple[Field, ...]] = {}
        """Fields of every group by its place."""
        self.calculated: dict[str, Field] = {}
        """Calculated fields by the place of their formula."""
        self.count = 0
        self.tried = 0

    def wrong(self, place: str, code: str, **params: Any) -> None:
        self.problems.append(Problem(place, Complaint(code, **params)))

    def definition(self, raw: Any) -> Definition:
        raw = self.record(raw, "", ("version", "pages", "subject_field"), required=("version", "pages"))
        if "version" in raw and (raw["version"] not in VERSIONS or not isinstance(raw["version"], int) or raw["version"] is True):
            self.wrong("/version", "version")
        pages = tuple(self.page(page, f"/pages/{n}") for n, page in enumerate(self.entries(raw, "pages", "", MOST_PAGES)))
        if isinstance(raw.get("pages"), list | tuple) and not pages:
            self.wrong("/pages", "no_pages")
        if self.count > MOST_FIELDS:
            self.wrong("/pages", "too_many", count=self.count, most=MOST_FIELDS)
        for dated in sorted(self.dated):
            for key in sorted(set(self.places) & {f"{dated}_{part}" for part in DATE_PARTS}):
                self.wrong("/pages", "clashing_key", key=key, other=dated)
        names = {one.key for page in pages for one in page.fields if one.kind in NAMES}
        subject = raw.get("subject_field") or ""
        if subject and (not isinstance(subject, str) or subject not in names):
            self.wrong("/subject_field", "subject_field", key=brief(subject))
        for one in (one for page in pages for one in page.fields if one.name_field):
            if one.name_field not in names:
                self.wrong(f"{self.places.get(one.key, '/pages')}/name_field", "subject_field", key=one.name_field[:60])
        self.check_expressions(pages)
        pages = tuple(replace(page, fields=tuple(map(self.in_order, page.fields))) for page in pages)
        return Definition(pages, subject if isinstance(subject, str) else "")

    def check_expressions(self, pages: Sequence[Page]) -> None:
        """Names, types and circles, once every field is known."""
        everything = [one for page in pages for one in page.fields]
        known = operands(iter(everything))
        anywhere = known | row_operands(iter(everything))
        worked_out = operands(one for one in everything if one.kind == Kind.CALCULATED)
        for expression in self.expressions:
            row = self.rows.get(expression.group, ())
            if expression.calculates:
                one = self.calculated[expression.place]
                usable = {**anywhere, **operands(iter(row))}
                found = conditions.formula_problems(expression.raw, FORMAT_TYPES[one.format], usable)
            else:
                in_row = operands(inner for inner in row if inner.kind == Kind.CALCULATED)
                found = self.condition_problems(expression.raw, {**worked_out, **in_row, **expression.before})
            self.problems += [Problem(expression.place, complaint) for complaint in found]
        if not self.problems:
            self.check_circles(pages)

    def condition_problems(self, raw: Any, usable: Mapping[str, Operand]) -> list[Complaint]:
        found = conditions.problems(raw, usable, tried=False)
        if found:
            return found
        trials = conditions.trials(raw, usable)
        self.tried += trials
        return conditions.problems(raw, usable) if trials and self.tried <= MOST_TRIED else []

    def check_circles(self, pages: Sequence[Page]) -> None:
        groups = [one for page in pages for one in page.fields if one.repeats]
        for needs in (graph(pages), *map(row_graph, groups)):
            for way in cycles(needs):
                self.wrong(self.places[way[0]], "circle", way=" → ".join(way))

    def in_order(self, one: Field) -> Field:
        """A group with the order in which its rows are worked out."""
        return replace(one, row_order=order(row_graph(one))) if one.repeats else one

    def page(self, raw: Any, place: str) -> Page:
        raw = self.record(raw, place, ("key", "title", "help", "when", "fields"), required=("key", "title", "fields"))
        key = raw.get("key", "")
        if "key" in raw:
            if not isinstance(key, str) or not PAGE_KEY.fullmatch(key):
                self.wrong(f"{place}/key", "page_key", key=brief(key))
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
                self.operands.update(operands(iter([one])))
        return Page(str(key), title, self.text(raw, "help", place, HELP_LENGTH, blank=True), when, tuple(fields))

    def field(
        self, raw: Any, place: str, before: Mapping[str, Operand], group: Kind | None = None, rows: str = ""
    ) -> Field | None:
        self.count += 1
        kind = raw.get("kind") if isinstance(raw, Mapping) else None
        if isinstance(raw, Mapping) and "kind" in raw and (not isinstance(kind, str) or kind not in KIND_NAMES):
            self.wrong(f"{place}/kind", "unknown_kind", kind=brief(kind))
            return None
        facts = KINDS[Kind(kind)] if kind else None
        options = facts.options if facts else {}
        needed = ["key", "kind", *(["label"] if kind != Kind.NOTE else []), *(facts.needed if facts else ())]
        raw = self.record(raw, place, (*COMMON, *options), required=needed)
        if facts is None or kind is None:
            return None
        kind = Kind(kind)
        if group and (kind in OUTSIDE_GROUPS or (group == Kind.TABLE and (kind not in COLUMNS or raw.get("units")))):
            self.wrong(f"{place}/kind", "not_column" if group == Kind.TABLE else "nested_group", kind=kind.value)
            return None
        key = self.field_key(raw, place, kind)
        note = kind == Kind.NOTE
        if note and not raw.get("label") and not raw.get("help"):
            self.wrong(place, "empty_note")
        if kind in SILENT and raw.get("required"):
            self.wrong(f"{place}/required", "unknown_part", name="required")
        made: dict[str, Any] = {
            "label": self.text(raw, "label", place, LABEL_LENGTH, blank=note),
            "help": self.text(raw, "help", place, HELP_LENGTH, blank=True),
            "required": self.flag(raw, "required", place, default=kind not in SILENT and kind not in {Kind.GROUP, Kind.TABLE}),
            "when": self.condition(raw, place, before, rows),
        }
        made |= self.options(kind, raw, place, options, before)
        if made.get("fixed") and (group or made.get("prefill") not in FIXABLE):
            self.wrong(f"{place}/fixed", "fixed")
        one = Field(key=key, kind=kind, **_with_defaults(kind, made))
        if one.repeats:
            self.rows[place] = one.fields
        if one.kind == Kind.CALCULATED and raw.get("formula") is not None:
            self.calculated[f"{place}/formula"] = one
            self.expressions.append(_Expression(f"{place}/formula", raw["formula"], {}, key, rows))
        return one

    def field_key(self, raw: Mapping[str, Any], place: str, kind: Kind) -> str:
        key = raw.get("key", "")
        if "key" not in raw:
            return ""
        if not isinstance(key, str) or not FIELD_KEY.fullmatch(key):
            self.wrong(f"{place}/key", "field_key", key=brief(key))
        elif key in RESERVED_FIELDS:
            self.wrong(f"{place}/key", "reserved_key", key=key)
        elif key in self.places:
            self.wrong(f"{place}/key", "same_key", key=key)
        else:
            self.places[key] = place
            if kind in DATED:
                self.dated.add(key)
        return str(key)

    def options(
        self, kind: Kind, raw: Mapping[str, Any], place: str, options: Mapping[str, Option], before: Mapping[str, Operand]
    ) -> dict[str, Any]:
        readers: dict[str, Callable[[Any, str, Option], Any]] = {
            "count": self.whole,
            "number": self.number,
            "day": self.day,
            "one_of": self.one_of,
            "flag": self.on_or_off,
            "province": self.province,
            "choices": self.choices,
            "text": lambda value, where, option: self.words(value, where, 60, blank=True),
            "said": lambda value, where, option: self.words(value, where, HELP_LENGTH),
            "name_field": self.name,
            "formula": lambda value, where, option: value,
            "prefill": lambda value, where, option: self.prefill(value, where, kind),
            "fields": lambda value, where, option: self.inner(value, where, before, kind),
        }
        made: dict[str, Any] = {}
        for name, option in options.items():
            if raw.get(name) is not None:
                made[ATTRIBUTES.get((option.values, name), name)] = readers[option.values](raw[name], f"{place}/{name}", option)
        for least, most in (("least", "most"), ("at_least", "at_most"), ("first_day", "last_day")):
            low, high = made.get(least), made.get(most)
            if low is not None and high is not None and "today" not in (low, high) and low > high:
                self.wrong(f"{place}/min", "order")
        if kind == Kind.MULTIPLE_CHOICE and (made.get("at_least") or 0) > len(made.get("choices") or ()):
            self.wrong(f"{place}/min", "too_many_to_choose")
        return {name: value for name, value in made.items() if value is not None}

    def record(self, raw: Any, place: str, known: Sequence[str], required: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.wrong(place, "not_object")
            return {}
        for name in raw:
            if name not in known:
                self.wrong(f"{place}/{name}", "unknown_part", name=brief(name))
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

    def condition(self, raw: Mapping[str, Any], place: str, before: Mapping[str, Operand], rows: str = "") -> Any:
        condition = raw.get("when")
        if condition is not None:
            self.expressions.append(_Expression(f"{place}/when", condition, dict(before), group=rows))
        return condition

    def whole(self, value: Any, place: str, option: Option) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not option.least <= value <= option.most:
            self.wrong(place, "count", least=option.least, most=option.most)
            return None
        return value

    def number(self, value: Any, place: str, option: Option) -> Decimal | None:
        ordinary = isinstance(value, int | float) and not isinstance(value, bool)
        number = Decimal(str(value)) if ordinary and abs(value) <= LARGEST else None
        if number is None or not number.is_finite():
            self.wrong(place, "number")
            return None
        return number

    def day(self, value: Any, place: str, option: Option) -> str | None:
        if value != "today" and not is_day(value):
            self.wrong(place, "day")
            return None
        return str(value)

    def one_of(self, value: Any, place: str, option: Option) -> str | None:
        if value not in option.choices:
            self.wrong(place, "one_of", values=", ".join(option.choices))
            return None
        return str(value)

    def on_or_off(self, value: Any, place: str, option: Option) -> bool | None:
        if not isinstance(value, bool):
            self.wrong(place, "yes_or_no")
            return None
        return value

    def name(self, value: Any, place: str, option: Option) -> str | None:
        if not isinstance(value, str):
            self.wrong(place, "subject_field", key=brief(value))
            return None
        return value

    def province(self, value: Any, place: str, option: Option) -> str | None:
        if not isinstance(value, str) or not places.province_name(value):
            self.wrong(place, "province", name=brief(value, 10))
            return None
        return value

    def prefill(self, value: Any, place: str, kind: Kind) -> str | None:
        if not isinstance(value, str) or value not in PREFILLS:
            self.wrong(place, "prefill", name=brief(value))
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
                self.wrong(f"{where}/value", "choice_value", value=brief(key))
            elif key in found:
                self.wrong(f"{where}/value", "same_choice", value=key)
            else:
                label = self.text(raw, "label", where, LABEL_LENGTH)
                found[key] = Choice(key, label, self.text(raw, "help", where, HELP_LENGTH, blank=True))
        return tuple(found.values())

    def inner(self, value: Any, place: str, before: Mapping[str, Operand], kind: Kind) -> tuple[Field, ...]:
        if not isinstance(value, list | tuple):
            self.wrong(place, "not_list")
            return ()
        if not value:
            self.wrong(place, "empty_group")
        known, found = dict(before), []
        for n, one in enumerate(value[:MOST_FIELDS]):
            made = self.field(one, f"{place}/{n}", known, group=kind, rows=place.removesuffix("/fields"))
            if made is not None:
                found.append(made)
                known.update(operands(iter([made])))
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


def _with_defaults(kind: Kind, made: dict[str, Any]) -> dict[str, Any]:
    """Defaults that depend on the kind."""
    for name, values in (("format", Format), ("precision", Precision), ("tone", Tone)):
        if name in made:
            made[name] = values(made[name])
    if kind == Kind.LONG_TEXT:
        made.setdefault("max_length", 4000)
    elif kind == Kind.CHOICE:
        made.setdefault("display", "radios" if len(made.get("choices", ())) <= RADIOS_UP_TO else "select")
    elif kind in {Kind.GROUP, Kind.TABLE}:
        made.setdefault("at_most", max(10, made.get("at_least", 0)))
        made["at_least"] = max(made.get("at_least", 0), int(made["required"]))
    elif kind == Kind.MULTIPLE_CHOICE and made["required"]:
        made["at_least"] = max(made.get("at_least", 0), 1)
    return made
