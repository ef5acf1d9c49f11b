"""What officials do with work items."""

from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases import routing
from services.cases.actions.course import end
from services.cases.actions.events import allowed, check_seen, locked, record
from services.cases.actions.sharing_out import touch
from services.cases.models import Case, CaseDocument, HandOver, WorkItem
from services.cases.queries.fields import unfilled
from services.documents import actions as documents
from services.documents.models import IssuedDocument

DOCUMENT_TASK = "cases.produce_document"
ENDING = frozenset({"refuse", "stop", "grant_withdrawal"})


def _at_desk(item_pk: int, by: Person) -> tuple[Case, WorkItem, frozenset[str]]:
    """The locked case, the item, and the person's powers at its office; WorkItem.DoesNotExist for a stranger."""
    case_pk = WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk)
    case = locked(case_pk)
    item = WorkItem.objects.select_related("office", "claimed_by").get(pk=item_pk)
    item.case = case
    powers = frozenset[str]().union(*(post.powers for post in offices.posts_of(by) if post.office_id == item.office_id))
    if item.power not in powers:
        raise WorkItem.DoesNotExist
    return case, item, powers


def _held_by_another(item: WorkItem) -> Refused:
    name = item.claimed_by.full_name if item.claimed_by else ""
    since = f"{clock.local(item.claimed_at):%H:%M %d/%m/%Y}" if item.claimed_at else ""
    return Refused("work.held", _("%(name)s has been working on this since %(since)s.") % {"name": name, "since": since})


def _must_be_open(item: WorkItem) -> None:
    if item.state != WorkItem.State.OPEN:
        who = item.finished_by.full_name if item.finished_by else ""
        message = _("This step was already finished by %(name)s.") % {"name": who} if who else _("This step is already closed.")
        raise Refused("work.closed", message)


def held(item_pk: int, by: Person, seen: int | None = None) -> tuple[Case, WorkItem, frozenset[str]]:
    """The locked case, the item the person holds, and their powers at its office. Raises as `act` does."""
    case, item, powers = _at_desk(item_pk, by)
    _must_be_open(item)
    if item.claimed_by_id is None:
        raise Refused("work.unclaimed", _("Take the work item first, so that two people do not do the same work."))
    if item.claimed_by_id != by.pk:
        raise _held_by_another(item)
    check_seen(case, seen, by)
    touch(item)
    return case, item, powers


@transaction.atomic
def claim(item_pk: int, by: Person) -> WorkItem:
    """Take an item; taking one's own again changes nothing. Raises Refused("work.held") naming who has it."""
    case, item, powers = _at_desk(item_pk, by)
    _must_be_open(item)
    if item.claimed_by_id == by.pk:
        return item
    if item.claimed_by_id is not None:
        raise _held_by_another(item)
    action = allowed("claim", case, powers=powers)
    item.claimed_by, item.claimed_at, item.assignment = by, clock.now(), {"mode": "pulled"}
    item.touched_at = item.claimed_at
    item.save(update_fields=["claimed_by", "claimed_at", "touched_at", "assignment"])
    record(case, action, by=by, office=item.office, item=item)
    return item


@transaction.atomic
def release(item_pk: int, by: Person) -> WorkItem:
    """Give an item back to the queue; its holder may, and a head of the office may for a colleague."""
    case, item, powers = _at_desk(item_pk, by)
    _must_be_open(item)
    if item.claimed_by_id is None:
        return item
    if item.claimed_by_id != by.pk and Power.LEAD not in powers:
        raise _held_by_another(item)
    action = allowed("release", case, powers=powers)
    item.claimed_by = item.claimed_at = item.touched_at = None
    item.assignment = {"mode": "returned", "by": by.pk, "by_name": by.full_name}
    item.save(update_fields=["claimed_by", "claimed_at", "touched_at", "assignment"])
    record(case, action, by=by, office=item.office, item=item)
    return item


@transaction.atomic
def act(item_pk: int, name: str, by: Person, note: str = "", assignee_id: int | None = None, *, seen: int | None = None) -> Case:
    """Do `name`, for which a note is enough, with an item one holds. The page has confirmed the password before "sign" and "seal".

    An opinion given so is agreement; an outcome handed over so was given to the applicant at the counter.

    `seen` is the number of the last event the person saw. Raises Overtaken when something happened since, Refused when the table,
    the holder or the route says no; WorkItem.DoesNotExist for a stranger.
    """
    case, item, powers = held(item_pk, by, seen)
    if name not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)] or name in routing.OWN_DOOR:
        raise Refused("work.not_here", _("This step does not have that action."))
    action = allowed(name, case, powers=powers, reason=note)
    data: dict[str, object] = {}
    if assignee_id is not None:
        data["assignee"] = _assignee(item, assignee_id)
    if name == "seal":
        data["code"] = _request_seal(case, by).code
    if name == "give_opinion":
        item.result = data["result"] = WorkItem.Result.AGREED.value
    if name in routing.CLOSING - ENDING and unfilled(item):
        raise Refused("work.unfilled", _("Answer the questions of this step first, under “Internal content”."))
    if name in ENDING:
        # What its holder asked of others falls away too.
        end(case, note, but=item)
    if name in routing.CLOSING:
        close(item, by, note)
    event = record(case, action, by=by, office=item.office, item=item, note=note, data=data)
    if name == "hand_over":
        HandOver.objects.create(case=case, event=event, means=HandOver.Means.COUNTER, recipient=case.filed_by.full_name[:120])
    return case


def _assignee(item: WorkItem, person_id: int) -> int:
    if not offices.holders(item.office, Power.PROCESS).filter(pk=person_id).exists():
        raise Refused("work.assignee", _("Choose a colleague of this office."), field="assignee", status=422)
    return person_id


def close(item: WorkItem, by: Person, note: str) -> None:
    """Finish a held item. Refused while an office its holder asked has not answered."""
    waiting = WorkItem.objects.filter(asked_by_item=item, state=WorkItem.State.OPEN).select_related("office").order_by("pk")
    if names := ", ".join(one.office.name for one in waiting):
        message = _("Not answered yet: %(offices)s. Wait for the answers, or call the questions off.") % {"offices": names}
        raise Refused("work.asked", message)
    item.state, item.finished_by, item.finished_at, item.note = WorkItem.State.DONE, by, clock.now(), note.strip()
    item.save(update_fields=["state", "finished_by", "finished_at", "note", "result"])


def _request_seal(case: Case, by: Person) -> IssuedDocument:
    """The outcome, numbered, on its way to the seal."""
    link = (
        CaseDocument.objects.select_related("issued__office")
        .filter(case=case, issued__kind=IssuedDocument.Kind.OUTCOME)
        .order_by("-pk")
        .first()
    )
    if link is None or link.issued.state != IssuedDocument.State.SIGNED:
        raise Refused("work.unsigned", _("The outcome is still being signed. Try again in a moment."))
    document = link.issued
    documents.take_number(document, document.office, document.data["symbol"], clock.today())
    documents.request_seal(document, by)
    after_commit(DOCUMENT_TASK, link.pk)
    return document
