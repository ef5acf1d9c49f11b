"""The promise: going back redoes what lies after, keeps what lies before and beside, and counts the rounds."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases import returning, routing
from services.cases.returning import Outcome


def raw(key: str, kind: str = "appraise", group: str = "", when: Any = None) -> Mapping[str, Any]:
    return {"key": key, "title": key, "kind": kind, "office": {"function": "x"}, "hours": 4, "group": group, "when": when}


ROUTE = routing.route(
    [
        raw("receive", "receive"),
        raw("assign", "assign"),
        raw("appraise", group="g"),
        raw("fire", "consult", group="g"),
        raw("water", "consult", group="g", when={"==": [{"var": "water"}, True]}),
        raw("draft", "draft"),
        raw("sign", "sign"),
        raw("book", "register"),
        raw("seal", "seal"),
        raw("file", "register"),
        raw("hand", "hand_over"),
    ]
)
BEFORE_DRAFT = {"receive", "assign", "appraise", "fire"}


def keys(steps: list[routing.Step]) -> list[str]:
    return [step.key for step in steps]


def back(to: str, done: set[str], still_open: set[str], **rounds: int) -> returning.Way:
    return returning.way_back(ROUTE, to, done=done, still_open=still_open, rounds=rounds, answers={"water": False})


def test_a_case_returns_to_what_was_done_before_and_to_a_finished_neighbour() -> None:
    assert keys(returning.earlier(ROUTE, "draft", BEFORE_DRAFT)) == ["receive", "assign", "appraise", "fire"]
    assert keys(returning.earlier(ROUTE, "appraise", {"receive", "assign", "fire"})) == ["receive", "assign", "fire"]
    assert returning.earlier(ROUTE, "receive", set()) == []
    assert returning.earlier(ROUTE, "elsewhere", BEFORE_DRAFT) == []


def test_what_lies_after_is_done_again_in_the_next_round() -> None:
    way = back("assign", BEFORE_DRAFT, {"draft"}, receive=1, assign=1, appraise=1, fire=1, draft=1)
    assert way.opens == ("assign",)
    assert way.rounds == {"assign": 2, "appraise": 2, "fire": 2, "draft": 2}


def test_one_neighbour_is_done_again_and_the_others_stay_done() -> None:
    way = back("fire", BEFORE_DRAFT, {"draft"}, receive=1, assign=1, appraise=1, fire=1, draft=1)
    assert way.opens == ("fire",)
    assert way.rounds == {"fire": 2, "draft": 2}


def test_from_one_neighbour_to_another_nothing_else_changes() -> None:
    way = back("fire", {"receive", "assign", "fire"}, {"appraise"}, receive=1, assign=1, appraise=1, fire=1)
    assert (way.opens, way.rounds) == (("fire",), {"fire": 2})


def test_a_cancelled_neighbour_opens_again_unless_its_condition_does_not_hold() -> None:
    """After a stop nothing is open: what was beside the step and not done is needed before the route joins."""
    assert back("fire", {"receive", "assign"}, set(), receive=1, assign=1, appraise=3, fire=1).opens == ("appraise", "fire")
    assert back("fire", {"receive", "assign"}, set(), appraise=3, fire=1).rounds == {"appraise": 4, "fire": 2}


def test_going_back_to_a_step_the_route_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        back("hoi-1", set(), set())


@pytest.mark.parametrize(
    ("outcome", "closed"),
    [
        (Outcome.NONE, {"book", "seal", "file", "hand"}),
        (Outcome.SIGNED, {"file", "hand"}),
        (Outcome.ISSUED, {"book", "seal"}),
    ],
)
def test_no_step_opens_that_needs_an_outcome_there_is_not(outcome: Outcome, closed: set[str]) -> None:
    assert {step.key for step in ROUTE} - set(keys(returning.possible(ROUTE, outcome))) == closed


@pytest.mark.parametrize(("to", "dropped"), [("draft", True), ("sign", True), ("book", False), ("hand", False)])
def test_an_outcome_outlives_only_what_comes_after_its_signature(to: str, dropped: bool) -> None:
    assert returning.drops_outcome(ROUTE, to) is dropped


def test_the_latest_going_back_says_the_round() -> None:
    assert returning.current([{"a": 2, "b": 2}, {"b": 3}, {}]) == {"a": 2, "b": 3}


@given(st.lists(st.sampled_from(["", "g", "h"]), min_size=2, max_size=8), st.data())
def test_every_step_is_done_in_its_last_round_however_often_a_case_goes_back(groups: list[str], data: st.DataObject) -> None:
    """A case that is returned at random, three times at most, still ends, and every step's last round is done."""
    steps = routing.route([raw(f"s{index}", group=group) for index, group in enumerate(groups)])
    rounds: dict[str, int] = {}
    items = {(step.key, 1): "open" for step in routing.first(steps, {})}
    returns = 0
    while opened := [key for (key, number), state in items.items() if state == "open" and number == rounds.get(key, 1)]:
        at = data.draw(st.sampled_from(sorted(opened)))
        done = {key for (key, number), state in items.items() if state == "done" and number == rounds.get(key, 1)}
        targets = keys(returning.earlier(steps, at, done))
        if returns < 3 and targets and data.draw(st.booleans()):
            returns += 1
            so_far = {key: max(n for k, n in items if k == key) for key, _n in items}
            to = data.draw(st.sampled_from(targets))
            way = returning.way_back(steps, to, done=done, still_open=set(opened), rounds=so_far, answers={})
            for key, number in items:
                if items[key, number] == "open" and key in way.rounds:
                    items[key, number] = "cancelled"
            rounds.update(way.rounds)
            following = list(way.opens)
        else:
            items[at, rounds.get(at, 1)] = "done"
            following = keys(routing.after(steps, at, set(opened) - {at}, {}))
        for key in following:
            items.setdefault((key, rounds.get(key, 1)), "open")
    assert {step.key for step in steps} == {
        key for (key, number), state in items.items() if state == "done" and number == rounds.get(key, 1)
    }
