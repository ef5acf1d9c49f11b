"""The promise: reminders, escalation and prepared apologies come once, to whom they concern, and never while a case waits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from services.cases import actions as cases
from services.cases.actions import reminders
from services.cases.models import Case, Extension, WorkItem
from services.cases.queries import reminders as queries
from services.catalogue.models import Version
from services.notices.models import Notice
from tests import walk

FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=clock.HERE)
CLERKS = {"tiepnhan.benthanh", "tiepnhan2.benthanh"}
HEAD, LEADER, SPECIALIST = "truongphong.kinhte.benthanh", "lanhdao.benthanh", "chuyenvien.kinhte.benthanh"
pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(version: Version, owner: Person) -> Case:
    with time_machine.travel(FRIDAY, tick=False):
        case = cases.file(walk.draft(owner, version, Office.objects.get(code="H29.141")), owner)
        cases.handle_events(case.pk)
    return case


@pytest.fixture
def at_desk(filed: Case) -> tuple[Case, WorkItem]:
    """Appraised by a specialist since Friday afternoon."""
    with time_machine.travel(FRIDAY, tick=False):
        for _ in range(2):
            item = walk.next_step(filed)
            assert item is not None
            walk.take_step(item)
            while cases.handle_events(filed.pk):
                pass
        item = walk.next_step(filed)
        assert item is not None
        cases.claim(item.pk, Person.objects.get(username=SPECIALIST))
        # Offices asked for an opinion have hours of their own; here they have answered.
        filed.work_items.filter(state="open").exclude(pk=item.pk).update(state="done", finished_at=FRIDAY)
    filed.refresh_from_db()
    item.refresh_from_db()
    return filed, item


def told(event: str) -> list[str]:
    return sorted(Notice.objects.filter(event=event).values_list("person__username", flat=True))


def run(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return reminders.remind()


def test_a_case_nobody_opens(filed: Case) -> None:
    # This procedure has its papers checked in four hours; the law gives eight.
    filed.work_items.update(hours=8, due_at=FRIDAY + timedelta(days=3))
    assert run(FRIDAY + timedelta(hours=1, minutes=59)) == 0
    assert run(FRIDAY + timedelta(hours=2)) == 1
    assert set(told("case_unopened")) == CLERKS
    assert run(FRIDAY + timedelta(hours=2, minutes=10)) == 0
    assert run(FRIDAY + timedelta(hours=6)) == 1
    assert set(told("deadline_near")) == CLERKS
    number, count = str(filed.number), Notice.objects.count()
    assert all(number in notice.subject for notice in Notice.objects.filter(event__in=["case_unopened", "deadline_near"]))
    cases.claim(filed.work_items.get().pk, Person.objects.get(username="tiepnhan.benthanh"))
    assert run(FRIDAY + timedelta(hours=7)) == 0
    assert Notice.objects.count() == count


def test_holder_first_then_head_again_each_working_day(at_desk: tuple[Case, WorkItem]) -> None:
    _case, item = at_desk
    assert run(FRIDAY + timedelta(minutes=5)) == 0
    due = clock.local(item.due_at)
    assert run(due - timedelta(minutes=30)) == 1
    assert told("deadline_near") == [SPECIALIST]
    assert run(due + timedelta(minutes=1)) == 1
    assert told("deadline_missed") == sorted([HEAD, SPECIALIST])
    assert run(due + timedelta(minutes=11)) == 0
    WorkItem.objects.filter(pk=item.pk).update(reminded=0)
    assert run(due + timedelta(minutes=21)) == 1
    assert len(told("deadline_missed")) == 2, "a stage that was told of is not told of twice"
    assert run(due + timedelta(days=7)) == 1
    assert len(told("deadline_missed")) == 4


def test_nothing_while_the_case_waits_and_from_the_start_after_that(at_desk: tuple[Case, WorkItem]) -> None:
    _case, item = at_desk
    near = clock.local(item.due_at) - timedelta(minutes=30)
    assert run(near) == 1
    with time_machine.travel(near, tick=False):
        by = item.claimed_by
        assert by is not None
        cases.request_payment(item.pk, by, 100_000, "Lệ phí cấp phép")
    assert run(near + timedelta(days=7)) == 0
    assert told("deadline_missed") == []
    with time_machine.travel(near + timedelta(days=7), tick=False):
        cases.confirm_payment(item.pk, by, "BL-17")
    assert run(near + timedelta(days=7)) == 1
    assert told("deadline_near") == [SPECIALIST, SPECIALIST]


def test_an_apology_is_prepared_once_and_the_leader_is_led_to_sign_it(at_desk: tuple[Case, WorkItem]) -> None:
    case, _item = at_desk
    assert case.due_at is not None
    close = clock.local(case.due_at) - timedelta(hours=1)
    with time_machine.travel(FRIDAY + timedelta(hours=1), tick=False):
        assert reminders.draft_apologies() == 0
    with time_machine.travel(close, tick=False):
        assert reminders.draft_apologies() == 1
        assert reminders.draft_apologies() == 0
        apology = Extension.objects.get(case=case)
        assert apology.prepared_by is None
        assert apology.due_after > case.due_at
    assert told("apology_drafted") == sorted([HEAD, LEADER])
    assert Notice.objects.get(event="apology_drafted", person__username=LEADER).url.endswith("/ky-gia-han/")


def test_overdue_cases_are_told_of_together_once_a_day(at_desk: tuple[Case, WorkItem]) -> None:
    case, _item = at_desk
    Case.objects.filter(pk=case.pk).update(due_at=FRIDAY + timedelta(hours=2))
    saturday = FRIDAY + timedelta(days=1)
    for at, sent in [(saturday, 0), (FRIDAY + timedelta(hours=3), 2), (FRIDAY + timedelta(hours=4), 0)]:
        with time_machine.travel(at, tick=False):
            assert reminders.tell_of_overdue() == sent
    assert told("cases_overdue") == sorted([HEAD, LEADER])
    body = Notice.objects.filter(event="cases_overdue").values_list("body", flat=True)[0]
    assert "Số hồ sơ quá hạn: 1" in body
    assert str(case.number) in body


def test_costs_the_same_however_many(at_desk: tuple[Case, WorkItem], django_assert_num_queries: Callable[[int], Any]) -> None:
    case, item = at_desk
    assert case.due_at is not None
    with time_machine.travel(clock.local(item.due_at) - timedelta(hours=1), tick=False):
        with django_assert_num_queries(1):
            assert [queries.stage_of(one) for one in queries.steps_running_out()] == [2]
        assert queries.steps_running_out((item.due_at, item.pk)) == []
    with time_machine.travel(clock.local(case.due_at) - timedelta(hours=1), tick=False), django_assert_num_queries(2):
        assert [queries.date_to_propose(one) is not None for one in queries.cases_without_apology()] == [True]
    with time_machine.travel(clock.local(case.due_at) + timedelta(hours=1), tick=False), django_assert_num_queries(2):
        queries.overdue_by_person()
