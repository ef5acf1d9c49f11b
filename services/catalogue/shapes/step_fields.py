"""RULE: the questions an office asks itself in a step: a page of a form of their own, answered by officials and seen by them alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.catalogue.shapes.problem import Problem, items
from services.catalogue.words import mark as _
from services.forms.definition import Definition, InvalidDefinition, Kind, parse
from services.forms.readout import placeholders

PAGE = "noi-dung"
"""Key of the page that the questions of a step make."""
POINTER = "/pages/0/fields"
NOT_HERE = frozenset({Kind.ATTACHMENT, Kind.DECLARATION})
"""Kinds that only an applicant answers: files and signed statements."""


def step_form(title: str, fields: Sequence[Mapping[str, Any]]) -> Definition:
    """The form of a step's own questions. Raises InvalidDefinition."""
    return parse({"version": 2, "pages": [{"key": PAGE, "title": title, "fields": list(fields)}]})


def step_placeholders(route: object) -> dict[str, str]:
    """What an outcome may name of the steps' own questions, with what it stands for: `{"tham-dinh.so_tang": "Số tầng", …}`."""
    found: dict[str, str] = {}
    for step in items(route):
        if not step.get("fields"):
            continue
        try:
            definition = step_form(str(step.get("title") or "?"), step["fields"])
        except (InvalidDefinition, TypeError):
            continue
        found |= {f"{step.get('key')}.{name}": label for name, label in placeholders(definition).items()}
    return found


def step_fields(place: str, title: object, fields: object) -> Iterator[Problem]:
    """What would keep the questions of a step from being asked."""
    if fields in (None, []):
        return
    if not isinstance(fields, list):
        yield Problem(place, _("The entry “%(key)s” cannot be read: it is of another kind."), {"key": "fields"})
        return
    try:
        definition = step_form(str(title or "?"), fields)
    except InvalidDefinition as invalid:
        for problem in invalid.problems:
            yield Problem(_place(place, problem.place), "%(message)s", {"message": problem.message})
        return
    for number, one in enumerate(definition.page(PAGE).fields):
        if one.kind in NOT_HERE:
            yield Problem(
                f"{place}.{number}", _("Files and declarations are for applicants: an office cannot be asked for them.")
            )


def _place(place: str, pointer: str) -> str:
    """The number of the question a pointer into the form is about."""
    number = pointer.removeprefix(f"{POINTER}/").partition("/")[0]
    return f"{place}.{number}" if number.isdigit() else place
