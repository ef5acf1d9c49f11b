"""RULE: what was changed between two contents of a version, told so that a second person can judge it.

Items of lists are known by their key, not by their place: a step that moved is the same step. Never raises, whatever a draft holds.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from services.catalogue.content import KEYS, canonical
from services.catalogue.difference_wording import (
    ENTRY_NAMES,
    NOTHING,
    SECTION_NAMES,
    after_item,
    at_start,
    office_name,
    said,
    value_name,
)

LONG = 80
"""Characters from which a text is shown with its single words compared."""
MOST_WORDS = 2000
WORD = re.compile(r"\s+|\w+|[^\w\s]")
LINES = ("steps_text", "legal_basis")
OUTCOME_LINES = ("basis", "paragraphs", "articles", "recipients")
TITLES = ("label", "title", "name", "question", "key")
"""Entries by which an item is called, the best first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `section` is the key of the content and `title` its name; `label` says what changed, in words.

    `kind` is added, removed, changed or moved. `entry` is the entry of the item that changed, `old` and `new` are its values as
    they are; `words` compares long texts: (same | removed | added, text).
    """

    section: str
    title: str
    place: str
    label: str
    kind: str
    before: str = ""
    after: str = ""
    words: tuple[tuple[str, str], ...] = ()
    entry: str = ""
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the comparison stands: section, place, and the way to it in words."""

    section: str
    place: str
    path: tuple[str, ...] = ()

    def into(self, step: object, *names: str) -> "_Spot":
        return _Spot(self.section, f"{self.place}.{step}", (*self.path, *names))

    def change(self, kind: str, before: str = "", after: str = "", **rest: Any) -> Change:
        title = _name(SECTION_NAMES, self.section)
        return Change(self.section, title, self.place, " › ".join(self.path) or title, kind, before, after, **rest)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every change from one content to the other, in reading order; none: they say the same."""
    found: list[Change] = []
    for key in KEYS:
        before, after, spot = old.get(key), new.get(key), _Spot(key, key)
        if _same(before, after):
            continue
        if key == "form":
            found += _form(spot, _record(before), _record(after))
        elif key == "outcome":
            found += _outcome(spot, _record(before), _record(after))
        elif key == "domain":
            found += _entries(spot, _record(before), _record(after), but=("position",))
        elif key in LINES or key == "life_events":
            found += _lines(spot, before, after)
        elif isinstance(before, list) or isinstance(after, list):
            found += _items(spot, before, after)
        else:
            found.append(_value(spot, key, before, after))
    return found


def compared(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Two texts word by word: (same | removed | added, text), in reading order."""
    one, other = WORD.findall(before), WORD.findall(after)
    if len(one) + len(other) > MOST_WORDS:
        return (("removed", before), ("added", after))
    found: list[tuple[str, str]] = []
    for operation, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if operation == "equal":
            found.append(("same", "".join(one[a:b])))
            continue
        found += [(kind, text) for kind, text in (("removed", "".join(one[a:b])), ("added", "".join(other[c:d]))) if text]
    return tuple(found)


def _value(spot: _Spot, entry: str, before: Any, after: Any) -> Change:
    one, other = _text(entry, before), _text(entry, after)
    long = isinstance(before, str) and isinstance(after, str) and before and after and max(len(one), len(other)) > LONG
    return spot.change("changed", one, other, words=compared(one, other) if long else (), entry=entry, old=before, new=after)


def _entries(spot: _Spot, before: Mapping[str, Any], after: Mapping[str, Any], but: Sequence[str] = ("key",)) -> Iterator[Change]:
    """Entry by entry of one item."""
    for entry in [*before, *(entry for entry in after if entry not in before)]:
        one, other = before.get(entry), after.get(entry)
        if entry in but or _same(one, other):
            continue
        here = spot.into(entry, _name(ENTRY_NAMES, f"{spot.section}.{entry}", entry))
        if _keyed(one) or _keyed(other):
            yield from _items(here, one, other)
        else:
            yield _value(here, entry, one, other)


def _items(spot: _Spot, before: Any, after: Any) -> Iterator[Change]:
    """Items of a list, matched by key: added, removed, changed inside, moved."""
    old, new = _by_key(before), _by_key(after)
    for key, item in old.items():
        if key not in new:
            yield spot.into(key, _called(item)).change("removed", before=_called(item))
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    previous: dict[str, str] = {}
    for order, items in ((0, old), (1, new)):
        last = ""
        for key, item in items.items():
            previous[f"{order}{key}"] = after_item(last) if last else at_start()
            last = _called(item)
    for key, item in new.items():
        here = spot.into(key, _called(item))
        if key not in old:
            yield here.change("added", after=_called(item))
            continue
        if key in moved:
            yield here.change("moved", previous[f"0{key}"], previous[f"1{key}"])
        if not _same(old[key], item):
            yield from _entries(here, old[key], item)


def _form(spot: _Spot, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Pages by key; questions by key wherever they stand, so that one that went to another page is not lost and found."""
    old, new = _by_key(before.get("pages")), _by_key(after.get("pages"))
    old_fields, new_fields = _fields(old), _fields(new)
    but = ("pages", "version")
    yield from _entries(spot, before, after, but=but)
    here = spot.into("pages")
    bare_old = [{**page, "fields": []} for page in old.values()]
    bare_new = [{**page, "fields": []} for page in new.values()]
    yield from _items(here, bare_old, bare_new)
    for key, (page, field) in old_fields.items():
        if key not in new_fields:
            yield _at(here, page, key, field).change("removed", before=_called(field))
    for key, (page, field) in new_fields.items():
        place = _at(here, page, key, field)
        if key not in old_fields:
            yield place.change("added", after=_called(field))
            continue
        page_before, field_before = old_fields[key]
        if page_before.get("key") != page.get("key"):
            yield place.change("moved", _called(page_before), _called(page))
        if not _same(field_before, field):
            yield from _entries(place, field_before, field)
    for page_key, page in new.items():
        kept = [key for key, (where, _field) in old_fields.items() if where.get("key") == page_key and key in new_fields]
        stays = [key for key in kept if new_fields[key][0].get("key") == page_key]
        order = [key for key, (where, _field) in new_fields.items() if where.get("key") == page_key and key in stays]
        for key in _moved(stays, order):
            number = order.index(key)
            last = _called(new_fields[order[number - 1]][1]) if number else ""
            yield _at(here, page, key, new_fields[key][1]).change("moved", after=after_item(last) if last else at_start())


def _fields(pages: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Questions with their pages. One that does not say so must be answered."""
    return {
        key: (page, {"required": True, **field}) for page in pages.values() for key, field in _by_key(page.get("fields")).items()
    }


def _at(spot: _Spot, page: Mapping[str, Any], key: str, field: Mapping[str, Any]) -> _Spot:
    return spot.into(f"{page.get('key', '')}.fields.{key}", _called(page), _called(field))


def _outcome(spot: _Spot, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield from _entries(spot, before, after, but=(*OUTCOME_LINES, "rows"))
    for entry in ("basis", "paragraphs", "rows", "articles", "recipients"):
        one, other = before.get(entry), after.get(entry)
        if not _same(one, other):
            yield from _lines(spot.into(entry, _name(ENTRY_NAMES, f"outcome.{entry}", entry)), one, other)


def _lines(spot: _Spot, before: Any, after: Any) -> Iterator[Change]:
    """Lists of plain lines: each line that came, went or changed."""
    one = [_line(spot.section, line) for line in before] if isinstance(before, list) else []
    other = [_line(spot.section, line) for line in after] if isinstance(after, list) else []
    for operation, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        paired = min(b - a, d - c)
        for step in range(paired):
            here, text, said_now = spot.into(c + step), one[a + step], other[c + step]
            words = compared(text, said_now) if max(len(text), len(said_now)) > LONG else ()
            yield here.change("changed", text, said_now, words=words)
        for text in one[a + paired : b]:
            yield spot.into(c + paired).change("removed", before=text)
        for step, text in enumerate(other[c + paired : d]):
            yield spot.into(c + paired + step).change("added", after=text)


def _line(section: str, line: Any) -> str:
    if isinstance(line, list):
        return ": ".join(_text("", part) for part in line)
    return _text(section, line)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest items that must have moved to make one order of the same keys into the other."""
    place = {key: number for number, key in enumerate(before)}
    ends: list[int] = []
    runs: list[str] = []
    earlier: dict[str, str] = {}
    for key in after:
        at = bisect_left(ends, place[key])
        if at:
            earlier[key] = runs[at - 1]
        ends[at : at + 1] = [place[key]]
        runs[at : at + 1] = [key]
    stayed, last = set(), runs[-1] if runs else None
    while last is not None:
        stayed.add(last)
        last = earlier.get(last)
    return set(after) - stayed


def _by_key(value: Any) -> dict[str, Mapping[str, Any]]:
    """Items under their keys in order; one whose key was used before, or has none, stands under a number as well."""
    found: dict[str, Mapping[str, Any]] = {}
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, Mapping):
            continue
        named = next((item[name] for name in ("key", "channel", "value") if isinstance(item.get(name), str)), "")
        key, count = named or "?", 1
        while key in found:
            count += 1
            key = f"{named or '?'}#{count}"
        found[key] = item
    return found


def _keyed(value: Any) -> bool:
    """Whether it is a list of items that have a key or a value to be known by."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) and ("key" in item or "value" in item) for item in value)
    )


def _called(item: Mapping[str, Any]) -> str:
    """What people call the item."""
    for entry in (*TITLES, "channel", "value"):
        if text := _text(entry, item.get(entry)) if item.get(entry) else "":
            return text
    return NOTHING


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _same(before: Any, after: Any) -> bool:
    return canonical(_bare(before)) == canonical(_bare(after))


def _bare(value: Any) -> Any:
    """Without entries that say nothing: an empty text, an empty list and nothing at all are the same."""
    if isinstance(value, Mapping):
        return {key: bare for key, item in value.items() if (bare := _bare(item)) is not None} or None
    if isinstance(value, list):
        return [_bare(item) for item in value] or None
    return None if value == "" else value


def _text(entry: str, value: Any) -> str:
    """A value for people: one line, or several for a list of texts."""
    if value is None or value == "" or value == []:
        return ""
    named = value_name(entry, value)
    if named:
        return named
    if isinstance(value, bool):
        return said(value)
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(_text(entry, item) for item in value)
    if isinstance(value, Mapping) and set(value) == {"value", "unit"}:
        return f"{_text('', value['value'])} {_text('limit_unit', value['unit'])}"
    if entry == "office" and isinstance(value, Mapping) and value:
        return office_name(value)
    if isinstance(value, Mapping) and value and set(value) <= {"vi", "en"}:
        return " / ".join(str(text) for text in value.values() if text)
    return json.dumps(value, ensure_ascii=False)


def _name(names: Mapping[str, Any], key: str, otherwise: str = "") -> str:
    return str(names.get(key) or names.get(otherwise) or otherwise or key)
