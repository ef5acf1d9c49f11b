"""Giving a work item that has just opened, or waits in the queue, to somebody. The caller holds the lock of the case."""

from typing import Any

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import lifecycle, sharing
from services.cases.actions.events import allowed, record
from services.cases.actions.telling import tell_official
from services.cases.models import Case, WorkItem
from services.cases.queries import assignment as queries


def place(case: Case, item: WorkItem, assignee: int | None = None, by: Person | None = None) -> None:
    """A step has opened: it goes to whom a head named, else to whom the sharing rule chooses where the office shares out."""
    if assignee is not None and (to := offices.holders(item.office, item.power).filter(pk=assignee).first()):
        give(item, to, {"mode": "assigned", **_giver(by)})
        if by is None or to.pk != by.pk:
            tell_official(f"work-assigned-{item.pk}-0", to, "work_assigned", case, item)
    elif item.office.shares_out:
        share_out(case, item)


def share_out(case: Case, item: WorkItem, by: Person | None = None) -> bool:
    """Give the unclaimed item to whom the sharing rule chooses. Without anybody there it stays, and the heads are told once a day."""
    # One at a time per office: two cases shared out at the same moment must see each other's loads.
    office = Office.objects.select_for_update(no_key=True).get(pk=item.office_id)
    choice = sharing.choose(queries.candidates(item))
    if choice is None:
        WorkItem.objects.filter(pk=item.pk).update(assignment={"mode": "waiting"})
        for head in offices.holders(office, Power.LEAD):
            tell_official(f"nobody-there-{office.pk}-{head.pk}-{clock.today()}", head, "nobody_there", case, item)
        return False
    give_chosen(case, item, choice, by)
    return True


def give_chosen(case: Case, item: WorkItem, choice: sharing.Choice, by: Person | None) -> None:
    """Give the item as the rule chose, with the reasons; `by` is the head who asked for it, if one did."""
    reasons = [dict(reason) for reason in choice.reasons]
    data = {"to": choice.person, "from": item.claimed_by_id, "reasons": reasons}
    to = Person.objects.get(pk=choice.person)
    give(item, to, {"mode": "shared", "reasons": reasons})
    action = allowed("share_out", case, actor=lifecycle.Actor.SYSTEM)
    event = record(case, action, by=by, office=item.office, item=item, data=data)
    tell_official(f"work-shared-out-{item.pk}-{event.sequence}", to, "work_shared_out", case, item)


def give(item: WorkItem, to: Person, assignment: dict[str, Any]) -> None:
    """Write down whose the item is now and why; they have not looked at it yet."""
    item.claimed_by, item.claimed_at, item.touched_at, item.assignment = to, clock.now(), None, assignment
    item.save(update_fields=["claimed_by", "claimed_at", "touched_at", "assignment"])


def touch(item: WorkItem) -> None:
    """Its holder has just done something with the item: the idle clock starts again."""
    item.touched_at = clock.now()
    WorkItem.objects.filter(pk=item.pk).update(touched_at=item.touched_at)


def touch_held(case: Case, by: Person) -> None:
    """Somebody has written about the case: the idle clock of what they hold in it starts again."""
    case.work_items.filter(state=WorkItem.State.OPEN, claimed_by=by).update(touched_at=clock.now())


def _giver(by: Person | None) -> dict[str, Any]:
    return {"by": by.pk, "by_name": by.full_name} if by else {}
