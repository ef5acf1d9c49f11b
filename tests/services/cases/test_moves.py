"""The promise: open cases are moved to another version only when asked, once each, with an event of their own, and can be brought back."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from identity.offices import actions as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.models import Case, CaseMove
from services.cases.moving import Code
from services.cases.queries import moves
from services.catalogue import actions as catalogue_actions
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = CaseMove.State


@pytest.fixture
def editor(version: Version) -> Person:
    person = Person.objects.create_user(username="bientap.thu", full_name="Đỗ Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(person, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    return person


@pytest.fixture
def second_editor(version: Version) -> Person:
    person = Person.objects.create_user(username="bientap.hai", full_name="Mai Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(person, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    return person


def next_version(version: Version, change: Callable[[dict[str, Any]], None]) -> Version:
    content = deepcopy(catalogue.content_of(version))
    change(content)
    return catalogue_actions.publish(content)


@pytest.fixture
def newer(version: Version) -> Version:
    """The same with another title for one step: every case fits."""

    def change(content: dict[str, Any]) -> None:
        content["route"][2]["title"] = "Thẩm định theo quy trình mới"

    return next_version(version, change)


@pytest.fixture
def cases(version: Version, owner: Person) -> list[Case]:
    """Three open cases: one not accepted yet, two a step further."""
    agency = catalogue.agencies_for(version)[0]
    found = [actions.file(walk.draft(owner, version, agency), owner) for _ in range(3)]
    for number, case in enumerate(found):
        walk.work(case)
        if number:
            item = walk.next_step(case)
            assert item is not None
            walk.take_step(item)
            walk.work(case)
    return found


def finished(move: CaseMove) -> CaseMove:
    while actions.move_cases(move.pk):
        pass
    move.refresh_from_db()
    return move


def versions_of(cases: list[Case]) -> set[int]:
    return set(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("version__number", flat=True))


def test_cases_that_fit_are_moved_with_an_event_and_nothing_else_changes(
    cases: list[Case], version: Version, newer: Version, editor: Person
) -> None:
    facts = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    kept = ("state", "due_at", "clock_started_at", "answers", "number", "circumstance")
    before = list(facts.values(*kept))
    move = finished(actions.start_move(editor, version, newer, "Quy trình mới"))
    assert (move.state, move.moved, move.left) == (State.DONE, 3, 0)
    assert versions_of(cases) == {newer.number}
    assert list(facts.values(*kept)) == before
    for case in facts:
        event = case.events.get(action="move_version")
        assert event.actor == editor
        assert event.note == f"Phiên bản {version.number} → {newer.number}. Quy trình mới"
        assert event.data == {"from": version.number, "to": newer.number, "move": str(move.key)}
        assert queries.chain_is_intact(case)


def test_a_moved_case_goes_on_to_its_end(cases: list[Case], version: Version, newer: Version, editor: Person) -> None:
    finished(actions.start_move(editor, version, newer, "Quy trình mới"))
    for case in cases:
        case.refresh_from_db()
        walk.to_the_end(case)
        assert case.state == Case.State.RETURNED
        assert case.work_items.filter(title="Thẩm định theo quy trình mới").exists()


def test_cases_that_do_not_fit_stay(cases: list[Case], version: Version, editor: Person) -> None:
    def change(content: dict[str, Any]) -> None:
        content["limit_value"] += 5
        content["circumstances"] = [
            {key: value for key, value in one.items() if key != "limit"} for one in content["circumstances"]
        ]

    other = next_version(version, change)
    move = finished(actions.start_move(editor, version, other, "Thời hạn mới"))
    assert (move.moved, move.left) == (1, 2)
    assert not Case.objects.get(pk=cases[1].pk).events.filter(action="move_version").exists()


def test_repeating_the_worker_moves_nothing_twice(cases: list[Case], version: Version, newer: Version, editor: Person) -> None:
    move = actions.start_move(editor, version, newer, "Quy trình mới")
    assert actions.move_cases(move.pk, most=2) == 2
    assert versions_of(cases) == {version.number, newer.number}
    assert moves.unfinished_moves() == [move.pk]
    finished(move)
    assert actions.move_cases(move.pk) == 0
    assert moves.unfinished_moves() == []
    for case in cases:
        assert case.events.filter(action="move_version").count() == 1


def test_undoing_brings_back_what_this_move_took_along(
    cases: list[Case], version: Version, newer: Version, editor: Person, second_editor: Person, owner: Person
) -> None:
    move = finished(actions.start_move(editor, version, newer, "Quy trình mới"))
    walk.to_the_end(Case.objects.get(pk=cases[2].pk))
    later = actions.file(walk.draft(owner, newer, cases[0].agency), owner)
    undone = finished(actions.undo_move(move, second_editor, "Quy trình mới có sai sót"))
    assert (undone.state, undone.moved, undone.moved_back) == (State.UNDONE, 3, 2)
    assert versions_of(cases[:2]) == {version.number}
    assert versions_of([cases[2], later]) == {newer.number}
    event = Case.objects.get(pk=cases[0].pk).events.filter(action="move_version").latest("sequence")
    assert event.actor == second_editor
    assert event.data["to"] == version.number
    with pytest.raises(Refused) as refused:
        actions.undo_move(undone, editor, "Lần nữa")
    assert refused.value.code == "move.not_done"


def test_a_case_moved_on_by_another_move_is_not_brought_back(
    cases: list[Case], version: Version, newer: Version, editor: Person
) -> None:
    first = finished(actions.start_move(editor, version, newer, "Lần một"))
    third = next_version(newer, lambda content: content["route"][3].update(title="Bước đổi tên"))
    finished(actions.start_move(editor, newer, third, "Lần hai"))
    assert finished(actions.undo_move(first, editor, "Hoàn lại")).moved_back == 0
    assert versions_of(cases) == {third.number}


@pytest.mark.parametrize(("reason", "code"), [("  ", "move.reason"), ("Lý do", "")])
def test_a_reason_is_needed(reason: str, code: str, cases: list[Case], version: Version, newer: Version, editor: Person) -> None:
    if not code:
        actions.start_move(editor, version, newer, reason)
        return
    with pytest.raises(Refused) as refused:
        actions.start_move(editor, version, newer, reason)
    assert refused.value.code == code


def test_what_may_not_be_moved(cases: list[Case], version: Version, newer: Version, editor: Person, owner: Person) -> None:
    clerk = Person.objects.filter(posts__powers__contains=["receive"]).order_by("pk")[0]
    other = catalogue.version_of("1.001193")
    for person, source, target, code in [
        (owner, version, newer, "catalogue.not_editor"),
        (clerk, version, newer, "catalogue.not_editor"),
        (editor, version, version, "move.same"),
        (editor, version, other, "move.same"),
    ]:
        with pytest.raises(Refused) as refused:
            actions.start_move(person, source, target, "Lý do")
        assert refused.value.code == code
    actions.start_move(editor, version, newer, "Lý do")
    with pytest.raises(Refused) as refused:
        actions.start_move(editor, version, newer, "Lý do")
    assert refused.value.code == "move.running"


def test_a_preview_counts_and_names_reasons_without_naming_people(
    cases: list[Case], version: Version, editor: Person, owner: Person, django_assert_num_queries: Any
) -> None:
    def change(content: dict[str, Any]) -> None:
        content["documents"].append({"key": "cam-ket", "name": "Bản cam kết bảo vệ môi trường", "required": True})

    other = next_version(version, change)
    with django_assert_num_queries(5):
        preview = moves.preview(version, other)
    assert (preview.total.count, preview.examined, preview.fitting, preview.staying) == (3, 3, 0, 3)
    assert preview.whole
    assert [(finding.code, finding.what, count) for finding, count in preview.reasons] == [
        (Code.PAPER_NEEDED, "Bản cam kết bảo vệ môi trường", 3)
    ]
    assert [one.case.number for one in preview.listed] == [case.number for case in cases]
    assert owner.full_name not in str(preview.reasons)
    assert versions_of(cases) == {version.number}


def test_the_timeline_tells_the_applicant(cases: list[Case], version: Version, newer: Version, editor: Person) -> None:
    finished(actions.start_move(editor, version, newer, "Quy trình mới"))
    entry = queries.timeline(Case.objects.get(pk=cases[0].pk), for_resident=True)[-1]
    assert str(entry.title) == "Hồ sơ chuyển sang phiên bản khác của thủ tục"
    assert "Quy trình mới" in entry.note
    assert entry.actor_name == ""
