from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.forms.conditions import Operand, Type, holds, problems, variables
from tests.services.forms.forms import JSON

OPERANDS = {
    "kind": Operand(Type.CHOICE, ("a", "b")),
    "many": Operand(Type.MANY, ("a", "b")),
    "agent": Operand(Type.YES_NO),
    "area": Operand(Type.NUMBER),
    "built": Operand(Type.DATE),
    "sold": Operand(Type.DATE),
    "name": Operand(Type.TEXT),
    "place.province": Operand(Type.CHOICE, ("01", "79")),
}


def var(name: str) -> dict[str, str]:
    return {"var": name}


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (None, {}, True),
        ({"==": [var("kind"), "a"]}, {"kind": "a"}, True),
        ({"==": [var("kind"), "a"]}, {"kind": "b"}, False),
        ({"==": [var("kind"), "a"]}, {}, False),
        ({"!=": [var("kind"), "a"]}, {}, True),
        ({"==": [var("kind"), None]}, {}, True),
        ({"==": [var("agent"), True]}, {"agent": True}, True),
        ({"==": [var("agent"), True]}, {"agent": 1}, False),
        ({"==": [var("agent"), False]}, {}, False),
        (var("agent"), {"agent": True}, True),
        ({"!": var("agent")}, {}, True),
        ({"!": [var("agent")]}, {"agent": True}, False),
        ({"in": [var("kind"), ["a", "b"]]}, {"kind": "b"}, True),
        ({"in": [var("kind"), ["a", "b"]]}, {}, False),
        ({"in": ["a", var("many")]}, {"many": ["b", "a"]}, True),
        ({"in": ["a", var("many")]}, {"many": "banana"}, False),
        ({">": [var("area"), 12]}, {"area": "12.5"}, True),
        ({">": [var("area"), 9]}, {"area": "10"}, True),
        ({"<=": [var("area"), 12.5]}, {"area": "12.5"}, True),
        ({"==": [var("area"), 12]}, {"area": "12.0"}, True),
        ({"<": [var("area"), 5]}, {}, False),
        ({">=": [var("area"), 5]}, {"area": True}, False),
        ({"<": [var("built"), "2020-01-01"]}, {"built": "2019-12-31"}, True),
        ({"<": [var("built"), var("sold")]}, {"built": "2019-12-31", "sold": "2018-01-01"}, False),
        ({"and": [var("agent"), {"==": [var("kind"), "a"]}]}, {"agent": True, "kind": "a"}, True),
        ({"or": [var("agent"), {"==": [var("kind"), "a"]}]}, {"kind": "b"}, False),
        ({"==": [var("place.province"), "79"]}, {"place": {"province": "79", "ward": "26743"}}, True),
        ({"==": [var("place.province"), "79"]}, {"place": "79"}, False),
        ({"unknown": [1, 2]}, {}, False),
        ({"<": [1]}, {}, False),
        ({"==": [1, 1], "!=": [1, 1]}, {}, False),
        ("text", {}, False),
        ([], {}, False),
        (var(""), {"": {"a": 1}}, False),
        ({">": [{"+": [var("area"), 1]}, 12]}, {"area": "11.5"}, True),
        ({">": [{"+": [var("area"), 1]}, 12]}, {}, False),
        ({"==": [var("land"), 15000]}, {"land": {"amount": "1.5", "unit": "ha", "m2": 15000}}, True),
        ({"==": [float("nan"), float("nan")]}, {}, False),
    ],
)
def test_holds(condition: Any, answers: dict[str, Any], expected: bool) -> None:
    assert holds(condition, answers) is expected


@given(JSON, st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_total(condition: Any, answers: dict[str, Any]) -> None:
    assert holds(condition, answers) in {True, False}
    problems(condition, OPERANDS)
    list(variables(condition))


def test_a_deep_condition_neither_holds_nor_passes() -> None:
    deep: Any = var("agent")
    for _ in range(600):
        deep = {"!": deep}
    assert holds(deep, {"agent": True}) is False
    assert [complaint.code for complaint in problems(deep, OPERANDS)] == ["condition_deep"]


@pytest.mark.parametrize(
    "condition",
    [
        {"==": [var("kind"), "a"]},
        {"==": ["a", var("kind")]},
        {"==": [var("kind"), None]},
        {"in": [var("kind"), ["a"]]},
        {"in": ["b", var("many")]},
        {"!": {"in": ["b", var("many")]}},
        {"!=": [var("many"), None]},
        {"and": [{"in": ["a", var("many")]}, {"in": ["b", var("many")]}]},
        var("agent"),
        {"and": [{">": [var("area"), 1]}, {"<": [var("area"), 1.5]}]},
        {"and": [{">": [var("area"), 0]}, {"<": [var("area"), "0.001"]}]},
        {">=": [var("built"), "2020-01-01"]},
        {"<": [var("built"), var("sold")]},
        {"==": [var("place.province"), "79"]},
        {"!=": [var("name"), "x"]},
        {">": [{"-": [{"years": [var("built"), var("sold")]}, 1]}, 5]},
        {"==": [{"if": [var("agent"), var("built"), "2020-01-01"]}, var("sold")]},
    ],
)
def test_good_conditions(condition: Any) -> None:
    assert problems(condition, OPERANDS) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("kind", "condition_shape"),
        ({}, "condition_shape"),
        ({"var": ["kind", 1]}, "condition_shape"),
        ({"==": [var("kind"), "a"], "!=": [1, 2]}, "condition_shape"),
        ({"map": [var("kind"), "a"]}, "condition_operator"),
        ({"and": []}, "condition_arguments"),
        ({"!": [var("agent"), var("agent")]}, "condition_arguments"),
        ({"==": [var("kind")]}, "condition_arguments"),
        ({"<": [1, var("area"), 3]}, "condition_arguments"),
        ({"==": [var("nobody"), "a"]}, "condition_unknown"),
        (var("place"), "condition_unknown"),
        ({"==": [1, 1]}, "condition_constant"),
        ({"<": [var("kind"), "b"]}, "condition_order"),
        ({"==": [var("many"), "a"]}, "condition_many"),
        ({"in": [var("many"), ["a"]]}, "condition_many"),
        ({"in": ["a", var("kind")]}, "condition_many_in"),
        ({"in": [var("kind"), "ab"]}, "condition_list"),
        ({"in": [var("kind"), []]}, "condition_list"),
        ({"==": [var("area"), var("built")]}, "condition_types"),
        ({"==": [var("kind"), "z"]}, "condition_literal"),
        ({"in": [var("kind"), ["a", "z"]]}, "condition_literal"),
        ({"in": ["z", var("many")]}, "condition_literal"),
        ({"==": [var("agent"), "yes"]}, "condition_literal"),
        ({"==": [var("area"), "big"]}, "condition_literal"),
        ({"+": [var("area"), 1]}, "condition_value"),
        ({">": [{"+": [var("area"), var("built")]}, 1]}, "condition_types"),
        ({">": [{"days": [var("built"), var("area")]}, 1]}, "condition_types"),
        ({">": [{"sum": [var("area")]}, 1]}, "condition_sum"),
        ({">": [{"count": [var("area")]}, 1]}, "condition_count"),
        ({"==": [{"if": [var("agent"), 1, "a"]}, 1]}, "condition_branches"),
        ({">": [{"years": [var("built"), {"day_after": [var("built"), 1]}]}, 1]}, "condition_years"),
        ({"<": [var("built"), "2020-02-30"]}, "condition_literal"),
        ({"<": [var("area"), None]}, "condition_literal"),
        ({"and": [{"==": [var("kind"), "a"]}, {"==": [var("kind"), "b"]}]}, "condition_never"),
        ({"and": [{">": [var("area"), 5]}, {"<": [var("area"), 5]}]}, "condition_never"),
        ({"and": [var("agent"), {"!": var("agent")}]}, "condition_never"),
        ({"and": [{">": [var("built"), "2020-01-01"]}, {"<=": [var("built"), "2020-01-01"]}]}, "condition_never"),
    ],
)
def test_bad_conditions(condition: Any, code: str) -> None:
    found = problems(condition, OPERANDS)
    assert code in [complaint.code for complaint in found]
    assert all(str(complaint) for complaint in found)
