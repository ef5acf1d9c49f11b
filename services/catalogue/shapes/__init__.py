"""RULE: what a procedure version must look like before it may be published.

`problems` reads a whole version (the columns of `Version`, with `code` and `domain`) and lists everything that is wrong,
each with its place. A warning does not stop publishing. The shapes of the JSON columns are described in
docs/rules/catalogue.md.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from services.catalogue.content import misfits
from services.catalogue.shapes.eligibility import eligibility
from services.catalogue.shapes.facts import channels, circumstances, documents, facts, fees
from services.catalogue.shapes.hours import hours, limit_hours, longest
from services.catalogue.shapes.outcome import outcome
from services.catalogue.shapes.problem import Problem
from services.catalogue.shapes.route import route
from services.catalogue.shapes.step_fields import step_placeholders
from services.catalogue.shapes.vocabulary import (
    ALONE,
    CHANNELS,
    CODE,
    ELECTRONIC,
    FILLED_BY_CASE,
    KINDS,
    LAYOUTS,
    LEVELS,
    LIMIT_UNITS,
    OFFICE_CODE,
    PLACEHOLDER,
    POWER_OF_KIND,
    SHAPES,
    SLUG,
)
from services.catalogue.words import mark as _
from services.forms.definition import Definition, InvalidDefinition, parse

__all__ = [
    "ALONE",
    "CHANNELS",
    "CODE",
    "ELECTRONIC",
    "FILLED_BY_CASE",
    "KINDS",
    "LAYOUTS",
    "LEVELS",
    "LIMIT_UNITS",
    "OFFICE_CODE",
    "PLACEHOLDER",
    "POWER_OF_KIND",
    "SHAPES",
    "SLUG",
    "Problem",
    "hours",
    "limit_hours",
    "longest",
    "problems",
    "step_placeholders",
]


def problems(raw: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with a version, in reading order; none that stops: it may be published. Never raises."""
    unreadable = misfits(raw)
    raw = {key: value for key, value in raw.items() if key not in unreadable}
    definition, wrong = _form(raw.get("form"))
    found = chain(
        facts(raw),
        channels(raw.get("channels")),
        circumstances(raw.get("circumstances")),
        fees(raw),
        documents(raw, definition),
        eligibility(raw.get("eligibility")),
        wrong,
        route(raw, definition),
        outcome(raw.get("outcome"), definition, step_placeholders(raw.get("route"))),
    )
    return [
        *(Problem(key, _("This part cannot be read: it is unknown or of another kind.")) for key in unreadable),
        *(problem for problem in found if problem.place.partition(".")[0] not in unreadable),
    ]


def _form(value: object) -> tuple[Definition | None, list[Problem]]:
    if not isinstance(value, Mapping):
        return None, [Problem("form", _("The form is missing."))]
    try:
        return parse(value), []
    except InvalidDefinition as invalid:
        return None, [
            Problem("form" + problem.place.replace("/", "."), "%(message)s", {"message": problem.message})
            for problem in invalid.problems
        ]
