"""RULE: which ward is meant by a name that somebody types, with or without marks, whole or misspelt a little.

Names of before 1 July 2025 are found where data/old_names.csv knows what became of them: in today's Thành phố Hồ Chí Minh
(Nghị quyết 1685/NQ-UBTVQH15). A unit that was divided leads to each ward that got a part of it.
"""

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from portal.kit.folding import fold
from services.forms import places
from services.forms.lists import rows
from services.forms.wording import FORMERLY

TYPES = re.compile(r"^(?:phuong|xa|dac khu|thi tran|tt|p|x)(?:[. ]+)(?=[^ ])|^p(?=[0-9])")
AREA_TYPES = re.compile(r"^(?:tinh|thanh pho|tp|quan|huyen|thi xa|tx|q|h)(?:[. ]+)(?=[^ ])|^q(?=[0-9])")
MOST = 10
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Match:
    """A ward that may be meant; `was` is its old name with the district, when that is what was typed."""

    ward: str
    province: str
    was: str = ""

    @property
    def label(self) -> str:
        """`Phường Bến Thành, Thành phố Hồ Chí Minh`."""
        name = f"{places.ward_name(self.ward)}, {places.province_name(self.province)}"
        return f"{name} ({FORMERLY} {self.was})" if self.was else name


@dataclass(frozen=True, slots=True)
class _Name:
    """A name under which a ward is known, and the areas it lay or lies in, all folded."""

    name: str
    areas: frozenset[str]
    match: Match


def bare(name: str, types: re.Pattern[str] = TYPES) -> str:
    """The folded name without what kind of unit it is: `Phường Bến Thành` -> `ben thanh`, `Phường 04` -> `4`."""
    folded = " ".join(re.sub(r"[^0-9a-z. ]", " ", fold(name)).split())
    return re.sub(r"^0+(?=[1-9])", "", types.sub("", folded).strip(" ."))


@cache
def _names() -> tuple[_Name, ...]:
    """Every name that is known, those of today first."""
    areas = {one.code: bare(one.name, AREA_TYPES) for one in places.provinces()}
    found = [
        _Name(bare(ward.name), frozenset({areas[province.code]}), Match(ward.code, province.code))
        for province in places.provinces()
        for ward in places.wards(province.code)
    ]
    for row in rows("old_names"):
        province = places.province_of(row["ward"])
        lay_in = frozenset({areas[province], bare(row["district"], AREA_TYPES)})
        found.append(_Name(bare(row["name"]), lay_in, Match(row["ward"], province, f"{row['name']}, {row['district']}")))
    return tuple(found)


def known() -> list[Match]:
    """Every ward, and every old name that is known."""
    return [one.match for one in _names()]


def wards_named(text: str, province: str = "") -> list[Match]:
    """The wards that may be meant, likeliest first, each once. `Phường 4, Quận 3` names the district or the province as well."""
    wanted, *rest = text[:LONGEST].split(",")
    name, areas = bare(wanted), {bare(part, AREA_TYPES) for part in rest if part.strip()}
    if not name:
        return []
    ranked = sorted(
        (distance, index)
        for index, one in enumerate(_names())
        if areas <= one.areas and province in {"", one.match.province} and (distance := _distance(name, one.name)) is not None
    )
    # Names spelt exactly so leave no doubt about those spelt otherwise.
    exact = [place for place in ranked if place[0] == 0]
    matches: dict[str, Match] = {}
    for _apart, index in exact or ranked:
        matches.setdefault(_names()[index].match.ward, _names()[index].match)
    return list(matches.values())[:MOST]


def _distance(name: str, other: str) -> int | None:
    """0 the same, 1 begins so, more the more letters differ; None when it is another name."""
    if name == other:
        return 0
    if len(name) >= 3 and other.startswith(f"{name} "):
        return 1
    allowed = 1 if len(name) < 8 else 2
    if len(name) < 4:
        return None
    apart = OSA.distance(name, other, score_cutoff=allowed)
    return apart + 1 if apart <= allowed else None
