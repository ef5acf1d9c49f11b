"""The only reader of notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Prefetch, Q, QuerySet

from identity.offices.models import Post
from identity.people import contacts
from identity.people.models import Person
from portal.kit import clock
from portal.kit.paging import Capped, Page, capped_count, page
from services.notices import lanes
from services.notices.channels import EMAIL, SMS
from services.notices.models import DeadAddress, Delivery, DevelopmentMessage, Notice, NoticeTemplate, Preference
from services.notices.quiet_hours import QuietHours

SHOWN_MESSAGES = 100
SHOWN_ACCOUNTS = 300
SHOWN_RESIDENTS = 10
SHOWN_NOTICES = 50
PAGE_SIZE = 25
UNREAD_CAP = 99
UNREAD_SECONDS = 60
"""How long the number in the header may be behind, if a worker and a page work at the same moment."""
CODES_KEPT = timedelta(days=7)


# For workers


def due_people(limit: int = 2000) -> list[int]:
    """People with a notice whose time to leave has come, those who wait longest first."""
    due = Notice.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk").values_list("person_id", flat=True)[:limit]
    return list(dict.fromkeys(due))


def waiting(limit: int = 2000) -> list[tuple[int, bool]]:
    """Deliveries whose time to be sent has come, oldest first, and whether each is a code."""
    ready = Delivery.objects.filter(state=Delivery.State.QUEUED, next_attempt_at__lte=clock.now())
    rows = ready.order_by("next_attempt_at", "pk").values_list("pk", "lane")[:limit]
    return [(pk, lane == lanes.Lane.CODE) for pk, lane in rows]


def old_codes() -> QuerySet[Delivery]:
    """Deliveries of codes from more than a week ago."""
    return Delivery.objects.filter(lane=lanes.Lane.CODE, queued_at__lt=clock.now() - CODES_KEPT)


def without_digest() -> QuerySet[Preference, int]:
    """Keys of the people who switched the morning's summary off."""
    return Preference.objects.filter(digest=False).values_list("person_id", flat=True)


def queued_keys(keys: Collection[str]) -> set[str]:
    """Which of these keys a notice has already."""
    return set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))


# How a person is reached


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person is reached, and how they want to be."""

    addresses: Mapping[str, str]
    dead: Mapping[str, str]
    chosen: Mapping[str, str]
    quiet: QuietHours
    quiet_email: bool
    digest: bool


def reach_of(person: Person) -> Reach:
    """Confirmed addresses by channel (those that send messages back apart), and the person's preferences. Two queries."""
    known = {}
    if person.email and person.email_verified:
        known[EMAIL] = person.email
    if person.phone and person.phone_verified:
        known[SMS] = person.phone
    dead = set(DeadAddress.objects.filter(person=person).values_list("to", flat=True)) if known else set()
    wish = Preference.objects.filter(person=person).first() or Preference(person=person)
    return Reach(
        addresses={channel: to for channel, to in known.items() if to not in dead},
        dead={channel: to for channel, to in known.items() if to in dead},
        chosen=wish.channels,
        quiet=QuietHours(wish.quiet_from, wish.quiet_until),
        quiet_email=wish.quiet_email,
        digest=wish.digest,
    )


# The inbox


def inbox(person: Person, *, unread: bool = False, after: str | None = None) -> Page[Notice]:
    """One page of the person's notices, newest first. One query."""
    found = Notice.objects.filter(person=person)
    if unread:
        found = found.filter(read_at=None)
    return page(found.defer("body", "short"), ("-id",), after=after, size=PAGE_SIZE)


def notice_of(person: Person, pk: int) -> Notice:
    """One notice of the person's inbox. Raises Notice.DoesNotExist for another's."""
    return Notice.objects.get(pk=pk, person=person)


def unread_count(person: Person) -> Capped:
    """How many notices the person has not read, counted to 99 at most. At most one query a minute: every page shows it."""
    known: tuple[int, bool] | None = cache.get(unread_key(person.pk))
    if known is None:
        counted = capped_count(Notice.objects.filter(person=person, read_at=None), UNREAD_CAP)
        known = (counted.count, counted.more)
        cache.set(unread_key(person.pk), known, UNREAD_SECONDS)
    return Capped(*known)


def unread_key(person_pk: int) -> str:
    """Under which name the number of unread notices is remembered."""
    return f"inbox-unread-{person_pk}"


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt to reach somebody outside the portal, as people may see it: the address only as far as its owner knows it."""

    channel: str
    channel_name: str
    to: str
    state: str
    state_name: str
    at: datetime

    @property
    def arrived_not(self) -> bool:
        """Whether it surely did not reach the person."""
        return self.state in (Delivery.State.BOUNCED, Delivery.State.FAILED)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and what became of it."""

    subject: str
    person: Person
    at: datetime
    read_at: datetime | None
    waits_until: datetime | None
    sent: tuple[Sent, ...]

    @property
    def reached(self) -> bool:
        """Whether it was read here, or has left by some channel and not come back."""
        return self.read_at is not None or any(not one.arrived_not for one in self.sent)


def deliveries_of(case_number: str, person: Person | None = None) -> list[Told]:
    """What was told about a case (to one person, if given), newest first, and whether it arrived. Two queries, 50 rows at most."""
    found = Notice.objects.filter(case_number=case_number) if case_number else Notice.objects.none()
    if person is not None:
        found = found.filter(person=person)
    shown = found.select_related("person").defer("body", "short").prefetch_related(_deliveries()).order_by("-pk")
    return [_told(notice) for notice in shown[:SHOWN_NOTICES]]


def told(notice: Notice) -> Told:
    """What became of one notice."""
    return _told(Notice.objects.select_related("person").prefetch_related(_deliveries()).get(pk=notice.pk))


def _deliveries() -> "Prefetch[str, QuerySet[Delivery], str]":
    return Prefetch("deliveries", Delivery.objects.defer("body", "subject").order_by("pk"))


def _told(notice: Notice) -> Told:
    return Told(
        notice.subject, notice.person, notice.queued_at, notice.read_at, notice.due_at,
        tuple(
            Sent(
                one.channel, one.get_channel_display(), contacts.hidden(one.to), one.state, one.get_state_display(),
                one.reported_at or one.sent_at or one.queued_at,
            )
            for one in notice.deliveries.all()
        ),
    )  # fmt: skip


# A city's own wording


def template_of(event: str, language: str, channel: str) -> NoticeTemplate | None:
    """The city's own wording that counts now, if there is one. One query."""
    newest = NoticeTemplate.objects.filter(event=event, language=language, channel=channel).order_by("-id").first()
    return newest if newest is not None and newest.body else None


def own_wordings() -> dict[tuple[str, str, str], NoticeTemplate]:
    """Every wording of the city that counts now, by event, language and channel. One query."""
    newest = (
        NoticeTemplate.objects.order_by("event", "language", "channel", "-id")
        .distinct("event", "language", "channel")
        .select_related("updated_by")
    )
    return {(row.event, row.language, row.channel): row for row in newest if row.body}


def wording_history(event: str, language: str, channel: str, limit: int = 20) -> list[NoticeTemplate]:
    """Earlier wordings, the newest first."""
    rows = NoticeTemplate.objects.filter(event=event, language=language, channel=channel)
    return list(rows.select_related("updated_by").order_by("-id")[:limit])


# For development


def development_messages(recipient: str = "") -> Sequence[DevelopmentMessage]:
    """The latest 100 messages that would have been sent, newest first; those to one recipient when it is given."""
    found: QuerySet[DevelopmentMessage] = DevelopmentMessage.objects.all()
    if wanted := recipient.strip():
        digits = "".join(character for character in wanted if character.isdigit())
        matches = Q(to__icontains=wanted)
        if len(digits) >= 4:
            # 0901… as typed and +84901… as stored.
            matches |= Q(channel="sms", to__contains=digits.removeprefix("84").removeprefix("0"))
        found = found.filter(matches)
    return list(found.order_by("-pk")[:SHOWN_MESSAGES])


def demo_officials() -> Sequence[Post]:
    """Posts of the demonstration city in the order of its offices, for the page of demo accounts."""
    return list(Post.objects.select_related("person", "office__parent").order_by("office__path", "pk")[:SHOWN_ACCOUNTS])


def demo_residents() -> Sequence[Person]:
    """The first residents of the demonstration city."""
    return list(Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[:SHOWN_RESIDENTS])
