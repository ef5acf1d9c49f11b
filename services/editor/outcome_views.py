"""The outcome of a draft: its template with placeholders, and how it reads in a case made up for the purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from identity.offices.models import Office
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue.difference_wording import VALUE_NAMES
from services.catalogue.models import Version, VersionDraft
from services.catalogue.queries import agencies_for
from services.catalogue.shapes import FILLED_BY_CASE, LAYOUTS, Problem, step_placeholders
from services.editor import form_editing, saving, sections
from services.editor import outcome_editing as editing
from services.editor.building import conflict_of, print_of, revision_for
from services.editor.kind_words import kind_words
from services.editor.outcome_editing import Piece, Unknown
from services.editor.pages import draft_of, editor, revision_of, show
from services.forms import sample
from services.forms.definition import Definition
from services.forms.readout import placeholders, texts

CASE_WORDS: Mapping[str, str | Promise] = {
    "case_number": gettext_lazy("Case number"),
    "subject_name": gettext_lazy("Whom or what the case is about"),
    "agency_name": gettext_lazy("Agency that decides"),
    "procedure_name": gettext_lazy("Name of the procedure"),
    "today": gettext_lazy("Day of the outcome"),
}
LONGEST = 60_000
"""Letters of a text of a template."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Something a template may name: how, what it is, and what stands there in the sample case."""

    name: str
    label: str
    kind: str
    example: str

    @property
    def written(self) -> str:
        """As it stands in the template."""
        return f"{{{self.name}}}"


def _placed(rows: int) -> forms.Textarea:
    """A box for text with placeholders."""
    return forms.Textarea({"mc-rows": rows, "mc-count": False, "data-mc-placed": True})


class OutcomeForm(forms.Form):
    """The template but its rows."""

    mark_optional = False
    use_required_attribute = False

    title = forms.CharField(
        label=gettext_lazy("Kind of document"),
        help_text=gettext_lazy("In capitals, such as: GIẤY PHÉP XÂY DỰNG"),
        required=False,
        max_length=200,
    )
    summary = forms.CharField(label=gettext_lazy("What it is about"), required=False, max_length=2000, widget=_placed(2))
    symbol = forms.CharField(
        label=gettext_lazy("Abbreviation in its number"),
        help_text=gettext_lazy("Stands before that of the agency: GPXD gives 01/GPXD-UBND."),
        required=False,
        max_length=40,
        widget=forms.TextInput({"mc-width": 10}),
    )
    layout = forms.ChoiceField(
        label=gettext_lazy("Layout"),
        choices=[(layout, VALUE_NAMES["layout"].get(layout, layout)) for layout in LAYOUTS],
        widget=forms.RadioSelect({"mc-inline": True, "mc-small": True}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        help_text=gettext_lazy("One per line, as it is to stand: Căn cứ …;"),
        required=False,
        max_length=LONGEST,
        widget=_placed(6),
    )
    paragraphs = forms.CharField(
        label=gettext_lazy("Paragraphs before the rows"),
        help_text=gettext_lazy("An empty line begins a new paragraph. In a decision they come before “Quyết định”."),
        required=False,
        max_length=LONGEST,
        widget=_placed(6),
    )
    articles = forms.CharField(
        label=gettext_lazy("Articles, or paragraphs after the rows"),
        help_text=gettext_lazy("An empty line begins a new one. A decision numbers them: Điều 1, Điều 2…"),
        required=False,
        max_length=LONGEST,
        widget=_placed(8),
    )
    recipients = forms.CharField(
        label=gettext_lazy("Recipients"),
        help_text=gettext_lazy("One per line, without dash."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"mc-rows": 3, "mc-count": False}),
    )

    def __init__(self, outcome: Mapping[str, Any], data: Any = None) -> None:
        initial = {name: outcome.get(name, "") for name in ("title", "summary", "symbol")}
        initial["layout"] = outcome.get("layout", "certificate")
        super().__init__(data, initial=initial | {part: editing.written(part, outcome.get(part)) for part in editing.LISTS})

    def template(self) -> dict[str, Any]:
        """What was typed, as a version holds it. After is_valid()."""
        cleaned = self.cleaned_data
        made = {name: cleaned[name].strip() for name in ("title", "summary", "symbol")}
        return {**made, "layout": cleaned["layout"], **{part: editing.read(part, cleaned[part]) for part in editing.LISTS}}


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, key: UUID) -> HttpResponse:
    """The template of the outcome, its placeholders, and how it reads."""
    draft = draft_of(key)
    kept = _outcome_of(draft)
    if request.method != "POST":
        return _page(request, draft, OutcomeForm(kept), editing.rows_of(kept.get("rows")), {})
    form = OutcomeForm(kept, request.POST)
    rows = _typed_rows(request)
    what, _colon, rest = request.POST.get("_do", "save").partition(":")
    if what == "rows":
        done, _colon, at = rest.partition(":")
        rows, fresh = editing.rearranged(rows, done, int(at) if at.isascii() and at.isdigit() and len(at) < 4 else -1)
        form.is_valid()
        form.errors.clear()
        return _page(request, draft, form, rows, {"fresh": fresh, "did": done, **_as_drawn(request)})
    if not form.is_valid():
        return _page(request, draft, form, rows, _as_drawn(request))
    template = {**form.template(), "rows": [[label, text] for label, text in rows if label or text]}
    made = editing.changed(kept, template)
    try:
        saving.save(request, draft, {"outcome": made}, revision_for(request, draft, kept))
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        context = conflict_of(request, draft, {"outcome": made}, ("outcome",), refused)
        return _page(request, draft, form, rows, context, status=409)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('editor_outcome', args=[draft.key])}#xem-truoc")


def _outcome_of(draft: VersionDraft) -> dict[str, Any]:
    found = draft.content.get("outcome")
    return found if isinstance(found, dict) else {}


def _as_drawn(request: HttpRequest) -> dict[str, Any]:
    return {"print": request.POST.get("print", ""), "drawn_from": revision_of(request)}


def _typed_rows(request: HttpRequest) -> list[tuple[str, str]]:
    count = request.POST.get("rows-count", "")
    most = min(int(count), editing.MOST_ROWS) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return [
        (request.POST.get(f"rows-{n}-label", "").strip(), request.POST.get(f"rows-{n}-text", "").strip()) for n in range(most)
    ]


# What is shown


def _page(
    request: HttpRequest,
    draft: VersionDraft,
    form: OutcomeForm,
    rows: list[tuple[str, str]],
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    kept = _outcome_of(draft)
    definition = _definition(draft)
    values = _sample(draft, definition)
    known = _known(definition, values, step_placeholders(draft.content.get("route")))
    names = {one.name for _page_title, listed in known for one in listed}
    found = sections.findings_on(draft, "editor_outcome")
    typed = form.template() if form.is_bound and not form.errors and hasattr(form, "cleaned_data") else kept
    around = {
        "form": form,
        "rows": [
            {"number": n, "label": label, "text": text, "unknown": editing.unknown(text, names)}
            for n, (label, text) in enumerate(rows)
        ],
        "print": print_of(kept),
        "placeholders": known,
        "names": " ".join(sorted(names)),
        "anchors": {part: range(len(editing.texts_of(typed.get(part)))) for part in editing.LISTS},
        "unknown": _unknown(form, typed, names),
        "found": [problem for problem in found if not _is_source(problem)],
        "maybe": [problem for problem in found if _is_source(problem) and problem.warning],
        "paper": _paper(draft, {**kept, **typed, "rows": [list(row) for row in rows]}, values),
    }
    return show(request, draft, "editor/outcome.html", {**around, **context}, status=status)


def _is_source(problem: Problem) -> bool:
    """Whether it is about a placeholder: those are shown at their texts."""
    return "name" in problem.values


def _definition(draft: VersionDraft) -> Definition | None:
    form = draft.content.get("form")
    return form_editing.mended(form).definition if isinstance(form, dict) and form_editing.well_shaped(form) else None


def _unknown(form: OutcomeForm, typed: Mapping[str, Any], names: set[str]) -> dict[str, list[Unknown]]:
    """Placeholders that nothing fills, by the field they stand in."""
    found = {}
    for part in ("summary", "basis", "paragraphs", "articles"):
        value = typed.get(part)
        text = editing.written(part, value) if isinstance(value, list) else str(value or "")
        if wrong := editing.unknown(text, names):
            found[part] = wrong
    return found


def _known(
    definition: Definition | None, values: Mapping[str, str], steps: Mapping[str, str]
) -> list[tuple[str, list[Placeholder]]]:
    """Everything a template may name, by page of the form; first what every case has, last what offices note down in `steps`."""
    day = _("date, such as 05/03/2026")
    case = [
        Placeholder(name, str(CASE_WORDS.get(name, name)), day if name == "today" else _("text"), values.get(name, ""))
        for name in sorted(FILLED_BY_CASE, key=list(CASE_WORDS).index)
    ]
    found = [(_("Of every case"), case)]
    if definition is None:
        return found
    labels = placeholders(definition)
    for page in definition.pages:
        listed = []
        for one in page.fields:
            kind = str(kind_words(one.kind).name)
            mine = [
                name for name in labels if name == one.key or (name.startswith(f"{one.key}_") and not _is_key(definition, name))
            ]
            listed += [Placeholder(name, labels[name], kind, values.get(name, "")) for name in mine]
        if listed:
            found.append((page.title.said(), listed))
    if steps:
        noted = [Placeholder(name, label, _("text"), values.get(name, "")) for name, label in steps.items()]
        found.append((_("Noted down by the offices"), noted))
    return found


def _is_key(definition: Definition, name: str) -> bool:
    try:
        definition.field(name)
    except KeyError:
        return False
    return True


def _sample(draft: VersionDraft, definition: Definition | None) -> dict[str, str]:
    """What the placeholders stand for in a case made up for the purpose."""
    today = clock.today()
    agency = _agency(draft)
    with override("vi"):
        values = texts(definition, sample.answers(definition, today)) if definition else {}
        subject = definition.subject(sample.answers(definition, today)) if definition else ""
    return {
        **values,
        "case_number": f"{agency.code if agency else 'H29.01'}-{today:%y%m%d}-0001",
        "subject_name": subject or "Nguyễn Văn An",
        "agency_name": agency.name if agency else "",
        "procedure_name": str(draft.content.get("name") or ""),
        "today": f"{today:%d/%m/%Y}",
    }


def _agency(draft: VersionDraft) -> Office | None:
    """Some agency that decides."""
    function = draft.content.get("agency_function")
    return agencies_for(Version(agency_function=function if isinstance(function, str) else "")).first()


def _paper(draft: VersionDraft, outcome: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The outcome as it reads, in pieces, so that what comes from the case can be marked."""
    agency = _agency(draft)
    topmost = agency is None or agency.kind in (Office.Kind.CITY, Office.Kind.WARD) or agency.parent is None
    parent = None if topmost or agency is None else agency.parent
    symbol = str(outcome.get("symbol") or "…")

    def listed(part: str) -> list[list[Piece]]:
        return [editing.pieces(text, values) for text in editing.texts_of(outcome.get(part))]

    return {
        "parent_agency": (parent.issuing_name or parent.name) if parent else "",
        "agency": (agency.issuing_name or agency.name) if agency else "",
        "place": (agency.place if agency else "") or settings.PORTAL_PLACE,
        "number": f"…/{symbol}-{agency.symbol}" if agency and agency.symbol else f"…/{symbol}",
        "is_decision": outcome.get("layout") == "decision",
        "title": outcome.get("title") or "",
        "summary": editing.pieces(str(outcome.get("summary") or ""), values),
        "basis": listed("basis"),
        "paragraphs": listed("paragraphs"),
        "articles": listed("articles"),
        "rows": [(label, editing.pieces(text, values)) for label, text in editing.rows_of(outcome.get("rows")) if label or text],
        "recipients": editing.texts_of(outcome.get("recipients")),
    }
