"""RULE: what a list is like after one entry went one place up or down."""

from collections.abc import Sequence


def moved(keys: Sequence[int], key: int, *, up: bool) -> list[int]:
    """The keys with one of them changed with its neighbour; as they were when there is no such key or no place to go."""
    order = list(keys)
    if key in order:
        at = order.index(key)
        to = at + (-1 if up else 1)
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
    return order
