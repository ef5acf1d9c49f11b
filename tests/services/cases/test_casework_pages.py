"""Officials work through the pages: they see what is theirs, take it, act as the table allows; strangers see nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from identity.offices import queries as offices
from identity.offices.actions import appoint
from identity.people.models import Person
from identity.trail.models import Look
from portal.dev.demo import PASSWORD
from portal.kit import clock
from services.cases import actions, lifecycle, queries, routing
from services.cases.models import Case, WorkItem
from services.cases.officials import forms, queue_wording, wording
from services.cases.queries import desk
from services.cases.queries import queue as lists
from services.cases.queue_filters import VIEWS, Filters
from services.cases.supplements import plain
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store")]
CODE = "1.013225"
CLERK, HEAD, SPECIALIST = "tiepnhan.benthanh", "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh"
LEADER, REGISTRY = "lanhdao.benthanh", "vanthu.benthanh"
STRANGER = "tiepnhan.saigon"


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(who: Person | str) -> Client:
    client = Client()
    client.force_login(person(who) if isinstance(who, str) else who)
    return client


@pytest.fixture
def version(shared_city: None, db: None) -> Version:
    return catalogue.version_of(CODE)


@pytest.fixture
def resident(version: Version) -> Person:
    return Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]


@pytest.fixture
def file_one(version: Version, resident: Person) -> Callable[..., Case]:
    agency = offices.by_code("H29.141")
    assert agency is not None

    def file(name: str = "Trần Đại Nghĩa") -> Case:
        case = actions.file(walk.draft(resident, version, agency, owner_name=name), resident)
        walk.work(case)
        return case

    return file


@pytest.fixture
def filed(file_one: Callable[..., Case]) -> Case:
    return file_one()


def open_item(case: Case) -> WorkItem:
    item = walk.next_step(case)
    assert item is not None
    return item


def held(case: Case, username: str) -> WorkItem:
    return actions.claim(open_item(case).pk, person(username))


def until(case: Case, kind: routing.Kind) -> WorkItem:
    """Walk the case until a step of that kind is next."""
    while (item := open_item(case)).kind != kind:
        walk.take_step(item)
        walk.work(case)
    return item


def text(response: HttpResponse) -> str:
    return response.content.decode()


# Who may open what


def addresses_of(case: Case, item: WorkItem) -> list[tuple[str, str]]:
    attachment = case.attachments.all()[0].attachment_id
    document = queries.documents_of(case, for_resident=False)[0].code
    return [
        ("get", reverse("casework", args=[case.number])),
        ("get", reverse("casework_attachment", args=[case.number, attachment])),
        ("get", reverse("casework_document", args=[case.number, document])),
        ("post", reverse("work_claim", args=[item.pk])),
        ("post", reverse("work_release", args=[item.pk])),
        *((method, reverse("work_act", args=[item.pk, name])) for method in ("get", "post") for name in sorted(routing.CLOSING)),
    ]


@pytest.fixture
def assigned(filed: Case) -> tuple[Case, WorkItem]:
    """Accepted with its receipt; waiting at the economy office to be assigned."""
    return filed, until(filed, routing.Kind.ASSIGN)


def test_strangers_get_404_and_visitors_sign_in(assigned: tuple[Case, WorkItem], resident: Person) -> None:
    for who in (person(STRANGER), resident):
        client = client_of(who)
        for method, address in addresses_of(*assigned):
            assert getattr(client, method)(address).status_code == 404, (who, method, address)
    for method, address in addresses_of(*assigned):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
    item = assigned[1]
    item.refresh_from_db()
    assert item.claimed_by is None


@pytest.mark.parametrize("name", ["queue", "casework_find", "supervision"])
def test_lists_are_for_officials(version: Version, resident: Person, name: str) -> None:
    assert client_of(resident).get(reverse(name)).status_code == 404
    assert Client().get(reverse(name)).url.startswith(reverse("account_login"))


def test_taking_the_next_one_is_for_officials_and_not_a_link(version: Version, resident: Person) -> None:
    assert client_of(resident).post(reverse("work_next")).status_code == 404
    assert Client().post(reverse("work_next")).url.startswith(reverse("account_login"))
    assert client_of(CLERK).get(reverse("work_next")).status_code == 405
    assert client_of(CLERK).get(reverse("work_claim", args=[1])).status_code == 405


def test_the_receiving_office_goes_on_seeing_its_case_but_not_the_next_offices_work(assigned: tuple[Case, WorkItem]) -> None:
    case, item = assigned
    clerk = client_of(CLERK)
    page = text(clerk.get(reverse("casework", args=[case.number])))
    assert "Đang chờ ai" in page
    assert item.title in page
    assert clerk.post(reverse("work_claim", args=[item.pk])).status_code == 404


def test_a_supervisor_reads_without_acting(assigned: tuple[Case, WorkItem]) -> None:
    page = client_of("lanhdao.benthanh").get(reverse("casework", args=[assigned[0].number]))
    assert page.status_code == 200
    assert "/can-bo/viec/" not in text(page)
    assert "Ai đã mở hồ sơ này" in text(page)


def test_a_file_of_another_case_is_not_found_under_this_one(file_one: Callable[..., Case]) -> None:
    case, other = file_one(), file_one()
    foreign = other.attachments.all()[0].attachment_id
    assert client_of(CLERK).get(reverse("casework_attachment", args=[case.number, foreign])).status_code == 404


# The queue


def test_the_queue_shows_my_desk_in_deadline_order(file_one: Callable[..., Case]) -> None:
    late, early = file_one("Nguyễn Thị Muộn"), file_one("Lê Văn Sớm")
    WorkItem.objects.filter(case=late).update(due_at=clock.now() + timedelta(days=20))
    WorkItem.objects.filter(case=early).update(due_at=clock.now() - timedelta(days=20))
    page = text(client_of(CLERK).get(reverse("queue")))
    assert page.index(early.number or "") < page.index(late.number or "")
    assert "mc-row--overdue" in page
    assert "Quá hạn" in page
    assert "ngày" in page
    assert (late.number or "") not in text(client_of(HEAD).get(reverse("queue")))


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("tat-ca", {"free", "mine", "theirs", "late"}),
        ("can-nhan", {"free", "late"}),
        ("cua-toi", {"mine"}),
        ("qua-han", {"late"}),
        ("cho-dan", {"waiting"}),
    ],
)
def test_each_tab_holds_its_items_and_counts_them(file_one: Callable[..., Case], tab: str, expected: set[str]) -> None:
    cases = {name: file_one(f"Hồ Sơ {name}") for name in ("free", "mine", "theirs", "late", "waiting")}
    clerk = person(CLERK)
    colleague = Person.objects.create_user(None, kind="official", username="dongnghiep", full_name="Đồng Nghiệp")
    appoint(colleague, open_item(cases["free"]).office, "Công chức", ["receive"])
    actions.claim(open_item(cases["mine"]).pk, clerk)
    actions.claim(open_item(cases["theirs"]).pk, colleague)
    waiting = actions.claim(open_item(cases["waiting"]).pk, clerk)
    actions.request_supplement(waiting.pk, clerk, plain("Thiếu bản vẽ"))
    WorkItem.objects.exclude(case=cases["late"]).update(due_at=clock.now() + timedelta(days=30))
    WorkItem.objects.filter(case=cases["late"]).update(due_at=clock.now() - timedelta(hours=1))
    page = text(client_of(CLERK).get(reverse("queue"), {"xem": tab}))
    assert {name for name, case in cases.items() if (case.number or "-") in page} == expected
    assert lists.tab_counts(person(CLERK), Filters())[VIEWS[tab]].count == len(expected)


def test_the_queue_is_filtered_by_name_without_marks_number_and_procedure(file_one: Callable[..., Case]) -> None:
    wanted, other = file_one("Nguyễn Thị Hồng Ánh"), file_one("Trần Văn Bé")
    client = client_of(CLERK)
    for query in ({"q": "hong anh"}, {"q": wanted.number or ""}, {"q": (wanted.number or "")[-11:].lower()}):
        page = text(client.get(reverse("queue"), query))
        assert (wanted.number or "") in page, query
        assert f"/can-bo/ho-so/{other.number}/" not in page, query
    assert (wanted.number or "") in text(client.get(reverse("queue"), {"tt": CODE}))
    nothing = text(client.get(reverse("queue"), {"q": "không ai cả"}))
    assert "Không có việc nào khớp bộ lọc" in nothing
    assert quote("không ai cả") in nothing


def test_odd_addresses_show_the_whole_queue(filed: Case) -> None:
    client = client_of(CLERK)
    for query in ({"xem": "khac"}, {"tt": "9.999999"}, {"sau": "!!"}, {"q": "\0"}):
        assert client.get(reverse("queue"), query).status_code == 200


def test_htmx_gets_the_list_alone(filed: Case) -> None:
    page = text(client_of(CLERK).get(reverse("queue"), headers={"HX-Request": "true", "HX-Target": "queue"}))
    assert (filed.number or "") in page
    assert "<html" not in page


def test_an_official_without_a_desk_is_told_so(version: Version) -> None:
    someone = Person.objects.create_user(None, kind="official", username="khongban", full_name="Không Bàn")
    page = text(client_of(someone).get(reverse("queue")))
    assert "chưa có nhiệm vụ xử lý hồ sơ" in page
    assert reverse("work_next") not in page


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


QUEUE_QUERIES, CASE_QUERIES = 19, 27


def test_the_queue_costs_the_same_with_1_and_60_items(filed: Case, resident: Person) -> None:
    client = client_of(CLERK)
    one = queries_of(client, reverse("queue"))
    item = open_item(filed)
    copies = [
        Case(
            number=f"H29.141-260101-{number:04d}",
            version=filed.version,
            applicant=resident,
            agency=filed.agency,
            state=1,
            filed_at=clock.now(),
            subject_name="Người Nộp",
        )
        for number in range(60)
    ]
    Case.objects.bulk_create(copies)
    WorkItem.objects.bulk_create(
        WorkItem(
            case=copy,
            step=item.step,
            position=0,
            title=item.title,
            kind=item.kind,
            power=item.power,
            office=item.office,
            agency=item.agency,
            due_at=item.due_at,
        )
        for copy in copies
    )
    page = client.get(reverse("queue"))
    assert text(page).count("mc-queue__step") == 50
    assert "sau=" in text(page)
    many = queries_of(client, reverse("queue"))
    assert one == many == QUEUE_QUERIES


# The case page


def test_the_case_page_has_everything(assigned: tuple[Case, WorkItem]) -> None:
    case, item = assigned
    answer = client_of(HEAD).get(reverse("casework", args=[case.number]))
    page = text(answer)
    assert case.version.name in page
    assert "Trần Đại Nghĩa" in page
    for link in case.attachments.select_related("attachment"):
        assert reverse("casework_attachment", args=[case.number, link.attachment_id]) in page
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    assert "Ngày hẹn trả kết quả" in page
    assert reverse("work_claim", args=[item.pk]) in page
    for step in case.version.route:
        assert step["title"] in page
    assert "Nhật ký nguyên vẹn" in page
    assert Look.objects.filter(subject=case.number, viewer=person(HEAD), what="case").count() == 1


def test_a_changed_record_is_announced(assigned: tuple[Case, WorkItem]) -> None:
    case = assigned[0]
    Case.objects.filter(pk=case.pk).update(last_hash="0" * 64)
    assert "không khớp" in text(client_of(HEAD).get(reverse("casework", args=[case.number])))


def test_the_chosen_file_is_shown(filed: Case) -> None:
    link = filed.attachments.order_by("-position").select_related("attachment")[0]
    address = reverse("casework_attachment", args=[filed.number, link.attachment_id])
    client = client_of(CLERK)
    page = text(client.get(reverse("casework", args=[filed.number]), {"tep": str(link.attachment_id)}))
    assert f'<iframe class="mc-viewer__frame" src="{address}#navpanes=0' in page
    alone = client.get(
        reverse("casework", args=[filed.number]),
        {"tep": str(link.attachment_id)},
        headers={"HX-Request": "true", "HX-Target": "xem"},
    )
    assert address in text(alone)
    assert "<html" not in text(alone)
    file = client.get(address)
    assert file["Content-Disposition"].startswith("inline")
    assert file["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(f"{address}?tai")["Content-Disposition"].startswith("attachment")


def test_the_case_page_costs_the_same_with_a_long_history(file_one: Callable[..., Case]) -> None:
    short, long = file_one(), file_one()
    clerk = person(CLERK)
    for _ in range(12):
        actions.claim(open_item(long).pk, clerk)
        actions.release(open_item(long).pk, clerk)
    client = client_of(CLERK)
    few, many = (queries_of(client, reverse("casework", args=[case.number])) for case in (short, long))
    assert few == many
    assert many == CASE_QUERIES


def test_while_workers_are_busy_the_page_asks_again(filed: Case) -> None:
    client = client_of(CLERK)
    address = reverse("casework", args=[filed.number])
    assert "every 2s" not in text(client.get(address))
    actions.act(held(filed, CLERK).pk, "accept", person(CLERK))
    page = text(client.get(address))
    assert "every 2s" in page
    assert "Nhận việc gấp nhất" in page
    walk.work(filed)
    assert "every 2s" not in text(client.get(address))


# Taking work


def test_claim_and_release(filed: Case) -> None:
    item = open_item(filed)
    client = client_of(CLERK)
    assert client.post(reverse("work_claim", args=[item.pk])).url == reverse("casework", args=[filed.number])
    item.refresh_from_db()
    assert item.claimed_by == person(CLERK)
    page = text(client.get(reverse("casework", args=[filed.number])))
    assert "Tiếp nhận hồ sơ" in page
    back = f"{reverse('queue')}?xem=cua-toi"
    assert client.post(reverse("work_release", args=[item.pk]), {"ve": back}).url == back
    item.refresh_from_db()
    assert item.claimed_by is None
    elsewhere = client.post(reverse("work_release", args=[item.pk]), {"ve": "https://example.com/"})
    assert elsewhere.url == reverse("casework", args=[filed.number])


def test_the_next_one_is_the_most_urgent_that_is_free(file_one: Callable[..., Case]) -> None:
    taken, urgent, later = file_one(), file_one(), file_one()
    for days, case in enumerate((taken, urgent, later)):
        WorkItem.objects.filter(case=case).update(due_at=clock.now() + timedelta(days=days))
    colleague = Person.objects.create_user(None, kind="official", username="dongnghiep", full_name="Đồng Nghiệp")
    WorkItem.objects.filter(case=taken).update(claimed_by=colleague, claimed_at=clock.now())
    client = client_of(CLERK)
    assert client.post(reverse("work_next")).url == reverse("casework", args=[urgent.number])
    assert open_item(urgent).claimed_by == person(CLERK)
    assert client.post(reverse("work_next")).url == reverse("casework", args=[later.number])
    assert client.post(reverse("work_next")).url == reverse("queue")


def test_the_second_is_told_who_has_it(assigned: tuple[Case, WorkItem]) -> None:
    item = assigned[1]
    actions.claim(item.pk, person(HEAD))
    second = Person.objects.create_user(None, kind="official", username="phophong", full_name="Phó Phòng")
    appoint(second, item.office, "Phó trưởng phòng", ["lead", "process"])
    client = client_of(second)
    page = text(client.post(reverse("work_claim", args=[item.pk]), follow=True))
    assert person(HEAD).full_name in page
    item.refresh_from_db()
    assert item.claimed_by == person(HEAD)
    assert "Thu hồi việc cho đơn vị" in page
    client.post(reverse("work_release", args=[item.pk]))
    item.refresh_from_db()
    assert item.claimed_by is None


# Acting


@pytest.mark.parametrize("name", ["refuse"])
def test_a_reason_is_asked_for(filed: Case, name: str) -> None:
    item = held(filed, CLERK)
    client = client_of(CLERK)
    address = reverse("work_act", args=[item.pk, name])
    page = text(client.get(address))
    for line in wording.ACTS[name].leads_to:
        assert str(line) in page
    refused = client.post(address, {"note": "  "})
    assert refused.status_code == 200
    assert "người nộp hồ sơ sẽ đọc" in text(refused)
    filed.refresh_from_db()
    assert filed.state == lifecycle.State.FILED
    assert client.post(address, {"note": "Thiếu mặt cắt móng"}).status_code == 302
    filed.refresh_from_db()
    assert filed.state == lifecycle.BY_NAME[name].target
    assert "Thiếu mặt cắt móng" in text(client.get(reverse("casework", args=[filed.number])))


def test_a_note_may_be_too_long(filed: Case) -> None:
    answer = client_of(CLERK).post(
        reverse("work_act", args=[held(filed, CLERK).pk, "accept"]), {"note": "a" * (forms.NOTE_LENGTH + 1)}
    )
    assert answer.status_code == 200


def test_acceptance_says_the_promised_date_beforehand(filed: Case) -> None:
    item = held(filed, CLERK)
    client = client_of(CLERK)
    promise = desk.promise_if_accepted_now(filed)
    assert f"{clock.local(promise):%d/%m/%Y}" in text(client.get(reverse("work_act", args=[item.pk, "accept"])))
    client.post(reverse("work_act", args=[item.pk, "accept"]), {"note": ""})
    filed.refresh_from_db()
    assert filed.due_at is not None
    assert abs(filed.due_at - promise) < timedelta(minutes=1)


def test_while_the_applicant_must_answer_nothing_can_be_done(filed: Case) -> None:
    item = held(filed, CLERK)
    actions.request_supplement(item.pk, person(CLERK), plain("Thiếu bản vẽ"))
    client = client_of(CLERK)
    page = text(client.get(reverse("casework", args=[filed.number])))
    assert "Chưa thể làm gì cho đến khi người nộp trả lời" in page
    stale = client.post(reverse("work_act", args=[item.pk, "accept"]), {"note": "Đủ rồi"})
    assert stale.status_code == 409
    assert "Đủ rồi" in text(stale)


def test_assigning_gives_the_work_to_a_colleague(assigned: tuple[Case, WorkItem]) -> None:
    case, item = assigned
    actions.claim(item.pk, person(HEAD))
    client = client_of(HEAD)
    specialist = person(SPECIALIST)
    page = text(client.get(reverse("casework", args=[case.number])))
    assert specialist.full_name in page
    assert "đang giữ 0 việc" in page
    address = reverse("work_act", args=[item.pk, "finish"])
    assert client.post(address, {"assignee": str(person(STRANGER).pk), "note": ""}).status_code == 200
    assert client.post(address, {"assignee": str(specialist.pk), "note": "Chú ý ranh lộ giới"}).status_code == 302
    walk.work(case)
    assert case.work_items.get(kind=routing.Kind.APPRAISE).claimed_by == specialist


def test_assigning_to_the_whole_office_leaves_it_free(assigned: tuple[Case, WorkItem]) -> None:
    case, item = assigned
    actions.claim(item.pk, person(HEAD))
    client_of(HEAD).post(reverse("work_act", args=[item.pk, "finish"]), {"assignee": "0", "note": ""})
    walk.work(case)
    assert case.work_items.get(kind=routing.Kind.APPRAISE).claimed_by is None


def test_signing_shows_the_text_and_asks_for_the_password(filed: Case) -> None:
    item = until(filed, routing.Kind.SIGN)
    actions.claim(item.pk, person(LEADER))
    client = client_of(LEADER)
    address = reverse("work_act", args=[item.pk, "sign"])
    assert address in text(client.get(reverse("casework", args=[filed.number])))
    page = text(client.get(address))
    assert "GIẤY PHÉP XÂY DỰNG" in page
    assert "Trần Đại Nghĩa" in page
    assert person(LEADER).full_name in page
    assert client.post(address, {"note": "Ký"}).status_code == 200
    wrong = client.post(address, {"note": "Đã xem kỹ bản vẽ", "password": "sai"})
    assert wrong.status_code == 200
    assert "Đã xem kỹ bản vẽ" in text(wrong)
    assert "Mật khẩu chưa đúng" in text(wrong)
    assert 'value="sai"' not in text(wrong)
    item.refresh_from_db()
    assert item.state == WorkItem.State.OPEN
    assert client.post(address, {"note": "", "password": PASSWORD}).status_code == 302
    item.refresh_from_db()
    assert item.finished_by == person(LEADER)


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_while(filed: Case) -> None:
    item = until(filed, routing.Kind.SIGN)
    actions.claim(item.pk, person(LEADER))
    client = client_of(LEADER)
    address = reverse("work_act", args=[item.pk, "sign"])
    for _ in range(5):
        assert client.post(address, {"note": "", "password": "sai"}).status_code == 200
    locked = client.post(address, {"note": "", "password": PASSWORD})
    assert locked.status_code == 200
    item.refresh_from_db()
    assert item.state == WorkItem.State.OPEN


def test_sealing_shows_the_signed_document(filed: Case) -> None:
    item = until(filed, routing.Kind.SEAL)
    actions.claim(item.pk, person(REGISTRY))
    client = client_of(REGISTRY)
    address = reverse("work_act", args=[item.pk, "seal"])
    outcome = next(one for one in queries.documents_of(filed, for_resident=False) if one.kind == IssuedDocument.Kind.OUTCOME)
    signed = reverse("casework_document", args=[filed.number, outcome.code])
    assert signed in text(client.get(address))
    assert b"".join(client.get(signed)).startswith(b"%PDF")
    assert client.post(address, {"note": "", "password": PASSWORD}).status_code == 302
    walk.work(filed)
    outcome.refresh_from_db()
    assert outcome.state == IssuedDocument.State.ISSUED
    assert outcome.number in text(client.get(reverse("casework", args=[filed.number])))


def test_actions_a_step_does_not_have_are_not_found(filed: Case) -> None:
    item = held(filed, CLERK)
    client = client_of(CLERK)
    for name in ("sign", "seal", "approve", "complete", "khac"):
        assert client.get(reverse("work_act", args=[item.pk, name])).status_code == 404
        assert client.post(reverse("work_act", args=[item.pk, name])).status_code == 404


def test_a_stale_page_says_what_happened_and_keeps_the_text(filed: Case) -> None:
    item = held(filed, CLERK)
    actions.act(item.pk, "accept", person(CLERK))
    client = client_of(CLERK)
    address = reverse("work_act", args=[item.pk, "refuse"])
    stale = client.post(address, {"note": "Không thuộc thẩm quyền"})
    assert stale.status_code == 409
    assert "Bạn đã hoàn thành bước này rồi" in text(stale)
    assert "Không thuộc thẩm quyền" in text(stale)
    assert client.get(address).url == reverse("casework", args=[filed.number])
    filed.refresh_from_db()
    assert filed.state == lifecycle.State.ACCEPTED


def test_an_item_nobody_holds_is_taken_first(filed: Case) -> None:
    item = open_item(filed)
    client = client_of(CLERK)
    stale = client.post(reverse("work_act", args=[item.pk, "accept"]), {"note": "Hợp lệ"})
    assert stale.status_code == 409
    assert "Hãy nhận việc trước" in text(stale)
    assert client.get(reverse("work_act", args=[item.pk, "accept"])).status_code == 302


def test_losing_a_race_between_looking_and_acting_keeps_the_text(filed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    item = held(filed, CLERK)
    act = actions.act

    def too_late(*args: Any, **kwargs: Any) -> Case:
        WorkItem.objects.filter(pk=item.pk).update(
            state="done", finished_by=person(CLERK), finished_at=clock.now(), claimed_by=None, claimed_at=None
        )
        return act(*args, **kwargs)

    monkeypatch.setattr(actions, "act", too_late)
    answer = client_of(CLERK).post(reverse("work_act", args=[item.pk, "refuse"]), {"note": "Không thuộc thẩm quyền"})
    assert answer.status_code == 409
    assert "Không thuộc thẩm quyền" in text(answer)


def test_every_action_has_words() -> None:
    offered = {name for names in routing.ACTIONS_OF_KIND.values() for name in names}
    assert offered | set(wording.CASE_PAGES) | {"call_off_consult"} == set(wording.ACTS)


def test_every_tab_has_words() -> None:
    assert set(queue_wording.TABS) == set(queue_wording.EMPTY) == {view.value for view in queries.QueueView}


# Search


def test_cases_are_found_by_number_and_name_also_when_finished(file_one: Callable[..., Case]) -> None:
    case = file_one("Phan Thị Mỹ Duyên")
    actions.act(held(case, CLERK).pk, "refuse", person(CLERK), note="Sai thẩm quyền")
    client = client_of(CLERK)
    find = reverse("casework_find")
    assert (case.number or "") in text(client.get(find, {"q": "my duyen"}))
    assert client.get(find, {"q": (case.number or "").lower()}).url == reverse("casework", args=[case.number])
    assert "Không tìm thấy hồ sơ" in text(client.get(find, {"q": "không có ai"}))
    assert (case.number or "") not in text(client_of(STRANGER).get(find, {"q": "my duyen"}))
    assert client.get(find, {"q": "\0"}).status_code == 200
