"""The officials' queue: what is at one's desks, the next most urgent item, search."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.offices.powers import CASE_POWERS, Power
from identity.offices.queries import posts_of, powers_of
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, queue_filters
from services.cases.models import Label, WorkItem
from services.cases.officials.bulk_parts import bulk_part
from services.cases.officials.queue_forms import QueueFilter
from services.cases.officials.queue_parts import case_address
from services.cases.officials.queue_wording import COLUMNS, EMPTY, TABS, WAITS
from services.cases.queries import desk
from services.cases.queries import queue as lists
from services.cases.queries.finding import FOUND_CAP, matching
from services.cases.queue_filters import SLUGS, VIEWS, Filters, QueueView

STALE = frozenset({"work.closed", "work.held", "work.unclaimed", "case.state", "case.power"})
"""Refusals after which the page on the screen no longer shows how things stand."""
NEXT_TRIES = 20


def asked_by_htmx(request: HttpRequest, target: str) -> bool:
    """Whether only the part with that id is asked for."""
    return getattr(getattr(request, "htmx", None), "target", None) == target


@dataclass(frozen=True, slots=True)
class Row:
    """One work item in the queue. `left` are working minutes, negative when overdue; none once it is finished."""

    item: WorkItem
    band: str
    left: int | None
    mine: bool
    open: bool
    from_agency: str
    waits: str | Promise
    labels: list[Label]
    href: str


def _row(item: WorkItem, person: Person, filters: Filters, labels: list[Label]) -> Row:
    band, left = _standing_in_list(item)
    # The competent agency is worth saying where the desk is not one of its own.
    agency = "" if item.office.path.startswith(item.case.agency.path) else item.case.agency.name
    return Row(
        item=item,
        band=band,
        left=left,
        mine=item.claimed_by_id == person.pk,
        open=item.state == WorkItem.State.OPEN,
        from_agency=agency,
        waits=WAITS.get(item.case.state, ""),
        labels=labels,
        href=case_address(item, filters),
    )


def _standing_in_list(item: WorkItem) -> tuple[str, int | None]:
    if item.state != WorkItem.State.OPEN:
        late = item.finished_at is not None and item.finished_at > item.due_at
        return ("overdue" if late else "done"), None
    return standing_of(item)


def standing_of(item: WorkItem) -> tuple[str, int]:
    """Colour band and working minutes left; while the case waits for its applicant both stand still."""
    if desk.is_waiting(item) and item.case.paused_at is not None:
        return "paused", queries.minutes_left(item, item.case.paused_at)
    now = clock.now()
    return str(queries.band(item, now)), queries.minutes_left(item, now)


@official
def queue(request: HttpRequest) -> HttpResponse:
    """Work in deadline order, by tab and filters. With htmx only the list is answered."""
    person = person_of(request)
    filters = Filters.read(request.GET)
    choices = lists.choices(person)
    words = matching(person, filters.text)
    page = lists.queue_page(person, filters, request.GET.get("sau"), words)
    counts = lists.tab_counts(person, filters, words)
    labels = lists.labels_of_cases([item.case_id for item in page.items], choices.labels)
    title, text = EMPTY[filters.view]
    columns = queue_filters.columns(desk.settings_of(person).columns, several_offices=len(posts_of(person)) > 1)
    bulk = bulk_part(person)
    context = {
        **bulk,
        "marks": bool(bulk["bulk_kinds"]) and filters.view not in (QueueView.ELSEWHERE, QueueView.FINISHED),
        "rows": [_row(item, person, filters, labels.get(item.case_id, [])) for item in page.items],
        "columns": [{"name": name, "label": COLUMNS[name]} for name in columns],
        "labels_apart": "labels" in columns,
        "page": page,
        "tab": SLUGS[filters.view],
        "tabs": [
            {"slug": slug, "label": TABS[view], "count": counts[view], "current": view is filters.view}
            for slug, view in VIEWS.items()
        ],
        "filters": QueueFilter(filters, choices),
        "list_query": filters.query(),
        "filtered": filters.filtered,
        "finished": filters.view is QueueView.FINISHED,
        "saved": [
            {"filter": one, "query": Filters.read(one.query).query(), "editable": lists.may_remove(one, person)}
            for one in lists.saved_filters(person)
        ],
        "to_claim": counts[QueueView.UNCLAIMED].count,
        "empty": {"title": title, "text": text},
        "has_desk": bool(powers_of(person).intersection(CASE_POWERS)),
        "receives": Power.RECEIVE in powers_of(person),
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
    """Cases by number, names or answers, among all that the person may see, finished ones too."""
    text = request.GET.get("q", "")[:80].replace("\0", "").strip()
    found = queries.find_cases(person_of(request), text)
    if len(found) == 1 and text.upper() == found[0].number:
        return redirect("casework", number=found[0].number)
    return render(request, "casework/find.html", {"text": text, "cases": found, "capped": len(found) == FOUND_CAP})
