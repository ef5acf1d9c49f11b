"""What a person meant by words that no procedure has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.lexemes import lexemes
from services.catalogue.spelling import Vocabulary, meant, slips, with_marks

NAMES = (
    "Đăng ký khai sinh",
    "Đăng ký kết hôn",
    "Cấp giấy phép xây dựng",
    "Đổi giấy phép lái xe",
    "Đăng ký thường trú",
    "Chứng thực bản sao",
)
WORDS = [lexeme for name in NAMES for lexeme in lexemes("1.000001", name)]
CATALOGUE = Vocabulary({word: WORDS.count(word) for word in WORDS})


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("khia sinh", "khai sinh"),
        ("khai sihn", "khai sinh"),
        ("lai se", "lai xe"),
        ("ket hom", "ket hon"),
        ("khaisinh", "khai sinh"),
        ("thuong truu", "thuong tru"),
        ("giay phep xay dunng", "giay phep xay dung"),
    ],
)
def test_slips_of_the_keyboard_are_put_right(said: str, read: str) -> None:
    assert meant(said.split(), CATALOGUE) == tuple(read.split())


@pytest.mark.parametrize("said", ["khai sinh", "giay phep", "chung thu", "1.000001", ""])
def test_what_is_known_stays_as_it_was_said(said: str) -> None:
    assert meant(said.split(), CATALOGUE) is None


def test_codes_are_never_changed() -> None:
    assert slips("1.013225") == 0
    assert meant(["1.000009"], CATALOGUE) is None


@given(st.lists(st.text(alphabet="abcdeghiklmnopqrstuvxy", min_size=1, max_size=9), max_size=6))
def test_any_words_have_a_reading_of_words_that_exist_or_were_said(said: list[str]) -> None:
    read = meant(said, CATALOGUE)
    assert read is None or all(word in said or word in CATALOGUE.lexemes for word in read)


def test_a_reading_is_shown_with_its_marks() -> None:
    assert with_marks("lai xe", ["Đổi giấy phép lái xe"]) == "lái xe"
    assert with_marks("lai xe", []) == "lai xe"
