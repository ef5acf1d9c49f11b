"""Papers of an application through the doors a browser uses: in pieces, put in order, put together, kept and used again."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, tasks
from services.cases.models import Case, CaseAttachment
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents import actions as documents
from services.documents import storing, uploads
from services.documents.models import Attachment, Combination, StoredPaper, Upload
from services.notices.models import Notice
from tests import walk
from tests.services.documents import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PAPER = "giay-to-dat-dai"
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_ACCEPT": "application/json"}
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def spool(media: Any, settings: Any) -> None:
    settings.UPLOAD_SPOOL = media / "spool"


@pytest.fixture
def draft(owner: Person, version: Version) -> Case:
    return actions.start_draft(owner, version, catalogue.agencies_for(version)[0], version.circumstances[0]["key"])


@pytest.fixture
def theirs(neighbour: Person) -> Client:
    client = Client()
    client.force_login(neighbour)
    return client


def begin(client: Client, case: Case, content: bytes, name: str = "đơn.pdf", document: str = PAPER, **headers: str) -> Any:
    said = base64.b64encode(name.encode()).decode()
    facts = {
        "HTTP_UPLOAD_LENGTH": str(len(content)),
        "HTTP_UPLOAD_METADATA": f"filename {said},mark {base64.b64encode(b'ab').decode()}",
    }
    return client.post(reverse("file_upload_start", args=[case.key, document]), **{**TUS, **facts, **headers})


def send(client: Client, address: str, content: bytes, offset: int = 0, **headers: str) -> Any:
    return client.generic("PATCH", address, content, PIECE, **{**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **headers})


def finish(client: Client, address: str) -> Any:
    return client.post(f"{address}xong/", **TUS)


def upload(client: Client, case: Case, content: bytes, name: str = "đơn.pdf") -> Any:
    """The whole way of a file."""
    address = begin(client, case, content, name)["Location"]
    assert send(client, address, content).status_code == 204
    return finish(client, address)


def attach(case: Case, by: Person, content: bytes, name: str) -> CaseAttachment:
    return actions.attach(case, by, PAPER, SimpleUploadedFile(name, content))


def names(case: Case) -> list[str]:
    return [link.attachment.name for link in queries.attachments_of(case).get(PAPER, [])]


# In pieces


def test_a_file_comes_in_pieces_and_is_attached(mine: Client, draft: Case, owner: Person) -> None:
    content = files.pdf()
    begun = begin(mine, draft, content)
    assert begun.status_code == 201
    assert begun["Tus-Resumable"] == "1.0.0"
    assert "Upload-Expires" in begun
    address = begun["Location"]
    assert send(mine, address, content[:100])["Upload-Offset"] == "100"
    standing = mine.head(address, **TUS)
    assert (standing["Upload-Offset"], standing["Upload-Length"], standing["Cache-Control"]) == (
        "100",
        str(len(content)),
        "no-store",
    )
    assert send(mine, address, content[100:], 100)["Upload-Offset"] == str(len(content))
    done = finish(mine, address)
    assert (done.status_code, done.json()["name"]) == (200, "đơn.pdf")
    assert finish(mine, address).json() == done.json()
    link = draft.attachments.select_related("attachment").get()
    assert (link.document, link.attachment.owner) == (PAPER, owner)
    with link.attachment.file.open() as file:
        assert file.read() == content
    assert mine.head(address, **TUS)["Upload-Offset"] == str(len(content))


def test_the_server_says_what_it_can(mine: Client, draft: Case, settings: Any) -> None:
    said = mine.options(reverse("file_upload_start", args=[draft.key, PAPER]))
    assert said.status_code == 204
    assert said["Tus-Extension"] == "creation,termination,expiration"
    assert said["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"HTTP_UPLOAD_LENGTH": str(4 * 1024**3)}, 413, "file.too_large"),
        ({"HTTP_UPLOAD_LENGTH": "0"}, 422, "file.empty"),
        ({"HTTP_UPLOAD_LENGTH": "-1"}, 411, "upload.no_length"),
        ({"HTTP_UPLOAD_LENGTH": "", "HTTP_UPLOAD_DEFER_LENGTH": "1"}, 411, "upload.no_length"),
        ({"HTTP_TUS_RESUMABLE": "0.2.2"}, 412, "upload.version"),
        ({"HTTP_UPLOAD_METADATA": "filename !!"}, 422, "upload.metadata"),
        ({"HTTP_UPLOAD_METADATA": "filename " + base64.b64encode(b"../../a.pdf").decode()}, 422, "file.name"),
        ({"HTTP_UPLOAD_METADATA": "filename " + base64.b64encode("a\u202efdp.exe".encode()).decode()}, 422, "file.name"),
    ],
)
def test_what_would_not_be_taken_is_refused_when_it_is_announced(
    mine: Client, draft: Case, headers: dict[str, str], status: int, code: str
) -> None:
    answer = begin(mine, draft, b"x", **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"CONTENT_TYPE": "application/pdf"}, 415, "upload.piece_type"),
        ({"CONTENT_LENGTH": ""}, 411, "upload.no_length"),
        ({"HTTP_UPLOAD_OFFSET": "9"}, 409, "upload.offset"),
        ({"HTTP_UPLOAD_OFFSET": ""}, 409, "upload.offset"),
        ({"CONTENT_LENGTH": "100000"}, 413, "upload.too_long"),
        ({"CONTENT_LENGTH": str(4 * 1024**3)}, 413, "request.too_large"),
        ({"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}, 411, "upload.no_length"),
        ({"HTTP_TUS_RESUMABLE": ""}, 412, "upload.version"),
    ],
)
def test_a_piece_that_does_not_fit_is_refused_with_its_reason(
    mine: Client, draft: Case, headers: dict[str, str], status: int, code: str
) -> None:
    address = begin(mine, draft, files.pdf())["Location"]
    answer = send(mine, address, b"%PDF-", **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert mine.head(address, **TUS)["Upload-Offset"] == "0"


def test_a_hostile_file_is_refused_at_the_end_with_its_reason_and_leaves_nothing(mine: Client, draft: Case) -> None:
    for number in range(2):
        answer = upload(mine, draft, b"<html><script>" + b"x" * number, "trang.pdf")
        assert (answer.status_code, answer.json()["code"]) == (422, "file.type")
    assert not Attachment.objects.exists()
    assert not list(uploads.folder().iterdir())
    gone = reverse("file_upload_piece", args=[draft.key, PAPER, Upload.objects.latest("started_at").pk])
    assert mine.head(gone, **TUS).status_code == 410


def test_an_upload_is_given_up(mine: Client, draft: Case) -> None:
    address = begin(mine, draft, files.pdf())["Location"]
    send(mine, address, files.pdf()[:50])
    assert mine.delete(address, **TUS).status_code == 204
    assert mine.head(address, **TUS).status_code == 404
    assert not list(uploads.folder().iterdir())


def test_what_has_not_wholly_come_is_shown_and_can_be_taken_away(mine: Client, draft: Case) -> None:
    address = begin(mine, draft, files.pdf(), "mat cat.pdf")["Location"]
    send(mine, address, files.pdf()[: len(files.pdf()) // 2])
    page = mine.get(reverse("file_documents", args=[draft.key])).content.decode()
    assert "mat cat.pdf" in page
    assert "Đã nhận 4" in page or "Đã nhận 5" in page
    assert f'data-mc-unfinished="{address}"' in page
    assert mine.post(f"{address}bo/").status_code == 302
    assert mine.post(f"{address}bo/").status_code == 302
    assert (
        "mat cat.pdf"
        not in mine.get(reverse("file_documents", args=[draft.key]))
        .content.decode()
        .partition("<main")[2]
        .partition("mc-attach")[2]
    )


def test_a_file_whose_browser_went_away_is_attached_by_a_worker(mine: Client, draft: Case) -> None:
    content = files.pdf()
    address = begin(mine, draft, content)["Location"]
    send(mine, address, content)
    key = str(Upload.objects.get().pk)
    for _ in range(2):
        tasks.finish_upload(key)
    assert names(draft) == ["đơn.pdf"]
    assert finish(mine, address).status_code == 200
    assert names(draft) == ["đơn.pdf"]


def test_a_file_that_comes_after_filing_is_not_attached(mine: Client, draft: Case) -> None:
    content = files.pdf()
    address = begin(mine, draft, content)["Location"]
    send(mine, address, content)
    Case.objects.filter(pk=draft.pk).update(state=1, number="H29.12-261121-0001", filed_at="2026-11-21T00:00Z")
    answer = finish(mine, address)
    assert (answer.status_code, answer.json()["code"]) == (409, "case.filed")
    assert not CaseAttachment.objects.exists()
    assert not Attachment.objects.exists()
    assert not Upload.objects.exists()


def test_no_more_files_than_fit(mine: Client, draft: Case, owner: Person) -> None:
    most = next(document for document in draft.version.documents if document["key"] == PAPER).get("max_files", 5)
    for number in range(most):
        attach(draft, owner, files.jpeg(16 + number, 16), f"{number}.jpg")
    answer = begin(mine, draft, files.pdf())
    assert (answer.status_code, answer.json()["code"]) == (422, "case.too_many_files")


def test_a_paper_that_is_not_asked_for_is_not_found(mine: Client, draft: Case) -> None:
    assert begin(mine, draft, files.pdf(), document="khong-co").status_code == 404


def test_others_neither_see_nor_touch_an_upload(mine: Client, theirs: Client, draft: Case) -> None:
    address = begin(mine, draft, files.pdf())["Location"]
    for client, status in ((theirs, 404), (Client(), 401)):
        assert client.head(address, **TUS).status_code == status
        assert send(client, address, b"%PDF-").status_code == status
        assert client.delete(address, **TUS).status_code == status
        assert finish(client, address).status_code == status
        assert begin(client, draft, files.pdf()).status_code == status
    assert Upload.objects.count() == 1


def test_an_upload_of_another_application_of_mine_is_not_found_here(mine: Client, owner: Person, draft: Case) -> None:
    other = actions.start_draft(owner, draft.version, draft.agency, draft.circumstance)
    upload_key = begin(mine, draft, files.pdf())["Location"].rstrip("/").rpartition("/")[2]
    assert mine.head(reverse("file_upload_piece", args=[other.key, PAPER, upload_key]), **TUS).status_code == 404


def test_a_form_of_another_site_cannot_upload(owner: Person, draft: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert begin(strict, draft, files.pdf()).status_code == 403
    assert not Upload.objects.exists()


# Without scripts


def test_a_file_that_is_too_large_is_named_and_the_others_are_taken(mine: Client, draft: Case, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    chosen = [SimpleUploadedFile("to.pdf", b"x" * 500_000), SimpleUploadedFile("nho.pdf", files.pdf())]
    answer = mine.post(reverse("file_upload", args=[draft.key, PAPER]), {"file": chosen})
    assert answer.status_code == 422
    assert "to.pdf" in answer.content.decode()
    assert names(draft) == ["nho.pdf"]


# Order, and one PDF of several photos


def test_files_are_put_in_order(mine: Client, draft: Case, owner: Person) -> None:
    links = [attach(draft, owner, files.jpeg(20 + number, 20), f"{number}.jpg") for number in range(3)]
    mine.post(reverse("file_up", args=[draft.key, links[2].attachment_id]))
    assert names(draft) == ["0.jpg", "2.jpg", "1.jpg"]
    mine.post(reverse("file_down", args=[draft.key, links[0].attachment_id]))
    assert names(draft) == ["2.jpg", "0.jpg", "1.jpg"]
    mine.post(reverse("file_up", args=[draft.key, links[2].attachment_id]))
    assert names(draft) == ["2.jpg", "0.jpg", "1.jpg"]


def test_photos_become_one_pdf_in_their_place(mine: Client, draft: Case, owner: Person) -> None:
    attach(draft, owner, files.pdf(), "truoc.pdf")
    photos = [attach(draft, owner, files.jpeg(30 + number, 40), f"{number}.jpg") for number in range(3)]
    page = mine.get(reverse("file_documents", args=[draft.key])).content.decode()
    assert "Gộp 3 ảnh thành một PDF" in page
    for _ in range(2):
        assert mine.post(reverse("file_combine", args=[draft.key, PAPER])).status_code == 302
    combination = Combination.objects.get()
    assert "Đang gộp ảnh" in mine.get(reverse("file_documents", args=[draft.key])).content.decode()
    for _ in range(2):
        tasks.combine_photos(combination.pk)
    made = queries.attachments_of(draft)[PAPER]
    assert [(link.attachment.media_type, link.attachment.pages) for link in made] == [
        ("application/pdf", 1),
        ("application/pdf", 3),
    ]
    assert made[1].attachment.owner == owner
    assert not Attachment.objects.filter(pk__in=[photo.attachment_id for photo in photos]).exists()
    assert "Gộp" not in mine.get(reverse("file_documents", args=[draft.key])).content.decode()


def test_a_photo_removed_meanwhile_leaves_the_others(
    mine: Client, draft: Case, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [attach(draft, owner, files.jpeg(30 + number, 40), f"{number}.jpg") for number in range(2)]
    combination = actions.combine(draft, owner, PAPER)
    from services.cases.actions import attaching

    make = attaching.combining.make

    def removed_while_made(pk: int) -> Attachment | None:
        made = make(pk)
        actions.detach(draft, owner, photos[0].attachment_id)
        return made

    monkeypatch.setattr(attaching.combining, "make", removed_while_made)
    assert not actions.combine_photos(combination.pk)
    assert names(draft) == ["1.jpg"]
    assert Attachment.objects.count() == 1
    combination.refresh_from_db()
    assert combination.state == Combination.State.FAILED


def test_one_photo_is_not_put_together(draft: Case, owner: Person) -> None:
    attach(draft, owner, files.jpeg(), "1.jpg")
    with pytest.raises(Refused) as refused:
        actions.combine(draft, owner, PAPER)
    assert refused.value.code == "case.no_photos"


def test_a_combination_of_a_draft_that_is_gone_makes_nothing(draft: Case, owner: Person) -> None:
    for number in range(2):
        attach(draft, owner, files.jpeg(30 + number, 40), f"{number}.jpg")
    combination = actions.combine(draft, owner, PAPER)
    actions.discard_draft(draft, owner)
    tasks.combine_photos(combination.pk)
    assert not Attachment.objects.exists()


# The person's own papers


def test_a_file_is_kept_and_used_in_the_next_application(mine: Client, draft: Case, owner: Person) -> None:
    link = attach(draft, owner, files.pdf(), "so.pdf")
    keep = reverse("file_keep", args=[draft.key, link.attachment_id])
    for _ in range(2):
        assert mine.post(keep).status_code == 302
    paper = StoredPaper.objects.get(owner=owner)
    assert paper.title.startswith("Một trong các giấy tờ")
    other = actions.start_draft(owner, draft.version, draft.agency, draft.circumstance)
    page = mine.get(reverse("file_documents", args=[other.key])).content.decode()
    assert str(paper.key) in page
    for _ in range(2):
        mine.post(reverse("file_from_store", args=[other.key, PAPER]), {"giay_to": str(paper.key)})
    assert names(other) == ["so.pdf"]
    mine.post(reverse("paper_remove", args=[paper.key]))
    assert names(other) == names(draft) == ["so.pdf"]
    copied = queries.attachments_of(other)[PAPER][0].attachment
    with copied.file.open() as file:
        assert file.read()


def test_the_paper_whose_name_fits_is_offered_first(mine: Client, draft: Case, owner: Person) -> None:
    for number, title in enumerate(("Giấy khai sinh", "Giấy tờ về đất đai", "Sổ hộ khẩu")):
        storing.keep(owner, documents.receive(owner, ContentFile(files.jpeg(20 + number, 20), f"{number}.jpg")), title)
    block = next(block for block in filing_papers.blocks(draft) if block.key == PAPER)
    assert block.offered[0].title == "Giấy tờ về đất đai"
    assert len(block.offered) == 3


def test_nobody_takes_from_another_persons_papers(mine: Client, neighbour: Person, draft: Case) -> None:
    paper = storing.keep(neighbour, documents.receive(neighbour, ContentFile(files.pdf(), "a.pdf")), "Của người khác")
    address = reverse("file_from_store", args=[draft.key, PAPER])
    assert mine.post(address, {"giay_to": str(paper.key)}).status_code == 404
    assert mine.post(address, {"giay_to": "x"}).status_code == 422
    assert names(draft) == []


def test_nobody_keeps_another_persons_file(theirs: Client, draft: Case, owner: Person) -> None:
    link = attach(draft, owner, files.pdf(), "a.pdf")
    for name in ("file_keep", "file_up", "file_down", "file_remove"):
        assert theirs.post(reverse(name, args=[draft.key, link.attachment_id])).status_code == 404
    for name in ("file_combine", "file_from_store", "file_upload"):
        assert theirs.post(reverse(name, args=[draft.key, PAPER])).status_code == 404
    assert not StoredPaper.objects.exists()


# Viruses


def infected(link: CaseAttachment) -> None:
    Attachment.objects.filter(pk=link.attachment_id).update(scan="infected", threat="Eicar", file="")


def test_a_file_with_a_virus_no_longer_counts_and_says_so(mine: Client, draft: Case, owner: Person) -> None:
    link = attach(draft, owner, files.pdf(), "so.pdf")
    assert PAPER not in [gap.key for gap in queries.gaps(draft)]
    infected(link)
    assert PAPER in [gap.key for gap in queries.gaps(draft)]
    page = mine.get(reverse("file_documents", args=[draft.key])).content.decode()
    assert "có vi-rút và đã bị xóa; vui lòng đính kèm bản khác" in page
    assert reverse("my_attachment", args=[draft.key, link.attachment_id]) not in page
    assert mine.get(reverse("my_attachment", args=[draft.key, link.attachment_id])).status_code == 409
    mine.post(reverse("file_remove", args=[draft.key, link.attachment_id]))
    assert names(draft) == []


def test_the_office_sees_that_a_file_had_a_virus_and_opens_none_that_waits(version: Version, owner: Person) -> None:
    case = actions.file(walk.draft(owner, version, catalogue.agencies_for(version)[0]), owner)
    actions.handle_events(case.pk)
    first, second = case.attachments.order_by("pk")[:2]
    infected(first)
    Attachment.objects.filter(pk=second.attachment_id).update(scan="waiting")
    clerk = next(person for person in Person.objects.filter(kind=Person.Kind.OFFICIAL) if queries.my_open_items(case, person))
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("casework", args=[case.number])).content.decode()
    assert "có vi-rút và đã bị xóa" in page
    assert "đang được quét vi-rút" in page
    for link in (first, second):
        address = reverse("casework_attachment", args=[case.number, link.attachment_id])
        assert address not in page
        assert client.get(address).status_code == 409


def test_the_applicant_is_told_of_a_virus_once_and_only_of_filed_cases(version: Version, owner: Person) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    link = draft.attachments.order_by("pk")[0]
    infected(link)
    tasks.virus_found(str(link.attachment_id))
    assert not Notice.objects.exists()
    Attachment.objects.filter(pk=link.attachment_id).update(scan="clean", file="x")
    case = actions.file(draft, owner)
    infected(link)
    for _ in range(2):
        tasks.virus_found(str(link.attachment_id))
    notice = Notice.objects.get(key=f"virus-{link.attachment_id}")
    assert str(case.number) in notice.subject


# Costs


def test_the_page_costs_the_same_however_many_files(
    mine: Client, draft: Case, owner: Person, django_assert_num_queries: Callable[[int], Any]
) -> None:
    address = reverse("file_documents", args=[draft.key])
    mine.get(address)
    for round_ in range(2):
        # person, case, files twice (gaps and blocks), uploads, combinations, own papers
        with django_assert_num_queries(7):
            mine.get(address)
        for number in range(2):
            attach(draft, owner, files.jpeg(20 + number + 10 * round_, 20), f"{number}.jpg")
        begin(mine, draft, files.pdf())
