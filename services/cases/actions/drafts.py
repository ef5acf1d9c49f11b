"""What the applicant does: draft, attach, file, answer, withdraw."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.folding import fold
from portal.kit.refusal import Refused
from services.cases import lifecycle, numbering
from services.cases.actions.events import allowed, locked, record
from services.cases.checklist import papers
from services.cases.models import Case, CaseAttachment
from services.cases.queries.resident import definition_of, gaps
from services.catalogue.models import Version
from services.documents import actions as documents

MOST_FILES = 60


@transaction.atomic
def start_draft(person: Person, version: Version, agency: Office, circumstance: str = "") -> Case:
    """A new draft of the version for the agency; one with nothing in it yet is used again, so that a double click makes one.

    Raises Refused("case.circumstance") for a circumstance the version does not have.
    """
    # Two requests of one person at the same moment wait for each other here.
    Person.objects.select_for_update().get(pk=person.pk)
    untouched = Case.objects.filter(applicant=person, version=version, state=Case.State.DRAFT, answers={}, attachments=None)
    case = untouched.select_related("version").first() or Case(version=version, applicant=person)
    case.agency = agency
    _set_circumstance(case, circumstance)
    case.save()
    return case


def _set_circumstance(case: Case, circumstance: str) -> None:
    known = {choice["key"] for choice in case.version.circumstances}
    if circumstance and circumstance not in known:
        raise Refused("case.circumstance", _("Choose one of the circumstances listed."), field="circumstance", status=422)
    case.circumstance = circumstance


def _own(pk: int, by: Person) -> Case:
    """The locked case of the person; Case.DoesNotExist for anybody else."""
    case = locked(pk)
    if case.applicant_id != by.pk:
        raise Case.DoesNotExist
    return case


def _own_draft(pk: int, by: Person) -> Case:
    case = _own(pk, by)
    if case.state != Case.State.DRAFT:
        raise Refused("case.filed", _("This application has been filed already; it can no longer be changed here."))
    return case


@transaction.atomic
def choose_circumstance(case: Case, by: Person, circumstance: str, agency: Office | None = None) -> Case:
    """Change the circumstance (and the agency) of a draft; files of papers that no longer apply are kept with it."""
    draft = _own_draft(case.pk, by)
    _set_circumstance(draft, circumstance)
    if agency is not None:
        draft.agency = agency
    draft.saved_at = clock.now()
    draft.save(update_fields=["circumstance", "agency", "saved_at"])
    return draft


@transaction.atomic
def save_page(case: Case, by: Person, page_key: str, values: dict[str, Any]) -> Case:
    """Keep one page of answers; earlier answers of that page that are not given now are dropped."""
    draft = _own_draft(case.pk, by)
    page = next(page for page in definition_of(draft).pages if page.key == page_key)
    of_page = {field.key for field in page.fields}
    kept = {key: value for key, value in draft.answers.items() if key not in of_page}
    draft.answers = kept | {key: value for key, value in values.items() if key in of_page}
    draft.saved_at = clock.now()
    draft.save(update_fields=["answers", "saved_at"])
    return draft


def attach(case: Case, by: Person, document: str, upload: UploadedFile) -> CaseAttachment:
    """Keep a file under one of the papers, or an attachment field; Refused with the reason if it cannot be taken.

    The bytes are checked and stored before the case is locked, so a slow upload holds nothing up.
    """
    if case.applicant_id != by.pk:
        raise Case.DoesNotExist
    most = _most_files(case, document)
    stored = documents.receive(by, upload)
    try:
        with transaction.atomic():
            owned = _own(case.pk, by)
            if owned.state not in (Case.State.DRAFT, Case.State.SUPPLEMENT):
                raise Refused("case.filed", _("Files can be added while drafting, or when a supplement was requested."))
            links = owned.attachments
            if links.filter(document=document).count() >= most or links.count() >= MOST_FILES:
                raise Refused(
                    "case.too_many_files",
                    _("No more than %(most)d files here. Remove one first, or put several pages into one PDF.") % {"most": most},
                    field="file",
                    status=422,
                )
            moment = "draft" if owned.state == Case.State.DRAFT else "supplement"
            owned.saved_at = clock.now()
            owned.save(update_fields=["saved_at"])
            last = links.order_by("-position").values_list("position", flat=True).first()
            return CaseAttachment.objects.create(
                case=owned, attachment=stored, document=document, position=0 if last is None else last + 1, added_in=moment
            )
    except BaseException:
        documents.discard(stored)
        raise


def _most_files(case: Case, document: str) -> int:
    for paper in papers(case.version.documents, case.circumstance):
        if paper.key == document and paper.upload:
            return paper.max_files
    for field in definition_of(case).attachments_shown(case.answers):
        if field.key == document:
            return field.max_files
    raise Refused("case.unknown_paper", _("This paper is not part of the application."), field="file", status=422)


@transaction.atomic
def detach(case: Case, by: Person, attachment_id: UUID) -> None:
    """Remove a file while drafting, or one added for the supplement now being answered."""
    owned = _own(case.pk, by)
    link = owned.attachments.select_related("attachment").get(attachment_id=attachment_id)
    sent = owned.saved_at if owned.state == Case.State.SUPPLEMENT else None
    if owned.state == Case.State.DRAFT or (sent and link.added_in == "supplement" and _since_pause(owned, link)):
        attachment = link.attachment
        link.delete()
        documents.discard(attachment)
        return
    raise Refused("case.filed", _("This file was filed with the application and can no longer be removed."))


def _since_pause(case: Case, link: CaseAttachment) -> bool:
    return case.paused_at is not None and link.attachment.uploaded_at >= case.paused_at


@transaction.atomic
def discard_draft(case: Case, by: Person) -> None:
    """Delete a draft and its files."""
    draft = _own_draft(case.pk, by)
    for link in list(draft.attachments.select_related("attachment")):
        attachment = link.attachment
        link.delete()
        documents.discard(attachment)
    draft.delete()


@transaction.atomic
def file(case: Case, by: Person) -> Case:
    """File the draft and give it its number. A case that is filed already is returned as it is: a retry changes nothing.

    Raises Refused("case.incomplete") when something is missing.
    """
    draft = _own(case.pk, by)
    if draft.state != Case.State.DRAFT:
        return draft
    action = allowed("file", draft, actor=lifecycle.Actor.RESIDENT)
    if gaps(draft):
        raise Refused("case.incomplete", _("Something is still missing. The list below shows what."), status=422)
    definition = definition_of(draft)
    draft.answers = definition.kept(draft.answers)
    draft.filed_at = clock.now()
    draft.number = _next_number(draft.agency.code)
    draft.subject_name = (definition.subject(draft.answers) or by.full_name)[:200]
    # Officials look for either name; often they are the same.
    draft.subject_folded = fold(" ".join(dict.fromkeys((draft.subject_name, by.full_name))))[:200]
    record(draft, action, by=by)
    return draft


def _next_number(agency_code: str) -> str:
    """One statement: PostgreSQL's row lock hands out each number once."""
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (agency_code, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (agency_code, day) DO UPDATE SET last = cases_numbercounter.last + 1 RETURNING last",
            [agency_code, day],
        )
        row = cursor.fetchone()
    return numbering.case_number(agency_code, day, row[0])


@transaction.atomic
def answer_supplement(case: Case, by: Person, note: str) -> Case:
    """Send what was asked for; the clock runs again."""
    owned = _own(case.pk, by)
    action = allowed("answer_supplement", owned, actor=lifecycle.Actor.RESIDENT)
    sent = [
        link.attachment.name
        for link in owned.attachments.filter(added_in="supplement").select_related("attachment")
        if _since_pause(owned, link)
    ]
    if not note.strip() and not sent:
        raise Refused("case.empty_supplement", _("Attach a file or write an answer before sending."), field="note", status=422)
    record(owned, action, by=by, note=note, data={"files": len(sent)})
    return owned


@transaction.atomic
def request_withdrawal(case: Case, by: Person, reason: str) -> Case:
    """Ask for the application back; the office decides."""
    owned = _own(case.pk, by)
    action = allowed("request_withdrawal", owned, actor=lifecycle.Actor.RESIDENT, reason=reason)
    record(owned, action, by=by, note=reason)
    return owned
