"""The only reader of notices."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from identity.offices.models import Post
from identity.people.models import Person
from portal.kit import clock
from services.notices.models import DevelopmentMessage, Notice

SHOWN_MESSAGES = 100
SHOWN_ACCOUNTS = 300
SHOWN_RESIDENTS = 10


def waiting(limit: int = 500) -> list[int]:
    """Notices whose time to be sent has come, oldest first."""
    ready = Notice.objects.filter(state=Notice.State.QUEUED, next_attempt_at__lte=clock.now())
    return list(ready.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


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
