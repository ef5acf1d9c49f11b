"""RULE: whether an open case can go on under another version of its procedure.

It can when nothing that was done is lost, nothing that the other version asks for is missing, and the route goes on from the
place the case has reached: every finished step lies before that place, every open step is the same work at the same desk, and no
step of the other route is passed over. What was promised stays: a case whose promised date was worked out with another limit stays.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from services.cases import routing
from services.cases.checklist import missing, papers
from services.cases.routing import Step
from services.forms.conditions import holds
from services.forms.definition import Definition
from services.forms.validation import unanswered


class Code(StrEnum):
    """Why a case stays; the last two only tell what will be different."""

    CIRCUMSTANCE_GONE = "circumstance_gone"
    ANSWER_NEEDED = "answer_needed"
    PAPER_GONE = "paper_gone"
    PAPER_NEEDED = "paper_needed"
    STEP_GONE = "step_gone"
    STEP_KIND = "step_kind"
    STEP_DESK = "step_desk"
    STEP_ORDER = "step_order"
    STEP_PASSED_OVER = "step_passed_over"
    LIMIT_PROMISED = "limit_promised"
    OUTCOME_MADE = "outcome_made"
    ANSWER_DROPPED = "answer_dropped"
    LIMIT_DIFFERS = "limit_differs"


TELLING = frozenset({Code.ANSWER_DROPPED, Code.LIMIT_DIFFERS})
"""What does not keep a case from being moved."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason or one difference; `what` names the question, paper or step it is about."""

    code: Code
    what: str = ""

    @property
    def stops(self) -> bool:
        """Whether the case stays because of it."""
        return self.code not in TELLING


Limit = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Text:
    """What of a version decides whether a case fits it."""

    definition: Definition
    circumstances: Sequence[Mapping[str, Any]]
    documents: Sequence[Mapping[str, Any]]
    route: Sequence[Step]
    limit: Limit

    def limit_of(self, circumstance: str) -> Limit:
        """The limit of a circumstance: its own, or the version's."""
        for one in self.circumstances:
            if one["key"] == circumstance and one.get("limit"):
                return one["limit"]["value"], one["limit"]["unit"]
        return self.limit


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case has come: what was answered and attached, which steps of its route are finished and which are open."""

    answers: Mapping[str, Any]
    circumstance: str
    filed_on: date
    accepted: bool
    done: Collection[str] = ()
    open: Collection[str] = ()
    attached: Collection[str] = field(default=frozenset())
    has_outcome: bool = False


def findings(case: Progress, old: Text, new: Text) -> list[Finding]:
    """Everything that keeps the case where it is, then what would be different. It can be moved when nothing stops it."""
    return [*_form(case, old, new), *_papers(case, old, new), *_route(case, old, new), *_limit(case, old, new)]


def fits(found: Sequence[Finding]) -> bool:
    """Whether nothing found keeps the case where it is."""
    return not any(finding.stops for finding in found)


def _form(case: Progress, old: Text, new: Text) -> Iterator[Finding]:
    keys = {one["key"] for one in new.circumstances}
    if keys and case.circumstance not in keys:
        names = {one["key"]: str(one.get("label", "")) for one in old.circumstances}
        yield Finding(Code.CIRCUMSTANCE_GONE, names.get(case.circumstance, ""))
    seen = set()
    # As on the day it was filed: a day that was to come then may have passed since.
    for gap in unanswered(new.definition, case.answers, case.attached, case.filed_on):
        if gap.field_key not in seen:
            seen.add(gap.field_key)
            code = Code.ANSWER_NEEDED if gap.page_key else Code.PAPER_NEEDED
            yield Finding(code, _label(new.definition, gap.field_key))
    asked = new.definition.shown(case.answers).answers
    for key in old.definition.shown(case.answers).answers:
        if key not in asked and key not in seen:
            yield Finding(Code.ANSWER_DROPPED, _label(old.definition, key))


def _label(definition: Definition, key: str) -> str:
    return definition.field(key).label.said().strip().rstrip(":. ")


def _papers(case: Progress, old: Text, new: Text) -> Iterator[Finding]:
    needed = papers(new.documents, case.circumstance)
    kept = {paper.key for paper in needed} | {one.key for one in new.definition.attachments_shown(case.answers)}
    names = {one["key"]: str(one["name"]) for one in old.documents}
    names |= {one.key: one.label.said() for one in old.definition.attachments_shown(case.answers)}
    for key in sorted(set(case.attached) - kept):
        yield Finding(Code.PAPER_GONE, names.get(key, key))
    for paper in missing(needed, case.attached):
        yield Finding(Code.PAPER_NEEDED, paper.name)


def _route(case: Progress, old: Text, new: Text) -> Iterator[Finding]:
    if case.has_outcome:
        yield Finding(Code.OUTCOME_MADE)
    before, after = ({step.key: step for step in text.route} for text in (old, new))
    changed = list(_steps(case, before, after))
    yield from changed
    if not changed:
        yield from _place(case, after, new.route)


def _steps(case: Progress, before: Mapping[str, Step], after: Mapping[str, Step]) -> Iterator[Finding]:
    """Steps the case went through that the other route does not have, or has as other work."""
    for key in dict.fromkeys([*case.done, *case.open]):
        title = before[key].title if key in before else key
        if key not in after:
            yield Finding(Code.STEP_GONE, title)
        elif key in before and after[key].kind != before[key].kind:
            yield Finding(Code.STEP_KIND, title)
        elif key in before and key in case.open and _desk(after[key]) != _desk(before[key]):
            yield Finding(Code.STEP_DESK, title)


def _desk(step: Step) -> tuple[str, dict[str, Any]]:
    return step.power, dict(step.office)


def _place(case: Progress, after: Mapping[str, Step], route: Sequence[Step]) -> Iterator[Finding]:
    """Whether the place the case has reached is one that the other route leads to."""
    parts = routing.blocks(route)
    at = {step.key: number for number, part in enumerate(parts) for step in part}
    reached = case.open or case.done
    if not reached:
        return
    front = max(at[key] for key in reached)
    for key in dict.fromkeys([*case.done, *case.open]):
        if at[key] > front or (key in case.open and at[key] != front):
            yield Finding(Code.STEP_ORDER, after[key].title)
    taken = {*case.done, *case.open}
    answers = case.answers
    for part in parts[: front + 1]:
        for step in part:
            if step.key not in taken and (step.when is None or holds(step.when, answers)):
                yield Finding(Code.STEP_PASSED_OVER, step.title)


def _limit(case: Progress, old: Text, new: Text) -> Iterator[Finding]:
    if old.limit_of(case.circumstance) != new.limit_of(case.circumstance):
        yield Finding(Code.LIMIT_PROMISED if case.accepted else Code.LIMIT_DIFFERS)
