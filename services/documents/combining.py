"""Photos of one paper put together into one PDF: asked for in a request, made by a worker, the only writer of `Combination`."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F

from identity.people.models import Person
from portal.kit import clock
from services.documents import actions
from services.documents.acceptance import JPEG, PNG
from services.documents.models import Attachment, Combination

State = Combination.State
PHOTOS = frozenset({JPEG, PNG})
"""What can be put together: what every reader of PDF can show as it is."""
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
MOST_TRIES = 5

log = structlog.get_logger(__name__)


def ask(place: str, owner: Person | None, name: str, parts: Sequence[UUID]) -> Combination:
    """Ask for the photos to be put together; while one is in the making at that place, that one is answered."""
    with suppress(IntegrityError), transaction.atomic():
        return Combination.objects.create(place=place, owner=owner, name=name, parts=[str(part) for part in parts])
    return Combination.objects.get(place=place, state=State.WAITING)


def make(pk: int) -> Attachment | None:
    """The PDF of a combination, made now or before; None when a photo is no longer there. Slow; never in a request."""
    combination = Combination.objects.select_related("result", "owner").get(pk=pk)
    if combination.result is not None or combination.state != State.WAITING:
        return combination.result
    Combination.objects.filter(pk=pk).update(attempts=F("attempts") + 1, tried_at=clock.now(), pages_done=0)
    found = Attachment.objects.in_bulk([UUID(part) for part in combination.parts])
    photos = [found[UUID(part)] for part in combination.parts if UUID(part) in found]
    if len(photos) != len(combination.parts) or not all(photo.may_be_opened for photo in photos):
        fail(combination, "photos_gone")
        return None
    content = _pdf(combination, photos)
    with transaction.atomic():
        result = actions.receive(combination.owner, ContentFile(content), combination.name)
        # Two workers may have made it: the first one counts.
        if not Combination.objects.filter(pk=pk, state=State.WAITING, result=None).update(result=result):
            transaction.set_rollback(True)
    return Combination.objects.select_related("result").get(pk=pk).result


def _pdf(combination: Combination, photos: Sequence[Attachment]) -> bytes:
    # Only workers need the libraries for it: web processes start without.
    from services.documents import photo_pages

    budget = int(settings.UPLOAD_MAX_BYTES * 0.9) // len(photos)
    pages = []
    for number, photo in enumerate(photos, 1):
        with photo.file.open("rb") as file:
            pages.append(photo_pages.page_of(file.read(), photo.media_type, budget))
        Combination.objects.filter(pk=combination.pk).update(pages_done=number)
    return photo_pages.book_of(pages)


def fail(combination: Combination, reason: str) -> None:
    """Give a combination up, with the reason; the photos stay as they are."""
    Combination.objects.filter(pk=combination.pk, state=State.WAITING).update(state=State.FAILED, error=reason[:200])
    log.warning("combination_failed", reason=reason)


def finish(combination: Combination) -> bool:
    """Mark a combination as done; whether this call did it. Call it in the transaction that puts the PDF in the photos' place."""
    return bool(Combination.objects.filter(pk=combination.pk, state=State.WAITING).update(state=State.DONE))


def waiting() -> list[int]:
    """Combinations that a lost message or a killed worker left, oldest first; each try doubles the wait."""
    now = clock.now()
    tries = Combination.objects.filter(state=State.WAITING, asked_at__lt=now - FIRST_WAIT).order_by("asked_at")
    return [
        pk
        for pk, attempts, tried in tries.values_list("pk", "attempts", "tried_at")[:200]
        if tried is None or now - tried >= min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)
    ]


def in_the_making(places: Sequence[str]) -> dict[str, Combination]:
    """The latest combination of each place that is not done, by place. One query."""
    found = Combination.objects.filter(place__in=places).exclude(state=State.DONE).order_by("asked_at")
    return {one.place: one for one in found}
