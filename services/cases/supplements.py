"""RULE: what a request for a supplement may ask, what it opens to the applicant, and when it is answered in full.

One request lists everything (Điều 8 Nghị quyết 66.7/2025/NQ-CP): answers to correct, papers to add, and whatever else is needed.
What it names can be changed, and what a changed answer makes necessary; everything else stays as it was filed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.forms.definition import Definition, Field, Page
from services.forms.dependencies import all_needs
from services.forms.validation import unanswered
from services.forms.wording import BLANK, Text

PAGE = "_supplement"
"""Key of the page that holds the opened questions; no page of a form can have it."""
OTHER_PAPER = "_khac"
"""Where files go that answer no paper of the procedure; no paper of a procedure can have this key."""
OTHER_FILES = 10
MOST_DAYS = 90
MOST_ITEMS = 100
LONGEST = 1000
"""Characters that say what is wrong with one item."""


class ItemKind(StrEnum):
    """What an item of a request is about."""

    FIELD = "field"
    PAPER = "paper"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for; `text` says what is wrong or what to do. `key` names the question or paper, empty for other things."""

    kind: ItemKind
    key: str
    label: str
    text: str

    def kept(self) -> dict[str, str]:
        """As the request keeps it."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Ask:
    """Everything one request asks, why, how to go about it, and within how many working days."""

    items: tuple[Item, ...]
    reason: str
    instructions: str = ""
    days: int | None = None


def plain(text: str) -> Ask:
    """A request in words alone."""
    return Ask((Item(ItemKind.OTHER, "", "", text.strip()),), text.strip())


def items_of(kept: Iterable[Mapping[str, str]]) -> list[Item]:
    """The items a request keeps."""
    return [Item(ItemKind(one["kind"]), one["key"], one["label"], one["text"]) for one in kept]


def problem(ask: Ask, fields: Collection[str], papers: Collection[str]) -> str:
    """Why the request cannot be sent, as a code; empty when it can. `fields` and `papers` are what may be asked about."""
    if not ask.items:
        return "nothing_asked"
    if len(ask.items) > MOST_ITEMS:
        return "too_many_items"
    known = {ItemKind.FIELD: fields, ItemKind.PAPER: papers}
    if any(one.kind in known and one.key not in known[one.kind] for one in ask.items):
        return "unknown_item"
    named = [(one.kind, one.key) for one in ask.items if one.kind is not ItemKind.OTHER]
    if len(named) != len(set(named)):
        return "asked_twice"
    if not all(one.text.strip() for one in ask.items):
        return "no_text"
    return "" if ask.days is None or 1 <= ask.days <= MOST_DAYS else "days"


def in_words(ask: Ask) -> str:
    """The whole request as one text, as the timeline and messages show it."""
    if len(ask.items) == 1 and ask.items[0].text == ask.reason:
        lines = ask.reason
    else:
        said = [f"{one.label}: {one.text}" if one.label else one.text for one in ask.items]
        listed = "\n".join(f"{n}. {text}" for n, text in enumerate(said, start=1))
        lines = "\n\n".join(part for part in (ask.reason.strip(), listed) if part)
    return "\n\n".join(part for part in (lines, ask.instructions.strip()) if part)


# What is opened


def with_given(filed: Mapping[str, Any], given: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """The answers with those given now in place of the filed ones, for these questions alone; None takes an answer away."""
    found = {**filed, **{key: value for key, value in given.items() if key in keys}}
    return {key: value for key, value in found.items() if value is not None}


def _asked_now(definition: Definition, answers: Mapping[str, Any]) -> set[str]:
    return {one.key for fields in definition.shown(answers).fields.values() for one in fields}


def opened(
    definition: Definition, filed: Mapping[str, Any], given: Mapping[str, Any], asked: Collection[str], today: date
) -> list[str]:
    """The questions the applicant may answer, in the order of the form.

    Those asked for; those nobody was asked before that hang on one of them; and filed answers that what was given now has made wrong.
    """
    before = _asked_now(definition, filed)
    named = {one.key for one in definition.fields() if one.asks and one.key in asked}
    following = {
        one.key
        for one in definition.fields()
        if one.asks and one.key not in before and all_needs(one.key, definition.needs) & named
    }
    now = with_given(filed, given, named | following)
    wrong = _wrong(definition, now, today) - _wrong(definition, filed, today) if given else set()
    free = named | following | wrong
    return [one.key for one in definition.fields() if one.key in free]


def _wrong(definition: Definition, answers: Mapping[str, Any], today: date) -> set[str]:
    return {gap.field_key for gap in unanswered(definition, answers, (), today) if gap.page_key is not None}


def opened_files(
    definition: Definition, filed: Mapping[str, Any], answers: Mapping[str, Any], items: Sequence[Item]
) -> list[str]:
    """The papers and attachment questions that take files, in the order of the request."""
    asked = [one.key for one in items if one.kind is ItemKind.PAPER]
    before = {one.key for one in definition.attachments_shown(filed)}
    following = [one.key for one in definition.attachments_shown(answers) if one.key not in before and one.key not in asked]
    other = [OTHER_PAPER] if any(one.kind is ItemKind.OTHER for one in items) else []
    return [*asked, *following, *other]


def rearranged(definition: Definition, keys: Collection[str], said: Mapping[str, str] | None = None) -> Definition:
    """The same form with these questions on one page of their own, each under the condition of the page it comes from.

    Whatever shows, checks and saves a page then cannot touch any other answer. `said` is put before the explanation of a question.
    """
    words = said or {}
    left: list[Page] = []
    taken: list[Field] = []
    for page in definition.pages:
        left.append(replace(page, fields=tuple(one for one in page.fields if one.key not in keys)))
        taken += [
            replace(one, when=_both(page.when, one.when), help=_before(words.get(one.key, ""), one.help))
            for one in page.fields
            if one.key in keys
        ]
    return Definition((*left, Page(PAGE, BLANK, BLANK, None, tuple(taken))), definition.subject_field)


def _both(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one if other is None else other
    return {"and": [one, other]}


def _before(said: str, help_text: Text) -> Text:
    return Text(f"{said} {help_text}".strip(), f"{said} {help_text.english}".strip()) if said else help_text


# What was answered


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new answer by question, for those that differ; None where there is none."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: [before.get(key), after.get(key)] for key in keys if before.get(key) != after.get(key)}


def unaddressed(items: Sequence[Item], changed: Collection[str], files: Mapping[str, int]) -> list[Item]:
    """The items for which nothing was done: no changed answer, no new file in its place."""
    done = {
        ItemKind.FIELD: lambda one: one.key in changed,
        ItemKind.PAPER: lambda one: bool(files.get(one.key)),
        ItemKind.OTHER: lambda _one: bool(files.get(OTHER_PAPER)),
    }
    return [one for one in items if not done[one.kind](one)]
