"""The papers of a case as blocks of a page where files are added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.folding import fold
from services.cases import queries
from services.cases.actions.attaching import can_be_combined, may_be_changed, place_of
from services.cases.filing_steps import address
from services.cases.models import Case, CaseAttachment
from services.cases.supplements import ItemKind
from services.documents import combining, storing, uploads
from services.documents.acceptance import EXTENSIONS
from services.documents.models import Attachment, Combination, StoredPaper, Upload
from services.forms.definition import Kind

UPLOAD, FORM, SHOW = "upload", "form", "show"
ACCEPT = ",".join(f".{ending}" for endings in EXTENSIONS.values() for ending in endings)
"""What a file picker offers; what is taken is decided by content."""
PAPERS_OFFERED = 40
"""Of the person's own papers, at one paper of a case; those whose name fits come first."""

SCAN_NOTES: Mapping[str, str | Promise] = {
    Attachment.Scan.WAITING: gettext_lazy("is being scanned for viruses"),
    Attachment.Scan.INFECTED: gettext_lazy("contained a virus and was removed"),
    Attachment.Scan.FAILED: gettext_lazy("could not be scanned for viruses yet"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as the list of files shows it; an address is empty where what it does cannot be done."""

    id: UUID
    name: str
    size: int
    kind: str
    at: datetime
    href: str
    remove_action: str
    note: str = ""
    warning: str | Promise = ""
    keep_action: str = ""
    kept: bool = False
    up_action: str = ""
    down_action: str = ""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file of which a part has come; chosen again, it goes on from there."""

    name: str
    size: int
    mark: str
    percent: int
    href: str
    drop_action: str


@dataclass(frozen=True, slots=True)
class PaperBlock:
    """One paper: what it is, what is attached, and how many more files fit."""

    key: str
    name: str
    help: str
    mode: str
    required: bool
    form_code: str
    files: list[FileRow]
    room: int
    action: str
    error: str
    page_href: str = ""
    upload_href: str = ""
    photos: int = 0
    combine_action: str = ""
    combination: Combination | None = None
    scanning: bool = False
    attached: bool = False
    """Whether a file came for what is asked now."""
    unfinished: list[Unfinished] = field(default_factory=list)
    offered: list[StoredPaper] = field(default_factory=list)
    store_action: str = ""

    @property
    def anchor(self) -> str:
        """Id of the block on the page."""
        return f"giay-to-{self.key}"

    @property
    def input_id(self) -> str:
        """Id of the file input, where the error summary leads."""
        return f"tep-{self.key}"

    @property
    def label(self) -> SafeString:
        """The label of the input; the paper is named for those who do not see the heading above."""
        words = _("Add more files") if self.files else _("Choose files or take photos")
        return format_html('{}<span class="govuk-visually-hidden">: {}</span>', words, self.name)

    @property
    def is_combining(self) -> bool:
        """Whether its photos are being put together at the moment."""
        return self.combination is not None and self.combination.state == Combination.State.WAITING

    @property
    def is_busy(self) -> bool:
        """Whether something moves here by itself, so that the page looks again."""
        return self.is_combining or self.scanning


@dataclass(frozen=True, slots=True)
class _Around:
    """What blocks are made from besides the files: asked once for the whole page."""

    unfinished: Mapping[str, list[Upload]]
    combinations: Mapping[str, Combination]
    stored: Sequence[StoredPaper]


def blocks(case: Case, errors: Mapping[str, str] | None = None) -> list[PaperBlock]:
    """Every paper of the case's circumstance and every attachment question that applies, in order. Up to four queries."""
    attached = queries.attachments_of(case)
    modes = {document["key"]: document.get("electronic", UPLOAD) for document in case.version.documents}
    asked: list[dict[str, Any]] = [
        {
            "key": paper.key,
            "name": paper.name,
            "help": paper.help,
            "mode": modes.get(paper.key, UPLOAD),
            "required": paper.required,
            "form_code": paper.form_code,
            "most": paper.max_files,
        }
        for paper in queries.needed_papers(case)
    ]
    asked += [
        {
            "key": field.key,
            "name": field.label.said(),
            "help": field.help.said(),
            "mode": UPLOAD,
            "required": field.required,
            "form_code": "",
            "most": field.max_files,
        }
        for field in queries.definition_of(case).attachments_shown(case.answers)
    ]
    around = _around(case, [one["key"] for one in asked if one["mode"] == UPLOAD])
    return [_block(case, one, attached.get(one["key"], []), (errors or {}).get(one["key"], ""), around) for one in asked]


def supplement_blocks(now: queries.Answering, errors: Mapping[str, str] | None = None) -> list[PaperBlock]:
    """The papers a supplement asks for, each with what the office says about it. Up to four queries."""
    attached = queries.attachments_of(now.case)
    said = {item.key: item.text for item in now.items if item.kind is ItemKind.PAPER}
    papers = now.papers()
    around = _around(now.case, [paper.key for paper in papers])
    asked: list[dict[str, Any]] = [
        {
            "key": paper.key,
            "name": paper.name,
            "help": said.get(paper.key, paper.help),
            "mode": UPLOAD,
            "required": False,
            "form_code": paper.form_code,
            "most": paper.most,
        }
        for paper in papers
    ]
    return [_block(now.case, one, attached.get(one["key"], []), (errors or {}).get(one["key"], ""), around) for one in asked]


def _around(case: Case, keys: Sequence[str]) -> _Around:
    open_to_files = case.state in (Case.State.DRAFT, Case.State.SUPPLEMENT)
    written = case.pk is not None and open_to_files and bool(keys)
    unfinished: dict[str, list[Upload]] = {}
    if written:
        for upload in uploads.waiting_at(f"{case.key}/"):
            unfinished.setdefault(upload.place, []).append(upload)
    combinations = combining.in_the_making([place_of(case, key) for key in keys]) if written else {}
    # What the person keeps for themselves is not shown at a counter.
    person = case.applicant if open_to_files and keys and case.clerk is None else None
    return _Around(unfinished, combinations, list(storing.mine(person)[: storing.MOST]) if person else [])


def _block(case: Case, asked: Mapping[str, Any], links: list[CaseAttachment], error: str, around: _Around) -> PaperBlock:
    key, place = asked["key"], place_of(case, asked["key"])
    combination = around.combinations.get(place)
    is_combining = combination is not None and combination.state == Combination.State.WAITING
    # Files that were filed stay as they are; those of a supplement come beside them.
    here = [link for link in links if may_be_changed(case, link)] if case.state == Case.State.SUPPLEMENT else links
    counted = [link for link in here if link.attachment.scan != Attachment.Scan.INFECTED]
    photos = sum(can_be_combined(link.attachment) and may_be_changed(case, link) for link in links)
    kept = {paper.sha256 for paper in around.stored}
    rows = [file_row(case, link, kept if case.applicant_id and case.clerk is None else None) for link in links]
    if not is_combining:
        rows = _with_moves(case, links, rows)
    return PaperBlock(
        key=key,
        name=asked["name"],
        help=asked["help"],
        mode=asked["mode"],
        required=asked["required"],
        form_code=asked["form_code"],
        files=rows,
        room=max(0, asked["most"] - len(counted)),
        action=address("file_upload", case, key),
        error=error,
        page_href=papers_page(case),
        upload_href=address("file_upload_start", case, key),
        photos=photos,
        combine_action=reverse("file_combine", args=[case.key, key]) if photos > 1 and not is_combining else "",
        combination=combination,
        attached=bool(counted),
        scanning=any(link.attachment.scan == Attachment.Scan.WAITING for link in links),
        unfinished=[_unfinished(case, upload) for upload in around.unfinished.get(place, [])],
        offered=_fitting(asked["name"], around.stored, {link.attachment.sha256 for link in links}),
        store_action=address("file_from_store", case, key),
    )


def _with_moves(case: Case, links: Sequence[CaseAttachment], rows: Sequence[FileRow]) -> list[FileRow]:
    """The rows with their way up and down, where there are photos whose order matters."""
    movable = [n for n, link in enumerate(links) if may_be_changed(case, link)]
    if sum(can_be_combined(links[n].attachment) for n in movable) < 2:
        return list(rows)

    def moved(number: int, row: FileRow) -> FileRow:
        if number not in movable:
            return row
        names = {
            "up_action": "file_up" if number != movable[0] else "",
            "down_action": "file_down" if number != movable[-1] else "",
        }
        ways = {key: reverse(name, args=[case.key, row.id]) if name else "" for key, name in names.items()}
        return FileRow(**{**{slot: getattr(row, slot) for slot in FileRow.__slots__}, **ways})

    return [moved(number, row) for number, row in enumerate(rows)]


def _unfinished(case: Case, upload: Upload) -> Unfinished:
    document = upload.place.partition("/")[2]
    return Unfinished(
        name=upload.name,
        size=upload.size,
        mark=upload.mark,
        percent=100 * uploads.received(upload) // upload.size,
        href=reverse("file_upload_piece", args=[case.key, document, upload.pk]),
        drop_action=reverse("file_upload_drop", args=[case.key, document, upload.pk]),
    )


def _fitting(name: str, stored: Sequence[StoredPaper], attached: set[str]) -> list[StoredPaper]:
    """The person's papers that are not attached yet; the more words of its name a paper shares, the earlier it stands."""
    wanted = set(fold(name).split())

    def shared(paper: StoredPaper) -> float:
        words = set(fold(paper.title).split())
        return len(wanted & words) / len(words | wanted) if words else 0

    usable = [
        paper for paper in stored if paper.sha256 not in attached and (paper.attachment is None or paper.attachment.may_be_opened)
    ]
    return sorted(usable, key=shared, reverse=True)[:PAPERS_OFFERED]


def papers_page(case: Case) -> str:
    """The page where the files of a draft, or of a supplement, are added."""
    if case.state == Case.State.SUPPLEMENT:
        return reverse("my_supplement", args=[case.number])
    return address("file_documents", case)


def file_row(case: Case, link: CaseAttachment, kept: set[str] | None = None) -> FileRow:
    """The row of one attached file, with its buttons while it can still be changed. `kept`: fingerprints of the person's papers;
    without, keeping is not offered.
    """
    attachment = link.attachment
    opened = attachment.may_be_opened
    return FileRow(
        id=link.attachment_id,
        name=attachment.name,
        size=attachment.size,
        kind=attachment.media_type,
        at=attachment.uploaded_at,
        href=reverse("my_attachment", args=[case.number or str(case.key), link.attachment_id]) if opened else "",
        remove_action=reverse("file_remove", args=[case.key, link.attachment_id]) if may_be_changed(case, link) else "",
        note=_note(case, link),
        warning=_warning(attachment),
        keep_action=reverse("file_keep", args=[case.key, link.attachment_id]) if kept is not None and opened else "",
        kept=kept is not None and attachment.sha256 in kept,
    )


def _note(case: Case, link: CaseAttachment) -> str:
    if link.added_in == "supplement":
        return _("added as supplement")
    return _("filed before, stays") if case.state == Case.State.SUPPLEMENT else ""


def _warning(attachment: Attachment) -> str | Promise:
    if attachment.scan == Attachment.Scan.INFECTED:
        return _("contained a virus and was removed; attach another copy")
    return SCAN_NOTES.get(attachment.scan, "")


def facts() -> dict[str, Any]:
    """What a page with uploads tells beforehand: kinds and size of files. The size is told in whole megabytes."""
    most = settings.UPLOAD_MAX_BYTES
    return {"accept": ACCEPT, "max_bytes": most, "largest": most // 1024**2 * 1000**2}


def file_groups(case: Case) -> list[tuple[str, list[FileRow]]]:
    """The files of a case under the names of their papers; those of papers that no longer apply come last. One query."""
    attached = queries.attachments_of(case)
    names = {document["key"]: document["name"] for document in case.version.documents}
    names |= {paper.key: paper.name for paper in queries.needed_papers(case)}
    names |= {field.key: field.label.said() for field in queries.definition_of(case).fields() if field.kind == Kind.ATTACHMENT}
    ordered = [key for key in names if key in attached] + [key for key in attached if key not in names]
    return [(names.get(key, _("Other papers")), [file_row(case, link) for link in attached[key]]) for key in ordered]
