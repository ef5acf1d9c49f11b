"""RULE: what may stand in braces in a text an office writes often, and how it is filled for a case."""

import re
from collections.abc import Mapping

NAMES = (
    "so_ho_so",
    "ho_ten",
    "nguoi_nop",
    "thu_tuc",
    "ngay_nop",
    "ngay_tiep_nhan",
    "han_tra",
    "co_quan",
    "don_vi",
    "dien_thoai",
    "dia_chi",
    "can_bo",
    "hom_nay",
)
"""What can be filled, in the order in which it is offered."""
BLANK = "……"
"""Stands where the case has no value yet, so that whoever sends the text sees what is missing."""
BRACED = re.compile(r"\{([^{}\n]*)\}")


def unknown(body: str) -> list[str]:
    """Everything in braces that cannot be filled, in order, each once."""
    return list(dict.fromkeys(found for found in BRACED.findall(body) if found.strip() not in NAMES))


def unpaired(body: str) -> bool:
    """Whether a brace is left over that opens or closes nothing."""
    rest = BRACED.sub("", body)
    return "{" in rest or "}" in rest


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced, once: what a value says in braces stays as it is."""
    return BRACED.sub(lambda match: _filled(match, values), body)


def _filled(match: re.Match[str], values: Mapping[str, str]) -> str:
    name = match[1].strip()
    return (values.get(name) or BLANK) if name in NAMES else match[0]
