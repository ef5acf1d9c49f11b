"""RULE: which words of a text are of the time before two-tier local government (1 July 2025)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PHRASES: tuple[str, ...] = (
    r"xã,\s*phường,\s*thị\s*trấn",
    r"phường,\s*thị\s*trấn",
    r"thị\s*trấn",
    r"(?:ủy|uỷ)\s*ban\s*nhân\s*dân\s*(?:cấp\s*)?(?:quận,\s*)?huyện",
    r"ubnd\s*(?:cấp\s*)?huyện",
    r"(?:cấp|quận,)\s*huyện",
    r"huyện",
    r"thị\s*xã",
    r"quận",
    r"sở\s*kế\s*hoạch\s*và\s*đầu\s*tư",
    r"sở\s*giao\s*thông\s*vận\s*tải",
    r"sở\s*tài\s*nguyên\s*và\s*môi\s*trường",
    r"sở\s*nông\s*nghiệp\s*và\s*phát\s*triển\s*nông\s*thôn",
    r"sở\s*lao\s*động\s*[-–,]?\s*thương\s*binh\s*và\s*xã\s*hội",
    r"sở\s*thông\s*tin\s*và\s*truyền\s*thông",
)
"""Longer phrases stand before those they contain."""
OLD = re.compile("|".join(rf"\b{phrase}\b" for phrase in PHRASES), re.IGNORECASE)
LOOKED_AT = (
    "name",
    "agency_name",
    "limit_text",
    "channels",
    "circumstances",
    "documents",
    "steps_text",
    "conditions",
    "result_name",
)


def phrases(text: str) -> list[str]:
    """The outdated phrases of a text, each once, as it is first written."""
    found: dict[str, str] = {}
    for match in OLD.finditer(text):
        found.setdefault(" ".join(match[0].lower().split()), match[0])
    return list(found.values())


def places(content: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The parts of a content with outdated phrases, and these."""
    for key in LOOKED_AT:
        if found := phrases("\n".join(_texts(content.get(key)))):
            yield key, found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
