"""RULE: how long filling in takes, as a person is told beforehand and on the way."""

from collections.abc import Mapping
from typing import Any

from services.cases.checklist import papers
from services.catalogue.models import Version
from services.forms.definition import Definition, Field, Kind

SECONDS_PER_FIELD, SECONDS_PER_GROUP, SECONDS_PER_PAPER = 25, 90, 60
"""A slow reader on a phone. What the editor of a procedure measured takes the place of this guess."""


def _seconds(field: Field) -> int:
    return SECONDS_PER_GROUP if field.kind == Kind.GROUP else SECONDS_PER_FIELD


def _rounded(seconds: float) -> int:
    """Minutes, rounded up to fives."""
    return max(5, -(-int(seconds) // 300) * 5)


def _whole(version: Version, definition: Definition) -> int:
    """Seconds for the whole form and the circumstance with the most papers."""
    keys = [circumstance["key"] for circumstance in version.circumstances] or [""]
    most = max(sum(paper.upload and paper.required for paper in papers(version.documents, key)) for key in keys)
    return sum(_seconds(field) for field in definition.fields() if field.answers) + most * SECONDS_PER_PAPER


def minutes_needed(version: Version, definition: Definition) -> int:
    """Minutes for the whole application."""
    return version.minutes_needed or _rounded(_whole(version, definition))


def minutes_left(version: Version, definition: Definition, answers: Mapping[str, Any], papers_missing: int) -> int:
    """Minutes for what is asked and not answered yet, and for the papers that are still missing; 0 when nothing is left.

    On a page that was filled in, an optional question without an answer was passed over, not left for later.
    """
    shown = definition.shown(answers)
    left = papers_missing * SECONDS_PER_PAPER
    for fields in shown.fields.values():
        begun = any(field.key in shown.answers for field in fields)
        left += sum(
            _seconds(field)
            for field in fields
            if field.answers and field.key not in shown.answers and (field.required or not begun)
        )
    if not left:
        return 0
    whole = _whole(version, definition)
    if version.minutes_needed:
        left = version.minutes_needed * 60 * left // max(whole, left)
    return min(_rounded(left), minutes_needed(version, definition))
