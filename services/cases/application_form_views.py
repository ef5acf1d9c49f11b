"""The statutory form (tờ khai) as a PDF: asked for and fetched by whoever fills in, read by the applicant and the officials of a filed case."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from identity.offices.access import official
from identity.people.access import person_of
from identity.trail.actions import record_look
from portal.kit.access import framed, public, signed_in
from portal.kit.folding import fold
from services.cases import actions, queries
from services.cases.filer import filer_of
from services.cases.filing_access import own_draft
from services.cases.models import ApplicationForm, Case
from services.documents import queries as documents
from services.documents.acceptance import PDF
from services.documents.models import Attachment

State = ApplicationForm.State


@public
@own_draft
def file_form(request: HttpRequest, case: Case) -> HttpResponse:
    """The form of a draft: POST has it made, the page asks for itself again until it is there."""
    if case.pk is None:
        # Nothing has been saved of it yet.
        raise Http404
    if request.method == "POST":
        actions.ask_for_form(case, filer_of(request))
        return redirect("file_form", key=case.key)
    form = queries.draft_form(case)
    context = {
        "case": case,
        "application": form,
        "waits": form is not None and form.state == State.WAITING,
        "failed": form is not None and form.state == State.FAILED,
        "ready": form is not None and form.state == State.READY,
        "outdated": form is not None and not queries.is_current(form, case),
    }
    return render(request, "cases/application_form_page.html", context)


@public
@own_draft
def file_form_pdf(request: HttpRequest, case: Case) -> HttpResponseBase:
    """The PDF of a draft's form."""
    form = queries.draft_form(case) if case.pk else None
    if form is None or form.state != State.READY:
        raise Http404
    return _answer(form, inline=False)


@signed_in
def my_form(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF of the form that was filed, for its applicant."""
    try:
        return _answer(queries.my_form(person_of(request), number), inline=True)
    except ApplicationForm.DoesNotExist:
        raise Http404 from None


@official
@framed
def casework_form(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF of the form that was filed, for officials who may see the case."""
    person = person_of(request)
    try:
        form = queries.form_for_official(person, number)
    except ApplicationForm.DoesNotExist:
        raise Http404 from None
    record_look(person, number, "form")
    return _answer(form, inline="tai" not in request.GET)


def _answer(form: ApplicationForm, *, inline: bool) -> HttpResponseBase:
    """The bytes with the headers every file of a case has."""
    what = form.case.number if form.case and form.case.number else "ban-nhap"
    name = f"to-khai-{fold(what)}.pdf"
    return documents.file_response(Attachment(name=name, media_type=PDF, size=form.size, file=form.file.name), inline=inline)
