"""The only reader of attachments and issued documents."""

from datetime import timedelta
from typing import IO
from urllib.parse import quote

from django.core.files.base import File
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit import clock, folding
from portal.kit.refusal import Refused
from services.documents.acceptance import PDF, SHOWN_IN_BROWSER
from services.documents.models import Attachment, IssuedDocument

State = IssuedDocument.State
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
CLOSED: dict[str, str | Promise] = {
    Attachment.Scan.WAITING: _("This file is being scanned for viruses. It can be opened in a moment."),
    Attachment.Scan.FAILED: _("This file could not be scanned for viruses yet, and cannot be opened."),
    Attachment.Scan.INFECTED: _("This file contained a virus and was removed."),
}
"""Why a file is not opened, by the state of its scan."""
LOCKED = "default-src 'none'; sandbox; frame-ancestors 'self'"
"""For pictures and downloads: nothing in them may run, whatever they turn out to be."""
LOCKED_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For PDFs: the browser's own viewer does not start in a sandbox, and needs its style."""


def by_code(code: str) -> IssuedDocument | None:
    """The document with that verification code, its office at hand."""
    return IssuedDocument.objects.select_related("office").filter(code=code).first()


def by_content(sha256: str) -> IssuedDocument | None:
    """The document whose file is exactly these bytes."""
    return IssuedDocument.objects.select_related("office").filter(sha256=sha256).first()


def waiting(limit: int) -> list[int]:
    """Keys of documents that were asked for and are not made, oldest first; each failed try doubles the wait, up to an hour."""
    now = clock.now()
    asked = IssuedDocument.objects.filter(state__in=[State.TO_SIGN, State.TO_SEAL]).order_by("requested_at")
    tries = asked.values_list("pk", "attempts", "tried_at")[: limit * 4]
    due = [
        pk
        for pk, attempts, tried in tries
        if tried is None or now - tried >= min(FIRST_WAIT * 2 ** min(attempts, 9), LONGEST_WAIT)
    ]
    return due[:limit]


def open_file(document: IssuedDocument) -> IO[bytes]:
    """The PDF's bytes; the caller closes it."""
    opened: IO[bytes] = document.file.storage.open(document.file.name, "rb")
    return opened


def file_name(document: IssuedDocument) -> str:
    """What a download is called: kind, number or case number, no personal data."""
    name = document.number.replace("/", "-") or document.case_number
    return f"{folding.fold(document.title)[:60].strip().replace(' ', '-')}-{name}.pdf"


def file_response(thing: Attachment | IssuedDocument, *, inline: bool) -> FileResponse:
    """The bytes with headers that keep a hostile file harmless. `inline` is honoured for PDF, JPEG and PNG; the rest is saved.

    Whether the person may see it is the caller's to decide. Refused while a file waits for its virus scan, and after a virus.
    """
    if isinstance(thing, Attachment):
        if not thing.may_be_opened:
            raise Refused(f"file.{thing.scan}", str(CLOSED[thing.scan]))
        name, media_type, size = thing.name, thing.media_type, thing.size
    else:
        name, media_type, size = file_name(thing), PDF, thing.size
    shown = inline and media_type in SHOWN_IN_BROWSER
    content: File[bytes] = thing.file.storage.open(thing.file.name, "rb")
    response = FileResponse(content, content_type=media_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = _disposition(name, inline=shown)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = LOCKED_PDF if shown and media_type == PDF else LOCKED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: a plain name for old clients, the real one in UTF-8 (RFC 8187) for the rest."""
    plain = "".join(character if character.isalnum() or character in "-_. " else "_" for character in folding.fold(name))
    ascii_name = plain.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
