"""Names, sizes and kinds: what is judged before anything is read, and what a file is by its first bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents import acceptance
from services.documents.acceptance import PDF, NotAcceptable, check_announced, check_name, clean_name, media_type
from tests.services.documents import files

LIMIT = 1_000_000


@pytest.mark.parametrize("name", sorted(files.GOOD))
def test_the_first_bytes_say_what_a_file_is(name: str) -> None:
    kind = media_type(files.GOOD[name][: acceptance.HEAD])
    assert name.rsplit(".", 1)[1] in acceptance.EXTENSIONS[kind]


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (LIMIT + 1, "too_large"), (4 * 1024**3, "too_large")])
def test_a_size_is_refused_as_soon_as_it_is_announced(size: int, code: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        check_announced("don.pdf", size, LIMIT)
    assert refused.value.code == code


@pytest.mark.parametrize("name", files.TRICKS)
def test_a_name_made_to_mislead_is_refused(name: str) -> None:
    with pytest.raises(NotAcceptable, match="name"):
        check_name(name)


@pytest.mark.parametrize("name", ["Đơn đề nghị (bản 2).pdf", "ảnh 1.JPG", "", "x" * 255, "CON.pdf", "don.pdf.exe", "שלום.pdf"])
def test_a_name_as_people_give_it_is_taken(name: str) -> None:
    check_name(name)


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
def test_any_name_becomes_a_short_plain_name_with_the_right_ending(name: str, kind: str) -> None:
    shown = clean_name(name, kind)
    assert 4 < len(shown) <= 200
    assert shown.rsplit(".", 1)[1] in acceptance.EXTENSIONS[kind]
    assert not set(shown) & set('/\\\n\r\0"<>|?*:\u202e\u200f')
    assert clean_name(shown, kind) == shown


@given(st.binary(max_size=3000))
def test_any_bytes_are_of_a_kind_or_refused_and_nothing_else(content: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"%PDF-", b"\x00\x00\x10\x00ftyp"):
        with suppress(NotAcceptable):
            media_type(prefix + content)
