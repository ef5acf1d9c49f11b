"""RULE: the 34 provinces and 3,321 wards, communes and special zones, with their codes (Quyết định 19/2025/QĐ-TTg).

The tables under data/ are in the order in which they are listed to people: by the Vietnamese alphabet, wards before communes
before special zones, so that typing the first letters finds the name.
"""

from dataclasses import dataclass
from functools import cache

from services.forms.lists import rows


@dataclass(frozen=True, slots=True)
class Place:
    """A province (code of two digits) or a ward (five digits); the name begins with the type: `Phường Bến Thành`."""

    code: str
    name: str


@cache
def provinces() -> tuple[Place, ...]:
    """All provinces and cities, in alphabetical order."""
    return tuple(Place(row["code"], row["name"]) for row in rows("provinces"))


@cache
def _wards() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for row in rows("wards"):
        found.setdefault(row["province"], []).append(Place(row["code"], row["name"]))
    return {province: tuple(wards) for province, wards in found.items()}


@cache
def _ward_index() -> dict[str, tuple[str, str]]:
    return {ward.code: (province, ward.name) for province, wards in _wards().items() for ward in wards}


@cache
def _province_names() -> dict[str, str]:
    return {province.code: province.name for province in provinces()}


def wards(province: str) -> tuple[Place, ...]:
    """The wards of a province; empty when there is no such province."""
    return _wards().get(province, ())


def province_name(code: str) -> str:
    """`Thành phố Hồ Chí Minh`; empty when unknown."""
    return _province_names().get(code, "")


def ward_name(code: str) -> str:
    """`Phường Bến Thành`; empty when unknown."""
    return _ward_index().get(code, ("", ""))[1]


def province_of(ward: str) -> str:
    """Code of the province a ward lies in; empty when unknown."""
    return _ward_index().get(ward, ("", ""))[0]
