"""Whose draft it is: a person's, or the browser's in which somebody began it without signing in."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from identity.people.models import Person

COOKIE = "mc_nhap"
COOKIE_SECONDS = 30 * 24 * 3600
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
KEEP = "filer_secret"
"""Attribute of a request that was given a secret and has not been answered yet."""


@dataclass(frozen=True, slots=True)
class Filer:
    """Who fills in: the signed-in person, if there is one, and the browser, if it has a secret (SHA-256 of it, else empty)."""

    person: Person | None
    visitor: str

    def __bool__(self) -> bool:
        return self.person is not None or bool(self.visitor)


def filer_of(request: HttpRequest) -> Filer:
    """The filer behind a request."""
    return Filer(request.user if isinstance(request.user, Person) else None, visitor_of(request))


def visitor_of(request: HttpRequest) -> str:
    """The browser behind a request; empty when it has no secret."""
    secret = _secret(request)
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def _secret(request: HttpRequest) -> str:
    secret: str = getattr(request, KEEP, "") or request.COOKIES.get(COOKIE, "")
    return secret if SECRET.fullmatch(secret) else ""


def known_filer(request: HttpRequest) -> Filer:
    """The filer behind a request; a browser without a secret is given one. The view must `remember` it in its answer."""
    filer = filer_of(request)
    if not filer.visitor:
        setattr(request, KEEP, secrets.token_urlsafe(32))
    return filer_of(request)


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the browser's secret for another thirty days. Scripts cannot read it, and other sites cannot have it sent."""
    if secret := _secret(request):
        response.set_cookie(
            COOKIE, secret, max_age=COOKIE_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
