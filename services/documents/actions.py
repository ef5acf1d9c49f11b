"""The only writer of attachments and issued documents.

A document is made in steps that may each be repeated: the slow part runs outside any transaction and writes a new file, then
one conditional UPDATE moves the document on. Whoever comes second, or starts again after being killed, changes nothing; a file
without a row is waste, never a wrong answer.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import IO, Any, cast

import structlog
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.alone import only_worker
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.documents import acceptance, checking, codes, decree, drawing, keyring, pdf, sandbox, signing
from services.documents.authority import SigningUnavailable
from services.documents.inspection import Facts
from services.documents.models import Attachment, IssuedDocument, NumberBook, issued_path

State = IssuedDocument.State
SCAN_TASK = "documents.scan"
Then = Callable[[IssuedDocument], None]
log = structlog.get_logger(__name__)

REFUSALS: dict[str, str | Promise] = {
    "empty": _("This file is empty. Choose another file."),
    "too_large": _("This file is larger than %(limit)s. Choose a smaller file, or scan at a lower quality."),
    "name": _("The name of this file holds characters that hide what it is. Rename the file and choose it again."),
    "type": _("This kind of file cannot be accepted. Choose a PDF, JPEG, PNG, HEIC or DOCX file."),
    "old_word": _("This is an old kind of Word file or a protected one. Save it as DOCX or PDF and choose it again."),
    "encrypted": _("This file is protected by a password. Save it without a password and choose it again."),
    "broken": _("This file is damaged and cannot be opened. Choose another copy."),
    "disguised": _("This file hides a second file of another kind. Open it, print it to a new PDF and choose that one."),
    "active": _(
        "This file contains a script or something else that runs when it is opened. Print it to a new PDF and choose that one."
    ),
    "embedded": _("This file carries other files inside it. Attach each of them by itself, or print it to a new PDF."),
    "macros": _("This document contains macros. Save it as DOCX without macros, or as PDF, and choose it again."),
    "remote": _("This document fetches parts of it from elsewhere when it is opened. Save it as PDF and choose that one."),
    "bomb": _("This file unpacks into far more than its size and cannot be accepted. Save it as PDF and choose that one."),
    "pixels": _("This picture has too many pixels. Make it smaller, or scan at a lower resolution, and choose it again."),
    "pages": _("This file has more than 2,000 pages. Split it into several files."),
    "too_complex": _("This file takes too much time or memory to be checked. Print it to a new PDF and choose that one."),
}
"""What the person is told, and what to do about it, by the code of the reason."""
LOCK_CLASS = 0x4D43_4453
"""Namespace of this app's advisory locks in PostgreSQL."""
LABELS = {
    signing.NUMBER_FIELD: "Số văn bản",
    signing.DAY_FIELD: "Ngày ban hành",
    signing.PERSON_FIELD: "Chữ ký số của người ký",
    signing.AGENCY_FIELD: "Chữ ký số của cơ quan ban hành",
}
ANCHORS = {
    signing.NUMBER_FIELD: "so-van-ban",
    signing.DAY_FIELD: "ngay-ban-hanh",
    signing.PERSON_FIELD: "nguoi-ky",
    signing.AGENCY_FIELD: "co-quan",
}
BLANK_DAY = "ngày … tháng … năm ……"


def refusal(error: acceptance.NotAcceptable) -> Refused:
    """Why a file is not taken, in the person's words."""
    message = str(REFUSALS[error.code]) % {"limit": filesizeformat(error.limit)}
    status = 413 if error.code == "too_large" else 422
    return Refused(f"file.{error.code}", message, field="file", status=status)


def refusal_of_size() -> Refused:
    """Why a file that is too large is not taken."""
    return refusal(acceptance.NotAcceptable("too_large", settings.UPLOAD_MAX_BYTES))


def receive(owner: Person | None, upload: "File[bytes]", name: str = "") -> Attachment:
    """Store a file after judging it by its content. Refused with the reason when it cannot be accepted.

    `name` is what the person calls it, where `upload` does not know. Without an owner it belongs to the draft of somebody who has
    not signed in.
    """
    called = name or upload.name or ""
    return keep(owner, upload, called, judge(upload, called))


def judge(upload: "File[bytes]", name: str) -> Facts:
    """What a file is. Refused with the reason when it cannot be accepted. Outside any transaction: it takes a moment."""
    content = upload.file if isinstance(upload, UploadedFile) and upload.file else upload
    try:
        acceptance.check_announced(name, upload.size or 0, settings.UPLOAD_MAX_BYTES)
        return sandbox.inspected(cast(IO[bytes], content))
    except acceptance.NotAcceptable as error:
        raise refusal(error) from error


def keep(owner: Person | None, content: "File[bytes]", name: str, facts: Facts) -> Attachment:
    """Store a file that was judged; where there is a scanner it is opened to nobody before that has spoken."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    attachment = Attachment(
        owner=owner,
        name=acceptance.clean_name(name, facts.media_type),
        media_type=facts.media_type,
        pages=facts.pages,
        size=size,
        sha256=digest.hexdigest(),
    )
    attachment.file.save(attachment.pk.hex, content, save=False)
    return _to_be_scanned(attachment)


def copy(attachment: Attachment, owner: Person | None) -> Attachment:
    """The same content once more, so that each use has bytes of its own and deleting one changes no other."""
    with attachment.file.open("rb") as content:
        twin = Attachment(
            owner=owner,
            name=attachment.name,
            media_type=attachment.media_type,
            pages=attachment.pages,
            size=attachment.size,
            sha256=attachment.sha256,
            scan=attachment.scan,
            scanned_at=attachment.scanned_at,
        )
        twin.file.save(twin.pk.hex, content, save=False)
    return _to_be_scanned(twin)


def copy_issued(document: IssuedDocument, owner: Person | None) -> Attachment:
    """An issued PDF as a file to be attached."""
    with document.file.open("rb") as content:
        twin = Attachment(
            owner=owner,
            name=acceptance.clean_name(f"{document.title} {document.number}".strip().replace("/", "-"), acceptance.PDF),
            media_type=acceptance.PDF,
            size=document.size,
            sha256=document.sha256,
            scan=Attachment.Scan.CLEAN,
        )
        twin.file.save(twin.pk.hex, content, save=False)
    twin.save(force_insert=True)
    return twin


def _to_be_scanned(attachment: Attachment) -> Attachment:
    if settings.CLAMD_URL and attachment.scan != Attachment.Scan.CLEAN:
        attachment.scan = Attachment.Scan.WAITING
        after_commit(SCAN_TASK, str(attachment.pk))
    attachment.save(force_insert=True)
    return attachment


def discard(attachment: Attachment) -> None:
    """Delete an attachment, and its bytes once that is committed."""
    name = attachment.file.name
    attachment.delete()
    transaction.on_commit(partial(drop_file, name))


def give(attachments: Iterable[uuid.UUID], person: Person) -> None:
    """Files that somebody added without signing in become the person's."""
    Attachment.objects.filter(pk__in=list(attachments), owner=None).update(owner=person)


def request_document(
    *,
    kind: str,
    template: str,
    title: str,
    case_number: str,
    office: Office,
    data: Mapping[str, Any],
    signer: Person | None = None,
    symbol: str = "",
    language: str = "vi",
) -> IssuedDocument:
    """Ask for a document; what it says is frozen now. `title` is shown to everybody and names no person.

    The caller sends the task that draws it up. Without a signer the agency's seal alone issues it. With a `symbol` it takes the next
    number of that book at once, in the caller's transaction, and the seal follows the signature without a registry clerk.
    """
    document = IssuedDocument.objects.create(
        code=codes.new(),
        kind=kind,
        template=template,
        title=title,
        case_number=case_number,
        office=office,
        data=dict(data),
        signer=signer,
        language=language,
    )
    if symbol:
        take_number(document, office, symbol, clock.today())
    return document


def take_number(document: IssuedDocument, office: Office, symbol: str, on: date) -> str:
    """The next number of the office's book for the year and symbol, such as 07/GPXD-UBND. Gap-free: call it in the transaction
    that asks for the seal. A document that has a number keeps it.
    """
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if not locked.number:
        book, _made = NumberBook.objects.get_or_create(office=office, year=on.year, symbol=symbol)
        # The row stays locked until the caller's transaction ends, so the next one waits and none is skipped.
        NumberBook.objects.filter(pk=book.pk).update(last=F("last") + 1)
        last = NumberBook.objects.values_list("last", flat=True).get(pk=book.pk)
        locked.number, locked.issued_on = decree.number_text(last, symbol), on
        locked.save(update_fields=["number", "issued_on"])
    document.number, document.issued_on = locked.number, locked.issued_on
    return locked.number


def request_seal(document: IssuedDocument, sealed_by: Person) -> IssuedDocument:
    """Send a signed and numbered document to be sealed. Asking twice changes nothing."""
    if not document.number:
        raise Refused("document.no_number", str(_("The document has no number yet.")))
    asked = IssuedDocument.objects.filter(pk=document.pk, state=State.SIGNED).update(
        state=State.TO_SEAL, sealed_by=sealed_by, attempts=0, tried_at=None, last_error=""
    )
    document.refresh_from_db()
    if not asked and document.state not in (State.TO_SEAL, State.ISSUED):
        raise Refused("document.unsigned", str(_("The document is not signed yet. Try again in a moment.")))
    return document


def revoke(document: IssuedDocument, reason: str) -> IssuedDocument:
    """Take a document back, with the reason: in force it is so no more, only signed it never comes into force. Twice changes nothing.

    What a worker is signing or sealing cannot be taken back: the caller asks again when that is done.
    """
    taken = IssuedDocument.objects.filter(pk=document.pk, state__in=[State.SIGNED, State.ISSUED]).update(
        state=State.REVOKED, ended_at=clock.now(), ended_reason=reason.strip()[:300]
    )
    document.refresh_from_db()
    if not taken and document.state not in (State.REVOKED, State.REPLACED):
        raise Refused("document.busy", str(_("The document is being signed or sealed. Try again in a moment.")))
    return document


def replace(old: IssuedDocument, new: IssuedDocument) -> IssuedDocument:
    """Point from a document that was in force, revoked meanwhile or not, to the one that stands in its place."""
    was_in_force = IssuedDocument.objects.filter(pk=old.pk, issued_at__isnull=False, replaced_by=None)
    was_in_force.filter(state=State.ISSUED).update(ended_at=clock.now())
    was_in_force.filter(state__in=[State.ISSUED, State.REVOKED]).update(state=State.REPLACED, replaced_by=new)
    old.refresh_from_db()
    return old


def draw_up(pk: int, then: Then | None = None) -> bool:
    """Draw a document and put the signer's signature on it, or, where nobody signs, the agency's seal.

    Slow; never in a request. Returns whether this call did it. `then` runs in the transaction that records the new state.
    """
    return _advance(pk, State.TO_SIGN, _drawn, then)


def seal(pk: int, then: Then | None = None) -> bool:
    """Fill in number and day and put the agency's seal on a signed document, as `draw_up` in every other respect."""
    return _advance(pk, State.TO_SEAL, _sealed, then)


Made = tuple[bytes, dict[str, Any]]


def _advance(pk: int, state: IssuedDocument.State, make: Callable[[IssuedDocument], Made], then: Then | None) -> bool:
    with only_worker(LOCK_CLASS, pk) as mine:
        document = IssuedDocument.objects.select_related("office__parent", "signer").filter(pk=pk, state=state).first()
        if not mine or document is None:
            return False
        # Counted before the work, so that a document which kills its worker is tried less and less often.
        IssuedDocument.objects.filter(pk=pk).update(attempts=F("attempts") + 1, tried_at=clock.now())
        try:
            content, changes = make(document)
        except SigningUnavailable as error:
            _failed(document, "signing_unavailable")
            raise Refused("signing.unavailable", str(_("Documents cannot be signed at the moment.")), status=503) from error
        except Exception as error:
            _failed(document, type(error).__name__)
            raise
        return _record(document, state, content, changes, then)


def _failed(document: IssuedDocument, reason: str) -> None:
    """Leave the document waiting, with the reason: a kind of error, never a text that could hold personal data."""
    IssuedDocument.objects.filter(pk=document.pk).update(last_error=reason[:200])
    log.error("document_not_made", document=document.code, state=document.state, reason=reason)


def _record(
    document: IssuedDocument, state: IssuedDocument.State, content: bytes, changes: dict[str, Any], then: Then | None
) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save(issued_path(document, digest[:12]), ContentFile(content))
    with transaction.atomic():
        moved = IssuedDocument.objects.filter(pk=document.pk, state=state).update(
            file=name, sha256=digest, size=len(content), attempts=0, last_error="", **changes
        )
        if moved and then:
            then(IssuedDocument.objects.select_related("office").get(pk=document.pk))
        transaction.on_commit(partial(drop_file, document.file.name if moved else name))
    return bool(moved)


def drop_file(name: str | None) -> None:
    """Remove bytes nothing points to; failing to is only waste."""
    if name:
        try:
            default_storage.delete(name)
        except OSError as error:
            log.warning("file_not_removed", error=type(error).__name__)


def _printed(document: IssuedDocument) -> dict[str, Any]:
    """What the document says: its frozen data, with number and day where it has them before it is drawn."""
    data: dict[str, Any] = document.data
    if document.number and document.issued_on:
        return {**data, "number": document.number, "issued_on": document.issued_on.isoformat()}
    return data


def _drawn(document: IssuedDocument) -> Made:
    drawn = pdf.draw(document.template, code=document.code, title=document.title, data=_printed(document))
    if document.signer is None:
        return _sealed_only(document, drawn)
    data, now = document.data, clock.now()
    pen = keyring.signer_for(str(document.signer.pk), data["signer_name"], data["signer_title"], data["agency"])
    lines = [
        ("Người ký", data["signer_name"]),
        ("Chức vụ", data["signer_title"]),
        ("Cơ quan", data["agency"]),
        ("Thời gian ký", decree.signing_time_text(clock.local(now))),
    ]
    sizes = _sizes(drawn)
    pieces = {
        signing.PERSON_FIELD: drawing.signature_piece(data["signer_name"], pdf.printable(lines)),
        signing.DAY_FIELD: drawing.day_piece(BLANK_DAY),
    }
    looks = _looks(sizes, {name: piece for name, piece in pieces.items() if name in sizes})
    fields = [signing.Field(name, drawn.places[ANCHORS[name]], LABELS[name]) for name in sizes]
    content = signing.sign(
        drawn.content, fields, into=signing.PERSON_FIELD, looks=[looks], pen=pen, place=data["place"], code=document.code
    )
    state = State.TO_SEAL if document.number else State.SIGNED
    return content, {"state": state, "signed_at": now, "signatures": _checked(content)}


def _sealed_only(document: IssuedDocument, drawn: pdf.Drawn) -> Made:
    """A receipt: the agency seals it and nobody signs."""
    now = clock.now()
    name = _issuer(document.office)
    lines = [("Ký bởi", name), ("Thời gian ký", decree.signing_time_text(clock.local(now)))]
    piece = drawing.seal_piece(name, _above(document.office), pdf.bold_width, pdf.printable(lines))
    looks = _looks(_sizes(drawn), {signing.AGENCY_FIELD: piece})
    field = signing.Field(signing.AGENCY_FIELD, drawn.places[ANCHORS[signing.AGENCY_FIELD]], LABELS[signing.AGENCY_FIELD])
    content = signing.sign(
        drawn.content,
        [field],
        into=signing.AGENCY_FIELD,
        looks=[looks],
        pen=keyring.seal_for(document.office),
        place=document.data["place"],
        code=document.code,
    )
    return content, {
        "state": State.ISSUED,
        "issued_on": document.issued_on or clock.local(now).date(),
        "issued_at": now,
        "signatures": _checked(content),
    }


def _sealed(document: IssuedDocument) -> Made:
    if document.issued_on is None:
        raise ValueError("A document to be sealed has a number and a day.")
    now = clock.now()
    with document.file.open("rb") as file:
        signed = file.read()
    texts = {
        signing.NUMBER_FIELD: document.number.split("/", 1)[0],
        signing.DAY_FIELD: decree.date_text(document.issued_on),
    }
    pieces = {
        signing.NUMBER_FIELD: drawing.number_piece(texts[signing.NUMBER_FIELD]),
        signing.DAY_FIELD: drawing.day_piece(texts[signing.DAY_FIELD]),
    }
    sizes = signing.sizes(signed)
    pieces = {name: piece for name, piece in pieces.items() if name in sizes}
    looks = [signing.Looks(pdf.seal_look(_issuer(document.office), _above(document.office)), {signing.AGENCY_FIELD: 0})]
    if pieces:
        looks.append(_looks(sizes, pieces))
    content = signing.seal(
        signed,
        {name: texts[name] for name in pieces},
        into=signing.AGENCY_FIELD,
        looks=looks,
        pen=keyring.seal_for(document.office),
        place=document.data["place"],
        code=document.code,
    )
    return content, {"state": State.ISSUED, "issued_at": now, "signatures": _checked(content)}


Sizes = Mapping[str, tuple[float, float]]
"""Width and height of fields, in points."""


def _sizes(drawn: pdf.Drawn) -> Sizes:
    found = {field: drawn.places.get(anchor) for field, anchor in ANCHORS.items()}
    return {field: (place.right - place.left, place.top - place.bottom) for field, place in found.items() if place}


def _looks(sizes: Sizes, pieces: Mapping[str, str]) -> signing.Looks:
    content = pdf.draw_pieces([(piece, *sizes[field]) for field, piece in pieces.items()])
    return signing.Looks(content, {field: page for page, field in enumerate(pieces)})


def _issuer(office: Office) -> str:
    return office.issuing_name or office.name


def _above(office: Office) -> str:
    """What runs along the ring of the seal: the agency above, or the country."""
    return _issuer(office.parent) if office.parent else "Cộng hòa xã hội chủ nghĩa Việt Nam"


def _checked(content: bytes) -> list[dict[str, Any]]:
    """What checking the finished bytes finds. A document whose own signatures do not hold never leaves the worker."""
    findings = checking.check(content, keyring.trust(), later_changes=False)
    if not findings or not all(finding.good for finding in findings):
        raise ValueError("The signatures just made do not hold.")
    return [
        {
            "field": finding.field,
            "name": finding.name,
            "title": finding.title,
            "organisation": finding.organisation,
            "signed_at": finding.signed_at.isoformat() if finding.signed_at else "",
        }
        for finding in findings
    ]
