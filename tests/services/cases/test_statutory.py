"""The promise: each statutory form follows its event by itself, numbered once, sealed, signed by whom the law wants, and true."""

import io
import shutil
import subprocess
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, supplements
from services.cases import statutory as rule
from services.cases.actions import sheets as making
from services.cases.actions.extensions import extend, prepare_extension
from services.cases.models import Case, Sheet, WorkItem
from services.cases.queries import register
from services.cases.queries.control_sheet import Line, control_sheet
from services.cases.wording import TITLES
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = IssuedDocument.State


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One certificate authority for the file: making keys is the slow part."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(autouse=True)
def one_store(keys: Path, settings: Any) -> None:
    settings.SIGNING_STORE = str(keys)


@pytest.fixture
def agency(version: Version) -> Office:
    return next(one for one in catalogue.agencies_for(version) if one.code == "H29.141")


@pytest.fixture
def filed(owner: Person, version: Version, agency: Office) -> Case:
    case = actions.file(walk.draft(owner, version, agency), owner)
    actions.handle_events(case.pk)
    return case


@pytest.fixture
def accepted(filed: Case) -> Case:
    walk.take_step(_open(filed))
    actions.handle_events(filed.pk)
    filed.refresh_from_db()
    return filed


def _open(case: Case) -> WorkItem:
    item = walk.next_step(case)
    assert item is not None
    return item


def held(case: Case) -> tuple[WorkItem, Person]:
    item = _open(case)
    person = walk.holder(item)
    actions.claim(item.pk, person)
    return item, person


def official(username: str) -> Person:
    return Person.objects.get(username=username)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def document(case: Case, form: rule.Form) -> IssuedDocument:
    """The form of the case, made by the workers."""
    walk.work(case)
    found = [one for one in queries.documents_of(case, for_resident=False) if one.kind == form.kind]
    assert len(found) == 1, found
    return found[0]


def issuer(made: IssuedDocument) -> str:
    """As its certificate carries the name."""
    return " ".join(made.office.issuing_name.split())


def text(content: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on this machine")
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    told = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(told.split())


def in_order(said: str, *words: str) -> None:
    """All the words, one after the other."""
    at = 0
    for word in words:
        assert word in said[at:], (word, said[at:])
        at = said.index(word, at) + len(word)


def pages(content: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(content)).root["/Pages"]["/Count"])


def is_archival_and_tagged(content: bytes) -> bool:
    root = PdfFileReader(io.BytesIO(content)).root
    return bool(root["/MarkInfo"]["/Marked"]) and root["/Lang"] == "vi" and b"pdfaid" in root["/Metadata"].data


# The forms


def test_a_request_for_a_supplement_lists_everything_and_names_whom_to_ask(filed: Case, tmp_path: Path) -> None:
    item, clerk = held(filed)
    items = tuple(supplements.Item(supplements.ItemKind.OTHER, "", "", one) for one in ("Nộp bản vẽ móng", "Nộp bản cam kết"))
    request = actions.request_supplement(item.pk, clerk, supplements.Ask(items, "Hồ sơ chưa đủ", "Mỗi tờ một trang"))
    made = document(filed, rule.SUPPLEMENT)
    assert (made.state, made.number, made.signer) == (State.ISSUED, "01/PBS-UBND", None)
    assert [one["name"] for one in made.signatures] == [issuer(made)]
    content = walk.content(made)
    said = text(content, tmp_path)
    in_order(
        said,
        "Số: 01/PBS-UBND",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        str(filed.number),
        "1. Nộp bản vẽ móng.",
        "2. Nộp bản cam kết.",
        "Lý do: Hồ sơ chưa đủ.",
        "Mỗi tờ một trang.",
        f"{clock.local(request.answer_by):%H} giờ",
        clerk.full_name,
        "điện thoại",
        "NGƯỜI HƯỚNG DẪN",
        clerk.full_name,
    )
    assert pages(content) == 1
    assert is_archival_and_tagged(content)


def test_a_refusal_says_why_and_no_longer_holds_once_the_case_is_opened_again(filed: Case, mine: Client, tmp_path: Path) -> None:
    item, clerk = held(filed)
    actions.act(item.pk, "refuse", clerk, note="Khu đất đã có quyết định thu hồi")
    made = document(filed, rule.REFUSAL)
    in_order(
        text(walk.content(made), tmp_path),
        "Số: 01/PTC-UBND",
        "PHIẾU TỪ CHỐI TIẾP NHẬN",
        "Khu đất đã có quyết định thu hồi.",
        "NGƯỜI TIẾP NHẬN",
    )
    page = mine.get(reverse("my_case", args=[filed.number])).content.decode()
    assert rule.REFUSAL.title in page
    verified = Client().get(reverse("verify_document", args=[made.code])).content.decode()
    assert rule.REFUSAL.title in verified
    assert filed.subject_name not in verified
    leader = official("lanhdao.benthanh")
    actions.reopen(filed.pk, leader, item.step, "Xem nhầm thửa đất")
    actions.handle_events(filed.pk)
    made.refresh_from_db()
    assert (made.state, made.ended_reason) == (State.REVOKED, "Xem nhầm thửa đất")


def test_the_apology_is_signed_by_the_approver_and_sealed_without_a_registry_clerk(accepted: Case, tmp_path: Path) -> None:
    leader = official("lanhdao.benthanh")
    assert accepted.due_at
    before = accepted.due_at
    after = clock.local(before + timedelta(days=7))
    prepare_extension(accepted.pk, leader, "chờ ý kiến của Sở Xây dựng", after)
    extension = extend(accepted.pk, leader)
    made = document(accepted, rule.EXTENSION)
    assert (made.state, made.number) == (State.ISSUED, "01/PXL-UBND")
    assert [one["name"] for one in made.signatures] == [leader.full_name, issuer(made)]
    extension.refresh_from_db()
    assert extension.issued == made
    content = walk.content(made)
    in_order(
        text(content, tmp_path),
        "Số: 01/PXL-UBND",
        "XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN",
        "Kính gửi",
        str(accepted.number),
        f"ngày {clock.local(before):%d} tháng",
        "chờ ý kiến của Sở Xây dựng.",
        "xin lỗi",
        f"ngày {after:%d} tháng",
        "Nơi nhận",
        "CHỦ TỊCH",
        leader.full_name,
    )
    assert pages(content) == 1
    assert is_archival_and_tagged(content)


def test_a_stop_is_signed_by_the_head_and_a_withdrawal_granted_at_the_counter_only_sealed(
    accepted: Case, owner: Person, version: Version, agency: Office, tmp_path: Path
) -> None:
    head = official("truongphong.kinhte.benthanh")
    actions.stop_case(accepted.pk, head, "Không bổ sung hồ sơ trong thời hạn")
    stopped = document(accepted, rule.STOP)
    assert (stopped.number, stopped.signer) == ("01/TB-UBND", head)
    assert len(stopped.signatures) == 2
    said = text(walk.content(stopped), tmp_path)
    in_order(said, "THÔNG BÁO", "Điều 21 Nghị định số 118/2025/NĐ-CP", str(accepted.number), "Không bổ sung", head.full_name)
    other = actions.file(walk.draft(owner, version, agency), owner)
    actions.handle_events(other.pk)
    actions.request_withdrawal(other, owner, "Không xây nữa")
    actions.handle_events(other.pk)
    item = other.work_items.get(kind="withdrawal")
    clerk = walk.holder(item)
    actions.claim(item.pk, clerk)
    actions.act(item.pk, "grant_withdrawal", clerk)
    granted = document(other, rule.STOP)
    assert (granted.number, granted.signer, len(granted.signatures)) == ("02/TB-UBND", None, 1)
    in_order(text(walk.content(granted), tmp_path), "đề nghị rút hồ sơ", "Không xây nữa.", clerk.full_name)


def test_handling_an_event_again_neither_asks_nor_numbers_twice(filed: Case) -> None:
    item, clerk = held(filed)
    actions.request_supplement(item.pk, clerk, supplements.plain("Nộp bản vẽ móng"))
    for _ in range(2):
        actions.handle_events(filed.pk)
    assert list(filed.documents.values_list("issued__number", flat=True)) == ["01/PBS-UBND"]


def test_who_signs_and_under_which_symbol() -> None:
    assert rule.symbol(rule.STOP, "UBND") == "TB-UBND"
    assert rule.symbol(rule.EXTENSION, "") == "PXL"
    assert [rule.needs_signature(form, {"receive"}) for form in rule.FORMS] == [False, False, True, False]
    assert [rule.needs_signature(form, {"lead"}) for form in rule.FORMS] == [False, False, True, True]
    assert len({form.symbol for form in rule.FORMS}) == len(rule.FORMS)


# The control sheet


def titles(lines: list[Line], kind: str) -> list[str]:
    return [line.title for line in lines if line.kind == kind]


def test_the_control_sheet_tells_every_hand_over_a_pause_and_the_new_date(
    accepted: Case, owner: Person, django_assert_num_queries: Callable[[int], Any], tmp_path: Path
) -> None:
    item, person = held(accepted)
    office = item.office.name
    if "request_supplement" not in {choice.name for choice in queries.actions_for(item, person)}:
        walk.take_step(item)
        actions.handle_events(accepted.pk)
        item, person = held(accepted)
    request = actions.request_supplement(item.pk, person, supplements.plain("Nộp bản vẽ móng"))
    with time_machine.travel(clock.now() + timedelta(days=4)):
        accepted.refresh_from_db()
        actions.answer_supplement(accepted, owner, "Đã nộp")
        actions.handle_events(accepted.pk)
        accepted.refresh_from_db()
        leader = official("lanhdao.benthanh")
        assert accepted.due_at
        prepare_extension(accepted.pk, leader, "chờ ý kiến", accepted.due_at + timedelta(days=7))
        extend(accepted.pk, leader)
        accepted.refresh_from_db()
        with django_assert_num_queries(5):
            lines = control_sheet(Case.objects.select_related("agency", "applicant").get(pk=accepted.pk))
        sheet = making.ask_for_control_sheet(accepted, person)
        assert making.ask_for_control_sheet(accepted, leader) == sheet
        assert making.make_sheet(sheet.pk)
        assert not making.make_sheet(sheet.pk)
    first = lines[0]
    assert (first.kind, first.giver, first.state) == ("hand_over", owner.full_name, "before")
    assert any(line.giver.startswith(first.taker.split(",")[0]) and office in line.taker for line in lines[1:])
    pause = next(line for line in lines if line.kind == "pause")
    assert pause.given == f"{clock.local(request.requested_at):%H:%M %d/%m/%Y}"
    assert "Nộp bản vẽ móng" in pause.notes[0]
    assert pause.taken
    assert titles(lines, "mark") == [str(TITLES["extend"])]
    sheet.refresh_from_db()
    content = default_storage.open(sheet.file.name).read()
    in_order(text(content, tmp_path), "PHIẾU KIỂM SOÁT", str(accepted.number), "STT", "Giao", "Nhận")
    assert is_archival_and_tagged(content)
    actions.release(item.pk, person)
    accepted.refresh_from_db()
    assert making.ask_for_control_sheet(accepted, person) != sheet


def test_only_officials_of_the_case_read_its_control_sheet(accepted: Case, mine: Client, neighbour: Person) -> None:
    address = reverse("case_control_sheet", args=[accepted.number])
    clerk = browser(official("tiepnhan.benthanh"))
    assert "Phiếu kiểm soát" in clerk.get(address).content.decode()
    assert clerk.post(address).status_code == 302
    sheet = accepted.sheets.get()
    assert making.make_sheet(sheet.pk)
    file = reverse("sheet_file", args=[sheet.key])
    assert clerk.get(file)["Content-Type"] == "application/pdf"
    assert browser(official("truongphong.kinhte.benthanh")).get(file).status_code == 200
    stranger = browser(official("congan.tiepnhan.benthanh"))
    for client in (mine, stranger):
        assert client.get(address).status_code == client.post(address).status_code == client.get(file).status_code == 404
    assert clerk.get(reverse("sheet_file", args=[uuid.uuid4()])).status_code == 404


# The register


@pytest.fixture
def one_stop(version: Version) -> Office:
    return Office.objects.get(code="H29.141.01")


def test_the_register_of_a_period_is_cut_by_month_drawn_in_parts_and_swept(
    accepted: Case, one_stop: Office, monkeypatch: pytest.MonkeyPatch, owner: Person, version: Version, tmp_path: Path
) -> None:
    clerk = official("tiepnhan.benthanh")
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    second = actions.file(walk.draft(owner, version, accepted.agency), owner)
    actions.handle_events(second.pk)
    monkeypatch.setattr(making, "ROWS_AT_ONCE", 1)
    earlier, current = making.ask_for_register(one_stop, last.replace(day=1), today, clerk)
    assert (earlier.until, current.since) == (last, today.replace(day=1))
    assert making.ask_for_register(one_stop, today.replace(day=1), today, clerk) == [current]
    assert making.make_sheet(earlier.pk)
    assert making.make_sheet(current.pk)
    current.refresh_from_db()
    content = default_storage.open(current.file.name).read()
    said = text(content, tmp_path)
    in_order(said, "SỔ THEO DÕI HỒ SƠ", "2 hồ sơ", "STT", "Ký nhận", "Mẫu số 07")
    for case in (accepted, second):
        assert str(case.number).rpartition("-")[2] in said
    assert said.count("Cơ quan chủ trì") == 2
    assert pages(content) == 2
    assert is_archival_and_tagged(content)
    reader = PdfFileReader(io.BytesIO(content))
    assert [float(side) for side in reader.root["/Pages"]["/Kids"][0]["/MediaBox"]] == pytest.approx([0, 0, 842, 595], abs=1)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert making.sweep_sheets() == 2
    assert not Sheet.objects.exists()


def test_a_register_that_is_too_long_is_refused_with_the_month(
    accepted: Case, one_stop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, today = official("tiepnhan.benthanh"), clock.today()
    monkeypatch.setattr(register, "MOST_ROWS", 0)
    with pytest.raises(Refused, match=f"{today:%m/%Y}"):
        making.ask_for_register(one_stop, today, today, clerk)
    with pytest.raises(Refused, match=r"."):
        making.ask_for_register(one_stop, today, today - timedelta(days=1), clerk)
    assert not Sheet.objects.exists()


def test_the_register_page_shows_the_office_and_nobody_elses(
    accepted: Case, one_stop: Office, mine: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    address = reverse("case_register")
    clerk = browser(official("tiepnhan.benthanh"))
    page = clerk.get(address).content.decode()
    assert str(accepted.number) in page
    with django_assert_num_queries(9):
        clerk.get(address)
    today = clock.today().isoformat()
    asked = {"don_vi": one_stop.code, "tu": today, "den": today}
    assert clerk.post(address, asked).status_code == 302
    sheet = Sheet.objects.get()
    assert making.make_sheet(sheet.pk)
    file = reverse("sheet_file", args=[sheet.key])
    assert clerk.get(file).status_code == 200
    assert browser(official("lanhdao.benthanh")).get(file).status_code == 200
    stranger = browser(official("congan.tiepnhan.benthanh"))
    assert stranger.get(file).status_code == mine.get(file).status_code == mine.get(address).status_code == 404
    assert str(accepted.number) not in stranger.get(address).content.decode()
    assert stranger.post(address, asked).status_code == 422
    assert clerk.get(address, asked | {"den": "2020-01-01"}).status_code == 422
