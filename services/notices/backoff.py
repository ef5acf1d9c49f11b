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
WAITS_OF_CODES = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=4))
"""A code is good for fifteen minutes: later it would only confuse."""


def next_attempt(failures: int, now: datetime, waits: tuple[timedelta, ...] = WAITS) -> datetime | None:
    """When to try again after so many failures (from 1); None: give up."""
    return now + waits[failures - 1] if failures <= len(waits) else None
