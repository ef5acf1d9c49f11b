"""Files of a case on their way in and out: sent whole or in pieces, taken from the person's own papers, put together, removed."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases.actions.events import locked, site_link
from services.cases.actions.ownership import own_case, owns
from services.cases.filer import Filer
from services.cases.models import Case, CaseAttachment
from services.cases.queries.resident import definition_of, needed_papers
from services.cases.queries.supplements import answering, is_new
from services.documents import actions as documents
from services.documents import combining, storing, uploads
from services.documents.models import Attachment, Combination, StoredPaper, Upload
from services.notices import actions as notices

MOST_FILES = 60
COMBINE_TASK = "cases.combine_photos"


def attach(case: Case, by: Filer | Person, document: str, upload: UploadedFile) -> CaseAttachment:
    """Keep a file under one of the papers, or an attachment field; Refused with the reason if it cannot be taken.

    The bytes are checked and stored before the case is locked, so a slow upload holds nothing up.
    """
    if not owns(case, by):
        raise Case.DoesNotExist
    most_files(case, document)
    stored = documents.receive(case.applicant, upload)
    try:
        return _link(case, by, document, stored)
    except BaseException:
        documents.discard(stored)
        raise


def start_upload(case: Case, by: Filer | Person, document: str, *, address: str, name: str, size: int, mark: str = "") -> Upload:
    """Make room for a file that comes in pieces. Refused with the reason, before a byte is sent, when it would not be taken."""
    if not owns(case, by):
        raise Case.DoesNotExist
    most = most_files(case, document)
    _check_open(case)
    _check_room(case, document, most)
    visitor = "" if isinstance(by, Person) else by.visitor
    return uploads.start(
        place=place_of(case, document),
        owner=by if isinstance(by, Person) else by.person,
        visitor=visitor,
        address=address,
        name=name,
        size=size,
        mark=mark,
    )


def attach_upload(case: Case, by: Filer | Person, upload: Upload) -> CaseAttachment:
    """Check a file that has wholly come and keep it under its paper. A repeat gives the same, or the same reason."""
    if not owns(case, by):
        raise Case.DoesNotExist
    return _attach_upload(case, by, upload)


def _attach_upload(case: Case, by: Filer | Person | None, upload: Upload) -> CaseAttachment:
    document = upload.place.partition("/")[2]
    stored = uploads.take(upload, case.applicant)
    if link := CaseAttachment.objects.filter(attachment=stored).first():
        return link
    try:
        return _link(case, by, document, stored)
    except Refused:
        uploads.drop(upload)
        raise


def finish_upload(key: str) -> None:
    """Attach a file that has wholly come, and whose browser went away before saying so. A repeat changes nothing."""
    upload = Upload.objects.get(pk=key)
    case = Case.objects.select_related("version", "applicant").filter(key=upload.place.partition("/")[0]).first()
    if case is None:
        uploads.drop(upload)
        return
    _attach_upload(case, None, upload)


def attach_stored(case: Case, by: Person, document: str, paper: StoredPaper) -> CaseAttachment:
    """Attach a copy of one of the person's own papers; what becomes of the paper later changes nothing here."""
    if not owns(case, by) or paper.owner_id != by.pk:
        raise Case.DoesNotExist
    most = most_files(case, document)
    _check_open(case)
    _check_room(case, document, most)
    already = case.attachments.filter(document=document, attachment__sha256=paper.sha256).first()
    if already:
        return already
    stored = storing.as_attachment(paper, by)
    try:
        return _link(case, by, document, stored)
    except BaseException:
        documents.discard(stored)
        raise


def place_of(case: Case, document: str) -> str:
    """How uploads and combinations name the paper they are for."""
    return f"{case.key}/{document}"


@transaction.atomic
def _link(case: Case, by: Filer | Person | None, document: str, stored: Attachment) -> CaseAttachment:
    owned = locked(case.pk) if by is None else own_case(case.pk, by)
    if known := CaseAttachment.objects.filter(attachment=stored).first():
        return known
    _check_open(owned)
    _check_room(owned, document, most_files(owned, document))
    moment = "draft" if owned.state == Case.State.DRAFT else "supplement"
    owned.saved_at = clock.now()
    owned.save(update_fields=["saved_at"])
    if stored.owner_id != owned.applicant_id:
        # Somebody signed in while the file was on its way.
        Attachment.objects.filter(pk=stored.pk).update(owner=owned.applicant_id)
    last = owned.attachments.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return CaseAttachment.objects.create(case=owned, attachment=stored, document=document, position=position, added_in=moment)


def _check_open(case: Case) -> None:
    if case.state not in (Case.State.DRAFT, Case.State.SUPPLEMENT):
        raise Refused("case.filed", _("Files can be added while drafting, or when a supplement was requested."))


def _check_room(case: Case, document: str, most: int) -> None:
    links = case.attachments.exclude(attachment__scan=Attachment.Scan.INFECTED)
    here = links.filter(document=document)
    if case.state == Case.State.SUPPLEMENT and case.paused_at is not None:
        here = here.filter(added_in="supplement", attachment__uploaded_at__gte=case.paused_at)
    if here.count() >= most or links.count() >= MOST_FILES:
        raise Refused(
            "case.too_many_files",
            _("No more than %(most)d files here. Remove one first, or put several pages into one PDF.") % {"most": most},
            field="file",
            status=422,
        )


def most_files(case: Case, document: str) -> int:
    """How many files fit under a paper of the case. Refused for one that is not asked for, or not asked for now."""
    if case.state == Case.State.SUPPLEMENT:
        return _most_new(case, document)
    for paper in needed_papers(case):
        if paper.key == document and paper.upload:
            return paper.max_files
    for field in definition_of(case).attachments_shown(case.answers):
        if field.key == document:
            return field.max_files
    raise Refused("case.unknown_paper", _("This paper is not part of the application."), field="file", status=422)


def _most_new(case: Case, document: str) -> int:
    """While a supplement is answered only what it asks for takes files; those filed before do not count."""
    now = answering(case)
    for paper in now.papers() if now else ():
        if paper.key == document:
            return paper.most
    raise Refused("case.locked_paper", _("The office did not ask for this paper. It stays as it was filed."), field="file")


@transaction.atomic
def detach(case: Case, by: Filer | Person, attachment_id: UUID) -> None:
    """Remove a file while drafting, or one added for the supplement now being answered."""
    owned = own_case(case.pk, by)
    link = owned.attachments.select_related("attachment").get(attachment_id=attachment_id)
    if not may_be_changed(owned, link):
        raise Refused("case.filed", _("This file was filed with the application and can no longer be removed."))
    attachment = link.attachment
    link.delete()
    documents.discard(attachment)


def may_be_changed(case: Case, link: CaseAttachment) -> bool:
    """Whether a file can still be removed, moved or put together with others."""
    return case.state == Case.State.DRAFT or (case.state == Case.State.SUPPLEMENT and is_new(case, link))


@transaction.atomic
def move(case: Case, by: Filer | Person, attachment_id: UUID, *, up: bool) -> CaseAttachment:
    """Put a file before the one above it, or after the one below; at the end of the row nothing changes."""
    owned = own_case(case.pk, by)
    link = owned.attachments.select_related("attachment").get(attachment_id=attachment_id)
    row = [
        other
        for other in owned.attachments.filter(document=link.document).select_related("attachment").order_by("position", "id")
        if may_be_changed(owned, other)
    ]
    if link not in row:
        raise Refused("case.filed", _("This file was filed with the application and can no longer be removed."))
    here = row.index(link)
    there = here + (-1 if up else 1)
    if 0 <= there < len(row):
        other = row[there]
        link.position, other.position = other.position, link.position
        CaseAttachment.objects.bulk_update([link, other], ["position"])
    return link


@transaction.atomic
def combine(case: Case, by: Filer | Person, document: str) -> Combination:
    """Ask for the photos of a paper to be put together into one PDF, in their order. Asking twice asks once."""
    owned = own_case(case.pk, by)
    photos = _photos(owned, document)
    if len(photos) < 2:
        raise Refused("case.no_photos", _("There are not enough photos here to be put together."), status=422)
    now = answering(owned)
    papers = now.papers() if now else needed_papers(owned)
    name = next((paper.name for paper in papers if paper.key == document), document)
    combination = combining.ask(place_of(owned, document), owned.applicant, name[:150], [one.attachment_id for one in photos])
    after_commit(COMBINE_TASK, combination.pk)
    return combination


def _photos(case: Case, document: str) -> list[CaseAttachment]:
    links = case.attachments.filter(document=document).select_related("attachment").order_by("position", "id")
    return [link for link in links if can_be_combined(link.attachment) and may_be_changed(case, link)]


def can_be_combined(attachment: Attachment) -> bool:
    """Whether it is a photo that may be opened."""
    return attachment.media_type in combining.PHOTOS and attachment.may_be_opened


def combine_photos(pk: int) -> bool:
    """Make the PDF and put it in the place of its photos. Returns whether this call did it; a repeat does nothing.

    The slow part runs outside any transaction; a photo that was removed meanwhile leaves everything as it is.
    """
    combination = Combination.objects.get(pk=pk)
    if combination.state != Combination.State.WAITING:
        return False
    try:
        made = combining.make(pk)
    except Refused as refused:
        combining.fail(combination, refused.code)
        return False
    except Exception as error:
        if combination.attempts + 1 >= combining.MOST_TRIES:
            combining.fail(combination, type(error).__name__)
        raise
    return made is not None and _swap(combination, made)


@transaction.atomic
def _swap(combination: Combination, made: Attachment) -> bool:
    key, _slash, document = combination.place.partition("/")
    known = Case.objects.filter(key=key).values_list("pk", flat=True).first()
    case = locked(known) if known else None
    parts = [UUID(part) for part in combination.parts]
    links = list(case.attachments.filter(attachment_id__in=parts).select_related("attachment")) if case else []
    if case is None or len(links) != len(parts) or not all(may_be_changed(case, link) for link in links):
        combining.fail(combination, "photos_gone")
        documents.discard(made)
        return False
    if not combining.finish(combination):
        return False
    first = min(links, key=lambda link: (link.position, link.pk))
    CaseAttachment.objects.create(case=case, attachment=made, document=document, position=first.position, added_in=first.added_in)
    if made.owner_id != case.applicant_id:
        Attachment.objects.filter(pk=made.pk).update(owner=case.applicant_id)
    for link in links:
        photo = link.attachment
        link.delete()
        documents.discard(photo)
    return True


def tell_of_virus(key: str) -> None:
    """Tell the applicant that a file of a filed case contained a virus. A draft shows it on its page. A repeat changes nothing."""
    links = CaseAttachment.objects.select_related("case__version", "case__agency", "case__applicant", "attachment")
    link = links.filter(attachment_id=key, attachment__scan=Attachment.Scan.INFECTED).first()
    if link is None or link.case.state == Case.State.DRAFT:
        return
    case = link.case
    notices.queue(
        key=f"virus-{key}",
        person=case.filed_by,
        event="virus_found",
        values={
            "number": case.number or "",
            "procedure": case.version.name,
            "agency": case.agency.name,
            "office": case.agency.name,
            "return_place": case.agency.name,
            "due": "",
            "reason": f"{link.attachment.name} ({link.attachment.threat})",
            "url": site_link(case),
        },
    )
