"""Personal numbers: province, century and sex, year."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.people.national_id import PROVINCES, InvalidNationalId, agrees, parse, tidy


@pytest.mark.parametrize(
    ("number", "province", "sex", "year"),
    [
        ("079190000123", "079", "female", 1990),
        ("001085000001", "001", "male", 1985),
        ("096306123456", "096", "female", 2006),
        ("026200999999", "026", "male", 2000),
        ("077099000000", "077", "male", 1999),
    ],
)
def test_reads_province_sex_and_year(number: str, province: str, sex: str, year: int) -> None:
    found = parse(number)
    assert (found.province_code, found.sex, found.birth_year) == (province, sex, year)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "digits"),
        ("07919000012a", "digits"),
        ("٠٧٩١٩٠٠٠٠١٢٣", "digits"),
        ("123456789", "length"),
        ("0791900001234", "length"),
        ("000190000123", "province"),
        ("003190000123", "province"),
        ("097190000123", "province"),
        ("999190000123", "province"),
        ("079490000123", "century"),
        ("079990000123", "century"),
    ],
)
def test_says_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(InvalidNationalId) as raised:
        parse(number)
    assert raised.value.code == code


def test_knows_the_sixty_three_provinces_that_issued_numbers() -> None:
    assert len(PROVINCES) == 63
    today = "01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92 96"
    assert {f"0{code}" for code in today.split()} <= PROVINCES


@given(st.sampled_from(sorted(PROVINCES)), st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.booleans(), st.integers(0, 999_999))
def test_every_number_made_by_the_rule_is_read_back(province: str, born: date, woman: bool, rest: int) -> None:
    digit = 2 * (born.year // 100 - 19) + woman
    number = f"{province}{digit}{born.year % 100:02d}{rest:06d}"
    sex = "female" if woman else "male"
    assert parse(number).birth_year == born.year
    assert agrees(number, sex, born) == []
    assert agrees(number, "male" if woman else "female", born) == ["sex"]
    assert agrees(number, sex, born.replace(year=born.year - 1, day=1)) == ["birth_year"]


@given(st.text(max_size=16))
def test_never_fails_otherwise_than_by_saying_so(text: str) -> None:
    with suppress(InvalidNationalId):
        assert parse(text).province_code in PROVINCES


def test_what_is_not_known_contradicts_nothing() -> None:
    assert agrees("079190000123", "", None) == []


def test_tidies_what_people_type() -> None:
    assert tidy(" 079 190.000-123 ") == "079190000123"
