"""RULE: what is filled in beforehand, from where, and what of it cannot be changed (docs/rules/prefill.md)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.forms.cleaning import clean
from services.forms.cleaning.common import Wrong
from services.forms.definition import Definition, Field, Kind
from services.forms.kinds import FIXABLE

UNTAKEN = frozenset({Kind.ATTACHMENT, Kind.DECLARATION})
"""Never taken from an earlier application: files are attached anew, and a declaration is made anew."""
INNER = "_"
"""Names in the provenance of a case that begin so are no questions."""


class Source(StrEnum):
    """Where an answer was taken from."""

    RECORD = "record"
    STATED = "stated"
    BUSINESS = "business"
    EARLIER = "earlier"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer to begin with. `case` and `at` name the application it stood in, and when that was filed."""

    value: Any
    source: Source
    case: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known beforehand, by the names form definitions use."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class Earlier:
    """An application filed before, for the same person or business; `same` says: of the same procedure."""

    number: str
    filed_at: str
    same: bool
    definition: Definition
    answers: Mapping[str, Any]


def offers(fields: Iterable[Field], facts: Mapping[str, Fact], earlier: Sequence[Earlier], today: date) -> dict[str, Offer]:
    """The answers to begin with, by question: what is on record first, then what was answered before, the newest first."""
    found = {}
    for one in fields:
        if not one.asks:
            continue
        offer = _known(one, facts, today) or _answered(one, earlier, today)
        if offer is not None:
            found[one.key] = offer
    return found


def fixed(fields: Iterable[Field], facts: Mapping[str, Fact], today: date) -> dict[str, Any]:
    """The answers that stand as they are on a checked record, by question."""
    found = {}
    for one in fields:
        if one.fixed and one.prefill in FIXABLE and (offer := _known(one, facts, today)) is not None:
            found[one.key] = offer.value
    return found


def _known(one: Field, facts: Mapping[str, Fact], today: date) -> Offer | None:
    fact = facts.get(one.prefill) if one.prefill else None
    if fact is None or not fact.value:
        return None
    value = _kept(one, fact.value, today)
    return None if value is None else Offer(value, fact.source)


def _answered(one: Field, earlier: Sequence[Earlier], today: date) -> Offer | None:
    for before in earlier:
        for known in before.definition.fields():
            if not _same_question(one, known, same_form=before.same):
                continue
            value = before.answers.get(known.key)
            value = value if one.repeats else _kept(one, value, today)
            if value not in (None, "", []):
                return Offer(value, Source.EARLIER, before.number, before.filed_at)
    return None


def _same_question(one: Field, known: Field, *, same_form: bool) -> bool:
    if one.kind != known.kind or one.kind in UNTAKEN:
        return False
    if one.repeats:
        return same_form and one.key == known.key and _columns(one) == _columns(known) and _columns(one) is not None
    return (same_form and one.key == known.key) or (bool(one.prefill) and one.prefill == known.prefill)


def _columns(group: Field) -> list[tuple[str, Kind]] | None:
    columns = [(inner.key, inner.kind) for inner in group.fields]
    return None if any(kind in UNTAKEN for _key, kind in columns) else columns


def _kept(one: Field, value: Any, today: date) -> Any:
    """The value as an answer to the question; None when it cannot be one."""
    try:
        return clean(one, value, today, kept=True)
    except Wrong:
        return None


def inputs_of(one: Field, value: str) -> dict[str, list[str]]:
    """What the inputs of a fixed question send."""
    if one.kind != Kind.DATE:
        return {one.key: [value]}
    day = date.fromisoformat(value)
    return {f"{one.key}_day": [str(day.day)], f"{one.key}_month": [str(day.month)], f"{one.key}_year": [str(day.year)]}


def provenance(
    known: Mapping[str, Any],
    keys: Collection[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    offered: Mapping[str, Offer],
    at: str,
) -> dict[str, Any]:
    """Where the answers of these questions come from once they are saved. An answer that was changed was typed."""
    made = {key: entry for key, entry in known.items() if key not in keys}
    for key in keys:
        if key not in after:
            continue
        offer = offered.get(key)
        if offer is not None and after[key] == offer.value:
            made[key] = {"source": offer.source.value, "case": offer.case, "filed_at": offer.at, "at": at}
        elif key in known and before.get(key) == after[key]:
            made[key] = known[key]
        elif key in known or offer is not None:
            made[key] = {"source": Source.TYPED.value, "at": at}
    return made
