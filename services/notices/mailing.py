"""The way out for e-mails: Django's mail backend, whichever is configured."""

from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage

from services.notices.channels import Undeliverable


def send(to: str, subject: str, body: str, reference: str) -> None:
    """Send one message. Raises Undeliverable when the address will never take it, something else when another attempt may succeed."""
    # The message id is the delivery's own: a mail server that sees it twice can drop the second, and reports can name it.
    headers = {"Message-ID": f"<{reference}@motcua>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, body, to=[to], headers=headers).send()
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):
            raise Undeliverable(str(codes[0])) from None
        raise
