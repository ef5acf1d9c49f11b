"""RULE: by which channel a message goes."""

from collections.abc import Collection, Mapping

from services.notices.lanes import CANNOT_BE_SILENT, Group

EMAIL, SMS, NONE = "email", "sms", ""
CHANNELS = (EMAIL, SMS)
"""In the order in which they are taken when the person has not chosen; the inbox has everything besides."""


class Undeliverable(Exception):
    """The address does not take messages, now or later."""


def choose(group: Group, chosen: Mapping[str, str], reachable: Collection[str], tried: Collection[str] = ()) -> str:
    """The channel for a message of the group, "" for the inbox alone.

    `chosen`: group -> channel, or "" for the inbox alone; `reachable`: channels with an address that is confirmed and works;
    `tried`: channels by which this message could not be delivered.
    """
    wanted = chosen.get(group)
    if wanted == NONE and group not in CANNOT_BE_SILENT:
        return NONE
    ways = [channel for channel in CHANNELS if channel in reachable and channel not in tried]
    return wanted if wanted in ways else next(iter(ways), NONE)
