"""Putting a route together, and its picture."""

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases import routing
from services.catalogue.shapes import hours as hours_of_route
from services.editor import route_editing as editing
from services.editor.form_editing import Impossible
from services.editor.route_editing import OfficeChoice
from services.editor.route_picture import BETWEEN, StepWords, across, down, wrapped

KINDS = ("appraise", "inspect", "consult", "review", "approve")


def step(key: str, kind: str = "appraise", **more: Any) -> dict[str, Any]:
    return {"key": key, "title": key.upper(), "kind": kind, "office": {"function": "economy"}, "hours": 8, **more}


def route() -> list[dict[str, Any]]:
    return [
        step("nhan", "receive"),
        step("a", group="x"),
        step("b", "consult", group="x"),
        step("c"),
        step("ky", "sign"),
        step("tra", "hand_over", hours=None),
    ]


def order(steps: list[dict[str, Any]]) -> str:
    """`nhan a+b c`: those side by side together."""
    return " ".join("+".join(steps[index]["key"] for index in block) for block in editing.blocks(steps))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["add", "copy", "up", "down", "beside", "apart", "kind"]), st.integers(0, 9)), max_size=15)
)
def test_no_step_is_lost_and_groups_hold_together(operations: list[tuple[str, int]]) -> None:
    steps = route()
    for name, at in operations:
        before = Counter(one["key"] for one in steps)
        try:
            if name == "add":
                edited = editing.add(steps, KINDS[at % 5], "Bước mới", at)
            elif name == "copy":
                edited = editing.duplicate(steps, at)
            elif name in {"up", "down"}:
                edited = editing.move(steps, at, -1 if name == "up" else 1)
            elif name == "kind":
                edited = editing.change(steps, at, {"kind": ("sign", "consult")[at % 2]})
            else:
                edited = getattr(editing, name)(steps, at)
        except Impossible:
            continue
        steps = edited.route
        after = Counter(one["key"] for one in steps)
        assert not before - after
        assert max(after.values()) == 1
        assert 0 <= edited.index < len(steps)
        names = [key for key, _run in groupby(one.get("group") or "" for one in steps) if key]
        assert len(names) == len(set(names)), "a group torn apart"
        assert 1 not in Counter(one["group"] for one in steps if one.get("group")).values(), "a group of one"
        assert [len(block) for block in editing.blocks(steps)] == [len(block) for block in routing.blocks(routing.route(steps))]
        assert editing.total_hours(steps) == hours_of_route(steps)


@pytest.mark.parametrize(
    ("at", "by", "result"),
    [
        (3, -1, "nhan c a+b ky tra"),
        (0, 1, "a+b nhan c ky tra"),
        (1, 1, "nhan b+a c ky tra"),
        (3, 1, "nhan a+b ky c tra"),
        (1, -1, "nhan a b c ky tra"),
        (2, 1, "nhan a b c ky tra"),
    ],
)
def test_a_step_moves_past_what_comes_next(at: int, by: int, result: str) -> None:
    edited = editing.move(route(), at, by)
    assert order(edited.route) == result
    assert edited.route[edited.index]["key"] == route()[at]["key"]


def test_a_step_stands_side_by_side_and_apart_again() -> None:
    joined = editing.beside(route(), 3)
    assert order(joined.route) == "nhan a+b+c ky tra"
    again = editing.apart(joined.route, 1)
    assert (order(again.route), again.index) == ("nhan b+c a ky tra", 3)
    with pytest.raises(Impossible):
        editing.beside(route(), 4)
    with pytest.raises(Impossible):
        editing.apart(route(), 3)


def test_a_new_step_stands_after_all_that_run_side_by_side() -> None:
    edited = editing.add(route(), "review", "Xem lại", 1)
    assert order(edited.route) == "nhan a+b xem-lai c ky tra"
    assert editing.add(route(), "review", "Xem lại").index == 5, "before handing over"


def test_one_that_is_left_alone_in_its_group_is_a_step_like_others() -> None:
    edited = editing.remove(route(), 2)
    assert "group" not in edited.route[1]


def test_steps_of_a_model_decision_keep_the_conditions_of_their_namesakes() -> None:
    when = {"==": [{"var": "x"}, True]}
    steps = [step("nhan", "receive"), step("c", when=when)]
    assert editing.in_place_of(steps, [step("nhan", "receive"), step("c"), step("d")]).route[1]["when"] == when


@pytest.mark.parametrize(
    "ref",
    [
        {"function": "economy"},
        {"code": "H29.12"},
        {"answer": "site", "function": "one-stop"},
        {"answer_code": "receiving_point"},
        {"parent": True, "function": "registry"},
    ],
)
def test_every_way_to_say_an_office_is_read_and_written(ref: dict[str, Any]) -> None:
    choice = editing.office_choice(ref)
    assert choice.form in editing.OFFICE_FORMS
    assert editing.office_ref(choice) == ref


def test_an_office_that_cannot_be_read_is_asked_for_anew() -> None:
    assert editing.office_choice(None) == OfficeChoice("function")


@pytest.mark.parametrize(("text", "hours"), [("", None), ("4", 4), ("1,5", 1.5), (" 0.25 ", 0.25)])
def test_hours_are_read_as_people_write_them(text: str, hours: float | None) -> None:
    assert editing.hours_written(text) == hours


@pytest.mark.parametrize("text", ["0", "-1", "vài", "1,234", "inf", "99999"])
def test_what_are_no_hours_is_not_taken_for_them(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        editing.hours_written(text)


def test_hours_side_by_side_count_as_the_longest() -> None:
    steps = [step("a", hours=4, group="x"), step("b", hours="10.5", group="x"), step("c", hours="?"), step("d", hours=2)]
    assert editing.total_hours(steps) == Decimal("12.5")


# The picture


WORDS = st.builds(
    StepWords,
    key=st.just("k"),
    number=st.just("Bước 1"),
    title=st.text("aăbc đ", min_size=1, max_size=120),
    office=st.text("aăbc đ", max_size=80),
    condition=st.text("abc ", max_size=80),
    problem=st.sampled_from(["", "Chưa có ai làm được"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=9), st.sampled_from([down, across]))
def test_every_step_has_its_box_and_no_two_overlap(blocks: list[list[StepWords]], draw: Any) -> None:
    picture = draw(blocks)
    assert [box.step for box in picture.boxes] == [one for block in blocks for one in block]
    for n, box in enumerate(picture.boxes):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= picture.width
        assert box.bottom <= picture.height
        assert all(box.y < line.y < box.bottom for line in box.lines)
        for other in picture.boxes[:n]:
            apart = box.x >= other.x + other.width or other.x >= box.x + box.width
            assert apart or box.y >= other.bottom + BETWEEN or other.y >= box.bottom + BETWEEN


@pytest.mark.parametrize("draw", [down, across])
def test_every_step_is_reached(draw: Any) -> None:
    one, two = StepWords("a", "1", "A"), StepWords("b", "2", "B", condition="Khi có")
    picture = draw([[one], [one, two], [one]])
    assert sum(arrow.dashed for arrow in picture.arrows) >= 1
    assert len(picture.heads) >= 3


def test_a_picture_across_has_rows() -> None:
    one = StepWords("a", "1", "A")
    rows = {box.y for box in across([[one]] * 6).boxes}
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("Ký", ("Ký",)),
        ("Thẩm định hồ sơ", ("Thẩm định", "hồ sơ")),
        ("một hai ba bốn năm sáu", ("một hai ba", "bốn năm…")),
        ("Abcdefghijklmnop", ("Abcdefghi-", "jklmnop")),
    ],
)
def test_words_are_broken_into_lines(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 10, 2) == lines
