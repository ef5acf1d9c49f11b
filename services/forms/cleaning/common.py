"""RULE: what was typed, made into text that can be kept, and how a cleaner says that it cannot be."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.forms.kinds import LARGEST
from services.forms.wording import Complaint

SPACES = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters, which neither the database nor a page can hold."""


class Wrong(Exception):
    """The input cannot be kept; `parts` names the parts of a date or a place that it is about."""

    def __init__(self, code: str, *, parts: Sequence[str] = (), **params: Any) -> None:
        super().__init__(code)
        self.complaint = Complaint(code, **params)
        self.parts = tuple(parts)


class WrongParts(Wrong):
    """Several inputs of one question cannot be kept; `complaints` by part."""

    def __init__(self, complaints: Mapping[str, Complaint]) -> None:
        first = next(iter(complaints.values()))
        super().__init__(first.code, parts=tuple(complaints), **first.params)
        self.complaints = dict(complaints)


def storable(text: str) -> str:
    """Without what cannot be stored, in composed characters, lines ended one way."""
    return UNSTORABLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def one_line(text: str) -> str:
    """Storable, on one line, without spaces at the ends."""
    return SPACES.sub(" ", storable(text).replace("\n", " ").replace("\u2028", " ").replace("\u2029", " ")).strip()


def typed(given: Any, code: str, **params: Any) -> str:
    """What was typed, on one line; numbers with a decimal point. Raises Wrong for anything that is no text or number."""
    if isinstance(given, str):
        return one_line(given)
    if isinstance(given, int | float | Decimal) and not isinstance(given, bool):
        number = given if isinstance(given, Decimal) else Decimal(given) if isinstance(given, int) else Decimal(str(given))
        if number.is_finite() and abs(number) <= LARGEST:
            return f"{number:f}"
    raise Wrong(code, **params)


def is_blank(given: Any) -> bool:
    """Whether nothing was answered."""
    if isinstance(given, str):
        return not one_line(given)
    if isinstance(given, Mapping):
        # An empty tick box is no answer.
        return all(value is False or is_blank(value) for value in given.values())
    if isinstance(given, list | tuple):
        return all(part is None or part == "" for part in given)
    return given is None


def compact(text: str) -> str:
    """Without the spaces, dots and hyphens that numbers are grouped with."""
    return re.sub(r"[ .\-]", "", text)
