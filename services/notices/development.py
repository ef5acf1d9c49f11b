"""Where messages go when there is no mail server: a table, shown on a page in development."""

import re
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from services.notices.models import DevelopmentMessage

CODE = re.compile(r"(?<![\w./-])(\d{6})(?![\w./-])")
"""A one-time code standing alone in a message."""


def keep(*, channel: str, to: str, body: str, subject: str = "") -> DevelopmentMessage:
    """Store one message that would have been sent."""
    return DevelopmentMessage.objects.create(channel=channel, to=to, subject=subject, body=body)


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend that keeps instead of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            for recipient in message.recipients():
                keep(channel="email", to=recipient, subject=str(message.subject), body=str(message.body))
            sent += 1
        return sent


def codes_in(text: str) -> list[str]:
    """One-time codes in a message, in order."""
    return CODE.findall(text)
