"""Virus scanning: ClamAV's daemon is asked by its INSTREAM command, and what it says is recorded.

Its protocol is a length before each block and one line of answer; a library for that would be one more dependency.
"""

import socket
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from portal.kit import clock
from portal.kit.outbox import after_commit
from services.documents import actions
from services.documents.models import Attachment

Scan = Attachment.Scan
TIMEOUT = 60
"""Seconds for each answer of the daemon."""
BLOCK = 128 * 1024
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 200
FOUND_TASK = "cases.virus_found"
"""What is done about a virus is up to whoever used the file."""

log = structlog.get_logger(__name__)


class ScannerUnavailable(Exception):
    """The daemon cannot be reached, or broke off."""


class ScanFailed(Exception):
    """The daemon answered that it could not scan this file."""


def threat_in(blocks: Iterable[bytes], address: str) -> str:
    """The name of what the daemon at `address` finds in the content; empty when it finds nothing."""
    try:
        with closing(_connect(address)) as connection:
            connection.sendall(b"zINSTREAM\0")
            for block in blocks:
                connection.sendall(len(block).to_bytes(4, "big") + block)
            connection.sendall(b"\0\0\0\0")
            answer = _answer(connection)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream:").removesuffix("FOUND").strip()
    if answer.endswith("OK"):
        return ""
    raise ScanFailed(answer[:200])


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=TIMEOUT)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT)
    connection.connect(parts.path)
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < 4096:
        piece = connection.recv(1024)
        if not piece:
            break
        answer += piece
    if not answer:
        raise ConnectionResetError
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def scan(key: str) -> str:
    """Have one attachment scanned, and its state afterwards. Slow; never in a request. A repeat of a finished scan does nothing.

    A file with a virus loses its bytes at once; name, size and fingerprint stay, so that everybody sees what was there.
    """
    attachment = Attachment.objects.get(pk=key)
    if attachment.scan not in (Scan.WAITING, Scan.FAILED) or not settings.CLAMD_URL:
        return attachment.scan
    Attachment.objects.filter(pk=attachment.pk).update(scan_attempts=F("scan_attempts") + 1, scan_tried_at=clock.now())
    try:
        with attachment.file.open("rb") as content:
            threat = threat_in(iter(partial(content.read, BLOCK), b""), settings.CLAMD_URL)
    except ScannerUnavailable as error:
        # The file waits; nobody is told that it is good.
        log.warning("scanner_unavailable", error=str(error))
        return attachment.scan
    except ScanFailed as error:
        log.warning("scan_failed", error=str(error))
        return _record(attachment, Scan.FAILED)
    return _record(attachment, Scan.INFECTED if threat else Scan.CLEAN, threat)


def _record(attachment: Attachment, found: Attachment.Scan, threat: str = "") -> str:
    changes = {"scan": found, "threat": threat[:200], "scanned_at": clock.now()} | ({"file": ""} if threat else {})
    with transaction.atomic():
        counted = Attachment.objects.filter(pk=attachment.pk, scan__in=[Scan.WAITING, Scan.FAILED]).update(**changes)
        if counted and threat:
            log.warning("virus_found", attachment=str(attachment.pk))
            transaction.on_commit(partial(actions.drop_file, attachment.file.name))
            after_commit(FOUND_TASK, str(attachment.pk))
    return found


def waiting() -> list[str]:
    """Keys of attachments to be scanned, oldest first; each failed try doubles the wait, up to an hour."""
    if not settings.CLAMD_URL:
        return []
    now = clock.now()
    unscanned = Attachment.objects.filter(scan__in=[Scan.WAITING, Scan.FAILED], uploaded_at__lt=now - FIRST_WAIT)
    tries = unscanned.order_by("uploaded_at").values_list("pk", "scan_attempts", "scan_tried_at")[: BATCH * 4]
    due = [
        str(pk)
        for pk, attempts, tried in tries
        if tried is None or now - tried >= min(FIRST_WAIT * 2 ** min(attempts, 9), LONGEST_WAIT)
    ]
    return due[:BATCH]
