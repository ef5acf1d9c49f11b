"""Whose a work item is: handed to a colleague, taken back by a head."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases import queries
from services.cases.actions import assignment
from services.cases.actions.events import Overtaken
from services.cases.models import Case, WorkItem
from services.cases.officials.assignment_forms import AssignForm, away_in_words
from services.cases.officials.course_parts import seen_of
from services.cases.queries import assignment as reads


def _item(request: HttpRequest, pk: int) -> WorkItem:
    try:
        return reads.item_to_give(person_of(request), pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None


@official
def work_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the item to a colleague: who could take it, with what they hold, and a word on the way."""
    person = person_of(request)
    item = _item(request, pk)
    takers = reads.takers(item)
    form = AssignForm(request.POST if request.method == "POST" else None, takers)
    context = {"item": item, "case": item.case, "form": form, "back": _back(request, item)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "casework/assign.html", context)
    to, note = form.cleaned_data["assignee"], form.cleaned_data["note"]
    try:
        assignment.assign(item.pk, to, person, note, seen=seen_of(request))
    except Overtaken as overtaken:
        case = Case.objects.get(pk=item.case_id)
        return render(request, "casework/assign.html", {**context, "case": case, "since": overtaken.since}, status=409)
    except Refused as refused:
        if refused.field not in form.fields:
            messages.error(request, refused.message)
            return _away_from(request, item)
        form.add_error(refused.field, refused.message)
        return render(request, "casework/assign.html", context)
    name, away = next((taker.full_name, absence) for taker, _load, absence in takers if taker.pk == to)
    messages.success(request, _("%(step)s is now with %(name)s.") % {"step": item.title, "name": name})
    if away:
        messages.warning(request, f"{name}: {away_in_words(away)}.")
    return _away_from(request, item)


@official
@require_POST
def work_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the queue of the office, by its holder or by a head."""
    item = _item(request, pk)
    try:
        assignment.take_back(item.pk, person_of(request), seen=seen_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back: %(step)s. Colleagues can take it now.") % {"step": item.title})
    return _away_from(request, item)


def _back(request: HttpRequest, item: WorkItem) -> str:
    """Where the person came from, where that is a page of ours."""
    wanted = request.POST.get("ve") or request.GET.get("ve", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def _away_from(request: HttpRequest, item: WorkItem) -> HttpResponse:
    """Back to where the person came from; whoever has no access to the case goes to the queue."""
    if back := _back(request, item):
        return redirect(back)
    if queries.cases_for_official(person_of(request)).filter(pk=item.case_id).exists():
        return redirect("casework", number=item.case.number)
    return redirect("queue")
