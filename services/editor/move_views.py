"""Moving the open cases of a procedure to another version: choose, look, confirm, follow, undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases import actions
from services.cases.models import CaseMove
from services.cases.moving_wording import finding_text
from services.cases.queries import moves
from services.cases.queries.moves import Preview
from services.catalogue.models import Version
from services.editor.move_forms import MoveChoice, MoveForm, UndoForm
from services.editor.pages import editor, told
from services.editor.procedure_views import procedure_of


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Which cases would be moved and which would stay, and why; then the decision."""
    found = procedure_of(code)
    sources, targets = moves.versions_with_open_cases(found), moves.targets(found)
    numbers = {version.number: version for version in targets} | {version.number: version for version, _count in sources}
    asked = {"tu": request.GET.get("tu") or _oldest(sources), "den": request.GET.get("den") or _in_force(found.current)}
    choice = MoveChoice(asked, sources=sources, targets=targets)
    form = MoveForm(request.POST or None)
    old, new = _chosen(choice, numbers)
    if old is not None and old == new and "tu" in request.GET:
        choice.add_error("den", _("Choose two different versions of this procedure."))
    if request.method == "POST" and form.is_valid() and old is not None and new is not None:
        try:
            begun = actions.start_move(person_of(request), old, new, form.cleaned_data["reason"])
        except Refused as refused:
            told(request, refused, form)
        else:
            return redirect("editor_move_state", code=code, key=begun.key)
    context = {
        "procedure": found,
        "sources": sources,
        "choice": choice,
        "form": form,
        "old": old,
        "new": new,
        "preview": _shown(moves.preview(old, new)) if old is not None and new is not None and old != new else None,
        "earlier": moves.moves_of(found),
    }
    return render(request, "editor/move.html", context)


def _oldest(sources: list[Any]) -> int | None:
    return sources[-1][0].number if sources else None


def _in_force(version: Version | None) -> int | None:
    return version.number if version else None


def _chosen(choice: MoveChoice, numbers: dict[int, Version]) -> tuple[Version | None, Version | None]:
    if not choice.is_valid():
        return None, None
    return numbers[choice.cleaned_data["tu"]], numbers[choice.cleaned_data["den"]]


def _shown(preview: Preview) -> dict[str, Any]:
    """The preview in words."""
    return {
        "total": preview.total,
        "whole": preview.whole,
        "examined": preview.examined,
        "fitting": preview.fitting,
        "staying": preview.staying,
        "reasons": [(finding_text(finding), count) for finding, count in preview.reasons],
        "notes": [(finding_text(finding), count) for finding, count in preview.notes],
        "rows": [
            {"case": one.case, "steps": one.steps, "reasons": [finding_text(finding) for finding in one.reasons]}
            for one in preview.listed
        ],
    }


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def move_state(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """How far a move has come, and undoing it. The page asks for itself again while a worker is busy."""
    try:
        found = moves.move(key)
    except CaseMove.DoesNotExist:
        raise Http404 from None
    if found.to_version.procedure.code != code:
        raise Http404
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo_move(found, person_of(request), form.cleaned_data["reason"])
        except Refused as refused:
            told(request, refused, form)
        else:
            messages.success(request, _("The cases are being brought back."))
            return redirect("editor_move_state", code=code, key=key)
    context = {
        "move": found,
        "code": code,
        "form": form,
        "busy": found.state in (CaseMove.State.WAITING, CaseMove.State.UNDOING),
        "may_undo": found.state == CaseMove.State.DONE and found.moved > 0,
        "stayed": found.moved - found.moved_back,
    }
    return render(request, "editor/move_state.html", context)
