"""A case goes back to an earlier step, to another agency, or is opened again: what falls away, what opens, in which round."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import returning, routing
from services.cases.actions.course import cancel, drop_outcome, office_of, on_case, outcome_of, steps_of
from services.cases.actions.events import allowed, record
from services.cases.actions.work import held
from services.cases.models import Case, WorkItem
from services.cases.queries.course import (
    leads_nowhere,
    notice_coming,
    other_agencies,
    reopenable,
    returnable,
    rounds_so_far,
    steps_in,
)
from services.cases.queries.page import Desks

OPEN, DONE = WorkItem.State.OPEN, WorkItem.State.DONE


@transaction.atomic
def return_step(item_pk: int, by: Person, to_step: str, reason: str, *, seen: int | None = None) -> Case:
    """Send the case back from a held item to a step done before, or to a finished one beside it. What lies between is done again.

    An outcome signed after that step is revoked and never comes into force.
    """
    case, item, powers = held(item_pk, by, seen)
    if "return_step" not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)] or item.asked_by_item_id:
        raise Refused("work.not_here", _("This step does not have that action."))
    action = allowed("return_step", case, powers=powers, reason=reason)
    outcome_of(case)
    if to_step not in {step.key for step in returnable(item)}:
        raise Refused("return.step", _("Choose a step that was done before this one."), field="step", status=422)
    way = _way_back(case, to_step)
    fallen = [one for one in _open_items(case) if one.step in way.rounds and one.asked_by_item_id is None]
    cancel(fallen)
    if returning.drops_outcome(steps_of(case), to_step):
        drop_outcome(case, reason)
    record(case, action, by=by, office=item.office, item=item, note=reason, data=_data(way))
    return case


@transaction.atomic
def reopen(case_pk: int, by: Person, step: str, reason: str, *, seen: int | None = None) -> Case:
    """Open a case again after an error, at a step it came to; one that was never accepted, at reception. By a head or a leader.

    An outcome decided at that step or later is revoked. Refused while a worker is signing or sealing.
    """
    case, powers = on_case(case_pk, by, seen)
    action = allowed("reopen", case, powers=powers, reason=reason)
    outcome_of(case)
    if notice_coming(case):
        raise Refused("work.busy", _("The notice that the case has ended is just being drawn up. Try again in a moment."))
    if step not in {one.key for one in reopenable(case)}:
        raise Refused("reopen.step", _("Choose the step at which the work goes on."), field="step", status=422)
    cancel(_open_items(case))
    way = _way_back(case, step)
    if returning.drops_outcome(steps_of(case), step):
        drop_outcome(case, reason)
    record(case, action, by=by, office=office_of(case, by, action), note=reason, data=_data(way))
    return case


@transaction.atomic
def transfer(case_pk: int, by: Person, agency_id: int, reason: str, *, seen: int | None = None) -> Case:
    """Pass the case on to another agency that handles the procedure; its open steps open there again and the clock goes on.

    Work at an office that is the same for both agencies stays where it is.
    """
    case, powers = on_case(case_pk, by, seen)
    action = allowed("transfer", case, powers=powers, reason=reason)
    if outcome_of(case) is not returning.Outcome.NONE:
        raise Refused("transfer.signed", _("The outcome is signed already. Return the case to an earlier step first."))
    agency = other_agencies(case).filter(pk=agency_id).first()
    if agency is None:
        message = _("Choose another agency that handles this procedure.")
        raise Refused("transfer.agency", message, field="agency", status=422)
    office, before = office_of(case, by, action), case.agency
    case.agency = agency
    if (gap := leads_nowhere(case)) is not None:
        message = _("%(agency)s has no office for the step “%(step)s”.") % {"agency": agency.name, "step": gap.title}
        raise Refused("transfer.nowhere", message, field="agency", status=422)
    desks, steps = Desks(case), {step.key: step for step in steps_of(case)}
    moving = []
    for item in _open_items(case):
        target = desks.office(steps[item.step]) if item.step in steps else None
        if target is not None and target.pk != item.office_id:
            moving.append(item)
    cancel(moving)
    case.work_items.filter(state=OPEN).update(agency=agency)
    keys = tuple(item.step for item in moving)
    data = {
        "from_agency": before.pk,
        "to_agency": agency.pk,
        "opens": list(keys),
        "rounds": returning.next_rounds(keys, rounds_so_far(case)),
    }
    record(case, action, by=by, office=office, note=reason, data=data)
    return case


def _open_items(case: Case) -> list[WorkItem]:
    return list(case.work_items.filter(state=OPEN).select_related("office").order_by("position", "pk"))


def _way_back(case: Case, to: str) -> returning.Way:
    return returning.way_back(
        steps_of(case),
        to,
        done=steps_in(case, DONE),
        still_open=steps_in(case, OPEN),
        rounds=rounds_so_far(case),
        answers=case.answers,
    )


def _data(way: returning.Way) -> dict[str, Any]:
    return {"to": way.to, "opens": list(way.opens), "rounds": dict(way.rounds)}
