"""What the documents of a case say: frozen as data when a document is asked for."""

from collections.abc import Mapping
from datetime import datetime
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
from services.cases.checklist import Paper
from services.cases.handoff import HandedIn, handed_in
from services.cases.models import Case, CaseEvent, Extension, SupplementRequest, WorkItem
from services.cases.queries.fields import step_texts
from services.cases.queries.page import limit_text
from services.cases.queries.resident import attachments_of, definition_of, needed_papers
from services.cases.statutory import HEADS
from services.documents.placeholders import fill
from services.fees.wording import fees_text
from services.forms.readout import phone, texts


def _masked(number: str | None) -> str:
    return f"{'*' * 8}{number[-4:]}" if number else ""


def _masked_number(case: Case) -> str:
    """The number of whom it was filed for: a tax code is public, a personal number is not."""
    number = case.principal_number
    return _masked(number) if len(number) == national_id.LENGTH else number


def heads(agency: Office) -> dict[str, str]:
    """The two lines at the head of a document and its dateline (Phụ lục I Nghị định 30/2020/NĐ-CP)."""
    # A People's Committee has no superior line; departments, branches and facilities have.
    topmost = agency.kind in (Office.Kind.CITY, Office.Kind.WARD) or agency.parent is None
    parent = None if topmost or agency.parent is None else offices.agency_of(agency.parent)
    return {
        "parent_agency": (parent.issuing_name or parent.name) if parent else "",
        "agency": agency.issuing_name or agency.name,
        "agency_name": agency.name,
        "place": agency.place or settings.PORTAL_PLACE,
    }


def about_case(case: Case) -> dict[str, Any]:
    """Whose case it is and what it is about: the facts every form begins with."""
    applicant = case.filed_by
    return {
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
        "hotline": settings.PORTAL_HOTLINE,
    }


def _moment(at: datetime | None) -> str:
    return clock.local(at).isoformat(timespec="minutes") if at else ""


def receipt_data(case: Case, receiver: Person | None, office: Office | None) -> dict[str, Any]:
    """The receipt, Mẫu số 01 of Thông tư 03/2025/TT-VPCP."""
    files = attachments_of(case)
    post = _post(receiver, office)
    by_hand = case.channel != Case.Channel.ONLINE
    with override("vi"):
        documents = [
            _handed_in(paper, by_hand=by_hand, files=len(files.get(paper.key, ())), counted=handed_in(case.provenance, paper.key))
            for paper in needed_papers(case)
            if not paper.upload or files.get(paper.key)
        ]
        fees = fees_text(case.version.fees, FEE_CHANNELS[Case.Channel(case.channel)], case.circumstance)
        channel = Case.Channel(case.channel).label
    return {
        **heads(case.agency),
        **about_case(case),
        "office_name": office.name if office else case.agency.name,
        "channel": str(channel),
        "by_hand": by_hand,
        "reception_name": case.reception.name if case.reception else "",
        "documents": documents,
        "limit_text": limit_text(case),
        "received_at": _moment(case.accepted_at),
        "due_at": _moment(case.due_at),
        "return_place": office.name if office else case.agency.name,
        "fees_text": fees,
        "receiver_name": receiver.full_name if receiver else "",
        "receiver_title": post.title if post else "",
    }


FEE_CHANNELS = {Case.Channel.COUNTER: "in_person", Case.Channel.ONLINE: "online", Case.Channel.POST: "postal"}
"""What tariffs call the ways in."""


def _handed_in(paper: Paper, *, by_hand: bool, files: int, counted: HandedIn | None) -> dict[str, Any]:
    """A row of the receipt: the paper, in which form it was handed in, and how many."""
    if by_hand and counted is not None:
        forms = [_("original")] * bool(counted.originals) + [_("copy")] * bool(counted.copies)
        if not forms:
            return {"name": paper.name, "kind": _("electronic copy"), "count": files or 1}
        return {"name": paper.name, "kind": ", ".join(forms), "count": counted.originals + counted.copies}
    if by_hand:
        kind = _("original") if paper.originals or not paper.copies else _("copy")
        return {"name": paper.name, "kind": kind, "count": max(1, paper.originals + paper.copies)}
    return {"name": paper.name, "kind": _("electronic copy") if paper.upload else _("original"), "count": files or 1}


def _unit_heads(office: Office, agency: Office) -> dict[str, str]:
    """The head of a slip: the agency above, the unit that deals with the person below."""
    return {**heads(agency), "office_name": office.name}


def _contact(person: Person | None, office: Office) -> dict[str, str]:
    """Whom to ask about a document."""
    post = _post(person, office)
    return {
        "contact_name": person.full_name if person else "",
        "contact_title": post.title if post else "",
        "contact_phone": office.phone or settings.PORTAL_HOTLINE,
    }


def supplement_data(case: Case, request: SupplementRequest, office: Office, symbol: str) -> dict[str, Any]:
    """The request for a supplement, Mẫu số 02: everything missing, in order, with what to do about it."""
    return {
        **_unit_heads(office, offices.agency_of(office)),
        **about_case(case),
        **_contact(request.requested_by, office),
        "symbol": symbol,
        "time": request.number,
        "items_asked": [{"label": item.get("label", ""), "text": item.get("text", "")} for item in request.items],
        "reason": request.reason,
        "instructions": request.instructions,
        "answer_by_at": _moment(request.answer_by),
    }


def refusal_data(case: Case, event: CaseEvent, office: Office, symbol: str) -> dict[str, Any]:
    """The refusal, Mẫu số 03."""
    return {
        **_unit_heads(office, offices.agency_of(office)),
        **about_case(case),
        **_contact(event.actor, office),
        "symbol": symbol,
        "filed_at": _moment(case.filed_at),
        "reason": event.note,
    }


def extension_data(case: Case, extension: Extension, signer: Person, office: Office, symbol: str) -> dict[str, Any]:
    """The apology with a new date, Mẫu số 04, signed at the approver's office."""
    return {
        **heads(offices.agency_of(office)),
        **about_case(case),
        **_signature(signer, office),
        "symbol": symbol,
        "accepted_at": _moment(case.accepted_at),
        "before_at": _moment(extension.due_before),
        "after_at": _moment(extension.due_after),
        "reason": extension.reason,
        "contact_phone": office.phone or settings.PORTAL_HOTLINE,
        "recipients": ["Như trên", f"Lưu: VT, hồ sơ {case.number}"],
    }


def stop_data(case: Case, event: CaseEvent, signer: Person | None, office: Office, symbol: str) -> dict[str, Any]:
    """The notice of stopping, Mẫu số 05: by the agency, or because the applicant asked to withdraw."""
    asked = None
    if event.action == "grant_withdrawal":
        earlier = case.events.filter(action="request_withdrawal", sequence__lt=event.sequence)
        asked = earlier.order_by("-sequence").first()
    return {
        **heads(offices.agency_of(office)),
        **about_case(case),
        **(_signature(signer, office) if signer else {}),
        **_contact(event.actor, office),
        "symbol": symbol,
        "signed_by_head": signer is not None,
        "basis": [str(text) for text in case.version.legal_basis[:MOST_BASIS]],
        "filed_at": _moment(case.filed_at),
        "asked_at": _moment(asked.at) if asked else "",
        "asked_reason": asked.note if asked else "",
        "reason": event.note,
        "recipients": [case.subject_name or case.filed_by.full_name, f"Lưu: VT, hồ sơ {case.number}"],
    }


MOST_BASIS = 3
"""So many rules of the procedure are named beside those on stopping; all of them stand on the procedure's page."""


def _signature(signer: Person, office: Office) -> dict[str, str]:
    """Capacity, title and name under a signature: of the post at that office, else of one that may sign for its agency."""
    agency = offices.agency_of(office)
    posts = offices.posts_of(signer)
    within = [post for post in posts if post.office.path.startswith(agency.path)]
    order = sorted(within, key=lambda post: (post.office_id != office.pk, not HEADS.intersection(post.powers)))
    post = order[0] if order else None
    return {
        "capacity": post.capacity if post else "",
        "signer_title": post.title if post else "",
        "signer_name": signer.full_name,
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
        values = (
            texts(definition_of(case), case.answers)
            | step_texts(case)
            | {
                "case_number": case.number or "",
                "subject_name": case.subject_name,
                "agency_name": agency.name,
                "procedure_name": case.version.name,
                "today": f"{clock.today():%d/%m/%Y}",
            }
        )
    symbol = outcome["symbol"]
    return {
        **heads(agency),
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
