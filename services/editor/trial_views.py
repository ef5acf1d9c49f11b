"""Trial runs of a draft: choose, send a test case through the route, read where it went and where it stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from identity.offices.powers import Power
from identity.offices.wording import POWER_NAMES
from identity.people.access import person_of
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, trying
from services.cases.models import TrialRun
from services.cases.queries import trials
from services.cases.trial_wording import failure_lines, failure_text, failure_title
from services.cases.wording import TITLES
from services.catalogue.models import VersionDraft
from services.editor.condition_words import condition_text
from services.editor.pages import draft_of, editor, show, told
from services.editor.trial_forms import TrialForm
from services.forms.definition import Definition, InvalidDefinition, parse
from services.forms.readout import display

SHOWN = 10


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose what to try, and start it; earlier runs below."""
    draft = draft_of(key)
    form = _form(request, draft)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = actions.ask_for_trial(
                person_of(request), draft, given["agency"], form.circumstance_chosen, form.answers, every="every" in request.POST
            )
        except Refused as refused:
            told(request, refused, form)
        else:
            return redirect("editor_trial_report", key=key, run=run.key)
    open_draft = draft.state in (VersionDraft.State.EDITING, VersionDraft.State.PROPOSED)
    context = {
        "form": form,
        "may_try": open_draft and form.fields["agency"].queryset.exists(),  # type: ignore[attr-defined]
        "open_draft": open_draft,
        "runs": trials.trials_of(draft, SHOWN),
    }
    return show(request, draft, "editor/trial.html", context)


def _form(request: HttpRequest, draft: VersionDraft) -> TrialForm:
    content = draft.content
    agencies = trials.agencies_of(content)
    definition, route = _definition(draft), content.get("route") or []
    asked, sample = [], {}
    if definition is not None:
        first = agencies.first()
        sample = dict(trying.filled(definition, clock.today(), first.ward_code if first else "")({}))
        deciding = trying.deciding(route, definition)
        asked = [*deciding, *(one for one in trying.placing(route, definition) if one not in deciding)]
    return TrialForm(
        request.POST or None,
        agencies=agencies,
        circumstances=content.get("circumstances") or [],
        asked=asked,
        sample=sample,
        wards=list(trials.wards()) if asked else [],
    )


def _definition(draft: VersionDraft) -> Definition | None:
    try:
        return parse(draft.content.get("form") or {})
    except InvalidDefinition:
        return None


# The report


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the picture."""

    number: int
    title: str
    state: str
    office: str
    agency: str
    power: str | Promise
    people: int | None
    posts: list[str]
    hours: str
    opened_at: datetime | None
    due_at: datetime | None
    condition: str
    failure: str


@editor
@require_safe
def trial_report(request: HttpRequest, key: UUID, run: UUID) -> HttpResponse:
    """What a run found; asks for itself again while it is under way."""
    draft = draft_of(key)
    try:
        found = trials.trial(run)
    except TrialRun.DoesNotExist:
        raise Http404 from None
    if found.draft_id != draft.pk:
        raise Http404
    report, definition = found.report, _definition(draft)
    walked = [_walk(one, definition, number) for number, one in enumerate(report.get("runs", ()), 1)]
    context = {
        "run": found,
        "busy": found.state in trials.UNFINISHED,
        "every": bool(report.get("every")),
        "planned": report.get("planned", 0),
        "walks": walked,
        "passed": sum(walk["passed"] for walk in walked),
        "broken": _failure(report.get("failure")),
    }
    return show(request, draft, "editor/trial_report.html", context)


def _walk(report: Mapping[str, Any], definition: Definition | None, number: int) -> dict[str, Any]:
    """One walk in words."""
    failure = _failure(report.get("failure"))
    stopped = (report.get("failure") or {}).get("step", "")
    steps = [
        _step(step, definition, at, failure if step["key"] == stopped else None) for at, step in enumerate(report["steps"], 1)
    ]
    groups = [step.get("group") or f"#{at}" for at, step in enumerate(report["steps"])]
    blocks = [
        [step for _group, step in part] for _group, part in groupby(zip(groups, steps, strict=True), key=lambda pair: pair[0])
    ]
    return {
        "number": number,
        "passed": report["passed"],
        "failure": failure,
        "failed_step": next((step.title for step in steps if step.failure), ""),
        "blocks": blocks,
        "taken": sum(step.state == "done" for step in steps),
        "skipped": sum(step.state == "skipped" for step in steps),
        "offices": len({step.office for step in steps if step.office}),
        "deciding": _deciding(report.get("deciding") or {}, definition),
        "mark": report.get("mark", ""),
        "agency": report.get("agency", ""),
        "circumstance": report.get("circumstance", ""),
        "limit": report.get("limit", ""),
        "papers": report.get("papers", ()),
        "filed_at": _moment(report.get("filed_at")),
        "accepted_at": _moment(report.get("accepted_at")),
        "due_at": _moment(report.get("due_at")),
        "ends_at": _moment(report.get("ends_at")),
        "spare": report.get("spare_minutes"),
        "fees": report["fees"],
        "messages": report["messages"],
        "events": [{"title": TITLES.get(event["action"], event["action"]), "step": event["step"]} for event in report["events"]],
        "outcome": next((one["data"] for one in report["documents"] if one["kind"] == "outcome"), None),
        "receipt": next((one["data"] for one in report["documents"] if one["kind"] == "receipt"), None),
    }


def _failure(failure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not failure:
        return None
    return {"title": failure_title(failure), "text": failure_text(failure), "lines": failure_lines(failure)}


def _step(step: Mapping[str, Any], definition: Definition | None, number: int, failure: Mapping[str, Any] | None) -> Step:
    return Step(
        number=number,
        title=step["title"],
        state=step["state"],
        office=step.get("office", ""),
        agency=step.get("agency", ""),
        power=POWER_NAMES[Power(step["power"])],
        people=step.get("people"),
        posts=step.get("posts", []),
        hours=str(step["hours"] or "").replace(".", ","),
        opened_at=_moment(step.get("opened_at")),
        due_at=_moment(step.get("due_at")),
        condition=condition_text(step.get("when"), definition),
        failure=failure["title"] if failure else "",
    )


def _deciding(answers: Mapping[str, Any], definition: Definition | None) -> list[tuple[str, str]]:
    """The answers that decided the way, as people read them."""
    said = []
    for key, value in answers.items():
        try:
            field = definition.field(key) if definition else None
        except KeyError:
            field = None
        if field is not None:
            said.append((field.label.said(), display(field, value)))
    return said


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
