"""Workers' doors: each task takes a primary key, may run twice, and has a sweeper."""

import structlog
from celery import shared_task

from services.cases import actions, queries
from services.cases.actions.events import EVENT_TASK
from services.cases.actions.work import DOCUMENT_TASK
from services.cases.models import Case, CaseDocument

log = structlog.get_logger(__name__)


@shared_task(name=EVENT_TASK)
def handle_events(case_pk: int) -> None:
    """Route and announce what happened to a case."""
    try:
        actions.handle_events(case_pk)
    except Case.DoesNotExist:
        log.warning("task_without_row", task=EVENT_TASK, key=case_pk)


@shared_task(name=DOCUMENT_TASK)
def produce_document(link_pk: int) -> None:
    """Draw up or seal a document; what fails is tried again by the sweeper."""
    try:
        actions.produce_document(link_pk)
    except CaseDocument.DoesNotExist:
        log.warning("task_without_row", task=DOCUMENT_TASK, key=link_pk)


@shared_task(name="cases.sweep_events")
def sweep_events() -> None:
    """Handle again the events that a lost message or a killed worker left."""
    for case_pk in queries.cases_with_unhandled_events():
        handle_events.delay(case_pk)


@shared_task(name="cases.sweep_documents")
def sweep_documents() -> None:
    """Produce again the documents that a lost message or a killed worker left."""
    for link_pk in queries.documents_waiting():
        produce_document.delay(link_pk)
