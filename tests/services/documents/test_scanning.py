"""The promise: where there is a scanner, nobody opens a file before it has spoken, and a virus is removed and told of."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portal.kit import clock
from portal.kit.refusal import Refused
from services.documents import actions, queries, scanning, tasks
from services.documents.models import Attachment
from tests.services.documents import files

pytestmark = pytest.mark.django_db(transaction=True)
Scan = Attachment.Scan
# The trade's harmless test word, in pieces so that no scanner takes this file for it.
TEST_WORD = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


class Scanner:
    """Speaks clamd's INSTREAM on a socket of its own."""

    def __init__(self, server: socket.socket) -> None:
        self.server = server
        self.asked = 0
        self.answers: dict[bytes, bytes] = {}
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self._answer(stream)

    def _answer(self, stream: "socket.SocketIO") -> None:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(stream.read(4), "big"):
            content += stream.read(length)
        self.asked += 1
        answer = b"stream: Eicar-Test-Signature FOUND" if TEST_WORD in content else b"stream: OK"
        stream.write(next((said for mark, said in self.answers.items() if mark in content), answer) + b"\0")
        stream.flush()


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path, settings: object) -> Iterator[Scanner]:
    if request.param == "tcp":
        server = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "clamd"))
        server.listen()
        settings.CLAMD_URL = f"unix://{tmp_path / 'clamd'}"
    yield Scanner(server)
    server.close()


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would have been sent to workers."""
    found: list[tuple[str, str]] = []
    for module in (actions, scanning):
        monkeypatch.setattr(module, "after_commit", lambda task, key: found.append((task, key)))
    return found


def receive(word: bytes = b"") -> Attachment:
    content = files.jpeg()
    return actions.receive(None, ContentFile(content[:2] + files.segment(0xFE, b"chu thich " + word) + content[2:], "anh.jpg"))


def test_a_clean_file_is_opened_after_its_scan(scanner: Scanner, sent: list[tuple[str, str]]) -> None:
    attachment = receive()
    assert attachment.scan == Scan.WAITING
    assert sent == [("documents.scan", str(attachment.pk))]
    with pytest.raises(Refused) as refused:
        queries.file_response(attachment, inline=True)
    assert refused.value.code == "file.waiting"
    tasks.scan(str(attachment.pk))
    attachment.refresh_from_db()
    assert (attachment.scan, attachment.scan_attempts) == (Scan.CLEAN, 1)
    queries.file_response(attachment, inline=True).close()


def test_a_virus_is_removed_and_told_of(scanner: Scanner, sent: list[tuple[str, str]]) -> None:
    attachment = receive(TEST_WORD)
    stored = attachment.file.name
    tasks.scan(str(attachment.pk))
    attachment.refresh_from_db()
    assert (attachment.scan, attachment.threat, attachment.file.name) == (Scan.INFECTED, "Eicar-Test-Signature", "")
    assert attachment.sha256
    assert not default_storage.exists(stored)
    assert ("cases.virus_found", str(attachment.pk)) in sent
    with pytest.raises(Refused) as refused:
        queries.file_response(attachment, inline=True)
    assert refused.value.code == "file.infected"


def test_a_file_is_scanned_once(scanner: Scanner) -> None:
    attachment = receive()
    assert [scanning.scan(str(attachment.pk)) for _ in range(2)] == [Scan.CLEAN, Scan.CLEAN]
    assert scanner.asked == 1


def test_a_file_the_scanner_cannot_read_stays_closed_and_is_tried_again(scanner: Scanner) -> None:
    scanner.answers[b"chu thich"] = b"INSTREAM size limit exceeded. ERROR"
    attachment = receive()
    assert scanning.scan(str(attachment.pk)) == Scan.FAILED
    attachment.refresh_from_db()
    assert not attachment.may_be_opened
    scanner.answers.clear()
    assert scanning.scan(str(attachment.pk)) == Scan.CLEAN


def test_a_scanner_that_is_down_delays(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLAMD_URL = "unix:///nowhere/clamd"
    attachment = receive()
    assert scanning.scan(str(attachment.pk)) == Scan.WAITING
    now = clock.now()
    due = []
    for minutes in (0, 1, 3, 5, 60, 120):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        due.append(bool(scanning.waiting()))
        if due[-1]:
            tasks.scan(str(attachment.pk))
    assert due == [False, True, True, True, True, True]
    attachment.refresh_from_db()
    assert (attachment.scan, attachment.scan_attempts) == (Scan.WAITING, 6)


def test_a_scanner_that_breaks_off_is_no_clean_bill(settings: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        attachment = receive()

        def hang_up() -> None:
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert scanning.scan(str(attachment.pk)) == Scan.WAITING
        thread.join(10)


def test_without_a_scanner_nothing_waits(settings: object, sent: list[tuple[str, str]]) -> None:
    settings.CLAMD_URL = ""
    attachment = receive()
    assert attachment.may_be_opened
    assert sent == []
    assert scanning.waiting() == []


def test_a_copy_is_scanned_unless_its_source_is_clean(scanner: Scanner, sent: list[tuple[str, str]]) -> None:
    attachment = receive()
    assert actions.copy(attachment, None).scan == Scan.WAITING
    scanning.scan(str(attachment.pk))
    attachment.refresh_from_db()
    assert actions.copy(attachment, None).scan == Scan.CLEAN
