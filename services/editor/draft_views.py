"""A draft as a whole: how ready it is, what changed, checking it and handing it to a second person."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity.people.access import person_of
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue import actions, package
from services.catalogue import queries as catalogue
from services.catalogue.differences import Change, differences
from services.catalogue.models import VersionDraft
from services.editor import queries, saving, sections
from services.editor.forms import ProposeForm, SendBackForm
from services.editor.pages import draft_of, editor, in_place, revision_of, show, told, version_of
from services.editor.preview import preview_of

State = VersionDraft.State
HISTORY_SHOWN = 12


@editor
@require_safe
def overview(request: HttpRequest, key: UUID) -> HttpResponse:
    """How ready the draft is, what an import left to a person, who changed what."""
    draft = draft_of(key)
    found = sections.findings(draft)
    context = {
        "stopping": sum(not problem.warning for problem in found),
        "warnings": sum(problem.warning for problem in found),
        "groups": _grouped(draft),
        "notes": _notes(draft),
        "history": _history(draft),
        "procedure": queries.procedure(draft.code),
    }
    return show(request, draft, "editor/overview.html", context)


def _notes(draft: VersionDraft) -> list[dict[str, Any]]:
    """What an import left to a person, those nobody saw to first."""
    notes = [
        {
            "index": index,
            "field": str(note.get("field") or ""),
            "reason": _(str(note.get("reason") or "")) if note.get("reason") else "",
            "value": _short(note.get("value")),
            "settled": note.get("settled") or {},
            "href": sections.address(draft, str(note.get("field") or "name")),
            "title": sections.TITLES[sections.page_of(str(note.get("field") or ""))],
        }
        for index, note in enumerate(draft.findings)
    ]
    return sorted(notes, key=lambda note: bool(note["settled"]))


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _history(draft: VersionDraft) -> list[dict[str, Any]]:
    """What was done, the newest first; saves of one person one after another are one line."""
    lines: list[dict[str, Any]] = []
    for change in catalogue.changes_of(draft):
        titles = {sections.page_of(key) for key in change.keys}
        last = lines[-1] if lines else None
        if last and change.what == change.What.SAVED == last["what"] and change.by_id == last["by_id"]:
            last["pages"] |= titles
            last["times"] += 1
            continue
        if len(lines) == HISTORY_SHOWN:
            break
        lines.append(
            {
                "what": change.what,
                "label": change.get_what_display(),
                "by": change.by,
                "by_id": change.by_id,
                "at": change.at,
                "pages": titles,
                "times": 1,
                "text": change.text,
            }
        )
    for line in lines:
        started = line["what"] == "started"
        line["titles"] = [] if started else [title for name, title in sections.TITLES.items() if name in line["pages"]]
    return lines


def _grouped(draft: VersionDraft) -> list[dict[str, Any]]:
    """What is wrong by section, each with a link to its place."""
    return [
        {
            "section": section,
            "problems": [
                {"text": in_place(draft, problem), "href": sections.address(draft, problem.place), "warning": problem.warning}
                for problem in sections.findings_on(draft, section.name)
            ],
        }
        for section in sections.sections(draft)
    ]


@editor
@require_POST
def settle(request: HttpRequest, key: UUID, index: int) -> HttpResponse:
    """Tick a note of the import, or take the tick away."""
    draft = draft_of(key)
    actions.settle_finding(draft, person_of(request), index, settled=request.POST.get("xong") == "1")
    return redirect(f"{reverse('editor_draft', args=[draft.key])}#can-nguoi-xem")


@editor
@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put back what the person's last save replaced."""
    draft = draft_of(key)
    if not saving.can_undo(request, draft):
        messages.info(request, _("There is nothing left to undo: the draft was saved again since."))
    else:
        saving.undo(request, draft)
        messages.success(request, _("Undone: the draft is as it was before your last save."))
    back = request.POST.get("ve", "")
    names = {*sections.TITLES, "editor_draft"}
    return redirect(reverse(back if back in names else "editor_draft", args=[draft.key]))


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the draft up, after asking."""
    draft = draft_of(key)
    if request.method == "POST":
        actions.discard(draft, person_of(request))
        messages.success(request, _("The draft of %(code)s was discarded. It can be taken up again.") % {"code": draft.code})
        return redirect("editor_procedure", code=draft.code)
    return show(request, draft, "editor/discard.html", {})


@editor
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a proposed or discarded draft back for editing."""
    draft = draft_of(key)
    actions.reopen(draft, person_of(request))
    messages.success(request, _("The draft can be edited again."))
    return redirect("editor_draft", key=draft.key)


@editor
@require_safe
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """The draft as one file, which this or another installation imports."""
    draft = draft_of(key)
    return as_file(package.pack(draft.content), draft.code, f"nhap-{draft.revision}")


@editor
@require_safe
def export_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A published version as one file."""
    content = catalogue.content_of(version_of(code, number))
    return as_file(package.pack(content), code, f"phien-ban-{number}")


def as_file(packed: Any, code: str, what: str) -> HttpResponse:
    """A package to be kept."""
    body = json.dumps(packed, ensure_ascii=False, indent=1)
    name = f"thu-tuc-{code}-{what}.json"
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@editor
@require_safe
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything that is wrong, by section; proposing, or agreeing to what another proposed."""
    return _check_page(request, draft_of(key))


def _check_page(
    request: HttpRequest,
    draft: VersionDraft,
    *,
    propose_form: ProposeForm | None = None,
    back_form: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    found = sections.findings(draft)
    involved = {draft.proposed_by_id, draft.saved_by_id}
    others = [one for one in queries.editors() if one.pk not in (involved if draft.state == State.PROPOSED else {person.pk})]
    context: dict[str, Any] = {
        "groups": _grouped(draft),
        "stopping": sum(not problem.warning for problem in found),
        "warnings": sum(problem.warning for problem in found),
        "propose_form": propose_form or ProposeForm(initial={"note": draft.note, "starts_on": draft.starts_on}),
        "back_form": back_form or SendBackForm(),
        "mine": person.pk in involved,
        "others": others,
        "unseen": sum(not note.get("settled") for note in draft.findings),
    }
    if draft.state == State.PROPOSED:
        context["changes"] = _since_published(draft)
    return show(request, draft, "editor/check.html", context, status=status)


def _since_published(draft: VersionDraft) -> list[Change] | None:
    """What differs from the version in force; None for a procedure that has none."""
    procedure = queries.procedure(draft.code)
    if procedure is None or procedure.current is None:
        return None
    return differences(catalogue.content_of(procedure.current), draft.content)


@editor
@require_POST
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Hand the draft to a second person."""
    draft = draft_of(key)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _check_page(request, draft, propose_form=form)
    try:
        actions.propose(
            draft, person_of(request), form.cleaned_data["note"], form.cleaned_data["starts_on"], revision=revision_of(request)
        )
    except actions.Unpublishable:
        messages.error(request, _("The draft still has points that stop publishing. They are listed below."))
        return _check_page(request, draft_of(key), propose_form=form)
    except Refused as refused:
        told(request, refused, form)
        return _check_page(request, draft_of(key), propose_form=form, status=409 if refused.code == "draft.stale" else 200)
    messages.success(request, _("Handed to a second person. Nobody changes the draft until they have answered."))
    return redirect("editor_check", key=draft.key)


@editor
@require_POST
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish what another person proposed."""
    draft = draft_of(key)
    try:
        version = actions.approve(draft, person_of(request), revision=revision_of(request))
    except actions.Unpublishable:
        messages.error(request, _("The draft has points that stop publishing now. They are listed below."))
        return _check_page(request, draft_of(key))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("editor_check", key=draft.key)
    if version.starts_on and version.starts_on > clock.today():
        text = _("Version %(number)d is published and applies from %(day)s.")
        messages.success(request, text % {"number": version.number, "day": f"{version.starts_on:%d/%m/%Y}"})
    else:
        messages.success(request, _("Version %(number)d is published and applies from now on.") % {"number": version.number})
    return redirect("editor_procedure", code=draft.code)


@editor
@require_POST
def send_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Do not agree, and say why."""
    draft = draft_of(key)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _check_page(request, draft, back_form=form)
    try:
        actions.send_back(draft, person_of(request), form.cleaned_data["answer"], revision=revision_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("editor_check", key=draft.key)
    messages.success(request, _("Sent back with what has to be put right."))
    return redirect("editor")


@editor
@require_safe
def changes(request: HttpRequest, key: UUID) -> HttpResponse:
    """What differs between the draft and a version, by default the one in force."""
    draft = draft_of(key)
    versions = catalogue.versions_of(draft.code)
    procedure = queries.procedure(draft.code)
    in_force = procedure.current_id if procedure else None
    asked = request.GET.get("tu", "")
    base = next((one for one in versions if str(one.number) == asked), None) or next(
        (one for one in versions if one.pk == in_force), None
    )
    found = differences(catalogue.content_of(base), draft.content) if base else None
    return show(
        request, draft, "editor/changes.html", {"versions": versions, "base": base, "changes": found, "in_force": in_force}
    )


@editor
@require_safe
def as_seen(request: HttpRequest, key: UUID) -> HttpResponse:
    """The procedure's page as people would see it if the draft were published today."""
    draft = draft_of(key)
    context = preview_of(draft.content)
    if context is None:
        return show(request, draft, "editor/no_preview.html", {"groups": _grouped(draft)})
    return render(request, "editor/as_seen.html", {**context, "draft": draft})
