"""Reminders before a time runs out, escalation after it, and the apology prepared before a date is missed. Safe to repeat."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from identity.offices import queries as offices
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases.actions.extensions import draft_extension
from services.cases.actions.telling import tell_official
from services.cases.models import Case, WorkItem
from services.cases.queries import digests
from services.cases.queries import reminders as queries
from services.cases.queries.calendars import calendar_of
from services.cases.reminding import Stage
from services.notices import actions as notices
from services.notices import queries as told

REMIND_TASK = "cases.remind_officials"
APOLOGY_TASK = "cases.draft_apologies"
log = structlog.get_logger(__name__)


def remind(due: str = "", pk: int = 0) -> int:
    """Remind of the next steps that run out, after the one that was last; goes on by itself. How many reminders were due."""
    found = queries.steps_running_out(_place(due, pk))
    if len(found) == queries.BATCH:
        after_commit(REMIND_TASK, found[-1].due_at.isoformat(), found[-1].pk)
    return sum(remind_of_step(item, stage) for item in found if (stage := queries.stage_of(item)) != item.reminded)


def _place(due: str, pk: int) -> queries.Place | None:
    return (datetime.fromisoformat(due), pk) if due else None


@transaction.atomic
def remind_of_step(item: WorkItem, stage: int) -> bool:
    """Write down how far the reminders have come, and tell whom it concerns. False when another worker did, or the time was moved."""
    same = WorkItem.objects.filter(pk=item.pk, state=WorkItem.State.OPEN, reminded=item.reminded, due_at=item.due_at)
    if not same.update(reminded=stage) or stage < item.reminded:
        return False
    event = {Stage.UNOPENED: "case_unopened", Stage.NEAR: "deadline_near"}.get(Stage(min(stage, Stage.MISSED)), "deadline_missed")
    for person in _concerned(item, stage):
        tell_official(f"reminder-{item.pk}-{stage}-{int(item.due_at.timestamp())}-{person.pk}", person, event, item.case, item)
    return True


def _concerned(item: WorkItem, stage: int) -> set[Person]:
    """Holder; clerks for a case nobody opened or checked; the head besides once it is late.

    Of other work that nobody holds, and is not late, colleagues read in the morning's summary.
    """
    people = {item.claimed_by} if item.claimed_by else set()
    if stage >= Stage.MISSED:
        people |= set(offices.holders(item.office, Power.LEAD))
    if not people and (stage >= Stage.MISSED or item.power == Power.RECEIVE):
        people = set(offices.holders(item.office, item.power))
    return people


def draft_apologies(due: str = "", pk: int = 0) -> int:
    """Prepare the apology for the next cases that will miss their date; goes on by itself. How many were prepared."""
    found = queries.cases_without_apology(_place(due, pk))
    if len(found) == queries.BATCH:
        last = found[-1]
        assert last.due_at is not None
        after_commit(APOLOGY_TASK, last.due_at.isoformat(), last.pk)
    return sum(_draft_apology(case) for case in found)


def _draft_apology(case: Case) -> bool:
    new = queries.date_to_propose(case)
    if new is None or case.due_at is None:
        return False
    steps = queries.open_steps(case)
    reason = APOLOGY_REASON.format(steps="; ".join(item.title for item in steps))
    try:
        with transaction.atomic():
            drafted = draft_extension(case.pk, reason, new)
            if drafted is not None:
                _tell_of_apology(case, steps)
    except Refused as refused:
        # Something happened with the case a moment ago; the next run looks again.
        log.info("apology_not_drafted", case=case.pk, code=refused.code)
        return False
    return drafted is not None


APOLOGY_REASON = "Các bước xử lý còn lại cần thêm thời gian: {steps}."
"""Read by the applicant once a leader has signed it; it can be changed until then."""


def _tell_of_apology(case: Case, steps: list[WorkItem]) -> None:
    for person, signs in queries.responsible(case, [item.office for item in steps]).items():
        notices.queue(
            key=f"apology-{case.pk}-{person.pk}",
            person=person,
            event="apology_drafted",
            values={
                "number": case.number or "",
                "procedure": case.version.name,
                "agency": case.agency.name,
                "office": steps[0].office.name,
                "due": f"{clock.local(case.due_at):%H:%M %d/%m/%Y}" if case.due_at else "",
                "url": settings.SITE_URL + reverse("case_extend" if signs else "case_extension", args=[case.number]),
            },
        )


def tell_of_overdue() -> int:
    """Tell heads and leaders once on each of their working days which cases are overdue. How many were told now."""
    now = clock.local(clock.now())
    calendar = calendar_of(None)
    if not calendar.opening(now.date()) <= now < calendar.closing(now.date()):
        return 0
    found = queries.overdue_by_person()
    keys = {person.pk: f"cases-overdue-{person.pk}-{now:%Y%m%d}" for person in found}
    had, working = told.queued_keys(keys.values()), digests.at_work_today(keys)
    wanted = [person for person in found if found[person].cases and keys[person.pk] not in had and person.pk in working]
    for person in wanted:
        notices.queue(
            key=keys[person.pk],
            person=person,
            event="cases_overdue",
            values={
                "day": f"{now:%d/%m/%Y}",
                "count": str(len(found[person].cases)),
                "oldest": ", ".join(found[person].oldest),
                "url": f"{settings.SITE_URL}{reverse('queue')}?xem=qua-han",
            },
        )
    return len(wanted)
