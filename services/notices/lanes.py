"""RULE: how soon a message leaves, and what kinds of messages a person can choose a way for."""

from enum import StrEnum


class Lane(StrEnum):
    """How soon. `code` is for one-time codes: at once, in a queue of its own, never held back, never put together."""

    CODE = "code"
    NOW = "now"
    """Answers what the person did this moment: at once, alone, at any hour."""
    NORMAL = "normal"
    """Waits a few minutes for others to the same person, and for the end of the quiet hours."""
    DIGEST = "digest"
    """A morning's summary: alone, not in quiet hours."""


class Group(StrEnum):
    """What a message is about, as people choose between."""

    DUTY = "duty"
    """What the law has the agency tell: receipt, supplement, fee, refusal, stopping, new date, outcome."""
    PROGRESS = "progress"
    MESSAGES = "messages"
    REMINDERS = "reminders"
    WORK = "work"
    DIGEST = "digest"
    ACCOUNT = "account"


OF_RESIDENTS = (Group.DUTY, Group.PROGRESS, Group.MESSAGES, Group.REMINDERS)
OF_OFFICIALS = (Group.WORK, Group.REMINDERS, Group.MESSAGES, Group.DIGEST)
CANNOT_BE_SILENT = frozenset({Group.DUTY, Group.ACCOUNT})
"""Only the way can be chosen for these: they always go out by one, if there is any."""
