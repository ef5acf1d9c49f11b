"""RULE: on which level a record is decided, and which function of our offices its agency has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.folding import fold
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import divided, line, listed

LEVELS: tuple[tuple[str, str], ...] = (
    ("xa", "ward"),
    ("phuong", "ward"),
    ("huyen", "ward"),
    ("tinh", "city"),
    ("thanh pho", "city"),
    ("bo", "facility"),
    ("trung uong", "facility"),
    ("co quan khac", "facility"),
    ("nganh doc", "facility"),
)
"""Words of a level, folded: the level of a version."""
ORDER = ("ward", "city", "facility")

FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    (r"cong an (cap )?(xa|phuong)", "ward", "police"),
    (r"(uy ban nhan dan|ubnd|ub) (cap )?(xa|phuong)", "ward", ""),
    (r"phong canh sat giao thong", "facility", "traffic-police"),
    (r"phong canh sat quan ly hanh chinh", "facility", "residence-police"),
    (r"so xay dung", "city", "construction"),
    (r"so y te", "city", "health"),
    (r"so nong nghiep va moi truong", "city", "agriculture-environment"),
    (r"chi cuc quan ly chat luong", "city", "food-safety"),
    (r"van phong dang ky dat dai", "facility", "land-registry"),
    (r"bao hiem xa hoi", "facility", "social-insurance"),
)
"""Words of an agency, folded: the level it belongs to and its function; the function of the ward itself is empty."""

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Agency:
    """Who decides; `whole_name` is given where the name had to be shortened."""

    level: str
    name: str
    function: str
    whole_name: str
    findings: Sequence[Finding]


def agency(record: Mapping[str, Any]) -> Agency:
    """The level, the name and the function of the agency of a record."""
    findings: list[Finding] = []
    full = line(record.get("agency")) or line(record.get("competent_agency"))
    deciding = line(record.get("competent_agency")) or full
    if not full:
        findings.append(Finding("agency_name", "agency.missing"))
    given = listed(record.get("levels"))
    levels, old = _levels(given)
    found = list(dict.fromkeys([*_functions(deciding), *_functions(full)]))
    if len(levels) == 1:
        level = levels[0]
    elif levels:
        fitting = [named for named, _function in found if named in levels]
        level = fitting[0] if fitting else levels[0]
        findings.append(Finding("level", "level.several", ", ".join(given)))
    else:
        level = found[0][0] if found else "ward"
        findings.append(Finding("level", "level.unknown", ", ".join(given)))
    if old:
        findings.append(Finding("level", "level.old", ", ".join(given)))
    of_level = [function for named, function in found if named == level or "ward" not in (named, level)]
    function = of_level[0] if of_level else ""
    if deciding and not of_level:
        findings.append(Finding("agency_function", "agency.unknown", deciding))
    elif len(found) > 1:
        findings.append(Finding("agency_function", "agency.several", deciding))
    name, rest = divided(full, LONGEST)
    if rest:
        findings.append(Finding("agency_name", "agency.long", full))
    return Agency(level, name, function, full if rest else "", findings)


def _levels(given: Sequence[str]) -> tuple[list[str], bool]:
    """The levels a record names, the lowest first, and whether the old district level is among them."""
    folded = [fold(text) for text in given]
    found = {level for text in folded for word, level in LEVELS if re.search(rf"\b{word}\b", text)}
    return [level for level in ORDER if level in found], any("huyen" in text for text in folded)


def _functions(text: str) -> list[tuple[str, str]]:
    """Level and function of every agency the text names, in the order of the table; each level and function once."""
    folded = fold(text)
    found = [(level, function) for words, level, function in FUNCTIONS if re.search(rf"\b{words}\b", folded)]
    return list(dict.fromkeys(found))
