"""Whose a work item is: handed to a colleague, taken back, shared out, returned when nobody touches it or its holder has left."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.actions import LEFT_TASK
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import deadlines, lifecycle, sharing
from services.cases.actions import sharing_out
from services.cases.actions.events import allowed, check_seen, locked, record
from services.cases.actions.sharing_out import give, touch, touch_held
from services.cases.actions.telling import tell_official
from services.cases.models import Case, CaseEvent, WorkItem
from services.cases.queries import assignment as queries
from services.cases.queries.calendars import calendar_of
from services.cases.queries.desk import is_waiting

__all__ = [
    "LEFT_TASK",
    "assign",
    "expire_claim",
    "go_on_counting",
    "look_at",
    "return_work",
    "share_out_all",
    "share_out_item",
    "take_back",
    "touch",
    "touch_held",
]


def _to_give(item_pk: int, by: Person, seen: int | None) -> tuple[Case, WorkItem, frozenset[str]]:
    """The locked case, the open item, and the powers of somebody who may say whose it is; WorkItem.DoesNotExist for a stranger."""
    case = locked(WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk))
    item = WorkItem.objects.select_related("office", "agency", "claimed_by").get(pk=item_pk)
    item.case = case
    powers = frozenset[str]().union(*(post.powers for post in offices.posts_of(by) if post.office_id == item.office_id))
    if not powers.intersection({item.power, Power.LEAD}):
        raise WorkItem.DoesNotExist
    if item.state != WorkItem.State.OPEN:
        raise Refused("work.closed", _("This step is already closed."))
    if item.claimed_by_id != by.pk and Power.LEAD not in powers:
        if item.claimed_by is None:
            raise Refused("work.unclaimed", _("Take the work item first, so that two people do not do the same work."))
        raise Refused(
            "work.held", _("Only %(name)s, or the head of the office, can do this.") % {"name": item.claimed_by.full_name}
        )
    check_seen(case, seen, by)
    return case, item, powers


@transaction.atomic
def assign(item_pk: int, to_person_id: int, by: Person, note: str = "", *, seen: int | None = None) -> WorkItem:
    """Give an item to a colleague: its holder hands it on, a head of the office gives any. To whom has it already changes nothing.

    The colleague needs the step's power at the office; being away is no bar. Raises as `work.act` does.
    """
    case, item, powers = _to_give(item_pk, by, seen)
    to = offices.holders(item.office, item.power).filter(pk=to_person_id).first()
    if to is None:
        raise Refused("work.assignee", _("Choose a colleague of this office who may do this step."), field="assignee", status=422)
    if item.claimed_by_id == to.pk:
        return item
    action = allowed("assign", case, powers=powers)
    before = item.claimed_by
    mode = "handed" if before is not None and before.pk == by.pk else "assigned"
    why = {"mode": mode, "by": by.pk, "by_name": by.full_name, "note": note.strip()}
    give(item, to, {"mode": "pulled"} if to.pk == by.pk else why)
    data = {"to": to.pk, "from": before.pk if before else None}
    event = record(case, action, by=by, office=item.office, item=item, note=note, data=data)
    if to.pk == by.pk:
        touch(item)
    else:
        tell_official(f"work-assigned-{item.pk}-{event.sequence}", to, "work_assigned", case, item, reason=note.strip())
    return item


@transaction.atomic
def take_back(item_pk: int, by: Person, *, seen: int | None = None) -> WorkItem:
    """Back to the queue of the office: by its holder, or by a head for a colleague. Raises as `assign` does."""
    case, item, powers = _to_give(item_pk, by, seen)
    if item.claimed_by_id is None:
        return item
    action = allowed("release", case, powers=powers)
    _to_queue(item, {"mode": "returned", "by": by.pk, "by_name": by.full_name})
    record(case, action, by=by, office=item.office, item=item)
    return item


@transaction.atomic
def share_out_item(item_pk: int, by: Person | None = None) -> bool:
    """Share out one unclaimed item, asked for by a head or by a worker. Whether somebody got it; a repeat does nothing.

    A head may also have an item shared out anew that a colleague who is away holds. Raises WorkItem.DoesNotExist for others.
    """
    case = locked(WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk))
    item = WorkItem.objects.select_related("office", "agency").get(pk=item_pk)
    item.case = case
    if by is not None and not offices.has_power(by, Power.LEAD, item.office):
        raise WorkItem.DoesNotExist
    if item.state != WorkItem.State.OPEN or (by is None and not item.office.shares_out):
        return False
    if item.claimed_by_id is not None:
        away = offices.away_on([item.claimed_by_id], queries.working_day(item.office))
        if by is None or not away:
            return False
        return _share_out_anew(case, item, item.claimed_by_id, by)
    return sharing_out.share_out(case, item, by)


def _share_out_anew(case: Case, item: WorkItem, from_person: int, by: Person) -> bool:
    """From somebody who is away to their deputy, else by load; nobody there leaves it where it is."""
    Office.objects.select_for_update(no_key=True).get(pk=item.office_id)
    choice = sharing.choose(queries.candidates(item, knower=from_person))
    if choice is not None:
        sharing_out.give_chosen(case, item, choice, by)
    return choice is not None


def share_out_all(office: Office, by: Person, of_person: int | None = None) -> tuple[int, int]:
    """A head has everything unclaimed shared out, or all that a colleague who is away holds. How many were, and how many stay.

    Each item is a transaction of its own. Raises Office.DoesNotExist for anybody but a head.
    """
    if not offices.has_power(by, Power.LEAD, office):
        raise Office.DoesNotExist
    if of_person is None:
        items = list(queries.unclaimed(office).values_list("pk", flat=True)[: queries.SWEPT])
    else:
        items = list(queries.held_by(office, of_person))
    given = sum(share_out_item(pk, by) for pk in items)
    return given, len(items) - given


# Holds that end by themselves


@transaction.atomic
def expire_claim(item_pk: int) -> sharing.Hold:
    """Warn the holder of an item nobody touches, once, or return it to the queue and tell holder and heads. Safe to repeat."""
    case = locked(WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk))
    item = WorkItem.objects.select_related("office", "agency", "claimed_by").get(pk=item_pk)
    item.case = case
    holder = item.claimed_by
    if item.state != WorkItem.State.OPEN or holder is None or is_waiting(item) or case.events.filter(handled_at=None).exists():
        return sharing.Hold.FRESH
    hold = sharing.hold(queries.idle_minutes(item, clock.now()), settings.CLAIM_IDLE_HOURS)
    since = item.touched_at or item.claimed_at or item.opened_at
    if hold is sharing.Hold.WARN:
        ends = deadlines.add_minutes(since, settings.CLAIM_IDLE_HOURS * 60, calendar_of(item.agency))
        tell_official(f"work-expiring-{item.pk}-{int(since.timestamp())}", holder, "claim_expiring", case, item, due=ends)
    if hold is sharing.Hold.OVER:
        event = _return(case, item, holder, "idle")
        for person in {holder, *offices.holders(item.office, Power.LEAD)}:
            tell_official(f"work-returned-{event.pk}-{person.pk}", person, "claim_expired", case, item)
    return hold


@transaction.atomic
def _return_left(item_pk: int) -> None:
    case = locked(WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk))
    item = WorkItem.objects.select_related("office", "claimed_by").get(pk=item_pk)
    holder = item.claimed_by
    if (
        item.state != WorkItem.State.OPEN
        or holder is None
        or offices.holders(item.office, item.power).filter(pk=holder.pk).exists()
    ):
        return
    event = _return(case, item, holder, "left")
    for head in offices.holders(item.office, Power.LEAD):
        tell_official(f"work-left-{event.pk}-{head.pk}", head, "work_returned", case, item)


def return_work(person_id: int | None = None) -> int:
    """Return the open work of people who may no longer do it to the queues; of one person, or of all. How many items."""
    items = queries.left_behind(person_id)
    for pk in items:
        _return_left(pk)
    return len(items)


def _return(case: Case, item: WorkItem, holder: Person, why: str) -> CaseEvent:
    """Back to the queue by itself; how it had come to its holder stays written down."""
    _to_queue(item, {**item.assignment, "returned": why})
    action = allowed("expire_claim", case, actor=lifecycle.Actor.SYSTEM)
    return record(case, action, office=item.office, item=item, data={"from": holder.pk, "why": why})


def _to_queue(item: WorkItem, assignment: dict[str, Any]) -> None:
    item.claimed_by = item.claimed_at = item.touched_at = None
    item.assignment = assignment
    item.save(update_fields=["claimed_by", "claimed_at", "touched_at", "assignment"])


def go_on_counting(case: Case, event: CaseEvent) -> None:
    """The applicant has answered: whoever holds work in the case has the whole time again before it goes back."""
    case.work_items.filter(state=WorkItem.State.OPEN, claimed_by__isnull=False).update(touched_at=event.at)


def look_at(items: list[WorkItem]) -> None:
    """The holder of these items has opened their case, and seen that they are theirs."""
    new = [item.pk for item in items if item.claimed_by_id is not None and item.touched_at is None]
    if new:
        WorkItem.objects.filter(pk__in=new, touched_at=None).update(touched_at=clock.now())
