"""RULE: how the texts of a record are cleaned, cut and named. Nothing is cut away: what does not fit is handed back."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from portal.kit.folding import fold

NOTHING = frozenset({"khong co thong tin", "khong co du lieu", "chua co thong tin", "n/a", "null", "none", "-", "--", "..."})
"""What a field says, folded, when it says nothing."""

UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Characters that print nothing: controls, marks of direction, half characters, private ones."""
SPACES = re.compile(r"[^\S\n]+")
EMPTY_LINES = re.compile(r"\s*\n\s*")
WORD = re.compile(r"[a-z0-9]+")


def lines(value: Any) -> str:
    """A text with its line breaks, clean; of lists and objects their texts, one under the other. Nothing said: empty."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return "\n".join(part for part in (lines(item) for item in value) if part)
    if value is None or isinstance(value, bool):
        return ""
    raw = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = "".join(letter for letter in raw if letter == "\n" or unicodedata.category(letter) not in UNWANTED)
    text = EMPTY_LINES.sub("\n", SPACES.sub(" ", unicodedata.normalize("NFC", plain))).strip()
    return "" if fold(text).strip(" .") in NOTHING or fold(text) in NOTHING else text


def line(value: Any) -> str:
    """A text on one line, clean."""
    if isinstance(value, list | tuple | Mapping):
        return "; ".join(lines(value).split("\n")) if value else ""
    return lines(value).replace("\n", " ")


def listed(value: Any) -> list[str]:
    """The texts of a list, each on one line; a single text is a list of its lines."""
    if isinstance(value, list | tuple):
        return [text for text in (line(item) for item in value) if text]
    return [text for text in lines(value).split("\n") if text]


def records(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; a single object is a list of one."""
    if isinstance(value, Mapping):
        return [value]
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def whole(value: Any) -> int | None:
    """A whole number, also written as `05`, `5.0` or `1.000`; None when it is none, or has no end."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**15 else None
    if isinstance(value, float):
        return int(value) if value == value and abs(value) < 10**15 and value == int(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){1,4}", text):
        text = re.sub(r"[.,]", "", text)
    text = re.sub(r"[.,]0+$", "", text)
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else None


def divided(text: str, most: int) -> tuple[str, str]:
    """The text cut where it may be cut, the first part no longer than `most`, and the rest; at best after a sentence.

    The rest is empty when everything fits.
    """
    if len(text) <= most:
        return text, ""
    window = text[:most]
    for marks in ((". ", "; ", "\n"), (": ", " ("), (", ", " - "), (" ",)):
        places = [place for mark in marks if (place := window.rfind(mark)) >= most // 3]
        if places:
            cut = max(places)
            head, rest = text[: cut + 1].rstrip(" ,;:-("), text[cut + 1 :].strip()
            return head, rest
    return window, text[most:]


def ended(text: str) -> str:
    """The text without the marks that only led on to what followed."""
    return text.strip().rstrip(" ;:,-").strip()


def slug(text: str, taken: Iterable[str], most: int = 40, fallback: str = "muc") -> str:
    """A key of small letters, digits and hyphens, whole words as far as they fit, different from those taken."""
    used = set(taken)
    base = ""
    for word in WORD.findall(fold(text)):
        longer = f"{base}-{word}" if base else word[:most]
        if len(longer) > most - 4:
            break
        base = longer
    base = base or fallback
    key, number = base, 1
    while key in used:
        number += 1
        key = f"{base}-{number}"
    return key


def same(text: str) -> str:
    """What two spellings of one text share: folded words without marks of punctuation."""
    return " ".join(WORD.findall(fold(text)))
