"""RULE: what people are told, in both languages. Each event has its own wording; a city may put it in its own words."""

from collections import defaultdict
from collections.abc import Mapping

from services.notices.lanes import Group
from services.notices.wording import officials, residents, sentences
from services.notices.wording.sentences import Event, Wording, closing, together

__all__ = ["EVENTS", "OWN_WORDING", "Event", "UnknownEvent", "Wording", "closing", "compose", "event_of", "together"]

EVENTS: dict[str, Event] = {**residents.EVENTS, **officials.EVENTS}


OWN_WORDING = tuple(name for name, said in EVENTS.items() if not said.lines and said.group is not Group.ACCOUNT)
"""Events a city may put in its own words."""


class UnknownEvent(LookupError):
    """There is no wording for this event."""


def event_of(name: str) -> Event:
    """The wording of an event. Raises UnknownEvent."""
    if name not in EVENTS:
        raise UnknownEvent(name)
    return EVENTS[name]


def compose(event: str, language: str, values: Mapping[str, str], *, short: bool = False) -> Wording:
    """The message about `event` in "vi" or "en".

    `values`: number, procedure, agency, office, return_place, due, reason, url; what is not known may be left out. `short` is for SMS. Raises UnknownEvent.
    """
    return sentences.compose(event_of(event), language, defaultdict(str, values), short=short)
