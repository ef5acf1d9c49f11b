"""The promise: case numbers have the shape the law gives, and typing one by hand is forgiven."""

from datetime import date

import pytest

from services.cases.numbering import case_number, is_case_number, tidy


def test_the_shape_of_a_number() -> None:
    assert case_number("H29.106", date(2026, 11, 21), 7) == "H29.106-261121-0007"
    assert case_number("H29.106", date(2026, 11, 21), 12345) == "H29.106-261121-12345"


@pytest.mark.parametrize("text", ["000.00.00.H29-240101-0001", "H29.106-261121-0007", "G09.20-260102-010001"])
def test_real_forms_are_known(text: str) -> None:
    assert is_case_number(text)


@pytest.mark.parametrize("text", ["", "H29", "H29-261121", "H29-261121-1", "h29-261121-0001", "H29-261121-0001 OR 1=1"])
def test_others_are_not(text: str) -> None:
    assert not is_case_number(text)


def test_spaces_case_and_long_hyphens_are_forgiven() -> None:
    assert tidy(" h29.106 – 261121 –0007 ") == "H29.106-261121-0007"
