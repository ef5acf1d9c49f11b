"""Files on their way in, piece by piece: the only writer of `Upload` and of the spool where their bytes lie.

How much of a file has come is the length of its spool file and nothing else, so that a worker killed in the middle loses nothing.
Blocks are appended one by one under the file's lock, each only at the end its sender knows: when two send at once, or one comes back
while the server still waits for its lost connection, the second to append is told so, and no byte is written twice.
"""

import fcntl
import hashlib
import hmac
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.documents import acceptance, actions
from services.documents.models import Attachment, Combination, Upload

BLOCK = 64 * 1024
"""Bytes read and written at a time: all that one upload takes of a web process's memory."""
LARGEST_PIECE = 8 * 1024 * 1024
"""Bytes in one request. Small pieces hold no thread for long, and less is sent again after a cut."""
OPEN_OF_ONE = 60
OPEN_OF_ADDRESS = 600
"""A one-stop centre puts many people behind one address."""
LEAST_FREE = 512 * 1024 * 1024
"""Bytes of the spool's disk that uploads leave to others."""
SETTLED = timedelta(seconds=30)
"""After this long an upload that is all there and was not finished by its browser is finished by a worker."""
BATCH = 500

log = structlog.get_logger(__name__)


class Stream(Protocol):
    """What bytes are read from: a request, most often."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


def start(*, place: str, owner: Person | None, visitor: str, address: str, name: str, size: int, mark: str = "") -> Upload:
    """Make room for a file of `size` bytes. Refused with the reason, before a byte is sent, when it would not be taken.

    The same file (`mark`) begun before at the same place is gone on with, not begun again.
    """
    try:
        acceptance.check_announced(name, size, settings.UPLOAD_MAX_BYTES)
    except acceptance.NotAcceptable as error:
        raise actions.refusal(error) from error
    if mark and (begun := waiting(place).filter(mark=mark, size=size).first()):
        return begun
    fingerprint = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
    theirs = {"owner": owner} if owner else {"visitor": visitor}
    unfinished = Upload.objects.filter(attachment=None, refused="")
    if unfinished.filter(**theirs).count() >= OPEN_OF_ONE or unfinished.filter(address=fingerprint).count() >= OPEN_OF_ADDRESS:
        raise Refused("upload.too_many", _("Too many files are on their way at once. Finish or remove some first."), status=429)
    spool = folder()
    if shutil.disk_usage(spool).free < LEAST_FREE + size:
        log.error("spool_full")
        raise Refused("upload.no_room", _("Files cannot be taken in at the moment. Try again in a few minutes."), status=507)
    return Upload.objects.create(
        place=place, owner=owner, visitor="" if owner else visitor, address=fingerprint, name=name, size=size, mark=mark
    )


def waiting(place: str) -> QuerySet[Upload]:
    """Uploads of a place that were begun and are not finished, oldest first."""
    return Upload.objects.filter(place=place, attachment=None, refused="").order_by("started_at")


def waiting_at(place_begins: str) -> QuerySet[Upload]:
    """The same, of all places that begin so."""
    return Upload.objects.filter(place__startswith=place_begins, attachment=None, refused="").order_by("started_at")


def find(key: UUID | str, place_begins: str) -> Upload:
    """An upload whose place begins so. Raises Upload.DoesNotExist."""
    return Upload.objects.get(pk=key, place__startswith=place_begins)


def folder() -> Path:
    """The spool, made when it is first needed; nobody else may look into it."""
    spool = Path(settings.UPLOAD_SPOOL)
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    return spool


def path(upload: Upload) -> Path:
    """Where the bytes of an upload lie: nothing of the given name reaches the file system."""
    return folder() / upload.pk.hex


def received(upload: Upload) -> int:
    """How many bytes have come. All of them once it is finished."""
    if not upload.is_open:
        return upload.size
    try:
        return path(upload).stat().st_size
    except FileNotFoundError:
        return 0


def append(upload: Upload, offset: int, stream: Stream, length: int) -> int:
    """Add up to `length` bytes from the stream at `offset`; how many bytes there are now. What came before a cut is kept.

    Refused("upload.offset", status=409) when the file does not end at `offset`, now or in the middle of it.
    """
    if length > LARGEST_PIECE:
        raise Refused("upload.piece_too_large", _("The file was sent in pieces that are too large."), status=413)
    if offset + length > upload.size:
        raise Refused("upload.too_long", _("More was sent than the file was announced to have."), status=413)
    _check_end(upload, offset, received(upload))
    position, end = offset, offset + length
    with path(upload).open("ab") as file:
        while position < end and (block := _next_block(stream, end - position)):
            position = _append_block(upload, file, position, block)
        Upload.objects.filter(pk=upload.pk).update(touched_at=clock.now())
    return position


def _next_block(stream: Stream, most: int) -> bytes:
    """What comes next, nothing at the end or when the connection is lost."""
    try:
        return stream.read(min(BLOCK, most))
    except OSError:
        return b""


def _append_block(upload: Upload, file: IO[bytes], position: int, block: bytes) -> int:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        _check_end(upload, position, file.seek(0, 2))
        file.write(block)
        file.flush()
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
    return position + len(block)


def _check_end(upload: Upload, offset: int, end: int) -> None:
    if not upload.is_open or offset != end:
        raise Refused("upload.offset", _("Another part of this file has arrived in the meantime."), status=409)


@contextmanager
def _alone(upload: Upload) -> Iterator[IO[bytes] | None]:
    """The spool file for one worker alone; None when there is none. Refused while another one works on it."""
    try:
        file = path(upload).open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("upload.busy", _("This file is being checked. Wait a moment."), status=423) from error
        yield file


def take(upload: Upload, owner: Person | None) -> Attachment:
    """Check a file that has wholly come and keep it for its owner. A repeat gives the same attachment, or the same reason."""
    with _alone(upload) as file:
        upload.refresh_from_db()
        if upload.attachment is not None:
            return upload.attachment
        if upload.refused:
            raise actions.refusal(acceptance.NotAcceptable(upload.refused, settings.UPLOAD_MAX_BYTES))
        if file is None or received(upload) != upload.size:
            raise Refused("upload.incomplete", _("The file has not wholly arrived. Choose it again to go on."), status=409)
        try:
            facts = actions.judge(File(file), upload.name)
        except Refused as refused:
            if refused.code.removeprefix("file.") in acceptance.CODES:
                upload.refused = refused.code.removeprefix("file.")
                upload.save(update_fields=["refused"])
                _drop_bytes(upload)
            raise
        with transaction.atomic():
            attachment = actions.keep(owner, File(file), upload.name, facts)
            upload.attachment = attachment
            upload.save(update_fields=["attachment"])
        _drop_bytes(upload)
    return attachment


def drop(upload: Upload) -> None:
    """Give an upload up, with its bytes, and with its attachment where nothing uses that."""
    attachment = upload.attachment
    _drop_bytes(upload)
    upload.delete()
    if attachment is not None:
        with suppress(ProtectedError), transaction.atomic():
            actions.discard(attachment)


def _drop_bytes(upload: Upload) -> None:
    path(upload).unlink(missing_ok=True)


def left_complete() -> list[str]:
    """Keys of uploads that have wholly come, and whose browser went away before saying so."""
    quiet = Upload.objects.filter(attachment=None, refused="", touched_at__lt=clock.now() - SETTLED).order_by("touched_at")[
        :BATCH
    ]
    return [str(upload.pk) for upload in quiet if received(upload) == upload.size]


def sweep() -> int:
    """Give up the uploads nobody went on with, and spool files that belong to none. Returns how many uploads."""
    before = clock.now() - timedelta(seconds=settings.UPLOAD_EXPIRES_SECONDS)
    expired = list(Upload.objects.filter(touched_at__lt=before).select_related("attachment")[:BATCH])
    for upload in expired:
        drop(upload)
    Combination.objects.exclude(state=Combination.State.WAITING).filter(asked_at__lt=before).delete()
    known = {key.hex for key in Upload.objects.values_list("pk", flat=True)}
    for file in folder().iterdir():
        if file.name not in known and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
    return len(expired)
