"""The papers of a case as blocks of a page where files are added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from services.cases import queries
from services.cases.models import Case, CaseAttachment
from services.documents.acceptance import EXTENSIONS
from services.forms.definition import Kind

UPLOAD, FORM, SHOW = "upload", "form", "show"
ACCEPT = ",".join(f".{ending}" for endings in EXTENSIONS.values() for ending in endings)
"""What a file picker offers; what is taken is decided by content."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as the list of files shows it; `remove_action` is empty where it can no longer be taken away."""

    name: str
    size: int
    kind: str
    at: datetime
    href: str
    remove_action: str
    note: str = ""


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


def blocks(case: Case, errors: Mapping[str, str] | None = None) -> list[PaperBlock]:
    """Every paper of the case's circumstance and every attachment question that applies, in order. One query."""
    attached = queries.attachments_of(case)
    modes = {document["key"]: document.get("electronic", UPLOAD) for document in case.version.documents}
    asked: list[dict[str, Any]] = [
        {
            "key": paper.key,
            "name": paper.name,
            "help": paper.help,
            "mode": modes[paper.key],
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
    return [_block(case, one, attached.get(one["key"], []), (errors or {}).get(one["key"], "")) for one in asked]


def _block(case: Case, asked: Mapping[str, Any], links: list[CaseAttachment], error: str) -> PaperBlock:
    return PaperBlock(
        key=asked["key"],
        name=asked["name"],
        help=asked["help"],
        mode=asked["mode"],
        required=asked["required"],
        form_code=asked["form_code"],
        files=[file_row(case, link) for link in links],
        room=max(0, asked["most"] - len(links)),
        action=reverse("file_upload", args=[case.key, asked["key"]]),
        error=error,
    )


def file_row(case: Case, link: CaseAttachment) -> FileRow:
    """The row of one attached file, with its remove button while it can still be removed."""
    fresh = case.state == Case.State.SUPPLEMENT and link.added_in == "supplement" and _since_pause(case, link)
    removable = case.state == Case.State.DRAFT or fresh
    return FileRow(
        name=link.attachment.name,
        size=link.attachment.size,
        kind=link.attachment.media_type,
        at=link.attachment.uploaded_at,
        href=reverse("my_attachment", args=[case.number or str(case.key), link.attachment_id]),
        remove_action=reverse("file_remove", args=[case.key, link.attachment_id]) if removable else "",
        note=_("added as supplement") if link.added_in == "supplement" else "",
    )


def _since_pause(case: Case, link: CaseAttachment) -> bool:
    return case.paused_at is not None and link.attachment.uploaded_at >= case.paused_at


def facts() -> dict[str, Any]:
    """What a page with uploads tells beforehand: kinds and size of files. The size is told in whole megabytes."""
    most = settings.UPLOAD_MAX_BYTES
    return {"accept": ACCEPT, "max_bytes": most, "largest": most // 1024**2 * 1000**2}


def file_groups(case: Case) -> list[tuple[str, list[FileRow]]]:
    """The files of a case under the names of their papers; those of papers that no longer apply come last. One query."""
    attached = queries.attachments_of(case)
    names = {document["key"]: document["name"] for document in case.version.documents}
    names |= {field.key: field.label.said() for field in queries.definition_of(case).fields() if field.kind == Kind.ATTACHMENT}
    ordered = [key for key in names if key in attached] + [key for key in attached if key not in names]
    return [(names.get(key, _("Other papers")), [file_row(case, link) for link in attached[key]]) for key in ordered]
