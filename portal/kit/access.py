"""Every view says who may open it. A view that says nothing is refused by the middleware and fails the tests."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]

PUBLIC = "public"
SIGNED_IN = "signed in"


def declare(power: str, view: View) -> View:
    """Mark `view` with the power it asks for; the check itself is the caller's."""
    view.declared_power = power  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may open the page."""
    return declare(PUBLIC, view)


def signed_in(view: View) -> View:
    """Any signed-in person; others are sent to the sign-in page and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(SIGNED_IN, guarded)
