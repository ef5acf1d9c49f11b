"""The way out for SMS: an HTTP gateway when one is configured, the development outbox otherwise.

The gateway gets `{"to": "+84…", "text": "…", "reference": "…"}` by POST, with the reference as `Idempotency-Key` too, so that the
same message sent again is dropped there. It answers 2xx, at best with `{"id": "…"}`: its own name for the message.
"""

import json
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from services.notices import development
from services.notices.channels import Undeliverable

TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 64 * 1024
LATER = frozenset({408, 409, 425, 429})
"""Refusals that say nothing about the number."""
OURS = frozenset({401, 403, 404, 405})
"""Refusals that say something about our settings."""


class SmsNotSent(Exception):
    """There is no gateway, or it did not take the message this time."""


class _Straight(HTTPRedirectHandler):
    """A gateway that has moved is a mistake in the settings: a message is never carried to another address."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        return None


_OPENER = build_opener(_Straight)


def send(to: str, body: str, reference: str) -> str:
    """Send one message to an E.164 number; the gateway's own name for it, or "".

    Raises Undeliverable when the number will never take it, SmsNotSent or OSError when another attempt may succeed.
    """
    if settings.SMS_URL:
        return _post(to, body, reference)
    if settings.DEVELOPMENT_OUTBOX:
        development.keep(channel="sms", to=to, body=body)
        return ""
    raise SmsNotSent("no gateway")


def _post(to: str, body: str, reference: str) -> str:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": reference}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    payload = json.dumps({"to": to, "text": body, "reference": reference}).encode()
    # The address comes from the settings of the installation and is checked there to be http(s).
    request = Request(settings.SMS_URL, data=payload, headers=headers, method="POST")  # noqa: S310
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _name_in(answer.read(LONGEST_ANSWER))
    except HTTPError as error:
        error.close()
        if 400 <= error.code < 500 and error.code not in LATER | OURS:
            raise Undeliverable(str(error.code)) from None
        raise SmsNotSent(str(error.code)) from None
    except HTTPException as error:
        raise SmsNotSent(type(error).__name__) from None


def _name_in(answer: bytes) -> str:
    """The `id` of a JSON answer; an answer without one is as good."""
    try:
        found: Any = json.loads(answer)
    except ValueError:
        return ""
    name = found.get("id") if isinstance(found, dict) else None
    return str(name)[:100] if isinstance(name, str | int) else ""
