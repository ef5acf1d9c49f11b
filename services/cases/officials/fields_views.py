"""What an office notes down in its step: the page on which it is done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.offices.access import official
from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.models import WorkItem
from services.cases.officials.course_parts import seen_of
from services.cases.officials.fields_forms import fields_form
from services.cases.officials.queue_views import standing_of


@official
def work_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a held step; kept as a whole, and what was typed stays on the page when they cannot be."""
    person = person_of(request)
    try:
        item = queries.item_for_official(person, pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    form = fields_form(item, request.POST if request.method == "POST" else None)
    if form is None:
        raise Http404
    context = {"case": item.case, "item": item, "form": form, "since": (), "problem": ""}
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 200 if form.rearranged else 422
    elif request.method == "POST":
        try:
            actions.fill_fields(item.pk, person, form.answers(), seen=seen_of(request))
        except actions.Overtaken as overtaken:
            item.case.refresh_from_db(fields=["last_event"])
            context |= {"since": overtaken.since}
            status = 409
        except Refused as refused:
            context |= {"problem": refused.message}
            status = refused.status
        else:
            messages.success(request, _("Your notes of this step were kept."))
            return redirect(f"{reverse('casework', args=[item.case.number])}#viec")
    elif item.state != WorkItem.State.OPEN or item.claimed_by_id != person.pk:
        return redirect(f"{reverse('casework', args=[item.case.number])}#noi-bo")
    band, left = standing_of(item)
    return render(request, "casework/fields.html", {**context, "band": band, "left": left}, status=status)
