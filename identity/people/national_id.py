"""RULE: what a 12-digit personal number says, and whether it agrees with what a person says of themselves.

Điều 13 Nghị định 137/2015/NĐ-CP: three digits for the province where the birth was registered, one for the century and the
sex, two for the year of birth, six at random. There is no check digit. Codes of provinces that were merged stay valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]

LENGTH = 12
FIRST_CENTURY = 1900
PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27),
        *(30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49),
        *(51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79),
        *(80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)
"""The 63 province codes used until 30 June 2025; the 34 of today are among them."""


@dataclass(frozen=True, slots=True)
class NationalId:
    """What the number itself says."""

    province_code: str
    sex: Sex
    birth_year: int


class InvalidNationalId(ValueError):
    """Not a personal number. `code` is "digits", "length", "province" or "century"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy(text: str) -> str:
    """The number without the spaces, dots and dashes people put in it."""
    return "".join(character for character in text if character not in " .-\u00a0\t")


def parse(number: str) -> NationalId:
    """Read a tidy number. Raises InvalidNationalId."""
    if not (number.isascii() and number.isdigit()):
        raise InvalidNationalId("digits")
    if len(number) != LENGTH:
        raise InvalidNationalId("length")
    if number[:3] not in PROVINCES:
        raise InvalidNationalId("province")
    century, is_female = divmod(int(number[3]), 2)
    # The scheme goes on to the 24th century; so far there are two centuries to be born in.
    if century > 1:
        raise InvalidNationalId("century")
    return NationalId(number[:3], "female" if is_female else "male", FIRST_CENTURY + 100 * century + int(number[4:6]))


def agrees(number: str, sex: str, birth_date: date | None) -> Sequence[str]:
    """What the number contradicts: "sex", "birth_year"; empty when nothing. An unknown sex or date contradicts nothing.

    Raises InvalidNationalId.
    """
    said = parse(number)
    problems = []
    if sex and sex != said.sex:
        problems.append("sex")
    if birth_date is not None and birth_date.year != said.birth_year:
        problems.append("birth_year")
    return problems
