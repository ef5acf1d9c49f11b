"""Workers' doors: each task takes a primary key, may run twice, and has a sweeper."""

import structlog
from celery import shared_task
from django.db import DatabaseError

from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.actions import assignment
from services.cases.actions.application_forms import FORM_TASK
from services.cases.actions.assignment import LEFT_TASK
from services.cases.actions.attaching import COMBINE_TASK
from services.cases.actions.bulk import BULK_TASK
from services.cases.actions.digests import DIGEST_TASK, send_digests
from services.cases.actions.events import EVENT_TASK
from services.cases.actions.exports import EXPORT_TASK
from services.cases.actions.moves import MOVE_TASK
from services.cases.actions.reminders import APOLOGY_TASK, REMIND_TASK, draft_apologies, remind, tell_of_overdue
from services.cases.actions.sheets import SHEET_TASK, make_sheet, sweep_sheets
from services.cases.actions.trials import TRIAL_TASK
from services.cases.actions.work import DOCUMENT_TASK
from services.cases.models import Case, CaseDocument
from services.cases.queries import assignment as waiting
from services.cases.queries.sheets import sheets_waiting
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


@shared_task(name=LEFT_TASK)
def return_work(person_id: int | None = None) -> None:
    """Return to the queues what people hold who may no longer do it: one person, or everybody."""
    assignment.return_work(person_id)


@shared_task(name="cases.sweep_claims")
def sweep_claims() -> None:
    """Warn whoever holds work without touching it, and return to the queues what nobody touched for too long."""
    for pk in waiting.long_untouched():
        assignment.expire_claim(pk)


@shared_task(name="cases.sweep_sharing")
def sweep_sharing() -> None:
    """Share out what came while nobody was there, and what was in the queue when an office began to share out."""
    for pk in waiting.to_share_out():
        assignment.share_out_item(pk)


@shared_task(name=EXPORT_TASK)
def make_export(pk: int) -> None:
    """Write a list of cases as a file; what fails is tried again by the sweeper."""
    actions.make_export(pk)


@shared_task(name="cases.sweep_exports")
def sweep_exports() -> None:
    """Make the exports that a lost message or a killed worker left, and remove those whose time is over."""
    for pk in queries.exports_waiting():
        make_export.delay(pk)
    actions.sweep_exports()


@shared_task(name="cases.sweep_supplements")
def sweep_supplements() -> None:
    """Write down the requests for a supplement that nobody answered in time."""
    for pk in queries.requests_run_out():
        actions.lapse(pk)


@shared_task(name="cases.remind_of_supplements")
def remind_of_supplements() -> None:
    """Remind applicants whose time to answer ends soon; each is told once."""
    for pk in queries.requests_to_remind():
        actions.remind(pk)


@shared_task(name="cases.sweep_silence")
def sweep_silence() -> None:
    """Close the questions to offices that were not answered in time, where that counts as agreement."""
    for pk in queries.silent_items():
        actions.count_silence(pk)


@shared_task(name=BULK_TASK)
def run_bulk(pk: int) -> None:
    """Do the next cases of a bulk action; it sends itself again until none is left."""
    actions.run_bulk(pk)


@shared_task(name="cases.sweep_bulk")
def sweep_bulk() -> None:
    """Go on with the bulk actions that a lost message or a killed worker left, or that wait for a document."""
    for pk in queries.unfinished_runs():
        run_bulk.delay(pk)


@shared_task(name=DIGEST_TASK)
def send_morning_digests(after: int = 0) -> None:
    """Send officials the summary of the morning; it sends itself again until nobody is left."""
    send_digests(after)


@shared_task(name=SHEET_TASK)
def make_control_sheet_or_register(pk: int) -> None:
    """Draw a control sheet or a register; what fails is tried again by the sweeper."""
    make_sheet(pk)


@shared_task(name="cases.sweep_sheets")
def sweep_all_sheets() -> None:
    """Draw again the sheets that a lost message or a killed worker left, and remove old ones."""
    for pk in sheets_waiting():
        make_control_sheet_or_register.delay(pk)
    sweep_sheets()


@shared_task(name=REMIND_TASK)
def remind_officials(due: str = "", pk: int = 0) -> None:
    """Remind officials of steps that run out or are overdue; it sends itself again until none is left."""
    remind(due, pk)


@shared_task(name=APOLOGY_TASK)
def prepare_apologies(due: str = "", pk: int = 0) -> None:
    """Prepare apologies for cases that will miss their date; it sends itself again until none is left."""
    draft_apologies(due, pk)


@shared_task(name="cases.tell_of_overdue")
def tell_heads_of_overdue() -> None:
    """Tell heads and leaders once a day which cases are overdue."""
    tell_of_overdue()
