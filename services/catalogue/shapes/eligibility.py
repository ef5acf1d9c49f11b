"""RULE: the questions before filing: whether a person is in the right place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.catalogue.shapes.problem import Problem, entries, filled, items, keyed, missing, place_of, twice
from services.catalogue.words import mark as _
from services.forms import conditions
from services.forms.conditions import Operand, Type


def eligibility(value: object) -> Iterator[Problem]:
    """Each question is asked for a reason, says something when the answer does not fit, and can be reached."""
    found = items(value)
    yield from twice("eligibility", found)
    for number, item in enumerate(found):
        place = place_of("eligibility", number, item)
        yield from entries(place, "eligibility", item)
        yield from keyed(place, item)
        if not filled(item.get("question")):
            yield missing(f"{place}.question")
        if not isinstance(item.get("answer_needed"), bool):
            yield Problem(f"{place}.answer_needed", _("Say which answer lets the person go on."))
        if not filled(item.get("refusal")):
            yield Problem(f"{place}.refusal", _("Say what the person is told when the answer does not fit."))
        yield from _when(f"{place}.when", item.get("when"), found[:number])


def _when(place: str, when: object, earlier: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    if when is None:
        return
    operands = {key: Operand(Type.YES_NO) for item in earlier if isinstance(key := item.get("key"), str)}
    found = conditions.problems(when, operands)
    for message in found:
        yield Problem(place, "%(message)s", {"message": message})
    if found:
        return
    passed = [
        {"==": [{"var": item["key"]}, item["answer_needed"]]}
        for item in earlier
        if item.get("stops") is True and item.get("when") is None and isinstance(item.get("answer_needed"), bool)
    ]
    if passed and conditions.problems({"and": [when, *passed]}, operands):
        yield Problem(place, _("The question is never asked: an earlier answer has already stopped the person."))
