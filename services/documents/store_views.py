"""The person's own papers: what was kept, what was issued, to look at, rename and remove."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from identity.people.access import person_of
from portal.kit import clock, paging
from portal.kit.access import signed_in
from portal.kit.refusal import Refused
from services.documents import queries, storing
from services.documents.forms import PaperTitleForm
from services.documents.models import IssuedDocument, StoredPaper

PAGE_SIZE = 20


@signed_in
def papers(request: HttpRequest) -> HttpResponse:
    """Everything kept, newest first."""
    page = paging.page(storing.mine(person_of(request)), ("-id",), after=request.GET.get("sau"), size=PAGE_SIZE)
    context = {"rows": [_row(paper) for paper in page.items], "page": page}
    return render(request, "documents/papers.html", context)


def _row(paper: StoredPaper) -> dict[str, Any]:
    file = paper.attachment
    return {
        "paper": paper,
        "size": paper.issued.size if paper.issued else file.size if file else 0,
        "media_type": file.media_type if file else "application/pdf",
        "opened": file is None or file.may_be_opened,
        "infected": file is not None and file.scan == file.Scan.INFECTED,
        "not_in_force": paper.issued is not None and paper.issued.state != IssuedDocument.State.ISSUED,
        "run_out": paper.valid_until is not None and paper.valid_until < clock.today(),
    }


@signed_in
def paper_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file of a paper: shown, or with `?tai` saved."""
    paper = _mine(request, key)
    thing = paper.issued or paper.attachment
    if thing is None:
        raise Http404
    return queries.file_response(thing, inline="tai" not in request.GET)


@signed_in
def paper_rename(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a paper another name."""
    paper = _mine(request, key)
    form = PaperTitleForm(request.POST if request.method == "POST" else None, initial={"title": paper.title})
    if request.method == "POST" and form.is_valid():
        try:
            renamed = storing.rename(person_of(request), key, form.cleaned_data["title"])
        except Refused as refused:
            form.add_error("title", refused.message)
        else:
            messages.success(request, _("The paper is now called: %(title)s") % {"title": renamed.title})
            return redirect("papers")
    return render(request, "documents/paper_rename.html", {"paper": paper, "form": form})


@signed_in
def paper_remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask once, then take a paper out of the store."""
    paper = _mine(request, key)
    if request.method != "POST":
        return render(request, "documents/paper_remove.html", {"paper": paper})
    title = storing.remove(person_of(request), key)
    messages.success(request, _("No longer kept: %(title)s") % {"title": title})
    return redirect("papers")


def _mine(request: HttpRequest, key: UUID) -> StoredPaper:
    try:
        return storing.find(person_of(request), key)
    except StoredPaper.DoesNotExist:
        raise Http404 from None
