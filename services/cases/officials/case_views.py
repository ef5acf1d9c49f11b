"""The official's case page: everything about a case, what is done with its work items, its files."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.offices.powers import CASE_POWERS, Power
from identity.offices.queries import powers_of
from identity.people import actions as people
from identity.people.access import person_of
from identity.people.models import Person
from identity.trail.actions import record_look
from identity.trail.queries import looks_at
from portal.kit import clock
from portal.kit.access import framed
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, lifecycle, queries, routing
from services.cases.behalf_pages import represented
from services.cases.models import Case, WorkItem
from services.cases.officials.forms import ActionForm
from services.cases.officials.queue_views import STALE, asked_by_htmx, standing_of
from services.cases.officials.wording import Wording, wording
from services.cases.queries import ActionChoice, desk
from services.cases.standing import checked_by
from services.cases.wording import REFUSALS, Line
from services.catalogue.models import Version
from services.documents import queries as documents
from services.documents.models import Attachment, IssuedDocument
from services.forms.definition import Kind as FieldKind

GOOD = frozenset({"accept", "complete", "hand_over", "confirm_payment", "approve", "sign", "seal", "document_issued"})
BAD = frozenset({"refuse", "stop"})
WAIT = frozenset({"request_supplement", "request_payment", "request_withdrawal"})
LOOKS_SHOWN = 20
SHOWN_IN_PAGE = ("application/pdf", "image/jpeg", "image/png")


# The case page


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done with a held item. With a form it is done on the case page itself."""

    name: str
    words: Wording
    href: str
    primary: bool
    form: ActionForm | None


@dataclass(frozen=True, slots=True)
class Desk:
    """One open item of the case at one of the person's desks."""

    item: WorkItem
    band: str
    left: int
    mine: bool
    may_release: bool
    waiting: bool
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class FileLink:
    """One file of a case; `show_href` opens it in the page's viewer."""

    id: UUID
    name: str
    size: int
    media_type: str
    at: datetime
    href: str
    show_href: str
    added_later: bool
    current: bool
    warning: str | Promise


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of the case with its files, or why it has none."""

    name: str
    files: list[FileLink]
    state: str


def _case(request: HttpRequest, number: str) -> Case:
    try:
        return queries.case_for_official(person_of(request), number)
    except Case.DoesNotExist:
        raise Http404 from None


@official
def casework(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case. With htmx the viewer alone is answered when a file was chosen."""
    case = _case(request, number)
    person = person_of(request)
    if asked_by_htmx(request, "xem"):
        return render(request, "casework/viewer.html", {"shown": _shown(request, case, _papers(request, case))})
    record_look(person, number, "case")
    return render(request, "casework/case.html", _whole(request, case))


def _whole(request: HttpRequest, case: Case, note: str = "") -> dict[str, Any]:
    person = person_of(request)
    papers = _papers(request, case)
    steps = queries.progress(case)
    powers = powers_of(person)
    circumstance = next((one["label"] for one in case.version.circumstances if one["key"] == case.circumstance), "")
    return {
        **_work(case, person, note),
        **_deadline(case),
        "circumstance": circumstance,
        **represented(case),
        "sections": queries.sections(case),
        "papers": papers,
        "shown": _shown(request, case, papers),
        "issued": _issued(case),
        "application_form": queries.filed_form(case),
        "entries": [_line(case, entry) for entry in reversed(queries.timeline(case, for_resident=False))],
        "intact": queries.chain_is_intact(case),
        "steps": steps,
        "steps_done": sum(step.status == "done" for step in steps),
        "steps_counted": sum(step.status != "skipped" for step in steps),
        "others": desk.other_cases(case, queries.cases_for_official(person)),
        "looks": looks_at(case.number or "", LOOKS_SHOWN) if powers.intersection({Power.LEAD, Power.SUPERVISE}) else None,
    }


def _work(case: Case, person: Person, note: str = "") -> dict[str, Any]:
    """What the person can do, and whose turn it is otherwise."""
    mine = queries.my_open_items(case, person)
    at_desk = {item.pk for item in mine}
    desks = [_desk(item, person, note) for item in mine]
    return {
        "case": case,
        "desks": desks,
        "elsewhere": [item for item in queries.items_of(case) if item.state == WorkItem.State.OPEN and item.pk not in at_desk],
        "moving": desk.is_moving(case),
        "promise": desk.promise_if_accepted_now(case) if _may_accept(desks) else None,
        "may_take_more": bool(powers_of(person).intersection(CASE_POWERS)),
        "typing": any(one.mine for one in desks),
        "is_closed": case.state in lifecycle.CLOSED,
        "unsent": note,
    }


def _may_accept(desks: list[Desk]) -> bool:
    return any(button.name == "accept" for one in desks for button in one.buttons)


def _desk(item: WorkItem, person: Person, note: str) -> Desk:
    band, left = standing_of(item)
    mine = item.claimed_by_id == person.pk
    return Desk(
        item=item,
        band=band,
        left=left,
        mine=mine,
        may_release=item.claimed_by_id is not None and (mine or desk.leads(person, item.office)),
        waiting=desk.is_waiting(item),
        buttons=[_button(item, choice, note) for choice in queries.actions_for(item, person)],
    )


def _button(item: WorkItem, choice: ActionChoice, note: str) -> Button:
    at_once = choice.primary and not choice.needs_password
    return Button(
        name=choice.name,
        words=wording(choice.name, item.kind),
        href=reverse("work_act", args=[item.pk, choice.name]),
        primary=choice.primary,
        form=_form(item, choice, place=str(item.pk), note=note) if at_once else None,
    )


def _form(item: WorkItem, choice: ActionChoice, data: Any = None, *, place: str = "", note: str = "") -> ActionForm:
    assignees = queries.assignees_for(item) if choice.choose_assignee else []
    return ActionForm(
        data,
        choice=choice,
        words=wording(choice.name, item.kind),
        assignees=assignees,
        held=desk.open_work_of(item.office, assignees) if assignees else {},
        place=place,
        note=note,
    )


def _papers(request: HttpRequest, case: Case) -> list[PaperRow]:
    """Papers of the circumstance in order, then attachment questions, then what no longer applies. One query."""
    attached = queries.attachments_of(case)
    chosen = request.GET.get("tep", "")
    needed = queries.needed_papers(case)
    fields = [field for field in queries.definition_of(case).fields() if field.kind == FieldKind.ATTACHMENT]
    names = {document["key"]: document["name"] for document in case.version.documents} | {
        field.key: field.label.said() for field in fields
    }
    names |= {paper.key: paper.name for paper in needed}
    known = [paper.key for paper in needed] + [field.key for field in fields if field.key in attached]
    states = {paper.key: _paper_state(paper.upload, paper.required) for paper in needed}
    rows = []
    for key in [*known, *(key for key in attached if key not in known)]:
        files = [_file(case, link.attachment, chosen, later=link.added_in == "supplement") for link in attached.get(key, [])]
        rows.append(PaperRow(names.get(key) or _("Other papers"), files, "" if files else states.get(key, "")))
    return rows


def _paper_state(upload: bool, required: bool) -> str:
    if not upload:
        return "not_uploaded"
    return "missing" if required else "optional"


def _file(case: Case, attachment: Attachment, chosen: str, *, later: bool) -> FileLink:
    return FileLink(
        id=attachment.pk,
        name=attachment.name,
        size=attachment.size,
        media_type=attachment.media_type,
        at=attachment.uploaded_at,
        href=reverse("casework_attachment", args=[case.number, attachment.pk]),
        show_href=f"{reverse('casework', args=[case.number])}?tep={attachment.pk}#xem",
        added_later=later,
        current=str(attachment.pk) == chosen,
        warning=filing_papers.SCAN_NOTES.get(attachment.scan, ""),
    )


def _shown(request: HttpRequest, case: Case, papers: list[PaperRow]) -> dict[str, Any] | None:
    """The file in the viewer: the chosen one, else the first that a browser can show."""
    files = [file for paper in papers for file in paper.files if not file.warning]
    chosen = next((file for file in files if file.current), None)
    file = chosen or next((file for file in files if file.media_type in SHOWN_IN_PAGE), None)
    if file is None:
        return None
    return {
        "href": file.href,
        "media_type": file.media_type,
        "title": file.name,
        "chosen": chosen is not None,
        "number": case.number,
    }


def _issued(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "document": document,
            "href": reverse("casework_document", args=[case.number, document.code]) if document.file else "",
            "check_href": reverse("verify_document", args=[document.code]) if document.issued_at else "",
        }
        for document in queries.documents_of(case, for_resident=False)
    ]


def _line(case: Case, entry: queries.Entry) -> Line:
    title = f"{entry.title}: {entry.step_title}" if entry.step_title else str(entry.title)
    links = []
    if entry.document is not None and entry.document.file:
        links.append((entry.document.title, reverse("casework_document", args=[case.number, entry.document.code])))
    tone = "good" if entry.action in GOOD else "bad" if entry.action in BAD else "wait" if entry.action in WAIT else ""
    return Line(entry.at, title, entry.actor_name, entry.office_name, entry.note, tone, links)


def _deadline(case: Case) -> dict[str, Any]:
    """The promise, how it stands and how it was worked out."""
    facts = queries.deadline_facts(case)
    unaccepted = facts is None and case.state in lifecycle.OPEN and case.filed_at is not None
    return {
        "facts": facts,
        "deadline_band": (facts.standing if facts else ""),
        "spent": max(0, facts.total_minutes - facts.minutes_left) if facts else 0,
        "available": facts.total_minutes if facts else 0,
        "limit": queries.limit_text(case),
        "calendar_days": case.limit[1] == Version.LimitUnit.CALENDAR_DAY,
        "days_off": [date.fromisoformat(day) for day in facts.days_off] if facts else [],
        "checked_by": checked_by(case.filed_at, queries.calendar_of(case.agency)) if unaccepted and case.filed_at else None,
    }


# What is done with a work item


def _item(request: HttpRequest, pk: int) -> WorkItem:
    try:
        return queries.item_for_official(person_of(request), pk)
    except WorkItem.DoesNotExist:
        raise Http404 from None


@official
@require_POST
def work_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item and open its case; the page says who was quicker if somebody was."""
    item = _item(request, pk)
    try:
        actions.claim(item.pk, person_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("casework", number=item.case.number)


@official
@require_POST
def work_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an item back to the queue; back to the page it was done on."""
    item = _item(request, pk)
    try:
        actions.release(item.pk, person_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back: %(step)s. Colleagues can take it now.") % {"step": item.title})
    back = request.POST.get("ve", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("casework", number=item.case.number)


@official
def work_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action of an item the person holds: the form with what it leads to, then the deed."""
    person = person_of(request)
    item = _item(request, pk)
    if action not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Http404
    choice = next((choice for choice in queries.actions_for(item, person) if choice.name == action), None)
    if choice is None:
        return _overtaken(request, item, _why_not(item, person))
    form = _form(item, choice, request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.is_valid() and _password_confirmed(form, choice, person):
        try:
            actions.act(item.pk, action, person, form.cleaned_data["note"], form.assignee_id)
        except Refused as refused:
            if refused.code in STALE:
                return _overtaken(request, _item(request, pk), refused.message)
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
            else:
                problem = refused.message
        else:
            messages.success(request, str(wording(action, item.kind).done))
            return redirect("casework", number=item.case.number)
    status = 409 if problem and not form.errors else 200
    return render(request, "casework/act.html", _act_page(item, choice, form, person, problem), status=status)


def _act_page(item: WorkItem, choice: ActionChoice, form: ActionForm, person: Person, problem: str) -> dict[str, Any]:
    band, left = standing_of(item)
    return {
        "case": item.case,
        "item": item,
        "words": wording(choice.name, item.kind),
        "form": form,
        "problem": problem,
        "band": band,
        "left": left,
        "preview": queries.outcome_preview(item, person) if choice.needs_password else None,
        "signed": _to_be_sealed(item.case) if item.kind == routing.Kind.SEAL else None,
        "promise": desk.promise_if_accepted_now(item.case) if choice.name == "accept" else None,
    }


def _to_be_sealed(case: Case) -> str:
    """Address of the signed outcome; empty while it is still being drawn up."""
    drawn = [
        document for document in queries.documents_of(case, for_resident=False) if document.kind == "outcome" and document.file
    ]
    return reverse("casework_document", args=[case.number, drawn[-1].code]) if drawn else ""


def _password_confirmed(form: ActionForm, choice: ActionChoice, person: Person) -> bool:
    if not choice.needs_password:
        return True
    try:
        if people.confirm_password(person, form.cleaned_data["password"]):
            return True
        form.add_error("password", _("This is not your password. Nothing has been signed."))
    except Refused as locked:
        form.add_error("password", locked.message)
    return False


def _why_not(item: WorkItem, person: Person) -> str | Promise:
    """Why an item cannot be worked on as the page on the screen says."""
    if item.state != WorkItem.State.OPEN:
        if item.finished_by is None or item.finished_at is None:
            return _("This step is already closed.")
        if item.finished_by_id == person.pk:
            return _("You have finished this step already.")
        facts = {"name": item.finished_by.full_name, "at": f"{clock.local(item.finished_at):%H:%M %d/%m/%Y}"}
        return _("%(name)s finished this step at %(at)s.") % facts
    if item.claimed_by is None:
        return _("Take the work item first, so that two people do not do the same work.")
    if item.claimed_by_id != person.pk and item.claimed_at is not None:
        facts = {"name": item.claimed_by.full_name, "since": f"{clock.local(item.claimed_at):%H:%M %d/%m/%Y}"}
        return _("%(name)s has been working on this since %(since)s.") % facts
    return REFUSALS["state"]


def _overtaken(request: HttpRequest, item: WorkItem, reason: str | Promise) -> HttpResponse:
    """The case as it stands now, the reason on top, and what was typed kept on the page."""
    if request.method != "POST":
        messages.warning(request, str(reason))
        return redirect("casework", number=item.case.number)
    case = _case(request, item.case.number or "")
    context = {**_whole(request, case, request.POST.get("note", "").strip()), "problem": reason}
    return render(request, "casework/case.html", context, status=409)


# Files


@official
@framed
def casework_attachment(request: HttpRequest, number: str, attachment: UUID) -> HttpResponseBase:
    """A file the applicant attached, shown in the page or, with `?tai`, saved."""
    person = person_of(request)
    try:
        found = queries.attachment_for_official(person, number, attachment)
    except Attachment.DoesNotExist:
        raise Http404 from None
    record_look(person, number, f"file:{found.pk.hex[:8]}")
    return documents.file_response(found, inline="tai" not in request.GET)


@official
@framed
def casework_document(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """The PDF of a receipt or an outcome, also while it waits for its seal."""
    person = person_of(request)
    try:
        found = queries.document_for_official(person, number, code)
    except IssuedDocument.DoesNotExist:
        raise Http404 from None
    record_look(person, number, f"document:{code}")
    return documents.file_response(found, inline="tai" not in request.GET)
