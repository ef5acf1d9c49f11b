"""The official's case page, and the notes for colleagues on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.people.access import person_of
from identity.trail.actions import record_look
from portal.kit.refusal import Refused
from services.cases import actions
from services.cases.officials.case_page import Typed, case_of, whole
from services.cases.officials.note_forms import NoteForm
from services.cases.officials.queue_views import asked_by_htmx
from services.cases.officials.viewer import viewer_part


@official
def casework(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case. With htmx the viewer alone is answered when a file was chosen."""
    case = case_of(request, number)
    if asked_by_htmx(request, "xem"):
        return render(request, "casework/viewer.html", viewer_part(request, case))
    record_look(person_of(request), number, "case")
    return render(request, "casework/case.html", whole(request, case))


@official
@require_POST
def casework_note(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a note for colleagues; what was typed stays on the page when it cannot be kept."""
    case = case_of(request, number)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            note = actions.write_note(case.pk, person_of(request), form.cleaned_data["body"])
        except Refused as refused:
            form.add_error("body", refused.message)
        else:
            messages.success(request, _("The note was added."))
            return redirect(f"{reverse('casework', args=[case.number])}#ghi-chu-{note.pk}")
    return render(request, "casework/case.html", {**whole(request, case, Typed(note=form)), "form": form}, status=422)
