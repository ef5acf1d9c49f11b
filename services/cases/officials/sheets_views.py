"""The control sheet of a case and the registers of an office: read on the page, made as PDFs by a worker."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from identity.offices.access import official
from identity.offices.models import Office
from identity.people.access import person_of
from identity.trail.actions import record_look
from portal.kit import clock
from portal.kit.access import framed
from portal.kit.folding import fold
from portal.kit.refusal import Refused
from services.cases import queries
from services.cases.actions import sheets as actions
from services.cases.models import Case, Sheet
from services.cases.officials.sheets_forms import PeriodForm
from services.cases.queries import register
from services.cases.queries import sheets as kept
from services.cases.queries.control_sheet import control_sheet
from services.documents import queries as documents
from services.documents.acceptance import PDF
from services.documents.models import Attachment

State = Sheet.State


@official
def case_control_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """How a case came through the offices, as it stands now; POST has it made as a PDF."""
    person = person_of(request)
    try:
        case = queries.case_for_official(person, number)
    except Case.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        actions.ask_for_control_sheet(case, person)
        return redirect("case_control_sheet", number=number)
    record_look(person, number, "control_sheet")
    sheet = kept.newest_control_sheet(case)
    context = {
        "case": case,
        "lines": control_sheet(case),
        "sheet": sheet,
        "waits": sheet is not None and sheet.state == State.WAITING,
        "current": sheet is not None and sheet.state == State.READY and sheet.last_event == case.last_event,
        "failed": sheet is not None and sheet.state == State.FAILED,
    }
    return render(request, "casework/sheets_control.html", context)


@official
def case_register(request: HttpRequest) -> HttpResponse:
    """The register of an office for a period, a month unless told otherwise; POST has it made as PDFs, one for each month."""
    person = person_of(request)
    offices = list(register.register_offices(person))
    if not offices:
        raise PermissionDenied
    this_month = _month(clock.today())
    form = PeriodForm(request.POST if request.method == "POST" else request.GET, offices, *this_month)
    context: dict[str, Any] = {"form": form, "offices": offices, "most": register.MOST_ROWS}
    if not form.is_valid():
        return render(request, "casework/sheets_register.html", context, status=422)
    office = next(one for one in offices if one.code == form.cleaned_data["don_vi"])
    since, until = form.cleaned_data["tu"], form.cleaned_data["den"]
    status = 200
    if request.method == "POST":
        try:
            actions.ask_for_register(office, since, until, person)
        except Refused as refused:
            form.add_error("den", refused.message)
            status = refused.status
        else:
            return redirect(f"{_address(office, since, until)}#so")
    record_look(person, office.code, "register")
    rows, page = register.register_page(office, since, until, request.GET.get("sau"))
    asked = kept.registers_of(person, office, since, until)
    context |= {
        "office": office,
        "since": since,
        "until": until,
        "rows": rows,
        "visible": kept.visible(person, page.items),
        "page": page,
        "count": register.register_count(office, since, until),
        "asked": asked,
        "waits": any(sheet.state == State.WAITING for sheet in asked),
        "before": _address(office, *_month(since.replace(day=1) - timedelta(days=1))),
        "after": _address(office, *_month(_month(until)[1] + timedelta(days=1))) if until < this_month[0] else "",
    }
    return render(request, "casework/sheets_register.html", context, status=status)


def _month(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _address(office: Office, since: date, until: date) -> str:
    return f"{reverse('case_register')}?{urlencode({'don_vi': office.code, 'tu': since, 'den': until})}"


@official
@framed
def sheet_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The PDF of a control sheet or a register, for officials who may read it today."""
    person = person_of(request)
    try:
        sheet = kept.sheet_for_official(person, key)
    except Sheet.DoesNotExist:
        raise Http404 from None
    what = (sheet.case.number or "") if sheet.case else sheet.office.code if sheet.office else ""
    record_look(person, what, f"sheet:{sheet.kind}")
    name = f"phieu-kiem-soat-{fold(what)}.pdf" if sheet.case else f"so-theo-doi-{fold(what)}-{sheet.since:%Y-%m-%d}.pdf"
    file = Attachment(name=name, media_type=PDF, size=sheet.size, file=sheet.file.name)
    return documents.file_response(file, inline="tai" not in request.GET)
