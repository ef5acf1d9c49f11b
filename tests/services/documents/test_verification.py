"""The public page: what it tells, what it never tells, and what it makes of hostile input."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from identity.people.models import Person
from services.documents import actions, codes, queries, views
from services.documents.models import IssuedDocument

pytestmark = pytest.mark.django_db
State = IssuedDocument.State


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def issued(outcome: IssuedDocument, clerk: Person) -> IssuedDocument:
    actions.draw_up(outcome.pk)
    actions.take_number(outcome, outcome.office, "GPXD-UBND", date(2026, 11, 21))
    actions.request_seal(outcome, clerk)
    actions.seal(outcome.pk)
    outcome.refresh_from_db()
    return outcome


def content(document: IssuedDocument) -> bytes:
    with queries.open_file(document) as file:
        return file.read()


def send(client: Client, pdf: bytes) -> str:
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("van-ban.pdf", pdf, "application/pdf")})
    assert response.status_code == 200
    return response.content.decode()


def test_a_code_leads_to_what_was_issued_and_to_nothing_personal(client: Client, issued: IssuedDocument) -> None:
    page = client.get(f"/kiem-chung/{issued.code}/").content.decode()
    for shown in ("01/GPXD-UBND", "21/11/2026", "Ủy ban nhân dân phường Bến Thành", "Lê Hoàng Phúc", "Chủ tịch", issued.sha256):
        assert shown in page
    for hidden in ("Nguyễn Thị Hồng Hạnh", "Nguyễn Trãi", "45/12"):
        assert hidden not in page


def test_a_typed_code_forgives_case_hyphens_and_spaces(client: Client, issued: IssuedDocument) -> None:
    typed = f" {codes.grouped(issued.code).lower().replace('-', ' ')} "
    response = client.get("/kiem-chung/", {"ma": typed})
    assert response.headers["Location"] == f"/kiem-chung/{issued.code}/"
    assert client.get(f"/kiem-chung/{codes.grouped(issued.code).lower()}/").headers["Location"] == f"/kiem-chung/{issued.code}/"


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKM0", "AAAA-AAAA-AAAB", "<script>", "🙂" * 12])
def test_a_wrong_code_is_explained_beside_the_field(client: Client, db: None, typed: str) -> None:
    page = client.get("/kiem-chung/", {"ma": typed}).content.decode()
    assert "id_ma_error" in page
    assert "<script>alert" not in page


def test_an_unknown_code_is_told_apart_from_a_mistyped_one(client: Client, db: None) -> None:
    unknown = codes.new()
    page = client.get(f"/kiem-chung/{unknown}/")
    assert page.status_code == 404
    assert "id_ma_error" not in page.content.decode()
    assert "id_ma_error" in client.get("/kiem-chung/ABCD/").content.decode()


@pytest.mark.parametrize(
    ("state", "answer"), [(State.SIGNED, "pending"), (State.REPLACED, "replaced"), (State.REVOKED, "revoked")]
)
def test_a_document_not_in_force_is_not_called_genuine(client: Client, issued: IssuedDocument, state: State, answer: str) -> None:
    IssuedDocument.objects.filter(pk=issued.pk).update(state=state)
    response = client.get(f"/kiem-chung/{issued.code}/")
    assert response.context["verdict"].answer == answer
    assert not response.context["ok"]


def test_the_issued_file_is_recognised_byte_for_byte(client: Client, issued: IssuedDocument) -> None:
    assert issued.number in send(client, content(issued))
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", content(issued))})
    assert response.context["ok"]


def test_a_changed_file_is_exposed(client: Client, issued: IssuedDocument) -> None:
    pdf = bytearray(content(issued))
    pdf[pdf.index(b"stream\n", 4000) + 40] ^= 1
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", bytes(pdf))})
    assert response.context["verdict"].answer == "changed"
    assert response.context["verdict"].document == issued


def test_something_appended_to_the_file_is_exposed(client: Client, issued: IssuedDocument) -> None:
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", content(issued) + b"\n% more\n")})
    assert not response.context["ok"]
    assert response.context["verdict"].document == issued


def test_the_signed_file_before_sealing_is_not_the_final_one(client: Client, outcome: IssuedDocument, clerk: Person) -> None:
    actions.draw_up(outcome.pk)
    outcome.refresh_from_db()
    early = content(outcome)
    actions.take_number(outcome, outcome.office, "GPXD-UBND", date(2026, 11, 21))
    actions.request_seal(outcome, clerk)
    actions.seal(outcome.pk)
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", early)})
    assert response.context["verdict"].answer == "earlier"
    assert not response.context["ok"]


@pytest.mark.parametrize(
    "junk",
    [
        b"not a pdf",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
        b"\x00" * 5000,
    ],
)
def test_junk_is_unknown_and_harmless(client: Client, db: None, junk: bytes) -> None:
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", junk)})
    assert response.status_code == 200
    assert response.context["verdict"].answer == "unknown"


def test_a_file_that_is_too_large_is_refused_beside_the_field(client: Client, db: None, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 10  # type: ignore[attr-defined]
    response = client.post("/kiem-chung/", {"tep": SimpleUploadedFile("a.pdf", b"x" * 11)})
    assert response.status_code == 200
    assert "id_tep_error" in response.content.decode()


def test_codes_cannot_be_tried_out(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CODES_PER_MINUTE", 3)
    answers = [client.get(f"/kiem-chung/{codes.new()}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
