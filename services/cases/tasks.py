"""Workers' doors: each task takes a primary key, may run twice, and has a sweeper."""

import structlog
from celery import shared_task
from django.db import DatabaseError

from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.actions.application_forms import FORM_TASK
from services.cases.actions.attaching import COMBINE_TASK
from services.cases.actions.events import EVENT_TASK
from services.cases.actions.moves import MOVE_TASK
from services.cases.actions.trials import TRIAL_TASK
from services.cases.actions.work import DOCUMENT_TASK
from services.cases.models import Case, CaseDocument
from services.documents import combining, uploads
from services.documents.models import Combination, Upload
from services.documents.scanning import FOUND_TASK

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


@shared_task(name=FORM_TASK)
def make_application_form(pk: int) -> None:
    """Draw the statutory form of a case; what fails is tried again by the sweeper."""
    actions.make_form(pk)


@shared_task(name="cases.sweep_application_forms")
def sweep_application_forms() -> None:
    """Draw again the forms that a lost message or a killed worker left, and remove those of drafts that are gone."""
    for pk in queries.forms_waiting():
        make_application_form.delay(pk)
    actions.sweep_forms()


@shared_task(name="cases.sweep_drafts")
def sweep_drafts() -> None:
    """Delete drafts that nobody saved for as long as drafts are kept, with their files."""
    for case_pk in queries.drafts_run_out():
        try:
            actions.discard_run_out(case_pk)
        except DatabaseError as error:
            # The next hour tries again; the others are not kept waiting by this one.
            log.warning("draft_not_swept", key=case_pk, error=type(error).__name__)


@shared_task(name=MOVE_TASK)
def move_cases(pk: int) -> None:
    """Move the next cases of a move to the other version, or back; it sends itself again until none is left."""
    actions.move_cases(pk)


@shared_task(name="cases.sweep_moves")
def sweep_moves() -> None:
    """Go on with the moves that a lost message or a killed worker left."""
    for pk in queries.unfinished_moves():
        move_cases.delay(pk)


@shared_task(name=COMBINE_TASK)
def combine_photos(pk: int) -> None:
    """Put the photos of a paper together; what fails is tried again by the sweeper."""
    try:
        actions.combine_photos(pk)
    except Combination.DoesNotExist:
        log.warning("task_without_row", task=COMBINE_TASK, key=pk)


@shared_task(name="cases.finish_upload")
def finish_upload(key: str) -> None:
    """Attach a file whose browser went away before saying that it has wholly come."""
    try:
        actions.finish_upload(key)
    except Upload.DoesNotExist:
        log.warning("task_without_row", task="cases.finish_upload")
    except Refused as refused:
        log.info("refused", code=refused.code)


@shared_task(name="cases.sweep_uploads")
def sweep_uploads() -> None:
    """Attach what wholly came, and put together what a killed worker left."""
    for key in uploads.left_complete():
        finish_upload.delay(key)
    for pk in combining.waiting():
        combine_photos.delay(pk)


@shared_task(name=FOUND_TASK)
def virus_found(key: str) -> None:
    """Tell the applicant that a file of a filed case contained a virus."""
    actions.tell_of_virus(key)


@shared_task(name=TRIAL_TASK)
def try_draft(pk: int) -> None:
    """Send test cases through the route of a draft and keep the report."""
    actions.try_draft(pk)


@shared_task(name="cases.sweep_trials")
def sweep_trials() -> None:
    """Run the trials that a lost message or a killed worker left."""
    for pk in queries.trials_waiting():
        try_draft.delay(pk)
