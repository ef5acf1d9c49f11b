"""One page of the form as residents see it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.access import framed
from services.editor import form_editing as editing
from services.editor.asking import questions
from services.editor.condition_words import condition_text
from services.editor.form_page import written
from services.editor.pages import draft_of, editor
from services.forms.build import form_class
from services.forms.conditions import variables
from services.forms.definition import Definition


@editor
@framed
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, key: UUID, index: int) -> HttpResponse:
    """One page of the form as residents see it. It can be filled in and checked; nothing is kept."""
    draft = draft_of(key)
    kept = draft.content.get("form")
    if not isinstance(kept, dict) or not editing.well_shaped(kept):
        raise Http404
    mended = editing.mended(kept)
    if mended.definition is None or index not in mended.pages:
        return render(request, "editor/form_preview.html", {"draft": draft, "page": None})
    definition, page_key = mended.definition, mended.pages[index]
    supposed = _supposed(request, definition, page_key)
    answers = {one["key"]: one["answer"] for one in supposed if one["answer"] is not None}
    made = form_class(definition, page_key, answers)
    shown = made(request.POST) if request.method == "POST" else made()
    context = {
        "draft": draft,
        "page": definition.page(page_key),
        "form": shown,
        "complete": request.method == "POST" and shown.is_valid(),
        "supposed": supposed,
        "left_out": sum(path[0] == index and len(path) > 1 for path in mended.left_out),
        "when": condition_text(definition.page(page_key).when, definition),
        "query": request.GET.urlencode(),
    }
    return render(request, "editor/form_preview.html", context)


def _supposed(request: HttpRequest, definition: Definition, page_key: str) -> list[dict[str, Any]]:
    """Questions of other pages that decide what is asked on this one, with the answer supposed: one that shows the most."""
    page = definition.page(page_key)
    own = {one.key for one in page.fields}
    conditions = [page.when, *(inner.when for one in page.fields for inner in (one, *one.fields))]
    names = [name for condition in conditions for name in variables(condition)]
    known = questions(definition)
    found = []
    for name in dict.fromkeys(names):
        question = known.get(name)
        if question is None or name.partition(".")[0] in own or "." in name:
            continue
        yes_no = question.operand.type == "yes_no"
        choices = [("yes", _("Yes")), ("no", _("No"))] if yes_no else list(question.choices)
        if not choices:
            continue
        asked = request.GET.get(name, "")
        value = asked if asked in dict(choices) else _usual(conditions, name, choices)
        answer: Any = value == "yes" if yes_no else [value] if question.operand.type == "many" else value
        found.append({"key": name, "label": question.label, "choices": choices, "value": value, "answer": answer})
    return found


def _usual(conditions: list[Any], name: str, choices: list[tuple[str, str]]) -> str:
    """The first answer that a condition of the page asks for."""
    text = " ".join(written(condition) for condition in conditions if name in set(variables(condition)))
    wanted = [value for value, _label in choices if f'"{value}"' in text or (value == "yes" and "true" in text)]
    return wanted[0] if wanted else choices[0][0]
