"""What the verification page answers, for a code or a file. Reads only; no personal data of applicants leaves here."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from services.documents import checking, keyring, queries
from services.documents.authority import SigningUnavailable
from services.documents.checking import Finding
from services.documents.models import IssuedDocument


class Answer(StrEnum):
    """What can be said about a document or a file."""

    GENUINE = "genuine"
    PENDING = "pending"
    REPLACED = "replaced"
    REVOKED = "revoked"
    EARLIER = "earlier"
    """The signatures hold, but this is not the file that was issued in the end."""
    CHANGED = "changed"
    UNKNOWN = "unknown"


OF_STATE = {
    IssuedDocument.State.ISSUED: Answer.GENUINE,
    IssuedDocument.State.REPLACED: Answer.REPLACED,
    IssuedDocument.State.REVOKED: Answer.REVOKED,
}


@dataclass(frozen=True)
class Verdict:
    """The answer, the document it is about if any, and what was found in an uploaded file."""

    answer: Answer
    document: IssuedDocument | None = None
    findings: tuple[Finding, ...] = ()
    from_file: bool = False


def of_code(code: str) -> Verdict:
    """What is known under a code that is written correctly."""
    document = queries.by_code(code)
    if document is None:
        return Verdict(Answer.UNKNOWN)
    return Verdict(_answer(document), document)


def of_file(content: bytes) -> Verdict:
    """Whether a file is one we issued, an earlier stage of one, a changed one, or none of ours. Up to 0.3 s of work."""
    document = queries.by_content(hashlib.sha256(content).hexdigest())
    if document is not None:
        return Verdict(_answer(document), document, from_file=True)
    code = checking.printed_code(content)
    named = queries.by_code(code) if code else None
    try:
        findings = tuple(checking.check(content, keyring.trust()))
    except (checking.Unreadable, SigningUnavailable):
        findings = ()
    if findings and all(finding.good for finding in findings):
        return Verdict(Answer.EARLIER, named, findings, from_file=True)
    if named is not None or any(finding.trusted for finding in findings):
        return Verdict(Answer.CHANGED, named, findings, from_file=True)
    return Verdict(Answer.UNKNOWN, findings=findings, from_file=True)


def _answer(document: IssuedDocument) -> Answer:
    return OF_STATE.get(IssuedDocument.State(document.state), Answer.PENDING)
