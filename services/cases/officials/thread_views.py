"""The officials' side of the conversation with the applicant."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.offices.access import OFFICIAL, official
from identity.people.access import person_of
from identity.trail.actions import record_look
from portal.kit.access import declare, framed
from services.cases import queries
from services.cases.actions import thread as actions
from services.cases.filing_access import for_script
from services.cases.models import Case
from services.cases.officials.case_page import Typed, whole
from services.cases.officials.course_parts import seen_of
from services.cases.queries import thread as reading
from services.cases.thread_writing import receive, save, sign_in_first, take_back_typed
from services.documents import queries as documents
from services.documents.models import Attachment

ThreadView = Callable[..., HttpResponseBase]


def _in_case(view: ThreadView) -> ThreadView:
    """Give the view a case in which the official may write. 404 for others; who has to sign in again comes back to what they typed."""

    @official
    def entered(request: HttpRequest, number: str) -> HttpResponseBase:
        person = person_of(request)
        case = queries.cases_for_official(person).filter(number=number).first()
        if case is None or "send_message" not in queries.case_actions(case, person):
            if for_script(request):
                return JsonResponse({"code": "gone"}, status=404)
            raise Http404
        return view(request, case)

    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_first(request, number, "casework_message")
        return entered(request, number)

    return declare(OFFICIAL, never_cache(opened))


def _thread(case: Case) -> str:
    return f"{reverse('casework', args=[case.number])}#trao-doi"


@_in_case
def casework_message(request: HttpRequest, case: Case) -> HttpResponseBase:
    """Send a message, keep it as a draft, or change its files; what was typed stays on the page when it cannot be sent."""
    person = person_of(request)
    if request.method != "POST":
        if reading.may_write(case):
            take_back_typed(request, case, person)
        return redirect(_thread(case))
    seen = seen_of(request)
    writing = receive(
        request, case, person, lambda text, after: actions.send_message(case.pk, person, text, after=after, seen=seen)
    )
    if writing is None:
        return redirect(_thread(case))
    case.refresh_from_db(fields=["last_event", "state", "closed_at"])
    context: dict[str, Any] = whole(request, case, Typed(message=writing))
    page = {**context, "form": writing.form, "problems": writing.problems}
    return render(request, "casework/case.html", page, status=writing.status)


@_in_case
@require_POST
def casework_message_save(request: HttpRequest, case: Case) -> HttpResponseBase:
    """Keep the draft while it is typed."""
    return save(request, case, person_of(request), _thread(case))


@official
@framed
def casework_message_file(request: HttpRequest, number: str, attachment: UUID) -> HttpResponseBase:
    """A file of a message, shown in the browser or, with `?tai`, saved."""
    person = person_of(request)
    try:
        found = reading.file_for_official(person, number, attachment)
    except Attachment.DoesNotExist:
        raise Http404 from None
    record_look(person, number, f"file:{found.pk.hex[:8]}")
    return documents.file_response(found, inline="tai" not in request.GET)
