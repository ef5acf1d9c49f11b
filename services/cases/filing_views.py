"""Filling in an application: page by page, attach, check, file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.access import signed_in
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, standing
from services.cases.filing_access import own, own_draft
from services.cases.filing_forms import DeclarationForm, StartForm
from services.cases.filing_steps import CHECKING, Steps, input_id, place_of, steps_of
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.fees.wording import fees_text
from services.forms.build import PageForm, form_class
from services.forms.definition import Definition

# The way through a draft


@signed_in
@own_draft
def file_continue(request: HttpRequest, case: Case) -> HttpResponse:
    """Lead to the first thing that is still missing, or to the check page."""
    gaps = queries.gaps(case)
    if not gaps:
        return redirect("file_check", key=case.key)
    # Questions come before papers; the page is shown from its top, so that its heading is read.
    first = next((gap for gap in gaps if gap.page_key or gap.key == "circumstance"), gaps[0])
    return redirect(place_of(case, first).partition("#")[0])


@signed_in
@own_draft
def file_choice(request: HttpRequest, case: Case) -> HttpResponse:
    """Change the circumstance or the agency of a draft."""
    agencies = list(catalogue.agencies_for(case.version))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        version=case.version,
        agencies=agencies,
        chosen=(case.circumstance, case.agency_id),
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_circumstance(case, person_of(request), form.circumstance_chosen, form.agency_chosen)
        if request.GET.get("sau") == CHECKING:
            return redirect("file_check", key=case.key)
        return redirect(steps_of(case, queries.definition_of(case), [], "bat-dau").after)
    gaps = queries.gaps(case)
    steps = steps_of(case, queries.definition_of(case), gaps, "bat-dau")
    context = {"case": case, "form": form, "steps": steps, "agency": case.agency}
    return render(request, "filing/choice.html", context)


@signed_in
@own_draft
def file_discard(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask once, then delete the draft and its files."""
    if request.method != "POST":
        return render(request, "filing/discard.html", {"case": case})
    actions.discard_draft(case, person_of(request))
    messages.success(request, _("The draft has been deleted."))
    return redirect("my_cases")


# One page of the form


@signed_in
@own_draft
def file_page(request: HttpRequest, case: Case, page: str) -> HttpResponse:
    """One page of the form: shows what was saved or typed, saves what can be kept, says what is wrong."""
    person = person_of(request)
    definition = queries.definition_of(case)
    if page not in {one.key for one in definition.pages}:
        raise Http404
    if page not in {one.key for one in definition.pages_shown(case.answers)}:
        # An answer on an earlier page has made this one unnecessary.
        return redirect("file_continue", key=case.key)
    form_type = form_class(definition, page, case.answers, prefill=_prefill(person))
    steps = steps_of(case, definition, queries.gaps(case), page)
    if request.method != "POST":
        typed = _typed(request, case, page)
        return _page(request, case, definition, page, form_type(typed) if typed is not None else form_type(), steps)
    form = form_type(request.POST)
    if form.rearranged:
        return _page(request, case, definition, page, form, steps)
    leaving, back = "_leave" in request.POST, "_back" in request.POST
    if form.is_valid():
        _forget_typed(request, case)
        saved = actions.save_page(case, person, page, form.answers())
        if not leaving and not back:
            if request.GET.get("sau") == CHECKING:
                return redirect("file_check", key=case.key)
            # Answers of this page may have changed which pages follow.
            return redirect(steps_of(saved, definition, [], page).after)
    elif leaving or back:
        _keep_what_can_be_kept(request, case, page, form)
    else:
        return _page(request, case, definition, page, form, steps)
    if leaving:
        messages.success(request, _("Saved. The draft is under My cases and can be continued on any device."))
        return redirect("my_cases")
    return redirect(steps.before)


def _page(request: HttpRequest, case: Case, definition: Definition, page: str, form: PageForm, steps: Steps) -> HttpResponse:
    context = {"case": case, "page": definition.page(page), "form": form, "steps": steps, "is_new": not case.answers}
    return render(request, "filing/page.html", context)


def _prefill(person: Person) -> dict[str, str]:
    """What the person's record answers by itself, by the names form definitions use."""
    return {
        "person.full_name": person.full_name,
        "person.personal_number": person.personal_number or "",
        "person.phone": person.phone or "",
        "person.email": person.email or "",
        "person.birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "person.address": person.address,
    }


def _keep_what_can_be_kept(request: HttpRequest, case: Case, page: str, form: PageForm) -> None:
    """Save the good answers of a page somebody leaves, and remember the text that is not good yet, so that nothing is typed twice."""
    actions.save_page(case, person_of(request), page, form.answers())
    codes = [error.code or "" for errors in form.errors.as_data().values() for error in errors]
    if all(code.startswith("missing_") for code in codes):
        _forget_typed(request, case)
    else:
        request.session[_typed_name(case)] = {"page": page, "data": request.POST.urlencode()}


def _typed_name(case: Case) -> str:
    return f"typed:{case.key}"


def _typed(request: HttpRequest, case: Case, page: str) -> QueryDict | None:
    """What was typed on the page and could not be saved."""
    kept = request.session.get(_typed_name(case))
    return QueryDict(kept["data"]) if kept and kept["page"] == page else None


def _forget_typed(request: HttpRequest, case: Case) -> None:
    request.session.pop(_typed_name(case), None)


# Checking and filing


@signed_in
@own_draft
def file_check(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything as it will be filed, what is still missing, and what happens next."""
    return _check_page(request, case, DeclarationForm())


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A question and its answer, with the way to change it."""

    label: str
    text: str
    change_href: str


def _check_page(request: HttpRequest, case: Case, form: DeclarationForm) -> HttpResponse:
    person = person_of(request)
    gaps = queries.gaps(case)
    definition = queries.definition_of(case)
    sections = [
        (
            section.title,
            [
                CheckRow(
                    row.label,
                    row.text if row.answered else "",
                    _change(case, section.page_key, input_id(definition, row.field_key)),
                )
                for row in section.rows
            ],
        )
        for section in queries.sections(case)
    ]
    calendar = queries.calendar_of(case.agency)
    problems = _problems(case, definition, gaps)
    context = {
        "case": case,
        "person": person,
        "circumstance": _circumstance_label(case),
        "sections": sections,
        "blocks": filing_papers.blocks(case),
        "steps": steps_of(case, definition, gaps, CHECKING),
        "problems": problems,
        "checked_by": standing.checked_by(clock.now(), calendar),
        "limit": _case_limit(case),
        "fees": fees_text(case.version.fees, "online", case.circumstance),
        "form": form,
        "first_gap": problems[0]["href"] if problems else "",
    }
    return render(request, "filing/check.html", context)


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
            found.append({"message": message, "href": reverse("file_page", args=[case.key, gap.page_key])})
    return found


def _change(case: Case, page: str, input_id: str) -> str:
    return f"{reverse('file_page', args=[case.key, page])}?sau={CHECKING}#{input_id}"


def _circumstance_label(case: Case) -> str:
    return next((one["label"] for one in case.version.circumstances if one["key"] == case.circumstance), "")


def _case_limit(case: Case) -> str:
    value, unit = case.limit
    if (value, unit) == (case.version.limit_value, case.version.limit_unit):
        return case.version.limit_text
    return f"{value} {Version.LimitUnit(unit).label}"


@signed_in
@require_POST
def file_submit(request: HttpRequest, key: UUID) -> HttpResponse:
    """File the application. A double click, a resent request or a retry gives one case and the same page."""
    case = own(request, key)
    if case.state == Case.State.DRAFT:
        form = DeclarationForm(request.POST)
        if not form.is_valid():
            return _check_page(request, case, form)
        try:
            actions.file(case, person_of(request))
        except Refused as refused:
            if refused.code != "case.incomplete":
                raise
            return _check_page(request, case, form)
        _forget_typed(request, case)
    return redirect("file_done", key=key)


@signed_in
def file_done(request: HttpRequest, key: UUID) -> HttpResponse:
    """The case number and what happens next. Needs no worker: the promise is computed from the moment of filing."""
    case = own(request, key)
    if case.state == Case.State.DRAFT or case.filed_at is None:
        return redirect("file_check", key=key)
    person = person_of(request)
    context = {
        "case": case,
        "person": person,
        "checked_by": standing.checked_by(case.filed_at, queries.calendar_of(case.agency)),
        "limit": _case_limit(case),
        "still_new": case.state == Case.State.FILED,
    }
    return render(request, "filing/done.html", context)
