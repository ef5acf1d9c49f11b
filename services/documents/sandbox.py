"""Has a file inspected by a process of its own, so that a hostile one can neither hang nor bloat the one that serves pages."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from portal.kit.refusal import Refused
from services.documents.acceptance import NotAcceptable
from services.documents.inspection import Facts

PATIENCE = 30
"""Seconds on the wall clock for one file."""
AT_ONCE = 3
"""Files looked at together by one process of ours; the rest wait in line."""
QUEUE = 30
"""Seconds a file may wait in line."""
BLOCK = 256 * 1024
_places = threading.BoundedSemaphore(AT_ONCE)

log = structlog.get_logger(__name__)


def inspected(content: IO[bytes]) -> Facts:
    """What the file is. NotAcceptable with the reason; Refused when too many wait. Takes some 0.15 s."""
    if not _places.acquire(timeout=QUEUE):
        raise Refused("file.busy", _("Many files are being checked at the moment. Try again in a minute."), status=503)
    try:
        with _on_disk(content) as file:
            return _run(file)
    finally:
        _places.release()


def _run(file: IO[bytes]) -> Facts:
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "services.documents.inspection"],
            stdin=file,
            capture_output=True,
            cwd=settings.BASE_DIR,
            # No secret of ours is in reach of what a hostile file might make it do.
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("inspection_ended", reason="time")
        raise NotAcceptable("too_complex") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        log.warning("inspection_ended", reason=f"code {done.returncode}")
        # Killed for taking too much time, or out of memory where it could not say so.
        raise NotAcceptable("too_complex" if done.returncode else "broken") from None
    if "code" in answer:
        raise NotAcceptable(answer["code"])
    return Facts(**answer)


@contextmanager
def _on_disk(content: IO[bytes]) -> Iterator[IO[bytes]]:
    """The content as something the other process can read by itself, from its start."""
    content.seek(0)
    try:
        content.fileno()
    except (AttributeError, OSError):
        with tempfile.TemporaryFile() as copy:
            while block := content.read(BLOCK):
                copy.write(block)
            copy.seek(0)
            yield copy
        content.seek(0)
        return
    yield content
    content.seek(0)
