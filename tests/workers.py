"""A real Celery worker on the test's database, files and broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

COMMAND = [
    "-m",
    "celery",
    "-A",
    "portal",
    "worker",
    "-Q",
    "priority,cases,documents,notices",
    "-P",
    "prefork",
    "-c",
    "2",
    "-l",
    "ERROR",
]


def environment() -> dict[str, str]:
    """What the worker's process must know."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "SIGNING_STORE": str(settings.SIGNING_STORE),
        "SITE_URL": settings.SITE_URL,
    }


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """Runs until the block ends, and is then killed as a power cut would: nothing may depend on a clean end."""
    process = subprocess.Popen([sys.executable, *COMMAND], env=environment(), cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
