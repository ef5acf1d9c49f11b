"""The papers of an application: the page where files are added, and each file on its way in or out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.people.access import person_of
from portal.kit.access import signed_in
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, resident_views
from services.cases.filing_access import own, own_draft
from services.cases.filing_forms import SupplementForm
from services.cases.filing_steps import steps_of
from services.cases.models import Case, CaseAttachment
from services.documents.models import Attachment


@signed_in
@own_draft
def file_documents(request: HttpRequest, case: Case) -> HttpResponse:
    """The papers of the circumstance, each with its files."""
    return _documents_page(request, case)


def _documents_page(request: HttpRequest, case: Case, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    steps = steps_of(case, queries.definition_of(case), queries.gaps(case), "giay-to")
    blocks = filing_papers.blocks(case, errors)
    problems = [{"message": block.error, "href": f"#{block.input_id}"} for block in blocks if block.error]
    context = {
        "case": case,
        "steps": steps,
        "uploads": [block for block in blocks if block.mode == filing_papers.UPLOAD],
        "made_here": [block for block in blocks if block.mode == filing_papers.FORM],
        "to_show": [block for block in blocks if block.mode == filing_papers.SHOW],
        "problems": problems,
        **filing_papers.facts(),
    }
    return render(request, "filing/documents.html", context, status=status)


@signed_in
@require_POST
def file_upload(request: HttpRequest, key: UUID, document: str) -> HttpResponse:
    """Take the chosen files for one paper, of a draft or of a supplement. Each file is taken or refused by itself."""
    case = own(request, key)
    if case.state not in (Case.State.DRAFT, Case.State.SUPPLEMENT):
        raise Refused("case.filed", _("Files can be added while drafting, or when a supplement was requested."))
    chosen = request.FILES.getlist("file")
    reasons = [] if chosen else [_("Choose a file first.")]
    taken = 0
    for upload in chosen:
        try:
            actions.attach(case, person_of(request), document, upload)
            taken += 1
        except Refused as refused:
            if refused.code == "case.unknown_paper":
                raise Http404 from None
            reasons.append(f"{upload.name}: {refused.message}" if len(chosen) > 1 else refused.message)
    case.refresh_from_db()
    if reasons:
        return _papers_again(request, case, {document: " ".join(reasons)})
    messages.success(
        request,
        _("%(count)d files added.") % {"count": taken} if taken > 1 else _("File added: %(name)s") % {"name": chosen[0].name},
    )
    return _papers_of(case, document)


@signed_in
@require_POST
def file_remove(request: HttpRequest, key: UUID, attachment: UUID) -> HttpResponse:
    """Take a file away again."""
    case = own(request, key)
    try:
        link = case.attachments.select_related("attachment").get(attachment_id=attachment)
        actions.detach(case, person_of(request), attachment)
    except (CaseAttachment.DoesNotExist, Attachment.DoesNotExist):
        # A second click on the same button, or a stranger's file: either way it is not here.
        if case.state in (Case.State.DRAFT, Case.State.SUPPLEMENT):
            return _papers_of(case, "")
        raise Http404 from None
    messages.success(request, _("File removed: %(name)s") % {"name": link.attachment.name})
    return _papers_of(case, link.document)


def _papers_of(case: Case, document: str) -> HttpResponseRedirect:
    page = (
        reverse("file_documents", args=[case.key])
        if case.state == Case.State.DRAFT
        else reverse("my_supplement", args=[case.number])
    )
    return HttpResponseRedirect(f"{page}#giay-to-{document}" if document else page)


def _papers_again(request: HttpRequest, case: Case, errors: dict[str, str]) -> HttpResponse:
    if case.state == Case.State.DRAFT:
        return _documents_page(request, case, errors, status=422)
    return resident_views.supplement_page(request, case, SupplementForm(), errors, status=422)
