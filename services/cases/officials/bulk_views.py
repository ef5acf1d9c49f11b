"""Bulk actions: choose, look at what would happen, confirm once, follow."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from identity.offices.access import official
from identity.people import actions as people
from identity.people.access import person_of
from identity.people.models import Person
from identity.trail.actions import record_look
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import bulk_rules, routing
from services.cases.actions import bulk as actions
from services.cases.models import BulkEntry, BulkRun, CannedText, Label, WorkItem
from services.cases.officials.bulk_forms import OFF, ON, BulkForm
from services.cases.officials.bulk_wording import KINDS, WORDS, outlook_text
from services.cases.officials.canned_parts import canned_part
from services.cases.queries import bulk as queries
from services.cases.queries import outcome_preview
from services.cases.queries.bulk import Outlook
from services.cases.queries.labels import labels_for
from services.cases.queries.official import item_for_official
from services.cases.queries.queue import listed
from services.cases.queue_filters import Filters

Kind, Result = BulkRun.Kind, BulkEntry.State
RESULTS = {"xong": Result.DONE, "khong": Result.FAILED, "cho": Result.WAITING}
"""Results in addresses."""


@official
def queue_bulk(request: HttpRequest) -> HttpResponse:
    """What the chosen action would do with each chosen case. Nothing is changed."""
    person = person_of(request)
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in queries.offered(person, KINDS):
        messages.warning(request, _("Mark cases in the list and choose what is to be done with them."))
        return redirect("queue")
    pks, initial = _chosen(request, person)
    if len(pks) > bulk_rules.MOST:
        messages.warning(request, _("Choose at most %(most)s cases at a time.") % {"most": bulk_rules.MOST})
        return redirect("queue")
    found = queries.outlooks(person, kind, pks)
    if not found:
        messages.warning(request, _("Mark at least one case in the list."))
        return redirect("queue")
    return _preview(request, kind, found, initial=initial)


def _chosen(request: HttpRequest, person: Person) -> tuple[list[int], dict[str, Any]]:
    """The marked work items, all that fit the filters, or those of an earlier run that were not done with what was entered."""
    if key := request.POST.get("run", ""):
        run = _run(person, key)
        given = run.parameters
        return queries.failed_items(run), {**given, "turn": OFF if given.get("off") else ON}
    if request.POST.get("tat-ca"):
        rows = listed(person, Filters.read(request.GET)).values_list("pk", flat=True)
        return list(rows[: bulk_rules.MOST]), {}
    return [int(text) for text in request.POST.getlist("item") if text.isascii() and text.isdigit() and len(text) < 19], {}


def _run(person: Person, key: str | UUID) -> BulkRun:
    try:
        return queries.run_of(person, UUID(str(key)))
    except (BulkRun.DoesNotExist, ValueError):
        raise Http404 from None


def _form(
    person: Person, kind: str, found: Sequence[Outlook], data: Any = None, initial: dict[str, Any] | None = None
) -> BulkForm:
    fitting = [one.item for one in found if one.fits]
    seen = ",".join(f"{item.pk}:{item.case.last_event}" for item in fitting)
    return BulkForm(
        data,
        kind=kind,
        colleagues=queries.colleagues(person, fitting) if kind == Kind.ASSIGN else (),
        labels=labels_for(person) if kind == Kind.LABEL else (),
        initial={**(initial or {}), "items": seen},
    )


def _preview(
    request: HttpRequest, kind: str, found: Sequence[Outlook], form: BulkForm | None = None, initial: dict[str, Any] | None = None
) -> HttpResponse:
    person = person_of(request)
    form = form or _form(person, kind, found, initial=initial)
    fitting = sum(one.fits for one in found)
    context = {
        "kind": kind,
        "words": WORDS[kind],
        "rows": [_row(kind, one) for one in sorted(found, key=lambda one: one.fits)],
        "fitting": fitting,
        "left_out": len(found) - fitting,
        "form": form,
        "signing": kind == Kind.SIGN,
        "no_label": kind == Kind.LABEL and not labels_for(person),
        "no_colleague": kind == Kind.ASSIGN
        and fitting
        and not queries.colleagues(person, [one.item for one in found if one.fits]),
        **(canned_part(person, CannedText.Use.MESSAGE) if kind == Kind.MESSAGE else {}),
    }
    return render(request, "casework/bulk_preview.html", context, status=422 if form.errors else 200)


def _row(kind: str, one: Outlook) -> dict[str, Any]:
    signs = kind == Kind.SIGN and one.action == "sign" and one.reason in ("", "blanks")
    return {
        "item": one.item,
        "case": one.item.case,
        "fits": one.fits,
        "text": outlook_text(one, kind),
        "paper": reverse("bulk_paper", args=[one.item.pk]) if signs else "",
    }


@official
@require_POST
def bulk_start(request: HttpRequest) -> HttpResponse:
    """Confirmed: workers do it from here on. What cannot be read or is missing is asked again on the same page."""
    person = person_of(request)
    kind = request.POST.get("kind", "")
    if kind not in queries.offered(person, KINDS):
        raise Http404
    posted = [pair.partition(":")[0] for pair in request.POST.get("items", "").split(",")][: bulk_rules.MOST]
    found = queries.outlooks(person, kind, [int(pk) for pk in posted if pk.isascii() and pk.isdigit() and len(pk) < 19])
    form = _form(person, kind, found, request.POST)
    if form.is_valid() and _confirmed(form, person):
        try:
            run = actions.start(
                person,
                kind,
                form.cleaned_data["items"],
                form.parameters(),
                key=form.cleaned_data["key"],
                confirmed_at=clock.now() if kind == Kind.SIGN else None,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("bulk_run", key=run.key)
    return _preview(request, kind, found, form)


def _confirmed(form: BulkForm, person: Person) -> bool:
    if "password" not in form.fields:
        return True
    try:
        if people.confirm_password(person, form.cleaned_data["password"]):
            return True
        form.add_error("password", _("This is not your password. Nothing has been signed."))
    except Refused as locked:
        form.add_error("password", locked.message)
    return False


@official
@require_GET
def bulk_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome of one case as it would be signed."""
    person = person_of(request)
    try:
        item = item_for_official(person, pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    if item.kind != routing.Kind.SIGN:
        raise Http404
    record_look(person, item.case.number or "", "outcome")
    return render(
        request, "casework/bulk_paper.html", {"item": item, "case": item.case, "preview": outcome_preview(item, person)}
    )


@official
@require_GET
def bulk_runs(request: HttpRequest) -> HttpResponse:
    """The person's own bulk actions, the newest first."""
    rows = [
        {"run": run, "words": WORDS[run.kind], "waiting": run.total - run.done - run.failed}
        for run in queries.runs_of(person_of(request))
    ]
    return render(request, "casework/bulk_runs.html", {"rows": rows})


@official
@require_GET
def bulk_run(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a run has come, and the result of each case."""
    person = person_of(request)
    run = _run(person, key)
    shown = request.GET.get("xem", "")
    shown = shown if shown in RESULTS else ""
    page = queries.entries_page(run, RESULTS.get(shown, ""), request.GET.get("sau"))
    counts = {"": run.total, "xong": run.done, "khong": run.failed, "cho": run.total - run.done - run.failed}
    names = {"": _("All"), "xong": _("Done"), "khong": _("Not done"), "cho": _("Not yet done")}
    context = {
        "run": run,
        "words": WORDS[run.kind],
        "busy": run.state == BulkRun.State.RUNNING,
        "finished": run.done + run.failed,
        "tabs": [{"slug": slug, "label": names[slug], "count": counts[slug], "current": slug == shown} for slug in names],
        "page": page,
        "given": _given(run),
        "may_retry": run.state == BulkRun.State.DONE and run.failed > 0,
    }
    return render(request, "casework/bulk_run.html", context)


def _given(run: BulkRun) -> list[tuple[str, str]]:
    """What was entered for the run, as people read it. One query where a label or a colleague was chosen."""
    given, lines = run.parameters, []
    if "label" in given:
        turn = _("Take it off") if given.get("off") else _("Put it on")
        lines.append((_("Label"), f"{Label.objects.get(pk=given['label']).name} ({turn})"))
    if "assignee" in given:
        lines.append((_("Colleague"), Person.objects.get(pk=given["assignee"]).full_name))
    if given.get("text"):
        lines.append((_("Message"), given["text"]))
    if given.get("note"):
        lines.append((str(WORDS[run.kind].note), given["note"]))
    return lines
