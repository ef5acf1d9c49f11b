"""Text that arrived after its sender's session had ended, kept for the browser that sent it until the person has signed in again."""

import json
from uuid import UUID

from django.core.cache import cache

SECONDS = 12 * 3600
LARGEST = 200_000
"""Characters of one page; forms hold far less."""

Sent = dict[str, list[str]]


def put(visitor: str, key: UUID, page: str, sent: Sent) -> None:
    """Keep what was sent for that page, if it is no larger than a page can be."""
    text = json.dumps(sent, ensure_ascii=False)
    if len(text) <= LARGEST:
        cache.set(_name(visitor, key, page), text, SECONDS)


def take(visitor: str, key: UUID, page: str) -> Sent | None:
    """What was kept for that page, once."""
    if not visitor:
        return None
    name = _name(visitor, key, page)
    text = cache.get(name)
    if text is None:
        return None
    cache.delete(name)
    found: Sent = json.loads(text)
    return found


def _name(visitor: str, key: UUID, page: str) -> str:
    return f"stash:{visitor[:40]}:{key}:{page}"
