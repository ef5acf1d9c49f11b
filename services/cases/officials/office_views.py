"""The page of an office for those who work there: who is there, what each holds, how new work is given out."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from identity.offices import actions as offices
from identity.offices import queries as office_queries
from identity.offices.access import official
from identity.offices.models import Office
from identity.offices.powers import CASE_POWERS, Power
from identity.people.access import person_of
from services.cases.actions import assignment
from services.cases.officials.assignment_wording import reason_in_words, why_in_queue
from services.cases.officials.queue_views import standing_of
from services.cases.queries import assignment as reads


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item nobody holds: how it stands, who would get it and why, why it came back to the queue."""

    planned: reads.Planned
    band: str
    left: int
    reasons: list[str]
    history: str


def _office(request: HttpRequest, pk: int) -> Office:
    try:
        return reads.office_of_member(person_of(request), pk)
    except Office.DoesNotExist:
        raise Http404 from None


def _led(request: HttpRequest, pk: int) -> Office:
    office = _office(request, pk)
    if not office_queries.has_power(person_of(request), Power.LEAD, office):
        raise Http404
    return office


@official
def office_home(request: HttpRequest) -> HttpResponse:
    """The office of the person; with several, a list to choose from."""
    person = person_of(request)
    ids = set(office_queries.office_ids_where(person, *CASE_POWERS))
    mine = [post.office for post in office_queries.posts_of(person) if post.office_id in ids]
    if len(mine) == 1:
        return redirect("office", pk=mine[0].pk)
    return render(request, "casework/offices.html", {"offices": mine})


@official
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """The team and its work. A head can switch sharing out and give work to others."""
    person = person_of(request)
    found = _office(request, pk)
    team = reads.team(found)
    context = {
        "office": found,
        "team": team,
        "heads": office_queries.has_power(person, Power.LEAD, found),
        "me": person.pk,
        "waiting": [_waiting(one) for one in reads.plan(found)],
        "more": reads.unclaimed(found)[reads.PREVIEWED : reads.PREVIEWED + 1].exists(),
        "held": sum(one.load.items for one in team),
        "points": sum(one.load.points for one in team),
        "away": sum(one.away is not None for one in team),
        "day": reads.working_day(found),
    }
    return render(request, "casework/office.html", context)


def _waiting(planned: reads.Planned) -> Waiting:
    band, left = standing_of(planned.item)
    reasons = [reason_in_words(reason) for reason in planned.choice.reasons] if planned.choice else []
    return Waiting(planned, band, left, reasons, why_in_queue(planned.item))


@official
@require_POST
def office_sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch sharing out on or off."""
    found = _led(request, pk)
    on = request.POST.get("chia") == "1"
    offices.set_sharing(found, person_of(request), shares_out=on)
    if on:
        messages.success(request, _("New work is now shared out. What is in the queue follows within a few minutes."))
    else:
        messages.success(request, _("Work is no longer shared out. Colleagues take it from the queue."))
    return redirect("office", pk=pk)


@official
@require_POST
def office_share_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Share out now what nobody holds, or what a colleague who is away holds."""
    found = _led(request, pk)
    chosen = request.POST.get("nguoi", "")
    of_person = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    given, left = assignment.share_out_all(found, person_of(request), of_person)
    if given:
        said = ngettext("%(count)s work item was shared out.", "%(count)s work items were shared out.", given)
        messages.success(request, said % {"count": given})
    if left:
        said = ngettext("%(count)s work item stays where it is.", "%(count)s work items stay where they are.", left)
        messages.warning(request, said % {"count": left} + " " + _("Nobody who may do it is there."))
    if not given and not left:
        messages.info(request, _("There was nothing to share out."))
    return redirect("office", pk=pk)
