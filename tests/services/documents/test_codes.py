"""Verification codes: no confusable letters, typing errors told apart from unknown codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents import codes


def test_codes_are_random_and_well_formed() -> None:
    made = {codes.new() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.parse(code) == code for code in made)
    assert not set("01ILO") & set(codes.ALPHABET)


def test_people_see_groups_of_four() -> None:
    assert codes.grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"


@given(st.integers(0, 11), st.integers(1, 30))
def test_one_wrong_character_is_always_noticed(place: int, step: int) -> None:
    code = codes.new()
    wrong = codes.ALPHABET[(codes.ALPHABET.index(code[place]) + step) % 31]
    with pytest.raises(codes.NotACode):
        codes.parse(code[:place] + wrong + code[place + 1 :])


@given(st.integers(0, 10))
def test_two_swapped_neighbours_are_always_noticed(place: int) -> None:
    code = codes.new()
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(codes.NotACode):
            codes.parse(swapped)


@pytest.mark.parametrize("shape", ["{}", " {} ", "https://motcua.example/kiem-chung/{}/", "{}?x=1"])
def test_what_stands_around_a_code_does_not_matter(shape: str) -> None:
    code = codes.new()
    text = shape.format(codes.grouped(code).lower())
    if "?" in shape:
        text = "/kiem-chung/" + text
    assert codes.parse(text) == code


@given(st.text(max_size=300))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    reasons = {"empty", "length", "character", "check"}
    try:
        well_formed = len(codes.parse(text)) == codes.LENGTH
    except codes.NotACode as error:
        well_formed = error.code in reasons
    assert well_formed
