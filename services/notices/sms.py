"""The way out for SMS: an HTTP gateway when one is configured, the development outbox otherwise."""

import json
from urllib.request import Request, urlopen

from django.conf import settings

from services.notices import development

TIMEOUT_SECONDS = 10


class SmsNotSent(Exception):
    """There is no gateway, or it did not take the message."""


def send(to: str, body: str) -> None:
    """Send one message to an E.164 number. Raises SmsNotSent, or OSError when the gateway cannot be reached."""
    if settings.SMS_URL:
        _post(to, body)
    elif settings.DEVELOPMENT_OUTBOX:
        development.keep(channel="sms", to=to, body=body)
    else:
        raise SmsNotSent("no gateway")


def _post(to: str, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    payload = json.dumps({"to": to, "text": body}).encode()
    # The address comes from the settings of the installation and is checked there to be http(s).
    request = Request(settings.SMS_URL, data=payload, headers=headers, method="POST")  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        if not 200 <= answer.status < 300:
            raise SmsNotSent(f"gateway answered {answer.status}")
