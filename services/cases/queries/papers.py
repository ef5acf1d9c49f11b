"""What the documents of a case say: frozen as data when a document is asked for."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from identity.offices import queries as offices
from identity.offices.models import Office, Post
from identity.people import national_id
from identity.people.models import Person
from portal.kit import clock
from services.cases import routing
from services.cases.models import Case, WorkItem
from services.cases.queries.page import limit_text
from services.cases.queries.resident import attachments_of, definition_of, needed_papers
from services.documents.placeholders import fill
from services.fees.wording import fees_text
from services.forms.readout import phone, texts


def _masked(number: str | None) -> str:
    return f"{'*' * 8}{number[-4:]}" if number else ""


def _masked_number(case: Case) -> str:
    """The number of whom it was filed for: a tax code is public, a personal number is not."""
    number = case.principal_number
    return _masked(number) if len(number) == national_id.LENGTH else number


def _heads(agency: Office) -> dict[str, str]:
    """The two lines at the head of a document and its dateline (Phụ lục I Nghị định 30/2020/NĐ-CP)."""
    # A People's Committee has no superior line; departments, branches and facilities have.
    topmost = agency.kind in (Office.Kind.CITY, Office.Kind.WARD) or agency.parent is None
    parent = None if topmost or agency.parent is None else offices.agency_of(agency.parent)
    return {
        "parent_agency": (parent.issuing_name or parent.name) if parent else "",
        "agency": agency.issuing_name or agency.name,
        "place": agency.place or settings.PORTAL_PLACE,
    }


def receipt_data(case: Case, receiver: Person | None, office: Office | None) -> dict[str, Any]:
    """The receipt, Mẫu số 01 of Thông tư 03/2025/TT-VPCP."""
    files = attachments_of(case)
    post = _post(receiver, office)
    with override("vi"):
        documents = [
            {
                "name": paper.name,
                "kind": _("electronic copy") if paper.upload else _("original"),
                "count": len(files.get(paper.key, ())) or 1,
            }
            for paper in needed_papers(case)
            if not paper.upload or files.get(paper.key)
        ]
        fees = fees_text(case.version.fees, "online", case.circumstance)
    applicant = case.filed_by
    return {
        **_heads(case.agency),
        "office_name": office.name if office else case.agency.name,
        "case_number": case.number,
        "applicant": applicant.full_name,
        "subject": case.subject_name,
        "subject_number": _masked_number(case),
        "on_behalf": bool(case.principal_name),
        "personal_number_masked": _masked(applicant.personal_number),
        "phone": phone(applicant.phone) if applicant.phone else "",
        "address": applicant.address,
        "email": applicant.email or "",
        "procedure_name": case.version.name,
        "procedure_code": case.version.procedure.code,
        "documents": documents,
        "limit_text": limit_text(case),
        "received_at": clock.local(case.accepted_at).isoformat() if case.accepted_at else "",
        "due_at": clock.local(case.due_at).isoformat() if case.due_at else "",
        "return_place": office.name if office else case.agency.name,
        "fees_text": fees,
        "receiver_name": receiver.full_name if receiver else "",
        "receiver_title": post.title if post else "",
        "hotline": settings.PORTAL_HOTLINE,
    }


def _post(person: Person | None, office: Office | None) -> Post | None:
    if person is None or office is None:
        return None
    return next((post for post in offices.posts_of(person) if post.office_id == office.pk), None)


def outcome_data(case: Case, item: WorkItem, signer: Person) -> dict[str, Any]:
    """The outcome as its version's template says, with every placeholder filled, for the signer at the item's office."""
    outcome: Mapping[str, Any] = case.version.outcome
    agency = offices.agency_of(item.office)
    post = _post(signer, item.office)
    with override("vi"):
        values = texts(definition_of(case), case.answers) | {
            "case_number": case.number or "",
            "subject_name": case.subject_name,
            "agency_name": agency.name,
            "procedure_name": case.version.name,
            "today": f"{clock.today():%d/%m/%Y}",
        }
    symbol = outcome["symbol"]
    return {
        **_heads(agency),
        "layout": outcome.get("layout", "certificate"),
        "title": outcome["title"],
        "summary": fill(outcome.get("summary", ""), values),
        "symbol": f"{symbol}-{agency.symbol}" if agency.symbol else symbol,
        "basis": [fill(text, values) for text in outcome.get("basis", [])],
        "paragraphs": [fill(text, values) for text in outcome.get("paragraphs", [])],
        "articles": [fill(text, values) for text in outcome.get("articles", [])],
        "rows": [[label, fill(text, values)] for label, text in outcome.get("rows", [])],
        "recipients": list(outcome.get("recipients", [])),
        "capacity": post.capacity if post else "",
        "signer_title": post.title if post else "",
        "signer_name": signer.full_name,
        "case_number": case.number,
        "procedure_code": case.version.procedure.code,
        "result_code": case.version.result_code,
    }


def outcome_preview(item: WorkItem, signer: Person) -> dict[str, Any] | None:
    """What the signer is about to sign, or what the registry is about to seal; None for other steps."""
    if item.kind == routing.Kind.SIGN:
        return outcome_data(item.case, item, signer)
    if item.kind == routing.Kind.SEAL:
        link = item.case.documents.filter(issued__kind="outcome").select_related("issued").order_by("-pk").first()
        return link.issued.data if link else None
    return None
