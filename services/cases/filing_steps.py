"""The way through an application: its steps, and where on them something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from services.cases import filling_time, queries
from services.cases.beginning import PARAMETER
from services.cases.models import Case
from services.forms import questions
from services.forms.definition import Definition

ELSEWHERE = frozenset({"circumstance", "behalf", "retired"})
"""Gaps that are closed neither by an answer nor by a file."""
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
    minutes: int = 0
    """How long what is still missing takes, about; 0 when nothing is."""

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


def address(name: str, case: Case, *args: object) -> str:
    """Address of a page of the application; until something of it is written, its choices travel along."""
    path = reverse(name, args=[case.key, *args])
    return f"{path}?{urlencode({PARAMETER: case.beginning})}" if case.beginning else path


def start_of(case: Case) -> str:
    """Address of the first step, where circumstance and agency are chosen."""
    return reverse("file_start", args=[case.version.procedure.code]) if case.beginning else address("file_choice", case)


def leaving(case: Case) -> str:
    """Where somebody finds the draft again who leaves it: in the account, at the counter, or at the start page of the procedure."""
    if case.clerk is not None:
        return reverse("counter_home")
    return reverse("my_cases") if case.applicant_id else reverse("file_start", args=[case.version.procedure.code])


def steps_of(case: Case, definition: Definition, gaps: Sequence[queries.Gap], here: str) -> Steps:
    missing_pages = {gap.page_key for gap in gaps if gap.page_key}
    missing_choice = any(gap.page_key is None and gap.key in ELSEWHERE for gap in gaps)
    papers_missing = sum(gap.page_key is None and gap.key not in ELSEWHERE for gap in gaps)
    found = [("bat-dau", _("Circumstance and agency"), start_of(case), not missing_choice)]
    for page in definition.pages_shown(case.answers):
        asked = [field.key for field in definition.fields_shown(page, case.answers) if field.answers]
        answered = not asked or any(key in case.answers for key in asked)
        done = page.key not in missing_pages and answered
        found.append((page.key, page.title.said(), address("file_page", case, page.key), done))
    all_answered = all(done for *_rest, done in found)
    found.append(("giay-to", _("Papers"), address("file_documents", case), all_answered and not papers_missing))
    found.append((CHECKING, _("Check and file"), address("file_check", case), False))
    items = [
        Step(key, title, href, "current" if key == here else "done" if done else "waiting") for key, title, href, done in found
    ]
    minutes = filling_time.minutes_left(case.version, definition, case.answers, papers_missing)
    return Steps(items, next(n for n, step in enumerate(items, 1) if step.key == here), minutes)


def first_step(case: Case) -> str:
    """Where filling in begins: the first page of questions, or the papers where nothing is asked."""
    return steps_of(case, queries.definition_of(case), [], "bat-dau").after


def place_of(case: Case, gap: queries.Gap) -> str:
    """Where the gap can be closed, down to the input."""
    if gap.page_key:
        return f"{address('file_page', case, gap.page_key)}#{input_id(queries.definition_of(case), gap.key)}"
    if gap.key == "circumstance":
        return start_of(case)
    if gap.key == "behalf":
        return address("file_behalf", case)
    if gap.key == "retired":
        return reverse("procedure", args=[case.version.procedure.code])
    return f"{address('file_documents', case)}#giay-to-{gap.key}"


def input_id(definition: Definition, key: str) -> str:
    """Id of the first input of a question."""
    return questions.input_id(definition.field(key), key)
