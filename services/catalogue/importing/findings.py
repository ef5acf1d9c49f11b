"""RULE: what an import leaves for a person, and in which words.

A finding names the part of the content (`documents.to-khai`), says why somebody has to look, and quotes the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.catalogue.words import mark as _

REASONS: Mapping[str, str] = {
    # The record as a whole.
    "record.line": _("This line cannot be read as JSON."),
    "record.kind": _("This is none of the known kinds of record: procedure, internal workflow, paper and database."),
    "record.large": _("The record is too large to be a procedure."),
    "record.deep": _("The record is nested too deeply."),
    "record.code": _("A procedure code looks like 1.013225."),
    "record.name": _("The record has no name."),
    "record.twice": _("The code stands in these files already, with other content."),
    "record.refused": _("The catalogue did not take it."),
    "record.touched": _("Somebody has worked on the draft since the last import; it was left as it is. Compare the new record."),
    "record.edited": _("Somebody is editing this procedure already. Import again once that draft is published or discarded."),
    "record.published": _(
        "Form, route, outcome, eligibility and level come from the version in force; the rest from the record."
    ),
    # Facts.
    "name.long": _("The name is longer than 400 characters. The whole name is in the conditions; shorten it sensibly."),
    "domain.missing": _("The record names no field of law."),
    "domain.long": _("The name of the field of law is longer than 120 characters and was shortened."),
    "level.several": _(
        "The record names several levels: decide who decides here, and whether each needs a procedure of its own."
    ),
    "level.old": _("The district level ended on 1 July 2025: check who decides now."),
    "level.unknown": _("The level was not understood; the ward was taken."),
    "agency.missing": _("The record names no agency that carries it out."),
    "agency.long": _("The agencies are longer than 300 characters. The whole list is in the conditions."),
    "agency.unknown": _("No function is known for this agency: choose which office decides."),
    "agency.several": _("Several agencies are named; the first that fits the level was taken."),
    "audience.missing": _("The record does not say for whom it is."),
    "audience.long": _("The groups of people are longer than 300 characters and were shortened."),
    "decision.long": _("The number of the decision is longer than 60 characters and was shortened."),
    "steps.missing": _("The record has no order of doing: the law requires it to be published."),
    "legal.missing": _("The record has no legal basis: the law requires it to be published."),
    "result.missing": _("The record names no outcome."),
    "result.several": _("The record names several outcomes; the first that is no refusal was taken. The others:"),
    "result.long": _("The name of the outcome is longer than 200 characters. All of it is in the conditions."),
    "source.long": _("The source is longer than 300 characters and was shortened."),
    "wording.old": _("Wording of the time before 1 July 2025; the text was left as it is."),
    # Time limit.
    "limit.missing": _("The record gives no time limit. What the steps say:"),
    "limit.no_unit": _("The record gives a number without a unit, so no limit was taken. The number, and what the steps say:"),
    "limit.unit_from_text": _("The record gives a number without a unit; the unit is from the text beside it."),
    "limit.from_text": _("The record gives no number; the limit is from the text beside it."),
    "limit.same_day": _("Taken as answered the same day, and the next working day after 15:00, as the steps say."),
    "limit.differs": _("The ways to file have different limits; the longest was taken."),
    "limit.converted": _("The limit was converted from another unit."),
    "limit.hours": _("Hours were taken as working hours."),
    # Ways to file.
    "channels.missing": _("The record names no way to file."),
    "channels.unknown": _("This way to file is not known and was left out."),
    # Fees.
    "fees.none_given": _("The record says nothing about fees: check whether it is free."),
    "fees.province": _("The People's Council of the province sets this fee: fill in the amount that is in force."),
    "fees.free_but": _("The record says “free”, its explanation names an amount; the explanation was taken."),
    "fees.free_or": _("The record says “free”, but explains it with rules: check whether something is charged."),
    "fees.several_amounts": _("The explanation names several amounts; check them and the days for which they hold."),
    "fees.thousands": _("The amount was typed in thousands and no explanation confirms it."),
    "fees.small": _("The amount is below 1,000 đồng; the explanation was taken."),
    "fees.small_alone": _("The amount is below 1,000 đồng, and nothing explains it: no amount was taken."),
    "fees.other_amount": _("The explanation names another amount than the record."),
    "fees.foreign": _("The amount is in US dollars; it is only described."),
    "fees.odd": _("The amount was not understood; it is only described."),
    # Papers.
    "circumstances.guessed": _(
        "The circumstances were made from the headings over the papers: check their names and what belongs to each."
    ),
    "circumstances.other": _("A circumstance was added for papers without a heading."),
    "documents.missing": _("The record lists no papers."),
    "documents.only_notes": _("All papers of the record have neither originals nor copies, so they were taken as notes."),
    "documents.note_with_form": _("It has neither originals nor copies and was taken as a note, but a form belongs to it."),
    "documents.count": _("The record gives no number of copies; one original was taken."),
    "documents.cleaned": _("The end looked like the name of a file and was cut off. The record says:"),
    "documents.form": _("A form of its own belongs to this paper: build its questions into the form."),
    "documents.declaration": _("A declaration is filled in on paper so far: build its questions into the form."),
    "documents.no_match": _("Nghị quyết 66.7/2025/NQ-CP replaces a paper by a database, but no paper here is called so."),
    "documents.database": _("The database was not recognised; its name was kept as it is written."),
    # Form, route, outcome.
    "form.starter": _("The form asks only for the applicant: add the questions of the declaration."),
    "route.missing": _("The route is a bare beginning: no decision of the province was found for it."),
    "route.guessed": _("The steps come from a decision of a province: check the kind and the office of each."),
    "route.several": _("Several internal workflows are known for this procedure; the first was taken. The others:"),
    "route.office": _("No office is known for this desk."),
    "route.kind": _("What is done here was not recognised; it was taken as appraising."),
    "route.title": _("The text of the step is longer than 200 characters. All of it:"),
    "route.no_hours": _("The step has no hours."),
    "route.hand_over_hours": _("Handing over is not counted by law; its hours were left out."),
    "route.total": _("The hours of the steps do not sum to the total of the record."),
    "route.over_limit": _("The steps take more working hours than the limit allows."),
    "route.no_receive": _("No step receives the application."),
    "route.no_sign": _("No step signs the outcome."),
    "route.no_seal": _("No step seals the outcome."),
    "route.no_hand_over": _("No step hands over the outcome."),
    "route.after": _("Steps follow after handing over."),
    "route.empty": _("The workflow has no steps."),
    "route.name": _("The workflow has no name of its own."),
    "outcome.empty": _("The outcome has no template yet."),
}
"""Every reason there is, by its code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person has to look at: where in the content, which reason, and what the record says."""

    field: str
    code: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.code not in REASONS:
            raise KeyError(self.code)

    @property
    def reason(self) -> str:
        """The reason, to be translated where it is shown."""
        return REASONS[self.code]

    def kept(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {"field": self.field, "code": self.code, "reason": self.reason, "value": self.value}
