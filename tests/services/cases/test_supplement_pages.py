"""A request that lists everything, an answer that changes only what was asked for, a second request, a lapse, a limit that restarts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, supplements, tasks
from services.cases.models import Case, SupplementRequest, WorkItem
from services.cases.supplements import OTHER_PAPER, Ask, Item, ItemKind
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.notices.models import Notice
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DESIGN, LAND = "ho-so-thiet-ke", "giay-to-dat-dai"
ASK = Ask(
    (
        Item(ItemKind.FIELD, "owner_name", "", "Không đúng giấy chứng nhận"),
        Item(ItemKind.FIELD, "has_basement", "", "Bản vẽ có tầng hầm"),
        Item(ItemKind.PAPER, DESIGN, "", "Thiếu mặt cắt móng"),
    ),
    "Theo Điều 43 Nghị định 175/2024/NĐ-CP",
)


@pytest.fixture(scope="module")
def made(shared_city: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, int]]:
    """One case at the counter, held by its clerk, and one whose applicant was asked; what a test does to them is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        version = catalogue.version_of("1.013225")
        owner = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
        cases = []
        for _n in range(2):
            case = walk.draft(owner, version, catalogue.agencies_for(version)[0], has_basement=False, owner_name="Lê Văn An")
            cases.append(actions.file(case, owner))
            walk.work(cases[-1])
            actions.claim(desk(cases[-1]).pk, walk.holder(desk(cases[-1])))
        item = desk(cases[1])
        actions.request_supplement(item.pk, walk.holder(item), ASK)
        walk.work(cases[1])
        yield cases[0].pk, cases[1].pk
        transaction.set_rollback(True)


@pytest.fixture
def filed(made: tuple[int, int], db: None) -> Case:
    """At the counter, held by its clerk."""
    return Case.objects.select_related("version__procedure", "agency", "applicant").get(pk=made[0])


@pytest.fixture
def asked(made: tuple[int, int], db: None) -> Case:
    """Its applicant was asked for a supplement."""
    return Case.objects.select_related("version__procedure", "agency", "applicant").get(pk=made[1])


def desk(case: Case) -> WorkItem:
    item = walk.next_step(case)
    assert item is not None
    return item


@pytest.fixture
def clerk(filed: Case) -> Client:
    client = Client()
    client.force_login(walk.holder(desk(filed)))
    return client


def leader(case: Case) -> Person:
    found = Person.objects.filter(posts__office=case.agency, posts__powers__contains=["supervise"]).first()
    assert found is not None
    return found


CORRECTED = {"owner_name": "Lê Văn Ân", "has_basement": "yes", "basements": "1", "basement_depth": "3"}


def page_of(case: Case) -> str:
    return reverse("my_supplement", args=[case.number])


# Asking


def test_the_request_names_questions_and_papers_and_keeps_what_was_typed(clerk: Client, filed: Case) -> None:
    item = desk(filed)
    address = reverse("work_supplement", args=[item.pk])
    assert clerk.get(reverse("work_act", args=[item.pk, "request_supplement"]))["Location"] == address
    page = clerk.get(address).content.decode()
    assert "Lê Văn An" in page
    assert "8 giờ làm việc" in page
    sent = {"field-owner_name": "on", "field-owner_phone-text": "Gõ thừa", f"paper-{DESIGN}": "on", "days": "0", "reason": ""}
    refused = clerk.post(address, sent)
    assert refused.status_code == 422
    again = refused.content.decode()
    for place in ("field-owner_name-text", "field-owner_phone", f"paper-{DESIGN}-text", "days", "reason"):
        assert f'href="#id_{place}"' in again, place
    assert "Gõ thừa" in again
    sent = {
        "field-owner_name": "on",
        "field-owner_name-text": "Sai tên",
        f"paper-{DESIGN}": "on",
        f"paper-{DESIGN}-text": "Thiếu móng",
        "other": "Ảnh hiện trạng\n\nSố điện thoại khác",
        "reason": "Điều 43",
        "days": "10",
        "_seen": str(filed.last_event),
    }
    assert clerk.post(address, sent).status_code == 302
    request = filed.supplement_requests.get()
    assert [(one["kind"], one["key"], one["text"]) for one in request.items] == [
        ("field", "owner_name", "Sai tên"),
        ("paper", DESIGN, "Thiếu móng"),
        ("other", "", "Ảnh hiện trạng"),
        ("other", "", "Số điện thoại khác"),
    ]
    assert request.items[0]["label"]
    filed.refresh_from_db()
    assert (filed.state, filed.supplements, filed.supplements_allowed) == (Case.State.SUPPLEMENT, 1, 1)
    assert "2. Hồ sơ thiết kế xây dựng: Thiếu móng" in filed.events.latest("sequence").note


def test_a_request_must_fit_the_case(filed: Case) -> None:
    item = desk(filed)
    for ask, code in (
        (Ask((), "vì"), "supplement.nothing_asked"),
        (Ask((Item(ItemKind.FIELD, "no_such", "", "x"),), "vì"), "supplement.unknown_item"),
        (Ask((Item(ItemKind.OTHER, "", "", "x"),), " "), "case.reason"),
    ):
        with pytest.raises(Refused) as refused:
            actions.request_supplement(item.pk, walk.holder(item), ask)
        assert refused.value.code == code
    assert not filed.supplement_requests.exists()


def test_colleagues_and_strangers_ask_for_nothing(filed: Case, neighbour: Person, owner: Person) -> None:
    item = desk(filed)
    elsewhere = Person.objects.exclude(posts__office__path__startswith=filed.agency.path).filter(kind="official")[0]
    for person in (elsewhere, neighbour, owner):
        client = Client()
        client.force_login(person)
        for address in (reverse("work_supplement", args=[item.pk]), reverse("case_allow_supplement", args=[filed.number])):
            assert client.get(address).status_code == 404, (person, address)
            assert client.post(address, {"reason": "x", "other": "x", "days": "5", "note": "x"}).status_code == 404
    with pytest.raises(WorkItem.DoesNotExist):
        actions.request_supplement(item.pk, elsewhere, ASK)
    with pytest.raises(Case.DoesNotExist):
        actions.allow_supplement(filed.pk, elsewhere, "vì")
    with pytest.raises(Refused, match="quyền"):
        actions.allow_supplement(filed.pk, walk.holder(item), "vì")


def test_a_second_request_needs_a_leader_and_is_counted(asked: Case, owner: Person, clerk: Client) -> None:
    case = actions.answer_supplement(asked, owner, "Đã nộp từ trước")
    walk.work(case)
    item, head = desk(case), leader(case)
    with pytest.raises(Refused) as refused:
        actions.request_supplement(item.pk, walk.holder(item), supplements.plain("Còn thiếu"))
    assert refused.value.code == "supplement.second"
    address = reverse("work_supplement", args=[item.pk])
    assert "một lần và lần đó đã dùng" in clerk.get(address).content.decode()
    assert clerk.post(address, {"other": "x", "reason": "x", "days": "5"}).status_code == 409
    browser = Client()
    browser.force_login(head)
    allow = reverse("case_allow_supplement", args=[case.number])
    assert browser.post(allow, {"note": " "}).status_code == 200
    assert browser.post(allow, {"note": "Bản vẽ nộp lại vẫn thiếu", "_seen": "1"}).status_code == 409
    assert browser.post(allow, {"note": "Bản vẽ nộp lại vẫn thiếu", "_seen": str(case.last_event)}).status_code == 302
    with pytest.raises(Refused, match="chưa dùng"):
        actions.allow_supplement(case.pk, head, "lần nữa")
    request = actions.request_supplement(item.pk, walk.holder(item), supplements.plain("Còn thiếu"))
    case.refresh_from_db()
    assert (request.number, case.supplements, case.supplements_allowed) == (2, 2, 2)


# Answering


def test_the_page_opens_what_was_asked_and_nothing_else(mine: Client, asked: Case) -> None:
    page = mine.get(page_of(asked)).content.decode()
    for text in ("Không đúng giấy chứng nhận", "Thiếu mặt cắt móng", f"giay-to-{DESIGN}", 'name="basements"'):
        assert text in page, text
    for text in ('name="owner_phone"', f'id="giay-to-{LAND}"', 'name="floors"'):
        assert text not in page, text


def test_what_was_not_asked_for_stays_locked(mine: Client, asked: Case) -> None:
    """Neither the page, nor its saving, nor any way in for files touches anything else."""
    before = dict(asked.answers)
    locked = {"owner_phone": "0911111111", "floors": "9", "0-note": "x", "remarks": "y"}
    mine.post(page_of(asked), {**locked, "_leave": "1"})
    saved = mine.post(reverse("my_supplement_save", args=[asked.number]), locked, headers={"Accept": "application/json"})
    assert saved.status_code == 200
    request = asked.supplement_requests.get()
    assert not {"owner_phone", "floors", "remarks"} & set(request.answers)
    key = asked.key
    upload = {"file": SimpleUploadedFile("x.pdf", walk.PDF)}
    for response in (
        mine.post(reverse("file_upload", args=[key, LAND]), upload),
        mine.post(reverse("file_upload_start", args=[key, LAND]), headers={"Upload-Length": "9", "Tus-Resumable": "1.0.0"}),
        mine.post(reverse("file_upload", args=[key, OTHER_PAPER]), {"file": SimpleUploadedFile("x.pdf", walk.PDF)}),
    ):
        assert response.status_code == 409
    mine.post(reverse("file_page", args=[key, "chu-dau-tu"]), {"owner_phone": "0911111111"})
    mine.post(reverse("file_choice", args=[key]), {"circumstance": "khac"})
    old = asked.attachments.filter(document=DESIGN)[0]
    assert mine.post(reverse("file_remove", args=[key, old.attachment_id])).status_code == 409
    asked.refresh_from_db()
    assert asked.answers == before
    assert asked.attachments.filter(added_in="supplement").count() == 0


def test_answers_are_saved_while_typed_and_change_nothing_before_they_are_sent(mine: Client, asked: Case) -> None:
    save = reverse("my_supplement_save", args=[asked.number])
    page = mine.get(page_of(asked)).content.decode()
    assert save in page
    told = mine.post(save, {**CORRECTED, "basement_depth": "abc", "0-note": "Đã sửa"}).json()
    assert set(told["problems"]) == {"basement_depth"}
    asked.refresh_from_db()
    assert asked.answers["owner_name"] == "Lê Văn An"
    again = mine.get(page_of(asked)).content.decode()
    for text in ("Lê Văn Ân", 'value="abc"', "Đã sửa"):
        assert text in again, text
    refused = mine.post(page_of(asked), {**CORRECTED, "basement_depth": "abc", "0-note": "Đã sửa"})
    assert refused.status_code == 422
    assert "basement_depth" in refused.content.decode()
    assert asked.supplement_requests.get().answered_at is None


def test_the_answer_corrects_the_case_and_tells_old_and_new(mine: Client, asked: Case) -> None:
    missing = mine.post(page_of(asked), {"owner_name": "Lê Văn Ân", "has_basement": "yes", "0-note": "Đã sửa"})
    assert missing.status_code == 422, "what the corrected answer makes necessary is asked for"
    assert 'href="#id_basements"' in missing.content.decode()
    empty = mine.post(page_of(asked), CORRECTED)
    assert empty.status_code == 422
    assert 'href="#id_0-note"' in empty.content.decode(), "the paper was neither added nor answered for"
    mine.post(reverse("file_upload", args=[asked.key, DESIGN]), {"file": SimpleUploadedFile("mong.pdf", walk.PDF)})
    assert mine.post(page_of(asked), CORRECTED).status_code == 302
    asked.refresh_from_db()
    assert asked.state == Case.State.FILED
    assert asked.subject_name == "Lê Văn Ân"
    event = asked.events.get(action="answer_supplement")
    changed: dict[str, Any] = event.data["changes"]
    assert changed["owner_name"] == ["Lê Văn An", "Lê Văn Ân"]
    assert changed["has_basement"] == [False, True]
    assert changed["basements"] == [None, 1]
    assert event.data["files"] == ["mong.pdf"]
    assert queries.chain_is_intact(asked)
    walk.work(asked)
    assert asked.application_forms.filter(is_draft=False).count() == 2
    official = Client()
    official.force_login(walk.holder(desk(asked)))
    page = official.get(reverse("casework", args=[asked.number])).content.decode()
    for text in ("Lê Văn An", "Lê Văn Ân", "mong.pdf", f"{DESIGN}.pdf", "tệp nộp trước khi bổ sung"):
        assert text in page, text
    assert mine.post(page_of(asked), CORRECTED)["Location"] == reverse("my_case", args=[asked.number])


def test_another_device_is_not_overwritten(mine: Client, asked: Case) -> None:
    save = reverse("my_supplement_save", args=[asked.number])
    first = mine.post(save, {"owner_name": "Máy Một", "has_basement": "no"}).json()["revision"]
    mine.post(save, {"owner_name": "Máy Hai", "has_basement": "no", "0-note": "từ máy hai"})
    held = mine.post(page_of(asked), {"owner_name": "Máy Một", "has_basement": "no", "_revision": first, "0-note": "a"})
    assert held.status_code == 422
    assert "Máy Hai" in held.content.decode()
    merged = mine.post(
        save, {"owner_name": "Máy Một", "has_basement": "yes", "_was.has_basement": "no", "_merge": "1", "_revision": first}
    ).json()
    assert merged["updated"]["owner_name"] == ["Máy Hai"]
    request = asked.supplement_requests.get()
    assert (request.answers["owner_name"], request.note) == ("Máy Hai", "từ máy hai")


def test_what_was_typed_survives_the_end_of_the_session(mine: Client, owner: Person, asked: Case) -> None:
    mine.logout()
    signed_out = mine.post(reverse("my_supplement_save", args=[asked.number]), CORRECTED, headers={"Accept": "application/json"})
    assert (signed_out.status_code, signed_out.json()["code"]) == (401, "signed_out")
    assert mine.post(page_of(asked), {**CORRECTED, "0-note": "Tôi viết dở"}).status_code == 302
    mine.force_login(owner)
    page = mine.get(page_of(asked)).content.decode()
    assert "Tôi viết dở" in page
    assert asked.supplement_requests.get().answers["owner_name"] == "Lê Văn Ân"


def test_only_the_applicant_answers(asked: Case, neighbour: Person) -> None:
    client = Client()
    client.force_login(neighbour)
    save = reverse("my_supplement_save", args=[asked.number])
    assert client.get(page_of(asked)).status_code == 404
    assert client.post(save, CORRECTED).status_code == 404
    with pytest.raises(Case.DoesNotExist):
        actions.answer_supplement(asked, neighbour, "x")


def test_the_page_asks_the_database_the_same_however_much_is_asked(
    mine: Client, asked: Case, django_assert_max_num_queries: Any
) -> None:
    mine.get(page_of(asked))
    with django_assert_max_num_queries(24):
        mine.get(page_of(asked))


# Time


def over(case: Case) -> SupplementRequest:
    SupplementRequest.objects.filter(case=case).update(answer_by=clock.now() - timedelta(minutes=1))
    return case.supplement_requests.get()


def test_when_the_time_is_over_everybody_is_told_once_and_the_answer_still_counts(
    asked: Case, owner: Person, mine: Client
) -> None:
    Person.objects.filter(posts__office=desk(asked).office).update(email="canbo@example.vn", email_verified=True)
    request = over(asked)
    tasks.sweep_supplements()
    tasks.sweep_supplements()
    walk.work(asked)
    request.refresh_from_db()
    assert request.lapsed_at is not None
    assert asked.events.filter(action="supplement_lapsed").count() == 1
    assert asked.state == Case.State.SUPPLEMENT
    event = asked.events.get(action="supplement_lapsed")
    assert Notice.objects.filter(key=f"case-event-{event.pk}", person=owner).exists()
    assert "Thời hạn trả lời đã hết" in mine.get(page_of(asked)).content.decode()
    actions.answer_supplement(asked, owner, "Xin lỗi vì chậm")
    asked.refresh_from_db()
    assert asked.state == Case.State.FILED


def test_a_reminder_comes_once_two_working_days_before(asked: Case) -> None:
    assert queries.requests_to_remind() == []
    SupplementRequest.objects.filter(case=asked).update(
        answer_by=clock.now() + timedelta(hours=20), requested_at=clock.now() - timedelta(days=20)
    )
    before = Notice.objects.count()
    tasks.remind_of_supplements()
    tasks.remind_of_supplements()
    assert Notice.objects.count() == before + 1


def test_a_withdrawal_asked_meanwhile_stops_the_time_and_declined_leads_back(asked: Case, owner: Person) -> None:
    actions.request_withdrawal(asked, owner, "Không xây nữa")
    walk.work(asked)
    over(asked)
    tasks.sweep_supplements()
    assert not asked.events.filter(action="supplement_lapsed").exists()
    with pytest.raises(Refused):
        actions.answer_supplement(asked, owner, "x")
    item = asked.work_items.get(state=WorkItem.State.OPEN, kind="withdrawal")
    official = walk.holder(item)
    actions.claim(item.pk, official)
    actions.act(item.pk, "decline_withdrawal", official, note="Đã khởi công")
    asked.refresh_from_db()
    assert (asked.state, asked.paused_at is not None) == (Case.State.SUPPLEMENT, True)
    assert queries.answering(asked) is not None


def test_the_limit_restarts_where_the_law_says_so(asked: Case, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once accepted, the whole limit counts again from the answer; otherwise it only stood still."""
    actions.answer_supplement(asked, owner, "Xong")
    walk.work(asked)
    item = desk(asked)
    actions.act(item.pk, "accept", walk.holder(item))
    walk.work(asked)
    while "request_supplement" not in [choice.name for choice in queries.actions_for(taken(asked), walk.holder(desk(asked)))]:
        walk.take_step(desk(asked))
        walk.work(asked)
    monkeypatch.setattr(Version, "limit_restarts", property(lambda _version: True, lambda _version, _value: None))
    Case.objects.filter(pk=asked.pk).update(supplements_allowed=2, clock_started_at=clock.now() - timedelta(days=30))
    actions.request_supplement(desk(asked).pk, walk.holder(desk(asked)), supplements.plain("Thiếu"))
    asked = Case.objects.get(pk=asked.pk)
    actions.answer_supplement(asked, owner, "Xong")
    asked.refresh_from_db()
    assert asked.clock_started_at is not None
    assert asked.clock_started_at > clock.now() - timedelta(days=1)
    assert asked.paused_minutes == 0


def taken(case: Case) -> WorkItem:
    item = desk(case)
    return actions.claim(item.pk, walk.holder(item))
