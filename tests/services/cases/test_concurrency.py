"""The promise: numbers are never given twice and no item is ever held by two, however many act at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions
from services.cases.filer import Filer
from services.cases.models import Case, CaseEvent
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure
from tests import walk
from tests.city import seed_city

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture
def city(transactional_db: None) -> None:
    seed_city()


Result = TypeVar("Result")


def in_threads(work: Callable[[int], Result], count: int) -> list[Result]:
    """Run `work` for 0..count-1 in eight threads that start together."""
    start = Barrier(min(THREADS, count))

    def one(index: int) -> Result:
        try:
            if index < THREADS:
                start.wait(timeout=20)
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(min(THREADS, count)) as pool:
        return list(pool.map(one, range(count)))


def drafts(count: int) -> list[Case]:
    version = Procedure.objects.select_related("current").get(code="1.011607").current
    assert version is not None
    agency = catalogue.agencies_for(version).order_by("pk").first()
    assert agency is not None
    person = Person.objects.filter(kind="resident").order_by("pk")[0]
    first = walk.draft(person, version, agency)
    copies = [
        Case(version=version, applicant=person, agency=agency, circumstance=first.circumstance, answers=first.answers)
        for _ in range(count - 1)
    ]
    Case.objects.bulk_create(copies)
    for copy in copies:
        for link in first.attachments.all():
            actions.attach(copy, person, link.document, walk.pdf())
    return [first, *copies]


def test_two_hundred_filings_in_eight_threads_have_two_hundred_numbers(city: None) -> None:
    cases = drafts(200)
    person = cases[0].applicant
    numbers = in_threads(lambda index: actions.file(cases[index], person).number, 200)
    assert len(set(numbers)) == 200
    assert sorted(int(str(number).rsplit("-", 1)[1]) for number in numbers) == list(range(1, 201))


def test_the_same_draft_filed_eight_times_at_once_is_one_case(city: None) -> None:
    case = drafts(1)[0]
    numbers = in_threads(lambda _: actions.file(case, case.applicant).number, THREADS)
    assert len(set(numbers)) == 1
    assert CaseEvent.objects.filter(case=case, action="file").count() == 1


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_first_keystroke_sent_eight_times_at_once_makes_one_draft(city: None, signed_in: bool) -> None:
    there = drafts(1)[0]
    whose = Filer(there.applicant if signed_in else None, "a" * 64)
    key = uuid4()
    made = in_threads(lambda _: actions.start_draft(whose, there.version, there.agency, there.circumstance, key=key).pk, THREADS)
    assert len(set(made)) == 1
    assert there.pk not in made


def test_eight_pages_begun_at_once_leave_one_draft_unless_more_are_meant(city: None) -> None:
    there = drafts(1)[0]
    actions.discard_draft(there, there.filed_by)

    def begin(_: int) -> bool:
        try:
            actions.start_draft(there.filed_by, there.version, there.agency, there.circumstance, key=uuid4(), another=False)
        except actions.DraftExists:
            return False
        return True

    assert sum(in_threads(begin, THREADS)) == 1
    assert Case.objects.filter(state=Case.State.DRAFT).count() == 1


def test_of_two_who_claim_one_item_one_is_told_who_has_it(city: None) -> None:
    case = actions.file(*(lambda draft: (draft, draft.applicant))(drafts(1)[0]))
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    first = walk.holder(item)
    second = Person.objects.create_user(username="dong-nghiep", full_name="Lê Văn Đồng Nghiệp", kind="official")
    second.posts.create(office=item.office, title="Chuyên viên", powers=[item.power], since="2026-01-01")

    def claim(index: int) -> str:
        person = (first, second)[index]
        try:
            actions.claim(item.pk, Person.objects.get(pk=person.pk))
        except Refused as refused:
            return refused.message
        return person.full_name

    told = in_threads(claim, 2)
    item.refresh_from_db()
    assert item.claimed_by is not None
    winner = item.claimed_by.full_name
    assert winner in told
    loser_was_told = next(text for text in told if text != winner)
    assert winner in loser_was_told
    assert CaseEvent.objects.filter(case=case, action="claim").count() == 1


def test_the_same_events_handled_by_eight_workers_open_each_step_once(city: None) -> None:
    case = drafts(1)[0]
    actions.file(case, case.applicant)
    in_threads(lambda _: actions.handle_events(case.pk), THREADS)
    assert case.work_items.count() == 1
    assert not case.events.filter(handled_at=None).exists()
