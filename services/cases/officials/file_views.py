"""Files of a case as officials open them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase

from identity.offices.access import official
from identity.people.access import person_of
from identity.trail.actions import record_look
from portal.kit.access import framed
from services.cases import queries
from services.documents import queries as documents
from services.documents.models import Attachment, IssuedDocument


@official
@framed
def casework_attachment(request: HttpRequest, number: str, attachment: UUID) -> HttpResponseBase:
    """A file the applicant attached, shown in the page or, with `?tai`, saved."""
    person = person_of(request)
    try:
        found = queries.attachment_for_official(person, number, attachment)
    except Attachment.DoesNotExist:
        raise Http404 from None
    record_look(person, number, f"file:{found.pk.hex[:8]}")
    return documents.file_response(found, inline="tai" not in request.GET)


@official
@framed
def casework_document(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """The PDF of a receipt or an outcome, also while it waits for its seal."""
    person = person_of(request)
    try:
        found = queries.document_for_official(person, number, code)
    except IssuedDocument.DoesNotExist:
        raise Http404 from None
    record_look(person, number, f"document:{code}")
    return documents.file_response(found, inline="tai" not in request.GET)
