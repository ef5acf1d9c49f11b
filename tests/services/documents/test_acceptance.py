"""Files are judged by content; hostile names and hostile content do not get through."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents import acceptance
from services.documents.acceptance import DOCX, HEIC, JPEG, PDF, PNG, NotAcceptable, check, clean_name

LIMIT = 1_000_000
PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 20
HEIC_BYTES = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 20


def word(*extra: str, types: bytes = b"<Types/>", document: str = "word/document.xml") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", types)
        for name in (document, *extra):
            parts.writestr(name, b"<w/>")
    return content.getvalue()


def judge(content: bytes, name: str = "tep") -> acceptance.Accepted:
    return check(name, BytesIO(content), len(content), LIMIT)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF_BYTES, PDF),
        (b"\xef\xbb\xbf" + PDF_BYTES, PDF),
        (PNG_BYTES, PNG),
        (JPEG_BYTES, JPEG),
        (HEIC_BYTES, HEIC),
        (word(), DOCX),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, media_type: str) -> None:
    accepted = judge(content, "virus.exe")
    assert accepted.media_type == media_type
    assert accepted.clean_name == f"virus.{acceptance.EXTENSIONS[media_type][0]}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"x" * (LIMIT + 1), "too_large"),
        (b"MZ\x90\0" * 30, "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "type"),
        (b"<html><script>alert(1)</script>", "type"),
        (b"GIF89a" + b"\0" * 50, "type"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + b"\0" * 20, "type"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + b"\0" * 20, "type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        (PDF_BYTES.replace(b"<</Size 1>>", b"<</Size 1/Encrypt 5 0 R>>"), "encrypted"),
        (PDF_BYTES.replace(b"<</Size 1>>", b"<</Size 1/Encrypt<</Filter/Standard>>>>"), "encrypted"),
        (PDF_BYTES[:30], "broken"),
        (word("word/vbaProject.bin"), "macros"),
        (word("word/VBAPROJECT.BIN"), "macros"),
        (word(types=b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'), "macros"),
        (word(document="xl/workbook.xml"), "type"),
        (word()[:-40], "broken"),
    ],
)
def test_what_is_not_acceptable_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        judge(content, "don.pdf")
    assert refused.value.code == code


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", b"<Types/>")
        parts.writestr("word/document.xml", b"\0" * (acceptance.ZIP_UNPACKED + 1))
    bomb = content.getvalue()
    with pytest.raises(NotAcceptable, match="broken"):
        check("a.docx", BytesIO(bomb), len(bomb), len(bomb))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\Bản vẽ.PDF", "Bản vẽ.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.pdf"),
        ("a\x00b\nc\r\n.pdf", "ab c.pdf"),
        ("don.pdf.exe", "don.pdf"),
        ("anh.jpg", "anh.pdf"),
        ("Tờ trình 1.013225", "Tờ trình 1.013225.pdf"),
        ("", "tep-dinh-kem.pdf"),
        (".pdf", "tep-dinh-kem.pdf"),
        ("....", "tep-dinh-kem.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("x" * 500 + ".pdf", "x" * acceptance.NAME_LENGTH + ".pdf"),
    ],
)
def test_names_are_made_harmless(given_name: str, shown: str) -> None:
    assert clean_name(given_name, PDF) == shown


@given(st.text(max_size=400), st.sampled_from(sorted(acceptance.EXTENSIONS)))
def test_any_name_becomes_a_short_plain_name_with_the_right_ending(name: str, media_type: str) -> None:
    shown = clean_name(name, media_type)
    assert 4 < len(shown) <= 200
    assert shown.rsplit(".", 1)[1] in acceptance.EXTENSIONS[media_type]
    assert not set(shown) & set('/\\\n\r\0"<>|?*:\u202e\u200f')
    assert clean_name(shown, media_type) == shown


@given(st.binary(min_size=1, max_size=3000))
def test_any_bytes_are_accepted_or_refused_and_nothing_else(content: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"%PDF-", b"\x00\x00\x10\x00ftyp"):
        with suppress(NotAcceptable):
            judge(prefix + content)
