"""Requests for a supplement: asked once for everything, answered by the applicant, written down when nobody answers in time."""

from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import deadlines, lifecycle, prefill, routing, supplements, typed
from services.cases.actions.application_forms import keep_form
from services.cases.actions.course import office_of, on_case
from services.cases.actions.drafts import name_subject
from services.cases.actions.events import allowed, locked, record, site_link
from services.cases.actions.indexing import refresh_search
from services.cases.actions.ownership import own_case
from services.cases.actions.saving import SavedPage, put_together
from services.cases.actions.telling import tell_official
from services.cases.actions.work import held
from services.cases.models import Case, CaseEvent, SupplementRequest, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.prefill import contradictions
from services.cases.queries.supplements import Answering, Askable, answering, askable, may_ask_again, new_files
from services.cases.queries.typed import complaints, page_revision, wrong_texts
from services.cases.supplement_wording import INCOMPLETE, NOT_NEEDED, NOTHING_ASKED, PROBLEMS, SECOND, UNADDRESSED
from services.cases.supplements import PAGE, Ask, Item, ItemKind
from services.forms.validation import unanswered
from services.notices import actions as notices


class Incomplete(Refused):
    """The answer cannot be sent yet; `problems` are messages by key of the question or paper."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("supplement.incomplete", str(INCOMPLETE), status=422)
        self.problems = problems


@transaction.atomic
def request_supplement(item_pk: int, by: Person, ask: Ask, *, seen: int | None = None) -> SupplementRequest:
    """Ask the applicant for everything at once; the clock stops until the answer.

    Raises Refused("supplement.second") when no request is left, "supplement.…" for a request that cannot be sent, and as `act` does.
    """
    case, item, powers = held(item_pk, by, seen)
    if "request_supplement" not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Refused("work.not_here", _("This step does not have that action."))
    action = allowed("request_supplement", case, powers=powers, reason=ask.reason)
    if not may_ask_again(case):
        raise Refused("supplement.second", str(SECOND))
    known = askable(case)
    if code := supplements.problem(ask, known.fields, known.files):
        raise Refused(f"supplement.{code}", str(PROBLEMS[code]), field="days" if code == "days" else "", status=422)
    now = clock.now()
    days = ask.days or settings.SUPPLEMENT_ANSWER_DAYS
    answer_by = deadlines.due(now, days, deadlines.Unit.WORKING_DAY, calendar_of(case.agency))
    case.supplements += 1
    labelled = [_labelled(one, known) for one in ask.items]
    request = SupplementRequest.objects.create(
        case=case,
        number=case.supplements,
        work_item=item,
        items=[one.kept() for one in labelled],
        reason=ask.reason.strip(),
        instructions=ask.instructions.strip(),
        answer_by=answer_by,
        requested_by=by,
        requested_at=now,
    )
    words = supplements.in_words(Ask(tuple(labelled), ask.reason, ask.instructions))
    data = {"request": request.number, "items": len(labelled), "answer_by": answer_by.isoformat()}
    record(case, action, by=by, office=item.office, item=item, note=words, data=data)
    return request


def _labelled(item: Item, known: Askable) -> Item:
    labels = {ItemKind.FIELD: known.fields, ItemKind.PAPER: known.files}.get(item.kind, {})
    return replace(item, label=labels.get(item.key, ""), text=item.text.strip())


@transaction.atomic
def allow_supplement(case_pk: int, by: Person, reason: str, *, seen: int | None = None) -> Case:
    """A head or leader allows one request more than the law gives; it is counted.

    Raises Case.DoesNotExist for a stranger, Refused("supplement.not_needed") while a request is left.
    """
    case, powers = on_case(case_pk, by, seen)
    action = allowed("allow_supplement", case, powers=powers, reason=reason)
    if may_ask_again(case):
        raise Refused("supplement.not_needed", str(NOT_NEEDED))
    case.supplements_allowed += 1
    record(case, action, by=by, office=office_of(case, by, action), note=reason, data={"allowed": case.supplements_allowed})
    return case


# The applicant's answer


def _asked(case: Case) -> Answering:
    now = answering(case)
    if now is None:
        raise Refused("supplement.closed", str(NOTHING_ASKED))
    return now


@transaction.atomic
def save_answers(
    case: Case, by: Person, sent: typed.Inputs, note: str | None, *, revision: str = "", was: typed.Inputs | None = None
) -> SavedPage:
    """Keep what is typed while a supplement is answered; nothing of the case itself changes, and nothing that is not open is kept.

    `revision` and `was` are as in `save_page`; a `note` of None leaves the words to the office as they are.
    """
    owned = own_case(case.pk, by)
    now = _asked(owned)
    page = put_together(now.changed, now.form, PAGE, sent, revision=revision, was=was)
    if page.held:
        return page
    request, keys = now.request, [one.key for one in now.form.page(PAGE).fields]
    good = page.form.answers()
    request.answers = {key: good.get(key) for key in keys}
    request.typed = {PAGE: page.inputs} if typed.left_over(page.inputs, keys, good, complaints(page.form)) else {}
    if note is not None:
        request.note = note
    request.revision += 1
    request.save(update_fields=["answers", "typed", "note", "revision"])
    after = _asked(owned)
    return replace(page, case=after.changed, revision=page_revision(after.changed, after.form, PAGE))


@transaction.atomic
def answer_supplement(case: Case, by: Person, note: str) -> Case:
    """Send what was asked for: the corrected answers become those of the case, and the clock runs again.

    Raises Incomplete when an open answer is missing or not right, Refused("case.empty_supplement") when nothing was done about
    something that was asked for and the note does not say why.
    """
    owned = own_case(case.pk, by)
    action = allowed("answer_supplement", owned, actor=lifecycle.Actor.RESIDENT)
    now = _asked(owned)
    files = new_files(owned)
    if problems := _problems(now, files):
        raise Incomplete(problems)
    after = now.definition.kept(now.changed.answers)
    changes = supplements.changes(owned.answers, after)
    left = supplements.unaddressed(now.items, changes, {key: len(links) for key, links in files.items()})
    if left and not note.strip():
        named = "; ".join(one.label or one.text for one in left)
        raise Refused("case.empty_supplement", str(UNADDRESSED) % {"items": named}, field="note", status=422)
    at = clock.now()
    owned.provenance = prefill.provenance(owned.provenance, list(changes), owned.answers, after, {}, at.isoformat())
    owned.answers = after
    name_subject(owned, now.definition, owned.filed_by)
    refresh_search(owned)
    names = [link.attachment.name for links in files.values() for link in links]
    data = {"request": now.request.number, "changes": changes, "files": names}
    record(owned, action, by=by, note=note, data=data)
    now.request.note, now.request.answered_at, now.request.typed = note.strip(), at, {}
    now.request.save(update_fields=["note", "answered_at", "typed"])
    return owned


def _problems(now: Answering, files: Mapping[str, object]) -> dict[str, str]:
    """What is still missing or wrong among what is open. The rest was right when it was filed and cannot be changed here."""
    attached = {link.document for link in now.case.attachments.exclude(attachment__scan="infected")} | set(files)
    open_files = {paper.key for paper in now.papers()}
    found = {
        gap.field_key: str(gap.message)
        for gap in unanswered(now.form, now.changed.answers, attached)
        if gap.page_key == PAGE or (gap.page_key is None and gap.field_key in open_files)
    }
    found |= {key: message for page_key, key, message in wrong_texts(now.changed, now.form) if page_key == PAGE}
    for page_key, one in contradictions(now.changed, now.form):
        if page_key == PAGE:
            found[one.key] = _("%(question)s: take over what the checked record says") % {"question": one.label.said()}
    return found


# What workers do


def refresh_form(case: Case, event: CaseEvent) -> None:
    """The statutory form is drawn again with the corrected answers; the one that was filed stays."""
    if event.data.get("changes"):
        keep_form(case)


@transaction.atomic
def lapse(request_pk: int) -> bool:
    """Write down that the time to answer is over. Returns whether this call did it; a repeat, or an answer in time, changes nothing.

    The applicant can still answer until a head or leader stops the case.
    """
    case = locked(SupplementRequest.objects.values_list("case_id", flat=True).get(pk=request_pk))
    request = SupplementRequest.objects.select_related("work_item__office").get(pk=request_pk)
    over = request.answered_at is None and request.lapsed_at is None and request.answer_by < clock.now()
    if not over or case.state == Case.State.WITHDRAWAL:
        return False
    request.lapsed_at = clock.now()
    request.save(update_fields=["lapsed_at"])
    if case.state != Case.State.SUPPLEMENT:
        # The case ended in another way; the request only leaves the workers' list.
        return False
    action = allowed("supplement_lapsed", case, actor=lifecycle.Actor.SYSTEM)
    item = request.work_item
    record(case, action, item=item, office=item.office, data={"request": request.number})
    return True


def tell_of_lapse(case: Case, event: CaseEvent) -> None:
    """Tell whoever holds the work item that nobody answered in time."""
    _tell_holder(case, event, "supplement_lapsed_at_desk")


def tell_of_answer(case: Case, event: CaseEvent) -> None:
    """Tell whoever asked, and still holds the work item, that the applicant has answered."""
    asked = case.supplement_requests.filter(number=event.data.get("request")).select_related("work_item").first()
    if asked is not None:
        _tell_holder(case, event, "supplement_answered_at_desk", asked.work_item)


def _tell_holder(case: Case, event: CaseEvent, notice: str, item: WorkItem | None = None) -> None:
    item = item or event.work_item
    if item is not None and item.claimed_by is not None and item.state == WorkItem.State.OPEN:
        tell_official(f"{notice}-{event.pk}", item.claimed_by, notice, case, item)


def remind(request_pk: int) -> bool:
    """Remind the applicant that the time to answer ends soon. A repeat changes nothing."""
    request = SupplementRequest.objects.select_related(
        "case__version__procedure", "case__agency", "case__applicant", "work_item__office"
    ).get(pk=request_pk)
    case = request.case
    if request.answered_at is not None or case.state != Case.State.SUPPLEMENT:
        return False
    values = {
        "number": case.number or "",
        "procedure": case.version.name,
        "agency": case.agency.name,
        "office": request.work_item.office.name,
        "return_place": case.agency.name,
        "due": f"{clock.local(request.answer_by):%H:%M %d/%m/%Y}",
        "reason": "",
        "url": f"{site_link(case)}bo-sung/",
    }
    key = f"supplement-reminder-{request.pk}"
    return notices.queue(key=key, person=case.filed_by, event="supplement_reminder", values=values) is not None
