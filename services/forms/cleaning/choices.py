"""RULE: answers that are chosen: yes or no, one of several, any of several, from the lists of the law."""

from datetime import date
from typing import Any

from services.forms import lists
from services.forms.cleaning.common import Wrong, one_line
from services.forms.fields import Field

YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def yes_no(one: Field, given: Any, today: date) -> bool:
    """Yes or no."""
    if isinstance(given, bool):
        return given
    word = given.strip().lower() if isinstance(given, str) else ""
    if word not in YES | NO:
        raise Wrong("not_yes_no")
    return word in YES


def choice(one: Field, given: Any, today: date) -> str:
    """One of the field's choices."""
    value = given.strip() if isinstance(given, str) else None
    if value not in {choice.value for choice in one.choices} or value is None:
        raise Wrong("not_choice")
    return value


def multiple_choice(one: Field, given: Any, today: date) -> list[str] | None:
    """Any of the field's choices, in their order."""
    chosen = [given] if isinstance(given, str) else given
    if not isinstance(chosen, list | tuple) or not all(isinstance(value, str) for value in chosen):
        raise Wrong("not_choice")
    asked = {value for value in chosen if value}
    if asked - {choice.value for choice in one.choices}:
        raise Wrong("not_choice")
    kept = [choice.value for choice in one.choices if choice.value in asked]
    if len(kept) < one.at_least:
        raise Wrong("too_few_choices", least=one.at_least)
    if one.at_most and len(kept) > one.at_most:
        raise Wrong("too_many_choices", most=one.at_most)
    return kept or None


def listed(one: Field, given: Any, today: date) -> str:
    """One of the values that the kind lists, such as an ethnic group or a country."""
    value = one_line(given) if isinstance(given, str) else ""
    if value not in (lists.values_of(one.kind) or ()):
        raise Wrong("not_choice")
    return value
