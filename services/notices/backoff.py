"""RULE: when a message that did not leave is tried again."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""After the first failure, the second, …; after the last there is no other attempt."""


def next_attempt(failures: int, now: datetime) -> datetime | None:
    """When to try again after so many failures (from 1); None: give up."""
    return now + WAITS[failures - 1] if failures <= len(WAITS) else None
