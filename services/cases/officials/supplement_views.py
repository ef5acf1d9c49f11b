"""The officials' side of supplements: the request that lists everything, and the permission to ask once more."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from identity.offices.access import official
from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases import actions, queries, routing
from services.cases.models import CannedText, Case, WorkItem
from services.cases.officials.canned_parts import canned_into
from services.cases.officials.course_parts import seen_of
from services.cases.officials.queue_views import STALE, standing_of
from services.cases.officials.supplement_forms import AllowForm, RequestForm
from services.cases.officials.wording import ACTS
from services.cases.standing import checked_by
from services.cases.supplement_wording import NOT_NEEDED, SECOND

ACTION = "request_supplement"


def _item(request: HttpRequest, pk: int) -> WorkItem:
    try:
        item = queries.item_for_official(person_of(request), pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    if ACTION not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Http404
    return item


@official
def work_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what the applicant has to correct or add, say why, and send it as one request."""
    person = person_of(request)
    item = _item(request, pk)
    form = RequestForm(request.POST if request.method == "POST" else None, known=queries.askable(item.case))
    possible = any(choice.name == ACTION for choice in queries.actions_for(item, person))
    if request.method != "POST":
        if not possible:
            messages.warning(request, _("This cannot be done with this step as the case stands now."))
            return redirect("casework", number=item.case.number)
        return _request_page(request, item, form)
    if not form.is_valid():
        return _request_page(request, item, form, status=422)
    try:
        actions.request_supplement(item.pk, person, form.ask, seen=seen_of(request))
    except actions.Overtaken as overtaken:
        return _request_page(request, _item(request, pk), form, since=overtaken.since, status=409)
    except Refused as refused:
        if refused.code not in STALE and not refused.code.startswith("supplement."):
            raise
        if refused.field in form.fields:
            form.add_error(refused.field, refused.message)
            return _request_page(request, item, form, status=refused.status)
        return _request_page(request, _item(request, pk), form, problem=refused.message, status=refused.status)
    messages.success(request, str(ACTS[ACTION].done))
    return redirect("casework", number=item.case.number)


def _request_page(request: HttpRequest, item: WorkItem, form: RequestForm, *, status: int = 200, **more: Any) -> HttpResponse:
    case = item.case
    band, left = standing_of(item)
    unchecked = item.kind == routing.Kind.RECEIVE and case.accepted_at is None and case.filed_at is not None
    context = {
        "case": case,
        "item": item,
        "words": ACTS[ACTION],
        "form": form,
        "band": band,
        "left": left,
        "used_up": "" if queries.may_ask_again(case) else SECOND,
        "may_allow": queries.may_allow(case, person_of(request)),
        "is_further": case.supplements > 0,
        "checked_by": checked_by(case.filed_at, queries.calendar_of(case.agency)) if unchecked and case.filed_at else None,
        **canned_into(request, form, "reason", CannedText.Use.SUPPLEMENT, case),
        **more,
    }
    return render(request, "casework/supplement.html", context, status=status)


@official
def case_allow_supplement(request: HttpRequest, number: str) -> HttpResponse:
    """A head or leader allows one more request for a supplement."""
    person = person_of(request)
    try:
        case = queries.case_for_official(person, number)
    except Case.DoesNotExist:
        raise Http404 from None
    form = AllowForm(request.POST if request.method == "POST" else None)
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.allow_supplement(case.pk, person, form.cleaned_data["note"], seen=seen_of(request))
        except actions.Overtaken as overtaken:
            case, more, status = queries.case_for_official(person, number), {"since": overtaken.since}, 409
        except Refused as refused:
            more, status = {"problem": refused.message}, refused.status
        else:
            messages.success(request, str(ACTS["allow_supplement"].done))
            return redirect("casework", number=number)
    elif request.method != "POST" and not queries.may_allow(case, person):
        allowed = "allow_supplement" in queries.case_actions(case, person)
        messages.warning(request, str(NOT_NEEDED) if allowed else _("This cannot be done with this case as it stands now."))
        return redirect("casework", number=number)
    context = {"case": case, "words": ACTS["allow_supplement"], "form": form, "requests": queries.requests_of(case), **more}
    return render(request, "casework/supplement_allow.html", context, status=status)
