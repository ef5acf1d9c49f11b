"""RULE: whether somebody is in the right place, by yes-or-no questions before filling in (docs/rules/eligibility.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.forms.conditions import holds

Answers = Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `needed` is the answer that fits, `refusal` what is said to the other one, `stops` that one cannot go on."""

    key: str
    question: str
    help: str
    needed: bool
    refusal: str
    when: Any
    stops: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers come to. `asked` are the questions that these answers lead to, `waiting` those of them without an answer."""

    asked: list[Question] = field(default_factory=list)
    waiting: list[Question] = field(default_factory=list)
    stopped: list[Question] = field(default_factory=list)
    warned: list[Question] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether one may go on, perhaps warned."""
        return not self.waiting and not self.stopped


def questions(raw: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions of a published version, in order."""
    return [
        Question(
            key=one["key"],
            question=one["question"],
            help=one.get("help") or "",
            needed=bool(one["answer_needed"]),
            refusal=one["refusal"],
            when=one.get("when"),
            stops=bool(one.get("stops")),
        )
        for one in raw
    ]


def judge(asked: Sequence[Question], answers: Answers) -> Verdict:
    """Go through the questions as far as the answers lead. An answer to what is not asked does not count."""
    verdict, counted = Verdict(), dict[str, bool]()
    for one in asked:
        if not holds(one.when, counted):
            continue
        verdict.asked.append(one)
        given = answers.get(one.key)
        if given is None:
            verdict.waiting.append(one)
            continue
        counted[one.key] = given
        if given != one.needed:
            (verdict.stopped if one.stops else verdict.warned).append(one)
    return verdict


def counting(asked: Sequence[Question], answers: Answers) -> dict[str, bool]:
    """The answers to what was asked, to be kept with the application."""
    return {one.key: answers[one.key] for one in judge(asked, answers).asked if one.key in answers}
