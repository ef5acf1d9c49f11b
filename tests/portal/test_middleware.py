import gzip
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client
from structlog.testing import capture_logs

from tests.portal.urls import TAKEN

pytestmark = [pytest.mark.urls("tests.portal.urls"), pytest.mark.django_db]
HTMX = {"HX-Request": "true"}
PROBLEM = "application/problem+json"


@pytest.fixture
def client(settings: Any) -> Client:
    settings.DECLARED_POWERS = {"listed": "public", "set_language": "public"}
    return Client(raise_request_exception=False)


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines


class TestCompression:
    def test_pages_are_compressed_for_browsers_that_can_read_it(self, client: Client) -> None:
        answer = client.get("/page/", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "<!DOCTYPE html>" in gzip.decompress(answer.content).decode()
        assert "Content-Encoding" not in client.get("/page/").headers

    def test_files_are_sent_as_they_are(self, client: Client) -> None:
        assert "Content-Encoding" not in client.get("/download/", headers={"Accept-Encoding": "gzip"}).headers


class TestAccess:
    def test_a_view_that_says_nothing_is_not_there(self, client: Client, logged: list[Any]) -> None:
        assert client.get("/silent/").status_code == 404
        assert [line["route"] for line in logged if line["event"] == "view_without_power"] == ["silent"]

    def test_a_declared_view_opens(self, client: Client) -> None:
        assert client.get("/fine/").content == b"fine"

    def test_the_settings_speak_for_views_of_others(self, client: Client) -> None:
        assert client.get("/listed/").status_code == 200

    @pytest.mark.parametrize(
        ("table", "status"),
        [({}, 404), ({"li*": "public"}, 200), ({"listen*": "public"}, 404), ({"*": "public"}, 200)],
    )
    def test_the_table_knows_prefixes(self, client: Client, settings: Any, table: dict[str, str], status: int) -> None:
        settings.DECLARED_POWERS = table
        assert client.get("/listed/").status_code == status

    def test_only_a_framed_view_may_stand_in_our_frames(self, client: Client) -> None:
        framed, usual = client.get("/file/"), client.get("/fine/")
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
        assert usual["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in usual["Content-Security-Policy"]


class TestRefusal:
    def test_of_a_post_goes_back_with_a_banner(self, client: Client) -> None:
        response = client.post("/refusing/", headers={"Referer": "http://testserver/fine/?tab=2"})
        assert (response.status_code, response["Location"]) == (302, "/fine/?tab=2")
        assert TAKEN in client.get("/said/").content.decode()

    @pytest.mark.parametrize("referer", ["", "http://evil.example/fine/", "//evil.example", "javascript:alert(1)"])
    def test_never_sends_anybody_to_another_site(self, client: Client, referer: str) -> None:
        response = client.post("/refusing/", headers={"Referer": referer} if referer else {})
        assert response.status_code == 409
        assert TAKEN in response.content.decode()

    def test_of_a_get_is_a_page_with_its_status(self, client: Client) -> None:
        response = client.get("/refusing/", headers={"Referer": "http://testserver/fine/"})
        assert response.status_code == 409
        assert TAKEN in response.content.decode()

    def test_for_htmx_is_a_banner_in_the_place_of_messages(self, client: Client) -> None:
        response = client.post("/refusing/", headers={**HTMX, "Referer": "http://testserver/fine/"})
        assert (response.status_code, response["HX-Retarget"]) == (409, "#messages")
        assert "mc-banner--error" in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_is_not_an_error_in_the_log(self, client: Client, logged: list[Any]) -> None:
        client.get("/refusing/")
        assert [line["code"] for line in logged if line["event"] == "refused"] == ["taken"]
        assert TAKEN not in str(logged)


class TestProblems:
    @pytest.mark.parametrize("path", ["/api/refused/", "/api/plain/refused/"])
    def test_a_refusal(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (409, PROBLEM)
        body = response.json()
        assert (body["status"], body["code"], body["detail"]) == (409, "taken", TAKEN)
        assert body["errors"] == [{"field": "item", "code": "taken", "detail": TAKEN}]

    def test_no_permission(self, client: Client) -> None:
        response = client.get("/api/forbidden/")
        assert (response.status_code, response["Content-Type"], response.json()["code"]) == (403, PROBLEM, "permission_denied")

    def test_a_method_that_is_not_there(self, client: Client) -> None:
        response = client.delete("/api/any/")
        assert (response.status_code, response["Content-Type"], response.json()["code"]) == (405, PROBLEM, "method_not_allowed")

    def test_values_that_are_not_acceptable_name_their_place(self, client: Client) -> None:
        response = client.post("/api/any/", {"rows": [{"count": 1}, {"count": 0}]}, content_type="application/json")
        assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)
        found = {(error["field"], error["code"]) for error in response.json()["errors"]}
        assert found == {("name", "required"), ("rows.1.count", "min_value")}

    @pytest.mark.parametrize("path", ["/api/broken/", "/api/plain/failing/"])
    def test_our_own_fault_tells_nothing_and_is_logged(self, client: Client, logged: list[Any], path: str) -> None:
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
        assert "secret" not in response.content.decode()
        assert any(line["event"] == "api_failed" for line in logged)

    def test_a_page_that_fails_is_not_a_problem_document(self, client: Client) -> None:
        response = client.get("/failing/")
        assert response.status_code == 500
        assert "secret" not in response.content.decode()
        assert response["Content-Type"].startswith("text/html")


class TestRequestLog:
    def test_one_line_with_the_route_and_no_address(self, client: Client, logged: list[Any]) -> None:
        client.get("/fine/?number=H29.12-261121-0001")
        (line,) = [line for line in logged if line["event"] == "request"]
        assert (line["method"], line["route"], line["status"], line["person"]) == ("GET", "fine", 200, "")
        assert line["ms"] >= 0
        assert "H29" not in str(line)

    def test_a_given_request_id_comes_back_and_is_logged(self, client: Client, logged: list[Any]) -> None:
        response = client.get("/fine/", headers={"X-Request-ID": "abcdef-12345678"})
        assert response["X-Request-ID"] == "abcdef-12345678"
        assert logged[-1]["request_id"] == "abcdef-12345678"

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, "new\tline-12345", 'quo"te-12345'])
    def test_a_strange_request_id_is_replaced(self, client: Client, given: str) -> None:
        assert client.get("/fine/", headers={"X-Request-ID": given})["X-Request-ID"] not in {"", given}

    def test_a_signed_in_person_is_a_pseudonym(self, client: Client, logged: list[Any], django_user_model: Any) -> None:
        person = django_user_model.objects.create_user(password=None, email="anh@example.com", full_name="Nguyễn Thị Ánh")
        client.force_login(person)
        client.get("/page/")
        client.get("/page/")
        lines = [line for line in logged if line["event"] == "request"]
        assert len(lines[0]["person"]) == 12
        assert lines[0]["person"] == lines[1]["person"]
        assert "Ánh" not in str(lines)
        assert "anh@" not in str(lines)


class TestErrorPages:
    def test_not_found_in_vietnamese(self, client: Client) -> None:
        response = client.get("/nowhere/", headers={"Accept-Language": "vi"})
        assert response.status_code == 404
        assert "Không tìm thấy trang" in response.content.decode()

    def test_a_form_that_waited_too_long(self, settings: Any) -> None:
        settings.CSRF_FAILURE_VIEW = "portal.kit.views.csrf_failure"
        response = Client(enforce_csrf_checks=True).post("/fine/", headers={"Accept-Language": "vi"})
        assert response.status_code == 403
        assert "Trang đã mở quá lâu" in response.content.decode()
        assert "HX-Refresh" not in response

    def test_for_htmx_loads_the_page_anew(self, settings: Any) -> None:
        settings.CSRF_FAILURE_VIEW = "portal.kit.views.csrf_failure"
        response = Client(enforce_csrf_checks=True).post("/fine/", headers=HTMX)
        assert (response.status_code, response["HX-Refresh"]) == (403, "true")

    def test_the_page_for_our_own_fault_needs_no_context(self) -> None:
        from django.template.loader import render_to_string

        assert "Hệ thống đang gặp trục trặc" in render_to_string("500.html")
