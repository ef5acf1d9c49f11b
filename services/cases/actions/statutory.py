"""Statutory forms that follow events: request for a supplement, refusal, apology, notice of stopping.

Each runs in the transaction that marks its event as handled, so a document is asked for and numbered exactly once.
"""

from collections.abc import Callable
from typing import Any

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.outbox import after_commit
from services.cases import statutory
from services.cases.actions.work import DOCUMENT_TASK
from services.cases.models import Case, CaseDocument, CaseEvent
from services.cases.queries import papers
from services.documents import actions as documents
from services.documents.models import IssuedDocument


def supplement_asked(case: Case, event: CaseEvent) -> None:
    """Mẫu số 02, from the request that the event names."""
    request = case.supplement_requests.select_related("requested_by").get(number=event.data["request"])
    office = _office(case, event)
    _issue(case, event, statutory.SUPPLEMENT, office, lambda symbol: papers.supplement_data(case, request, office, symbol))


def refused(case: Case, event: CaseEvent) -> None:
    """Mẫu số 03, with the reason the official wrote."""
    office = _office(case, event)
    _issue(case, event, statutory.REFUSAL, office, lambda symbol: papers.refusal_data(case, event, office, symbol))


def extended(case: Case, event: CaseEvent) -> None:
    """Mẫu số 04, signed by the approver who put the promised date off."""
    extension, office = case.extension, _office(case, event)
    signer = extension.signed_by or event.actor
    if signer is None:
        raise ValueError(f"{event} names no signer")
    document = _issue(
        case,
        event,
        statutory.EXTENSION,
        office,
        lambda symbol: papers.extension_data(case, extension, signer, office, symbol),
        signer,
    )
    extension.issued = document
    extension.save(update_fields=["issued"])


def stopped(case: Case, event: CaseEvent) -> None:
    """Mẫu số 05, signed by the head or leader who stopped; a withdrawal that the counter granted bears the seal alone."""
    office = _office(case, event)
    signer = event.actor if event.actor and _signs(event.actor, office) else None
    _issue(case, event, statutory.STOP, office, lambda symbol: papers.stop_data(case, event, signer, office, symbol), signer)


def taken_back(case: Case, event: CaseEvent) -> None:
    """A case opened again is neither refused nor stopped: the notice that said so no longer holds."""
    ended = (statutory.REFUSAL.kind, statutory.STOP.kind)
    for kept in case.documents.filter(issued__kind__in=ended).select_related("issued"):
        documents.revoke(kept.issued, event.note)


def _signs(person: Person, office: Office) -> bool:
    agency = offices.agency_of(office)
    powers = [post.powers for post in offices.posts_of(person) if post.office.path.startswith(agency.path)]
    return statutory.needs_signature(statutory.STOP, frozenset[str]().union(*powers))


def _office(case: Case, event: CaseEvent) -> Office:
    """Where it was done: the office of the event, of its step, else the competent agency."""
    return event.office or (event.work_item.office if event.work_item else case.agency)


def _issue(
    case: Case,
    event: CaseEvent,
    form: statutory.Form,
    office: Office,
    data: Callable[[str], dict[str, Any]],
    signer: Person | None = None,
) -> IssuedDocument:
    agency = offices.agency_of(office)
    symbol = statutory.symbol(form, agency.symbol)
    document = documents.request_document(
        kind=form.kind,
        template=form.template,
        title=form.title,
        case_number=case.number or "",
        office=agency,
        data=data(symbol),
        signer=signer,
        symbol=symbol,
    )
    link(case, document, event)
    return document


def link(case: Case, document: IssuedDocument, event: CaseEvent) -> None:
    """Keep a document that an event asked for in the case, and have it drawn up."""
    kept = CaseDocument.objects.create(case=case, issued=document, work_item=event.work_item, event=event)
    after_commit(DOCUMENT_TASK, kept.pk)
