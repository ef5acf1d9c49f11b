"""The desk of an editor: drafts and procedures by what is to be done with them; new drafts, by hand and from a file."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity.people.access import person_of
from portal.kit import paging
from portal.kit.refusal import Refused
from services.catalogue import actions, package
from services.catalogue import queries as catalogue
from services.catalogue.models import VersionDraft
from services.editor import queries
from services.editor.forms import ImportForm, ListFilter, NewForm
from services.editor.pages import editor, said, told, version_of

PER_PAGE = 25
TABS: Mapping[str, tuple[str | Promise, Callable[[str, str], QuerySet[Any]], str]] = {
    "dang-soan": (gettext_lazy("Being edited"), queries.being_edited, "being_edited"),
    "cho-duyet": (gettext_lazy("Waiting for a second person"), queries.proposed, "proposed"),
    "da-cong-bo": (gettext_lazy("Published procedures"), queries.published, "published"),
    "nhap-ve": (gettext_lazy("Imported, needing a person"), queries.imported, "imported"),
}
"""Tabs of the list by their names in addresses: title, rows, and which count belongs to them."""
PUBLISHED = "da-cong-bo"
BY_NAME, BY_CODE, NEWEST, FEWEST = "ten", "ma", "moi", "it-loi"
ORDERS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    NEWEST: (gettext_lazy("Changed last first"), ("-saved_at", "id")),
    BY_NAME: (gettext_lazy("By name"), ("folded", "id")),
    BY_CODE: (gettext_lazy("By code"), ("code", "id")),
    FEWEST: (gettext_lazy("Nearest to being ready first"), ("stopping", "unseen", "id")),
}
PUBLISHED_ORDERS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    BY_NAME: ORDERS[BY_NAME],
    BY_CODE: ORDERS[BY_CODE],
    NEWEST: (gettext_lazy("Published last first"), ("-current__published_at", "id")),
}
IMPORT_ERRORS_SHOWN = 100


@editor
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Drafts and published procedures, by what is to be done with them. With htmx only the list is answered."""
    tab = request.GET.get("xem", "")
    tab = tab if tab in TABS else next(iter(TABS))
    orders = PUBLISHED_ORDERS if tab == PUBLISHED else ORDERS
    filters = ListFilter(request.GET, queries.domain_choices(), [(key, label) for key, (label, _order) in orders.items()])
    text, domain = filters.chosen("q"), filters.chosen("lv")
    _label, order = orders.get(filters.chosen("xep"), next(iter(orders.values())))
    counts = queries.counts(text, domain)
    page = paging.page(TABS[tab][1](text, domain), order, after=request.GET.get("sau"), size=PER_PAGE)
    context = {
        "tab": tab,
        "tabs": [
            {"slug": slug, "label": label, "count": getattr(counts, name), "current": slug == tab}
            for slug, (label, _rows, name) in TABS.items()
        ],
        "page": page,
        "open_drafts": queries.open_draft_keys([one.code for one in page.items]) if tab == PUBLISHED else {},
        "filters": filters,
        "filtered": bool(text or domain),
    }
    asked = getattr(getattr(request, "htmx", None), "target", None)
    return render(request, "editor/list_rows.html" if asked == "danh-sach" else "editor/list.html", context)


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A procedure that is not in the catalogue yet."""
    form = NewForm(request.POST or None, domains=queries.all_domains())
    known: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        person, code = person_of(request), form.cleaned_data["code"]
        if (open_draft := catalogue.open_draft_of(code)) is not None:
            known = {"href": reverse("editor_draft", args=[open_draft.key]), "label": _("Open the draft")}
            form.add_error("code", _("There is already an open draft of procedure %(code)s.") % {"code": code})
        elif queries.procedure(code) is not None:
            known = {"href": reverse("editor_procedure", args=[code]), "label": _("Open the procedure")}
            form.add_error("code", _("This procedure is in the catalogue already."))
        else:
            draft = actions.start_draft(person, code)
            draft = actions.save_draft(draft, person, form.given(), draft.revision)
            return redirect("editor_draft", key=draft.key)
    return render(request, "editor/new.html", {"form": form, "known": known})


@editor
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version of a procedure, from the one in force or another; an open draft is opened instead."""
    if (open_draft := catalogue.open_draft_of(code)) is not None:
        messages.info(request, _("There is already an open draft of this procedure. Here it is."))
        return redirect("editor_draft", key=open_draft.key)
    if queries.procedure(code) is None:
        raise Http404
    number = request.POST.get("version", "")
    content, note = None, ""
    if number.isascii() and number.isdigit() and len(number) < 6:
        content = catalogue.content_of(version_of(code, int(number)))
        note = _("Begun from version %(number)s.") % {"number": number}
    draft = actions.start_draft(person_of(request), code, content=content, note=note)
    return redirect("editor_draft", key=draft.key)


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def import_package(request: HttpRequest) -> HttpResponse:
    """A draft from a file that the editor exported, here or elsewhere. Nothing is kept of a file with a problem."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = _import(request, package.unpack(file.read()), str(file.name))
        except package.InvalidPackage as invalid:
            problems = [{"place": problem.place, "text": said(problem)} for problem in invalid.problems[:IMPORT_ERRORS_SHOWN]]
            form.add_error("file", _("This file cannot be imported. Nothing was kept of it."))
        except Refused as refused:
            told(request, refused, form)
        else:
            messages.success(request, _("Imported as a draft. Nothing is published before a second person agrees."))
            return redirect("editor_draft", key=draft.key)
    return render(request, "editor/import.html", {"form": form, "problems": problems})


def _import(request: HttpRequest, content: Mapping[str, Any], name: str) -> VersionDraft:
    origin = {"file": name[:200], "record": content.get("code", "")}
    return actions.start_draft(person_of(request), str(content.get("code", "")), content=content, origin=origin)
