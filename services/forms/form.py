"""RULE: a valid form, and what it asks a person who gave certain answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from services.forms import lists
from services.forms.calculation import calculated
from services.forms.conditions import holds
from services.forms.dependencies import Graph, graph, order
from services.forms.fields import Field, Page
from services.forms.kinds import FORMAT_TYPES, INCOMPARABLE, OPERAND_TYPES, PART_OPERANDS, Kind
from services.forms.operands import Operand, Type

Take = Callable[[Field, Mapping[str, Any]], Any]
"""Gives the answer to a question that is asked, knowing the answers that count already; None when there is none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person with certain answers is asked: fields by page key, and the answers that count.

    Calculated values are among the answers.
    """

    fields: Mapping[str, tuple[Field, ...]]
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Definition:
    """A valid form."""

    pages: tuple[Page, ...]
    subject_field: str = ""

    def page(self, key: str) -> Page:
        """The page with the key. Raises KeyError."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def field(self, key: str) -> Field:
        """The field with the key, inside groups as well. Raises KeyError."""
        return self._index[key]

    def fields(self) -> Iterator[Field]:
        """Every field outside groups, in order."""
        return chain.from_iterable(page.fields for page in self.pages)

    @cached_property
    def _index(self) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for one in self.fields():
            found |= {one.key: one, **{inner.key: inner for inner in one.fields}}
        return found

    @cached_property
    def needs(self) -> Graph:
        """What each field outside groups hangs on."""
        return graph(self.pages)

    @cached_property
    def _order(self) -> tuple[tuple[Page, Field], ...]:
        """Every field after what it hangs on."""
        placed = {one.key: (page, one) for page in self.pages for one in page.fields}
        return tuple(placed[key] for key in order(self.needs))

    def walk(self, take: Take) -> Shown:
        """What is asked when `take` gives the answers: the answer to a question that is not asked counts for nothing."""
        counted: dict[str, Any] = {}
        asked: set[str] = set()
        for page, one in self._order:
            if not (holds(page.when, counted) and holds(one.when, counted)):
                continue
            asked.add(one.key)
            value = calculated(one, counted) if one.kind == Kind.CALCULATED else take(one, counted) if one.answers else None
            if value is not None:
                counted[one.key] = value
        fields = {page.key: tuple(one for one in page.fields if one.key in asked) for page in self.pages}
        answers = {one.key: counted[one.key] for one in self.fields() if one.key in counted}
        return Shown({key: found for key, found in fields.items() if found}, answers)

    def shown(self, answers: Mapping[str, Any]) -> Shown:
        """What is asked and which of the answers count."""
        return self.walk(lambda one, counted: rows_kept(one, answers.get(one.key), counted))

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
        """The answers to questions that are asked, with the calculated values; the rest is dropped."""
        return dict(self.shown(answers).answers)

    def subject(self, answers: Mapping[str, Any]) -> str:
        """Whom or what the case is about, from the answers; empty when not answered."""
        value = self.shown(answers).answers.get(self.subject_field)
        return value if isinstance(value, str) else ""

    def operands(self) -> dict[str, Operand]:
        """What conditions over the finished form, such as a route's, may refer to."""
        return operands(self.fields())


def rows_kept(one: Field, value: Any, counted: Mapping[str, Any]) -> Any:
    """A group's rows without the answers to questions that are not asked in the row; other answers as they are."""
    if not one.repeats or value is None:
        return value
    return [row_kept(one, row, counted) for row in (value if isinstance(value, list) else ())]


def row_kept(group: Field, row: Any, counted: Mapping[str, Any]) -> dict[str, Any]:
    """One row with the answers that count."""
    given = row if isinstance(row, Mapping) else {}
    return walk_row(group, lambda inner, _known: given.get(inner.key), counted)[1]


def walk_row(group: Field, take: Take, counted: Mapping[str, Any]) -> tuple[tuple[Field, ...], dict[str, Any]]:
    """The fields asked in one row, and its answers; `counted` are the answers outside the row."""
    known = dict(counted)
    asked, kept = set(), {}
    by_key = {inner.key: inner for inner in group.fields}
    for key in group.row_order:
        inner = by_key[key]
        if not holds(inner.when, known):
            continue
        asked.add(key)
        value = calculated(inner, known) if inner.kind == Kind.CALCULATED else take(inner, known) if inner.answers else None
        if value is not None:
            kept[key] = known[key] = value
    fields = tuple(inner for inner in group.fields if inner.key in asked)
    return fields, {inner.key: kept[inner.key] for inner in fields if inner.key in kept}


def fields_asked(one: Field, row: Mapping[str, Any], counted: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a group that are asked in this row; `counted` are the answers outside it."""
    return walk_row(one, lambda inner, _known: row.get(inner.key), counted)[0]


def operands(fields: Iterator[Field]) -> dict[str, Operand]:
    """What an expression may refer to when these fields have been asked."""
    found: dict[str, Operand] = {}
    for one in fields:
        for part, kind in PART_OPERANDS.get(one.kind, {}).items():
            found[f"{one.key}.{part}"] = Operand(kind, lists.values_of(one.kind, part))
        if one.kind == Kind.CALCULATED:
            found[one.key] = Operand(FORMAT_TYPES[one.format])
        elif one.answers and one.kind not in INCOMPARABLE:
            values = tuple(choice.value for choice in one.choices) or lists.values_of(one.kind)
            found[one.key] = Operand(OPERAND_TYPES.get(one.kind, Type.TEXT), values)
    return found


def row_operands(fields: Iterator[Field]) -> dict[str, Operand]:
    """What only formulas may refer to: groups for `count`, and their columns of numbers for `sum`."""
    found: dict[str, Operand] = {}
    for one in fields:
        if one.repeats:
            found[one.key] = Operand(Type.ROWS)
            inner = operands(iter(one.fields))
            found |= {f"{one.key}.{key}": Operand(Type.COLUMN) for key, made in inner.items() if made.type == Type.NUMBER}
    return found
