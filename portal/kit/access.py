"""Every view says who may open it. A view that says nothing is refused by the middleware and fails the tests."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch
from django.views.decorators.clickjacking import xframe_options_sameorigin

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
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return declare(SIGNED_IN, guarded)


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The way to the sign-in page and back. A part of a page that refreshes itself has the whole page loaded again instead."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def framed(view: View) -> View:
    """The answer may stand in a frame of our own pages: a file shown in the document viewer."""
    shown: View = xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(view))
    return shown


def power_of(match: ResolverMatch) -> str | None:
    """The power the view behind an address declares, or the settings' table declares for third-party views; else None.

    Names in `settings.DECLARED_POWERS` are view names (`admin:index`); one that ends in * stands for all that begin so.
    The longest that fits wins.
    """
    declared: str | None = getattr(match.func, "declared_power", None)
    if declared:
        return declared
    table: dict[str, str] = getattr(settings, "DECLARED_POWERS", {})
    name = match.view_name or ""
    fitting = [known for known in table if known == name or (known.endswith("*") and name.startswith(known[:-1]))]
    return table[max(fitting, key=len)] if fitting else None
