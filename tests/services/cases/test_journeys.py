"""The promise: every procedure of the demonstration goes from filing to a sealed outcome, exactly once at every step."""

import json
from pathlib import Path

import pytest

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from services.cases import actions, lifecycle, queries
from services.cases.models import Case, WorkItem
from services.cases.supplements import Ask, Item, ItemKind
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version
from services.documents.models import IssuedDocument
from services.notices.models import Notice
from tests import walk
from tests.city import seed_city

pytestmark = pytest.mark.django_db
CODES = sorted(path.stem for path in (Path(__file__).parents[3] / "portal/dev/demo/procedures").glob("*.json"))


@pytest.fixture
def city(db: None) -> Office:
    seed_city()
    return Office.objects.get(code="H29")


def version(code: str) -> Version:
    found = Procedure.objects.select_related("current").get(code=code).current
    assert found is not None
    return found


def resident() -> Person:
    return Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]


def filed(code: str) -> Case:
    agency = catalogue.agencies_for(version(code)).order_by("pk").first()
    assert agency is not None
    return actions.file(walk.draft(resident(), version(code), agency), resident())


@pytest.mark.parametrize("code", CODES)
def test_from_filing_to_a_returned_outcome(city: Office, code: str) -> None:
    case = filed(code)
    done = walk.to_the_end(case)
    steps = [step["key"] for step in case.version.route if step.get("when") is None]
    assert [item.step for item in done if item.step in steps] == steps
    assert case.state == lifecycle.State.RETURNED
    assert walk.outcome(case).state == IssuedDocument.State.ISSUED
    assert walk.content(walk.outcome(case)).startswith(b"%PDF")
    assert queries.chain_is_intact(case)
    assert case.worked_minutes is not None


def test_the_construction_permit_passes_eight_steps_and_four_offices(city: Office) -> None:
    case = filed("1.013225")
    done = walk.to_the_end(case)
    assert len(done) == 8
    assert len({item.office_id for item in done}) >= 4
    assert [document.kind for document in queries.documents_of(case, for_resident=True)] == ["receipt", "outcome"]


def test_the_linked_procedure_goes_from_ward_to_city(city: Office) -> None:
    done = walk.to_the_end(filed("2.000286"))
    assert len(done) == 14
    agencies = {offices.agency_of(item.office).pk for item in done}
    assert len(agencies) == 3


def test_repeating_what_workers_do_changes_nothing(city: Office) -> None:
    case = filed("1.013225")
    walk.to_the_end(case)
    before = json.dumps(
        [
            list(case.events.values_list("hash", flat=True)),
            case.work_items.count(),
            Notice.objects.count(),
            IssuedDocument.objects.count(),
        ]
    )
    assert actions.handle_events(case.pk) == 0
    for link in case.documents.all():
        assert actions.produce_document(link.pk) is False
    after = json.dumps(
        [
            list(case.events.values_list("hash", flat=True)),
            case.work_items.count(),
            Notice.objects.count(),
            IssuedDocument.objects.count(),
        ]
    )
    assert after == before


def test_a_supplement_stops_the_clock_and_the_same_official_goes_on(city: Office) -> None:
    case = filed("1.013225")
    walk.work(case)
    for _ in range(2):
        item = walk.next_step(case)
        assert item is not None
        walk.take_step(item)
        walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    official = walk.holder(item)
    actions.claim(item.pk, official)
    actions.request_supplement(
        item.pk, official, Ask((Item(ItemKind.PAPER, "ho-so-thiet-ke", "", "Thiếu mặt bằng"),), "Bổ sung bản vẽ mặt bằng")
    )
    case.refresh_from_db()
    assert case.state == lifecycle.State.SUPPLEMENT
    assert case.paused_at is not None
    actions.attach(case, resident(), "ho-so-thiet-ke", walk.pdf("ban-ve.pdf"))
    actions.answer_supplement(case, resident(), "Đã bổ sung")
    case.refresh_from_db()
    assert case.state == lifecycle.State.IN_PROGRESS
    assert case.paused_at is None
    item.refresh_from_db()
    assert item.claimed_by == official
    walk.to_the_end(case)
    assert case.state == lifecycle.State.RETURNED


def test_a_refused_application_leaves_every_queue(city: Office) -> None:
    case = filed("1.013225")
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    clerk = walk.holder(item)
    actions.claim(item.pk, clerk)
    actions.act(item.pk, "refuse", clerk, note="Không thuộc thẩm quyền")
    walk.work(case)
    assert case.state == lifecycle.State.NOT_ACCEPTED
    assert not case.work_items.filter(state=WorkItem.State.OPEN).exists()


def test_a_withdrawal_is_decided_by_the_receiving_office(city: Office) -> None:
    case = filed("1.013225")
    walk.work(case)
    actions.request_withdrawal(case, resident(), "Đổi thiết kế")
    walk.work(case)
    decision = case.work_items.get(kind="withdrawal")
    walk.take_step(decision)
    walk.work(case)
    assert case.state == lifecycle.State.STOPPED
    assert not case.work_items.filter(state=WorkItem.State.OPEN).exists()


def test_a_withdrawal_declined_before_work_began_still_lets_work_begin(city: Office) -> None:
    case = filed("1.013225")
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    walk.take_step(item)
    actions.request_withdrawal(Case.objects.get(pk=case.pk), resident(), "Đổi ý")
    walk.work(case)
    decision = case.work_items.get(kind="withdrawal")
    clerk = walk.holder(decision)
    actions.claim(decision.pk, clerk)
    actions.act(decision.pk, "decline_withdrawal", clerk, note="Người nộp đổi ý")
    walk.to_the_end(case)
    assert case.state == lifecycle.State.RETURNED


def test_officials_find_a_case_by_the_name_of_its_subject_and_of_its_applicant(city: Office) -> None:
    case = filed("1.013225")
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    clerk = walk.holder(item)
    assert case.subject_name != resident().full_name
    for name in (case.subject_name, resident().full_name, "nguyen van"):
        assert case in queries.find_cases(clerk, name), name
