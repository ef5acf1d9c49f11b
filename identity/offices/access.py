"""Who may open official pages. Anonymous visitors sign in; residents learn nothing (404); officials without the power get 403."""

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from identity.offices import queries
from identity.offices.powers import Power
from portal.kit.access import View, declare

OFFICIAL = "official"


def official(view: View) -> View:
    """Any signed-in work account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_official:
            raise Http404
        return view(request, *args, **kwargs)

    return declare(OFFICIAL, guarded)


def holding(*powers: Power) -> Any:
    """A work account that holds at least one of the powers at some office; which office, the view's queries decide."""
    if not powers:
        raise ValueError("Name the powers of the view.")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not queries.office_ids_where(request.user, *powers):  # type: ignore[arg-type]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return declare(" or ".join(powers), official(guarded))

    return decorate
