"""The promise: an editor sees what moving cases would do before it is done, decides with a reason, and can undo it."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from identity.offices import actions as offices
from identity.offices.models import Office
from identity.people.models import Person
from services.cases import actions
from services.cases.models import Case, CaseMove
from services.catalogue import actions as catalogue_actions
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests import walk
from tests.city import seed_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CODE = "1.013225"
MOVE = "/bien-tap/thu-tuc/1.013225/chuyen-ho-so/"


@pytest.fixture(scope="module")
def move_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        seed_city()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def editor(move_city: None, db: None) -> Person:
    person = Person.objects.create_user(username="bientap.thu", full_name="Đỗ Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(person, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    return person


@pytest.fixture
def case(editor: Person) -> Case:
    version = catalogue.version_of(CODE)
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    filed = actions.file(walk.draft(resident, version, catalogue.agencies_for(version)[0]), resident)
    walk.work(filed)
    return filed


@pytest.fixture
def newer(case: Case) -> Version:
    content = deepcopy(catalogue.content_of(case.version))
    content["route"][2]["title"] = "Thẩm định theo quy trình mới"
    return catalogue_actions.publish(content)


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def test_the_way_from_preview_to_undo(editor: Person, case: Case, newer: Version) -> None:
    client = browser(editor)
    page = client.get(MOVE)
    assert page.context["preview"]["fitting"] == 1
    assert CaseMove.objects.count() == 0
    between = f"{MOVE}?tu=1&den=2"
    assert "đánh dấu" in client.post(between, {"reason": "Quy trình mới"}).content.decode()
    answer = client.post(between, {"reason": "Quy trình mới", "agreed": "on"})
    move = CaseMove.objects.get()
    state = reverse("editor_move_state", args=[CODE, move.key])
    assert answer.headers["Location"] == state
    assert 'hx-trigger="every 2s"' in client.get(state).content.decode()
    actions.move_cases(move.pk)
    done = client.get(state).content.decode()
    assert "hx-trigger" not in done
    assert "Hoàn lại" in done
    client.post(state, {"reason": "Có sai sót"})
    actions.move_cases(move.pk)
    assert "Đã hoàn lại" in client.get(state).content.decode()
    case.refresh_from_db()
    assert case.version.number == 1


def test_reasons_are_read_and_no_person_is_named(editor: Person, case: Case) -> None:
    content = deepcopy(catalogue.content_of(case.version))
    content["documents"].append({"key": "cam-ket", "name": "Bản cam kết", "required": True})
    catalogue_actions.publish(content)
    text = browser(editor).get(MOVE).content.decode()
    assert "Phiên bản này cần giấy tờ “Bản cam kết” mà hồ sơ chưa có." in text
    assert str(case.number) in text
    assert case.subject_name not in text
    assert case.filed_by.full_name not in text


def test_the_same_version_twice_is_refused(editor: Person, case: Case, newer: Version) -> None:
    assert "hai phiên bản khác nhau" in browser(editor).get(f"{MOVE}?tu=1&den=1").content.decode()
    assert browser(editor).get(f"{MOVE}?tu=7&den=x").context["preview"] is None


def test_without_open_cases_there_is_nothing_to_choose(editor: Person) -> None:
    text = browser(editor).get(reverse("editor_move", args=["1.000894"])).content.decode()
    assert "Không có hồ sơ nào của thủ tục này đang giải quyết." in text


def test_only_editors_move(editor: Person, case: Case, newer: Version) -> None:
    move = actions.start_move(editor, case.version, newer, "Lý do")
    clerk = Person.objects.filter(posts__powers__contains=["receive"]).exclude(posts__powers__contains=["edit_catalogue"])[0]
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT)[0]
    for page in (MOVE, reverse("editor_move_state", args=[CODE, move.key])):
        assert browser(editor).get(page).status_code == 200
        assert browser(clerk).get(page).status_code == 403
        assert browser(clerk).post(page, {"reason": "x", "agreed": "on"}).status_code == 403
        assert browser(resident).get(page).status_code == 404
        assert browser().get(page).status_code == 302
    assert browser(editor).get(reverse("editor_move_state", args=["1.000894", move.key])).status_code == 404


def test_the_number_of_queries(editor: Person, case: Case, newer: Version, django_assert_num_queries: Any) -> None:
    client = browser(editor)
    with django_assert_num_queries(14):  # one is the unread notices of the header, remembered for a minute
        client.get(MOVE)
