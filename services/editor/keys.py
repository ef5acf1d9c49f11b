"""RULE: the short names (keys) by which parts of a version are known, made from what people call them."""

import re
from collections.abc import Container

from portal.kit.folding import words

LONGEST = 40
NUMBERED = re.compile(r"-\d+$")


def key_of(text: str, taken: Container[str], fallback: str) -> str:
    """`Giấy chứng sinh (bản chính)` -> `giay-chung-sinh-ban-chinh`; with a number where it is taken or says nothing."""
    made = ""
    for word in words(text):
        longer = f"{made}-{word.replace('.', '-')}".strip("-")
        if len(longer) > LONGEST:
            break
        made = longer
    if made and made not in taken:
        return made
    stem = (made or fallback)[: LONGEST - 4].strip("-")
    number = 2 if made else 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def is_makeshift(key: str, fallback: str) -> bool:
    """Whether the key was given to something that had no name yet."""
    return bool(NUMBERED.search(key)) and NUMBERED.sub("", key) == fallback
