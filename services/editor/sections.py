"""The parts of a draft as the editor's pages have them: where each is edited and how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.catalogue import queries
from services.catalogue.models import VersionDraft
from services.catalogue.shapes import Problem

CHOOSING = frozenset({"editor_form", "editor_route", "editor_outcome"})
"""Pages that show one place of many: the address says which one in `?o=`."""

TITLES: Mapping[str, str | Promise] = {
    "editor_facts": _("Facts to publish"),
    "editor_papers": _("Circumstances and papers"),
    "editor_fees": _("Fees"),
    "editor_eligibility": _("Questions before filing"),
    "editor_form": _("Form"),
    "editor_route": _("Route"),
    "editor_outcome": _("Outcome"),
}
"""The pages on which a draft is edited, in order, by the name of their address."""

PAGE_OF: Mapping[str, str] = {
    "circumstances": "editor_papers",
    "documents": "editor_papers",
    "fees": "editor_fees",
    "eligibility": "editor_eligibility",
    "form": "editor_form",
    "route": "editor_route",
    "outcome": "editor_outcome",
}
"""The page on which a part of the content is edited; all other parts are facts."""

ITEMS = frozenset({"channels", "circumstances", "documents", "fees", "eligibility"})
"""Lists whose items have a place of their own on their page."""

OPTIONAL = frozenset({"editor_fees", "editor_eligibility"})
"""Pages that may stay empty."""


class State(StrEnum):
    """How far a section has come."""

    DONE = "done"
    EMPTY = "empty"
    WARNINGS = "warnings"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a draft. `problems` stop publishing, `warnings` do not."""

    name: str
    title: str | Promise
    href: str
    state: State
    problems: int
    warnings: int
    current: bool


def findings(draft: VersionDraft) -> list[Problem]:
    """Everything wrong with the draft, read once per draft object and revision."""
    known: tuple[int, list[Problem]] | None = draft.__dict__.get("_findings")
    if known is None or known[0] != draft.revision:
        known = (draft.revision, queries.draft_findings(draft))
        draft.__dict__["_findings"] = known
    return known[1]


def page_of(place: str) -> str:
    """Name of the page on which a place such as `route.tham-dinh` is edited."""
    return PAGE_OF.get(place.partition(".")[0], "editor_facts")


def findings_on(draft: VersionDraft, name: str) -> list[Problem]:
    """What is wrong on one page."""
    return [problem for problem in findings(draft) if page_of(problem.place) == name]


def shown_at(place: str) -> str:
    """The place at which a page shows what is wrong there: the item of a list, or the part as a whole."""
    if page_of(place) in CHOOSING:
        return place
    head, *rest = place.split(".")
    return f"{head}.{rest[0]}" if rest and head in ITEMS else head


def anchor(place: str) -> str:
    """The id on its page of the part at that place."""
    return place.replace(".", "-").replace("_", "-")


def address(draft: VersionDraft, place: str) -> str:
    """Where the part at that place is edited."""
    name = page_of(place)
    chosen = f"?o={place}" if name in CHOOSING else ""
    return f"{reverse(name, args=[draft.key])}{chosen}#{anchor(shown_at(place))}"


def sections(draft: VersionDraft, here: str = "") -> list[Section]:
    """The pages of a draft in order, each with its state; `here` is the name of the page's address."""
    found = findings(draft)
    return [_section(draft, name, title, found, here) for name, title in TITLES.items()]


def _section(draft: VersionDraft, name: str, title: str | Promise, found: Sequence[Problem], here: str) -> Section:
    mine = [problem for problem in found if page_of(problem.place) == name]
    stopping = sum(not problem.warning for problem in mine)
    return Section(
        name=name,
        title=title,
        href=reverse(name, args=[draft.key]),
        state=_state(draft, name, stopping, len(mine) - stopping),
        problems=stopping,
        warnings=len(mine) - stopping,
        current=here == name or here.startswith(f"{name}_"),
    )


def _state(draft: VersionDraft, name: str, problems: int, warnings: int) -> State:
    if problems:
        return State.PROBLEMS
    if warnings:
        return State.WARNINGS
    keys = [key for key, page in PAGE_OF.items() if page == name]
    empty = name in OPTIONAL and not any(draft.content.get(key) for key in keys)
    return State.EMPTY if empty else State.DONE
