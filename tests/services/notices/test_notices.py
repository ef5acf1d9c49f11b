"""Notices leave once, late if need be, but never not at all."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from identity.people import actions as people
from identity.people.models import Person
from portal.kit import clock
from services.notices import actions, backoff, development, queries, sms, tasks
from services.notices.models import DevelopmentMessage, Notice

pytestmark = pytest.mark.django_db
VALUES = {
    "number": "H29.27-261121-0001",
    "procedure": "Đăng ký khai sinh",
    "agency": "UBND phường Bến Thành",
    "office": "Bộ phận Một cửa",
    "return_place": "Bộ phận Một cửa",
    "due": "",
    "reason": "",
    "url": "http://127.0.0.1:8000/ho-so/H29.27-261121-0001/",
}


def a_person(**contacts: Any) -> Person:
    return people.register(full_name="Nguyễn Thị An", password="x" * 12, **({"verified": True} | contacts))


def queued(person: Person, key: str = "case-event-1") -> Notice:
    notice = actions.queue(key=key, person=person, event="filed", values=VALUES)
    assert notice is not None
    return notice


class TestQueueing:
    def test_by_email_when_there_is_one(self) -> None:
        notice = queued(a_person(email="an@example.vn", phone="0901234567"))
        assert (notice.channel, notice.to, notice.state) == ("email", "an@example.vn", "queued")
        assert VALUES["url"] in notice.body

    def test_else_by_sms(self) -> None:
        notice = queued(a_person(phone="0901234567"))
        assert (notice.channel, notice.to) == ("sms", "+84901234567")
        assert len(notice.body) <= 240

    def test_to_nobody_who_cannot_be_reached_for_sure(self) -> None:
        person = a_person(email="an@example.vn", verified=False)
        assert actions.queue(key="k", person=person, event="filed", values=VALUES) is None
        assert not Notice.objects.exists()

    def test_the_same_key_again_changes_nothing(self, django_capture_on_commit_callbacks: Any) -> None:
        person = a_person(email="an@example.vn")
        with django_capture_on_commit_callbacks() as callbacks:
            first, second = queued(person), queued(person)
        assert first.pk == second.pk
        assert len(callbacks) == 1

    def test_in_the_language_of_the_person(self) -> None:
        assert "has been filed" in queued(a_person(email="an@example.vn", language="en")).subject
        assert "đã được gửi" in queued(a_person(phone="0901234567"), key="other").subject


class TestDelivering:
    def test_once(self) -> None:
        notice = queued(a_person(email="an@example.vn"))
        assert actions.deliver(notice.pk)
        assert not actions.deliver(notice.pk)
        tasks.deliver(notice.pk)
        assert len(mail.outbox) == 1
        assert mail.outbox[0].to == ["an@example.vn"]
        notice.refresh_from_db()
        assert (notice.state, notice.attempts) == ("sent", 1)
        assert notice.sent_at is not None

    def test_tries_again_later_and_keeps_no_personal_data_of_the_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = queued(a_person(email="an@example.vn"))

        def refuse(*_: Any) -> None:
            raise ConnectionRefusedError("an@example.vn was refused")

        monkeypatch.setattr(actions, "_send", refuse)
        assert not actions.deliver(notice.pk)
        notice.refresh_from_db()
        assert (notice.state, notice.last_error) == ("queued", "ConnectionRefusedError")
        assert queries.waiting() == []
        monkeypatch.undo()
        with time_machine.travel(clock.now() + backoff.WAITS[0] + timedelta(seconds=1)):
            assert queries.waiting() == [notice.pk]
            tasks.sweep.apply()
            assert actions.deliver(notice.pk) or Notice.objects.get(pk=notice.pk).state == "sent"
        assert len(mail.outbox) == 1

    def test_gives_up_after_the_last_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = queued(a_person(email="an@example.vn"))

        def refuse(*_: Any) -> None:
            raise TimeoutError

        monkeypatch.setattr(actions, "_send", refuse)
        moment = clock.now()
        for wait in (timedelta(), *backoff.WAITS):
            moment += wait + timedelta(seconds=1)
            with time_machine.travel(moment):
                assert not actions.deliver(notice.pk)
        notice.refresh_from_db()
        assert (notice.state, notice.attempts, notice.last_error) == ("failed", 1 + len(backoff.WAITS), "TimeoutError")
        with time_machine.travel(moment + timedelta(days=30)):
            assert queries.waiting() == []

    def test_a_worker_that_died_while_sending_leaves_it_to_the_sweeper(self) -> None:
        notice = queued(a_person(email="an@example.vn"))
        # What the row looks like when the process was killed between claiming and sending.
        Notice.objects.filter(pk=notice.pk).update(attempts=1, next_attempt_at=clock.now() + actions.LEASE)
        assert not actions.deliver(notice.pk)
        with time_machine.travel(clock.now() + actions.LEASE + timedelta(seconds=1)):
            assert queries.waiting() == [notice.pk]
            assert actions.deliver(notice.pk)

    @pytest.mark.django_db(transaction=True)
    def test_eight_workers_at_once_send_one_message(self) -> None:
        notice = queued(a_person(email="an@example.vn"))
        start = threading.Barrier(8)

        def work(_: int) -> bool:
            try:
                start.wait(timeout=20)
                return actions.deliver(notice.pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(work, range(8))) == 1
        assert len(mail.outbox) == 1


class TestSms:
    def test_is_kept_in_development(self) -> None:
        actions.deliver(queued(a_person(phone="0901234567")).pk)
        kept = DevelopmentMessage.objects.get()
        assert (kept.channel, kept.to) == ("sms", "+84901234567")

    def test_without_a_gateway_it_is_not_sent(self, settings: Any) -> None:
        settings.DEVELOPMENT_OUTBOX = False
        notice = queued(a_person(phone="0901234567"))
        assert not actions.deliver(notice.pk)
        notice.refresh_from_db()
        assert notice.last_error == "SmsNotSent"

    @pytest.mark.parametrize(("answer", "taken"), [(200, True), (202, True), (204, True), (500, False)])
    def test_goes_to_the_gateway_as_json(self, settings: Any, answer: int, taken: bool) -> None:
        got: list[tuple[Any, str | None]] = []

        class Gateway(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                got.append((json.loads(self.rfile.read(length)), self.headers["Authorization"]))
                self.send_response(answer)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return

        server = HTTPServer(("127.0.0.1", 0), Gateway)
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/", "secret"
        if taken:
            sms.send("+84901234567", "Xin chào")
        else:
            with pytest.raises(OSError, match="500"):
                sms.send("+84901234567", "Xin chào")
        server.server_close()
        assert got == [({"to": "+84901234567", "text": "Xin chào"}, "Bearer secret")]
        assert not DevelopmentMessage.objects.exists()


class TestDevelopmentOutbox:
    @pytest.fixture(autouse=True)
    def _kept(self) -> None:
        development.keep(channel="sms", to="+84901234567", body="482913 là mã xác nhận. Hồ sơ H29.27-261121-0001.")
        development.keep(channel="email", to="an@example.vn", subject="Thư <b>thử</b>", body="Xem http://127.0.0.1:8000/ho-so/")

    def test_shows_messages_with_their_codes(self, client: Client) -> None:
        page = client.get(reverse("development_outbox")).content.decode()
        assert '<span class="mc-case-number__text">482913</span>' in page
        assert page.count("mc-case-number__text") == 1
        assert "Thư &lt;b&gt;thử&lt;/b&gt;" in page
        assert 'href="http://127.0.0.1:8000/ho-so/"' in page

    @pytest.mark.parametrize(("wanted", "found"), [("0901 234", 1), ("+84901234567", 1), ("an@", 1), ("0999", 0), ("", 2)])
    def test_filters_by_recipient(self, client: Client, wanted: str, found: int) -> None:
        page = client.get(reverse("development_outbox"), {"nguoi-nhan": wanted}).content.decode()
        assert page.count("<article") == found

    def test_shows_demo_accounts(self, client: Client) -> None:
        a_person(phone="0907654321")
        page = client.get(reverse("development_outbox"), {"xem": "tai-khoan"}).content.decode()
        assert "0907 654 321" in page

    def test_is_not_there_where_mail_is_sent(self, client: Client, settings: Any) -> None:
        settings.DEVELOPMENT_OUTBOX = False
        assert client.get(reverse("development_outbox")).status_code == 404


def test_waits_grow_and_end() -> None:
    now = clock.now()
    times = [backoff.next_attempt(failures, now) for failures in range(1, len(backoff.WAITS) + 1)]
    assert times == sorted(times, key=lambda moment: moment or now)
    assert backoff.next_attempt(len(backoff.WAITS) + 1, now) is None
