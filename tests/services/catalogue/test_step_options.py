"""The promise: a step's weight is 1 to 20, and silence is agreement only where an office is asked within a limit of its own."""

from typing import Any

import pytest

from services.catalogue.shapes.route import route


def wrong(**step: Any) -> set[str]:
    raw = {"key": "a", "title": "A", "kind": "consult", "office": {"function": "x"}, "hours": 8, **step}
    options = ("route.a.points", "route.a.silence", "route.a.days")
    return {problem.place.rpartition(".")[2] for problem in route({"route": [raw]}, None) if problem.place in options}


@pytest.mark.parametrize("points", [None, 1, 20])
def test_weights(points: int | None) -> None:
    assert wrong(points=points) == set()


@pytest.mark.parametrize("points", [0, 21, -1, "3", 2.5, True])
def test_impossible_weights(points: Any) -> None:
    assert wrong(points=points) == {"points"}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"silence": True}, set()),
        ({"silence": False, "kind": "draft"}, set()),
        ({"silence": True, "kind": "draft"}, {"silence"}),
        ({"silence": True, "hours": None}, {"silence"}),
        ({"silence": True, "hours": None, "days": 12}, set()),
        ({"days": 12}, {"days"}),
        ({"days": 12, "hours": None, "kind": "draft"}, {"days"}),
        ({"days": 0, "hours": None}, {"days"}),
    ],
)
def test_silence_and_days(step: dict[str, Any], expected: set[str]) -> None:
    assert wrong(**step) == expected
