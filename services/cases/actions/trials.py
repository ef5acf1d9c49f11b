"""Trials of a draft: asked for by an editor, run by a worker, kept as a report."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases import trying
from services.cases.actions.trial_walk import walk
from services.cases.models import TrialRun
from services.cases.queries.trials import GIVEN_UP, UNFINISHED, agencies_of
from services.catalogue.actions.editors import check_editor
from services.catalogue.models import VersionDraft
from services.forms.definition import InvalidDefinition, parse

TRIAL_TASK = "cases.try_draft"
MOST_ATTEMPTS = 3
State = TrialRun.State
log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_trial(
    by: Person, draft: VersionDraft, agency: Office, circumstance: str, answers: Mapping[str, Any], *, every: bool = False
) -> TrialRun:
    """Have a test case sent through the route of a draft as it is now, or one for every way the route has.

    `answers` are those that differ from the sample's. One trial of a draft at a time.
    """
    check_editor(by)
    draft = VersionDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state not in (VersionDraft.State.EDITING, VersionDraft.State.PROPOSED):
        raise Refused("trial.closed", _("This draft is closed: there is nothing to try out any more."))
    if TrialRun.objects.filter(draft=draft, state__in=UNFINISHED).exists():
        raise Refused("trial.running", _("A trial of this draft is running already. Its report opens when it is done."))
    known = {one.get("key") for one in draft.content.get("circumstances") or []}
    if circumstance not in (known or {""}):
        raise Refused("trial.circumstance", _("Choose one of the circumstances listed."), field="circumstance", status=422)
    if not agencies_of(draft.content).filter(pk=agency.pk).exists():
        raise Refused("trial.agency", _("Choose one of the agencies listed."), field="agency", status=422)
    run = TrialRun.objects.create(
        draft=draft,
        revision=draft.revision,
        agency=agency,
        circumstance=circumstance,
        answers=dict(answers),
        report={"every": every},
        asked_by=by,
    )
    after_commit(TRIAL_TASK, run.pk)
    return run


def try_draft(pk: int) -> bool:
    """Run a trial that waits. Returns whether this call did it; a repeat does nothing. Slow: never in a request."""
    run = _claimed(pk)
    if run is None:
        return False
    report: dict[str, Any] = {"every": bool(run.report.get("every")), "runs": []}
    try:
        for report in _reports(run):
            TrialRun.objects.filter(pk=pk, state=State.RUNNING, attempts=run.attempts).update(report=report)
        passed = bool(report["runs"]) and all(one["passed"] for one in report["runs"])
    except Exception as error:
        log.error("trial_broken", trial=str(run.key), attempt=run.attempts, error=type(error).__name__)
        if run.attempts < MOST_ATTEMPTS:
            TrialRun.objects.filter(pk=pk).update(state=State.WAITING)
            raise
        passed = False
        report = {**report, "runs": [], "failure": {"code": "broken", "step": "", "values": {"error": type(error).__name__}}}
    ended = TrialRun.objects.filter(pk=pk, state=State.RUNNING, attempts=run.attempts)
    return bool(ended.update(state=State.PASSED if passed else State.FAILED, report=report, finished_at=clock.now()))


def _claimed(pk: int) -> TrialRun | None:
    """The run, if it waits or its worker has died; from now on it is this worker's. It tries the draft as it is now."""
    with transaction.atomic():
        unfinished = TrialRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, state__in=UNFINISHED)
        run = unfinished.select_related("draft", "agency__parent").first()
        if run is None or (run.state == State.RUNNING and run.tried_at and clock.now() - run.tried_at < GIVEN_UP):
            return None
        run.state, run.attempts, run.tried_at, run.revision = State.RUNNING, run.attempts + 1, clock.now(), run.draft.revision
        run.save(update_fields=["state", "attempts", "tried_at", "revision"])
        return run


def _reports(run: TrialRun) -> Iterator[dict[str, Any]]:
    """The report as it grows, one walk after the other."""
    every, content = bool(run.report.get("every")), run.draft.content
    report: dict[str, Any] = {"every": every, "planned": 1, "runs": []}
    try:
        definition = parse(content.get("form") or {})
    except InvalidDefinition:
        # Publishing says what is wrong with it, and where.
        yield {**report, "runs": [walk(content, run.agency, run.circumstance, run.answers)]}
        return
    route = content.get("route") or []
    fill = trying.filled(definition, clock.today(), run.agency.ward_code)
    answers = fill(run.answers)
    found = trying.ways(route, definition, fill, run.answers) if every else [trying.Way(answers, {}, ())]
    report["planned"] = len(found)
    yield report
    for way in found:
        walked = walk(content, run.agency, run.circumstance, way.answers)
        deciding = trying.deciding(route, definition)
        walked["deciding"] = {one.key: way.answers[one.key] for one in deciding if one.key in way.answers}
        report = {**report, "runs": [*report["runs"], walked]}
        yield report
