"""What pages that move a case share: where an action is done, what the person had seen, the menu of the case."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from identity.people.models import Person
from services.cases import queries, routing
from services.cases.models import Case, WorkItem
from services.cases.officials.wording import ACTS, CASE_PAGES, PAGES, Wording


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One action on a case as a whole: its words and its page."""

    name: str
    words: Wording
    href: str


def page_of(item: WorkItem, action: str) -> str:
    """Where the action is done with the item."""
    if action in PAGES:
        return reverse(PAGES[action], args=[item.pk])
    return reverse("work_act", args=[item.pk, action])


def case_menu(case: Case, person: Person) -> list[MenuEntry]:
    """What the person may do with the case as a whole now."""
    possible = queries.case_actions(case, person)
    return [
        MenuEntry(name, ACTS[name], reverse(page, args=[case.number])) for name, page in CASE_PAGES.items() if name in possible
    ]


def seen_of(request: HttpRequest) -> int | None:
    """The number of the last event that was there when the page was opened; None where a page does not say."""
    text = request.POST.get("_seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def consults_of(items: Iterable[WorkItem]) -> list[WorkItem]:
    """What other offices were asked, in the route and besides it, in the order it was asked."""
    return [item for item in items if item.kind == routing.Kind.CONSULT]
