"""One log line per request, no view without a declared power, and refusals turned into answers."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from portal.kit import problems
from portal.kit.access import View, power_of
from portal.kit.refusal import Refused

Answer = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
API = "/api/"
COMPRESSED = frozenset({"text/html", "application/json", "application/problem+json", "text/plain", "image/svg+xml"})
QUIET = frozenset({"health"})
"""Routes asked every few seconds by machines: logged only when they fail."""


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and data. Files are sent as they are: most are compressed already, and parts of them may be asked for.

    Secrets in pages are masked anew each time and lengths are blurred (BREACH), as Django's own middleware does.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or "Content-Disposition" in response.headers or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


class RequestLogMiddleware:
    """One line per request: the route's name, never the address, which may hold a case number."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        start = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            self._write(request, response.status_code, start)
            return response
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    def _write(self, request: HttpRequest, status: int, start: float) -> None:
        match = request.resolver_match
        route = (match.view_name if match else "") or "-"
        if route in QUIET and status < 400:
            return
        took = round((time.perf_counter() - start) * 1000, 1)
        write = log.error if status >= 500 else log.info
        write("request", method=request.method, route=route, status=status, ms=took, person=_pseudonym(request))


class LanguageMiddleware:
    """Vietnamese unless the person chose otherwise. What the browser asks for is not a choice: most were never set."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class AccessMiddleware:
    """A view that does not say who may open it is not opened by anybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
        """Refuse with 404 what declares no power."""
        match = request.resolver_match
        if match is not None and power_of(match) is None:
            log.error("view_without_power", route=match.view_name or match.route)
            raise Http404


class RefusalMiddleware:
    """`Refused` becomes a banner on the page the person came from, an error page, or a problem in the API."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to a refusal; other exceptions go their way."""
        if not isinstance(exception, Refused):
            if not _is_api(request) or isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
                return None
            log.exception("api_failed")
            return problems.answer(500, problems.details(500, "server_error", "Something went wrong on our side."))
        log.info("refused", code=exception.code, status=exception.status)
        if _is_api(request):
            return problems.answer(exception.status, problems.of_refusal(exception))
        if getattr(request, "htmx", False):
            response = render(
                request, "components/banner.html", {"tone": "error", "text": exception.message}, status=exception.status
            )
            response.headers["HX-Retarget"] = "#messages"
            response.headers["HX-Reswap"] = "innerHTML show:window:top"
            return response
        came_from = _referring_page(request)
        if request.method == "POST" and came_from:
            messages.error(request, exception.message)
            return HttpResponseRedirect(came_from)
        return render(request, "refused.html", {"message": exception.message}, status=exception.status)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def _referring_page(request: HttpRequest) -> str:
    """Path and query of the page of ours that the request came from; empty when it is not ours."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _pseudonym(request: HttpRequest) -> str:
    """A short name for the signed-in person that says nothing about who it is."""
    # Asking request.user would load the session, and a person who was never asked for is not worth a query.
    session = getattr(request, "session", None)
    if session is None or not session.accessed:
        return ""
    key = session.get("_auth_user_id")
    return hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:12] if key else ""
