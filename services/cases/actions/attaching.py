"""Files of a case on their way in and out."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases.actions.ownership import own_case
from services.cases.checklist import papers
from services.cases.models import Case, CaseAttachment
from services.cases.queries.resident import definition_of
from services.documents import actions as documents

MOST_FILES = 60


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
            owned = own_case(case.pk, by)
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
    owned = own_case(case.pk, by)
    link = owned.attachments.select_related("attachment").get(attachment_id=attachment_id)
    sent = owned.saved_at if owned.state == Case.State.SUPPLEMENT else None
    if owned.state == Case.State.DRAFT or (sent and link.added_in == "supplement" and added_since_pause(owned, link)):
        attachment = link.attachment
        link.delete()
        documents.discard(attachment)
        return
    raise Refused("case.filed", _("This file was filed with the application and can no longer be removed."))


def added_since_pause(case: Case, link: CaseAttachment) -> bool:
    return case.paused_at is not None and link.attachment.uploaded_at >= case.paused_at
