"""What pages about one case need of the list it was opened from."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from identity.people.access import person_of
from services.cases.models import Case, WorkItem
from services.cases.officials.queue_wording import TABS
from services.cases.queries import queue
from services.cases.queue_filters import Filters


@dataclass(frozen=True, slots=True)
class Around:
    """The list a case was opened from, and the cases before and after it there."""

    title: str
    back: str
    before: str
    after: str


def case_address(item: WorkItem, filters: Filters) -> str:
    """The case's page, with the list it is opened from."""
    return f"{reverse('casework', args=[item.case.number])}?{urlencode({'ds': filters.query(), 'muc': item.pk})}"


def neighbours(request: HttpRequest, case: Case) -> dict[str, Any]:
    """For casework/neighbours.html: nothing when the case was not opened from a list. Three queries, four with a text."""
    pk = request.GET.get("muc", "")
    if "ds" not in request.GET or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return {"around": None}
    filters = Filters.read_query(request.GET["ds"])
    found = queue.neighbours(person_of(request), filters, int(pk))
    query = filters.query()
    around = Around(
        title=str(TABS[filters.view]),
        back=reverse("queue") + (f"?{query}" if query else ""),
        before=case_address(found.before, filters) if found.before else "",
        after=case_address(found.after, filters) if found.after else "",
    )
    return {"around": around}
