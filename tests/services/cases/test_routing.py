"""The promise: every step of a route comes exactly once, in order, and parallel steps are joined."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases import routing


def raw(key: str, kind: str = "appraise", group: str = "", when: Any = None) -> Mapping[str, Any]:
    return {"key": key, "title": key, "kind": kind, "office": {"function": "x"}, "hours": 4, "group": group, "when": when}


PARALLEL = routing.route([raw("a", "receive"), raw("b", group="g"), raw("c", "consult", group="g"), raw("d", "sign")])


def keys(steps: list[routing.Step]) -> list[str]:
    return [step.key for step in steps]


def test_a_route_begins_with_its_first_step() -> None:
    assert keys(routing.first(PARALLEL, {})) == ["a"]


def test_parallel_steps_open_together_and_join() -> None:
    assert keys(routing.after(PARALLEL, "a", set(), {})) == ["b", "c"]
    assert routing.after(PARALLEL, "b", {"c"}, {}) == []
    assert keys(routing.after(PARALLEL, "c", set(), {})) == ["d"]


def test_nothing_follows_the_last_step() -> None:
    assert routing.after(PARALLEL, "d", set(), {}) == []


def test_a_step_whose_condition_does_not_hold_is_left_out() -> None:
    steps = routing.route([raw("a"), raw("b", when={"==": [{"var": "tall"}, True]}), raw("c")])
    assert keys(routing.after(steps, "a", set(), {"tall": True})) == ["b"]
    assert keys(routing.after(steps, "a", set(), {"tall": False})) == ["c"]
    assert keys(routing.after(steps, "a", set(), {})) == ["c"]


def test_an_unknown_step_is_an_error_not_an_end() -> None:
    with pytest.raises(KeyError):
        routing.after(PARALLEL, "z", set(), {})


def test_a_step_may_ask_for_another_power_than_its_kind() -> None:
    step = routing.route([{**raw("a", "review"), "power": "approve"}])[0]
    assert step.power == "approve"


@given(st.lists(st.sampled_from(["", "g", "h"]), min_size=1, max_size=12), st.randoms())
def test_walking_a_route_in_any_order_visits_every_step_once(groups: list[str], random: Any) -> None:
    steps = routing.route([raw(f"s{index}", group=group) for index, group in enumerate(groups)])
    opened = [step.key for step in routing.first(steps, {})]
    visited: list[str] = []
    while opened:
        done = opened.pop(random.randrange(len(opened)))
        visited.append(done)
        opened += keys(routing.after(steps, done, set(opened), {}))
    assert sorted(visited) == sorted(step.key for step in steps)
