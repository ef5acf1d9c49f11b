"""The promise: a preview says of each work item by which single action it would be done, or why not, as the table has it."""

from dataclasses import replace

import pytest

from services.cases import bulk_rules, lifecycle, routing
from services.cases.bulk_rules import Facts
from services.cases.lifecycle import State
from services.cases.routing import Kind

FREE = Facts(step=Kind.RECEIVE, state=State.FILED, is_open=True, mine=False, held=False, powers=frozenset({"receive"}))
MINE = replace(FREE, mine=True, held=True)
HELD = replace(FREE, held=True)
TO_SIGN = replace(FREE, step=Kind.SIGN, state=State.IN_PROGRESS, powers=frozenset({"approve"}))


@pytest.mark.parametrize(
    ("bulk", "facts", "reason"),
    [
        ("claim", FREE, ""),
        ("claim", MINE, "mine"),
        ("claim", HELD, "held"),
        ("claim", replace(FREE, is_open=False), "closed"),
        ("accept", FREE, ""),
        ("accept", MINE, ""),
        ("accept", HELD, "held"),
        ("accept", replace(FREE, state=State.SUPPLEMENT), "state"),
        ("accept", replace(FREE, powers=frozenset({"process"})), "power"),
        ("accept", TO_SIGN, "not_here"),
        ("accept", replace(FREE, is_open=False), "closed"),
        ("finish", TO_SIGN, "not_here"),
        ("finish", FREE, "state"),
        ("finish", replace(TO_SIGN, step=Kind.APPROVE), ""),
        ("finish", replace(FREE, step=Kind.APPRAISE, state=State.IN_PROGRESS, powers=frozenset({"process"})), ""),
        ("sign", TO_SIGN, ""),
        ("sign", replace(TO_SIGN, state=State.SUPPLEMENT), "state"),
        ("sign", replace(TO_SIGN, powers=frozenset({"receive"})), "power"),
        ("assign", FREE, "not_yours"),
        ("assign", MINE, ""),
        ("assign", replace(HELD, powers=frozenset({"lead"})), ""),
        ("label", HELD, ""),
        ("label", replace(FREE, is_open=False, state=State.RETURNED), ""),
        ("message", HELD, ""),
    ],
)
def test_what_a_preview_says(bulk: str, facts: Facts, reason: str) -> None:
    assert bulk_rules.why_not(bulk, facts) == reason


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bulk_action_is_a_single_action_of_the_step(kind: Kind) -> None:
    for bulk in bulk_rules.STEP_ACTIONS:
        name = bulk_rules.deed(bulk, kind)
        assert not name or (name in routing.ACTIONS_OF_KIND[kind] and name in routing.CLOSING)
        assert not name or not lifecycle.BY_NAME[name].needs_reason, "a reason is each case's own"


@pytest.mark.parametrize(
    ("bulk", "powers", "can"),
    [("sign", {"approve"}, True), ("sign", {"receive"}, False), ("accept", {"receive"}, True), ("finish", {"approve"}, True)],
)
def test_only_what_one_can_ever_do_is_offered(bulk: str, powers: set[str], can: bool) -> None:
    assert bulk_rules.offered(bulk, powers) is can


def test_blanks_of_an_outcome_are_named() -> None:
    outcome = {
        "summary": "Về việc cấp phép",
        "rows": [["Diện tích", "…… m²"], ["Địa chỉ", "12 Lê Lợi"]],
        "paragraphs": ["Cấp cho ông (bà): ……"],
        "articles": [],
    }
    assert bulk_rules.blanks(outcome) == ["Diện tích", "Cấp cho ông (bà): ……"]
    assert bulk_rules.blanks({"rows": [["Địa chỉ", "12 Lê Lợi"]]}) == []
