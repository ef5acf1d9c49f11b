"""The resident's own cases: list, page, withdrawal, files; and the public look-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.people.access import person_of
from portal.kit import clock, paging
from portal.kit.access import ask_to_sign_in, public, signed_in
from services.cases import actions, filing_papers, guesses, lifecycle, numbering, queries, standing
from services.cases.behalf_pages import represented
from services.cases.filer import filer_of
from services.cases.filing_forms import LookupForm, WithdrawalForm
from services.cases.lifecycle import State
from services.cases.models import Case
from services.cases.queries import thread
from services.cases.wording import Line
from services.catalogue.models import Version
from services.documents import queries as documents
from services.documents.models import Attachment, IssuedDocument

PAGE_SIZE = 20
ASKING_SHOWN = 50
ENTRIES_SHOWN = 6
"""Lines of the timeline that are open at once; the earlier ones unfold."""
HEAVY = ("form", "documents", "route", "outcome", "steps_text", "legal_basis", "conditions", "fees", "channels")
"""Columns of a version that a list does not show."""
GOOD = frozenset({"accept", "complete", "hand_over", "confirm_payment"})
BAD = frozenset({"refuse", "stop"})
WAIT = frozenset({"request_supplement", "request_payment", "request_withdrawal"})
STEP_EVENTS = frozenset({"finish", "approve", "give_opinion"})
"""Events whose title says little without the name of the step."""

OPEN, DONE = "dang-giai-quyet", "da-xong"
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("All")),
    (OPEN, gettext_lazy("Being handled")),
    (DONE, gettext_lazy("Finished")),
)


def _own(request: HttpRequest, number: str) -> Case:
    try:
        return queries.my_case(person_of(request), number)
    except Case.DoesNotExist:
        raise Http404 from None


def _readable(request: HttpRequest, number: str) -> tuple[Case, bool]:
    """A case to read, and whether the person filed it; else somebody filed it for them."""
    person = person_of(request)
    try:
        case = queries.case_to_read(person, number)
    except Case.DoesNotExist:
        raise Http404 from None
    return case, case.applicant_id == person.pk


# The list


@dataclass(frozen=True, slots=True)
class Card:
    """One case in the list."""

    case: Case
    standing: standing.Standing
    band: str
    href: str
    by: str = ""
    """Who filed it for the person; empty when they did so themselves."""


def _card(case: Case, by: str = "") -> Card:
    # Without the working calendar: a resident is told late or not, and the number of queries stays the same.
    if case.state in (Case.State.COMPLETED, Case.State.RETURNED):
        band = "done"
    elif case.due_at is None or case.state in lifecycle.CLOSED:
        band = ""
    elif case.paused_at is not None:
        band = "paused"
    else:
        band = "overdue" if clock.now() > case.due_at else "on_time"
    return Card(case, standing.STANDINGS[State(case.state)], band, reverse("my_case", args=[case.number]), by)


@signed_in
def my_cases(request: HttpRequest) -> HttpResponse:
    """What is expected from the person first, then drafts, then everything filed, newest first, then what others filed for them."""
    mine = queries.my_cases(person_of(request)).defer(
        "answers", "typed", "provenance", *(f"version__{column}" for column in HEAVY)
    )
    mine = mine.annotate(has_unread=thread.unread_for_applicant())
    tab = request.GET.get("loai", "")
    page = paging.page(_of_tab(mine.exclude(state=Case.State.DRAFT), tab), ("-id",), after=request.GET.get("sau"), size=PAGE_SIZE)
    first_page = page.previous_cursor is None
    asking = mine.filter(state__in=[Case.State.SUPPLEMENT, Case.State.PAYMENT])[:ASKING_SHOWN] if first_page else []
    drafts = mine.filter(state=Case.State.DRAFT)[:ASKING_SHOWN] if first_page else []
    others = queries.filed_for(person_of(request)).defer("answers", "typed", "provenance", *(f"version__{one}" for one in HEAVY))
    context = {
        "filed_for": [_card(case, case.filed_by.full_name) for case in others[:ASKING_SHOWN]] if first_page and not tab else [],
        "asking": [_card(case) for case in asking],
        "drafts": list(drafts),
        "cards": [_card(case) for case in page.items],
        "page": page,
        "tabs": [{"label": label, "value": value, "current": value == tab} for value, label in TABS],
        "tab": tab,
    }
    return render(request, "cases/my_cases.html", context)


def _of_tab(cases: QuerySet[Case], tab: str) -> QuerySet[Case]:
    if tab == OPEN:
        return cases.filter(state__in=list(lifecycle.OPEN))
    if tab == DONE:
        return cases.filter(state__in=[*lifecycle.CLOSED, State.COMPLETED])
    return cases


# One case


@signed_in
def my_case(request: HttpRequest, number: str) -> HttpResponse:
    """How a case stands. With htmx only the part that moves is answered, and nothing (204) while nothing has moved."""
    case, mine = _readable(request, number)
    if getattr(request, "htmx", False):
        if request.GET.get("biet") == str(case.last_event):
            return HttpResponse(status=204)
        return render(request, "cases/live.html", {**_live(case, mine=mine), "moved": True})
    context = {
        **_live(case, mine=mine),
        **represented(case),
        "sections": queries.sections(case),
        "file_groups": filing_papers.file_groups(case),
        "application_form": queries.filed_form(case),
        "circumstance": next((one["label"] for one in case.version.circumstances if one["key"] == case.circumstance), ""),
        "may_withdraw": mine and _may(case, "request_withdrawal"),
    }
    return render(request, "cases/my_case.html", context)


def _may(case: Case, action: str) -> bool:
    return State(case.state) in lifecycle.BY_NAME[action].sources


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the route, without the names of officials."""

    title: str
    state: str
    office: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document issued in the case."""

    document: IssuedDocument
    href: str
    check_href: str

    @property
    def in_force(self) -> bool:
        """Whether it still holds: neither replaced nor revoked."""
        return self.document.state == IssuedDocument.State.ISSUED


def _live(case: Case, *, mine: bool) -> dict[str, Any]:
    """What changes while a case is handled."""
    state = State(case.state)
    entries = queries.timeline(case, for_resident=True)
    asked = next((entry for entry in reversed(entries) if entry.action in _ASKED.get(state, ())), None)
    papers = [
        Paper(
            document, reverse("my_document", args=[case.number, document.code]), reverse("verify_document", args=[document.code])
        )
        for document in queries.documents_of(case, for_resident=True)
    ]
    steps = [
        StepLine(step.title, "waiting" if step.status == "upcoming" else step.status, step.office_name, step.finished_at)
        for step in queries.progress(case)
    ]
    facts = queries.deadline_facts(case)
    lines = [_line(case, entry, mine=mine) for entry in reversed(entries)]
    return {
        "case": case,
        "mine": mine,
        "standing": standing.STANDINGS[state],
        "stages": standing.stages(state, accepted=case.accepted_at is not None),
        "asked": asked,
        "facts": facts,
        "deadline_band": (facts.standing if facts else ""),
        "limit": queries.limit_text(case),
        "calendar_days": case.limit[1] == Version.LimitUnit.CALENDAR_DAY,
        "days_off": [datetime.fromisoformat(day).date() for day in facts.days_off] if facts else [],
        **_check(case),
        "steps": steps,
        "steps_done": sum(step.state == "done" for step in steps),
        "at_office": [step.office for step in steps if step.state == "current"],
        "entries": lines[:ENTRIES_SHOWN],
        "earlier": lines[ENTRIES_SHOWN:],
        "papers": papers,
        "outcomes": [paper for paper in papers if paper.document.kind == IssuedDocument.Kind.OUTCOME],
        "is_closed": state in lifecycle.CLOSED,
        "answer_by": queries.answer_by(case),
        "talk": thread.talk_of(case, case.filed_by),
        "may_write": mine and thread.may_write(case),
    }


def _check(case: Case) -> dict[str, Any]:
    """By when the application is checked, and whether that moment has passed."""
    if case.filed_at is None:
        return {"checked_by": None, "late_check": False}
    checked_by = standing.checked_by(case.filed_at, queries.calendar_of(case.agency))
    return {"checked_by": checked_by, "late_check": case.accepted_at is None and clock.now() > checked_by}


_ASKED: Mapping[State, tuple[str, ...]] = {
    State.SUPPLEMENT: ("request_supplement",),
    State.PAYMENT: ("request_payment",),
    State.NOT_ACCEPTED: ("refuse",),
    State.STOPPED: ("stop", "grant_withdrawal"),
    State.WITHDRAWAL: ("request_withdrawal",),
}
"""The event whose note explains a state."""


def _line(case: Case, entry: queries.Entry, *, mine: bool) -> Line:
    title = f"{entry.title}: {entry.step_title}" if entry.action in STEP_EVENTS and entry.step_title else str(entry.title)
    document = entry.document
    links = []
    if document is not None and document.state in {"issued", "replaced", "revoked"}:
        links.append((document.title, reverse("my_document", args=[case.number, document.code])))
    who = _("You") if mine else case.filed_by.full_name
    by = "" if entry.office_name or entry.action not in _BY_APPLICANT else who
    tone = "good" if entry.action in GOOD else "bad" if entry.action in BAD else "wait" if entry.action in WAIT else ""
    return Line(entry.at, title, by, entry.office_name, entry.note, tone, links)


_BY_APPLICANT = frozenset(row.name for row in lifecycle.TABLE if row.who is lifecycle.Actor.RESIDENT)


# What the applicant asks


@signed_in
def my_withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for an application back."""
    case = _own(request, number)
    if not _may(case, "request_withdrawal"):
        messages.info(request, _("This application cannot be withdrawn now."))
        return redirect("my_case", number=number)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.request_withdrawal(case, person_of(request), form.cleaned_data["reason"])
        messages.success(request, _("The request to withdraw has been sent to the office."))
        return redirect("my_case", number=number)
    return render(request, "cases/withdrawal.html", {"case": case, "form": form})


# Files


@signed_in
def my_document(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """The PDF of a receipt or an outcome."""
    try:
        return documents.file_response(queries.my_document(person_of(request), number, code), inline=True)
    except IssuedDocument.DoesNotExist:
        raise Http404 from None


@public
def my_attachment(request: HttpRequest, number: str, attachment: UUID) -> HttpResponseBase:
    """A file somebody attached, for them alone; a draft, which has no number yet, is named by its key."""
    try:
        reference: str | UUID = UUID(number)
    except ValueError:
        reference = number
    try:
        return documents.file_response(queries.my_attachment(filer_of(request), reference, attachment), inline=True)
    except Attachment.DoesNotExist:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        raise Http404 from None


# Without signing in


@public
def lookup(request: HttpRequest) -> HttpResponse:
    """How a case stands, for whoever knows its number and four digits. Wrong or unknown is answered with the same words."""
    initial = {"number": request.GET.get("so", "")[:80]}
    if request.method != "POST":
        return render(request, "cases/lookup.html", {"form": LookupForm(initial=initial)})
    form = LookupForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/lookup.html", {"form": form})
    number = numbering.tidy(form.cleaned_data["number"])
    if guesses.too_many_attempts(get_adapter(request).get_client_ip(request)) or guesses.is_closed(number):
        return render(request, "cases/lookup.html", {"form": form, "too_many": True}, status=429)
    case = queries.lookup(number, form.cleaned_data["digits"])
    if case is None:
        guesses.count_miss(number)
        return render(request, "cases/lookup.html", {"form": form, "not_found": True}, status=404)
    return render(request, "cases/lookup.html", {"form": form, **_public_view(case)})


def _public_view(case: Case) -> dict[str, Any]:
    """State, promise and steps; nothing that names a person."""
    state = State(case.state)
    steps = [
        StepLine(step.title, "waiting" if step.status == "upcoming" else step.status, step.office_name, step.finished_at)
        for step in queries.progress(case)
    ]
    facts = queries.deadline_facts(case)
    return {
        "case": case,
        "standing": standing.STANDINGS[state],
        "stages": standing.stages(state, accepted=case.accepted_at is not None),
        "facts": facts,
        "deadline_band": (facts.standing if facts else ""),
        **_check(case),
        "steps": steps,
        "is_closed": state in lifecycle.CLOSED,
    }
