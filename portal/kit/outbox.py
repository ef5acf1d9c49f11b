"""Send a task by name once the transaction is safely committed, so actions never import tasks."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def after_commit(task: str, *args: int | str) -> None:
    """Queue `task` after commit; a broker that is down only delays it, because a sweeper sends it again."""
    transaction.on_commit(partial(_send, task, args))


def _send(task: str, args: tuple[int | str, ...]) -> None:
    try:
        current_app.tasks[task].apply_async(args, retry=False)
    except (OSError, OperationalError) as error:
        log.warning("broker_unreachable", task=task, error=type(error).__name__)
