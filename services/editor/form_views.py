"""The form builder: what its buttons do."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.refusal import Refused
from services.catalogue.models import VersionDraft
from services.editor import form_editing as editing
from services.editor import saving
from services.editor.building import chosen_path, conflict_of, revision_for
from services.editor.field_forms import FormSettings
from services.editor.form_editing import Edited, Form, Impossible, Path, path_text, said
from services.editor.form_page import Chosen, builder, chosen_of, existing, new_question, shallow, written
from services.editor.kind_words import option_name
from services.editor.pages import draft_of, editor, is_open, revision_of
from services.forms.kinds import KINDS, REPEATING, Kind


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form builder. Every button sends the page, which comes back at the page or question it was about."""
    draft = draft_of(key)
    kept = draft.content.get("form")
    if request.method == "POST" and request.POST.get("_do") == "whole":
        return _save_whole(request, draft)
    if not isinstance(kept, dict) or not editing.well_shaped(kept):
        return builder(request, draft, {"unreadable": True, "whole": written(kept)})
    if request.method == "POST":
        return _post(request, draft, kept)
    adding = request.GET.get("them")
    if adding is not None:
        return builder(request, draft, new_question(kept, existing(kept, chosen_path(adding))))
    path = existing(kept, chosen_path(request.GET.get("o", "")))
    chosen = chosen_of(kept, path) if path else None
    return builder(request, draft, {"chosen": chosen, "fresh": request.GET.get("moi", "")})


def _post(request: HttpRequest, draft: VersionDraft, kept: Form) -> HttpResponse:
    what, _colon, rest = request.POST.get("_do", "save").partition(":")
    try:
        if what in {"up", "down"} and rest:
            return _move_in_outline(request, draft, kept, what, rest)
        if what == "addpage":
            title = request.POST.get("title", "").strip()[:200] or _("New page")
            after = existing(kept, chosen_path(request.POST.get("o", "")))
            return _done(request, draft, editing.add_page(kept, title, after[0] if after else None), fresh=True)
        if what == "add":
            return _add(request, draft, kept)
        if what == "subject":
            return _save_subject(request, draft, kept)
        return _settings(request, draft, kept, what, rest)
    except Impossible as impossible:
        messages.error(request, _(str(impossible)))
        return redirect(_address(draft, existing(kept, chosen_path(request.POST.get("o", "")))))
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        messages.error(request, refused.message)
        return redirect(_address(draft, existing(kept, chosen_path(request.POST.get("o", "")))))


def _place(kept: Form, path: Path, key: str) -> Path:
    """Where the item with the key stands now: where it stood, or wherever others have moved it. Raises Impossible."""
    try:
        if str(editing.at(kept, path).get("key") or "") == key:
            return path
    except Impossible:
        pass
    found = [at for at, item in editing.walk(kept) if item.get("key") == key and (len(at) == 1) == (len(path) == 1)]
    if len(found) != 1:
        raise Impossible(editing.GONE)
    return found[0]


def _address(draft: VersionDraft, path: Path, fresh: bool = False) -> str:
    """The page at an item."""
    here = reverse("editor_form", args=[draft.key])
    if not path:
        return here
    query = {"o": path_text(path), **({"moi": "1"} if fresh else {})}
    return f"{here}?{urlencode(query)}#{f'form{editing.pointer_of(path)}'.replace('/', '-')}"


def _save(request: HttpRequest, draft: VersionDraft, form: Form, revision: int, more: Mapping[str, Any] | None = None) -> None:
    saving.save(request, draft, {"form": form, **(more or {})}, revision)


def _done(request: HttpRequest, draft: VersionDraft, edited: Edited, *, fresh: bool = False, text: str = "") -> HttpResponse:
    """Save an operation on the form as it is now, and go to the item it was about."""
    _save(request, draft, edited.form, draft.revision)
    if text:
        messages.success(request, text)
    return redirect(_address(draft, edited.path, fresh))


def _move_in_outline(request: HttpRequest, draft: VersionDraft, kept: Form, what: str, rest: str) -> HttpResponse:
    place, _colon, key = rest.partition(":")
    path = _place(kept, chosen_path(place), key)
    edited = editing.move(kept, path, -1 if what == "up" else 1)
    return _done(request, draft, edited, text=_moved(edited))


def _moved(edited: Edited) -> str:
    """Where something now stands, for those who cannot see it move."""
    item = editing.at(edited.form, edited.path)
    label = said(item.get("label")) or said(item.get("title"))
    total = len(editing.siblings(edited.form, edited.path))
    numbers = {"label": label, "number": edited.path[-1] + 1, "total": total}
    if len(edited.path) == 2:
        page = said(edited.form["pages"][edited.path[0]].get("title"))
        return _("“%(label)s” is now number %(number)d of %(total)d on “%(page)s”.") % {**numbers, "page": page}
    return _("“%(label)s” is now number %(number)d of %(total)d.") % numbers


def _add(request: HttpRequest, draft: VersionDraft, kept: Form) -> HttpResponse:
    where = existing(kept, chosen_path(request.POST.get("o", "")))
    label, kind = request.POST.get("label", "").strip()[:500], request.POST.get("kind", "")
    if not where:
        raise Impossible(editing.GONE)
    if not label or kind not in KINDS:
        error = _("Enter the words of the question") if not label else _("Choose what is asked for")
        place = "#cau-moi" if not label else "#loai-0"
        problems = [{"message": error, "href": place}]
        return builder(
            request, draft, {**new_question(kept, where, request.POST), "problems": problems, "missing_label": not label}
        )
    return _done(request, draft, editing.add_field(kept, where, kind, label), fresh=True)


def _save_subject(request: HttpRequest, draft: VersionDraft, kept: Form) -> HttpResponse:
    settings = FormSettings(kept, request.POST)
    if not settings.is_valid():
        return builder(request, draft, {"form_settings": settings})
    chosen = settings.cleaned_data["subject_field"]
    made = {name: value for name, value in kept.items() if name != "subject_field"}
    _save(request, draft, {**made, "subject_field": chosen} if chosen else made, draft.revision)
    messages.success(request, _("Saved."))
    return redirect("editor_form", key=draft.key)


def _save_whole(request: HttpRequest, draft: VersionDraft) -> HttpResponse:
    """The form as it was written by hand."""
    text = request.POST.get("whole", "")
    error = ""
    try:
        written = json.loads(text)
    except ValueError as wrong:
        error = _("This cannot be read: check brackets, commas and quotation marks.") + f" ({wrong})"
    else:
        if not editing.well_shaped(written):
            error = _("A form is an object with “pages”, a list of objects, each with “fields”, a list of objects.")
    kept = draft.content.get("form")
    unreadable = not isinstance(kept, dict) or not editing.well_shaped(kept)
    if error:
        return builder(request, draft, {"whole": text, "whole_error": error, "unreadable": unreadable})
    try:
        revision = draft.revision if unreadable else revision_for(request, draft, kept)
        _save(request, draft, written, revision)
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        context = conflict_of(request, draft, {"form": written}, ("form",), refused)
        return builder(request, draft, {"whole": text, "whole_open": True, "unreadable": unreadable, **context}, status=409)
    messages.success(request, _("Saved."))
    return redirect("editor_form", key=draft.key)


def _settings(request: HttpRequest, draft: VersionDraft, kept: Form, what: str, rest: str) -> HttpResponse:
    """Keep the settings of the chosen item, then do what the button says with it."""
    try:
        path = _place(kept, chosen_path(request.POST.get("o", "")), request.POST.get("was", ""))
    except Impossible:
        unsent = [request.POST.get(name, "") for name in ("label", "title", "help") if request.POST.get(name)]
        refused = Refused("draft.stale", _("Somebody else removed this in the meantime. What you typed was not saved."))
        context = {**conflict_of(request, draft, {}, ("form",), refused), "unsent": "\n\n".join(unsent)}
        return builder(request, draft, context, status=409)
    item = editing.at(kept, path)
    chosen = chosen_of(kept, path, request.POST, f"{what}:{rest}" if what in {"dk", "lc", "ct"} else "")
    if what == "remove" and is_open(draft):
        return _done(request, draft, editing.remove(kept, path), text=_removed(item))
    if chosen.rearranged or not chosen.is_valid():
        chosen.drawn = request.POST.get("print", "")
        return builder(request, draft, {"chosen": chosen, "drawn_from": revision_of(request)})
    edited = editing.change(kept, path, chosen.changes())
    elsewhere = _elsewhere(draft, chosen, edited)
    try:
        after = _operate(request, edited, path, what)
        _save(request, draft, after.form, revision_for(request, draft, shallow(item)), elsewhere)
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        context = conflict_of(request, draft, {"form": edited.form, **elsewhere}, ("form",), refused)
        return builder(request, draft, {"chosen": chosen, **context}, status=409)
    if after.dropped:
        names = ", ".join(str(option_name("", name, "")) for name in after.dropped)
        messages.info(request, _("Settings that this kind does not have were left out: %(names)s.") % {"names": names})
    elif what in {"up", "down", "move", "putin", "takeout"}:
        messages.success(request, _moved(after))
    else:
        messages.success(request, _("Saved."))
    go = request.POST.get("_go", "")
    target = existing(after.form, chosen_path(go)) if what == "save" and go else after.path
    return redirect(_address(draft, target, fresh=what in {"copy", "group"}))


def _removed(item: Mapping[str, Any]) -> str:
    label = said(item.get("label")) or said(item.get("title"))
    return _("Removed: %(title)s.") % {"title": label} + " " + _("“Undo” at the top brings it back.")


def _elsewhere(draft: VersionDraft, chosen: Chosen, edited: Edited) -> dict[str, Any]:
    """Route and outcome with the new key of a question, where they named the old one."""
    new = str(editing.at(edited.form, edited.path).get("key") or "")
    if chosen.is_page or not chosen.key or new == chosen.key:
        return {}
    return editing.renamed_elsewhere(draft.content, chosen.key, new)


def _operate(request: HttpRequest, edited: Edited, path: Path, what: str) -> Edited:
    """What a button asks for besides saving. Raises Impossible."""
    form, asked = edited.form, request.POST
    if what in {"up", "down"}:
        return editing.move(form, path, -1 if what == "up" else 1)
    if what == "copy":
        return editing.duplicate(form, path)
    if what == "move" and asked.get("to_page", "").isdigit():
        return editing.to_page(form, path, int(asked["to_page"][:4]))
    if what == "putin":
        return editing.put_in(form, path, chosen_path(asked.get("holder", "")))
    if what == "takeout":
        return editing.take_out(form, path)
    if what == "ungroup":
        return editing.ungroup(form, path)
    if what == "group" and asked.get("last", "").isdigit():
        kind = asked.get("group_kind") if asked.get("group_kind") in REPEATING else Kind.GROUP.value
        label = asked.get("group_label", "").strip()[:200] or _("New group")
        return editing.group(form, path, int(asked["last"][:4]), str(kind), label)
    if what == "kind":
        return editing.change_kind(form, path, asked.get("to_kind", ""))
    return edited
