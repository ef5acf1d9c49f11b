"""The morning's summary: for officials for whom something waits, once a day, on working days."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from identity.offices.models import Absence, Office
from identity.people.models import Person
from portal.kit import clock
from services.cases import actions as cases
from services.cases.actions.digests import send_digests
from services.cases.models import Case, CaseMessage, WorkItem
from services.cases.queries import digests
from services.catalogue.models import Version
from services.notices.models import Notice, Preference
from tests import walk

WEDNESDAY = datetime(2026, 11, 25, 7, 31, tzinfo=clock.HERE)
"""The day before is the day of Vietnamese culture, on which offices are closed."""


@pytest.fixture
def at_desk(version: Version, owner: Person) -> tuple[Case, WorkItem, Person]:
    """A case whose second step a specialist holds, overdue by Wednesday morning."""
    with time_machine.travel(WEDNESDAY, tick=False):
        case = cases.file(walk.draft(owner, version, Office.objects.get(code="H29.141")), owner)
        cases.handle_events(case.pk)
        reception = walk.next_step(case)
        assert reception is not None
        walk.take_step(reception)
        # Events alone: papers need not be drawn up here.
        cases.handle_events(case.pk)
        item = walk.next_step(case)
        assert item is not None
        person = walk.holder(item)
        cases.claim(item.pk, person)
        WorkItem.objects.filter(pk=item.pk).update(due_at=WEDNESDAY - timedelta(days=1))
    item.refresh_from_db()
    return case, item, person


@pytest.mark.django_db
def test_counts_what_waits_and_is_sent_once(at_desk: tuple[Case, WorkItem, Person], owner: Person) -> None:
    case, _item, person = at_desk
    CaseMessage.objects.create(case=case, author=owner, body="Khi nào có kết quả?", sent_at=clock.now())
    with time_machine.travel(WEDNESDAY, tick=False):
        assert person in digests.officials_with_work(0)
        assert digests.mornings([person.pk])[person.pk] == digests.Morning(overdue=1, messages=1)
        sent = send_digests()
        assert sent >= 1
        assert send_digests() == 0
        notice = Notice.objects.get(person=person, event="digest")
        assert "Quá hạn, bạn đang giữ: 1" in notice.body
        assert str(case.number) not in notice.body
        Notice.objects.all().delete()
        Preference.objects.create(person=person, digest=False)
        assert send_digests() == sent - 1


@pytest.mark.django_db
def test_work_of_absent_colleagues_and_work_nobody_holds(at_desk: tuple[Case, WorkItem, Person]) -> None:
    _case, item, person = at_desk
    deputy = Person.objects.get(username="vanthu.benthanh")
    head = Person.objects.filter(posts__office=item.office, posts__powers__contains=["lead"]).exclude(pk=person.pk).first()
    with time_machine.travel(WEDNESDAY, tick=False):
        today = clock.today()
        Absence.objects.create(person=person, since=today, until=today, deputy=deputy, noted_by=person)
        people = [one.pk for one in (deputy, head) if one is not None]
        assert set(people) <= {one.pk for one in digests.officials_with_work(0)}
        assert {morning.of_absent for morning in digests.mornings(people).values()} == {1}
        WorkItem.objects.filter(pk=item.pk).update(claimed_by=None, claimed_at=None)
        assert digests.mornings([person.pk])[person.pk].unclaimed == 1
        assert digests.mornings([deputy.pk])[deputy.pk] == digests.Morning()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [
        WEDNESDAY - timedelta(days=3),
        WEDNESDAY - timedelta(days=1),
        WEDNESDAY.replace(hour=7, minute=29),
        WEDNESDAY.replace(hour=9),
    ],
)
def test_only_in_the_morning_of_a_working_day(at_desk: tuple[Case, WorkItem, Person], at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        assert send_digests() == 0


@pytest.mark.django_db
def test_costs_the_same_however_many(
    at_desk: tuple[Case, WorkItem, Person], django_assert_num_queries: Callable[[int], Any]
) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        everybody = list(Person.objects.filter(kind="official").values_list("pk", flat=True))
        with django_assert_num_queries(1):
            digests.officials_with_work(0)
        for people in (everybody[:1], everybody):
            with django_assert_num_queries(5):
                digests.mornings(people)
