"""The official's case page: notes, questions of a step, what is new since the last look, the story of the date, the viewer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.offices import queries as offices
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, routing
from services.cases.actions import visits
from services.cases.deadline_story import Part
from services.cases.models import Case, CaseEvent, CaseNote, CaseVisit, WorkItem
from services.cases.queries.deadline_story import story_of
from services.cases.queries.fields import step_texts
from services.cases.queries.page import events_of
from services.cases.queries.papers import outcome_data
from services.catalogue.models import Version
from services.catalogue.shapes.step_fields import step_fields, step_placeholders
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store")]
CLERK, LEADER, STRANGER = "tiepnhan.benthanh", "lanhdao.benthanh", "tiepnhan.saigon"
SECRET = "Chủ hồ sơ hẹn gửi bản vẽ tầng hai"
QUESTIONS = [
    {"key": "so_tang", "kind": "number", "label": "Số tầng thực tế", "required": True},
    {"key": "ghi_nhan", "kind": "long_text", "label": "Ghi nhận tại hiện trường", "required": False},
]


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture
def case(version: Version, owner: Person) -> Case:
    agency = offices.by_code("H29.141")
    assert agency is not None
    made = actions.file(walk.draft(owner, version, agency), owner)
    walk.work(made)
    return made


def page(case: Case, username: str = CLERK, **query: str) -> str:
    response = client_of(username).get(reverse("casework", args=[case.number]), query)
    assert response.status_code == 200
    return response.content.decode()


def first(case: Case) -> WorkItem:
    item = walk.next_step(case)
    assert item is not None
    return item


# Notes


def test_a_note_is_for_colleagues_only(case: Case, mine: Client) -> None:
    address = reverse("casework_note", args=[case.number])
    assert client_of(STRANGER).post(address, {"body": SECRET}).status_code == 404
    assert mine.post(address, {"body": SECRET}).status_code == 404
    answer = client_of(CLERK).post(address, {"body": f" {SECRET} "})
    note = CaseNote.objects.get(case=case)
    assert answer.url.endswith(f"#ghi-chu-{note.pk}")
    assert (note.body, note.author, note.office) == (SECRET, person(CLERK), first(case).office)
    assert SECRET in page(case, LEADER)
    resident = mine.get(reverse("my_case", args=[case.number])).content.decode()
    assert SECRET not in resident
    assert "Ghi chú cho đồng nghiệp" not in resident
    event = CaseEvent.objects.get(case=case, action="note")
    assert (event.note, event.data) == ("", {"note": note.pk})


def test_a_note_that_cannot_be_kept_stays_on_the_page(case: Case) -> None:
    long = "x" * 4001
    answer = client_of(CLERK).post(reverse("casework_note", args=[case.number]), {"body": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    with pytest.raises(Refused):
        actions.write_note(case.pk, person(CLERK), "  ")
    with pytest.raises(Refused) as power:
        actions.write_note(case.pk, person(STRANGER), "Chào")
    assert power.value.code == "case.power"
    assert not CaseNote.objects.exists()


# Questions of a step


@pytest.fixture
def asking(case: Case, monkeypatch: pytest.MonkeyPatch) -> WorkItem:
    """The clerk holds a step that asks its office two questions."""
    read = routing.route

    def asking_first(raw: Sequence[Mapping[str, Any]]) -> tuple[routing.Step, ...]:
        steps = read(raw)
        return (replace(steps[0], fields=tuple(QUESTIONS)), *steps[1:])

    monkeypatch.setattr(routing, "route", asking_first)
    return actions.claim(first(case).pk, person(CLERK))


def test_the_questions_of_a_step_are_answered_by_its_holder_and_hidden_from_the_applicant(
    asking: WorkItem, case: Case, mine: Client
) -> None:
    address = reverse("work_fields", args=[asking.pk])
    assert client_of(STRANGER).get(address).status_code == 404
    assert mine.get(address).status_code == 404
    clerk = client_of(CLERK)
    assert "Số tầng thực tế" in clerk.get(address).content.decode()
    seen = Case.objects.get(pk=case.pk).last_event
    wrong = clerk.post(address, {"_seen": seen, "so_tang": "", "ghi_nhan": SECRET})
    assert wrong.status_code == 422
    assert SECRET in wrong.content.decode()
    with pytest.raises(Refused) as early:
        actions.act(asking.pk, "accept", person(CLERK))
    assert early.value.code == "work.unfilled"
    assert clerk.post(address, {"_seen": seen, "so_tang": "3", "ghi_nhan": SECRET}).status_code == 302
    asking.refresh_from_db()
    assert asking.values == {"so_tang": 3, "ghi_nhan": SECRET}
    event = CaseEvent.objects.get(case=case, action="fill_fields")
    assert event.data == {"fields": ["ghi_nhan", "so_tang"]}
    actions.act(asking.pk, "accept", person(CLERK))
    walk.work(case)
    assert clerk.get(address).status_code == 302
    assert SECRET in page(case)
    assert SECRET not in mine.get(reverse("my_case", args=[case.number])).content.decode()


def test_an_answer_of_a_step_fills_its_placeholder(asking: WorkItem, case: Case) -> None:
    key = asking.step
    actions.fill_fields(asking.pk, person(CLERK), {"so_tang": 3})
    case.refresh_from_db()
    said = step_texts(case)
    assert (said[f"{key}.so_tang"], said[f"{key}.ghi_nhan"]) == ("3", "")
    case.version.outcome = {**case.version.outcome, "summary": f"Cao {{{key}.so_tang}} tầng"}
    assert outcome_data(case, asking, person(CLERK))["summary"] == "Cao 3 tầng"


def test_questions_are_checked_before_publishing() -> None:
    assert not list(step_fields("route.x.fields", "Bước", QUESTIONS))
    twice = list(step_fields("route.x.fields", "Bước", [QUESTIONS[0], QUESTIONS[0]]))
    assert twice
    assert all(problem.place.startswith("route.x.fields") for problem in twice)
    files = {"key": "tep", "kind": "attachment", "label": "Ảnh hiện trường", "required": False}
    assert [problem.place for problem in step_fields("route.x.fields", "Bước", [files])] == ["route.x.fields.0"]
    named = step_placeholders([{"key": "tham-dinh", "title": "Thẩm định", "fields": QUESTIONS}])
    assert set(named) == {"tham-dinh.so_tang", "tham-dinh.ghi_nhan"}


# What is new


def test_what_others_did_since_the_last_look_is_marked_until_the_sitting_is_over(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "từ lần xem trước" not in page(case, LEADER)
    CaseVisit.objects.update(at=clock.now() - timedelta(hours=2))
    actions.write_note(case.pk, person(CLERK), SECRET)
    assert "từ lần xem trước" not in page(case, CLERK)
    for _again in range(2):
        again = page(case, LEADER)
        assert "1 thay đổi từ lần xem trước" in again
        assert again.count("mc-new") == 2
    monkeypatch.setattr(visits, "SITTING", timedelta(0))
    assert "từ lần xem trước" not in page(case, LEADER)


# The story of the date


def test_the_story_comes_to_the_date_in_the_case(case: Case) -> None:
    walk.take_step(first(case))
    walk.work(case)
    case.refresh_from_db()
    story = story_of(case, events_of(case))
    assert story is not None
    assert story.due_at == case.due_at
    assert [line.part for line in story.lines] == [Part.LIMIT]
    text = page(case)
    assert "Vì:" in text
    assert "Thời hạn là" in text
    assert queries.limit_text(case) in text


# The viewer


def test_the_viewer_goes_from_file_to_file_and_can_be_put_away(case: Case) -> None:
    keys = re.findall('data-mc-file="([0-9a-f-]{36})"', page(case))
    assert len(keys) == case.attachments.count()
    text = page(case, tep=keys[0])
    assert f'?tep={keys[1]}" hx-target="#xem" data-mc-key="d"' in text
    assert 'data-mc-key="D"' not in text
    assert 'data-mc-key="D"' in page(case, tep=keys[1])
    assert "mc-bench--closed" in page(case, tep="an")


def test_cases_of_the_same_person_or_business_are_listed(case: Case, version: Version, neighbour: Person) -> None:
    agency = offices.by_code("H29.141")
    assert agency is not None
    other = actions.file(walk.draft(neighbour, version, agency), neighbour)
    walk.work(other)
    assert (other.number or "-") not in page(case)
    Case.objects.filter(pk__in=[case.pk, other.pk]).update(
        behalf="business", principal_name="Công ty Bến Thành", principal_number="0301234567"
    )
    assert (other.number or "-") in page(case)
