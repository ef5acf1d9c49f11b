"""A condition as rows and in words says the same as the condition."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.editor.condition_editing import Row, Rows, fitting, literal, read, relations, write
from services.editor.condition_words import condition_text
from services.forms.conditions import holds, problems
from services.forms.definition import parse
from services.forms.operands import Operand, Type
from tests.services.forms.forms import JSON, field, page, raw

OPERANDS = {
    "yes": Operand(Type.YES_NO),
    "choice": Operand(Type.CHOICE, ("a", "b", "c")),
    "many": Operand(Type.MANY, ("a", "b", "c")),
    "number": Operand(Type.NUMBER),
    "day": Operand(Type.DATE),
    "text": Operand(Type.TEXT),
    "place.province": Operand(Type.CHOICE, ("79", "01")),
}
ANSWERS = {
    "yes": st.none() | st.booleans(),
    "choice": st.none() | st.sampled_from("abc"),
    "many": st.none() | st.lists(st.sampled_from("abc"), unique=True),
    "number": st.none() | st.sampled_from([0, 1, 2, 100, "12.5"]),
    "day": st.none() | st.sampled_from(["2026-01-01", "2026-03-05"]),
    "text": st.none() | st.sampled_from(["x", "y"]),
    "place": st.none() | st.fixed_dictionaries({"province": st.sampled_from(["79", "01"])}),
}
VALUES = {
    Type.YES_NO: ["yes", "no"],
    Type.CHOICE: ["a", "b"],
    Type.MANY: ["a", "c"],
    Type.NUMBER: ["1", "2", "12,5", "-3", "1.000"],
    Type.DATE: ["05/03/2026", "01/01/2026"],
    Type.TEXT: ["x", "5"],
}


@st.composite
def rows(draw: st.DrawFn) -> Row:
    name = draw(st.sampled_from(sorted(OPERANDS)))
    operand = OPERANDS[name]
    relation = draw(st.sampled_from(relations(operand)))
    if relation in {"answered", "unanswered"}:
        return Row(name, relation)
    values = ["79", "01"] if name == "place.province" else VALUES[operand.type]
    most = 2 if relation == "one_of" else 1
    return Row(name, relation, tuple(draw(st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True))))


ROWS = st.builds(Rows, st.booleans(), st.lists(st.lists(rows(), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple))


@settings(max_examples=120, deadline=None)
@given(ROWS, st.fixed_dictionaries(ANSWERS))
def test_rows_are_a_condition_and_are_read_from_it_again(rows: Rows, answers: dict[str, Any]) -> None:
    condition = write(rows, OPERANDS)
    again = read(condition, OPERANDS)
    assert again is not None
    assert holds(write(again, OPERANDS), answers) == holds(condition, answers)
    assert {problem.code for problem in problems(condition, OPERANDS)} <= {"condition_never"}


@settings(max_examples=80, deadline=None)
@given(JSON | st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(["and", "or", "!", "in", "=="]), st.lists(inner))))
def test_whatever_a_condition_is_it_is_rows_or_not(condition: Any) -> None:
    rows = read(condition, OPERANDS)
    assert rows is None or read(write(rows, OPERANDS), OPERANDS) is not None
    assert isinstance(condition_text(condition, FORM), str)


@pytest.mark.parametrize(
    "condition",
    [
        {"==": [{"var": "unknown"}, 1]},
        {"!": {"==": [{"var": "yes"}, True]}},
        {"and": [{"or": [{"and": [{"==": [{"var": "yes"}, True]}]}]}]},
        {"==": [{"var": "choice"}, {"var": "text"}]},
        {"<": [{"var": "text"}, "x"]},
        {"==": [{"var": "number"}, "5"]},
    ],
)
def test_what_rows_cannot_say_stays_as_it_is_written(condition: Any) -> None:
    assert read(condition, OPERANDS) is None


def test_a_comparison_is_read_from_either_side() -> None:
    assert read({"<": [5, {"var": "number"}]}, OPERANDS) == Rows(True, ((Row("number", ">", ("5",)),),))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("1.500,5", "number", 1500.5),
        ("12", "number", 12),
        ("nhiều", "number", "nhiều"),
        ("5/3/2026", "day", "2026-03-05"),
        ("31/2/2026", "day", "31/2/2026"),
        ("yes", "yes", True),
    ],
)
def test_a_value_is_read_as_people_write_it(text: str, name: str, value: Any) -> None:
    assert literal(text, OPERANDS[name]) == value


def test_another_question_keeps_what_still_makes_sense() -> None:
    assert fitting(Row("yes", ">", ("5",)), OPERANDS["yes"]) == Row("yes", "==", ("yes",))
    assert fitting(Row("choice", "one_of", ("a", "z")), OPERANDS["choice"]) == Row("choice", "one_of", ("a",))
    assert fitting(Row("number", "answered", ("5",)), OPERANDS["number"]) == Row("number", "answered")


FORM = parse(
    raw(
        page(
            field("choice", "work", label="Loại công trình:", choices=[{"value": "house", "label": "Nhà ở riêng lẻ"}]),
            field("number", "area", label="Diện tích", unit="m²", decimals=1),
            field("money", "cost", label="Chi phí"),
            field("yes_no", "fire", label="Có phòng cháy?"),
            field("date", "day", label="Ngày làm"),
            field("multiple_choice", "many", label="Cam kết"),
            field("province_ward", "site", label="Nơi làm"),
            field("text", "note", label="Ghi chú", required=False),
        )
    )
)
WORK, AREA = {"==": [{"var": "work"}, "house"]}, {">": [{"var": "area"}, 100]}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        ({"and": [WORK, AREA]}, "Loại công trình là Nhà ở riêng lẻ và Diện tích lớn hơn 100 m²"),
        ({"or": [WORK, {"and": [AREA, {"==": [{"var": "fire"}, True]}]}]},
         "Loại công trình là Nhà ở riêng lẻ hoặc (Diện tích lớn hơn 100 m² và Có phòng cháy là Có)"),
        ({"<=": [{"var": "cost"}, 1500000]}, "Chi phí không quá 1.500.000 đồng"),
        ({">=": [5.5, {"var": "area"}]}, "Diện tích không quá 5,5 m²"),
        ({"<": [{"var": "day"}, "2026-03-05"]}, "Ngày làm trước 05/03/2026"),
        ({"in": ["a", {"var": "many"}]}, "Cam kết có chọn Một"),
        ({"!": {"in": ["a", {"var": "many"}]}}, "Cam kết không chọn Một"),
        ({"in": [{"var": "work"}, ["house", "?"]]}, "Loại công trình là một trong: Nhà ở riêng lẻ, ?"),
        ({"==": [{"var": "site.province"}, "79"]}, "Nơi làm (tỉnh, thành phố) là Thành phố Hồ Chí Minh"),
        ({"==": [{"var": "note"}, None]}, "Ghi chú chưa được trả lời"),
        ({"!=": [{"var": "note"}, None]}, "Ghi chú đã được trả lời"),
        ({"!": WORK}, "không phải: (Loại công trình là Nhà ở riêng lẻ)"),
        ({"==": [{"var": "gone"}, 1]}, "“gone” là 1"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(condition: Any, words: str) -> None:
    assert condition_text(condition, FORM) == words
