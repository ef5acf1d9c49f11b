"""The promise: a request that says too much, or will not say how much, is answered before it is read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from services.documents import limits

ADDRESS = "/kiem-chung/"


class Unread:
    """A body that must not be touched."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"HTTP_ACCEPT": "application/json"}, {"HTTP_TUS_RESUMABLE": "1.0.0"}])
def test_four_gigabytes_are_refused_unread(client: Client, headers: dict[str, str]) -> None:
    wanted = {"CONTENT_LENGTH": str(4 * 1024**3), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    response = client.generic("POST", ADDRESS, **wanted, **headers)
    assert response.status_code == 413
    assert "20" in (response.json()["message"] if headers else response.content.decode())


@pytest.mark.django_db
def test_a_body_without_a_size_is_refused_unread(client: Client) -> None:
    wanted = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "", "wsgi.input": Unread()}
    response = client.generic("POST", ADDRESS, **wanted)
    assert response.status_code == 411


def test_a_usual_request_goes_on() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.POST["a"])

    assert limits.BodyLimitMiddleware(view)(RequestFactory().post("/", {"a": "b"})).content == b"b"


def test_a_file_that_is_too_large_is_not_kept_and_named(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    request = RequestFactory().post(
        "/", {"a": "b", "file": [SimpleUploadedFile("to.pdf", b"x" * 300_000), SimpleUploadedFile("nho.pdf", b"x" * 900)]}
    )
    assert [upload.name for upload in request.FILES.getlist("file")] == ["nho.pdf"]
    assert limits.too_large(request) == ["to.pdf"]
    assert request.POST["a"] == "b"


def test_a_file_just_above_the_limit_still_comes_to_the_rule_that_tells_why(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("to.pdf", b"x" * 1001)})
    assert request.FILES["file"].size == 1001
    assert limits.too_large(request) == []
