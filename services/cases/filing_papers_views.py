"""The papers of an application: the page where files are added, and each file on its way in or out."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from identity.people.access import person_of
from portal.kit.access import public, signed_in
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, supplement_views
from services.cases.filer import filer_of
from services.cases.filing_access import own_case, own_draft
from services.cases.filing_page_views import draft_facts
from services.cases.filing_steps import leaving, steps_of
from services.cases.models import Case, CaseAttachment
from services.documents import actions as documents
from services.documents import limits, storing, tus, uploads
from services.documents.models import Attachment, StoredPaper, Upload

OPEN = (Case.State.DRAFT, Case.State.SUPPLEMENT)


@public
@never_cache
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
        "leave_href": leaving(case),
        **filing_papers.facts(),
        **draft_facts(case),
    }
    return render(request, "filing/documents.html", context, status=status)


@public
@require_POST
@own_case
def file_upload(request: HttpRequest, case: Case, document: str) -> HttpResponse:
    """Take the chosen files for one paper, of a draft or of a supplement. Each file is taken or refused by itself."""
    _check_open(case)
    chosen, too_large = request.FILES.getlist("file"), limits.too_large(request)
    reasons = [] if chosen or too_large else [_("Choose a file first.")]
    many = len(chosen) + len(too_large) > 1
    reasons += [_named(name, str(documents.refusal_of_size().message), many) for name in too_large]
    taken = 0
    for upload in chosen:
        try:
            actions.attach(case, filer_of(request), document, upload)
            taken += 1
        except Refused as refused:
            _known_paper(refused)
            reasons.append(_named(upload.name or "", refused.message, many))
    case.refresh_from_db()
    if reasons:
        return _papers_again(request, case, {document: " ".join(reasons)})
    messages.success(
        request,
        _("%(count)d files added.") % {"count": taken} if taken > 1 else _("File added: %(name)s") % {"name": chosen[0].name},
    )
    return _papers_of(case, document)


def _named(name: str, reason: str, many: bool) -> str:
    return f"{name}: {reason}" if many else reason


def _check_open(case: Case) -> None:
    if case.state not in OPEN:
        raise Refused("case.filed", _("Files can be added while drafting, or when a supplement was requested."))


def _known_paper(refused: Refused) -> None:
    if refused.code == "case.unknown_paper":
        raise Http404 from None
    if refused.code == "case.locked_paper":
        raise refused


# In pieces (the tus protocol)

UploadView = Callable[..., HttpResponseBase]


def _told_to_script(view: UploadView) -> UploadView:
    """A refusal becomes an answer that the browser's script reads."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            _known_paper(refused)
            return tus.refused(refused)

    return told


@public
@require_http_methods(["OPTIONS", "POST"])
@own_case
@_told_to_script
def file_upload_start(request: HttpRequest, case: Case, document: str) -> HttpResponse:
    """Announce a file, and be told where to send it or why it would not be taken."""
    if request.method == "OPTIONS":
        return tus.options()
    said = tus.announced(request)
    client = get_adapter(request).get_client_ip(request)
    upload = actions.start_upload(
        case, filer_of(request), document, address=client, name=said.name, size=said.size, mark=said.mark
    )
    return tus.created(upload, reverse("file_upload_piece", args=[case.key, document, upload.pk]))


@public
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@own_case
@_told_to_script
def file_upload_piece(request: HttpRequest, case: Case, document: str, upload: UUID) -> HttpResponse:
    """How much of a file has come, its next piece, or its end."""
    if request.method == "OPTIONS":
        return tus.options()
    coming = _coming(case, document, upload)
    if request.method == "HEAD":
        return tus.standing(request, coming)
    if request.method == "PATCH":
        _check_open(case)
        return tus.piece(request, coming)
    uploads.drop(coming)
    return tus.ended()


def _coming(case: Case, document: str, key: UUID) -> Upload:
    try:
        return uploads.find(key, f"{case.key}/{document}")
    except Upload.DoesNotExist:
        raise Http404 from None


@public
@require_POST
@own_case
@_told_to_script
def file_upload_finish(request: HttpRequest, case: Case, document: str, upload: UUID) -> HttpResponse:
    """Check a file that has wholly come, and attach it. Asked again, it gives the same answer."""
    link = actions.attach_upload(case, filer_of(request), _coming(case, document, upload))
    return JsonResponse({"name": link.attachment.name, "size": filesizeformat(link.attachment.size)})


@public
@require_POST
@own_case
def file_upload_drop(request: HttpRequest, case: Case, document: str, upload: UUID) -> HttpResponse:
    """Give up a file of which a part has come."""
    try:
        coming = uploads.find(upload, f"{case.key}/{document}")
    except Upload.DoesNotExist:
        return _papers_of(case, document)
    if coming.is_open:
        uploads.drop(coming)
        messages.success(request, _("No longer expected: %(name)s") % {"name": coming.name})
    return _papers_of(case, document)


# What is attached


@public
@require_POST
@own_case
def file_remove(request: HttpRequest, case: Case, attachment: UUID) -> HttpResponse:
    """Take a file away again."""
    try:
        link = case.attachments.select_related("attachment").get(attachment_id=attachment)
        actions.detach(case, filer_of(request), attachment)
    except (CaseAttachment.DoesNotExist, Attachment.DoesNotExist):
        # A second click on the same button, or a stranger's file: either way it is not here.
        if case.state in OPEN:
            return _papers_of(case, "")
        raise Http404 from None
    messages.success(request, _("File removed: %(name)s") % {"name": link.attachment.name})
    return _papers_of(case, link.document)


@public
@require_POST
@own_case
def file_up(request: HttpRequest, case: Case, attachment: UUID) -> HttpResponse:
    """Put a file before the one above it."""
    return _moved(request, case, attachment, up=True)


@public
@require_POST
@own_case
def file_down(request: HttpRequest, case: Case, attachment: UUID) -> HttpResponse:
    """Put a file after the one below it."""
    return _moved(request, case, attachment, up=False)


def _moved(request: HttpRequest, case: Case, attachment: UUID, *, up: bool) -> HttpResponse:
    try:
        link = actions.move(case, filer_of(request), attachment, up=up)
    except CaseAttachment.DoesNotExist:
        raise Http404 from None
    return _papers_of(case, link.document)


@public
@require_POST
@own_case
def file_combine(request: HttpRequest, case: Case, document: str) -> HttpResponse:
    """Have the photos of a paper put together into one PDF; a worker does it and the page shows how far it is."""
    actions.combine(case, filer_of(request), document)
    return _papers_of(case, document)


# The person's own papers


@signed_in
@require_POST
@own_case
def file_from_store(request: HttpRequest, case: Case, document: str) -> HttpResponse:
    """Attach a copy of one of the person's own papers."""
    _check_open(case)
    try:
        paper = storing.find(person_of(request), UUID(request.POST.get("giay_to", "")))
        link = actions.attach_stored(case, person_of(request), document, paper)
    except ValueError:
        return _papers_again(request, case, {document: _("Choose one of your papers first.")})
    except StoredPaper.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        _known_paper(refused)
        return _papers_again(request, case, {document: refused.message})
    messages.success(request, _("File added: %(name)s") % {"name": link.attachment.name})
    return _papers_of(case, document)


@signed_in
@require_POST
@own_case
def file_keep(request: HttpRequest, case: Case, attachment: UUID) -> HttpResponse:
    """Keep a copy of an attached file among the person's own papers."""
    link = case.attachments.filter(attachment_id=attachment).select_related("attachment").first()
    if link is None or case.clerk is not None:
        raise Http404
    names = {block.key: block.name for block in filing_papers.blocks(case)}
    paper = storing.keep(person_of(request), link.attachment, names.get(link.document, link.attachment.name))
    messages.success(request, _("Kept under My papers: %(title)s") % {"title": paper.title})
    return _papers_of(case, link.document) if case.state in OPEN else HttpResponseRedirect(reverse("papers"))


def _papers_of(case: Case, document: str) -> HttpResponseRedirect:
    page = filing_papers.papers_page(case)
    return HttpResponseRedirect(f"{page}#giay-to-{document}" if document else page)


def _papers_again(request: HttpRequest, case: Case, errors: dict[str, str]) -> HttpResponse:
    if case.state == Case.State.DRAFT:
        return _documents_page(request, case, errors, status=422)
    return supplement_views.supplement_page(request, case, errors)
