"""Every error of the API is one shape: RFC 9457 problem details."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.kit.refusal import Refused

MEDIA_TYPE = "application/problem+json"


def details(status: int, code: str, message: str, **more: Any) -> dict[str, Any]:
    """The body of a problem. `type` is a name of ours and not an address to open."""
    return {
        "type": f"urn:motcua:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": message,
        **more,
    }


def of_refusal(refused: Refused) -> dict[str, Any]:
    """The body for a rule that said no."""
    errors = {"errors": [{"field": refused.field, "code": refused.code, "detail": refused.message}]} if refused.field else {}
    return details(refused.status, refused.code, refused.message, **errors)


def answer(status: int, body: dict[str, Any]) -> HttpResponse:
    """A problem as a plain response, for errors outside the API's views."""
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The API's exception handler. None for what is our own fault: that becomes a 500 in the middleware."""
    if isinstance(exception, Refused):
        return _response(exception.status, of_refusal(exception))
    usual = exception_handler(exception, context)
    if usual is None:
        return None
    if isinstance(exception, exceptions.ValidationError):
        errors = list(_flat("", exception.get_full_details()))
        body = details(usual.status_code, "invalid", "Some of the values are not acceptable.", errors=errors)
    elif isinstance(exception, exceptions.APIException):
        codes = exception.get_codes()
        body = details(usual.status_code, codes if isinstance(codes, str) else "error", str(exception.detail))
    elif isinstance(exception, Http404):
        body = details(404, "not_found", "There is nothing at this address.")
    else:
        body = details(403, "permission_denied", "You may not do this.")
    return _response(usual.status_code, body, usual)


def _response(status: int, body: dict[str, Any], usual: Response | None = None) -> Response:
    headers = (
        {name: value for name, value in usual.items() if name in {"WWW-Authenticate", "Retry-After"}}
        if usual is not None
        else None
    )
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _flat(place: str, found: Any) -> Any:
    """Nested validation details -> one row per message with a dotted place."""
    if isinstance(found, dict) and set(found) == {"message", "code"}:
        yield {"field": place, "code": found["code"], "detail": str(found["message"])}
    elif isinstance(found, dict):
        for name, inner in found.items():
            yield from _flat(f"{place}.{name}" if place else str(name), inner)
    else:
        for position, inner in enumerate(found):
            nested = isinstance(inner, dict) and set(inner) != {"message", "code"}
            yield from _flat(f"{place}.{position}" if nested else place, inner)
