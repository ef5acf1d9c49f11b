"""The way through an application: go on, change the choice, check, print, file, delete."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.kit import clock
from portal.kit.access import public
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, standing
from services.cases.behalf_pages import represented
from services.cases.filer import filer_of
from services.cases.filing_access import for_script, own_case, own_draft, sign_in_first
from services.cases.filing_forms import DeclarationForm, StartForm
from services.cases.filing_page_views import draft_facts
from services.cases.filing_steps import CHECKING, ELSEWHERE, address, first_step, input_id, leaving, place_of, start_of, steps_of
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.fees.wording import fees_text
from services.forms.definition import Definition

# The way through a draft


@public
@own_draft
def file_continue(request: HttpRequest, case: Case) -> HttpResponse:
    """Lead to the first thing that is still missing, or to the check page."""
    gaps = queries.gaps(case)
    if not gaps:
        return redirect(address("file_check", case))
    # Questions come before papers; the page is shown from its top, so that its heading is read.
    first = next((gap for gap in gaps if gap.page_key or gap.key in ELSEWHERE), gaps[0])
    return redirect(place_of(case, first).partition("#")[0])


@public
@own_draft
def file_choice(request: HttpRequest, case: Case) -> HttpResponse:
    """Change the circumstance or the agency of a draft."""
    if case.beginning:
        return redirect(start_of(case))
    agencies = list(catalogue.agencies_for(case.version))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        version=case.version,
        agencies=agencies,
        chosen=(case.circumstance, case.agency_id),
    )
    if request.method == "POST" and form.is_valid():
        case = actions.choose_circumstance(case, filer_of(request), form.circumstance_chosen, form.agency_chosen)
        if request.GET.get("sau") == CHECKING:
            return redirect("file_check", key=case.key)
        return redirect(steps_of(case, queries.definition_of(case), [], "bat-dau").after)
    gaps = queries.gaps(case)
    steps = steps_of(case, queries.definition_of(case), gaps, "bat-dau")
    context = {"case": case, "form": form, "steps": steps, "agency": case.agency, **draft_facts(case)}
    return render(request, "filing/choice.html", context)


@public
@own_draft
def file_discard(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask once, then delete the draft and its files."""
    if request.method != "POST":
        return render(request, "filing/discard.html", {"case": case, **draft_facts(case)})
    actions.discard_draft(case, filer_of(request))
    messages.success(request, _("The draft has been deleted."))
    return redirect(leaving(case))


@public
@never_cache
@own_draft
def file_print(request: HttpRequest, case: Case) -> HttpResponse:
    """The draft as it stands, for paper: what is answered, and lines to write on for what is not."""
    if case.beginning:
        return redirect(first_step(case))
    context = {
        "case": case,
        "circumstance": _circumstance_label(case),
        "sections": queries.sections(case),
        "blocks": filing_papers.blocks(case),
        "printed_at": clock.now(),
        **draft_facts(case),
    }
    return render(request, "filing/print.html", context)


# Checking and filing


@public
@never_cache
@own_draft
def file_check(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything as it will be filed, what is still missing, and what happens next."""
    if case.beginning:
        return redirect(first_step(case))
    if case.clerk is not None:
        return redirect("counter_check", key=case.key)
    return _check_page(request, case, DeclarationForm())


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A question and its answer, with the way to change it."""

    label: str
    text: str
    change_href: str
    source: str = ""


def _check_page(request: HttpRequest, case: Case, form: DeclarationForm) -> HttpResponse:
    facts = check_facts(case, filing_papers.blocks(case))
    here = reverse("file_check", args=[case.key])
    return render(request, "filing/check.html", {**facts, "form": form, "here": here})


def check_facts(case: Case, blocks: list[filing_papers.PaperBlock]) -> dict[str, Any]:
    """What whoever files checks before: every answer with the way to change it, the papers, what is missing, what comes next."""
    gaps = queries.gaps(case)
    definition = queries.definition_of(case)
    sources = queries.sources(case)
    sections = [
        (
            section.title,
            [
                CheckRow(
                    row.label,
                    row.text if row.answered else "",
                    _change(case, section.page_key, input_id(definition, row.field_key)),
                    sources.get(row.field_key, ""),
                )
                for row in section.rows
            ],
        )
        for section in queries.sections(case)
    ]
    calendar = queries.calendar_of(case.agency)
    problems = _problems(case, definition, gaps)
    return {
        "case": case,
        "person": case.applicant,
        "circumstance": _circumstance_label(case),
        **represented(case),
        "sections": sections,
        "blocks": blocks,
        "steps": steps_of(case, definition, gaps, CHECKING),
        "problems": problems,
        "checked_by": standing.checked_by(clock.now(), calendar),
        "limit": _case_limit(case),
        "fees": fees_text(case.version.fees, "online", case.circumstance),
        "first_gap": problems[0]["href"] if problems else "",
        **draft_facts(case),
    }


GAPS_LISTED = 3
"""A page that lacks more than that is named once, instead of every question on it."""


def _problems(case: Case, definition: Definition, gaps: Sequence[queries.Gap]) -> list[dict[str, str | Promise]]:
    """The gaps with the way to close each; a page that was hardly begun is one line."""
    missing = Counter(gap.page_key for gap in gaps if gap.page_key)
    found: list[dict[str, str | Promise]] = []
    named: set[str] = set()
    for gap in gaps:
        if gap.page_key is None or missing[gap.page_key] <= GAPS_LISTED:
            found.append({"message": gap.message, "href": place_of(case, gap)})
        elif gap.page_key not in named:
            named.add(gap.page_key)
            count = missing[gap.page_key]
            words = ngettext("%(page)s: %(count)d answer is missing", "%(page)s: %(count)d answers are missing", count)
            message = words % {"page": definition.page(gap.page_key).title.said(), "count": count}
            found.append({"message": message, "href": address("file_page", case, gap.page_key)})
    return found


def _change(case: Case, page: str, input_id: str) -> str:
    href = address("file_page", case, page)
    return f"{href}{'&' if '?' in href else '?'}sau={CHECKING}#{input_id}"


def _circumstance_label(case: Case) -> str:
    return next((one["label"] for one in case.version.circumstances if one["key"] == case.circumstance), "")


def _case_limit(case: Case) -> str:
    value, unit = case.limit
    if (value, unit) == (case.version.limit_value, case.version.limit_unit):
        return case.version.limit_text
    return f"{value} {Version.LimitUnit(unit).label}"


@public
@require_POST
@own_case
def file_submit(request: HttpRequest, case: Case) -> HttpResponseBase:
    """File the application. A double click, a resent request or a retry gives one case and the same page."""
    done = reverse("file_done", args=[case.key])
    if case.state == Case.State.DRAFT:
        person = filer_of(request).person
        if case.clerk is not None:
            return redirect("counter_check", key=case.key)
        if person is None or case.applicant_id is None:
            return sign_in_first(request, case.key)
        form = DeclarationForm(request.POST)
        if not form.is_valid():
            return _not_filed(request, case, form)
        try:
            actions.file(case, person)
        except Refused as refused:
            if refused.code not in {"case.incomplete", "procedure.retired"}:
                raise
            return _not_filed(request, case, form)
    return JsonResponse({"href": done}) if for_script(request) else redirect(done)


def _not_filed(request: HttpRequest, case: Case, form: DeclarationForm) -> HttpResponse:
    """The check page says what is missing; a script opens it."""
    if for_script(request):
        return JsonResponse({"code": "incomplete", "href": reverse("file_check", args=[case.key])}, status=422)
    return _check_page(request, case, form)


@public
@own_case
def file_done(request: HttpRequest, case: Case) -> HttpResponse:
    """The case number and what happens next. Needs no worker: the promise is computed from the moment of filing."""
    if case.state == Case.State.DRAFT or case.filed_at is None:
        return redirect("file_check", key=case.key)
    context = {
        "case": case,
        "person": case.filed_by,
        "checked_by": standing.checked_by(case.filed_at, queries.calendar_of(case.agency)),
        "limit": _case_limit(case),
        "still_new": case.state == Case.State.FILED,
    }
    return render(request, "filing/done.html", context)
