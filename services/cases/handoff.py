"""RULE: how an application gets from a phone to a counter and back, and what is noted about it (docs/rules/counter.md)."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.core import signing

ALPHABET = "ACDEHKLMNPRTUVXY34679"
"""Letters and digits that are mistaken for no other, in print or said aloud."""
LENGTH = 6
SECONDS = 15 * 60
SALT = "services.cases.handoff"
PARAMETER = "ma"
"""Name of the parameter that carries the word of a QR code."""
HISTORY, HANDED_IN = "_handoff", "_handed_in"
"""Where the provenance of a case keeps its ways to counters, and what was handed in there on paper."""
MOST_SHEETS = 99
SPELLING = re.compile(r"[\s.\-]+")


class Move(StrEnum):
    """What happened to a draft at a counter."""

    BEGUN = "begun"
    TAKEN = "taken"
    GIVEN_BACK = "given_back"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How many originals and copies of a paper were handed in."""

    originals: int
    copies: int


def new_code() -> str:
    """A code somebody can say aloud."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def sign(key: UUID, code: str) -> str:
    """The word in the QR code; it names nobody."""
    return signing.dumps([str(key), code], salt=SALT)


def read(text: str) -> tuple[str, UUID | None]:
    """The code in what was typed or scanned: the code itself, the word of a QR code or its whole address; the draft if it names one.

    ("", None) for anything else, and for a word that is too old or was signed by somebody else.
    """
    said = text.strip()
    if "?" in said:
        said = parse_qs(said.partition("?")[2]).get(PARAMETER, [""])[0]
    code = SPELLING.sub("", said).upper()
    if len(code) == LENGTH and all(character in ALPHABET for character in code):
        return code, None
    try:
        key, code = signing.loads(said, salt=SALT, max_age=SECONDS)
        return str(code), UUID(key)
    except (signing.BadSignature, TypeError, ValueError):
        return "", None


def spaced(code: str) -> str:
    """The code in two halves, as it is read aloud."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def noted(provenance: Mapping[str, Any], move: Move, at: datetime, office: str, official: str) -> dict[str, Any]:
    """The provenance with one more entry in the history of its ways."""
    entry = {"move": move.value, "at": at.isoformat(), "office": office, "official": official}
    return {**provenance, HISTORY: [*provenance.get(HISTORY, []), entry]}


def came_from_applicant(provenance: Mapping[str, Any]) -> bool:
    """Whether the applicant began it, so that no counter may throw it away."""
    return any(entry["move"] == Move.TAKEN for entry in provenance.get(HISTORY, []))


def handed_in(provenance: Mapping[str, Any], paper: str) -> HandedIn | None:
    """What was counted of a paper at the counter."""
    counted = provenance.get(HANDED_IN, {}).get(paper)
    return HandedIn(counted[0], counted[1]) if counted else None


def with_handed_in(provenance: Mapping[str, Any], counts: Mapping[str, HandedIn]) -> dict[str, Any]:
    """The provenance with what was counted."""
    return {**provenance, HANDED_IN: {key: [one.originals, one.copies] for key, one in counts.items()}}
