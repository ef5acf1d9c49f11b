"""The promise: one confirmation does many cases one by one, through the single actions; one that fails says why, the others are done."""

import os
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from identity.offices import queries as offices
from identity.offices.actions import appoint
from identity.people.models import Person
from portal.dev.demo import PASSWORD
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, routing
from services.cases.actions import bulk, canned
from services.cases.actions import labels as labelling
from services.cases.models import BulkEntry, BulkRun, Case, CaseDocument, CaseMessage, WorkItem
from services.cases.queries import bulk as reading
from services.catalogue import queries as catalogue
from services.documents.models import IssuedDocument
from tests import walk
from tests.many import copies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store")]
CLERK, HEAD, SPECIALIST = "tiepnhan.benthanh", "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh"
LEADER, STRANGER = "lanhdao.benthanh", "lanhdao.saigon"
Kind, Result = BulkRun.Kind, BulkEntry.State
FULL = 200


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture(scope="module")
def walked(shared_city: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """One case that was filed, one that was walked to its signature; the tests work on copies and take all back."""
    folder = tmp_path_factory.mktemp("walked")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media", SIGNING_STORE=str(folder / "signing")):
        version = catalogue.version_of("1.013225")
        owner = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
        agency = offices.by_code("H29.141")
        assert agency is not None
        cases = [actions.file(walk.draft(owner, version, agency, owner_name="Trần Đại Nghĩa"), owner) for _ in range(2)]
        for case in cases:
            walk.work(case)
        while (item := walk.next_step(cases[1])) and item.kind != routing.Kind.SIGN:
            walk.take_step(item)
            walk.work(cases[1])
        return {"filed": cases[0].pk, "to_sign": cases[1].pk}


@pytest.fixture
def filed(walked: dict[str, int], db: None) -> Case:
    return Case.objects.get(pk=walked["filed"])


@pytest.fixture
def to_sign(walked: dict[str, int], db: None) -> Case:
    return Case.objects.get(pk=walked["to_sign"])


def open_items(cases: list[Case]) -> list[WorkItem]:
    return list(WorkItem.objects.filter(case__in=cases, state=WorkItem.State.OPEN).select_related("case").order_by("pk"))


def start(by: str, kind: str, items: list[WorkItem], **parameters: Any) -> BulkRun:
    chosen = [(item.pk, item.case.last_event) for item in items]
    confirmed = clock.now() if kind == Kind.SIGN else None
    return bulk.start(person(by), kind, chosen, parameters, confirmed_at=confirmed)


def worked(run: BulkRun) -> BulkRun:
    while actions.run_bulk(run.pk):
        pass
    run.refresh_from_db()
    return run


def results(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.entries.order_by("position").values_list("state", "code"))


# Must show: many signatures, one failure


def test_many_outcomes_are_signed_and_one_fails_for_a_stated_reason(to_sign: Case) -> None:
    """200 of them, with every document really drawn up and signed, when BULK_FULL is set."""
    count = FULL if os.environ.get("BULK_FULL") else 3
    cases = copies(to_sign, count)
    broken = cases[1]
    Case.objects.filter(pk=broken.pk).update(answers={**broken.answers, "owner_name": ""})
    client = client_of(LEADER)
    page = client.post(reverse("queue_bulk"), {"kind": "sign", "item": [item.pk for item in open_items(cases)]})
    content = page.content.decode()
    assert "Kết quả sẽ còn chỗ trống" in content
    assert content.count("Đọc nội dung sẽ ký") >= count
    # The preview leaves it out; somebody who had an older page sends it along all the same.
    answers = {
        "kind": "sign",
        "key": uuid4(),
        "items": ",".join(f"{item.pk}:{item.case.last_event}" for item in open_items(cases)),
    }
    wrong = client.post(reverse("bulk_start"), {**answers, "password": "khong-phai"})
    assert wrong.status_code == 422
    assert not BulkRun.objects.exists()
    answer = client.post(reverse("bulk_start"), {**answers, "password": PASSWORD})
    run = BulkRun.objects.get()
    assert answer["Location"] == reverse("bulk_run", args=[run.key])
    assert PASSWORD not in str(run.parameters)
    worked(run)
    assert (run.state, run.done, run.failed) == (BulkRun.State.RUNNING, 0, 1)
    for case in cases:
        walk.work(case)
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (BulkRun.State.DONE, count - 1, 1)
    assert results(run)[1] == (Result.FAILED, "bulk.blanks")
    documents = IssuedDocument.objects.filter(kind="outcome", case_link__case__in=cases)
    assert documents.count() == count - 1 == documents.filter(state="signed").exclude(file="").count()
    assert len(set(documents.values_list("sha256", flat=True))) == count - 1
    assert WorkItem.objects.get(case=broken, kind=routing.Kind.SIGN).state == WorkItem.State.OPEN
    for case in cases[:3]:
        case.refresh_from_db()
        assert queries.chain_is_intact(case)
    shown = client.get(answer["Location"], {"xem": "khong"}).content.decode()
    assert str(broken.number) in shown


def test_a_signature_is_watched_until_its_document_is_there(to_sign: Case, settings: Any) -> None:
    item = open_items([to_sign])[0]
    run = worked(start(LEADER, Kind.SIGN, [item]))
    assert results(run) == [(Result.WAITING, "")]
    # A second worker, or the same message again, decides nothing twice.
    worked(run)
    assert to_sign.events.filter(action="sign").count() == 1
    actions.handle_events(to_sign.pk)
    document = CaseDocument.objects.get(case=to_sign, issued__kind="outcome").issued
    IssuedDocument.objects.filter(pk=document.pk).update(attempts=reading.TRIES, last_error="signing_unavailable")
    worked(run)
    assert results(run) == [(Result.FAILED, "signing.unavailable")]
    assert run.state == BulkRun.State.DONE
    # It is drawn up after all: the result is put right.
    walk.work(to_sign)
    run.refresh_from_db()
    assert results(run) == [(Result.DONE, "")]
    assert (run.done, run.failed) == (1, 0)


def test_a_password_does_not_hold_for_ever(to_sign: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    item = open_items([to_sign])[0]
    with pytest.raises(Refused) as refused:
        bulk.start(person(LEADER), Kind.SIGN, [(item.pk, to_sign.last_event)], {})
    assert refused.value.code == "bulk.password"
    run = start(LEADER, Kind.SIGN, [item])
    BulkRun.objects.filter(pk=run.pk).update(
        parameters={**run.parameters, "confirmed_at": (clock.now() - bulk.CONFIRMED_FOR * 2).isoformat()}
    )
    assert results(worked(run)) == [(Result.FAILED, "bulk.password_old")]


# The other actions


def test_each_case_is_done_by_itself(filed: Case) -> None:
    cases = copies(filed, 5)
    changed, taken, closed = cases[1], cases[2], cases[3]
    items = open_items(cases)
    run = start(CLERK, Kind.ACCEPT, items, note="Đủ giấy tờ")
    rival = Person.objects.create_user(None, kind="official", username="doithu", full_name="Đối Thủ")
    appoint(rival, items[0].office, "Công chức", ["receive"])
    actions.claim(items[2].pk, rival)
    actions.claim(items[3].pk, rival)
    actions.act(items[3].pk, "refuse", rival, note="Không thuộc thẩm quyền")
    actions.request_withdrawal(Case.objects.get(pk=changed.pk), changed.filed_by, "Đổi ý")
    worked(run)
    assert [state for state, _code in results(run)] == ["done", "failed", "failed", "failed", "done"]
    assert [code for _state, code in results(run)][1:4] == ["case.changed", "work.held", "work.closed"]
    assert (run.done, run.failed, run.state) == (2, 3, BulkRun.State.DONE)
    assert "Đối Thủ" in run.entries.get(case=taken).message
    assert not WorkItem.objects.get(pk=items[1].pk).claimed_by, "what cannot be done is not taken either"
    for case in (cases[0], cases[4]):
        case.refresh_from_db()
        assert case.state == Case.State.ACCEPTED
        assert list(case.events.order_by("sequence").values_list("action", "note"))[-2:] == [
            ("claim", ""),
            ("accept", "Đủ giấy tờ"),
        ]
        assert queries.chain_is_intact(case)
    assert Case.objects.get(pk=closed.pk).state == Case.State.NOT_ACCEPTED


def test_a_killed_worker_goes_on_where_it_stopped(filed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    items = open_items(copies(filed, 4))
    run = start(CLERK, Kind.CLAIM, items)
    assert actions.run_bulk(run.pk, most=3) == 3
    assert run.entries.filter(state=Result.WAITING).count() == 1
    BulkRun.objects.filter(pk=run.pk).update(tried_at=clock.now() - reading.GRACE * 2)
    assert reading.unfinished_runs() == [run.pk]
    worked(run)
    assert (run.done, run.failed) == (4, 0)
    assert reading.unfinished_runs() == []
    assert actions.run_bulk(run.pk) == 0
    for item in items:
        assert item.case.events.filter(action="claim").count() == 1


def test_one_case_that_breaks_keeps_nobody_waiting(filed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    items = open_items(copies(filed, 3))
    real = actions.claim

    def claim(pk: int, by: Person) -> WorkItem:
        if pk == items[1].pk:
            raise ZeroDivisionError
        return real(pk, by)

    monkeypatch.setattr("services.cases.actions.work.claim", claim)
    run = worked(start(CLERK, Kind.CLAIM, items))
    assert results(run) == [("done", ""), ("failed", "bulk.error"), ("done", "")]


def test_items_of_strangers_are_left_out_and_a_run_is_its_askers_alone(to_sign: Case, owner: Person) -> None:
    items = open_items(copies(to_sign, 2))
    with pytest.raises(Refused) as refused:
        start(STRANGER, Kind.CLAIM, items)
    assert refused.value.code == "bulk.none"
    run = start(LEADER, Kind.CLAIM, items)
    address = reverse("bulk_run", args=[run.key])
    assert client_of(LEADER).get(address).status_code == 200
    paper = reverse("bulk_paper", args=[items[0].pk])
    assert client_of(LEADER).get(paper).status_code == 200
    for username in (STRANGER, CLERK):
        assert client_of(username).get(address).status_code == 404
        assert client_of(username).get(paper).status_code == 404
        assert client_of(username).post(reverse("queue_bulk"), {"kind": "claim", "run": run.key}).status_code == 404
    resident = Client()
    resident.force_login(owner)
    assert {resident.get(one).status_code for one in (address, paper, reverse("bulk_runs"))} == {404}
    shown = client_of(STRANGER).post(reverse("queue_bulk"), {"kind": "claim", "item": [one.pk for one in items]})
    assert shown["Location"] == reverse("queue")


def test_the_same_press_twice_is_one_run(filed: Case) -> None:
    items = open_items([filed])
    key = uuid4()
    chosen = [(items[0].pk, filed.last_event)]
    first = bulk.start(person(CLERK), Kind.CLAIM, chosen, {}, key=key)
    assert bulk.start(person(CLERK), Kind.CLAIM, chosen, {}, key=key) == first
    assert BulkEntry.objects.count() == 1


def test_labels_and_colleagues(filed: Case) -> None:
    clerk = person(CLERK)
    colleague = Person.objects.create_user(None, kind="official", username="dongnghiep", full_name="Phan Đồng Nghiệp")
    cases = copies(filed, 2)
    items = open_items(cases)
    appoint(colleague, items[0].office, "Công chức", ["receive"])
    label = labelling.save_label(clerk, items[0].office, name="Khẩn", colour="red")
    put = worked(start(CLERK, Kind.LABEL, items, label=label.pk))
    assert (put.done, label.case_labels.count()) == (2, 2)
    taken = worked(start(CLERK, Kind.LABEL, open_items(cases), label=label.pk, off=True))
    assert (taken.done, label.case_labels.count()) == (2, 0)
    worked(start(CLERK, Kind.CLAIM, items[:1]))
    given = worked(start(CLERK, Kind.ASSIGN, open_items(cases), assignee=colleague.pk))
    assert results(given) == [("done", ""), ("failed", "work.unclaimed")]
    assert WorkItem.objects.get(pk=items[0].pk).claimed_by == colleague


# Pages


def test_from_the_list_to_the_result(filed: Case, django_assert_max_num_queries: Any) -> None:
    cases = copies(filed, 4)
    items = open_items(cases)
    client = client_of(CLERK)
    actions.claim(items[3].pk, person(CLERK))
    page = client.post(reverse("queue_bulk"), {"kind": "claim", "item": [item.pk for item in items]})
    content = page.content.decode()
    assert "Ông/bà đang giữ việc này rồi" in content
    assert Case.objects.get(pk=cases[0].pk).last_event == filed.last_event, "nothing is changed by looking"
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert data["items"].count(":") == 3
    answer = client.post(reverse("bulk_start"), data)
    run = BulkRun.objects.get()
    worked(run)
    shown = client.get(answer["Location"])
    assert "Đã kết thúc: cả 3 hồ sơ đều xong" in shown.content.decode()
    assert 'hx-trigger="every 2s"' not in shown.content.decode()
    assert run.key.hex in client.get(reverse("bulk_runs")).content.decode().replace("-", "")
    with django_assert_max_num_queries(10):
        client.get(answer["Location"])


def test_all_that_fit_the_filters_and_those_again_that_failed(filed: Case) -> None:
    cases = copies(filed, 3)
    items = open_items(cases)
    client = client_of(CLERK)
    page = client.post(f"{reverse('queue_bulk')}?xem=can-nhan", {"kind": "claim", "tat-ca": "1"})
    assert page.context["fitting"] == 4
    run = start(CLERK, Kind.ACCEPT, items, note="Đủ")
    run.entries.filter(position__gte=1).update(state=Result.FAILED, code="bulk.error")
    BulkRun.objects.filter(pk=run.pk).update(state=BulkRun.State.DONE)
    again = client.post(reverse("queue_bulk"), {"kind": "accept", "run": run.key})
    assert again.context["fitting"] == 2
    assert again.context["form"]["note"].value() == "Đủ"
    for wrong in ({"kind": "sign", "item": [items[0].pk]}, {"kind": "accept"}, {"kind": "claim", "item": ["x", "9" * 30]}):
        assert client.post(reverse("queue_bulk"), wrong)["Location"] == reverse("queue")


def test_queries_do_not_grow_with_the_cases(to_sign: Case) -> None:
    def asked(work: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            work()
        return len(captured)

    leader = person(LEADER)
    cases = copies(to_sign, 6)
    pks = [item.pk for item in open_items(cases)]
    offices.posts_of(leader)
    reading.outlooks(leader, Kind.SIGN, pks)
    assert asked(lambda: reading.outlooks(leader, Kind.SIGN, pks[:2])) == asked(lambda: reading.outlooks(leader, Kind.SIGN, pks))
    items = open_items(cases)
    first, second = start(LEADER, Kind.SIGN, items[:1]), start(LEADER, Kind.SIGN, items[1:5])
    one, four = asked(lambda: actions.run_bulk(first.pk)), asked(lambda: actions.run_bulk(second.pk))
    assert (four - one) / 3 <= 40


def test_a_message_is_filled_for_each_case_and_sent_once(filed: Case) -> None:
    cases = copies(filed, 2)
    client = client_of(CLERK)
    text = "Kính gửi {ho_ten}, hồ sơ {so_ho_so}."
    canned.save_text(person(CLERK), open_items(cases)[0].office, use="message", title="Mời đến", body=text)
    page = client.post(reverse("queue_bulk"), {"kind": "message", "item": [item.pk for item in open_items(cases)]})
    assert "Mời đến" in page.content.decode()
    run = worked(start(CLERK, Kind.MESSAGE, open_items(cases), text=text))
    assert results(run) == [(Result.DONE, ""), (Result.DONE, "")]
    bulk.run_bulk(run.pk)
    for case in cases:
        message = CaseMessage.objects.get(case=case)
        assert message.body == f"Kính gửi {case.subject_name}, hồ sơ {case.number}."
        assert (message.author, message.office_id) == (person(CLERK), open_items([case])[0].office_id)
    # The case was not accepted, so it has no date: nobody would see the gap.
    assert results(worked(start(CLERK, Kind.MESSAGE, open_items(cases[:1]), text="Hẹn {han_tra}"))) == [
        (Result.FAILED, "bulk.blanks")
    ]
