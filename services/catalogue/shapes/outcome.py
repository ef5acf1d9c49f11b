"""RULE: the template of the outcome, and whether everything it asks for has a source."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from services.catalogue.shapes.problem import Problem, entries, filled, missing, one_of, too_long
from services.catalogue.shapes.vocabulary import FILLED_BY_CASE, LAYOUTS, OUTCOME_TITLE_LENGTH, PLACEHOLDER, SYMBOL_LENGTH
from services.catalogue.words import mark as _
from services.forms.definition import Definition
from services.forms.readout import texts


def outcome(value: object, definition: Definition | None, steps: Collection[str] = ()) -> Iterator[Problem]:
    """The outcome has a type and a symbol, and nothing in it stays without a source. `steps`: placeholders of the route's steps."""
    if not isinstance(value, Mapping):
        yield Problem("outcome", _("The outcome is missing."))
        return
    yield from entries("outcome", "outcome", value)
    for key, most in (("title", OUTCOME_TITLE_LENGTH), ("symbol", SYMBOL_LENGTH)):
        if not filled(value.get(key)):
            yield missing(f"outcome.{key}")
        yield from too_long(f"outcome.{key}", value.get(key), most)
    yield from one_of("outcome.layout", value.get("layout", "certificate"), LAYOUTS)
    yield from _rows(value)
    for place, text in _bare_texts(value):
        for name in PLACEHOLDER.findall(text):
            yield Problem(place, _("“{%(name)s}” is not filled in at this place."), {"name": name})
    if definition is not None:
        yield from _sources(value, definition, steps)


def _rows(value: Mapping[str, Any]) -> Iterator[Problem]:
    rows = value.get("rows", [])
    if not isinstance(rows, list):
        yield Problem("outcome.rows", _("A row has a label and a text."))
        return
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(text, str) for text in row):
            yield Problem(f"outcome.rows.{number}", _("A row has a label and a text."))


def _sources(value: Mapping[str, Any], definition: Definition, steps: Collection[str]) -> Iterator[Problem]:
    known = FILLED_BY_CASE | set(texts(definition, {})) | set(steps)
    sometimes = _sometimes(definition)
    for place, text in placed_texts(value):
        for name in dict.fromkeys(PLACEHOLDER.findall(text)):
            if name not in known:
                yield Problem(place, _("The form has no field “%(name)s”, which the outcome asks for."), {"name": name})
            elif name in sometimes:
                yield Problem(
                    place,
                    _("“%(name)s” is not always asked: where it is not, dots stand in the outcome."),
                    {"name": name},
                    warning=True,
                )


def placed_texts(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a template in which placeholders are filled, with its place."""
    if isinstance(value.get("summary"), str):
        yield "outcome.summary", value["summary"]
    for key in ("basis", "paragraphs", "rows", "articles"):
        for number, item in enumerate(_sequence(value.get(key))):
            text = item[1] if isinstance(item, list) and len(item) == 2 else item
            if isinstance(text, str):
                yield f"outcome.{key}.{number}", text


def _bare_texts(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text that is printed as it is, with its place."""
    for key in ("title", "symbol"):
        if isinstance(value.get(key), str):
            yield f"outcome.{key}", value[key]
    for number, text in enumerate(_sequence(value.get("recipients"))):
        if isinstance(text, str):
            yield f"outcome.recipients.{number}", text
    for number, row in enumerate(_sequence(value.get("rows"))):
        if isinstance(row, list) and row and isinstance(row[0], str):
            yield f"outcome.rows.{number}", row[0]


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _sometimes(definition: Definition) -> set[str]:
    """Placeholders whose question is asked under a condition only."""
    found: set[str] = set()
    names = set(texts(definition, {}))
    for page in definition.pages:
        for field in page.fields:
            if page.when is not None or field.when is not None:
                found |= {name for name in names if name == field.key or name.startswith(f"{field.key}_")}
    return found - {field.key for page in definition.pages for field in page.fields if page.when is None and field.when is None}
