"""What workers do: react to events, open work items, draw up documents. Each is safe to repeat."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from identity.offices import queries as offices
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from services.cases import deadlines, lifecycle, routing
from services.cases.actions.application_forms import keep_form
from services.cases.actions.assignment import go_on_counting
from services.cases.actions.bulk import document_signed
from services.cases.actions.events import allowed, locked, record, site_link
from services.cases.actions.sharing_out import place
from services.cases.actions.statutory import extended, link, refused, stopped, supplement_asked, taken_back
from services.cases.actions.supplements import refresh_form, tell_of_answer, tell_of_lapse
from services.cases.actions.telling import tell_official
from services.cases.actions.thread import tell_applicant, tell_desks
from services.cases.actions.work import DOCUMENT_TASK
from services.cases.models import Case, CaseDocument, CaseEvent, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.course import TURNS, current_rounds, last_holders
from services.cases.queries.page import Desks
from services.cases.queries.papers import outcome_data, receipt_data
from services.catalogue import actions as catalogue
from services.documents import actions as documents
from services.documents import storing
from services.documents.models import IssuedDocument
from services.notices import actions as notices

CHECK_HOURS = 8
"""An application filed online is checked within eight working hours (Điều 8 Nghị quyết 66.7/2025/NQ-CP)."""


class RouteBroken(Exception):
    """A step of a published route leads to no office; the event waits until the office exists."""


@transaction.atomic
def handle_events(case_pk: int) -> int:
    """React to every event of the case that nobody reacted to yet, in order. Returns how many; a repeat returns 0."""
    case = locked(case_pk)
    handled = 0
    while event := case.events.filter(handled_at=None).select_related("work_item__office", "actor").order_by("sequence").first():
        for reaction in REACTIONS.get(event.action, ()):
            reaction(case, event)
        if notice := NOTICES.get(event.action):
            _notify(case, event, notice)
        _settle(case)
        event.handled_at = clock.now()
        event.save(update_fields=["handled_at"])
        handled += 1
    return handled


def _system(case: Case, name: str, *, item: WorkItem | None = None, data: dict[str, Any] | None = None) -> None:
    action = allowed(name, case, actor=lifecycle.Actor.SYSTEM)
    record(case, action, item=item, office=item.office if item else None, data=data)


def _filed(case: Case, event: CaseEvent) -> None:
    catalogue.count_filing(case.version.procedure_id)
    keep_form(case)
    _open(case, routing.first(routing.route(case.version.route), case.answers))


def _accepted(case: Case, event: CaseEvent) -> None:
    office = event.work_item.office if event.work_item else None
    document = documents.request_document(
        kind=IssuedDocument.Kind.RECEIPT,
        template="receipt",
        title=RECEIPT_TITLE,
        case_number=case.number or "",
        office=offices.agency_of(case.agency),
        data=receipt_data(case, event.actor, office),
    )
    link(case, document, event)
    _step_done(case, event)


RECEIPT_TITLE = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"


def _signed_by_approver(case: Case, event: CaseEvent) -> None:
    """The approver has decided: freeze what the outcome says and have it drawn up; the route goes on once it is signed."""
    item, signer = event.work_item, event.actor
    if item is None or signer is None:
        raise RouteBroken(f"{event} names no step or signer")
    data = outcome_data(case, item, signer)
    document = documents.request_document(
        kind=IssuedDocument.Kind.OUTCOME,
        template=f"outcome_{data['layout']}",
        title=case.version.result_name,
        case_number=case.number or "",
        office=offices.agency_of(item.office),
        data=data,
        signer=signer,
    )
    link(case, document, event)


def _step_done(case: Case, event: CaseEvent) -> None:
    """Open what follows a finished step, once its parallel neighbours are done too."""
    item = event.work_item
    if item is None:
        raise RouteBroken(f"{event} names no step")
    rounds = current_rounds(case)
    # What was asked besides the route moves nothing; what the case has gone back behind is done again.
    if item.asked_by_item_id is not None or item.round != rounds.get(item.step, 1):
        return _answered(case, event, item)
    following = routing.after(routing.route(case.version.route), item.step, _still_open(case, rounds), case.answers)
    given = event.data.get("assignee")
    _open(case, following, {} if given is None else {step.key: given for step in following}, by=event.actor)


def _answered(case: Case, event: CaseEvent, item: WorkItem) -> None:
    """Tell who asked an office besides the route that it has answered, or that its silence counts as agreement."""
    asker = item.asked_by_item
    if asker is not None and asker.state == WorkItem.State.OPEN and asker.claimed_by is not None:
        tell_official(f"consult-answered-{event.pk}", asker.claimed_by, "consult_answered", case, item)


def _still_open(case: Case, rounds: Mapping[str, int]) -> set[str]:
    """Steps that are open in the round they are in, and those that an event yet to be handled will open."""
    items = case.work_items.filter(state=WorkItem.State.OPEN, asked_by_item=None).values_list("step", "round")
    coming = case.events.filter(action__in=TURNS, handled_at=None).values_list("data", flat=True)
    return {step for step, number in items if number == rounds.get(step, 1)}.union(*(data["opens"] for data in coming))


def _turned(case: Case, event: CaseEvent) -> None:
    """The case went back, was passed on or opened again: open the steps the event names, for those who did them last."""
    opens = event.data["opens"]
    steps = [step for step in routing.route(case.version.route) if step.key in opens]
    stayed = event.action == "return_step"
    _open(case, steps, last_holders(case, opens) if stayed else {}, by=event.actor)


def _settle(case: Case) -> None:
    """The state follows the route: work has begun once a step after reception is open, and is complete once only handing over is left."""
    if case.state not in (lifecycle.State.ACCEPTED, lifecycle.State.IN_PROGRESS):
        return
    kinds = set(case.work_items.filter(state=WorkItem.State.OPEN).values_list("kind", flat=True))
    if kinds and case.state == lifecycle.State.ACCEPTED:
        _system(case, "begin")
    if kinds == {routing.Kind.HAND_OVER.value}:
        _system(case, "complete")


def _open(
    case: Case, steps: Sequence[routing.Step], assignees: Mapping[str, int] | None = None, *, by: Person | None = None
) -> None:
    # The case ended before the workers came to what was done before: nothing opens any more.
    if case.state in lifecycle.CLOSED:
        return
    calendar, rounds = calendar_of(case.agency), current_rounds(case)
    desks = Desks(case)
    now = clock.now()
    for step in steps:
        office = desks.office(step)
        if office is None:
            raise RouteBroken(f"{case.version} step {step.key} leads to no office")
        hours = step.hours if step.hours is not None or step.kind is not routing.Kind.RECEIVE else CHECK_HOURS
        start = deadlines.clock_start(now, calendar) if step.kind is routing.Kind.RECEIVE else now
        counted = None if hours is None else deadlines.add_minutes(start, int(hours * 60), calendar)
        own = step.hours
        if step.days is not None:
            # A limit of its own in calendar days, which the desk shows in the working hours it comes to.
            counted = deadlines.due(now, step.days, deadlines.Unit.CALENDAR_DAY, calendar)
            own = Decimal(deadlines.minutes_between(now, counted, calendar)) / 60
        item, opened = WorkItem.objects.get_or_create(
            case=case,
            step=step.key,
            round=rounds.get(step.key, 1),
            defaults={
                "position": step.position,
                "title": step.title,
                "kind": step.kind,
                "power": step.power,
                "office": office,
                "agency": case.agency,
                "points": step.points,
                "silence": step.silence,
                "hours": own,
                "opened_at": now,
                "due_at": counted or max(case.due_at or now, now),
            },
        )
        if opened:
            place(case, item, (assignees or {}).get(step.key), by)


def _withdrawal_asked(case: Case, event: CaseEvent) -> None:
    """The decision on a withdrawal is a work item of its own at the receiving office."""
    route = routing.route(case.version.route)
    office = Desks(case).office(route[0])
    if office is None:
        raise RouteBroken(f"{case.version} has no receiving office")
    now = clock.now()
    item = WorkItem.objects.create(
        case=case,
        step=routing.Kind.WITHDRAWAL,
        round=1 + case.work_items.filter(kind=routing.Kind.WITHDRAWAL).count(),
        position=len(route),
        title=WITHDRAWAL_TITLE,
        kind=routing.Kind.WITHDRAWAL,
        power=routing.POWER_OF_KIND[routing.Kind.WITHDRAWAL],
        office=office,
        agency=case.agency,
        hours=CHECK_HOURS,
        due_at=deadlines.add_minutes(now, CHECK_HOURS * 60, calendar_of(case.agency)),
    )
    place(case, item)


WITHDRAWAL_TITLE = "Xem xét đề nghị rút hồ sơ"


def _document_signed(case: Case, event: CaseEvent) -> None:
    """A signed outcome lets the route go on to the registry; other signed documents change nothing."""
    if event.data.get("kind") == IssuedDocument.Kind.OUTCOME:
        _step_done(case, event)


def _document_issued(case: Case, event: CaseEvent) -> None:
    """A sealed outcome lets the route go on past the registry; a receipt changes nothing."""
    if event.data.get("kind") == IssuedDocument.Kind.OUTCOME:
        issued = IssuedDocument.objects.get(code=event.data["code"])
        storing.keep_issued(case.filed_by, issued)
        for earlier in IssuedDocument.objects.filter(case_link__case=case, kind=issued.kind, replaced_by=None).exclude(
            pk=issued.pk
        ):
            documents.replace(earlier, issued)
        _step_done(case, event)


REACTIONS: dict[str, tuple[Callable[[Case, CaseEvent], None], ...]] = {
    "file": (_filed,),
    "file_at_counter": (_filed,),
    "accept": (_accepted,),
    "finish": (_step_done,),
    "give_opinion": (_step_done,),
    "silence": (_step_done,),
    "return_step": (_turned,),
    "reopen": (_turned, taken_back),
    "transfer": (_turned,),
    "approve": (_step_done,),
    "sign": (_signed_by_approver,),
    "document_signed": (_document_signed, document_signed),
    "document_issued": (_document_issued,),
    "request_withdrawal": (_withdrawal_asked,),
    "request_supplement": (supplement_asked,),
    "refuse": (refused,),
    "extend": (extended,),
    "stop": (stopped,),
    "grant_withdrawal": (stopped,),
    "answer_supplement": (go_on_counting, refresh_form, tell_of_answer),
    "supplement_lapsed": (tell_of_lapse,),
    "confirm_payment": (go_on_counting,),
    "decline_withdrawal": (go_on_counting,),
    "send_message": (tell_applicant,),
    "write_message": (tell_desks,),
}
"""What workers do after each action, in order, in the transaction that marks the event as handled."""

NOTICES: dict[str, str] = {
    "file": "filed",
    "file_at_counter": "filed",
    "accept": "accepted",
    "refuse": "refused",
    "request_supplement": "supplement_requested",
    "answer_supplement": "supplement_answered",
    "supplement_lapsed": "supplement_lapsed",
    "request_payment": "payment_requested",
    "confirm_payment": "payment_confirmed",
    "request_withdrawal": "withdrawal_requested",
    "grant_withdrawal": "stopped",
    "decline_withdrawal": "in_progress",
    "stop": "stopped",
    "extend": "extended",
    "transfer": "transferred",
    "reopen": "reopened",
    "begin": "in_progress",
    "complete": "completed",
    "hand_over": "returned",
}


def _notify(case: Case, event: CaseEvent, name: str) -> None:
    notices.queue(
        key=f"case-event-{event.pk}",
        person=case.filed_by,
        event=name,
        values={
            "number": case.number or "",
            "procedure": case.version.name,
            "agency": case.agency.name,
            "due": f"{clock.local(case.due_at):%H:%M %d/%m/%Y}" if case.due_at else "",
            "reason": event.note,
            "office": event.work_item.office.name if event.work_item else case.agency.name,
            "return_place": _return_place(case),
            "url": site_link(case),
        },
    )


def _return_place(case: Case) -> str:
    # The last one: a case that was passed on is received elsewhere.
    receiving = case.work_items.filter(kind=routing.Kind.RECEIVE, agency=case.agency).select_related("office").first()
    return receiving.office.name if receiving else case.agency.name


def produce_document(link_pk: int) -> bool:
    """Draw up, sign or seal a document, whichever is next. Returns whether this call did it; a repeat does nothing.

    The slow part runs outside any transaction; the new state and the event are written together.
    """
    link = CaseDocument.objects.select_related("issued").get(pk=link_pk)
    state = IssuedDocument.State(link.issued.state)
    if state is IssuedDocument.State.TO_SIGN:
        return documents.draw_up(link.issued_id, lambda document: announce(link_pk, document))
    if state is IssuedDocument.State.TO_SEAL:
        return documents.seal(link.issued_id, lambda document: announce(link_pk, document))
    return False


def announce(link_pk: int, document: IssuedDocument) -> None:
    """Write down in the case that a document was signed or issued, which lets its route go on."""
    link = CaseDocument.objects.select_related("work_item__office").get(pk=link_pk)
    case = locked(link.case_id)
    if document.state == IssuedDocument.State.TO_SEAL:
        # It had its number from the start: the seal follows the signature without anybody asking for it.
        after_commit(DOCUMENT_TASK, link_pk)
        return
    data = {"code": document.code, "kind": document.kind, "sha256": document.sha256, "number": document.number}
    if document.state == IssuedDocument.State.SIGNED:
        _system(case, "document_signed", item=link.work_item, data=data)
        return
    sealing = case.work_items.filter(kind=routing.Kind.SEAL).select_related("office").order_by("-pk").first()
    _system(case, "document_issued", item=sealing if document.kind == IssuedDocument.Kind.OUTCOME else link.work_item, data=data)
