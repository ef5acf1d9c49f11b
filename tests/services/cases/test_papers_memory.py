"""The promise: whatever is pushed at the web server, its memory stays flat, and it says why it takes no more."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.urls import reverse

from identity.people.models import Person
from portal.dev import parts, state
from services.cases import actions
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.documents.models import Upload
from tests.city import seed_city
from tests.workers import environment

pytestmark = pytest.mark.django_db(transaction=True)
FOUR_GIGABYTES = 4 * 1024**3
BLOCK = b"x" * 65536
GROWTH = 48 * 1024 * 1024
"""Bytes the processes may gain over a first request of each kind: caches, no bodies."""
TOKEN = "t" * 32


class Server:
    """granian as `up` runs it, on the test's database."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self.process = process

    def memory(self) -> int:
        """The most that the server's processes held so far, in bytes."""
        pids = [path.parent.name for path in Path("/proc").glob("[0-9]*/stat") if self._is_ours(path)]
        return sum(int(found[1]) * 1024 for pid in pids if (found := re.search(r"VmHWM:\s+(\d+)", _read(f"/proc/{pid}/status"))))

    def _is_ours(self, path: Path) -> bool:
        fields = _read(str(path)).rpartition(")")[2].split()
        return len(fields) > 2 and fields[2] == str(self.process.pid)

    def push(self, head: str, *, most: int, chunked: bool = False) -> tuple[int, str, int]:
        """Send a request whose body does not end before `most` bytes; status, answer, and how much the server let itself be sent."""
        sent = 0
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
            with suppress(OSError):
                while sent < most:
                    block = BLOCK[: most - sent]
                    connection.sendall(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
                    sent += len(block)
            answer = b""
            with suppress(OSError):
                while piece := connection.recv(65536):
                    answer += piece
        found = re.match(rb"HTTP/1.1 (\d+)", answer)
        return (int(found[1]) if found else 0), answer.decode(errors="replace"), sent


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    seed_city()
    port = next(port for port in range(8470, 8570) if state.is_free(port))
    process = subprocess.Popen(
        parts.web("127.0.0.1", port),
        env=environment() | {"DJANGO_SETTINGS_MODULE": "tests.settings", "UPLOAD_SPOOL": str(portal_settings.UPLOAD_SPOOL)},
        cwd=portal_settings.BASE_DIR,
        start_new_session=True,
    )
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield Server(port, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def draft(server: Server) -> Case:
    version = catalogue.version_of("1.013225")
    owner = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    return actions.start_draft(owner, version, catalogue.agencies_for(version)[0], version.circumstances[0]["key"])


@pytest.fixture
def cookies(draft: Case) -> str:
    store = import_module(portal_settings.SESSION_ENGINE).SessionStore()
    person = draft.applicant
    assert person is not None
    store.update(
        {
            "_auth_user_id": str(person.pk),
            "_auth_user_backend": portal_settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": person.get_session_auth_hash(),
        }
    )
    store.create()
    return f"Cookie: sessionid={store.session_key}; csrftoken={TOKEN}\nX-CSRFToken: {TOKEN}"


def test_four_gigabytes_however_they_come_are_refused_and_change_nothing(server: Server, draft: Case, cookies: str) -> None:
    announce = reverse("file_upload_start", args=[draft.key, "giay-to-dat-dai"])
    form = reverse("file_upload", args=[draft.key, "giay-to-dat-dai"])
    common = f"Host: 127.0.0.1\n{cookies}\nConnection: close"
    tus = f"{common}\nTus-Resumable: 1.0.0\nAccept: application/json"
    piece = f"{tus}\nUpload-Offset: 0\nContent-Type: application/offset+octet-stream"
    multipart = f"{common}\nContent-Type: multipart/form-data; boundary=b"
    size = f"Content-Length: {FOUR_GIGABYTES}"
    chunked = "Transfer-Encoding: chunked"

    status, answer, _ = server.push(
        f"POST {announce} HTTP/1.1\n{tus}\nUpload-Length: 10000000\nUpload-Metadata: filename YS5wZGY=\nContent-Length: 0", most=0
    )
    assert status == 201, answer
    upload = reverse("file_upload_piece", args=[draft.key, "giay-to-dat-dai", Upload.objects.get().pk])

    def attacks() -> dict[str, tuple[int, str, int]]:
        return {
            "announced": server.push(
                f"POST {announce} HTTP/1.1\n{tus}\nUpload-Length: {FOUR_GIGABYTES}\nContent-Length: 0", most=0
            ),
            "as a piece": server.push(f"PATCH {upload} HTTP/1.1\n{piece}\n{size}", most=FOUR_GIGABYTES),
            "as a piece without a size": server.push(
                f"PATCH {upload} HTTP/1.1\n{piece}\n{chunked}", most=FOUR_GIGABYTES, chunked=True
            ),
            "as a form": server.push(f"POST {form} HTTP/1.1\n{multipart}\n{size}", most=FOUR_GIGABYTES),
            "as a form without a size": server.push(
                f"POST {form} HTTP/1.1\n{multipart}\n{chunked}", most=FOUR_GIGABYTES, chunked=True
            ),
            "by nobody": server.push(
                f"POST /kiem-chung/ HTTP/1.1\nHost: 127.0.0.1\nContent-Type: multipart/form-data; boundary=b\n{size}",
                most=FOUR_GIGABYTES,
            ),
        }

    attacks()
    before = server.memory()
    for _ in range(3):
        for name, (status, answer, sent) in attacks().items():
            assert status in {411, 413}, (name, answer[:500])
            assert '"message"' in answer or "text/html" in answer, (name, answer)
            assert sent < 64 * 1024 * 1024, name
    assert server.memory() - before < GROWTH
    assert Upload.objects.count() == 1


def test_as_much_as_may_be_sent_is_read_without_being_held(server: Server, draft: Case, cookies: str) -> None:
    """One file of 150 MB in a form: read to its end so that the reason can be told, kept neither in memory nor on the disk."""
    form = reverse("file_upload", args=[draft.key, "giay-to-dat-dai"])
    most = 150 * 1024 * 1024
    inner = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    head = f"POST {form} HTTP/1.1\nHost: 127.0.0.1\n{cookies}\nConnection: close\nContent-Type: multipart/form-data; boundary=b\nContent-Length: "

    def attack() -> tuple[int, str, int]:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            tail = b"\r\n--b--\r\n"
            connection.sendall(f"{head}{len(inner) + most + len(tail)}\n\n".replace("\n", "\r\n").encode() + inner.encode())
            for _ in range(most // len(BLOCK)):
                connection.sendall(BLOCK)
            connection.sendall(tail)
            answer = connection.recv(65536).decode(errors="replace")
        return int(answer.split()[1]), answer, most

    attack()
    before = server.memory()
    for _ in range(2):
        status, _answer, _sent = attack()
        assert status == 422
    assert server.memory() - before < GROWTH
    assert not draft.attachments.exists()
