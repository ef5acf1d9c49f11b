"""RULE: the hash of a record given the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the previous hash and the content as canonical JSON (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def first_break(links: Iterable[tuple[str, str, Mapping[str, Any]]]) -> int | None:
    """The position (from 0) of the first link (previous, hash, content) that does not follow, or None if all do."""
    expected = GENESIS
    for position, (previous, hashed, content) in enumerate(links):
        if previous != expected or hashed != digest(previous, content):
            return position
        expected = hashed
    return None
