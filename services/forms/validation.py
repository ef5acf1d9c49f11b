"""RULE: from what a person typed to answers that can be kept, or to what they should do about it.

Questions that are not asked are not checked and their answers are dropped; calculated values follow the answers and are never
taken from what was sent. How one answer is cleaned, kind by kind, is in `cleaning`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.kit import clock
from portal.kit.folding import fold
from services.forms.cleaning import Wrong, WrongParts, clean, nothing_given
from services.forms.fields import Field, Page
from services.forms.form import Definition, Shown, rows_kept, walk_row
from services.forms.kinds import PLACES, Kind
from services.forms.wording import Complaint

REQUESTS = ("ghi ", "nêu ", "mô tả ", "trình bày ", "kê khai ", "cho biết ", "nhập ", "điền ")
"""Labels that already say what to do."""
CHOOSING = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.MULTIPLE_CHOICE, Kind.GENDER, Kind.ETHNIC_GROUP, Kind.COUNTRY})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Answers to keep, and complaints by path: `owner_name`, `members.0.name` inside a group's first row, `account.number`
    about one input of a question that has several.

    `parts` tells for a date or a place which of its inputs a complaint is about.
    """

    values: dict[str, Any]
    errors: dict[str, Complaint]
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must still be answered; `page_key` is None for files, which are attached on a page of their own."""

    page_key: str | None
    field_key: str
    message: Complaint


def clean_page(
    definition: Definition, page_key: str, raw: Mapping[str, Any], answers: Mapping[str, Any], today: date | None = None
) -> Cleaned:
    """What the person answered on one page; `answers` are those of the other pages. Raises KeyError for an unknown page."""
    return page_with(definition, page_key, raw, answers, today)[0]


def page_with(
    definition: Definition, page_key: str, raw: Mapping[str, Any], answers: Mapping[str, Any], today: date | None = None
) -> tuple[Cleaned, Shown]:
    """The same, with what is asked and counts when these are the answers."""
    page = definition.page(page_key)
    cleaner = _Cleaner(today or clock.today(), kept=False)
    own = {one.key for one in page.fields}

    def take(one: Field, counted: Mapping[str, Any]) -> Any:
        if one.key in own:
            return cleaner.take(one, raw.get(one.key), counted)
        return rows_kept(one, answers.get(one.key), counted)

    shown = definition.walk(take)
    return cleaner.cleaned(page, shown), shown


def unanswered(
    definition: Definition, answers: Mapping[str, Any], attached: Collection[str], today: date | None = None
) -> list[Gap]:
    """What still has to be answered or attached before filing, in the order of the form. Kept answers are checked again."""
    today = today or clock.today()
    gaps: list[Gap] = []
    shown = definition.shown(answers)
    cleaner = _Cleaner(today, kept=True)
    for page in definition.pages:
        if page.key not in shown.fields:
            continue
        for one in shown.fields[page.key]:
            if one.kind == Kind.ATTACHMENT and one.required and one.key not in attached:
                gaps.append(Gap(None, one.key, missing(one).complaint))
            elif one.asks:
                cleaner.take(one, shown.answers.get(one.key), shown.answers)
        gaps += [
            Gap(page.key, path.partition(".")[0], complaint) for path, complaint in cleaner.cleaned(page, shown).errors.items()
        ]
    return gaps


class _Cleaner:
    """Cleans answers one by one as they are asked, and collects the complaints."""

    def __init__(self, today: date, *, kept: bool) -> None:
        self.today = today
        self.kept = kept
        self.errors: dict[str, dict[str, Complaint]] = {}
        self.parts: dict[str, tuple[str, ...]] = {}

    def take(self, one: Field, given: Any, counted: Mapping[str, Any]) -> Any:
        """The answer to keep; None when there is none or it cannot be kept."""
        complaints = self.errors[one.key] = {}
        if one.repeats:
            return self.rows(one, given, counted, complaints)
        return self.answer(one, given, counted, one.key, complaints)

    def answer(self, one: Field, given: Any, counted: Mapping[str, Any], path: str, complaints: dict[str, Complaint]) -> Any:
        try:
            value = clean(one, given, self.today, self.kept)
            if value is None and one.required:
                raise missing(one)
            if one.name_field and value is not None:
                _same_name(value["name"], counted.get(one.name_field))
        except WrongParts as wrong:
            complaints.update({f"{path}.{part}": complaint for part, complaint in wrong.complaints.items()})
            return None
        except Wrong as wrong:
            complaints[path] = wrong.complaint
            if wrong.parts:
                self.parts[path] = wrong.parts
            return None
        return value

    def rows(self, group: Field, given: Any, counted: Mapping[str, Any], complaints: dict[str, Complaint]) -> Any:
        """Rows left blank are dropped, except where rows are required: there the person is told what to fill in."""
        if given is not None and not isinstance(given, list | tuple):
            complaints[group.key] = Complaint("not_rows")
            return None
        rows: list[dict[str, Any]] = []
        for n, row in enumerate((given or ())[: group.at_most + 1]):
            entry = row if isinstance(row, Mapping) else {}
            needed = n < group.at_least
            if not needed and _is_blank_row(group, entry):
                continue
            found: dict[str, Complaint] = {}
            values = self.row(group, entry, counted, f"{group.key}.{n}", found)
            asked = {inner.key for inner in group.fields if inner.asks}
            if not needed and not asked & set(values) and not found:
                # Only what is not asked in this row was filled in: that is a blank row too.
                continue
            rows.append(values)
            complaints.update(found)
        if len(rows) < group.at_least:
            complaints[group.key] = Complaint("too_few_rows", least=group.at_least, question=group.label)
        elif len(rows) > group.at_most:
            complaints[group.key] = Complaint("too_many_rows", most=group.at_most, question=group.label)
        elif rows:
            return rows
        return None

    def row(
        self, group: Field, entry: Mapping[str, Any], counted: Mapping[str, Any], path: str, complaints: dict[str, Complaint]
    ) -> dict[str, Any]:
        found: dict[str, dict[str, Complaint]] = {}

        def take(inner: Field, known: Mapping[str, Any]) -> Any:
            own = found.setdefault(inner.key, {})
            return self.answer(inner, entry.get(inner.key), known, f"{path}.{inner.key}", own)

        values = walk_row(group, take, counted)[1]
        for inner in group.fields:
            complaints.update(found.get(inner.key, {}))
        return values

    def cleaned(self, page: Page, shown: Shown) -> Cleaned:
        """What was found on the page, in its order."""
        values = {one.key: shown.answers[one.key] for one in page.fields if one.asks and one.key in shown.answers}
        errors = {path: complaint for one in page.fields for path, complaint in self.errors.get(one.key, {}).items()}
        return Cleaned(values, errors, {path: parts for path, parts in self.parts.items() if path in errors})


def _is_blank_row(group: Field, row: Mapping[str, Any]) -> bool:
    return all(nothing_given(one, row.get(one.key)) for one in group.fields if one.asks)


def _same_name(signed: str, name: Any) -> None:
    """A declaration carries the name of the person who makes it."""
    if isinstance(name, str) and _folded(signed) != _folded(name):
        raise WrongParts({"name": Complaint("other_signature", name=name)})


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def missing(one: Field) -> Wrong:
    """The complaint that a required answer is missing."""
    if one.kind in CHOOSING:
        return Wrong("missing_choice", question=one.label)
    if one.kind in PLACES:
        return Wrong("missing_place", question=one.label)
    if one.kind == Kind.ATTACHMENT:
        return Wrong("missing_attachment", label=one.label)
    if one.kind == Kind.DECLARATION:
        return Wrong("missing_declaration")
    if one.label.endswith("?") or one.label.lower().startswith(REQUESTS):
        return Wrong("missing_answer", question=one.label)
    return Wrong("missing_text", label=one.label)


__all__ = ["Cleaned", "Gap", "Wrong", "clean", "clean_page", "missing", "page_with", "unanswered"]
