"""Words of a search and of a procedure."""

import pytest

from services.catalogue.lexemes import all_of, any_of, lexemes, wanted


def test_a_procedure_is_found_by_code_words_and_pairs() -> None:
    found = lexemes("1.001193", "Thủ tục đăng ký khai sinh")
    assert {"1.001193", "001193", "dang", "ky", "khai", "sinh", "dang_ky", "khai_sinh"} <= found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Khai sinh", ("khai", "sinh")),
        ("  KHAI   SINH!  ", ("khai", "sinh")),
        ("làm giấy khai sinh cho con", ("giay", "khai", "sinh", "con")),
        ("1.013225", ("1.013225",)),
        ("thủ tục", ("thu", "tuc")),
        ("", ()),
        ("&|':*()", ()),
    ],
)
def test_what_a_search_looks_for(typed: str, kept: tuple[str, ...]) -> None:
    assert wanted(typed).words == kept


def test_pairs_are_of_neighbours_as_typed() -> None:
    assert wanted("giấy cho khai sinh").pairs == ("khai_sinh",)


def test_the_last_word_may_be_unfinished() -> None:
    assert all_of(("khai", "sin")) == "'khai' & 'sin':*"
    assert any_of(("khai", "sinh")) == "'khai' | 'sinh'"
    assert all_of(()) == ""


def test_a_very_long_search_is_cut() -> None:
    assert len(wanted(" ".join(f"tu{number}" for number in range(100))).words) == 12
