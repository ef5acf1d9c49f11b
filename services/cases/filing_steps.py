"""The way through an application: its steps, and where on them something is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from services.cases import queries
from services.cases.models import Case
from services.forms.definition import Definition, Kind

CHECKING = "kiem-tra"
"""Key of the last step, and value of ?sau= on a page that was opened from it: saving leads back there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of filling in, as the list beside the page shows it."""

    key: str
    title: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The way through an application and where on it a page stands."""

    items: list[Step]
    number: int

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.items)

    @property
    def title(self) -> str:
        """The name of this step."""
        return self.items[self.number - 1].title

    @property
    def before(self) -> str:
        """Address of the step before; of this one at the start."""
        return self.items[max(0, self.number - 2)].href

    @property
    def after(self) -> str:
        """Address of the next step."""
        return self.items[min(self.number, self.total - 1)].href


def steps_of(case: Case, definition: Definition, gaps: Sequence[queries.Gap], here: str) -> Steps:
    missing_pages = {gap.page_key for gap in gaps if gap.page_key}
    missing_choice = any(gap.key == "circumstance" for gap in gaps)
    missing_papers = any(gap.page_key is None and gap.key != "circumstance" for gap in gaps)
    found = [("bat-dau", _("Circumstance and agency"), reverse("file_choice", args=[case.key]), not missing_choice)]
    for page in definition.pages_shown(case.answers):
        asked = [field.key for field in definition.fields_shown(page, case.answers) if field.answers]
        answered = not asked or any(key in case.answers for key in asked)
        done = page.key not in missing_pages and answered
        found.append((page.key, page.title.said(), reverse("file_page", args=[case.key, page.key]), done))
    all_answered = all(done for *_rest, done in found)
    found.append(("giay-to", _("Papers"), reverse("file_documents", args=[case.key]), all_answered and not missing_papers))
    found.append((CHECKING, _("Check and file"), reverse("file_check", args=[case.key]), False))
    items = [
        Step(key, title, href, "current" if key == here else "done" if done else "waiting") for key, title, href, done in found
    ]
    return Steps(items, next(n for n, step in enumerate(items, 1) if step.key == here))


def place_of(case: Case, gap: queries.Gap) -> str:
    """Where the gap can be closed, down to the input."""
    if gap.page_key:
        return f"{reverse('file_page', args=[case.key, gap.page_key])}#{input_id(queries.definition_of(case), gap.key)}"
    if gap.key == "circumstance":
        return reverse("file_choice", args=[case.key])
    return f"{reverse('file_documents', args=[case.key])}#giay-to-{gap.key}"


INPUTS: Mapping[Kind, str] = {
    Kind.CHOICE: "_0",
    Kind.MULTIPLE_CHOICE: "_0",
    Kind.YES_NO: "_0",
    Kind.DATE: "_day",
    Kind.PROVINCE_WARD: "-ward",
    Kind.GROUP: "-rows",
}
"""What the first input of a question adds to its id, where that is not the only one."""


def input_id(definition: Definition, key: str) -> str:
    """Id of the first input of a question."""
    field = definition.field(key)
    listed = field.kind == Kind.CHOICE and field.display == "select"
    return f"id_{key}{'' if listed else INPUTS.get(field.kind, '')}"
