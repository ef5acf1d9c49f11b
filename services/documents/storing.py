"""The person's own papers (kho dữ liệu điện tử của cá nhân): kept once, used in any application. The only writer of them."""

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.documents import actions
from services.documents.models import Attachment, IssuedDocument, StoredPaper

MOST = 300
"""Papers of one person."""


def mine(person: Person) -> QuerySet[StoredPaper]:
    """The person's papers, newest first, each with its file."""
    return StoredPaper.objects.filter(owner=person).select_related("attachment", "issued").order_by("-id")


def find(person: Person, key: UUID) -> StoredPaper:
    """One of the person's papers. Raises StoredPaper.DoesNotExist for another's."""
    return mine(person).get(key=key)


def keep(person: Person, attachment: Attachment, title: str) -> StoredPaper:
    """Keep a copy of a file under a title. The same content again changes nothing."""
    if not attachment.may_be_opened:
        raise Refused("file.not_opened", _("This file cannot be kept before it has been scanned for viruses."))
    if known := mine(person).filter(sha256=attachment.sha256).first():
        return known
    if mine(person).count() >= MOST:
        raise Refused("store.full", _("No more than %(most)d papers can be kept. Remove some first.") % {"most": MOST})
    called = title.strip()[:150] or attachment.name
    if mine(person).filter(title=called).exists():
        called = f"{called} ({attachment.name})"[:200]
    twin = actions.copy(attachment, person)
    try:
        with transaction.atomic():
            return StoredPaper.objects.create(
                owner=person,
                title=called,
                kind=StoredPaper.Kind.UPLOADED,
                attachment=twin,
                sha256=twin.sha256,
                noted_on=clock.today(),
            )
    except IntegrityError:
        actions.discard(twin)
        return mine(person).get(sha256=attachment.sha256)


def keep_issued(person: Person, document: IssuedDocument) -> None:
    """Note an issued outcome among the papers of the person it was issued to. A repeat changes nothing."""
    if document.sha256:
        StoredPaper.objects.get_or_create(
            owner=person,
            sha256=document.sha256,
            defaults={
                "title": document.title[:200],
                "kind": StoredPaper.Kind.ISSUED,
                "issued": document,
                "noted_on": document.issued_on or clock.today(),
            },
        )


@transaction.atomic
def rename(person: Person, key: UUID, title: str) -> StoredPaper:
    """Give a paper another title."""
    paper = StoredPaper.objects.select_for_update().get(owner=person, key=key)
    if not title.strip():
        raise Refused("store.title", _("Enter a name for this paper."), field="title", status=422)
    paper.title = title.strip()[:200]
    paper.save(update_fields=["title"])
    return paper


@transaction.atomic
def remove(person: Person, key: UUID) -> str:
    """Take a paper out of the store; its title. Applications it was used in keep their copies."""
    paper = StoredPaper.objects.select_for_update(of=("self",)).select_related("attachment").get(owner=person, key=key)
    attachment = paper.attachment
    paper.delete()
    if attachment is not None:
        actions.discard(attachment)
    return paper.title


def as_attachment(paper: StoredPaper, owner: Person) -> Attachment:
    """A copy of a kept paper, to be attached. Refused when it cannot be, with the reason."""
    if paper.issued is not None:
        if paper.issued.state != IssuedDocument.State.ISSUED:
            raise Refused("store.not_in_force", _("This document is no longer in force."), status=422)
        return actions.copy_issued(paper.issued, owner)
    if paper.attachment is None or not paper.attachment.may_be_opened:
        raise Refused(
            "file.not_opened", _("This file cannot be used: it has not been scanned, or it contained a virus."), status=422
        )
    if paper.attachment.size > settings.UPLOAD_MAX_BYTES:
        raise actions.refusal_of_size()
    return actions.copy(paper.attachment, owner)
