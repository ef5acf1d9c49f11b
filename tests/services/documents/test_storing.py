"""The promise: a person's papers are theirs alone, kept once, and what is done with them changes no application."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.documents import actions, storing
from services.documents.models import Attachment, IssuedDocument, StoredPaper
from tests.services.documents import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> Person:
    return Person.objects.create_user(username="chu", full_name="Nguyễn Văn An", kind=Person.Kind.RESIDENT)


@pytest.fixture
def stranger(db: None) -> Person:
    return Person.objects.create_user(username="nguoi-la", full_name="Trần Văn Bình", kind=Person.Kind.RESIDENT)


@pytest.fixture
def attachment(owner: Person) -> Attachment:
    return actions.receive(owner, ContentFile(files.pdf(), "giay-khai-sinh.pdf"))


@pytest.fixture
def paper(owner: Person, attachment: Attachment) -> StoredPaper:
    return storing.keep(owner, attachment, "Giấy khai sinh")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_keeping_copies_the_bytes(paper: StoredPaper, attachment: Attachment) -> None:
    kept = paper.attachment
    assert kept is not None
    assert kept.pk != attachment.pk
    assert kept.file.name != attachment.file.name
    assert kept.sha256 == attachment.sha256 == paper.sha256


def test_the_same_content_is_kept_once(owner: Person, paper: StoredPaper, attachment: Attachment) -> None:
    assert storing.keep(owner, attachment, "Tên khác") == paper
    assert Attachment.objects.count() == 2


def test_two_files_of_one_paper_have_names_of_their_own(owner: Person, paper: StoredPaper) -> None:
    other = actions.receive(owner, ContentFile(files.jpeg(), "trang 2.jpg"))
    assert storing.keep(owner, other, paper.title).title == "Giấy khai sinh (trang 2.jpg)"


def test_removing_a_paper_changes_no_other_copy(
    owner: Person, paper: StoredPaper, attachment: Attachment, django_capture_on_commit_callbacks: Any
) -> None:
    used = storing.as_attachment(paper, owner)
    with django_capture_on_commit_callbacks(execute=True):
        storing.remove(owner, paper.key)
    for left in (used, attachment):
        left.refresh_from_db()
        with left.file.open() as file:
            assert file.read()
    assert Attachment.objects.count() == 2


def test_a_file_with_a_virus_is_neither_kept_nor_used(owner: Person, paper: StoredPaper, attachment: Attachment) -> None:
    for one in (attachment, paper.attachment):
        Attachment.objects.filter(pk=one.pk).update(scan="infected", file="")
    attachment.refresh_from_db()
    with pytest.raises(Refused):
        storing.keep(owner, attachment, "x")
    with pytest.raises(Refused):
        storing.as_attachment(storing.find(owner, paper.key), owner)


def test_an_issued_document_appears_once_and_is_used_while_in_force(owner: Person, outcome: IssuedDocument) -> None:
    actions.draw_up(outcome.pk)
    IssuedDocument.objects.filter(pk=outcome.pk).update(state="issued", number="15/GPXD-UBND")
    outcome.refresh_from_db()
    for _ in range(2):
        storing.keep_issued(owner, outcome)
    paper = storing.mine(owner).get()
    assert (paper.kind, paper.title) == ("issued", "Giấy phép xây dựng")
    used = storing.as_attachment(paper, owner)
    assert (used.name, used.sha256) == ("Giấy phép xây dựng 15-GPXD-UBND.pdf", outcome.sha256)
    page = browser(owner).get(reverse("papers")).content.decode()
    assert "15/GPXD-UBND" in page
    IssuedDocument.objects.filter(pk=outcome.pk).update(state="revoked")
    with pytest.raises(Refused) as refused:
        storing.as_attachment(storing.find(owner, paper.key), owner)
    assert refused.value.code == "store.not_in_force"
    storing.remove(owner, paper.key)
    assert IssuedDocument.objects.filter(pk=outcome.pk).exists()


def test_the_owner_looks_renames_and_removes(owner: Person, paper: StoredPaper) -> None:
    client = browser(owner)
    assert paper.title in client.get(reverse("papers")).content.decode()
    file = client.get(reverse("paper_file", args=[paper.key]))
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("inline")
    assert client.get(reverse("paper_file", args=[paper.key]) + "?tai")["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("paper_rename", args=[paper.key])).status_code == 200
    client.post(reverse("paper_rename", args=[paper.key]), {"title": "Khai sinh con đầu"})
    paper.refresh_from_db()
    assert paper.title == "Khai sinh con đầu"
    assert "Vui lòng nhập tên" in client.post(reverse("paper_rename", args=[paper.key]), {"title": " "}).content.decode()
    assert "Khai sinh con đầu" in client.get(reverse("paper_remove", args=[paper.key])).content.decode()
    assert client.post(reverse("paper_remove", args=[paper.key])).status_code == 302
    assert not StoredPaper.objects.exists()


@pytest.mark.parametrize("name", ["paper_file", "paper_rename", "paper_remove"])
def test_strangers_find_nothing(stranger: Person, paper: StoredPaper, name: str) -> None:
    address = reverse(name, args=[paper.key])
    for method in ("get", "post"):
        assert getattr(browser(stranger), method)(address, {"title": "x"}).status_code == 404
        assert getattr(Client(), method)(address).status_code == 302
    assert StoredPaper.objects.get().title == "Giấy khai sinh"
    assert paper.title not in browser(stranger).get(reverse("papers")).content.decode()


def test_the_list_costs_the_same_however_long(owner: Person, paper: StoredPaper, django_assert_num_queries: Any) -> None:
    client = browser(owner)
    client.get(reverse("papers"))
    for _ in range(2):
        # session and person, papers with their files
        with django_assert_num_queries(2):
            client.get(reverse("papers"))
        for number in range(3):
            storing.keep(
                owner, actions.receive(owner, ContentFile(files.jpeg(20 + number, 20), f"{number}.jpg")), f"Giấy {number}"
            )
