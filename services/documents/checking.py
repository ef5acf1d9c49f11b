"""RULE: whether the signatures of a PDF hold. Bytes in, findings out; no Django, no database, no network."""

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import NonexistentAttributeError, SigningError, find_unique_cms_attribute
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from services.documents import codes
from services.documents.authority import Trust
from services.documents.credentials import judge

MOST_SIGNATURES = 8
"""A document of ours has two; a file with more is not worth the time it would cost."""
UNREADABLE = (
    PdfError,
    SigningError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    AssertionError,
)
"""What a broken or hostile file makes the parser raise."""
MARK = re.compile(rb"/ContactInfo \(([" + codes.ALPHABET.encode() + rb"]{12})\)")


class Unreadable(Exception):
    """The file is not a PDF, is damaged, or is built to hurt whoever reads it."""


@dataclass(frozen=True)
class Finding:
    """What checking one signature found. `signed_at` is the time stamp's where there is one."""

    field: str
    name: str
    title: str
    organisation: str
    signed_at: datetime | None
    intact: bool
    """The signed bytes are those that were signed."""
    trusted: bool
    """The certificate comes from our authority, and so does the time stamp; neither was revoked at that time."""
    unchanged: bool
    """Nothing was added later but what the signature allows."""

    @property
    def good(self) -> bool:
        """Whether the signature can be relied on."""
        return self.intact and self.trusted and self.unchanged


def printed_code(pdf: bytes) -> str:
    """The verification code a file carries beside its signatures, even when it is damaged; empty when there is none."""
    found = MARK.search(pdf)
    return found[1].decode() if found else ""


def check(pdf: bytes, trust: Trust, *, later_changes: bool = True) -> list[Finding]:
    """One finding per signature, in the order of signing; none for a file without signatures. Raises Unreadable.

    `later_changes`: whether to judge also what was added after each signature, which costs most of the time; only for files that
    come from outside.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        signatures = list(reader.embedded_regular_signatures)
        if len(signatures) > MOST_SIGNATURES:
            raise Unreadable("too many signatures")
        lists = _lists(reader)
    except UNREADABLE as error:
        raise Unreadable(type(error).__name__) from error
    return [_finding(signature, trust, lists, later_changes) for signature in signatures]


def _lists(reader: PdfFileReader) -> list[bytes]:
    """Lists of revoked certificates that were stored in the file when it was signed."""
    try:
        return [reference.get_object().data for reference in DocumentSecurityStore.read_dss(reader).crls]
    except NoDSSFoundError:
        return []


def _finding(signature: EmbeddedPdfSignature, trust: Trust, lists: list[bytes], later_changes: bool) -> Finding:
    try:
        subject = signature.signer_cert.subject.native
        signed_at = _stamped_at(signature)
        # Asked for the time of signing: a certificate that has run out since then did not spoil what it signed.
        context = judge(trust, signed_at, lists)
        status = validate_pdf_signature(
            signature, signer_validation_context=context, ts_validation_context=context, skip_diff=not later_changes
        )
        stamped = status.timestamp_validity
        return Finding(
            field=signature.field_name,
            name=_text(subject.get("common_name")),
            title=_text(subject.get("title")),
            organisation=_text(subject.get("organization_name")),
            signed_at=signed_at,
            intact=bool(status.intact and status.valid),
            trusted=bool(status.trusted and stamped is not None and stamped.intact and stamped.valid and stamped.trusted),
            unchanged=status.coverage == SignatureCoverageLevel.ENTIRE_FILE
            or bool(status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and (status.docmdp_ok or not later_changes)),
        )
    except (SignatureValidationError, ValidationError, PathError, *UNREADABLE):
        return Finding(str(signature.field_name), "", "", "", None, intact=False, trusted=False, unchanged=False)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """What the time stamp inside the signature claims; whether to believe it is judged with the signature."""
    try:
        token = find_unique_cms_attribute(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    except NonexistentAttributeError:
        return None
    moment: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _text(value: object) -> str:
    """A name of a certificate; several values are joined."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
