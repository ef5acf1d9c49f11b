"""RULE: how a problem is told: its place, and the sentence to translate."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.catalogue.shapes.vocabulary import ENTRIES, KEY_LENGTH, SLUG
from services.catalogue.words import mark as _


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at `place`; `message` is a translatable text with `values` to put in. A warning does not stop publishing.

    A place begins with the key of the content; an item of a list follows by its key, or by its number from 0 where it has no
    usable one: `route.tham-dinh.when`, `fees.le-phi`, `outcome.rows.1`, `form.pages.0.fields.2`.
    """

    place: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message % self.values}"


def items(value: object) -> list[Mapping[str, Any]]:
    """The records of a list; nothing where it is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def place_of(column: str, number: int, item: Mapping[str, Any]) -> str:
    """Where the item stands, by its key if that is one."""
    key = item.get("key")
    return f"{column}.{key}" if isinstance(key, str) and SLUG.fullmatch(key) else f"{column}.{number}"


def keyed(place: str, item: Mapping[str, Any]) -> Iterator[Problem]:
    """The key of an item that other parts refer to."""
    key = item.get("key")
    if not isinstance(key, str) or not SLUG.fullmatch(key):
        yield Problem(place, _("A key has small letters, digits and hyphens only."))
    elif len(key) > KEY_LENGTH:
        yield Problem(place, _("Use at most %(count)d characters."), {"count": KEY_LENGTH})


def entries(place: str, column: str, item: Mapping[str, Any]) -> Iterator[Problem]:
    """Entries that the column does not have, and values of another kind than theirs."""
    for key, value in item.items():
        if key not in ENTRIES[column]:
            yield Problem(place, _("There is no entry “%(key)s” here."), {"key": key})
        elif not _is(value, ENTRIES[column][key]):
            yield Problem(place, _("The entry “%(key)s” cannot be read: it is of another kind."), {"key": key})


def _is(value: object, kind: str) -> bool:
    if kind == "any" or (value is None and kind not in ("line", "lines")):
        return True
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "count":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1000
    if kind in ("texts", "lines"):
        return isinstance(value, list) and all(isinstance(text, str) for text in value)
    return isinstance(value, Mapping if kind == "record" else str)


def twice(column: str, found: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Keys that several items have."""
    for key, count in Counter(key for item in found if isinstance(key := item.get("key"), str)).items():
        if count > 1:
            yield Problem(f"{column}.{key}", _("The key “%(key)s” is used more than once."), {"key": key})


def one_of(place: str, value: object, choices: Sequence[str]) -> Iterator[Problem]:
    """A value that is none of the choices."""
    if value not in choices:
        yield Problem(place, _("Choose one of: %(choices)s."), {"choices": ", ".join(choices)})


def filled(value: object) -> bool:
    """Whether it is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


def missing(place: str) -> Problem:
    """A text that must be there."""
    return Problem(place, _("This text is missing."))


def too_long(place: str, value: object, most: int) -> Iterator[Problem]:
    """A text that the database could not hold."""
    if isinstance(value, str) and len(value) > most:
        yield Problem(place, _("Use at most %(count)d characters."), {"count": most})
