"""The papers of a case, and the one that is read beside the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from services.cases import filing_papers, queries
from services.cases.models import Case, CaseAttachment
from services.cases.queries.visits import News
from services.documents.models import IssuedDocument
from services.forms.definition import Definition
from services.forms.definition import Kind as FieldKind

PDF = "application/pdf"
SHOWN_IN_PAGE = (PDF, "image/jpeg", "image/png")
CLOSED = "an"
"""In the address instead of a file: none is shown."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """One file of a case; the viewer knows it as `key`."""

    key: str
    name: str
    size: int
    media_type: str
    at: datetime
    href: str
    added_later: bool = False
    earlier: bool = False
    """Whether a newer file of the same paper came with a supplement."""
    is_new: bool = False
    warning: str | Promise = ""

    @property
    def opens(self) -> bool:
        """Whether anybody may open it."""
        return not self.warning


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of the case with its files, or why it has none."""

    name: str
    files: list[FileLink]
    state: str


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One document drawn up in the case; without a file while it is being drawn."""

    document: IssuedDocument
    file: FileLink | None
    check_href: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """The file being read, its place among all, and its neighbours. `chosen`: somebody asked for it."""

    file: FileLink
    chosen: bool
    place: int
    count: int
    before: FileLink | None
    after: FileLink | None


def papers_of(case: Case, attached: Mapping[str, Sequence[CaseAttachment]], definition: Definition, news: News) -> list[PaperRow]:
    """Papers of the circumstance in order, then attachment questions, then what no longer applies."""
    needed = queries.needed_papers(case)
    fields = [field for field in definition.fields() if field.kind == FieldKind.ATTACHMENT]
    names = {document["key"]: document["name"] for document in case.version.documents} | {
        field.key: field.label.said() for field in fields
    }
    names |= {paper.key: paper.name for paper in needed}
    known = [paper.key for paper in needed] + [field.key for field in fields if field.key in attached]
    states = {paper.key: _paper_state(paper.upload, paper.required) for paper in needed}
    rows = []
    for key in [*known, *(key for key in attached if key not in known)]:
        later = any(link.added_in == "supplement" for link in attached.get(key, ()))
        files = [_file(case, link, is_new=news.has_file(link), later=later) for link in attached.get(key, ())]
        rows.append(PaperRow(names.get(key) or _("Other papers"), files, "" if files else states.get(key, "")))
    return rows


def _paper_state(upload: bool, required: bool) -> str:
    if not upload:
        return "not_uploaded"
    return "missing" if required else "optional"


def _file(case: Case, link: CaseAttachment, *, is_new: bool, later: bool) -> FileLink:
    attachment = link.attachment
    return FileLink(
        key=str(attachment.pk),
        name=attachment.name,
        size=attachment.size,
        media_type=attachment.media_type,
        at=attachment.uploaded_at,
        href=reverse("casework_attachment", args=[case.number, attachment.pk]),
        added_later=link.added_in == "supplement",
        earlier=later and link.added_in != "supplement",
        is_new=is_new,
        warning=filing_papers.SCAN_NOTES.get(attachment.scan, ""),
    )


def issued_of(case: Case, documents: Sequence[IssuedDocument]) -> list[IssuedRow]:
    """Documents drawn up in the case."""
    return [
        IssuedRow(
            document,
            _issued_file(case, document) if document.file else None,
            reverse("verify_document", args=[document.code]) if document.issued_at else "",
        )
        for document in documents
    ]


def _issued_file(case: Case, document: IssuedDocument) -> FileLink:
    return FileLink(
        key=document.code,
        name=document.title,
        size=document.size,
        media_type=PDF,
        at=document.issued_at or document.requested_at,
        href=reverse("casework_document", args=[case.number, document.code]),
    )


def viewer_of(request: HttpRequest, case: Case, papers: Sequence[PaperRow], issued: Sequence[IssuedRow]) -> Viewer | None:
    """What is read beside the answers: the chosen file, else the first that a browser can show; None when none is to be."""
    files = [file for paper in papers for file in paper.files if file.opens]
    files += [one.file for one in issued if one.file is not None]
    asked = request.GET.get("tep", "")
    chosen = next((n for n, file in enumerate(files) if file.key == asked), None)
    first = next((n for n, file in enumerate(files) if file.media_type in SHOWN_IN_PAGE), None)
    place = first if chosen is None else chosen
    if place is None or asked == CLOSED:
        return None
    return Viewer(
        file=files[place],
        chosen=chosen is not None,
        place=place + 1,
        count=len(files),
        before=files[place - 1] if place else None,
        after=files[place + 1] if place + 1 < len(files) else None,
    )


def viewer_part(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The viewer alone, for a page that has everything else already."""
    documents = queries.documents_of(case, for_resident=False)
    papers = papers_of(case, queries.attachments_of(case), queries.definition_of(case), News())
    return {"case": case, "viewer": viewer_of(request, case, papers, issued_of(case, documents))}
