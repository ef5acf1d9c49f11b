"""Notices are kept in the inbox and leave once, late if need be, but never not at all."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from identity.people import actions as people
from identity.people import messages
from identity.people.models import Person
from portal.kit import clock
from services.notices import actions, backoff, development, mailing, queries, reports, sms, tasks
from services.notices.channels import Undeliverable
from services.notices.models import DeadAddress, Delivery, DevelopmentMessage, Notice, NoticeTemplate

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
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=clock.HERE)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=clock.HERE)


@pytest.fixture(autouse=True)
def by_day() -> Iterator[Any]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def a_person(**contacts: Any) -> Person:
    return people.register(full_name="Nguyễn Thị An", password="x" * 12, **({"verified": True} | contacts))


def both() -> Person:
    person = a_person(email="an@example.vn", phone="0901234567")
    Person.objects.filter(pk=person.pk).update(email_verified=True, phone_verified=True)
    person.refresh_from_db()
    return person


def queued(person: Person, key: str = "case-event-1", event: str = "filed") -> Notice:
    return actions.queue(key=key, person=person, event=event, values=VALUES)


def sent(person: Person, *events: str) -> Delivery:
    """These events, packed into one delivery and sent."""
    for event in events or ("filed",):
        queued(person, f"key-{event}", event)
    Notice.objects.filter(due_at__isnull=False).update(due_at=clock.now())
    assert actions.pack(person.pk) == 1
    delivery = Delivery.objects.latest("pk")
    assert actions.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


class TestQueueing:
    def test_by_email_when_there_is_one_else_by_sms(self) -> None:
        assert queued(a_person(email="an@example.vn", phone="0901234567")).channel == "email"
        assert queued(a_person(phone="0907654321"), "other").channel == "sms"

    def test_whoever_cannot_be_reached_for_sure_has_it_in_the_inbox(self) -> None:
        person = a_person(email="an@example.vn", verified=False)
        notice = queued(person)
        assert (notice.channel, notice.due_at) == ("", None)
        assert [one.pk for one in queries.inbox(person).items] == [notice.pk]

    def test_the_same_key_again_changes_nothing(self, django_capture_on_commit_callbacks: Any) -> None:
        person = a_person(email="an@example.vn")
        with django_capture_on_commit_callbacks() as callbacks:
            first, second = queued(person), queued(person)
        assert first.pk == second.pk
        assert len(callbacks) == 2, "the number of unread ones, and the way out"

    def test_in_the_language_of_the_person(self) -> None:
        assert "has been filed" in queued(a_person(email="an@example.vn", language="en")).subject
        assert "đã được gửi" in queued(a_person(phone="0901234567"), key="other").subject

    def test_ordinary_ones_wait_for_others_and_for_the_morning(self, by_day: Any, settings: Any) -> None:
        person = a_person(phone="0901234567")
        window = timedelta(seconds=settings.NOTICE_WINDOW_SECONDS)
        assert queued(person, "day", "accepted").due_at == MORNING + window
        by_day.move_to(NIGHT)
        assert queued(person, "night", "accepted").due_at == NIGHT.replace(day=25, hour=7)
        assert queued(person, "own act", "filed").due_at == NIGHT, "it answers what the person did this moment"
        assert queued(a_person(email="an@example.vn"), "mail", "accepted").due_at == NIGHT + window

    def test_costs_the_same_however_many_there_are(self, django_assert_num_queries: Callable[[int], Any]) -> None:
        person = a_person(email="an@example.vn")
        for key in ("first", "second"):
            with django_assert_num_queries(8):
                queued(person, key)


class TestPacking:
    def test_what_comes_within_the_window_leaves_as_one(self, by_day: Any) -> None:
        person = a_person(email="an@example.vn")
        kept = [queued(person, event, event) for event in ("accepted", "in_progress")]
        assert queries.due_people() == []
        assert actions.pack(person.pk) == 0
        by_day.shift(timedelta(minutes=5))
        kept.append(queued(person, "late", "message_received"))
        assert queries.due_people() == [person.pk]
        assert actions.pack(person.pk) == 1
        assert actions.pack(person.pk) == 0
        assert queries.due_people() == []
        ((pk, is_code),) = queries.waiting()
        assert not is_code
        assert actions.deliver(pk)
        (message,) = mail.outbox
        assert message.subject == "3 thông báo từ Một Cửa"
        assert all(notice.subject in message.body for notice in kept)
        assert message.body.count("1022") == 1
        assert queries.inbox(person).items == kept[::-1], "the inbox keeps each"

    def test_a_lost_message_or_a_killed_worker_leaves_it_to_the_sweeper(
        self, by_day: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person = a_person(email="an@example.vn")
        queued(person, "a", "accepted")
        by_day.shift(timedelta(minutes=6))
        called: list[tuple[str, int]] = []
        for task in (tasks.pack, tasks.deliver, tasks.deliver_code):
            monkeypatch.setattr(task, "delay", lambda key, name=task.name: called.append((name, key)))
        tasks.sweep()
        assert called == [("notices.pack", person.pk)]
        actions.pack(person.pk)
        messages.send_code("an@example.vn", "482913")
        Delivery.objects.filter(lane="code").update(state="queued", attempts=0, next_attempt_at=clock.now())
        called.clear()
        tasks.sweep()
        assert [name for name, _ in called] == ["notices.deliver", "notices.deliver_code"]


class TestDelivering:
    def test_once(self) -> None:
        delivery = sent(a_person(email="an@example.vn"))
        assert not actions.deliver(delivery.pk)
        tasks.deliver(delivery.pk)
        assert [message.to for message in mail.outbox] == [["an@example.vn"]]
        assert str(delivery.key) in mail.outbox[0].extra_headers["Message-ID"]
        assert (delivery.state, delivery.attempts) == ("sent", 1)

    def test_tries_again_later_gives_up_at_last_and_turns_to_the_other_way(
        self, by_day: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = queued(both())
        actions.pack(notice.person_id)
        delivery = Delivery.objects.get()

        def refuse(*_: Any) -> None:
            raise ConnectionRefusedError("an@example.vn was refused")

        monkeypatch.setattr(actions, "_send", refuse)
        for wait in (timedelta(), *backoff.WAITS):
            by_day.shift(wait + timedelta(seconds=1))
            assert not actions.deliver(delivery.pk)
            assert queries.waiting() == []
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("failed", 1 + len(backoff.WAITS))
        assert delivery.last_error == "ConnectionRefusedError", "no personal data of the failure"
        notice.refresh_from_db()
        assert (notice.channel, notice.due_at) == ("sms", clock.now())
        assert not DeadAddress.objects.exists()

    def test_a_worker_that_died_while_sending_leaves_it_to_the_sweeper(self, by_day: Any) -> None:
        actions.pack(queued(a_person(email="an@example.vn")).person_id)
        # What the row looks like when the process was killed between claiming and sending.
        Delivery.objects.update(attempts=1, next_attempt_at=clock.now() + actions.LEASE)
        pk = Delivery.objects.get().pk
        assert not actions.deliver(pk)
        by_day.shift(actions.LEASE + timedelta(seconds=1))
        assert queries.waiting() == [(pk, False)]
        assert actions.deliver(pk)

    @pytest.mark.django_db(transaction=True)
    def test_eight_workers_at_once_send_one_message(self) -> None:
        person = queued(a_person(email="an@example.vn")).person
        start = threading.Barrier(8)

        def work(_: int) -> int:
            try:
                start.wait(timeout=20)
                actions.pack(person.pk)
                return sum(actions.deliver(pk) for pk, _code in queries.waiting())
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(work, range(8))) == 1
        assert len(mail.outbox) == 1


class TestCodes:
    def test_overtake_everything_and_are_not_kept(self, by_day: Any, settings: Any) -> None:
        by_day.move_to(NIGHT)
        messages.send_code("+84901234567", "482913")
        kept = DevelopmentMessage.objects.get()
        assert (kept.channel, development.codes_in(kept.body)) == ("sms", ["482913"])
        delivery = Delivery.objects.get()
        assert (delivery.lane, delivery.state, delivery.body, delivery.person) == ("code", "sent", "", None)
        by_day.shift(timedelta(days=8))
        assert actions.forget_codes() == 1

    def test_go_through_their_own_queue(self, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
        settings.DEVELOPMENT_OUTBOX = False
        with django_capture_on_commit_callbacks() as callbacks:
            messages.send_reset_code("an@example.vn", "482913")
        assert [callback.args[0] for callback in callbacks] == ["notices.deliver_code"]
        assert tasks.deliver_code.app.amqp.router.route({}, "notices.deliver_code")["queue"].name == "priority"


class TestReports:
    @pytest.fixture(autouse=True)
    def _secret(self, settings: Any) -> None:
        settings.DELIVERY_REPORT_SECRET = "agreed"

    def post(self, client: Client, *rows: dict[str, Any], key: str = "agreed") -> Any:
        body = json.dumps({"reports": rows}).encode()
        header = reports.signature(key, int(clock.now().timestamp()), body)
        return client.post(reverse("delivery_reports"), body, content_type="application/json", headers={"X-Signature": header})

    def test_delivered(self, client: Client) -> None:
        delivery = sent(a_person(email="an@example.vn"))
        row = {"reference": str(delivery.key), "state": "delivered"}
        assert self.post(client, row, key="guessed").status_code == 403
        assert self.post(client, row).json() == {"changed": 1}
        assert self.post(client, row).json() == {"changed": 0}
        (told,) = queries.deliveries_of(VALUES["number"])
        assert [(one.state_name, one.to) for one in told.sent] == [("Đã đến nơi", "a***@example.vn")]
        assert told.reached

    def test_an_address_that_never_works_is_told_of_and_gone_round(self, client: Client) -> None:
        person = both()
        delivery = sent(person, "accepted", "in_progress")
        row = {"reference": str(delivery.key), "state": "bounced", "permanent": True, "reason": "550 5.1.1 an@example.vn"}
        assert self.post(client, row).json() == {"changed": 1}
        assert self.post(client, row).json() == {"changed": 0}
        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error) == ("bounced", "550")
        warning, *others = queries.inbox(person).items
        assert (warning.event, warning.channel) == ("address_not_working", "sms")
        assert {notice.channel for notice in others} == {"sms"}
        assert queued(person, "next").channel == "sms"
        actions.address_works(person, "email")
        assert queued(person, "after").channel == "email"

    def test_are_not_taken_without_a_secret_or_when_unreadable(self, client: Client, settings: Any) -> None:
        assert self.post(client, {"reference": "x"}).status_code == 400
        settings.DELIVERY_REPORT_SECRET = ""
        assert self.post(client).status_code == 404

    def test_a_mail_server_that_refuses_for_good_says_so_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = both()
        actions.pack(queued(person).person_id)

        def refuse(*_: Any, **__: Any) -> None:
            raise SMTPRecipientsRefused({"an@example.vn": (550, b"no such user an@example.vn")})

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(Undeliverable, match="550"):
            mailing.send("an@example.vn", "x", "y", "z")
        assert not actions.deliver(Delivery.objects.get().pk)
        assert DeadAddress.objects.get().to == "an@example.vn"


class TestSms:
    def test_is_kept_in_development(self) -> None:
        sent(a_person(phone="0901234567"))
        kept = DevelopmentMessage.objects.get()
        assert (kept.channel, kept.to) == ("sms", "+84901234567")

    def test_without_a_gateway_it_is_not_sent(self, settings: Any) -> None:
        settings.DEVELOPMENT_OUTBOX = False
        actions.pack(queued(a_person(phone="0901234567")).person_id)
        assert not actions.deliver(Delivery.objects.get().pk)
        assert Delivery.objects.get().last_error == "SmsNotSent"

    @pytest.mark.parametrize(
        ("answer", "body", "outcome"),
        [
            (200, b'{"id": "g-7"}', "g-7"),
            (202, b"", ""),
            (204, b"", ""),
            (500, b"", sms.SmsNotSent),
            (429, b"", sms.SmsNotSent),
            (401, b"", sms.SmsNotSent),
            (302, b"", sms.SmsNotSent),
            (422, b"", Undeliverable),
        ],
    )
    def test_goes_to_the_gateway_as_json(self, settings: Any, answer: int, body: bytes, outcome: Any) -> None:
        got: list[tuple[Any, str | None, str | None]] = []

        class Gateway(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                got.append((json.loads(self.rfile.read(length)), self.headers["Authorization"], self.headers["Idempotency-Key"]))
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                if answer != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                return

        server = HTTPServer(("127.0.0.1", 0), Gateway)
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/", "secret"
        if isinstance(outcome, str):
            assert sms.send("+84901234567", "Xin chào", "k-1") == outcome
        else:
            with pytest.raises(outcome, match=str(answer)):
                sms.send("+84901234567", "Xin chào", "k-1")
        server.server_close()
        assert got == [({"to": "+84901234567", "text": "Xin chào", "reference": "k-1"}, "Bearer secret", "k-1")]
        assert not DevelopmentMessage.objects.exists()

    def test_a_gateway_that_never_answers_is_left(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        monkeypatch.setattr(sms, "TIMEOUT_SECONDS", 0.05)
        settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/"
        with pytest.raises(OSError, match="timed out"):
            sms.send("+84901234567", "Xin chào", "k-1")
        server.server_close()


class TestOwnWording:
    def test_the_newest_counts_and_the_usual_comes_back(self) -> None:
        by = people.create_official(username="quantri", full_name="Trần Văn Bình", password="x" * 12)
        person = a_person(email="an@example.vn")
        for text in ("Một: {url}", "Hai: {agency}, {url}"):
            actions.save_template(by, "accepted", "vi", "email", subject="Tin về {number}", body=text)
        notice = queued(person, "own", "accepted")
        assert (notice.subject, notice.body) == (f"Tin về {VALUES['number']}", f"Hai: {VALUES['agency']}, {VALUES['url']}")
        actions.save_template(by, "accepted", "vi", "email", subject="", body="")
        assert "đã được tiếp nhận" in queued(person, "usual", "accepted").subject
        assert NoticeTemplate.objects.count() == 3


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
