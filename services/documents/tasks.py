"""Workers' doors of documents: each may run twice, and a round finds what was left."""

import structlog
from celery import shared_task

from services.documents import actions, scanning, uploads
from services.documents.models import Attachment

log = structlog.get_logger(__name__)


@shared_task(name=actions.SCAN_TASK)
def scan(key: str) -> None:
    """Have one file scanned for viruses."""
    try:
        scanning.scan(key)
    except Attachment.DoesNotExist:
        log.warning("task_without_row", task=actions.SCAN_TASK)


@shared_task(name="documents.sweep_scans")
def sweep_scans() -> None:
    """Scan what a lost message, a killed worker or a silent scanner left."""
    for key in scanning.waiting():
        scan.delay(key)


@shared_task(name="documents.sweep_uploads")
def sweep_uploads() -> None:
    """Give up uploads nobody went on with."""
    uploads.sweep()
