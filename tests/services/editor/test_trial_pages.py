"""The promise: an editor starts a trial, follows it and reads where the case went; nobody else sees it."""

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
from services.cases.models import TrialRun
from services.catalogue import actions as catalogue_actions
from services.catalogue.models import VersionDraft
from services.documents import pdf
from tests.city import seed_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def trial_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        seed_city()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "draw", lambda *args, **kwargs: None)


@pytest.fixture
def editor(trial_city: None, db: None) -> Person:
    person = Person.objects.create_user(username="bientap.thu", full_name="Đỗ Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(person, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    return person


@pytest.fixture
def draft(editor: Person) -> VersionDraft:
    return catalogue_actions.start_draft(editor, "2.002481")


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def address(draft: VersionDraft) -> str:
    return reverse("editor_trial", args=[draft.key])


def given(client: Client, draft: VersionDraft, **more: str) -> dict[str, Any]:
    """What the page offers, as a browser would send it."""
    form = client.get(address(draft)).context["form"]
    agency = form.fields["agency"].queryset[0].pk
    data = {"agency": agency, **{name: form[name].value() for name in form.fields if name.startswith("a_")}, **more}
    if "circumstance" in form.fields:
        data["circumstance"] = form.fields["circumstance"].choices[0][0]
    return {name: value for name, value in data.items() if value is not None}


def test_the_page_offers_what_decides_the_way_and_says_that_nothing_stays(editor: Person, draft: VersionDraft) -> None:
    page = browser(editor).get(address(draft))
    assert set(page.context["form"].asked) == {"from_kind", "school_to", "school_from"}
    text = page.content.decode()
    assert "Chạy thử không để lại gì ngoài báo cáo" in text
    assert "Thử mọi nhánh" in text


def test_from_asking_to_the_report(editor: Person, draft: VersionDraft) -> None:
    client = browser(editor)
    answer = client.post(address(draft), given(client, draft))
    run = TrialRun.objects.get()
    report = reverse("editor_trial_report", args=[draft.key, run.key])
    assert answer.headers["Location"] == report
    assert 'hx-trigger="every 1500ms"' in client.get(report).content.decode()
    actions.try_draft(run.pk)
    page = client.get(report).content.decode()
    assert "hx-trigger" not in page
    assert "HỒ SƠ THỬ" in page
    for step in draft.content["route"]:
        assert step["title"] in page
    assert report in client.get(address(draft)).content.decode()
    assert report in client.get(reverse("editor_check", args=[draft.key])).content.decode()


def test_every_branch_in_one_table(editor: Person, draft: VersionDraft) -> None:
    client = browser(editor)
    client.post(address(draft), given(client, draft, every="1"))
    run = TrialRun.objects.get()
    actions.try_draft(run.pk)
    page = client.get(reverse("editor_trial_report", args=[draft.key, run.key]))
    assert page.context["planned"] == 2
    text = page.content.decode()
    assert "nhanh-1" in text
    assert "nhanh-2" in text
    assert "Không cần với nội dung này" in text


def test_where_it_stopped_is_said_at_the_step(editor: Person, draft: VersionDraft) -> None:
    route = [dict(step) for step in draft.content["route"]]
    route[1]["office"] = {"function": "khong-co"}
    broken = catalogue_actions.save_draft(draft, editor, {"route": route}, draft.revision)
    client = browser(editor)
    client.post(address(broken), given(client, broken))
    run = TrialRun.objects.get()
    actions.try_draft(run.pk)
    text = client.get(reverse("editor_trial_report", args=[draft.key, run.key])).content.decode()
    assert f"Bước không dẫn đến cơ quan nào: {route[1]['title']}" in text
    assert "mc-tryout__step--failed" in text


def test_a_second_trial_waits_for_the_first(editor: Person, draft: VersionDraft) -> None:
    client = browser(editor)
    client.post(address(draft), given(client, draft))
    again = client.post(address(draft), given(client, draft), follow=True)
    assert TrialRun.objects.count() == 1
    assert "đang được chạy thử" in again.content.decode()


def test_only_editors_try_and_read(editor: Person, draft: VersionDraft) -> None:
    client = browser(editor)
    client.post(address(draft), given(client, draft))
    run = TrialRun.objects.get()
    report = reverse("editor_trial_report", args=[draft.key, run.key])
    clerk = Person.objects.filter(posts__powers__contains=["receive"]).exclude(posts__powers__contains=["edit_catalogue"])[0]
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT)[0]
    for page in (address(draft), report):
        assert browser(editor).get(page).status_code == 200
        assert browser(clerk).get(page).status_code == 403
        assert browser(resident).get(page).status_code == 404
        assert browser().get(page).status_code == 302
    other = catalogue_actions.start_draft(editor, "1.000894")
    assert browser(editor).get(reverse("editor_trial_report", args=[other.key, run.key])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_was_tried(
    editor: Person, draft: VersionDraft, django_assert_num_queries: Any
) -> None:
    client = browser(editor)
    for _ in range(3):
        client.post(address(draft), given(client, draft))
        actions.try_draft(TrialRun.objects.latest("pk").pk)
    with django_assert_num_queries(16):
        client.get(address(draft))
