"""RULE: the template of an outcome as an editor writes it: lines, paragraphs, rows, and the placeholders in them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

PLACEHOLDER = re.compile(r"\{((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)?[a-z][a-z0-9_]*)\}")
ALMOST = re.compile(r"\{([^{}\n]{1,80})\}")
"""What somebody may have meant as a placeholder."""
LISTS = ("basis", "paragraphs", "articles", "recipients")
"""Parts of a template that are lists of texts."""
LINES = frozenset({"basis", "recipients"})
"""Of these, those with one text per line; the others are paragraphs with an empty line between."""
MOST_ROWS = 80


@dataclass(frozen=True, slots=True)
class Unknown:
    """A placeholder that nothing fills, and the one that was probably meant."""

    name: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it will read: `name` is the placeholder it came from; `empty` when there is no answer."""

    text: str
    name: str = ""
    empty: bool = False


def written(part: str, texts: object) -> str:
    """A list of texts as one text to be edited."""
    return ("\n" if part in LINES else "\n\n").join(texts_of(texts))


def texts_of(value: object) -> list[str]:
    """The texts of a list of a template, as far as they are ones."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def read(part: str, text: str) -> list[str]:
    """The list of texts again: lines, or paragraphs set apart by empty lines."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = tidy.split("\n") if part in LINES else re.split(r"\n[ \t]*\n", tidy)
    return [one.strip() for one in parts if one.strip()]


def unknown(text: str, known: Collection[str]) -> list[Unknown]:
    """Placeholders in the text that nothing fills, each once: misspelt ones, and what is in braces but cannot be one."""
    found = []
    for name in dict.fromkeys(ALMOST.findall(text)):
        if name not in known:
            near = get_close_matches(name.strip().lower(), list(known), n=1, cutoff=0.6)
            found.append(Unknown(name, near[0] if near else ""))
    return found


def pieces(text: str, values: Mapping[str, str]) -> list[Piece]:
    """The text cut at its placeholders, each with what it stands for; one without a value becomes dots, as on a paper form."""
    found, at = [], 0
    for match in PLACEHOLDER.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        value = values.get(match[1]) or ""
        found.append(Piece(value or "……", match[1], not value))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def rearranged(rows: Sequence[tuple[str, str]], what: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Rows after a button: added, moved or removed; and the row it is about, -1 for none."""
    made = list(rows)
    if what == "add" and len(made) < MOST_ROWS:
        return [*made, ("", "")], len(made)
    if not 0 <= at < len(made):
        return made, -1
    if what == "remove":
        del made[at]
        return made, min(at, len(made) - 1)
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if to != at and 0 <= to < len(made):
        made.insert(to, made.pop(at))
        return made, to
    return made, -1


def rows_of(value: object) -> list[tuple[str, str]]:
    """The pairs of label and text of a template, as far as they are ones."""
    pairs = [row for row in value if isinstance(row, list) and len(row) == 2] if isinstance(value, list) else []
    return [(str(label), str(text)) for label, text in pairs]


def changed(outcome: object, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The template with what was typed; what is empty and was not there before stays away."""
    before = dict(outcome) if isinstance(outcome, Mapping) else {}
    return {**before, **{name: value for name, value in typed.items() if value or name in before}}
