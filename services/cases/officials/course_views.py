"""Pages that move a case: back to a step, to other offices, to another agency, to a new date, to its end and open again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from identity.offices.access import official
from identity.people import actions as people
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, extensions, queries, routing
from services.cases.models import Case, Extension, WorkItem
from services.cases.officials import course_forms
from services.cases.officials.course_parts import seen_of
from services.cases.officials.queue_views import standing_of
from services.cases.officials.wording import ACTS

Do = Callable[[dict[str, Any], int | None], object]


def _item(request: HttpRequest, pk: int, action: str) -> WorkItem:
    """A work item whose kind of step has the action; 404 for strangers."""
    try:
        item = queries.item_for_official(person_of(request), pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    if action not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Http404
    return item


def _case(request: HttpRequest, number: str) -> Case:
    try:
        return queries.case_for_official(person_of(request), number)
    except Case.DoesNotExist:
        raise Http404 from None


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _can(request: HttpRequest, case: Case, item: WorkItem | None, action: str) -> bool:
    person = person_of(request)
    if item is None:
        return action in queries.case_actions(case, person)
    return any(choice.name == action for choice in queries.actions_for(item, person))


def _page(
    request: HttpRequest,
    action: str,
    case: Case,
    form: forms.Form,
    do: Do,
    *,
    item: WorkItem | None = None,
    template: str = "casework/course_act.html",
    needs: str = "",
    **more: Any,
) -> HttpResponse:
    """The form with what it leads to, then the deed. What was typed stays on the page whatever the answer is.

    Shown to who may do `needs`, which is the action itself unless said.
    """
    status = 200
    if request.method != "POST":
        if not _can(request, case, item, needs or action):
            messages.warning(request, _("This cannot be done now: the case has moved on. The page shows how it stands."))
            return redirect("casework", number=case.number)
    elif form.is_valid() and _password_confirmed(form, person_of(request)):
        try:
            do(form.cleaned_data, seen_of(request))
        except (Case.DoesNotExist, WorkItem.DoesNotExist):
            raise Http404 from None
        except actions.Overtaken as overtaken:
            case.refresh_from_db(fields=["last_event"])
            more["since"], status = overtaken.since, 409
        except Refused as refused:
            status = refused.status
            field = {"question": "note"}.get(refused.field, refused.field)
            if field in form.fields:
                form.add_error(field, refused.message)
            else:
                more["problem"] = refused.message
        else:
            messages.success(request, str(ACTS[action].done))
            return redirect("casework", number=case.number)
    else:
        status = 422
    band, left = standing_of(item) if item else ("", 0)
    context = {"case": case, "item": item, "words": ACTS[action], "form": form, "band": band, "left": left, **more}
    return render(request, template, context, status=status)


def _password_confirmed(form: forms.Form, person: Person) -> bool:
    if "password" not in form.fields:
        return True
    try:
        if people.confirm_password(person, form.cleaned_data["password"]):
            return True
        form.add_error("password", _("This is not your password. Nothing has been signed."))
    except Refused as locked:
        form.add_error("password", locked.message)
    return False


# With a work item


@official
def work_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the case back to a step that was done before."""
    item, by = _item(request, pk, "return_step"), person_of(request)
    steps = queries.returnable(item)
    form = course_forms.StepForm(_data(request), words=ACTS["return_step"], steps=steps)
    none = "" if steps else _("No step was done before this one.")
    return _page(
        request,
        "return_step",
        item.case,
        form,
        lambda said, seen: actions.return_step(item.pk, by, said["step"], said["note"], seen=seen),
        item=item,
        nothing=none,
    )


@official
def work_consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask other offices; see who was asked already, and call a question off."""
    item, by = _item(request, pk, "consult"), person_of(request)
    words, asked = ACTS["consult"], queries.asked_by(item)
    chosen = [int(key) for key in request.POST.getlist("offices") if key.isascii() and key.isdigit()]
    offices = queries.offices_to_ask(item, request.POST.get("text", ""), chosen)
    template = "casework/course_consult.html"
    if request.method == "POST" and "find" in request.POST:
        typed = {**request.POST.dict(), "offices": request.POST.getlist("offices")}
        form = course_forms.ConsultForm(words=words, offices=offices, initial=typed)
        band, left = standing_of(item)
        context = {"case": item.case, "item": item, "words": words, "form": form, "band": band, "left": left, "asked": asked}
        return render(request, template, context)
    form = course_forms.ConsultForm(_data(request), words=words, offices=offices)

    def ask(said: dict[str, Any], seen: int | None) -> object:
        keys = [int(key) for key in said["offices"]]
        return actions.consult(item.pk, by, keys, said["note"], said["hours"], said["silence"], seen=seen)

    return _page(request, "consult", item.case, form, ask, item=item, template=template, asked=asked)


@official
def work_call_off(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Take back a question that an office has not answered yet."""
    item, by = _item(request, pk, "consult"), person_of(request)
    one = next((one for one in queries.asked_by(item) if one.item.pk == question), None)
    if one is None:
        raise Http404
    if not one.open and request.method != "POST":
        messages.info(request, _("This office has answered already, or is no longer asked."))
        return redirect("casework", number=item.case.number)
    form = course_forms.CourseForm(_data(request), words=ACTS["call_off_consult"])

    def call_off(said: dict[str, Any], seen: int | None) -> object:
        return actions.call_off_consult(question, by, said["note"], seen=seen)

    facts = [(_("Office asked"), one.item.office.name), (_("Question"), one.item.question)]
    return _page(request, "call_off_consult", item.case, form, call_off, item=item, needs="consult", facts=facts)


@official
def work_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what one's office is asked."""
    item, by = _item(request, pk, "give_opinion"), person_of(request)
    form = course_forms.OpinionForm(_data(request), words=ACTS["give_opinion"])
    facts = [(_("Question"), item.question)] if item.question else []
    return _page(
        request,
        "give_opinion",
        item.case,
        form,
        lambda said, seen: actions.give_opinion(item.pk, by, said["result"], said["note"], seen=seen),
        item=item,
        facts=facts,
        silent=item.silence,
    )


@official
def work_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the applicant for money."""
    item, by = _item(request, pk, "request_payment"), person_of(request)
    form = course_forms.PaymentForm(_data(request), words=ACTS["request_payment"])
    return _page(
        request,
        "request_payment",
        item.case,
        form,
        lambda said, seen: actions.request_payment(item.pk, by, said["amount"], said["note"], seen=seen),
        item=item,
    )


@official
def work_payment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the applicant has paid."""
    item, by = _item(request, pk, "confirm_payment"), person_of(request)
    form = course_forms.ReceiptForm(_data(request))
    return _page(
        request,
        "confirm_payment",
        item.case,
        form,
        lambda said, seen: actions.confirm_payment(item.pk, by, said["receipt"], seen=seen),
        item=item,
    )


@official
def work_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the outcome to the applicant or to whom they sent."""
    item, by = _item(request, pk, "hand_over"), person_of(request)
    known = {"initial": {"recipient": item.case.filed_by.full_name}}
    form = course_forms.HandOverForm(_data(request), words=ACTS["hand_over"], **known)

    def give(said: dict[str, Any], seen: int | None) -> object:
        facts = (said["means"], said["recipient"], said["relation"], said["tracking"], said["note"])
        return actions.hand_over(item.pk, by, *facts, seen=seen)

    return _page(request, "hand_over", item.case, form, give, item=item)


# With the case as a whole


@official
def case_extension(request: HttpRequest, number: str) -> HttpResponse:
    """Prepare the apology with a new date, or change the one that is prepared."""
    case, by = _case(request, number), person_of(request)
    calendar, prepared = queries.calendar_of(case.agency), queries.extension_of(case)
    now = clock.now()
    day = extensions.earliest(case.due_at or now, now, calendar)
    if prepared is not None:
        day = max(day, clock.local(prepared.due_after).date())
    form = course_forms.ExtensionForm(
        _data(request), words=ACTS["prepare_extension"], day=day, reason=prepared.reason if prepared else ""
    )

    def prepare(said: dict[str, Any], seen: int | None) -> object:
        return actions.prepare_extension(case.pk, by, said["note"], extensions.end_of(said["due"], calendar), seen=seen)

    return _page(request, "prepare_extension", case, form, prepare, extension=_extension(prepared), promised=case.due_at)


def _extension(prepared: Extension | None) -> Extension | None:
    return prepared if prepared is not None and prepared.state == Extension.State.DRAFT else None


@official
def case_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Sign the prepared apology; the password is asked once more."""
    case, by = _case(request, number), person_of(request)
    form = course_forms.PasswordForm(_data(request))
    return _page(
        request,
        "extend",
        case,
        form,
        lambda _said, seen: actions.extend(case.pk, by, seen=seen),
        extension=_extension(queries.extension_of(case)),
        promised=case.due_at,
    )


@official
def case_transfer(request: HttpRequest, number: str) -> HttpResponse:
    """Pass the case on to the agency that is competent."""
    case, by = _case(request, number), person_of(request)
    agencies = list(queries.other_agencies(case))
    form = course_forms.TransferForm(_data(request), words=ACTS["transfer"], agencies=agencies)
    none = "" if agencies else _("No other agency handles this procedure.")

    def pass_on(said: dict[str, Any], seen: int | None) -> object:
        return actions.transfer(case.pk, by, int(said["agency"]), said["note"], seen=seen)

    return _page(request, "transfer", case, form, pass_on, nothing=none)


@official
def case_stop(request: HttpRequest, number: str) -> HttpResponse:
    """End the work without an outcome."""
    case, by = _case(request, number), person_of(request)
    form = course_forms.CourseForm(_data(request), words=ACTS["stop"])
    return _page(request, "stop", case, form, lambda said, seen: actions.stop_case(case.pk, by, said["note"], seen=seen))


@official
def case_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Open an ended case again after an error."""
    case, by = _case(request, number), person_of(request)
    steps = queries.reopenable(case)
    form = course_forms.StepForm(_data(request), words=ACTS["reopen"], steps=steps)
    return _page(
        request, "reopen", case, form, lambda said, seen: actions.reopen(case.pk, by, said["step"], said["note"], seen=seen)
    )
