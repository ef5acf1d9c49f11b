"""What an official does with a work item: take it, give it back, act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.people import actions as people
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, routing
from services.cases.models import Case, WorkItem
from services.cases.officials.canned_parts import canned_into
from services.cases.officials.canned_wording import USES
from services.cases.officials.case_page import Typed, action_form, case_of, whole
from services.cases.officials.course_parts import page_of, seen_of
from services.cases.officials.forms import ActionForm
from services.cases.officials.queue_views import STALE, standing_of
from services.cases.officials.wording import PAGES, wording
from services.cases.queries import ActionChoice, desk
from services.cases.wording import REFUSALS


def _item(request: HttpRequest, pk: int) -> WorkItem:
    try:
        return queries.item_for_official(person_of(request), pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None


@official
@require_POST
def work_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item and open its case; the page says who was quicker if somebody was."""
    item = _item(request, pk)
    try:
        actions.claim(item.pk, person_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("casework", number=item.case.number)


@official
@require_POST
def work_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an item back to the queue; back to the page it was done on."""
    item = _item(request, pk)
    try:
        actions.release(item.pk, person_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back: %(step)s. Colleagues can take it now.") % {"step": item.title})
    back = request.POST.get("ve", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("casework", number=item.case.number)


@official
def work_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action of an item the person holds: the form with what it leads to, then the deed."""
    person = person_of(request)
    item = _item(request, pk)
    if action not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Http404
    if action in PAGES:
        return redirect(page_of(item, action))
    choice = next((choice for choice in queries.actions_for(item, person) if choice.name == action), None)
    if choice is None:
        return _overtaken(request, item, _why_not(item, person))
    form = action_form(item, choice, request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.is_valid() and _password_confirmed(form, choice, person):
        try:
            actions.act(item.pk, action, person, form.cleaned_data["note"], form.assignee_id, seen=seen_of(request))
        except actions.Overtaken as overtaken:
            fresh = _page(request, _item(request, pk), choice, form, person)
            return render(request, "casework/act.html", {**fresh, "since": overtaken.since}, status=409)
        except Refused as refused:
            if refused.code in STALE:
                return _overtaken(request, _item(request, pk), refused.message)
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
            else:
                problem = refused.message
        else:
            messages.success(request, str(wording(action, item.kind).done))
            return redirect("casework", number=item.case.number)
    status = 409 if problem and not form.errors else 200
    return render(request, "casework/act.html", _page(request, item, choice, form, person, problem), status=status)


def _page(
    request: HttpRequest, item: WorkItem, choice: ActionChoice, form: ActionForm, person: Person, problem: str = ""
) -> dict[str, Any]:
    context = _act_page(item, choice, form, person, problem)
    if choice.name in USES:
        context |= canned_into(request, form, "note", USES[choice.name], item.case)
    return context


def _act_page(item: WorkItem, choice: ActionChoice, form: ActionForm, person: Person, problem: str) -> dict[str, Any]:
    band, left = standing_of(item)
    return {
        "case": item.case,
        "item": item,
        "words": wording(choice.name, item.kind),
        "form": form,
        "problem": problem,
        "band": band,
        "left": left,
        "preview": queries.outcome_preview(item, person) if choice.needs_password else None,
        "signed": _to_be_sealed(item.case) if item.kind == routing.Kind.SEAL else None,
        "promise": desk.promise_if_accepted_now(item.case) if choice.name == "accept" else None,
    }


def _to_be_sealed(case: Case) -> str:
    """Address of the signed outcome; empty while it is still being drawn up."""
    drawn = [
        document for document in queries.documents_of(case, for_resident=False) if document.kind == "outcome" and document.file
    ]
    return reverse("casework_document", args=[case.number, drawn[-1].code]) if drawn else ""


def _password_confirmed(form: ActionForm, choice: ActionChoice, person: Person) -> bool:
    if not choice.needs_password:
        return True
    try:
        if people.confirm_password(person, form.cleaned_data["password"]):
            return True
        form.add_error("password", _("This is not your password. Nothing has been signed."))
    except Refused as locked:
        form.add_error("password", locked.message)
    return False


def _why_not(item: WorkItem, person: Person) -> str | Promise:
    """Why an item cannot be worked on as the page on the screen says."""
    if item.state != WorkItem.State.OPEN:
        if item.finished_by is None or item.finished_at is None:
            return _("This step is already closed.")
        if item.finished_by_id == person.pk:
            return _("You have finished this step already.")
        facts = {"name": item.finished_by.full_name, "at": f"{clock.local(item.finished_at):%H:%M %d/%m/%Y}"}
        return _("%(name)s finished this step at %(at)s.") % facts
    if item.claimed_by is None:
        return _("Take the work item first, so that two people do not do the same work.")
    if item.claimed_by_id != person.pk and item.claimed_at is not None:
        facts = {"name": item.claimed_by.full_name, "since": f"{clock.local(item.claimed_at):%H:%M %d/%m/%Y}"}
        return _("%(name)s has been working on this since %(since)s.") % facts
    return REFUSALS["state"]


def _overtaken(request: HttpRequest, item: WorkItem, reason: str | Promise) -> HttpResponse:
    """The case as it stands now, the reason on top, and what was typed kept on the page."""
    if request.method != "POST":
        messages.warning(request, str(reason))
        return redirect("casework", number=item.case.number)
    case = case_of(request, item.case.number or "")
    context = {**whole(request, case, Typed(action_note=request.POST.get("note", "").strip())), "problem": reason}
    return render(request, "casework/case.html", context, status=409)
