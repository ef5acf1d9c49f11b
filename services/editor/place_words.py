"""Places of problems in the words of the people who edit."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.catalogue.difference_wording import ENTRY_NAMES, SECTION_NAMES
from services.catalogue.page import CHANNELS

TITLES = ("label", "title", "name", "question", "key")
LONGEST = 70


def where(content: Mapping[str, Any], place: str) -> str:
    """What the part at that place is called: a fact by its name, an item of a list by its own; empty for a list as a whole."""
    head, *rest = place.split(".")
    if not rest:
        return "" if isinstance(content.get(head), list | Mapping) and head != "domain" else _fact(head)
    if head == "form":
        return _question(content.get("form"), rest)
    if head == "outcome":
        name = str(ENTRY_NAMES.get(f"outcome.{rest[0]}") or ENTRY_NAMES.get(rest[0]) or "")
        return name[:1].upper() + name[1:]
    return _item(content.get(head), rest[0]) or _fact(head)


def _fact(head: str) -> str:
    return str(SECTION_NAMES.get(head, ""))


def _item(items: Any, key: str) -> str:
    for number, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, Mapping) and key in (item.get("key"), str(number)):
            channel = item.get("channel")
            return str(CHANNELS[channel][0]) if "key" not in item and channel in CHANNELS else _title(item)
    return ""


def _question(form: Any, steps: Sequence[str]) -> str:
    """The innermost page or question on the way."""
    here, found = form, ""
    for step in steps:
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            break
        if isinstance(here, Mapping):
            found = _title(here) or found
    return found


def _title(item: Mapping[str, Any]) -> str:
    for name in TITLES:
        text = item.get(name)
        text = text.get("vi") if isinstance(text, Mapping) else text
        if isinstance(text, str) and text.strip():
            return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
    return ""
