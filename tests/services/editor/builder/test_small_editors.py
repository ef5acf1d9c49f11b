"""Choices and formulas on a page: what is typed is what is kept, and what they cannot say stays as it is."""

from typing import Any

import pytest
from django.http import QueryDict

from services.editor.asking import comparable, questions
from services.editor.choices_form import AS_ROWS, ChoicesForm, Line
from services.editor.formula_editing import Formula, read, write
from services.editor.formula_form import FormulaForm
from services.forms.definition import parse
from services.forms.form import row_operands
from services.forms.operands import Operand, Type
from tests.services.forms.forms import field, page, raw

FORM = parse(
    raw(
        page(
            field("number", "width", label="Rộng"),
            field("number", "length", label="Dài"),
            field("date", "born", label="Sinh ngày"),
            field("choice", "kind", label="Loại"),
            field("province_ward", "site", label="Nơi", province="79"),
            field("table", "rows", label="Bảng", fields=[field("number", "price", label="Giá"), field("text", "what")]),
        )
    )
)
ALL = questions(FORM, {**FORM.operands(), **row_operands(FORM.fields())})
OPERANDS: dict[str, Operand] = {name: one.operand for name, one in ALL.items()}


def typed(**values: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


# Questions that can be named


def test_questions_are_named_in_the_order_of_the_form_with_their_choices() -> None:
    assert list(comparable(ALL)) == ["width", "length", "born", "kind", "site.province", "site.ward"]
    assert ALL["kind"].choices == (("a", "Một"), ("b", "Hai"), ("c", "Ba"))
    assert ALL["site.province"].label == "Nơi (tỉnh, thành phố)"
    assert ("79", "Thành phố Hồ Chí Minh") in ALL["site.province"].choices
    assert len(ALL["site.ward"].choices) > 100, "the wards of the one province"
    assert ALL["rows.price"].operand.type == Type.COLUMN
    assert questions(None) == {}


# Formulas


@pytest.mark.parametrize(
    "formula",
    [
        {"+": [{"var": "width"}, {"var": "length"}]},
        {"*": [{"var": "width"}, {"var": "length"}, 2.5]},
        {"-": [100, {"var": "width"}]},
        {"sum": [{"var": "rows.price"}]},
        {"count": [{"var": "rows"}]},
        {"years": [{"var": "born"}, {"var": "born"}]},
    ],
)
def test_a_simple_formula_is_read_and_written(formula: Any) -> None:
    simple = read(formula, OPERANDS)
    assert simple is not None
    assert write(simple) == formula


@pytest.mark.parametrize(
    "formula",
    [
        None,
        {"var": "width"},
        {"+": [{"var": "width"}, {"*": [{"var": "length"}, 2]}]},
        {"+": [{"var": "born"}, 1]},
        {"sum": [{"var": "width"}]},
        {"+": [{"var": "gone"}, 1]},
        {"-": [{"var": "width"}]},
        {"+": [True, {"var": "width"}]},
    ],
)
def test_what_is_more_than_that_is_not_taken_for_simple(formula: Any) -> None:
    assert read(formula, OPERANDS) is None


def test_parts_that_do_not_fit_the_operation_are_left_out() -> None:
    made = FormulaForm.typed(typed(ct__operation="sum", **{"ct-part-0": "width"}), ALL)
    assert made.value() is None
    assert [one.name for one in made.choices] == ["rows.price"]


def test_an_operation_has_room_for_what_it_needs() -> None:
    made = FormulaForm.typed(typed(ct__operation="-"), ALL)
    assert [number for number, _name, _plain in made.parts] == [0, 1]
    assert not made.can_add
    assert FormulaForm.typed(typed(ct__operation="+", **{"ct-part-0": "width"}), ALL, "add").formula == Formula(
        "+", ("width", "", "")
    )


def test_a_formula_written_by_hand_stays_as_it_is_written() -> None:
    hard = {"+": [{"var": "width"}, {"*": [{"var": "length"}, 2]}]}
    made = FormulaForm.of(hard, ALL)
    assert made.formula is None
    again = FormulaForm.typed(typed(**{"ct-json": made.text}), ALL, "simple")
    assert again.error
    assert FormulaForm.typed(typed(**{"ct-json": made.text}), ALL).value() == hard


# Choices


def test_choices_stay_what_they_were() -> None:
    kept = [
        {"value": "a", "label": {"vi": "Một", "en": "One"}, "help": "Giúp"},
        {"value": "b", "label": "Hai"},
    ]
    assert ChoicesForm.of(kept).choices() == kept


def test_english_words_stay_with_a_choice_that_gets_another_value() -> None:
    made = ChoicesForm.of([{"value": "a", "label": {"vi": "Một", "en": "One"}}])
    made.lines = [Line("Một", "z", "", "a")]
    assert made.choices() == [{"value": "z", "label": {"vi": "Một", "en": "One"}}]


def test_values_are_made_from_the_words_and_differ() -> None:
    made = ChoicesForm.typed(typed(lc__more="Cá nhân\nCá nhân\n???"), [])
    assert [one["value"] for one in made.choices()] == ["ca-nhan", "ca-nhan-2", "muc"]


@pytest.mark.parametrize("lines", [[Line("", "a")], [Line("A", "a"), Line("B", "a")]])
def test_a_choice_without_words_or_with_a_taken_name_is_refused(lines: list[Line]) -> None:
    made = ChoicesForm([], lines, False)
    assert not made.is_valid()


def test_many_choices_are_lines_that_can_be_pasted() -> None:
    made = ChoicesForm.of([{"value": f"m{n}", "label": f"Mục {n}", "help": "x | y"} for n in range(AS_ROWS + 1)])
    assert made.as_text
    again = ChoicesForm.typed(typed(**{"lc-text": made.text}), made.kept)
    assert again.choices() == made.choices()


def test_strange_choices_are_taken_for_none() -> None:
    assert ChoicesForm.of("x").lines == []
    assert ChoicesForm.of([1, {"value": 5}]).lines == [Line("", "5", "", "5")]
