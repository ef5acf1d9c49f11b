"""The promise: a hostile file is refused, with the reason, and neither hangs nor bloats what serves the pages."""

import io
import random
import re
import resource
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from pikepdf import Dictionary, Name, String

from portal.kit.refusal import Refused
from services.documents import acceptance, actions, inspection, sandbox
from services.documents.acceptance import NotAcceptable
from services.documents.inspection import inspect
from tests.services.documents import files
from tests.services.documents.files import Hostile

HOSTILE = files.hostile()


def test_there_are_more_than_a_hundred_of_them() -> None:
    assert len(HOSTILE) > 150
    assert {one.code for one in HOSTILE} >= acceptance.CODES - {"too_large", "too_complex"}


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.what)
def test_a_hostile_file_is_refused_with_its_reason(one: Hostile) -> None:
    with pytest.raises(NotAcceptable) as refused:
        judge(one)
    assert refused.value.code == one.code
    assert actions.refusal(refused.value).message


def judge(one: Hostile) -> None:
    acceptance.check_name(one.name)
    inspect(one.content)


@pytest.mark.parametrize("name", sorted(files.GOOD))
def test_a_plain_file_is_taken(name: str) -> None:
    assert name.rsplit(".", 1)[1] in acceptance.EXTENSIONS[inspect(files.GOOD[name]).media_type]


def link(target: str) -> bytes:
    return files.with_annotation(Subtype=Name.Link, A=files.action("URI", URI=String(target)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + files.pdf(), id="PDF with a byte order mark"),
        pytest.param(files.pdf() + b"\r\n\r\n", id="PDF with blank lines after it"),
        pytest.param(link("https://dichvucong.gov.vn/"), id="PDF with a link"),
        pytest.param(link("javascript:void(0)"), id="PDF with what is left of a button"),
        pytest.param(files.with_root(OpenAction=files.action("GoTo", D=Name.a)), id="PDF that opens at a place"),
        pytest.param(files.with_file(b'{"so": "15/GPXD"}', "du-lieu.json"), id="PDF with figures for machines"),
        pytest.param(files.with_file(b"<?xml version='1.0'?><HDon/>", "hoa-don.xml"), id="electronic invoice"),
        pytest.param(files.with_root(AcroForm=Dictionary(Fields=[])), id="PDF with a plain form"),
        pytest.param(files.jpeg(progressive=True), id="progressive JPEG"),
        pytest.param(files.jpeg() + b"\0" * 90, id="JPEG with padding"),
        pytest.param(
            files.jpeg() + files.box(b"ftyp", b"mp42\0\0\0\0") + b"\x01" * 99, id="JPEG with the film of a moving photo"
        ),
        pytest.param(files.jpeg() + files.jpeg(16, 16), id="JPEG with a second picture"),
        pytest.param(files.png(mode="RGBA"), id="PNG with transparency"),
        pytest.param(files.png(mode="P"), id="PNG with a palette"),
        pytest.param(files.png(33, 17, "1"), id="PNG in black and white"),
        pytest.param(files.word(files.relation("hyperlink", "https://dichvucong.gov.vn/")), id="Word with a link"),
        pytest.param(files.word(files.relation("hyperlink", "javascript:void(0)")), id="Word with what is left of a button"),
        pytest.param(files.word({"word/media/image1.png": files.png(), "docProps/app.xml": b"<a/>"}), id="Word with a picture"),
        pytest.param(files.word({"word/theme/theme1.xml": b"<a>" + b" " * 900_000 + b"</a>"}), id="Word that packs well"),
    ],
)
def test_what_honest_files_have_is_taken(content: bytes) -> None:
    assert inspect(content).media_type


def test_an_interlaced_scan_is_counted_pass_by_pass() -> None:
    for width, height in ((1, 1), (5, 3), (8, 8), (17, 33)):
        # One grey byte a pixel: rows of every pass, each with its filter byte.
        rows = [
            (-(-(width - left) // right), -(-(height - top) // down))
            for left, top, right, down in inspection.ADAM7
            if width > left and height > top
        ]
        assert inspection._png_bytes(width, height, 8, 1) == sum(high * (1 + wide) for wide, high in rows)


@pytest.mark.parametrize("name", sorted(files.GOOD))
def test_damage_anywhere_is_refused_or_harmless_and_nothing_else(name: str) -> None:
    chance = random.Random(name)
    for _ in range(60):
        content = bytearray(files.GOOD[name])
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(NotAcceptable):
            inspect(bytes(content[: chance.randint(1, len(content))] if chance.random() < 0.4 else content))


def test_it_is_done_by_another_process_and_answered_alike() -> None:
    assert sandbox.inspected(io.BytesIO(files.pdf(3))) == inspect(files.pdf(3))
    with pytest.raises(NotAcceptable, match="active"):
        sandbox.inspected(io.BytesIO(files.with_root(OpenAction=files.action("JavaScript", JS=String("x")))))


def misbehaving(folder: Path, body: str) -> Path:
    """A stand-in for the inspection, in a folder of its own."""
    package = folder / "services" / "documents"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    limits = f"import resource\nresource.setrlimit(resource.RLIMIT_AS, ({1 << 28}, {1 << 28}))\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    (package / "inspection.py").write_text(limits + body)
    return folder


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("while True: pass", id="never ends"),
        pytest.param("a = b'x' * (1 << 33)", id="asks for memory"),
        pytest.param("import os; os.abort()", id="falls over"),
        pytest.param("import sys; sys.exit(3)", id="says nothing"),
    ],
)
def test_a_file_that_takes_too_much_is_refused(body: str, tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = misbehaving(tmp_path, body)
    with pytest.raises(NotAcceptable, match="too_complex"):
        sandbox.inspected(io.BytesIO(b"x"))


def test_a_file_that_waits_for_ever_is_given_up(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BASE_DIR = misbehaving(tmp_path, "import signal; signal.pause()")
    monkeypatch.setattr(sandbox, "PATIENCE", 0.3)
    with pytest.raises(NotAcceptable, match="too_complex"):
        sandbox.inspected(io.BytesIO(b"x"))


def test_too_many_at_once_are_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "QUEUE", 0.01)
    held = [sandbox._places.acquire(timeout=0.01) for _ in range(sandbox.AT_ONCE)]
    try:
        with pytest.raises(Refused) as refused:
            sandbox.inspected(io.BytesIO(files.pdf()))
        assert (refused.value.code, refused.value.status) == ("file.busy", 503)
    finally:
        for _ in held:
            sandbox._places.release()


def test_no_secret_is_within_reach_of_the_inspection(tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = misbehaving(tmp_path, "import json, os; print(json.dumps({'media_type': ' '.join(os.environ)}))")
    assert not set(sandbox.inspected(io.BytesIO(b"x")).media_type.split()) & {
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "SIGNING_PASSPHRASE",
    }


def test_the_process_gives_up_its_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    inspection._give_up_powers()
    assert limits[resource.RLIMIT_FSIZE] == (0, 0)
    assert limits[resource.RLIMIT_AS][1] == inspection.MEMORY
    assert limits[resource.RLIMIT_CPU][0] == inspection.SECONDS


@pytest.mark.django_db
def test_bombs_take_the_memory_of_the_other_process_alone(media: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for one in HOSTILE:
        if one.code in {"bomb", "pixels", "pages", "too_complex"}:
            with pytest.raises(Refused) as refused:
                actions.receive(None, ContentFile(one.content, one.name))
            assert refused.value.code == f"file.{one.code}"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_the_reasons_in_the_docs_are_those_of_the_rule() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "rules" / "uploads.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == acceptance.CODES == set(actions.REFUSALS)


def test_every_hostile_file_is_made_here() -> None:
    tracked = [
        path
        for path in (Path(settings.BASE_DIR) / "tests").rglob("*")
        if path.suffix.lower() in {".pdf", ".docx", ".jpg", ".zip", ".exe"}
    ]
    assert tracked == []
