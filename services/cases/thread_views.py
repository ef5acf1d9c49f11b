"""The applicant's side of the conversation with the offices."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.people.access import person_of
from identity.people.models import Person
from portal.kit.access import public, signed_in
from services.cases import conversation, queries
from services.cases.actions import thread as actions
from services.cases.filing_access import for_script
from services.cases.models import Case
from services.cases.queries import thread as reading
from services.cases.thread_writing import (
    MessageForm,
    Writing,
    files_of,
    receive,
    rows_of,
    save,
    sign_in_first,
    take_back_typed,
    writing_context,
)
from services.documents import queries as documents
from services.documents.models import Attachment

ThreadView = Callable[..., HttpResponseBase]


def _in_case(view: ThreadView) -> ThreadView:
    """Give the view the case the person may read. 404 for others; whoever has to sign in again comes back to what they typed."""

    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponseBase:
        if not isinstance(request.user, Person):
            return sign_in_first(request, number, "my_thread")
        try:
            case = queries.case_to_read(request.user, number)
        except Case.DoesNotExist:
            if for_script(request):
                return JsonResponse({"code": "gone"}, status=404)
            raise Http404 from None
        return view(request, case)

    return public(never_cache(opened))


@_in_case
def my_thread(request: HttpRequest, case: Case) -> HttpResponseBase:
    """What was written in the case, and the form of a new message. With htmx (`?biet=`) only whether there is something newer."""
    person = person_of(request)
    mine = case.applicant_id == person.pk
    if request.method == "POST":
        if not mine:
            raise Http404
        writing = receive(request, case, person, lambda text, after: actions.write_message(case.pk, person, text, after=after))
        return redirect(f"{_address(case)}#viet") if writing is None else _page(request, case, writing)
    if getattr(request, "htmx", False) and "biet" in request.GET:
        return _news(request, case)
    if mine and reading.may_write(case):
        take_back_typed(request, case, person)
    return _page(request, case)


def _address(case: Case) -> str:
    return reverse("my_thread", args=[case.number])


def _news(request: HttpRequest, case: Case) -> HttpResponse:
    """Looking changes nothing: a message is read when the page is opened that shows it."""
    known = request.GET["biet"]
    newer = reading.from_office(case)
    if str(newer) == known:
        return HttpResponse(status=204)
    return render(request, "cases/thread_news.html", {"case": case})


def _page(request: HttpRequest, case: Case, writing: Writing | None = None) -> HttpResponse:
    person = person_of(request)
    mine = case.applicant_id == person.pk
    sent = reading.messages_of(case)
    if mine:
        actions.mark_read(sent, by_office=False)
    context: dict[str, Any] = {
        "case": case,
        "mine": mine,
        "rows": rows_of(sent, case, _file_address(case), for_office=False),
        "known": reading.from_office(case),
        "may_write": mine and reading.may_write(case),
        "days": conversation.AFTER_CLOSING.days,
    }
    if context["may_write"]:
        draft = reading.draft_of(case, person)
        writing = writing or Writing(MessageForm(text=draft.body if draft else ""), draft.body if draft else "")
        context |= writing_context(case, person, writing, draft)
        context["draft_files"] = files_of(draft, _file_address(case)) if draft else []
    return render(request, "cases/thread.html", context, status=writing.status if writing else 200)


def _file_address(case: Case) -> Callable[[UUID], str]:
    return lambda attachment: reverse("my_message_file", args=[case.number, attachment])


@_in_case
@require_POST
def my_thread_save(request: HttpRequest, case: Case) -> HttpResponseBase:
    """Keep the draft while it is typed."""
    person = person_of(request)
    if case.applicant_id != person.pk:
        return JsonResponse({"code": "gone"}, status=404)
    return save(request, case, person, _address(case))


@signed_in
def my_message_file(request: HttpRequest, number: str, attachment: UUID) -> HttpResponseBase:
    """A file of a message."""
    try:
        return documents.file_response(reading.file_for_resident(person_of(request), number, attachment), inline=True)
    except Attachment.DoesNotExist:
        raise Http404 from None
