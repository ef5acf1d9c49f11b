"""Account pages: allauth's flows behind our addresses and templates, and the profile."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth
from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.people import actions
from identity.people.adapters import remember_language
from identity.people.forms import ProfileForm
from identity.people.models import Person
from portal.kit.access import public, signed_in

View = Callable[..., HttpResponseBase]


def polite(view: View) -> View:
    """A limit that was hit becomes a page that says so, wherever in allauth it was hit. The pages are never cached."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RateLimited:
            return respond_429(request)

    return never_cache(wrapped)


@public
@polite
def login(request: HttpRequest) -> HttpResponseBase:
    """Sign in with phone, e-mail or work account."""
    return allauth.login(request)


@public
@polite
def signup(request: HttpRequest) -> HttpResponseBase:
    """A resident makes an account."""
    return allauth.signup(request)


@public
@polite
def logout(request: HttpRequest) -> HttpResponseBase:
    """Sign out by POST; a GET asks first."""
    return allauth.logout(request)


@public
@polite
def inactive(request: HttpRequest) -> HttpResponseBase:
    """The account was closed by an administrator."""
    return allauth.account_inactive(request)


@public
@polite
def verify_contact(request: HttpRequest) -> HttpResponseBase:
    """The code sent to a contact: after signing up, or for a new contact of the profile."""
    response = allauth.verify_phone(request)
    if isinstance(response, HttpResponseRedirect) and response.url == reverse("account_change_phone"):
        return redirect("profile")
    return response


@signed_in
@polite
def change_contact(request: HttpRequest) -> HttpResponseBase:
    """Another phone number or e-mail address."""
    return allauth.change_phone(request)


@signed_in
@polite
def change_password(request: HttpRequest) -> HttpResponseBase:
    """A new password for a signed-in person; their other sessions end."""
    response = allauth.password_change(request)
    return redirect("profile") if isinstance(response, HttpResponseRedirect) else response


@public
@polite
def reset_password(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code to choose a new password."""
    return allauth.password_reset(request)


@public
@polite
def confirm_reset_code(request: HttpRequest) -> HttpResponseBase:
    """Type that code."""
    return allauth.confirm_password_reset_code(request)


@public
@polite
def complete_reset(request: HttpRequest) -> HttpResponseBase:
    """Choose the new password; then one is signed in."""
    return allauth.complete_password_reset(request)


@public
def reset_completed(request: HttpRequest) -> HttpResponseBase:
    """Where allauth leads after a reset; the person is signed in by then."""
    return redirect(settings.LOGIN_REDIRECT_URL)


@signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Who the portal thinks the person is, and what they may change."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    form = ProfileForm(request.POST or None, initial={"address": person.address, "language": person.language})
    if request.method == "POST" and form.is_valid():
        actions.update_profile(person, **form.cleaned_data)
        with override(person.language):
            messages.success(request, _("Saved."))
        response: HttpResponse = redirect("profile")
        remember_language(response, person.language)
        return response
    return render(request, "people/profile.html", {"form": form, "person": person})


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: remembered in a cookie and, for a signed-in person, in the profile. Goes back to the page."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        address = reverse("home")
    response = HttpResponseRedirect(address)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        remember_language(response, language)
        if isinstance(request.user, Person):
            actions.change_language(request.user, language)
    return response
