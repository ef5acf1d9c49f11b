"""Asking other offices besides the route, their answers, and what no answer in time means."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import deadlines, lifecycle, routing
from services.cases.actions.course import cancel
from services.cases.actions.events import allowed, locked, record
from services.cases.actions.sharing_out import place
from services.cases.actions.work import close, held
from services.cases.models import Case, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.course import offices_to_ask

MOST_OFFICES = 10
MOST_HOURS = 240
ASKED_TITLE = "Cho ý kiến"
Result = WorkItem.Result


@transaction.atomic
def consult(
    item_pk: int,
    by: Person,
    offices: Sequence[int],
    question: str,
    hours: Decimal | int,
    silence: bool,
    *,
    seen: int | None = None,
) -> list[WorkItem]:
    """Ask offices at once, each with a work item and a limit of its own. The item cannot be finished while answers are outstanding.

    With `silence`, no answer in time counts as agreement.
    """
    case, item, powers = held(item_pk, by, seen)
    if "consult" not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Refused("work.not_here", _("This step does not have that action."))
    if not question.strip():
        raise Refused("consult.question", _("Write what the offices are asked."), field="question", status=422)
    action = allowed("consult", case, powers=powers, reason=question)
    if not 0 < hours <= MOST_HOURS:
        message = _("Give between 1 and %(most)s working hours.") % {"most": MOST_HOURS}
        raise Refused("consult.hours", message, field="hours", status=422)
    asked = _asked(item, offices)
    now, calendar = clock.now(), calendar_of(case.agency)
    made = []
    for office in asked:
        one = WorkItem.objects.create(
            case=case,
            step=_key(case),
            position=item.position,
            title=f"{ASKED_TITLE}: {item.office.name}"[:200],
            kind=routing.Kind.CONSULT,
            power=routing.POWER_OF_KIND[routing.Kind.CONSULT],
            office=office,
            agency=case.agency,
            silence=silence,
            question=question.strip(),
            asked_by_item=item,
            hours=hours,
            opened_at=now,
            due_at=deadlines.add_minutes(now, int(hours * 60), calendar),
        )
        made.append(one)
    data = {"offices": [office.name for office in asked], "items": [one.pk for one in made]}
    record(case, action, by=by, office=item.office, item=item, note=question, data=data)
    for one in made:
        place(case, one)
    return made


def _asked(item: WorkItem, keys: Sequence[int]) -> list[Office]:
    wanted = set(keys)
    if not wanted or len(wanted) > MOST_OFFICES:
        message = _("Choose between 1 and %(most)s offices.") % {"most": MOST_OFFICES}
        raise Refused("consult.offices", message, field="offices", status=422)
    found = [office for office in offices_to_ask(item, chosen=sorted(wanted)) if office.pk in wanted]
    if len(found) < len(wanted):
        raise Refused("consult.offices", _("One of these offices has nobody who could answer."), field="offices", status=422)
    waiting = WorkItem.objects.filter(asked_by_item=item, state=WorkItem.State.OPEN, office__in=found).select_related("office")
    if twice := waiting.first():
        message = _("%(office)s was asked already and has not answered yet.") % {"office": twice.office.name}
        raise Refused("consult.twice", message, field="offices", status=422)
    return found


def _key(case: Case) -> str:
    """A step name that no step of the route and no other question has."""
    taken = {step["key"] for step in case.version.route} | set(case.work_items.values_list("step", flat=True))
    number = 1
    while f"hoi-{number}" in taken:
        number += 1
    return f"hoi-{number}"


@transaction.atomic
def call_off_consult(item_pk: int, by: Person, reason: str, *, seen: int | None = None) -> Case:
    """Take back a question one asked besides the route: `item_pk` is the asked office's item, the asker holds the item it came from."""
    question = WorkItem.objects.select_related("office").get(pk=item_pk)
    if question.asked_by_item_id is None:
        raise WorkItem.DoesNotExist
    case, item, powers = held(question.asked_by_item_id, by, seen)
    action = allowed("call_off_consult", case, powers=powers, reason=reason)
    question.refresh_from_db(fields=["state"])
    if question.state != WorkItem.State.OPEN:
        raise Refused("consult.answered", _("This office has answered already, or is no longer asked."))
    cancel([question])
    data = {"office": question.office.name, "item": question.pk}
    record(case, action, by=by, office=item.office, item=item, note=reason, data=data)
    return case


@transaction.atomic
def give_opinion(item_pk: int, by: Person, result: str, text: str, *, seen: int | None = None) -> Case:
    """Answer what the office was asked. Conditions and disagreement need words."""
    case, item, powers = held(item_pk, by, seen)
    if item.kind != routing.Kind.CONSULT:
        raise Refused("work.not_here", _("This step does not have that action."))
    action = allowed("give_opinion", case, powers=powers)
    if result not in (Result.AGREED, Result.CONDITIONS, Result.DISAGREED):
        raise Refused("opinion.result", _("Choose what your office answers."), field="result", status=422)
    if result != Result.AGREED and not text.strip():
        message = _("Write the conditions, or why your office does not agree.")
        raise Refused("opinion.text", message, field="note", status=422)
    item.result = result
    close(item, by, text)
    record(case, action, by=by, office=item.office, item=item, note=text, data={"result": result})
    return case


@transaction.atomic
def count_silence(item_pk: int) -> bool:
    """Close a question whose own limit has passed where no answer counts as agreement. Returns whether it did; safe to repeat."""
    case = locked(WorkItem.objects.values_list("case_id", flat=True).get(pk=item_pk))
    item = WorkItem.objects.select_related("office").get(pk=item_pk)
    now = clock.now()
    if item.state != WorkItem.State.OPEN or not item.silence or item.kind != routing.Kind.CONSULT or item.due_at >= now:
        return False
    try:
        action = allowed("silence", case, actor=lifecycle.Actor.SYSTEM)
    except Refused:
        return False
    item.state, item.result, item.finished_at = WorkItem.State.DONE, Result.SILENT, now
    item.save(update_fields=["state", "result", "finished_at"])
    record(case, action, office=item.office, item=item, data={"result": str(Result.SILENT)})
    return True
