"""Uploads are stored by content and given back with headers that keep a hostile file harmless."""

import hashlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.documents import actions, queries
from services.documents.models import Attachment, IssuedDocument
from tests.services.documents.files import jpeg, pdf, word

pytestmark = pytest.mark.django_db
PDF_BYTES, JPEG_BYTES = pdf(), jpeg()


def upload(name: str, content: bytes, claimed: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, claimed)


def test_an_upload_is_stored_under_a_name_of_ours(leader: Person) -> None:
    attachment = actions.receive(leader, upload("../../Bản vẽ.html", PDF_BYTES))
    assert (attachment.name, attachment.media_type, attachment.size) == ("Bản vẽ.pdf", "application/pdf", len(PDF_BYTES))
    assert attachment.sha256 == hashlib.sha256(PDF_BYTES).hexdigest()
    assert attachment.file.name == f"attachments/{attachment.pk.hex[:2]}/{attachment.pk.hex}"
    with attachment.file.open() as file:
        assert file.read() == PDF_BYTES


def test_a_refused_upload_leaves_nothing(leader: Person, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 50
    for content, code, status in ((b"", "file.empty", 422), (b"<html>", "file.type", 422), (PDF_BYTES, "file.too_large", 413)):
        with pytest.raises(Refused) as refused:
            actions.receive(leader, upload("a.pdf", content))
        assert (refused.value.code, refused.value.field, refused.value.status) == (code, "file", status)
    assert not Attachment.objects.exists()


def test_a_discarded_attachment_goes_with_its_bytes(leader: Person, django_capture_on_commit_callbacks: Any) -> None:
    attachment = actions.receive(leader, upload("a.pdf", PDF_BYTES))
    name = attachment.file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(attachment)
        assert default_storage.exists(name)
    assert not default_storage.exists(name)


def test_headers_keep_files_harmless(leader: Person) -> None:
    attachment = actions.receive(leader, upload('Bản "vẽ".jpg', JPEG_BYTES))
    response = queries.file_response(attachment, inline=True)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert (
        response.headers["Content-Disposition"]
        == "inline; filename=\"ban _ve_.jpg\"; filename*=UTF-8''B%E1%BA%A3n%20_v%E1%BA%BD_.jpg"
    )
    assert b"".join(response.streaming_content) == JPEG_BYTES  # type: ignore[arg-type]


def test_what_a_browser_cannot_show_safely_is_only_saved(leader: Person) -> None:
    attachment = actions.receive(leader, upload("don.docx", word()))
    response = queries.file_response(attachment, inline=True)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    response.close()


def test_an_issued_document_is_called_by_its_number(receipt: IssuedDocument) -> None:
    actions.draw_up(receipt.pk)
    receipt.refresh_from_db()
    response = queries.file_response(receipt, inline=False)
    assert "giay-tiep-nhan-ho-so-va-hen-tra-ket-qua-H29.12-261121-0007.pdf" in response.headers["Content-Disposition"]
    assert int(response.headers["Content-Length"]) == receipt.size == len(b"".join(response.streaming_content))  # type: ignore[arg-type]
