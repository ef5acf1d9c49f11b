"""What the offices note down in the steps of a case, for officials alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.cases import routing
from services.cases.models import Case, WorkItem
from services.catalogue.shapes.step_fields import PAGE, step_form
from services.forms.definition import Definition
from services.forms.readout import Row, readout, texts
from services.forms.validation import unanswered


@dataclass(frozen=True, slots=True)
class StepNotes:
    """The answers of one step, as they are read."""

    item: WorkItem
    rows: list[Row]


def own_form(case: Case, step_key: str) -> Definition | None:
    """The questions the step asks its office; None for a step that asks nothing."""
    step = next((step for step in routing.route(case.version.route) if step.key == step_key), None)
    return step_form(step.title, step.fields) if step is not None and step.fields else None


def unfilled(item: WorkItem) -> list[str]:
    """Keys of the questions of the step that must be answered before it is finished."""
    definition = own_form(item.case, item.step)
    return [gap.field_key for gap in unanswered(definition, item.values, ())] if definition is not None else []


def step_notes(case: Case, items: Iterable[WorkItem]) -> list[StepNotes]:
    """What was noted down in the steps, the latest round of each, in the order of the route."""
    found = []
    for item in _latest(items).values():
        definition = own_form(case, item.step) if item.values else None
        if definition is not None:
            found.append(StepNotes(item, [row for section in readout(definition, item.values) for row in section.rows]))
    return sorted(found, key=lambda one: one.item.position)


def step_texts(case: Case) -> dict[str, str]:
    """What placeholders such as {tham-dinh.so_tang} stand for: every question of every step, empty where it is not answered."""
    steps = [step for step in routing.route(case.version.route) if step.fields]
    values: Mapping[str, Mapping[str, Any]] = {}
    if steps:
        values = {key: item.values for key, item in _latest(case.work_items.all()).items()}
    found: dict[str, str] = {}
    for step in steps:
        said = texts(step_form(step.title, step.fields), values.get(step.key, {}))
        found |= {f"{step.key}.{name}": text for name, text in said.items()}
    return found


def _latest(items: Iterable[WorkItem]) -> dict[str, WorkItem]:
    return {item.step: item for item in sorted(items, key=lambda item: item.round)}


__all__ = ["PAGE", "StepNotes", "own_form", "step_notes", "step_texts", "unfilled"]
