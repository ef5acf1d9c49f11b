"""Putting a form together: nothing is lost that was not removed, and whatever comes out is a form or says what is wrong."""

from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.editor import form_editing as editing
from services.editor.form_editing import Edited, Impossible, Path
from services.forms.definition import parse
from services.forms.kinds import REPEATING, Kind
from tests.services.forms.forms import JSON, definitions, field, page, raw


def keys(form: dict[str, Any]) -> Counter[str]:
    return Counter(one["key"] for _path, one in editing.fields_of(form))


def form() -> dict[str, Any]:
    people = field(
        "group", "people", fields=[field("text", "name"), field("yes_no", "adult", when={"!=": [{"var": "name"}, "x"]})]
    )
    return raw(
        page(field("text", "owner"), field("yes_no", "agent"), key="mot"),
        page(people, field("text", "last", when={"==": [{"var": "agent"}, True]}), key="hai"),
        subject_field="owner",
    )


# Any sequence of operations


OPERATIONS = ("add", "page", "copy", "remove", "up", "down", "to_page", "group", "put_in", "take_out", "ungroup", "kind", "key")


def apply(draw: st.DrawFn, form: dict[str, Any], name: str) -> tuple[Edited, Counter[str]]:
    """One operation at a place drawn; what it may take away on purpose comes with it."""
    paths = [path for path, _item in editing.walk(form)] or [(0,)]
    path: Path = draw(st.sampled_from(paths))
    item = editing.at(form, path)
    kind = draw(st.sampled_from([str(kind) for kind in Kind]))
    if name == "add":
        return editing.add_field(
            form, path, kind, draw(st.sampled_from(["Họ và tên", "Ngày", "case number", "", "???"]))
        ), Counter()
    if name == "page":
        return editing.add_page(form, "Trang mới", path[0]), Counter()
    if name == "copy":
        return editing.duplicate(form, path), Counter()
    if name == "remove":
        inside = [one["key"] for p, one in editing.fields_of(form) if p[: len(path)] == path]
        return editing.remove(form, path), Counter(inside)
    if name in {"up", "down"}:
        return editing.move(form, path, -1 if name == "up" else 1), Counter()
    if name == "to_page":
        return editing.to_page(form, path, draw(st.integers(0, 3))), Counter()
    if name == "group":
        last = draw(st.integers(0, 4))
        return editing.group(form, path, last, draw(st.sampled_from(sorted(REPEATING))), "Nhóm"), Counter()
    if name == "put_in":
        return editing.put_in(form, path, draw(st.sampled_from(paths))), Counter()
    if name == "take_out":
        return editing.take_out(form, path), Counter()
    if name == "ungroup":
        return editing.ungroup(form, path), Counter([item["key"]])
    if name == "kind":
        return editing.change_kind(form, path, kind), Counter()
    return editing.change(form, path, {"key": f"{item['key']}1"}), Counter([item["key"]])


@st.composite
def attempts(draw: st.DrawFn, form: dict[str, Any], name: str) -> tuple[Edited, Counter[str]] | Impossible:
    """The operation, or why it is impossible."""
    try:
        return apply(draw, form, name)
    except Impossible as impossible:
        return impossible


@settings(max_examples=80, deadline=None)
@given(definitions(), st.lists(st.sampled_from(OPERATIONS), max_size=12), st.data())
def test_no_question_is_lost_and_the_form_is_sound_or_explained(
    start: dict[str, Any], names: list[str], data: st.DataObject
) -> None:
    form = start
    for name in names:
        before, untouched = keys(form), deepcopy(form)
        done = data.draw(attempts(form, name))
        assert form == untouched, "an operation changed the form it was given"
        if isinstance(done, Impossible):
            assert str(done)
            continue
        edited, taken = done
        assert not before - keys(edited.form) - taken
        form = edited.form
        assert editing.well_shaped(form)
        assert all(str(problem.message) for problem in editing.problems(form))
        if edited.path:
            editing.at(form, edited.path)


@settings(max_examples=60, deadline=None)
@given(definitions(), st.data())
def test_moving_there_and_back_changes_nothing(start: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path, _item in editing.walk(start)]))
    step = data.draw(st.sampled_from([-1, 1]))
    try:
        moved = editing.move(start, path, step)
    except Impossible:
        return
    if len(moved.path) == 2 and moved.path[0] != path[0]:
        return
    assert editing.move(moved.form, moved.path, -step) == Edited(start, path)


@settings(max_examples=80, deadline=None)
@given(st.recursive(JSON, lambda inner: st.fixed_dictionaries({"pages": st.lists(inner, max_size=3)}), max_leaves=8))
def test_shapes_that_cannot_be_edited_are_known(form: Any) -> None:
    if editing.well_shaped(form):
        list(editing.walk(form))
        editing.mended(form)


@settings(max_examples=60, deadline=None)
@given(
    definitions(),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["key", "kind", "label", "when", "choices"]), JSON), max_size=4),
)
def test_what_is_right_of_a_wrong_form_can_be_shown(start: dict[str, Any], spoiled: list[tuple[int, str, Any]]) -> None:
    form = deepcopy(start)
    fields = [one for _path, one in editing.fields_of(form)]
    for index, name, value in spoiled:
        fields[index % len(fields)][name] = value
    if not editing.well_shaped(form):
        return
    mended = editing.mended(form)
    if mended.definition is None:
        return
    shown = {one.key for one in mended.definition.fields()} | {
        inner.key for one in mended.definition.fields() for inner in one.fields
    }
    for path, one in editing.fields_of(form):
        assert path in mended.left_out or one["key"] in shown


def test_a_sound_form_is_shown_whole() -> None:
    mended = editing.mended(form())
    assert mended.definition == parse(form())
    assert (mended.pages, mended.left_out) == ({0: "mot", 1: "hai"}, frozenset())


# Keys


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Họ, chữ đệm, tên", "ho_chu_dem_ten"),
        ("2 người làm chứng", "cau_2_nguoi_lam_chung"),
        ("Owner", "owner_2"),
        ("today", "today_2"),
        ("???", "cau"),
        ("Tiền theo mục 1.013225", "tien_theo_muc_1_013225"),
    ],
)
def test_a_key_is_made_from_the_label(label: str, key: str) -> None:
    assert editing.field_key(form(), label) == key


def test_a_key_does_not_take_the_name_of_a_part_of_a_date() -> None:
    assert editing.field_key(raw(page(field("date", "born"))), "born day") == "born_day_2"


def test_a_page_key_is_no_address_of_the_portal() -> None:
    assert editing.page_key(form(), "Kiểm tra") == "kiem-tra-2"
    assert editing.page_key(form(), "…") == "trang"


# What single operations promise


@pytest.mark.parametrize("kind", list(Kind))
def test_a_new_question_of_any_kind_stands_where_it_was_asked_for(kind: Kind) -> None:
    edited = editing.add_field(form(), (0, 0), kind, "Câu mới")
    assert (edited.path, editing.at(edited.form, (0, 1))["kind"]) == ((0, 1), kind)
    assert editing.at(edited.form, (0, 1))["key"] == "cau_moi"


def test_a_new_question_of_a_group_stands_in_the_group() -> None:
    edited = editing.add_field(form(), (1, 0), "text", "Quê quán")
    assert edited.path == (1, 0, 2)
    assert editing.add_field(form(), (1, 0, 0), "text", "Quê quán").path == (1, 0, 1)
    assert editing.add_field(form(), (1, 0, 0), "group", "Nhóm").path == (1, 1), "no group in a group"


def test_a_copy_has_its_own_keys_and_asks_about_itself() -> None:
    edited = editing.duplicate(form(), (1, 0))
    copy = editing.at(edited.form, (1, 1))
    assert [one["key"] for one in copy["fields"]] == ["name_2", "adult_2"]
    assert copy["fields"][1]["when"] == {"!=": [{"var": "name_2"}, "x"]}
    assert not editing.problems(edited.form)
    whole = editing.duplicate(form(), (1,))
    assert editing.at(whole.form, (2, 1))["when"] == {"==": [{"var": "agent"}, True]}, "what others asked stays asked"
    assert not editing.problems(whole.form)


def test_at_the_end_of_its_page_a_question_goes_on_to_the_next() -> None:
    edited = editing.move(form(), (0, 1), 1)
    assert (edited.path, [one["key"] for one in edited.form["pages"][1]["fields"]]) == ((1, 0), ["agent", "people", "last"])
    with pytest.raises(Impossible):
        editing.move(form(), (0, 0), -1)


def test_questions_are_grouped_and_taken_apart_again() -> None:
    edited = editing.group(form(), (0, 0), 1, "group", "Người nộp")
    holder = editing.at(edited.form, (0, 0))
    assert (holder["key"], [one["key"] for one in holder["fields"]]) == ("nguoi_nop", ["owner", "agent"])
    assert editing.ungroup(edited.form, (0, 0)).form == form()


def test_the_condition_of_a_group_stays_with_its_questions() -> None:
    hidden = editing.change(form(), (1, 0), {"when": {"==": [{"var": "agent"}, True]}}).form
    page = editing.ungroup(hidden, (1, 0)).form["pages"][1]
    assert page["fields"][0]["when"] == {"==": [{"var": "agent"}, True]}
    assert page["fields"][1]["when"] == {"and": [{"==": [{"var": "agent"}, True]}, {"!=": [{"var": "name"}, "x"]}]}


def test_a_new_key_is_put_in_wherever_the_old_one_was_asked() -> None:
    edited = editing.change(form(), (0, 1), {"key": "has_agent"})
    assert not editing.problems(edited.form)
    assert editing.at(edited.form, (1, 1))["when"] == {"==": [{"var": "has_agent"}, True]}
    assert editing.change(form(), (0, 0), {"key": "who"}).form["subject_field"] == "who"


def test_a_new_key_is_put_in_in_the_route_and_the_outcome() -> None:
    content = {
        "route": [{"key": "x", "when": {"==": [{"var": "site.ward"}, "1"]}, "office": {"answer": "site", "function": "economy"}}],
        "outcome": {"title": "A", "rows": [["Nơi", "{site}, {site_ward}, {other}"]]},
    }
    assert editing.renamed_elsewhere(content, "site", "place") == {
        "route": [
            {"key": "x", "when": {"==": [{"var": "place.ward"}, "1"]}, "office": {"answer": "place", "function": "economy"}}
        ],
        "outcome": {"title": "A", "rows": [["Nơi", "{place}, {place_ward}, {other}"]]},
    }
    assert editing.renamed_elsewhere(content, "unused", "place") == {}


def test_another_kind_keeps_what_it_can_and_names_what_it_drops() -> None:
    start = raw(page(field("number", "n", min=1, unit="m²", help="Đo", required=False)))
    edited = editing.change_kind(start, (0, 0), "money")
    assert editing.at(edited.form, (0, 0)) == {
        "key": "n", "kind": "money", "label": "Họ và tên", "help": "Đo", "required": False, "min": 1
    }  # fmt: skip
    assert edited.dropped == ("unit",)
    with pytest.raises(Impossible):
        editing.change_kind(form(), (1, 0), "text")


def test_every_use_of_a_question_is_found() -> None:
    content = {
        "form": form(),
        "route": [{"key": "hoi", "when": {"==": [{"var": "agent"}, True]}, "office": {}}],
        "outcome": {"paragraphs": ["Cấp cho {owner}"]},
    }
    assert [(use.section, use.path, use.name) for use in editing.uses(content, "agent")] == [
        ("form", (1, 1), "Họ và tên"),
        ("route", (), "hoi"),
    ]
    assert [use.section for use in editing.uses(content, "owner")] == ["subject", "outcome"]


@pytest.mark.parametrize("place", ["", "0", "0.3", "1.2.3"])
def test_a_path_is_written_and_read(place: str) -> None:
    assert editing.path_text(editing.path_of(place)) == place


@pytest.mark.parametrize("text", ["x", "1.2.3.4", "-1", "0.", "1e3", "٣"])
def test_what_is_no_path_is_empty(text: str) -> None:
    assert editing.path_of(text) == ()


def test_a_problem_is_found_at_its_place() -> None:
    assert editing.place_of("/pages/1/fields/0/fields/2/when") == ((1, 0, 2), "when")
    assert editing.place_of("/pages/1/title") == ((1,), "title")
    assert editing.place_of("/subject_field") == ((), "subject_field")
    assert editing.pointer_of((1, 0, 2)) == "/pages/1/fields/0/fields/2"


def test_a_condition_may_ask_what_stands_before_it() -> None:
    known = parse(editing.before(form(), (1, 0, 1))).operands()
    assert set(known) == {"owner", "agent", "name"}
    assert set(parse(editing.before(form(), (1,))).operands()) == {"owner", "agent"}
