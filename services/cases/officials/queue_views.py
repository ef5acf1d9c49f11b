"""The officials' queue: what is at one's desks, the next most urgent item, search."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.offices.powers import CASE_POWERS, Power
from identity.offices.queries import posts_of, powers_of
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.models import WorkItem
from services.cases.officials.forms import QueueFilter
from services.cases.officials.wording import EMPTY, TABS
from services.cases.queries import QueueView, desk
from services.cases.queries.official import FOUND_CAP

STALE = frozenset({"work.closed", "work.held", "work.unclaimed", "case.state", "case.power"})
"""Refusals after which the page on the screen no longer shows how things stand."""
NEXT_TRIES = 20

VIEWS: Mapping[str, QueueView] = {
    "tat-ca": QueueView.ALL,
    "can-nhan": QueueView.UNCLAIMED,
    "cua-toi": QueueView.MINE,
    "sap-han": QueueView.SOON,
    "qua-han": QueueView.OVERDUE,
    "cho-dan": QueueView.WAITING,
}
"""The queue's tabs in addresses."""


def asked_by_htmx(request: HttpRequest, target: str) -> bool:
    """Whether only the part with that id is asked for."""
    return getattr(getattr(request, "htmx", None), "target", None) == target


@dataclass(frozen=True, slots=True)
class Row:
    """One work item in the queue. `left` are working minutes, negative when overdue."""

    item: WorkItem
    band: str
    left: int
    mine: bool
    from_agency: str


def _row(item: WorkItem, person: Person) -> Row:
    band, left = standing_of(item)
    # The competent agency is worth saying where the desk is not one of its own.
    agency = "" if item.office.path.startswith(item.case.agency.path) else item.case.agency.name
    return Row(item, band, left, item.claimed_by_id == person.pk, agency)


def standing_of(item: WorkItem) -> tuple[str, int]:
    """Colour band and working minutes left; while the case waits for its applicant both stand still."""
    if desk.is_waiting(item) and item.case.paused_at is not None:
        return "paused", queries.minutes_left(item, item.case.paused_at)
    now = clock.now()
    return str(queries.band(item, now)), queries.minutes_left(item, now)


@official
def queue(request: HttpRequest) -> HttpResponse:
    """Open work at the person's desks, in deadline order. With htmx only the list is answered."""
    person = person_of(request)
    tab = request.GET.get("xem", "")
    tab = tab if tab in VIEWS else "tat-ca"
    filters = QueueFilter(request.GET, desk.procedures_at_desk(person))
    page = desk.queue_page(person, VIEWS[tab], filters.text, filters.procedure, request.GET.get("sau"))
    counts = desk.tab_counts(person, filters.text, filters.procedure)
    title, text = EMPTY[VIEWS[tab]]
    context = {
        "rows": [_row(item, person) for item in page.items],
        "page": page,
        "tab": tab,
        "tabs": [
            {"slug": slug, "label": TABS[view], "count": counts[view], "current": slug == tab} for slug, view in VIEWS.items()
        ],
        "filters": filters,
        "filtered": bool(filters.text or filters.procedure),
        "to_claim": counts[QueueView.UNCLAIMED].count,
        "empty": {"title": title, "text": text},
        "has_desk": bool(powers_of(person).intersection(CASE_POWERS)),
        "many_offices": len(posts_of(person)) > 1,
        "supervises": Power.SUPERVISE in powers_of(person),
    }
    template = "casework/queue_list.html" if asked_by_htmx(request, "queue") else "casework/queue.html"
    return render(request, template, context)


@official
@require_POST
def work_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent item nobody holds and open its case."""
    person = person_of(request)
    for _try in range(NEXT_TRIES):
        item = queries.next_item(person)
        if item is None:
            break
        try:
            actions.claim(item.pk, person)
        except Refused as refused:
            # A colleague was quicker: on to the next one.
            if refused.code in STALE:
                continue
            raise
        messages.success(request, _("Taken: %(step)s.") % {"step": item.title})
        return redirect("casework", number=item.case.number)
    messages.info(request, _("Nothing is left to claim at your offices."))
    return redirect("queue")


@official
def casework_find(request: HttpRequest) -> HttpResponse:
    """Cases by number or applicant's name, among all that the person may see, finished ones too."""
    text = request.GET.get("q", "")[:80].replace("\0", "").strip()
    found = queries.find_cases(person_of(request), text)
    if len(found) == 1 and text.upper() == found[0].number:
        return redirect("casework", number=found[0].number)
    return render(request, "casework/find.html", {"text": text, "cases": found, "capped": len(found) == FOUND_CAP})
