"""What a second person is told of a new version: every change, in words, and nothing that did not change."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalogue.content import KEYS
from services.catalogue.differences import Change, compared, differences
from tests.services.catalogue.test_shapes import JSON, asked, damaged, version


def told(change: Any, *, of: dict[str, Any] | None = None) -> list[Change]:
    """The changes after something was done to a content."""
    old = of or version()
    new = copy.deepcopy(old)
    change(new)
    return differences(old, new)


def lines(found: list[Change]) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.label, one.before, one.after) for one in found]


def test_the_same_content_has_no_differences() -> None:
    assert differences(version(), version()) == []


def test_nothing_and_empty_say_the_same() -> None:
    assert told(lambda new: new.update(fees=new["fees"], source="", eligibility=[], life_events=[])) == []
    assert told(lambda new: new["channels"][0].update(note="")) == []


def test_a_fact() -> None:
    (change,) = told(lambda new: new.update(level="city"))
    assert (change.section, change.place, change.title) == ("level", "level", "Cấp thực hiện")
    assert (change.kind, change.before, change.after, change.old, change.new) == (
        "changed",
        "Phường, xã",
        "Thành phố",
        "ward",
        "city",
    )


def test_a_step_that_moved_and_took_longer_is_the_same_step() -> None:
    def change(new: dict[str, Any]) -> None:
        new["route"].insert(1, new["route"].pop(3))
        new["route"][1]["hours"] = 5

    assert lines(told(change)) == [
        ("moved", "Ký", "sau “Lấy ý kiến”", "sau “Tiếp nhận”"),
        ("changed", "Ký › giờ làm việc", "3", "5"),
    ]


@pytest.mark.parametrize(
    ("office", "said"),
    [
        ({"code": "H29.18"}, "cơ quan H29.18"),
        ({"function": "justice"}, "“justice” của cơ quan giải quyết"),
        ({"parent": True, "function": "registry"}, "“registry” của cơ quan cấp trên"),
        ({"answer": "place", "function": "one-stop"}, "“one-stop” của phường, xã nêu ở “place”"),
        ({"answer_code": "desk"}, "cơ quan được chọn ở “desk”"),
    ],
)
def test_another_office(office: dict[str, Any], said: str) -> None:
    (change,) = told(lambda new: new["route"][2].update(office=office))
    assert (change.label, change.before, change.after) == ("Lấy ý kiến › cơ quan", "cơ quan H29.12", said)


def test_items_that_came_and_went() -> None:
    def change(new: dict[str, Any]) -> None:
        new["documents"][0] = {**new["documents"][0], "key": "to-khai", "name": "Tờ khai"}

    assert lines(told(change)) == [("removed", "Đơn", "Đơn", ""), ("added", "Tờ khai", "", "Tờ khai")]


def test_a_question_that_is_no_longer_required() -> None:
    (change,) = told(lambda new: new["form"]["pages"][0]["fields"][0].update(required=False))
    assert (change.place, change.label) == ("form.pages.chu-ho.fields.owner_name.required", "Chủ hộ › Họ tên › bắt buộc")
    assert (change.before, change.after, change.entry) == ("Có", "Không", "required")
    assert told(lambda new: new["form"]["pages"][0]["fields"][0].update(required=True)) == []


def test_a_question_that_went_to_another_page_is_the_same_question() -> None:
    old = version()
    old["form"]["pages"].append({"key": "them", "title": "Thông tin thêm", "fields": []})

    def change(new: dict[str, Any]) -> None:
        new["form"]["pages"][1]["fields"].append(new["form"]["pages"][0]["fields"].pop())

    assert lines(told(change, of=old)) == [("moved", "Thông tin thêm › Lý do", "Chủ hộ", "Thông tin thêm")]


def test_questions_in_another_order() -> None:
    (change,) = told(lambda new: new["form"]["pages"][0]["fields"].insert(0, new["form"]["pages"][0]["fields"].pop(3)))
    assert (change.kind, change.label, change.after) == ("moved", "Chủ hộ › Gấp?", "đứng đầu")


def test_choices_of_a_question() -> None:
    def change(new: dict[str, Any]) -> None:
        choices = new["form"]["pages"][0]["fields"][2]["choices"]
        choices[0]["label"] = "Trung tâm A"
        choices.append({"value": "H29.3", "label": "C"})

    assert lines(told(change)) == [
        ("changed", "Chủ hộ › Nơi nhận › các lựa chọn › Trung tâm A › nhãn", "A", "Trung tâm A"),
        ("added", "Chủ hộ › Nơi nhận › các lựa chọn › C", "", "C"),
    ]


def test_lines_of_the_legal_basis() -> None:
    found = told(lambda new: new.update(legal_basis=["Luật số 1/2025/QH15", "Nghị định 1/2026/NĐ-CP"]))
    assert lines(found) == [("added", "Căn cứ pháp lý", "", "Nghị định 1/2026/NĐ-CP")]


def test_a_row_of_the_outcome() -> None:
    (change,) = told(lambda new: new["outcome"]["rows"][0].__setitem__(1, "{place}"))
    assert (change.place, change.before, change.after) == ("outcome.rows.0", "Họ tên: {owner_name}", "Họ tên: {place}")


def test_a_question_before_filing() -> None:
    old = version() | {"eligibility": [asked()]}
    (change,) = told(lambda new: new["eligibility"][0].update(stops=False), of=old)
    assert (change.label, change.before, change.after) == (f"{asked()['question']} › buộc dừng lại", "Có", "Không")


def test_long_texts_are_compared_word_by_word() -> None:
    text = "Cha hoặc mẹ có trách nhiệm đăng ký khai sinh cho con trong thời hạn 60 ngày kể từ ngày sinh con."
    old = version() | {"conditions": text}
    (change,) = told(lambda new: new.update(conditions=text.replace("60 ngày", "90 ngày")), of=old)
    assert [part for part in change.words if part[0] != "same"] == [("removed", "60"), ("added", "90")]
    assert "".join(said for kind, said in change.words if kind != "added") == text


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_give_back_both_texts(before: str, after: str) -> None:
    words = compared(before, after)
    assert "".join(text for kind, text in words if kind != "added") == before
    assert "".join(text for kind, text in words if kind != "removed") == after


def test_texts_beyond_measure_are_shown_whole() -> None:
    assert compared("a " * 3000, "b " * 3000) == (("removed", "a " * 3000), ("added", "b " * 3000))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged(), damaged())
def test_no_two_contents_break_it_and_no_change_goes_untold(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = differences(one, other)
    assert all(change.label and change.title for change in found)
    told_of = {change.section for change in found}
    plain = [key for key in KEYS if isinstance(one.get(key), str | int) and isinstance(other.get(key), str | int)]
    assert all(key in told_of for key in plain if one[key] and other[key] and repr(one[key]) != repr(other[key]))


@given(st.dictionaries(st.sampled_from(KEYS), JSON), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_nonsense_breaks_nothing(one: dict[str, Any], other: dict[str, Any]) -> None:
    differences(one, other)


@pytest.mark.parametrize("size", [400])
def test_a_form_as_large_as_forms_may_be(size: int) -> None:
    old = version()
    old["form"]["pages"][0]["fields"] = [{"key": f"q{n}", "kind": "text", "label": f"Câu {n}"} for n in range(size)]
    (change,) = told(lambda new: new["form"]["pages"][0]["fields"].append(new["form"]["pages"][0]["fields"].pop(0)), of=old)
    assert (change.kind, change.after) == ("moved", f"sau “Câu {size - 1}”")
