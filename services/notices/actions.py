"""The only writer of notices: queued inside the caller's transaction, sent by workers outside any."""

from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from services.notices import backoff, sms, wording
from services.notices.models import Notice

DELIVER_TASK = "notices.deliver"
LEASE = timedelta(minutes=2)
"""How long a worker may hold a notice before another one tries: longer than any time-out of a channel."""

log = structlog.get_logger(__name__)


def queue(*, key: str, person: Person, event: str, values: Mapping[str, str]) -> Notice | None:
    """Put a message about `event` on its way, in the person's language; the same `key` again changes nothing.

    By e-mail when the person has a confirmed address, else by SMS to a confirmed phone; None when there is neither.
    """
    address = _address(person)
    if address is None:
        return None
    channel, to = address
    around = {
        "portal": settings.PORTAL_NAME,
        "place": settings.PORTAL_PLACE,
        "hotline": settings.PORTAL_HOTLINE,
        "sent_at": f"{clock.local(clock.now()):%H:%M %d/%m/%Y}",
    }
    text = wording.compose(event, person.language, around | dict(values), short=channel == Notice.Channel.SMS)
    notice, is_new = Notice.objects.get_or_create(
        key=key, defaults={"person": person, "channel": channel, "to": to, "subject": text.subject, "body": text.body}
    )
    if is_new:
        after_commit(DELIVER_TASK, notice.pk)
    return notice


def _address(person: Person) -> tuple[str, str] | None:
    if person.email and person.email_verified:
        return Notice.Channel.EMAIL.value, person.email
    if person.phone and person.phone_verified:
        return Notice.Channel.SMS.value, person.phone
    return None


def deliver(pk: int) -> bool:
    """Send a waiting notice. Returns whether this call sent it; one that was sent, given up or is being sent is left alone.

    The channel is spoken to outside any transaction. A worker that dies while sending leaves the notice to the sweeper
    once its lease is over: a message may then come twice, but it is never lost.
    """
    now = clock.now()
    claimed = Notice.objects.filter(pk=pk, state=Notice.State.QUEUED, next_attempt_at__lte=now).update(
        attempts=F("attempts") + 1, next_attempt_at=now + LEASE
    )
    if not claimed:
        return False
    notice = Notice.objects.get(pk=pk)
    try:
        _send(notice)
    except Exception as error:
        _put_off(notice, error)
        return False
    Notice.objects.filter(pk=pk, state=Notice.State.QUEUED).update(state=Notice.State.SENT, sent_at=clock.now(), last_error="")
    return True


def _send(notice: Notice) -> None:
    if notice.channel == Notice.Channel.SMS:
        sms.send(notice.to, notice.body)
    else:
        # The message id is the notice's own: a mail server that sees it twice can drop the second.
        headers = {"Message-ID": f"<notice-{notice.pk}@motcua>", "Auto-Submitted": "auto-generated"}
        EmailMessage(notice.subject, notice.body, to=[notice.to], headers=headers).send()


def _put_off(notice: Notice, error: Exception) -> None:
    # Only the kind of error: messages of mail servers repeat the address.
    code = type(error).__name__
    again = backoff.next_attempt(notice.attempts, clock.now())
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.QUEUED)
    if again is None:
        waiting.update(state=Notice.State.FAILED, last_error=code)
    else:
        waiting.update(next_attempt_at=again, last_error=code)
    log.warning(
        "notice_not_sent", notice=notice.pk, channel=notice.channel, attempt=notice.attempts, error=code, final=again is None
    )
