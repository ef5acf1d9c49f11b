from typing import Any

import pytest

from services.forms.calculation import calculated, rounded
from services.forms.definition import Field, Format, parse
from services.forms.language import program, run
from services.forms.sample import answers as sample_answers
from services.forms.validation import clean_page, unanswered
from tests.services.forms.forms import TODAY, definition, field, page, raw, var

FIELDS = [
    field("number", "a", decimals=6, required=False),
    field("number", "b", decimals=6, required=False),
    field("money", "price", required=False),
    field("area", "land", required=False),
    field("percentage", "rate", required=False),
    field("date", "born", required=False),
    field("date", "died", required=False),
    field("yes_no", "agent", required=False),
    field("choice", "kind", required=False),
    field("text", "name", required=False),
    field("table", "goods", fields=[field("number", "count"), field("money", "each"), field("text", "what")]),
]


def calculating(formula: Any, **options: Any) -> Field:
    return definition(*FIELDS, field("calculated", formula=formula, **options)).field("it")


@pytest.mark.parametrize(
    ("formula", "options", "answers", "value"),
    [
        ({"+": [var("a"), var("b")]}, {"decimals": 2}, {"a": "0.1", "b": "0.2"}, "0.3"),
        ({"+": [var("a"), 1, var("b")]}, {}, {"a": 1, "b": 2}, 4),
        ({"-": [var("a"), var("b")]}, {}, {"a": 1, "b": 3}, -2),
        ({"*": [var("a"), 100]}, {}, {"a": "1.005"}, 101),
        ({"*": [var("a"), 100]}, {"decimals": 1}, {"a": "1.005"}, "100.5"),
        ({"/": [var("a"), 3]}, {"decimals": 4}, {"a": 1}, "0.3333"),
        ({"/": [var("a"), var("b")]}, {}, {"a": 1, "b": 0}, None),
        ({"/": [var("a"), {"-": [var("b"), var("b")]}]}, {}, {"a": 1, "b": 5}, None),
        ({"+": [var("a"), var("b")]}, {}, {"a": 1}, None),
        ({"min": [var("a"), 10]}, {}, {"a": 12}, 10),
        ({"max": [var("a"), var("b"), 2]}, {}, {"a": 1, "b": "1.5"}, 2),
        ({"*": [var("land"), 2]}, {}, {"land": {"amount": "1.5", "unit": "ha", "m2": 15000}}, 30000),
        ({"/": [{"*": [var("price"), var("rate")]}, 100]}, {"format": "money"}, {"price": 1500001, "rate": 10}, 150000),
        ({"if": [{">": [var("a"), 5]}, {"*": [var("a"), 2]}, var("a")]}, {}, {"a": 6}, 12),
        ({"if": [{">": [var("a"), 5]}, {"*": [var("a"), 2]}, var("b")]}, {}, {"a": 6}, 12),
        ({"if": [{">": [var("a"), 5]}, var("b"), 0]}, {}, {"a": 6}, None),
        ({"if": [var("agent"), 1, {"==": [var("kind"), "a"]}, 2, 3]}, {}, {"kind": "a"}, 2),
        ({"if": [{">": [var("a"), 5]}, "nhiều", "ít"]}, {"format": "text"}, {"a": 6}, "nhiều"),
        ({"if": [var("agent"), var("name"), "không có"]}, {"format": "text"}, {"agent": True}, None),
        (var("name"), {"format": "text"}, {"name": "Lê Văn A"}, "Lê Văn A"),
        ({"days": [var("born"), var("died")]}, {}, {"born": "2024-02-28", "died": "2024-03-01"}, 2),
        ({"days": [var("died"), var("born")]}, {}, {"born": "2024-02-28", "died": "2024-03-01"}, -2),
        ({"years": [var("born"), var("died")]}, {}, {"born": "1990-03-01", "died": "2026-02-28"}, 35),
        ({"years": [var("born"), var("died")]}, {}, {"born": "1990-03-01", "died": "2026-03-01"}, 36),
        ({"years": [var("born"), "2025-07-01"]}, {}, {"born": "2026-03-01"}, None),
        ({"day_after": [var("born"), 30]}, {"format": "date"}, {"born": "2024-02-15"}, "2024-03-16"),
        ({"day_after": [var("born"), -1]}, {"format": "date"}, {"born": "0001-01-01"}, None),
        (
            {"if": [var("agent"), var("born"), {"day_after": [var("born"), 1]}]},
            {"format": "date"},
            {"born": "2024-02-28"},
            "2024-02-29",
        ),
        (
            {">=": [{"years": [var("born"), var("died")]}, 18]},
            {"format": "yes_no"},
            {"born": "2000-01-01", "died": "2020-01-01"},
            True,
        ),
        ({">": [var("a"), 5]}, {"format": "yes_no"}, {}, None),
        ({"!": [var("agent")]}, {"format": "yes_no"}, {"agent": False}, True),
        ({"sum": [var("goods.count")]}, {"decimals": 1}, {"goods": [{"count": 1}, {"count": "2.5"}, {}]}, "3.5"),
        ({"sum": [var("goods.count")]}, {}, {}, 0),
        ({"+": [{"count": [var("goods")]}, 1]}, {}, {"goods": [{}, {}]}, 3),
        ({"*": [var("a"), var("a")]}, {}, {"a": 10**14}, None),
        ({"+": [var("a"), 1]}, {}, {"a": "junk"}, None),
        ({"+": [var("a"), 1]}, {}, {"a": float("nan")}, None),
        ({"+": [var("a"), 1]}, {}, {"a": 10**4000}, None),
    ],
)
def test_what_a_formula_gives(formula: Any, options: dict[str, Any], answers: dict[str, Any], value: Any) -> None:
    found = calculated(calculating(formula, **options), answers)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "decimals", "found"),
    [
        (2.5, 0, 3),
        (-2.5, 0, -3),
        (-0.2, 0, 0),
        (0.1 + 0.2, 6, "0.3"),
        (1e15, 0, None),
        (1e14 + 0.5, 0, 10**14 + 1),
        (True, 0, None),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Any, decimals: int, found: Any) -> None:
    assert rounded(value, decimals) == found


@pytest.mark.parametrize(
    ("formula", "options", "code"),
    [
        (5, {}, "formula_constant"),
        ({"+": [1, 2]}, {}, "formula_constant"),
        ({"+": [var("it"), 1]}, {}, "circle"),
        ({"+": [var("gone"), 1]}, {}, "condition_unknown"),
        ({"+": [var("name"), 1]}, {}, "condition_types"),
        ({"+": [var("born"), 1]}, {}, "condition_types"),
        ({"+": [var("a"), "x"]}, {}, "condition_literal"),
        ({"+": [var("a")]}, {}, "condition_arguments"),
        ({"-": [var("a"), 1, 2]}, {}, "condition_arguments"),
        ({"%": [var("a"), 1]}, {}, "condition_operator"),
        ({"+": [var("goods.count"), 1]}, {}, "condition_rows"),
        ({"sum": [var("goods.what")]}, {}, "condition_unknown"),
        ({"sum": [var("goods")]}, {}, "condition_sum"),
        ({"count": [var("a")]}, {}, "condition_count"),
        ({"days": [var("born"), "2024-02-30"]}, {}, "condition_literal"),
        ({"if": [var("a"), 1]}, {}, "condition_arguments"),
        ({"if": [var("agent"), 1, "x"]}, {}, "condition_branches"),
        ({"if": [var("agent"), var("a"), None]}, {"format": "text"}, "condition_types"),
        ({"==": [var("a"), 1]}, {}, "condition_not_value"),
        ({"+": [var("a"), 1]}, {"format": "yes_no"}, "condition_value"),
        (var("a"), {"format": "date"}, "condition_types"),
        (var("kind"), {"format": "text"}, "condition_types"),
        ({"*": [var("a")] * 11}, {}, "condition_large"),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused(formula: Any, options: dict[str, Any], code: str) -> None:
    given = raw(page(*FIELDS, field("calculated", formula=formula, **options)))
    with pytest.raises(Exception, match=code) as refused:
        parse(given)
    assert {problem.place for problem in refused.value.problems} <= {"/pages/0/fields/11/formula", "/pages/0/fields/11"}
    assert all(str(problem.message) for problem in refused.value.problems)


def test_an_expression_that_grows_when_compiled_is_refused() -> None:
    grown: Any = var("a")
    for _ in range(8):
        grown = {"if": [{">": [grown, 1]}, grown, {"+": [grown, 1]}]}
    with pytest.raises(Exception, match="condition_large"):
        parse(raw(page(*FIELDS, field("calculated", formula=grown))))


FORM = parse(
    raw(
        page(
            field("number", "people"),
            field("calculated", "seats", formula={"*": [var("tables"), 10]}),
            field("text", "why", when={"<": [var("seats"), var("people")]}),
            key="mot",
        ),
        page(
            field("number", "tables"),
            field("yes_no", "outside"),
            field("calculated", "cost", formula={"*": [var("seats"), 5]}, format=Format.MONEY, when=var("outside")),
            key="hai",
        ),
    )
)


def test_calculated_values_are_among_the_answers_that_count() -> None:
    answers = {"people": 25, "tables": 2, "outside": True, "seats": 999, "why": "Vì chật", "cost": 1}
    assert FORM.kept(answers) == {"people": 25, "seats": 20, "why": "Vì chật", "tables": 2, "outside": True, "cost": 100}
    assert FORM.kept(FORM.kept(answers)) == FORM.kept(answers)
    # What is not asked is not calculated, and what is calculated decides what is asked.
    assert FORM.kept({**answers, "outside": False, "tables": 3}) == {"people": 25, "seats": 30, "tables": 3, "outside": False}


def test_a_value_may_follow_later_pages() -> None:
    done = clean_page(FORM, "mot", {"people": "25"}, {"tables": 2}, TODAY)
    assert done.errors["why"].code == "missing_text"
    assert done.values == {"people": 25}
    assert clean_page(FORM, "mot", {"people": "20"}, {"tables": 2}, TODAY).errors == {}
    assert [gap.field_key for gap in unanswered(FORM, {"people": 25, "tables": 2, "outside": False}, set(), TODAY)] == ["why"]
    full = sample_answers(FORM, TODAY)
    assert full["seats"] == 10
    assert unanswered(FORM, full, set(), TODAY) == []


def test_evaluating_never_raises() -> None:
    made = program({"<": [var("a"), var("b")]})
    assert made is not None
    assert run(made, {"a": "\ud800", "b": {"m2": {}}}) is False
    assert program({"a": object()}) is None
    assert program({"<": [1]}) is None
