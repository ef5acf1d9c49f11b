"""The messages of a case: what each side reads, what is still unread, what is being written."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from identity.people.models import Person
from portal.kit import clock
from services.cases import conversation, lifecycle
from services.cases.models import Case, CaseMessage, MessageFile, WorkItem
from services.cases.queries.authority import powers_on
from services.cases.queries.official import cases_for_official
from services.cases.queries.representation import readable
from services.documents.models import Attachment

SHOWN = 200
"""Messages of one case that a page holds; the oldest ones fall off."""


def _with_files(found: QuerySet[CaseMessage]) -> QuerySet[CaseMessage]:
    files = MessageFile.objects.select_related("attachment").order_by("position", "id")
    return found.prefetch_related(Prefetch("files", queryset=files))


def messages_of(case: Case) -> list[CaseMessage]:
    """What was sent, oldest first. Two queries."""
    sent = CaseMessage.objects.filter(case=case, sent_at__isnull=False).select_related("author", "office")
    return list(_with_files(sent).order_by("-sent_at", "-id")[:SHOWN])[::-1]


def draft_of(case: Case, person: Person) -> CaseMessage | None:
    """What the person is writing in the case and has not sent. Two queries."""
    return _with_files(CaseMessage.objects.filter(case=case, author=person, sent_at=None)).first()


def sent_by(case: Case, person: Person) -> int:
    """How many messages the person has sent in the case: a page remembers it, so that a second press of its button sends nothing."""
    return CaseMessage.objects.filter(case=case, author=person, sent_at__isnull=False).count()


def unread_for_applicant() -> Exists:
    """Whether an office has written something the applicant has not opened; for a query of cases."""
    return Exists(CaseMessage.objects.filter(case=OuterRef("pk"), office__isnull=False, sent_at__isnull=False, read_at=None))


@dataclass(frozen=True, slots=True)
class Talk:
    """How the conversation of a case stands for its applicant."""

    sent: int
    unread: int
    drafts: int


def talk_of(case: Case, person: Person) -> Talk:
    """The figures. One query."""
    sent = Q(sent_at__isnull=False)
    found: dict[str, Any] = CaseMessage.objects.filter(case=case).aggregate(
        sent=Count("pk", filter=sent),
        unread=Count("pk", filter=sent & Q(office__isnull=False, read_at=None)),
        drafts=Count("pk", filter=Q(sent_at=None, author=person)),
    )
    return Talk(**found)


def may_write(case: Case) -> bool:
    """Whether its applicant can write in the case now."""
    writes = lifecycle.State(case.state) in lifecycle.BY_NAME["write_message"].sources
    return writes and conversation.is_open(case.closed_at, clock.now())


def official_may_write(case: Case, person: Person) -> bool:
    """Whether the official can write to the applicant now."""
    row = lifecycle.BY_NAME["send_message"]
    assert not isinstance(row.who, lifecycle.Actor)
    return may_write(case) and bool(row.who.intersection(powers_on(case, person)))


def reads_for_office(case: Case, person: Person) -> bool:
    """Whether a message counts as read once the official sees it: who holds work in the case reads it, or anybody where nobody does."""
    holders = set(
        WorkItem.objects.filter(case=case, state=WorkItem.State.OPEN, claimed_by__isnull=False).values_list(
            "claimed_by", flat=True
        )
    )
    return person.pk in holders if holders else bool(powers_on(case, person))


def file_for_resident(person: Person, number: str, attachment: UUID) -> Attachment:
    """A file of a message in a case the person may read, or of their own draft. Raises Attachment.DoesNotExist."""
    of_case = Q(readable(person, "message_link__message__case__"), message_link__message__case__number=number)
    return Attachment.objects.get(of_case, _sent_or_own(person), pk=attachment)


def file_for_official(person: Person, number: str, attachment: UUID) -> Attachment:
    """The same for an official who may see the case. Raises Attachment.DoesNotExist."""
    seen = cases_for_official(person).filter(number=number)
    return Attachment.objects.get(_sent_or_own(person), pk=attachment, message_link__message__case__in=seen)


def _sent_or_own(person: Person) -> Q:
    return Q(message_link__message__sent_at__isnull=False) | Q(message_link__message__author=person)


def from_office(case: Case) -> int:
    """How many messages the offices have sent in the case."""
    return CaseMessage.objects.filter(case=case, office__isnull=False, sent_at__isnull=False).count()
