"""RULE: how long people may write to each other in a case, and what becomes of text that two devices wrote."""

from datetime import datetime, timedelta

LONGEST = 4000
"""Characters of one message."""
LONGEST_DRAFT = 5 * LONGEST
"""A draft may be too long to be sent, as when two devices wrote in it; it is kept all the same."""
MOST_FILES = 5
AFTER_CLOSING = timedelta(days=30)
"""So long after a case was closed messages still come and go: time to ask about the outcome, or to point out a mistake in it."""
MOST_AN_HOUR = 20
"""Messages of one applicant."""
HOUR = timedelta(hours=1)
BETWEEN = "\n\n"


def is_open(closed_at: datetime | None, now: datetime) -> bool:
    """Whether messages can still be written in a case that was closed then."""
    return closed_at is None or now <= closed_at + AFTER_CLOSING


def tidy(text: str) -> str:
    """Text with one kind of line end, as it is kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def merged(kept: str, was: str, new: str) -> str:
    """The draft after a page that showed `was` sends `new`: nothing that another device wrote meanwhile is lost."""
    if kept in (was, new) or new.startswith(kept):
        return new
    if was and kept.endswith(was):
        return kept[: -len(was)] + new
    return kept if kept.endswith(new) else f"{kept}{BETWEEN}{new}"
