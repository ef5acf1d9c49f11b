"""RULE: which questions hang on which others, and that they never hang on themselves.

A question hangs on what its condition and its page's condition ask about, and a calculated value on what its formula names.
The rows of a group are worked out together: the group hangs on whatever its rows' conditions and formulas name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from services.forms.conditions import variables
from services.forms.fields import Field, Page

Graph = Mapping[str, frozenset[str]]


def roots(expression: object) -> frozenset[str]:
    """The fields an expression names, without their parts and columns."""
    return frozenset(name.partition(".")[0] for name in variables(expression))


def graph(pages: Iterable[Page]) -> Graph:
    """What each field outside groups hangs on."""
    found: dict[str, frozenset[str]] = {}
    for page in pages:
        of_page = roots(page.when)
        for one in page.fields:
            found[one.key] = of_page | _needs(one) | _row_needs(one)
    return found


def _needs(one: Field) -> frozenset[str]:
    return roots(one.when) | roots(one.formula) | ({one.name_field} if one.name_field else frozenset())


def _row_needs(group: Field) -> frozenset[str]:
    own = {inner.key for inner in group.fields}
    return frozenset(name for inner in group.fields for name in _needs(inner) - own)


def row_graph(group: Field) -> Graph:
    """What each field of a row hangs on in the same row."""
    own = {inner.key for inner in group.fields}
    return {inner.key: _needs(inner) & own for inner in group.fields}


def order(needs: Graph) -> tuple[str, ...]:
    """The fields so that each comes after what it hangs on, otherwise as they stand; those in a circle are left out."""
    place = {key: index for index, key in enumerate(needs)}
    waiting = {key: {one for one in names if one in place} for key, names in needs.items()}
    leads: dict[str, list[str]] = {}
    for key, names in waiting.items():
        for name in names:
            leads.setdefault(name, []).append(key)
    ready = [place[key] for key, names in waiting.items() if not names]
    heapify(ready)
    keys = tuple(place)
    found = []
    while ready:
        key = keys[heappop(ready)]
        found.append(key)
        for other in leads.get(key, ()):
            waiting[other].discard(key)
            if not waiting[other]:
                heappush(ready, place[other])
    return tuple(found)


def cycles(needs: Graph) -> Iterator[tuple[str, ...]]:
    """For each field that hangs on itself and is not part of a circle already told, the way back to it."""
    left = set(needs) - set(order(needs))
    told: set[str] = set()
    for key in needs:
        if key in left and key not in told:
            way = _way_back(key, needs, left)
            if way:
                told.update(way)
                yield way


def _way_back(start: str, needs: Graph, left: set[str]) -> tuple[str, ...]:
    """The shortest way from a field through what it hangs on back to itself."""
    ways: list[Sequence[str]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for name in sorted(needs[way[-1]] & left):
            if name == start:
                return (*way, start)
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def all_needs(key: str, needs: Graph) -> frozenset[str]:
    """Everything a field hangs on, near and far."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for name in needs.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)
