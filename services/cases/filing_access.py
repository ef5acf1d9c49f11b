"""Who may open a draft: its owner, by the key in its address."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from identity.people.access import person_of
from services.cases import queries
from services.cases.models import Case

DraftView = Callable[..., HttpResponse]


def own_draft(view: DraftView) -> DraftView:
    """Give the view the person's case by its key: 404 for another's, the confirmation page for one that is filed already."""

    @wraps(view)
    def opened(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        case = own(request, key)
        if case.state != Case.State.DRAFT:
            return redirect("file_done", key=key)
        return view(request, case, **kwargs)

    return opened


def own(request: HttpRequest, key: UUID) -> Case:
    try:
        return queries.my_draft(person_of(request), key)
    except Case.DoesNotExist:
        raise Http404 from None
