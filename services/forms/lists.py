"""RULE: the lists that kinds of fields choose from: ethnic groups, countries, banks, and the short ones.

The 54 ethnic groups are those of Quyết định 121-TCTK/PPCĐ of 1979, the Kinh first and then by the alphabet. Countries are
those of ISO 3166-1, named by CLDR. Banks go by the number under which they take part in the national payment network.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from portal.kit.folding import fold
from services.forms.kinds import AreaUnit, Kind, MoneyUnit
from services.forms.wording import AREA_UNITS, FEMALE, IDENTITY_DOCUMENTS, MALE, MONEY_UNITS

DATA = Path(__file__).parent / "data"
NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
"""Codes of two letters that CLDR names besides countries."""

Listed = tuple[tuple[str, Any], ...]
"""Values and what they are called."""


def rows(table: str) -> list[dict[str, str]]:
    """The lines of a table under data/."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def ethnic_groups() -> Listed:
    """`("kinh", "Kinh")`, …"""
    return tuple((re.sub("[^a-z]+", "-", fold(row["name"])), row["name"]) for row in rows("ethnic_groups"))


@cache
def countries(language: str = "vi") -> Listed:
    """`("VN", "Việt Nam")`, …: Việt Nam first, the rest by the alphabet."""
    names = Locale(language).territories
    found = [(code, name) for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and code not in NO_COUNTRIES]
    return tuple(sorted(found, key=lambda country: (country[0] != "VN", fold(country[1]), country[1])))


@cache
def banks() -> Listed:
    """`("970436", "Vietcombank – Ngân hàng TMCP Ngoại thương Việt Nam")`, …"""
    return tuple((row["bin"], f"{row['short_name']} – {row['name']}") for row in rows("banks"))


GENDERS: Listed = (("male", MALE), ("female", FEMALE))
LISTS: Mapping[tuple[Kind, str], Listed] = {
    (Kind.GENDER, ""): GENDERS,
    (Kind.AREA, "unit"): tuple((unit.value, AREA_UNITS[unit]) for unit in AreaUnit),
    (Kind.MONEY, "unit"): tuple((unit.value, MONEY_UNITS[unit]) for unit in MoneyUnit),
    (Kind.IDENTITY_DOCUMENT, "type"): tuple(IDENTITY_DOCUMENTS.items()),
}


def listed(kind: Kind, part: str = "", language: str = "vi") -> Listed:
    """What a kind, or a part of it, chooses from; empty where nothing is listed."""
    if kind == Kind.ETHNIC_GROUP:
        return ethnic_groups()
    if kind == Kind.COUNTRY:
        return countries("en" if language == "en" else "vi")
    if (kind, part) == (Kind.BANK_ACCOUNT, "bank"):
        return banks()
    return LISTS.get((kind, part), ())


def values_of(kind: Kind, part: str = "") -> tuple[str, ...] | None:
    """All an answer can be; None when that cannot be listed."""
    if part == "province":
        return _province_codes()
    return tuple(value for value, _name in listed(kind, part)) or None


def name_of(value: str, kind: Kind, part: str = "", language: str = "vi") -> str:
    """What a value is called; empty when it is not listed."""
    return str(dict(listed(kind, part, language)).get(value, ""))


@cache
def _province_codes() -> tuple[str, ...]:
    return tuple(row["code"] for row in rows("provinces"))
