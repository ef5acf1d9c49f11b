"""RULE: messages to one person within a few minutes leave as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.notices.lanes import Lane

MOST = 20
"""Messages listed in one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message to the person that has not left. `due`: not before."""

    key: int
    channel: str
    lane: Lane
    due: datetime


def batches(waiting: Iterable[Waiting], now: datetime) -> list[tuple[int, ...]]:
    """Keys of the messages that leave now, those of one batch as one message.

    Only ordinary ones are put together: as soon as one of a channel is due, the others waiting for that channel go with it. So
    nobody waits longer than the window, and a storm of events is one message.
    """
    found = sorted(waiting, key=lambda one: one.key)
    alone = [(one.key,) for one in found if one.lane is not Lane.NORMAL and one.due <= now]
    together: list[tuple[int, ...]] = []
    for channel in sorted({one.channel for one in found}):
        ordinary = [one for one in found if one.channel == channel and one.lane is Lane.NORMAL]
        if any(one.due <= now for one in ordinary):
            keys = tuple(one.key for one in ordinary)
            together += [keys[at : at + MOST] for at in range(0, len(keys), MOST)]
    return alone + together
