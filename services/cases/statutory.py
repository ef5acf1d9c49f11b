"""RULE: which form of Phụ lục I, Thông tư 03/2025/TT-VPCP an office issues, under which symbol, and who signs it.

Mẫu số 02 to 05 are numbered documents: one book per agency, year and symbol (Điều 15 Nghị định 30/2020/NĐ-CP). The receipt,
Mẫu số 01, carries the number of the case instead.
"""

from collections.abc import Collection
from dataclasses import dataclass

from identity.offices.powers import Power

HEADS = frozenset({Power.LEAD, Power.APPROVE})


@dataclass(frozen=True, slots=True)
class Form:
    """One form: `kind` of document, `template` that draws it, `title` everybody reads, `symbol` of its number book."""

    kind: str
    template: str
    title: str
    symbol: str


SUPPLEMENT = Form("supplement", "supplement", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "PBS")
REFUSAL = Form("refusal", "refusal", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "PTC")
EXTENSION = Form("extension", "extension", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", "PXL")
STOP = Form("stop", "stop", "Thông báo dừng giải quyết hồ sơ", "TB")
FORMS = (SUPPLEMENT, REFUSAL, EXTENSION, STOP)


def symbol(form: Form, agency: str) -> str:
    """`PBS-UBND`: the abbreviation of the form, then that of the agency where it has one."""
    return f"{form.symbol}-{agency}" if agency else form.symbol


def needs_signature(form: Form, powers: Collection[str]) -> bool:
    """Whether the official who acted signs, besides the agency's seal.

    The apology always bears the signature of its approver. A notice of stopping bears that of the head or leader who stopped; where
    the counter granted a withdrawal, and on slips, the seal alone issues it and the official is named.
    """
    return form is EXTENSION or (form is STOP and bool(HEADS.intersection(powers)))
