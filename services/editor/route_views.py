"""The route of a draft: its steps as a list and as a picture, the settings of one, the hours against the limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.kit.refusal import Refused
from services.catalogue.models import Version, VersionDraft
from services.catalogue.shapes import KINDS, LIMIT_UNITS, Problem, limit_hours
from services.editor import form_editing, route_picture, saving, sections
from services.editor import route_editing as editing
from services.editor import route_queries as queries
from services.editor.asking import questions
from services.editor.building import conflict_of, print_of, revision_for
from services.editor.condition_form import ConditionForm
from services.editor.condition_words import condition_text
from services.editor.form_editing import Impossible
from services.editor.own_questions import questions_of, rows_of
from services.editor.pages import draft_of, editor, revision_of, show
from services.editor.route_editing import Edited, Route
from services.editor.route_forms import STEP_KINDS, StepForm
from services.editor.route_picture import StepWords
from services.editor.route_queries import Offices, Staffing
from services.forms.definition import Definition

CLOSE = Decimal("0.9")
"""Of the limit: from there on the hours are called tight."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the list shows it."""

    index: int
    key: str
    number: str
    title: str
    kind: str
    office: str
    hours: str
    people: str
    nobody: bool
    condition: str
    problems: list[Problem]
    beside: bool
    chosen: bool
    first: bool
    last: bool
    mark: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """One statutory limit against the hours of the steps."""

    label: str
    allowed: str
    tone: str
    words: str
    share: str


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def route(request: HttpRequest, key: UUID) -> HttpResponse:
    """The route editor. Every button sends the page, which comes back at the step it was about."""
    draft = draft_of(key)
    kept = _route_of(draft)
    if request.method == "POST":
        return _post(request, draft, kept)
    asked = request.GET.get("o", "")
    index = _index(kept, asked)
    context: dict[str, Any] = {"fresh": request.GET.get("moi", "")}
    if "them" in request.GET:
        context |= {"adding": _index(kept, request.GET["them"]), "kinds": _kinds()}
    elif "mau" in request.GET:
        context |= _templates(request, draft)
    elif index is not None:
        context |= _chosen(draft, kept, index)
    return _page(request, draft, kept, context)


def _route_of(draft: VersionDraft) -> Route:
    found = draft.content.get("route")
    return [step for step in found if isinstance(step, dict)] if isinstance(found, list) else []


def _index(kept: Route, text: str) -> int | None:
    """The step an address names: by its number, or `route.tham-dinh.when` as findings have it."""
    name = text.removeprefix("route.")
    if name.isascii() and name.isdigit() and len(name) < 4:
        return int(name) if int(name) < len(kept) else None
    stem = name.partition(".")[0]
    return next((n for n, step in enumerate(kept) if stem and step.get("key") == stem), None)


def _kinds() -> list[tuple[str, Any]]:
    return [(kind, STEP_KINDS.get(kind, kind)) for kind in KINDS]


def _definition(draft: VersionDraft) -> Definition | None:
    form = draft.content.get("form")
    return form_editing.mended(form).definition if isinstance(form, dict) and form_editing.well_shaped(form) else None


# What is shown


def _chosen(draft: VersionDraft, kept: Route, index: int, data: Any = None, button: str = "") -> dict[str, Any]:
    """The settings of a step: as kept, or with `data` as typed."""
    step = editing.step_at(kept, index)
    definition = _definition(draft)
    known = questions(definition)
    choices = [(one.key, one.label.said()) for one in definition.fields() if one.kind == "choice"] if definition else []
    taken = frozenset(str(one.get("key")) for n, one in enumerate(kept) if n != index)
    form = StepForm(
        step,
        data,
        functions=queries.functions(),
        offices=queries.fixed_offices(editing.office_choice(step.get("office")).code),
        questions=known,
        choices=choices,
        taken=taken,
    )
    condition = ConditionForm.of(step.get("when"), known) if data is None else ConditionForm.typed(data, known, button)
    return {
        "form": form,
        "condition": condition,
        "own": rows_of(step, data),
        "step": step,
        "index": index,
        "print": print_of(step),
        "said": condition_text(step.get("when"), definition),
        "alone": step.get("kind") in editing.ALONE,
        "has_beside": any(index in block and len(block) > 1 for block in editing.blocks(kept)),
    }


def _templates(request: HttpRequest, draft: VersionDraft) -> dict[str, Any]:
    """Model workflows to take steps from."""
    text = request.GET.get("mau", "")[:120]
    chosen = request.GET.get("xem", "")
    template = queries.template(int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 15 else None
    return {
        "templates": queries.templates(draft.code, text),
        "template": template,
        "template_text": text,
        "templates_of_code": not text,
    }


def _page(request: HttpRequest, draft: VersionDraft, kept: Route, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    found = sections.findings_on(draft, "editor_route")
    lines = _lines(draft, kept, found, context.get("index"))
    around = {
        "lines": lines,
        "blocks": [[lines[n] for n in block] for block in editing.blocks(kept)],
        "general": [problem for problem in found if _place(problem) is None or _index(kept, _place(problem) or "") is None],
        "limits": _limits(draft, kept),
        "total": _hours(editing.total_hours(kept)),
        "conditional": any(step.get("when") is not None for step in kept),
        **_pictures(kept, lines),
    }
    return show(request, draft, "editor/route.html", {**around, **context}, status=status)


def _place(problem: Problem) -> str | None:
    """The step a problem is about, as `route.<key>`."""
    head, _dot, rest = problem.place.partition(".")
    return f"{head}.{rest.split('.')[0]}" if rest else None


def _lines(draft: VersionDraft, kept: Route, found: list[Problem], chosen: int | None) -> list[StepLine]:
    definition = _definition(draft)
    offices = Offices(draft.content, definition)
    by_step: dict[int, list[Problem]] = {}
    for problem in found:
        place = _place(problem)
        at = _index(kept, place) if place else None
        if at is not None:
            by_step.setdefault(at, []).append(problem)
    lines = []
    parts = editing.blocks(kept)
    for n, block in enumerate(parts):
        for m, index in enumerate(block):
            step = kept[index]
            staffing = offices.staffing(step)
            key = str(step.get("key") or "")
            lines.append(
                StepLine(
                    index=index,
                    key=key,
                    number=f"{n + 1}{chr(97 + m)}" if len(block) > 1 else str(n + 1),
                    title=str(step.get("title") or key or _("without words")),
                    kind=str(STEP_KINDS.get(str(step.get("kind")), step.get("kind") or "?")),
                    office=staffing.name or _("no office yet"),
                    hours=_hours(editing.hours_of(step)),
                    people=_people(staffing),
                    nobody=staffing.people == 0 or staffing.idle > 0 or staffing.missing > 0,
                    condition=condition_text(step.get("when"), definition),
                    problems=by_step.get(index, []),
                    beside=len(block) > 1,
                    chosen=index == chosen,
                    first=n == 0 and len(block) == 1,
                    last=n == len(parts) - 1 and len(block) == 1,
                    mark=key
                    if key.replace("-", "").isalnum() and [one.get("key") for one in kept].count(key) == 1
                    else str(index),
                    alone=step.get("kind") in editing.ALONE,
                )
            )
    return lines


def _hours(value: Decimal | None) -> str:
    """`4 giờ`, `1,5 giờ`, or that it is not counted."""
    if value is None:
        return _("not counted")
    return _("%(hours)s hours") % {"hours": f"{value.normalize():f}".replace(".", ",")}


def _people(staffing: Staffing) -> str:
    """`5 người tại 4 nơi`."""
    if not staffing.offices:
        return _("no such office")
    people = ngettext("%(count)d person", "%(count)d people", staffing.people) % {"count": staffing.people}
    if staffing.offices == 1:
        return people if staffing.people else _("nobody can do it")
    places = ngettext("%(count)d office", "%(count)d offices", staffing.offices) % {"count": staffing.offices}
    text = _("%(people)s at %(places)s") % {"people": people, "places": places}
    gone = staffing.idle + staffing.missing
    if not gone:
        return text
    nobody = ngettext("nobody at %(count)d office", "nobody at %(count)d offices", gone) % {"count": gone}
    return f"{text}; {nobody}"


def _limits(draft: VersionDraft, kept: Route) -> list[Limit]:
    """Every limit of the version against the hours of its steps."""
    content = draft.content
    listed = [(_("Limit of the procedure"), content.get("limit_value"), content.get("limit_unit"))]
    circumstances = content.get("circumstances")
    for one in circumstances if isinstance(circumstances, list) else ():
        limit = one.get("limit") if isinstance(one, Mapping) else None
        if isinstance(limit, Mapping):
            listed.append((str(one.get("label") or one.get("key")), limit.get("value"), limit.get("unit")))
    taken = editing.total_hours(kept)
    found = []
    for label, value, unit in listed:
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0 or unit not in LIMIT_UNITS:
            continue
        allowed = limit_hours(value, str(unit)).quantize(Decimal("0.1"))
        tone = "over" if taken > allowed else "close" if taken > allowed * CLOSE else "fits"
        words = {
            "over": _("%(hours)s too many") % {"hours": _hours(taken - allowed)},
            "close": _("Tight: %(hours)s left") % {"hours": _hours(allowed - taken)},
            "fits": _("%(hours)s left") % {"hours": _hours(allowed - taken)},
        }
        limit_words = f"{value} {Version.LimitUnit(str(unit)).label}"
        share = f"{min(100, 100 * taken / allowed):.1f}"
        found.append(
            Limit(label, _("%(limit)s = %(hours)s") % {"limit": limit_words, "hours": _hours(allowed)}, tone, words[tone], share)
        )
    return found


def _pictures(kept: Route, lines: list[StepLine]) -> dict[str, Any]:
    """The route drawn across for wide pages and downwards for narrow ones."""
    words = [
        StepWords(
            key=line.key,
            number=_("Step %(number)s") % {"number": line.number},
            title=line.title,
            office=line.office,
            facts=f"{line.hours} · {line.people}",
            condition=_("Only when: %(condition)s") % {"condition": line.condition} if line.condition else "",
            problem=_("To be put right") if any(not problem.warning for problem in line.problems) else "",
        )
        for line in lines
    ]
    blocks = [[words[n] for n in block] for block in editing.blocks(kept)]
    if not blocks:
        return {}
    return {
        "picture_across": route_picture.across(blocks),
        "picture_down": route_picture.down(blocks),
        "picture_title": _("The route as a picture"),
        "picture_text": "; ".join(f"{line.number}. {line.title} ({line.office})" for line in lines),
    }


# What is done


def _address(draft: VersionDraft, kept: Route, index: int | None, fresh: bool = False) -> str:
    here = reverse("editor_route", args=[draft.key])
    if index is None or index >= len(kept):
        return here
    place = sections.anchor(f"route.{kept[index].get('key')}")
    return f"{here}?o={index}{'&moi=1' if fresh else ''}#{place}"


def _post(request: HttpRequest, draft: VersionDraft, kept: Route) -> HttpResponse:
    what, _colon, rest = request.POST.get("_do", "save").partition(":")
    try:
        if what in {"up", "down"} and rest:
            place, _colon, key = rest.partition(":")
            edited = editing.move(kept, _where(kept, place, key), -1 if what == "up" else 1)
            return _done(request, draft, edited, text=_moved(edited))
        if what == "add":
            return _add(request, draft, kept)
        if what == "take":
            return _take(request, draft, kept)
        return _settings(request, draft, kept, what, rest)
    except Impossible as impossible:
        messages.error(request, _(str(impossible)))
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        messages.error(request, refused.message)
    return redirect(_address(draft, kept, _index(kept, request.POST.get("o", ""))))


def _where(kept: Route, place: str, key: str) -> int:
    """Where the step with the key stands now. Raises Impossible."""
    index = _index(kept, place)
    if index is not None and str(kept[index].get("key") or "") == key:
        return index
    found = [n for n, step in enumerate(kept) if step.get("key") == key]
    if len(found) != 1:
        raise Impossible(form_editing.GONE)
    return found[0]


def _done(request: HttpRequest, draft: VersionDraft, edited: Edited, *, fresh: bool = False, text: str = "") -> HttpResponse:
    saving.save(request, draft, {"route": edited.route}, draft.revision)
    if text:
        messages.success(request, text)
    return redirect(_address(draft, edited.route, edited.index, fresh))


def _moved(edited: Edited) -> str:
    """Where a step now stands, for those who cannot see it move."""
    parts = editing.blocks(edited.route)
    number = next(n for n, block in enumerate(parts, 1) if edited.index in block)
    title = edited.route[edited.index].get("title") or ""
    return _("“%(title)s” is now at place %(number)d of %(total)d.") % {"title": title, "number": number, "total": len(parts)}


def _add(request: HttpRequest, draft: VersionDraft, kept: Route) -> HttpResponse:
    title, kind = request.POST.get("title", "").strip()[:300], request.POST.get("kind", "")
    after = _index(kept, request.POST.get("o", ""))
    if not title or kind not in KINDS:
        error = _("Enter what is done in the step") if not title else _("Choose the kind of step")
        problems = [{"message": error, "href": "#buoc-moi" if not title else "#loai-buoc"}]
        context = {"adding": after, "adding_now": True, "kinds": _kinds(), "typed": request.POST, "problems": problems}
        return _page(request, draft, kept, context)
    return _done(request, draft, editing.add(kept, kind, title, after), fresh=True)


def _take(request: HttpRequest, draft: VersionDraft, kept: Route) -> HttpResponse:
    """The steps of a model workflow in place of those of the draft."""
    pk = request.POST.get("template", "")
    template = queries.template(int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 15 else None
    steps = [step for step in template.steps if isinstance(step, dict)] if template else []
    if template is None or not steps:
        raise Impossible(form_editing.GONE)
    edited = editing.in_place_of(kept, steps)
    saving.save(request, draft, {"route": edited.route}, revision_of(request))
    text = ngettext("%(count)d step was taken from “%(name)s”.", "%(count)d steps were taken from “%(name)s”.", len(steps))
    taken = text % {"count": len(steps), "name": template.name}
    messages.success(request, taken + " " + _("“Undo” at the top brings it back."))
    return redirect("editor_route", key=draft.key)


def _settings(request: HttpRequest, draft: VersionDraft, kept: Route, what: str, rest: str) -> HttpResponse:
    """Keep the settings of the chosen step, then do what the button says with it."""
    index = _where(kept, request.POST.get("o", ""), request.POST.get("was", ""))
    if what == "remove":
        title = str(kept[index].get("title") or "")
        text = _("Removed: %(title)s.") % {"title": title} + " " + _("“Undo” at the top brings it back.")
        return _done(request, draft, editing.remove(kept, index), text=text)
    step = kept[index]
    context = _chosen(draft, kept, index, request.POST, rest if what == "dk" else "")
    form: StepForm = context["form"]
    condition: ConditionForm = context["condition"]
    when = condition.condition()
    own = context["own"]
    if condition.rearranged or not form.is_valid() or condition.error or (own.is_bound and not own.is_valid()):
        context |= {"print": request.POST.get("print", ""), "drawn_from": revision_of(request)}
        if condition.rearranged:
            form.errors.clear()
        return _page(request, draft, kept, context)
    edited = editing.change(kept, index, {**form.settings(), "when": when, "fields": questions_of(step, own)})
    try:
        after = _operate(edited, what)
        saving.save(request, draft, {"route": after.route}, revision_for(request, draft, step))
    except Refused as refused:
        if refused.code not in saving.CONFLICTS:
            raise
        context |= conflict_of(request, draft, {"route": edited.route}, ("route",), refused)
        return _page(request, draft, kept, context, status=409)
    messages.success(request, _moved(after) if what in {"up", "down", "beside", "apart"} else _("Saved."))
    go = _index(after.route, request.POST.get("_go", ""))
    return redirect(_address(draft, after.route, go if what == "save" and go is not None else after.index, fresh=what == "copy"))


def _operate(edited: Edited, what: str) -> Edited:
    """What a button asks for besides saving. Raises Impossible."""
    route, index = edited.route, edited.index
    if what in {"up", "down"}:
        return editing.move(route, index, -1 if what == "up" else 1)
    if what == "copy":
        return editing.duplicate(route, index)
    if what == "beside":
        return editing.beside(route, index)
    if what == "apart":
        return editing.apart(route, index)
    return edited
