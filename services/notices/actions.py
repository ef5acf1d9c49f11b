"""The only writer of notices: kept and queued inside the caller's transaction, sent by workers outside any."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.people import actions as people
from identity.people import contacts
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.notices import backoff, coalescing, lanes, mailing, placeholders, queries, sms, wording
from services.notices.channels import CHANNELS, EMAIL, NONE, SMS, Undeliverable, choose
from services.notices.lanes import Group, Lane
from services.notices.models import DeadAddress, Delivery, Notice, NoticeTemplate, Preference
from services.notices.refusals import why
from services.notices.reports import Report

PACK_TASK = "notices.pack"
DELIVER_TASK = "notices.deliver"
CODE_TASK = "notices.deliver_code"
LEASE = timedelta(minutes=2)
"""How long a worker may hold a delivery before another one tries: longer than any time-out of a channel."""

log = structlog.get_logger(__name__)


# Saying something


def queue(*, key: str, person: Person, event: str, values: Mapping[str, str], lane: str = "") -> Notice:
    """Say `event` to the person, in their language: kept in their inbox, and on its way by the channel they chose.

    The same `key` again changes nothing. `lane` is the event's own unless given. The channel is an address that is confirmed and
    has not sent messages back; without one the inbox has it alone.
    """
    said = wording.event_of(event)
    way = Lane(lane) if lane else said.lane
    reach = queries.reach_of(person)
    channel = NONE if way is Lane.CODE else choose(said.group, reach.chosen, reach.addresses)
    known = _around() | dict(values)
    text = _worded(event, person.language, EMAIL, known)
    now = clock.now()
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "event": event,
            "group": said.group,
            "lane": way,
            "case_number": known.get("number", ""),
            "url": known.get("url", ""),
            "subject": text.subject,
            "body": text.body,
            "short": _worded(event, person.language, SMS, known).body,
            "channel": channel,
            "queued_at": now,
            "due_at": _due(now, way, channel, reach) if channel else None,
        },
    )
    if is_new:
        transaction.on_commit(partial(_count_again, person.pk))
        if notice.due_at is not None and notice.due_at <= now:
            after_commit(PACK_TASK, person.pk)
    return notice


def _around() -> dict[str, str]:
    return {
        "portal": settings.PORTAL_NAME,
        "place": settings.PORTAL_PLACE,
        "hotline": settings.PORTAL_HOTLINE,
    }


def _worded(event: str, language: str, channel: str, values: Mapping[str, str]) -> wording.Wording:
    """In the city's own words, if it has any for this; else in ours."""
    if own := queries.template_of(event, language, channel):
        return wording.Wording(placeholders.fill(own.subject, values), placeholders.fill(own.body, values))
    return wording.compose(event, language, values, short=channel == SMS)


def _due(now: datetime, lane: Lane, channel: str, reach: queries.Reach) -> datetime:
    """When a message may leave: after the window in which others may join it, and not in the person's quiet hours."""
    if lane is Lane.NOW:
        return now
    due = now + timedelta(seconds=settings.NOTICE_WINDOW_SECONDS) if lane is Lane.NORMAL else now
    if channel == SMS or reach.quiet_email:
        return reach.quiet.end_of(clock.local(due))
    return due


def send_at_once(contact: str, subject: str, body: str) -> None:
    """A code or a word about an account to a contact that was typed: ahead of everything else, at any hour, alone."""
    channel = EMAIL if contacts.is_email(contact) else SMS
    delivery = Delivery.objects.create(lane=Lane.CODE, channel=channel, to=contact, subject=subject, body=body)
    if settings.DEVELOPMENT_OUTBOX:
        # Nothing leaves the machine, so there is nothing to wait for.
        deliver(delivery.pk)
    else:
        after_commit(CODE_TASK, delivery.pk)


# On their way


@transaction.atomic
def pack(person_pk: int) -> int:
    """Put what has waited long enough into deliveries, several notices into one. Returns how many; a repeat returns 0."""
    held = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(person=person_pk, due_at__isnull=False)
    notices = {notice.pk: notice for notice in held.select_related("person")}
    waiting = [
        coalescing.Waiting(notice.pk, notice.channel, Lane(notice.lane), notice.due_at)
        for notice in notices.values()
        if notice.due_at is not None
    ]
    made = 0
    for batch in coalescing.batches(waiting, clock.now()):
        chosen = [notices[key] for key in batch]
        made += _pack(chosen[0].person, chosen)
    return made


def _pack(person: Person, notices: Sequence[Notice]) -> bool:
    """One delivery with all of these, whose channel is the same; none when the address was lost meanwhile and there is no other."""
    first = notices[0]
    reach = queries.reach_of(person)
    to = reach.addresses.get(first.channel, "")
    keys = [notice.pk for notice in notices]
    if not to:
        _turn_to_another(person, notices, reach, {first.channel})
        return False
    short = first.channel == SMS
    texts = [wording.Wording(notice.subject, notice.short if short else notice.body) for notice in notices]
    text = (
        texts[0]
        if len(texts) == 1
        else wording.together(
            texts, person.language, inbox=settings.SITE_URL + reverse("inbox"), portal=settings.PORTAL_NAME, short=short
        )
    )
    body = text.body
    if not short:
        sent_at = f"{clock.local(clock.now()):%H:%M %d/%m/%Y}"
        body = f"{body.rstrip()}\n\n{wording.closing(person.language, _around() | {'sent_at': sent_at})}"
    delivery = Delivery.objects.create(
        person=person, lane=first.lane, channel=first.channel, to=to, subject=text.subject, body=body
    )
    delivery.notices.set(notices)
    Notice.objects.filter(pk__in=keys).update(due_at=None)
    after_commit(DELIVER_TASK, delivery.pk)
    return True


def _turn_to_another(person: Person, notices: Collection[Notice], reach: queries.Reach, tried: Collection[str]) -> None:
    """Send these by a channel that was not tried; by none, when there is none: the inbox has them."""
    for notice in notices:
        channel = choose(Group(notice.group), reach.chosen, reach.addresses, tried)
        due = _due(clock.now(), Lane(notice.lane), channel, reach) if channel else None
        Notice.objects.filter(pk=notice.pk).update(channel=channel, due_at=due)


def deliver(pk: int) -> bool:
    """Send a waiting delivery. Returns whether this call sent it; one that was sent, given up or is being sent is left alone.

    The channel is spoken to outside any transaction. A worker that dies while sending leaves it to the sweeper once its lease is
    over: gateways know a message that comes twice by its key, and it is never lost.
    """
    now = clock.now()
    claimed = Delivery.objects.filter(pk=pk, state=Delivery.State.QUEUED, next_attempt_at__lte=now).update(
        attempts=F("attempts") + 1, next_attempt_at=now + LEASE
    )
    if not claimed:
        return False
    delivery = Delivery.objects.get(pk=pk)
    try:
        reference = _send(delivery)
    except Undeliverable as error:
        _came_back(delivery, str(error), permanent=True)
        return False
    except Exception as error:
        _put_off(delivery, error)
        return False
    _settle(delivery, Delivery.State.SENT, reference=reference, sent_at=clock.now(), last_error="")
    return True


def _send(delivery: Delivery) -> str:
    if delivery.channel == SMS:
        return sms.send(delivery.to, delivery.body, str(delivery.key))
    mailing.send(delivery.to, delivery.subject, delivery.body, str(delivery.key))
    return ""


def _settle(delivery: Delivery, state: str, **more: object) -> bool:
    """Give a delivery that is on its way its next state. What a code said is not kept."""
    if delivery.lane == Lane.CODE:
        more["body"] = ""
    still = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.QUEUED, Delivery.State.SENT])
    return bool(still.update(state=state, **more))


def _put_off(delivery: Delivery, error: Exception) -> None:
    # Only the kind of error: messages of mail servers repeat the address.
    code = type(error).__name__
    waits = backoff.WAITS_OF_CODES if delivery.lane == Lane.CODE else backoff.WAITS
    again = backoff.next_attempt(delivery.attempts, clock.now(), waits)
    log.warning(
        "notice_not_sent",
        delivery=delivery.pk,
        channel=delivery.channel,
        attempt=delivery.attempts,
        error=code,
        final=again is None,
    )
    if again is None:
        _came_back(delivery, code, permanent=False)
    else:
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED).update(next_attempt_at=again, last_error=code)


# What became of it


def keep_reports(reports: Sequence[Report]) -> int:
    """Write down what gateways and mail servers report. Returns how many deliveries changed; a repeat changes none."""
    return sum(_keep_report(report) for report in reports)


def _keep_report(report: Report) -> bool:
    named = Q(reference=report.reference)
    with suppress(ValueError):
        named |= Q(key=UUID(report.reference))
    delivery = Delivery.objects.filter(named).order_by("pk").first()
    if delivery is None:
        return False
    if report.state == Delivery.State.DELIVERED:
        return _settle(delivery, Delivery.State.DELIVERED, reported_at=clock.now())
    return _came_back(delivery, report.reason or report.state, permanent=report.permanent, reported=True)


@transaction.atomic
def _came_back(delivery: Delivery, reason: str, *, permanent: bool, reported: bool = False) -> bool:
    """A delivery will not arrive: its notices go by another channel, and an address that never works is remembered."""
    state = Delivery.State.BOUNCED if permanent or reported else Delivery.State.FAILED
    if not _settle(delivery, state, last_error=reason, reported_at=clock.now() if reported else None):
        return False
    person = delivery.person
    if person is None:
        return True
    if permanent:
        found, is_new = DeadAddress.objects.get_or_create(person=person, to=delivery.to, defaults={"channel": delivery.channel})
        if is_new:
            queue(
                key=f"address-{found.pk}",
                person=person,
                event="address_not_working",
                values={
                    "address": contacts.hidden(delivery.to),
                    "url": settings.SITE_URL + reverse("notice_preferences"),
                },
            )
    tried = set(Delivery.objects.filter(notices__in=delivery.notices.all()).values_list("channel", flat=True))
    _turn_to_another(person, list(delivery.notices.filter(due_at=None)), queries.reach_of(person), tried)
    return True


def address_works(person: Person, channel: str) -> None:
    """The person says that an address takes messages again."""
    DeadAddress.objects.filter(person=person, channel=channel).delete()


# The inbox


def mark_read(person: Person, pk: int) -> None:
    """The person has seen one notice of theirs. Raises Notice.DoesNotExist for another's."""
    notice = queries.notice_of(person, pk)
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())
        transaction.on_commit(partial(_count_again, person.pk))


def mark_all_read(person: Person, up_to: int) -> int:
    """The person has seen everything up to the newest notice that was shown to them; how many that were."""
    count = Notice.objects.filter(person=person, read_at=None, pk__lte=up_to).update(read_at=clock.now())
    transaction.on_commit(partial(_count_again, person.pk))
    return count


def _count_again(person_pk: int) -> None:
    cache.delete(queries.unread_key(person_pk))


# What people and cities choose


@transaction.atomic
def choose_preferences(
    person: Person,
    *,
    channels: Mapping[str, str],
    language: str,
    quiet_from: time,
    quiet_until: time,
    quiet_email: bool,
    digest: bool,
) -> Preference:
    """How the person wants to be told. Raises Refused where the law leaves no choice."""
    groups = lanes.OF_OFFICIALS if person.is_official else lanes.OF_RESIDENTS
    for group, channel in channels.items():
        if group not in groups or channel not in (*CHANNELS, NONE):
            raise Refused("notices.choice", _("Choose one of the ways that are offered."), status=422)
        if channel == NONE and Group(group) in lanes.CANNOT_BE_SILENT:
            raise Refused("notices.duty", _("The law has the agency tell you this: only the way can be chosen."), status=422)
    wish, _is_new = Preference.objects.update_or_create(
        person=person,
        defaults={
            "channels": dict(channels),
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_email": quiet_email,
            "digest": digest,
        },
    )
    people.change_language(person, language)
    return wish


def save_template(by: Person, event: str, language: str, channel: str, *, subject: str, body: str) -> NoticeTemplate:
    """The city's own wording from now on; an empty body means our wording again. Raises Refused with what is wrong with it."""
    if event not in wording.OWN_WORDING:
        raise wording.UnknownEvent(event)
    subject, body = " ".join(subject.split()), body.strip().replace("\r\n", "\n")
    if body and (wrong := placeholders.problems(subject, body, channel)):
        field, code, word = wrong[0]
        raise Refused(f"notices.{code}", why(code, word), field=field, status=422)
    return NoticeTemplate.objects.create(
        event=event, language=language, channel=channel, subject=subject if body else "", body=body, updated_by=by
    )


def send_sample(to: Person, event: str, language: str, channel: str, *, subject: str, body: str) -> Notice:
    """Send a wording to the person who writes it, with sample values, by the channel it is for if they are reached there."""
    values = sample_values()
    short = body if channel == SMS else wording.compose(event, language, values, short=True).body
    reach = queries.reach_of(to)
    way = channel if channel in reach.addresses else NONE
    notice = Notice.objects.create(
        key=f"sample-{uuid4()}",
        person=to,
        event=event,
        group=Group.ACCOUNT,
        lane=Lane.NOW,
        subject=placeholders.fill(subject, values),
        body=placeholders.fill(body, values),
        short=placeholders.fill(short, values),
        channel=way,
        due_at=clock.now() if way else None,
    )
    transaction.on_commit(partial(_count_again, to.pk))
    if way:
        after_commit(PACK_TASK, to.pk)
    return notice


def sample_values() -> dict[str, str]:
    """What previews and samples show."""
    return {**_around(), **placeholders.SAMPLE, "url": f"{settings.SITE_URL}/ho-so/{placeholders.SAMPLE['number']}/"}


def forget_codes() -> int:
    """Remove what is left of codes sent more than a week ago; how many."""
    return queries.old_codes().delete()[0]
