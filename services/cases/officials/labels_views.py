"""Labels: the lists of one's offices, and putting them on a case."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.offices.models import Office
from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases.actions import labels as actions
from services.cases.models import Case, Label
from services.cases.officials.labels_forms import LabelForm, chosen_office
from services.cases.queries import labels as queries
from services.cases.queries.canned import offices_at
from services.cases.queries.official import cases_for_official


def own_offices(request: HttpRequest) -> list[Office]:
    """Offices whose lists the person keeps; 403 for whoever handles no cases."""
    if not (found := offices_at(person_of(request))):
        raise PermissionDenied
    return found


def _own(request: HttpRequest, pk: int) -> Label:
    try:
        return queries.own_label(person_of(request), pk)
    except Label.DoesNotExist:
        raise Http404 from None


@official
def labels(request: HttpRequest) -> HttpResponse:
    """The labels of one's offices, and a new one."""
    offices = own_offices(request)
    form = LabelForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            label = actions.save_label(
                person_of(request), chosen_office(form, offices), name=given["name"], colour=given["colour"]
            )
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("The label “%(name)s” can be used now.") % {"name": label.name})
            return redirect("labels")
    lists = [(office, list(queries.labels_of(office))) for office in offices]
    return render(request, "casework/labels_list.html", {"lists": lists, "form": form}, status=422 if form.errors else 200)


@official
def label_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a label: its name and colour, wherever it is on a case already."""
    label = _own(request, pk)
    form = LabelForm(request.POST or None, initial={"name": label.name, "colour": label.colour})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            actions.save_label(person_of(request), label.office, name=given["name"], colour=given["colour"], label=label)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("The label was changed."))
            return redirect("labels")
    return render(request, "casework/labels_edit.html", {"label": label, "form": form}, status=422 if form.errors else 200)


@official
@require_POST
def label_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down, out of use or back into it."""
    person, label = person_of(request), _own(request, pk)
    match request.POST.get("do"):
        case "up" | "down" as way:
            actions.move_label(person, label, up=way == "up")
        case "retire" | "restore" as way:
            actions.set_label_active(person, label, active=way == "restore")
    return redirect("labels")


@official
@require_POST
def casework_label(request: HttpRequest, number: str) -> HttpResponse:
    """Put a label on the case (`label`) or take one off (`off`)."""
    person = person_of(request)
    pk = request.POST.get("off") or request.POST.get("label") or ""
    change = actions.take_off if request.POST.get("off") else actions.put
    try:
        case = cases_for_official(person).get(number=number)
        if pk.isascii() and pk.isdigit() and len(pk) < 19:
            change(case.pk, int(pk), person)
    except (Case.DoesNotExist, Label.DoesNotExist):
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("casework", number=number)
