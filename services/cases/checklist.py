"""RULE: which papers a case needs and which are missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a procedure version in one circumstance."""

    key: str
    name: str
    help: str
    required: bool
    upload: bool
    originals: int
    copies: int
    form_code: str
    max_files: int


def papers(documents: Sequence[Mapping[str, Any]], circumstance: str) -> list[Paper]:
    """The papers that belong to the circumstance, in the order of the procedure."""
    return [
        Paper(
            key=document["key"],
            name=document["name"],
            help=document.get("help") or "",
            required=bool(document.get("required")),
            upload=document.get("electronic", "upload") == "upload",
            originals=document.get("originals") or 0,
            copies=document.get("copies") or 0,
            form_code=document.get("form_code") or "",
            max_files=document.get("max_files") or 5,
        )
        for document in documents
        if not document.get("circumstances") or circumstance in document["circumstances"]
    ]


def missing(needed: Sequence[Paper], attached: Collection[str]) -> list[Paper]:
    """Papers that must be uploaded and are not."""
    return [paper for paper in needed if paper.required and paper.upload and paper.key not in attached]
