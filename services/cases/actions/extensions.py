"""The apology with a new date: prepared at a desk or by the system, signed once by a leader."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import extensions, lifecycle, routing
from services.cases.actions.course import office_of, on_case
from services.cases.actions.events import allowed, locked, record
from services.cases.models import Case, Extension, WorkItem
from services.cases.queries.calendars import calendar_of

State = Extension.State


def _due(case: Case) -> datetime:
    assert case.due_at is not None, "a case under way has a promised date"
    return case.due_at


def _must_be_first(case: Case) -> Extension | None:
    """What is prepared. Refused once the date was put off."""
    prepared = Extension.objects.filter(case=case).first()
    if case.extended_from is not None or (prepared is not None and prepared.state == State.SIGNED):
        raise Refused("extension.once", _("The date of this case was put off already. The law allows it once."))
    return prepared


def _check(case: Case, due_after: datetime) -> None:
    wrong = extensions.wrong(_due(case), due_after, clock.now(), calendar_of(case.agency))
    if wrong is None:
        return
    message = {
        extensions.Wrong.NOT_LATER: _("The new date must be later than the one promised."),
        extensions.Wrong.PAST: _("The new date must still be to come."),
        extensions.Wrong.CLOSED: _("Offices are closed then. Choose a working day."),
    }[wrong]
    raise Refused(f"extension.{wrong}", message, field="due", status=422)


@transaction.atomic
def prepare_extension(case_pk: int, by: Person, reason: str, due_after: datetime, *, seen: int | None = None) -> Extension:
    """Prepare the apology with a new date, or change the one that is prepared; a leader signs it."""
    case, powers = on_case(case_pk, by, seen)
    action = allowed("prepare_extension", case, powers=powers, reason=reason)
    prepared = _must_be_first(case) or Extension(case=case)
    _check(case, due_after)
    prepared.reason, prepared.due_before, prepared.due_after = reason.strip(), _due(case), due_after
    prepared.prepared_by, prepared.prepared_at = by, clock.now()
    prepared.save()
    data = {"due_before": _due(case).isoformat(), "due_after": due_after.isoformat()}
    record(case, action, by=by, office=office_of(case, by, action), note=reason, data=data)
    return prepared


@transaction.atomic
def draft_extension(case_pk: int, reason: str, due_after: datetime) -> Extension | None:
    """Prepare the apology because the date is about to be missed; None where one is there already or the case is not under way."""
    case = locked(case_pk)
    if case.extended_from is not None or Extension.objects.filter(case=case).exists():
        return None
    try:
        action = allowed("draft_extension", case, actor=lifecycle.Actor.SYSTEM)
    except Refused:
        return None
    _check(case, due_after)
    drafted = Extension.objects.create(case=case, reason=reason.strip(), due_before=_due(case), due_after=due_after)
    data = {"due_before": _due(case).isoformat(), "due_after": due_after.isoformat()}
    record(case, action, note=reason, data=data)
    return drafted


@transaction.atomic
def extend(case_pk: int, by: Person, *, seen: int | None = None) -> Extension:
    """Sign the prepared apology: the promised date is put off, once. The page has confirmed the person's password before.

    Open steps that are due with the case move with it; steps with hours of their own keep theirs.
    """
    case, powers = on_case(case_pk, by, seen)
    prepared = _must_be_first(case)
    if prepared is None:
        raise Refused("extension.none", _("Prepare the apology with the new date first."))
    action = allowed("extend", case, powers=powers, reason=prepared.reason)
    _check(case, prepared.due_after)
    before = _due(case)
    prepared.state, prepared.due_before = State.SIGNED, before
    prepared.signed_by, prepared.signed_at = by, clock.now()
    prepared.save()
    case.extended_from, case.due_at = before, prepared.due_after
    with_case = case.work_items.filter(state=WorkItem.State.OPEN, hours=None).exclude(kind=routing.Kind.RECEIVE)
    with_case.update(due_at=prepared.due_after, reminded=0)
    data = {"due_before": before.isoformat(), "due_after": prepared.due_after.isoformat()}
    record(case, action, by=by, office=office_of(case, by, action), note=prepared.reason, data=data)
    return prepared
