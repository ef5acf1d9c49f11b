"""The promise: of a file that comes in pieces nothing is lost, nothing is written twice, and nobody fills the disk."""

import io
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.documents import actions, uploads
from services.documents.models import Attachment, Upload
from tests.services.documents import files

pytestmark = pytest.mark.django_db
PDF = files.pdf()


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, settings: object) -> Path:
    settings.UPLOAD_SPOOL = tmp_path / "spool"
    return tmp_path / "spool"


def begin(
    size: int = len(PDF), *, name: str = "đơn.pdf", mark: str = "", visitor: str = "v" * 64, address: str = "10.0.0.1"
) -> Upload:
    return uploads.start(place="a/b", owner=None, visitor=visitor, address=address, name=name, size=size, mark=mark)


def send(upload: Upload, content: bytes = PDF, offset: int = 0) -> int:
    return uploads.append(upload, offset, io.BytesIO(content), len(content))


def code_of(refused: "pytest.ExceptionInfo[Refused]") -> tuple[str, int]:
    return refused.value.code, refused.value.status


def test_pieces_become_the_file(leader: Person) -> None:
    upload = begin()
    half = len(PDF) // 2
    assert send(upload, PDF[:half]) == uploads.received(upload) == half
    assert send(upload, PDF[half:], half) == len(PDF)
    attachment = uploads.take(upload, leader)
    assert (attachment.name, attachment.owner, attachment.size) == ("đơn.pdf", leader, len(PDF))
    with attachment.file.open() as file:
        assert file.read() == PDF
    assert uploads.received(upload) == len(PDF)
    assert not uploads.path(upload).exists()


def test_taking_it_twice_makes_one_attachment() -> None:
    upload = begin()
    send(upload)
    assert uploads.take(upload, None) == uploads.take(upload, None)
    assert Attachment.objects.count() == 1


def test_what_came_before_a_cut_is_kept() -> None:
    class Cut:
        def __init__(self) -> None:
            self.left = PDF[:300]

        def read(self, size: int) -> bytes:
            if not self.left:
                raise OSError("connection lost")
            part, self.left = self.left[:size], b""
            return part

    upload = begin()
    assert uploads.append(upload, 0, Cut(), len(PDF)) == 300
    assert uploads.received(upload) == 300
    send(upload, PDF[300:], 300)
    assert uploads.take(upload, None).size == len(PDF)


def test_a_worker_killed_in_the_middle_loses_nothing() -> None:
    upload = begin()
    child = os.fork()
    if child == 0:
        # Only the file is touched: the connection to the database stays the parent's.
        with uploads.path(upload).open("ab") as file:
            uploads._append_block(upload, file, 0, PDF[:200])
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    assert uploads.received(upload) == 200
    send(upload, PDF[200:], 200)
    assert uploads.take(upload, None).size == len(PDF)


@pytest.mark.parametrize("offset", [1, 50])
def test_a_piece_that_does_not_fit_the_end_is_refused(offset: int) -> None:
    upload = begin()
    send(upload, PDF[:20])
    with pytest.raises(Refused) as refused:
        send(upload, PDF[:20], offset)
    assert code_of(refused) == ("upload.offset", 409)
    assert uploads.received(upload) == 20


def test_two_senders_at_once_write_no_byte_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one overtakes a first that still waits for its lost connection."""
    monkeypatch.setattr(uploads.Upload.objects, "filter", lambda **_: Upload.objects.none())
    upload = begin()
    first_waits, go_on = threading.Event(), threading.Event()
    outcome: list[object] = []

    class Slow:
        sent = 0

        def read(self, size: int) -> bytes:
            if self.sent:
                first_waits.set()
                go_on.wait(10)
            part = PDF[self.sent : self.sent + min(size, 100)]
            self.sent += len(part)
            return part

    def first() -> None:
        try:
            with uploads.path(upload).open("ab") as file:
                slow, position = Slow(), 0
                while block := slow.read(uploads.BLOCK):
                    position = uploads._append_block(upload, file, position, block)
        except Refused as refused:
            outcome.append(refused.code)

    thread = threading.Thread(target=first)
    thread.start()
    first_waits.wait(10)
    with uploads.path(upload).open("ab") as file:
        uploads._append_block(upload, file, 100, PDF[100:])
    go_on.set()
    thread.join(10)
    assert outcome == ["upload.offset"]
    assert uploads.path(upload).read_bytes() == PDF


def test_more_than_was_announced_is_refused_unread() -> None:
    upload = begin(size=100)
    stream = io.BytesIO(PDF)
    with pytest.raises(Refused) as refused:
        uploads.append(upload, 0, stream, 101)
    assert code_of(refused) == ("upload.too_long", 413)
    assert stream.tell() == 0


def test_a_piece_larger_than_agreed_is_refused_unread(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1 << 30
    stream = io.BytesIO(b"x")
    with pytest.raises(Refused) as refused:
        uploads.append(begin(size=1 << 29), 0, stream, uploads.LARGEST_PIECE + 1)
    assert code_of(refused) == ("upload.piece_too_large", 413)
    assert stream.tell() == 0


def test_four_gigabytes_are_refused_at_the_announcement() -> None:
    with pytest.raises(Refused) as refused:
        begin(size=4 * 1024**3)
    assert code_of(refused) == ("file.too_large", 413)
    assert "20" in refused.value.message
    assert not Upload.objects.exists()


def test_a_refused_file_is_refused_again_with_the_same_reason_and_its_bytes_are_gone() -> None:
    upload = begin(size=9)
    send(upload, b"<html>...")
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            uploads.take(upload, None)
        assert refused.value.code == "file.type"
        assert not uploads.path(upload).exists()
    assert not Attachment.objects.exists()


def test_an_unfinished_file_is_not_taken() -> None:
    upload = begin()
    send(upload, PDF[:-1])
    with pytest.raises(Refused) as refused:
        uploads.take(upload, None)
    assert code_of(refused) == ("upload.incomplete", 409)


def test_the_same_file_chosen_again_is_gone_on_with() -> None:
    first = begin(mark="ab12")
    send(first, PDF[:100])
    assert begin(mark="ab12") == first
    assert begin(mark="cd34") != first
    uploads.drop(first)
    assert begin(mark="ab12") != first


def test_the_caps_on_open_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "OPEN_OF_ONE", 2)
    monkeypatch.setattr(uploads, "OPEN_OF_ADDRESS", 3)
    begin()
    done = begin()
    for wanted in ({"visitor": "v" * 64}, {}):
        with pytest.raises(Refused) as refused:
            begin(**wanted)
        assert code_of(refused) == ("upload.too_many", 429)
    begin(visitor="w" * 64)
    with pytest.raises(Refused):
        begin(visitor="x" * 64)
    begin(visitor="x" * 64, address="10.0.0.2")
    uploads.drop(done)
    begin()


def test_no_address_is_kept_in_clear() -> None:
    assert "10.0.0.1" not in str(Upload.objects.filter(pk=begin().pk).values())


def test_the_disk_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LEAST_FREE", 1 << 60)
    with pytest.raises(Refused) as refused:
        begin()
    assert code_of(refused) == ("upload.no_room", 507)


def test_what_nobody_went_on_with_is_given_up(spool: Path, settings: object) -> None:
    old, done, fresh = begin(), begin(), begin()
    for upload in (old, done, fresh):
        send(upload)
    attachment = uploads.take(done, None)
    stray = spool / "stray"
    stray.touch()
    long_ago = clock.now() - timedelta(seconds=settings.UPLOAD_EXPIRES_SECONDS + 1)
    os.utime(stray, (long_ago.timestamp(), long_ago.timestamp()))
    Upload.objects.filter(pk__in=[old.pk, done.pk]).update(touched_at=long_ago)
    assert uploads.sweep() == 2
    assert list(Upload.objects.all()) == [fresh]
    assert [path.name for path in spool.iterdir()] == [fresh.pk.hex]
    # Nothing used it.
    assert not Attachment.objects.filter(pk=attachment.pk).exists()


def test_a_file_that_wholly_came_is_found_by_the_round() -> None:
    whole, part = begin(), begin()
    send(whole)
    send(part, PDF[:5])
    assert uploads.left_complete() == []
    Upload.objects.update(touched_at=clock.now() - uploads.SETTLED - timedelta(seconds=1))
    assert uploads.left_complete() == [str(whole.pk)]


def test_two_at_once_do_not_check_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begin()
    send(upload)
    judge = actions.judge

    def meanwhile(*given: object) -> object:
        with pytest.raises(Refused) as refused:
            uploads.take(Upload.objects.get(pk=upload.pk), None)
        assert code_of(refused) == ("upload.busy", 423)
        return judge(*given)

    monkeypatch.setattr(actions, "judge", meanwhile)
    uploads.take(upload, None)
    assert Attachment.objects.count() == 1
