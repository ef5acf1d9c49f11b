"""The questions that a condition, a formula or a placeholder may name, as the editor offers them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.editor.condition_words import Speaker
from services.forms import places
from services.forms.definition import Definition, Field
from services.forms.operands import Operand, Type

COMPARABLE = frozenset({Type.TEXT, Type.NUMBER, Type.DATE, Type.YES_NO, Type.CHOICE, Type.MANY})
"""What a condition compares; columns and tables are only for formulas."""


@dataclass(frozen=True, slots=True)
class Question:
    """An answer that can be named: how, what it is called, what it is, and what it can be where that can be listed."""

    name: str
    label: str
    page: str
    operand: Operand
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""


def questions(definition: Definition | None, operands: Mapping[str, Operand] | None = None) -> dict[str, Question]:
    """By name, in the order of the form. `operands` are those of the definition unless others are given."""
    if definition is None:
        return {}
    known = definition.operands() if operands is None else operands
    speaker = Speaker(definition)
    pages = {inner.key: page.title.said() for page in definition.pages for one in page.fields for inner in (one, *one.fields)}
    order = {inner.key: n for n, inner in enumerate(_all(definition))}
    found = [
        Question(
            name=name,
            label=speaker.label(name),
            page=pages.get(name.partition(".")[0], ""),
            operand=operand,
            choices=_choices(speaker.field({"var": name}), name, operand),
            unit=_unit(speaker.field({"var": name})),
        )
        for name, operand in known.items()
    ]
    return {one.name: one for one in sorted(found, key=lambda one: order.get(one.name.partition(".")[0], 0))}


def comparable(found: Mapping[str, Question]) -> dict[str, Question]:
    """Those that a condition can compare."""
    return {name: one for name, one in found.items() if one.operand.type in COMPARABLE}


def _all(definition: Definition) -> list[Field]:
    return [inner for one in definition.fields() for inner in (one, *one.fields)]


def _unit(one: Field | None) -> str:
    return one.unit.said() if one else ""


def _choices(one: Field | None, name: str, operand: Operand) -> tuple[tuple[str, str], ...]:
    """What can be chosen, with what it is called."""
    if one is None:
        return ()
    part = name.partition(".")[2]
    if part == "province":
        return tuple((place.code, place.name) for place in places.provinces())
    if part == "ward":
        return tuple((place.code, place.name) for place in places.wards(one.province)) if one.province else ()
    called = {choice.value: choice.label.said() for choice in one.choices}
    return tuple((value, called.get(value, value)) for value in operand.values or ())
