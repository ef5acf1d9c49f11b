"""The promise: whoever fills in has the statutory form of their draft as a PDF, and the one that was filed stays with the case."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from services.cases import actions, queries
from services.cases.actions import application_forms as making
from services.cases.models import ApplicationForm, Case
from services.cases.queries.application_forms import form_data, form_digest, wait_after
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents import pdf
from services.forms.definition import parse
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = ApplicationForm.State


@pytest.fixture
def draft(owner: Person, version: Version) -> Case:
    return walk.draft(owner, version, catalogue.agencies_for(version)[0])


@pytest.fixture
def filed(draft: Case, owner: Person) -> Case:
    case = actions.file(draft, owner)
    walk.work(case)
    return case


@pytest.fixture
def made(filed: Case) -> ApplicationForm:
    form = filed.application_forms.get()
    assert actions.make_form(form.pk)
    form.refresh_from_db()
    return form


@pytest.fixture
def clerk(filed: Case) -> Person:
    item = walk.next_step(filed)
    assert item is not None
    return walk.holder(item)


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(content: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on this machine")
    file = tmp_path / "form.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def content_of(form: ApplicationForm) -> bytes:
    with form.file.open("rb") as stream:
        return io.BytesIO(stream.read()).getvalue()


# What it says


def test_it_has_the_title_of_the_paper_it_replaces(owner: Person, version: Version) -> None:
    birth = catalogue.version_of("1.001193")
    data = form_data(walk.draft(owner, birth, catalogue.agencies_for(birth)[0]))
    assert (data["title"], data["form_code"]) == ("Tờ khai đăng ký khai sinh", "Mẫu tờ khai theo Thông tư 04/2024/TT-BTP")


def test_without_such_a_paper_it_is_an_application(draft: Case) -> None:
    data = form_data(draft)
    assert data["title"] == "Đơn đề nghị"
    assert data["procedure_name"] == draft.version.name
    assert data["agency"] == draft.agency.name


def rows(data: dict[str, Any]) -> Iterator[list[str]]:
    for section in data["sections"]:
        for part in section["parts"]:
            yield from part.get("rows", [])


def test_every_question_that_is_asked_stands_in_it_and_open_ones_have_no_text(draft: Case) -> None:
    draft.answers = {key: value for key, value in draft.answers.items() if key != "owner_name"}
    said = dict(rows(form_data(draft)))
    label = parse(draft.version.form).field("owner_name").label
    assert said[f"{label}:"] == ""
    assert "Chưa trả lời" not in str(form_data(draft))


def test_a_group_is_a_table_where_it_fits_and_a_list_where_it_does_not(draft: Case) -> None:
    form = {
        "version": 1,
        "pages": [
            {
                "key": "mot",
                "title": "Một",
                "fields": [
                    {
                        "key": f"nhom_{columns}",
                        "kind": "group",
                        "label": "Thành viên",
                        "max": 50,
                        "fields": [{"key": f"o_{columns}_{n}", "kind": "text", "label": f"Cột {n}"} for n in range(columns)],
                    }
                    for columns in (6, 7)
                ],
            }
        ],
    }
    draft.version.form = form
    draft.answers = {f"nhom_{c}": [{f"o_{c}_{n}": f"{row}" for n in range(c)} for row in range(50)] for c in (6, 7)}
    table, entries = form_data(draft)["sections"][0]["parts"]
    assert table["kind"] == "table"
    assert len(table["columns"]) == 6
    assert len(table["body"]) == 50
    assert entries["kind"] == "entries"
    assert len(entries["entries"]) == 50


def test_the_same_answers_make_the_same_form(draft: Case, owner: Person) -> None:
    before = form_digest(form_data(draft))
    draft.saved_at = draft.created_at
    assert form_digest(form_data(draft)) == before
    draft.answers = draft.answers | {"owner_name": "Người khác"}
    assert form_digest(form_data(draft)) != before


# Making it


def test_asking_twice_makes_one_and_new_answers_replace_it(draft: Case, owner: Person) -> None:
    first = actions.ask_for_form(draft, owner)
    assert actions.ask_for_form(draft, owner) == first
    assert actions.make_form(first.pk)
    name = ApplicationForm.objects.get(pk=first.pk).file.name
    assert default_storage.exists(name)
    draft.refresh_from_db()
    draft.answers = draft.answers | {"owner_name": "Người khác"}
    draft.save(update_fields=["answers"])
    second = actions.ask_for_form(draft, owner)
    assert list(draft.application_forms.all()) == [second]


def test_a_superseded_form_takes_its_file_along(draft: Case, owner: Person, django_capture_on_commit_callbacks: Any) -> None:
    first = actions.ask_for_form(draft, owner)
    actions.make_form(first.pk)
    name = ApplicationForm.objects.get(pk=first.pk).file.name
    draft.answers = draft.answers | {"owner_name": "Người khác"}
    draft.save(update_fields=["answers"])
    with django_capture_on_commit_callbacks() as callbacks:
        actions.ask_for_form(draft, owner)
    for callback in callbacks:
        if "drop" in repr(callback):
            callback()
    assert not default_storage.exists(name)


def test_making_it_again_changes_nothing(draft: Case, owner: Person) -> None:
    form = actions.ask_for_form(draft, owner)
    assert actions.make_form(form.pk)
    form.refresh_from_db()
    assert form.state == State.READY
    assert not actions.make_form(form.pk)
    assert not actions.make_form(form.pk + 1)


def test_a_form_another_worker_has_begun_is_left_to_it_for_a_while(draft: Case, owner: Person) -> None:
    form = actions.ask_for_form(draft, owner)
    assert making._claimed(form.pk) is not None
    assert making._claimed(form.pk) is None
    assert form.pk not in queries.forms_waiting()
    ApplicationForm.objects.filter(pk=form.pk).update(
        asked_at=form.asked_at - wait_after(9), tried_at=form.asked_at - wait_after(1)
    )
    assert queries.forms_waiting() == [form.pk]
    assert actions.make_form(form.pk)


def test_a_form_that_cannot_be_drawn_is_given_up_and_may_be_asked_for_again(
    draft: Case, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = actions.ask_for_form(draft, owner)

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError

    monkeypatch.setattr(pdf, "draw", broken)
    with pytest.raises(ValueError, match=r"^$"):
        actions.make_form(form.pk)
    ApplicationForm.objects.filter(pk=form.pk).update(attempts=making.MOST_ATTEMPTS - 1, tried_at=None)
    assert not actions.make_form(form.pk)
    form.refresh_from_db()
    assert form.state == State.FAILED
    assert actions.ask_for_form(draft, owner).state == State.WAITING


def test_discarding_the_draft_removes_its_form(draft: Case, owner: Person, django_capture_on_commit_callbacks: Any) -> None:
    form = actions.ask_for_form(draft, owner)
    actions.make_form(form.pk)
    name = ApplicationForm.objects.get(pk=form.pk).file.name
    actions.discard_draft(draft, owner)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_forms() == 1
    assert not ApplicationForm.objects.exists()
    assert not default_storage.exists(name)


def test_filing_keeps_the_form_and_drops_those_of_the_draft(draft: Case, owner: Person) -> None:
    actions.ask_for_form(draft, owner)
    case = actions.file(draft, owner)
    walk.work(case)
    form = case.application_forms.get()
    assert not form.is_draft
    assert form.data["case_number"] == case.number
    assert form.data["filed_at"]
    assert actions.handle_events(case.pk) == 0
    assert case.application_forms.count() == 1


def test_the_pdf_is_tagged_in_vietnamese_and_says_what_it_is(draft: Case, owner: Person, tmp_path: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    form = actions.ask_for_form(draft, owner)
    actions.make_form(form.pk)
    form.refresh_from_db()
    content = content_of(form)
    root = PdfFileReader(io.BytesIO(content)).root
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    text = text_of(content, tmp_path)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "ĐƠN ĐỀ NGHỊ" in text
    assert f"Kính gửi: {draft.agency.name}" in text
    assert "Chưa nộp" in text
    assert "Tôi cam đoan" in text
    assert "Trang 1/" in text


def test_the_filed_one_has_the_number_and_no_mark_of_a_draft(made: ApplicationForm, filed: Case, tmp_path: Path) -> None:
    text = text_of(content_of(made), tmp_path)
    assert f"Mã hồ sơ: {filed.number}" in text
    assert "Chưa nộp" not in text
    assert "Đã xác nhận khi nộp trực tuyến" in text


# Who may have it


def test_the_page_of_a_draft_asks_waits_and_offers(draft: Case, owner: Person, mine: Client) -> None:
    page = reverse("file_form", args=[draft.key])
    assert "Lập tờ khai (PDF)" in mine.get(page).content.decode()
    assert mine.get(reverse("file_form_pdf", args=[draft.key])).status_code == 404
    assert mine.post(page).headers["Location"] == page
    waiting = mine.get(page).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    actions.make_form(draft.application_forms.get().pk)
    ready = mine.get(page).content.decode()
    assert "hx-trigger" not in ready
    assert "Tải tờ khai" in ready
    answer = mine.get(reverse("file_form_pdf", args=[draft.key]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    draft.refresh_from_db()
    draft.answers = draft.answers | {"owner_name": "Người khác"}
    draft.save(update_fields=["answers"])
    assert "Nội dung đã thay đổi" in mine.get(page).content.decode()


def test_only_whoever_fills_in_has_the_form_of_a_draft(draft: Case, owner: Person, neighbour: Person) -> None:
    form = actions.ask_for_form(draft, owner)
    actions.make_form(form.pk)
    official = Person.objects.filter(kind=Person.Kind.OFFICIAL).order_by("pk")[0]
    for name in ("file_form", "file_form_pdf"):
        address = reverse(name, args=[draft.key])
        assert browser(owner).get(address).status_code == 200
        assert browser(neighbour).get(address).status_code == 404
        assert browser(official).get(address).status_code == 404
        assert browser().get(address).status_code == 302
    assert browser(neighbour).post(reverse("file_form", args=[draft.key])).status_code == 404


def test_the_applicant_and_the_offices_of_the_case_read_the_filed_form(
    made: ApplicationForm, filed: Case, owner: Person, neighbour: Person, clerk: Person
) -> None:
    at_other_office = Person.objects.create_user(username="noikhac", full_name="Người Nơi Khác", kind="official")
    mine, theirs = reverse("my_form", args=[filed.number]), reverse("casework_form", args=[filed.number])
    assert browser(owner).get(mine).status_code == 200
    assert browser(neighbour).get(mine).status_code == 404
    assert browser().get(mine).status_code == 302
    assert browser(clerk).get(theirs).status_code == 200
    assert browser(at_other_office).get(theirs).status_code == 404
    assert browser(owner).get(theirs).status_code == 404


def test_the_case_pages_link_to_it(made: ApplicationForm, filed: Case, mine: Client, clerk: Person) -> None:
    assert reverse("my_form", args=[filed.number]) in mine.get(reverse("my_case", args=[filed.number])).content.decode()
    page = browser(clerk).get(reverse("casework", args=[filed.number])).content.decode()
    assert reverse("casework_form", args=[filed.number]) in page


def test_reading_it_is_noted(made: ApplicationForm, filed: Case, clerk: Person) -> None:
    from identity.trail.queries import looks_at

    browser(clerk).get(reverse("casework_form", args=[filed.number]))
    assert [look.what for look in looks_at(filed.number or "", 5)] == ["form"]
