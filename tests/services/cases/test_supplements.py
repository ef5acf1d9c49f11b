"""The rule of supplements: what a request may ask, what it opens, what answering it changes."""

from datetime import date
from typing import Any

import pytest

from services.cases.supplements import (
    OTHER_PAPER,
    PAGE,
    Ask,
    Item,
    ItemKind,
    changes,
    in_words,
    opened,
    opened_files,
    plain,
    problem,
    rearranged,
    unaddressed,
    with_given,
)
from services.forms.definition import Definition, parse
from services.forms.validation import unanswered

TODAY = date(2026, 11, 23)


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "text", "label": key, **more}


@pytest.fixture(scope="module")
def form() -> Definition:
    pages = [
        {"key": "nguoi", "title": "Người", "fields": [text("name"), {"key": "owns", "kind": "yes_no", "label": "owns"}]},
        {
            "key": "dat",
            "title": "Đất",
            "when": {"==": [{"var": "owns"}, True]},
            "fields": [
                text("parcel"),
                text("sheet", required=False),
                {"key": "deed", "kind": "attachment", "label": "deed"},
            ],
        },
        {"key": "khac", "title": "Khác", "fields": [text("why", when={"==": [{"var": "owns"}, False]}), text("phone")]},
        {
            "key": "cam-ket",
            "title": "Cam kết",
            "fields": [{"key": "oath", "kind": "declaration", "label": "oath", "statement": "Đúng", "name_field": "name"}],
        },
    ]
    return parse({"version": 2, "pages": pages})


FILED = {
    "name": "Lê Văn An",
    "owns": False,
    "why": "thuê",
    "phone": "1",
    "oath": {"agreed": True, "name": "Lê Văn An", "day": "2026-11-02"},
}


def item(kind: ItemKind, key: str = "", text: str = "sai") -> Item:
    return Item(kind, key, key, text)


@pytest.mark.parametrize(
    ("items", "days", "code"),
    [
        ((), None, "nothing_asked"),
        ((item(ItemKind.FIELD, "name"),), None, ""),
        ((item(ItemKind.FIELD, "name"), item(ItemKind.PAPER, "ban-ve"), item(ItemKind.OTHER)), 90, ""),
        ((item(ItemKind.FIELD, "ban-ve"),), None, "unknown_item"),
        ((item(ItemKind.PAPER, "name"),), None, "unknown_item"),
        ((item(ItemKind.FIELD, "name"), item(ItemKind.FIELD, "name")), None, "asked_twice"),
        ((item(ItemKind.OTHER), item(ItemKind.OTHER)), None, ""),
        ((item(ItemKind.FIELD, "name", " "),), None, "no_text"),
        ((item(ItemKind.OTHER),), 0, "days"),
        ((item(ItemKind.OTHER),), 91, "days"),
        ((item(ItemKind.OTHER),) * 101, None, "too_many_items"),
    ],
)
def test_a_request_asks_for_something_that_is_there(items: tuple[Item, ...], days: int | None, code: str) -> None:
    assert problem(Ask(items, "vì", days=days), {"name"}, {"ban-ve"}) == code


def test_a_request_is_one_text() -> None:
    ask = Ask(
        (Item(ItemKind.PAPER, "ban-ve", "Bản vẽ", "thiếu mặt cắt"), item(ItemKind.OTHER, "", "gọi điện")), "Điều 43", "Gặp ông A"
    )
    assert in_words(ask) == "Điều 43\n\n1. Bản vẽ: thiếu mặt cắt\n2. gọi điện\n\nGặp ông A"
    assert in_words(plain(" Thiếu bản vẽ ")) == "Thiếu bản vẽ"


def test_only_what_is_asked_for_is_open(form: Definition) -> None:
    assert opened(form, FILED, {}, ["name"], TODAY) == ["name"]
    assert opened(form, FILED, {"phone": "2"}, ["name"], TODAY) == ["name"]
    assert opened(form, FILED, {}, ["gone"], TODAY) == []
    assert with_given(FILED, {"phone": "2", "name": "B"}, ["name"]) == {**FILED, "name": "B"}
    assert "phone" not in with_given(FILED, {"phone": None}, ["phone"])


def test_what_a_corrected_answer_makes_necessary_is_open_too(form: Definition) -> None:
    """Questions of a page that was hidden come along; a question that was asked already and stays right does not."""
    assert opened(form, FILED, {}, ["owns"], TODAY) == ["owns", "parcel", "sheet"]
    answers = with_given(FILED, {"owns": True, "parcel": "12"}, ["owns", "parcel", "sheet"])
    assert opened_files(form, FILED, answers, [item(ItemKind.FIELD, "owns")]) == ["deed"]
    assert opened_files(form, FILED, FILED, [item(ItemKind.PAPER, "a"), item(ItemKind.OTHER)]) == ["a", OTHER_PAPER]
    assert form.kept(answers).keys() == {"name", "owns", "parcel", "phone", "oath"}


def test_an_answer_that_becomes_wrong_is_open_too(form: Definition) -> None:
    """Somebody declared under the name that is now corrected: the declaration has to be given again."""
    given = {"name": "Lê Văn Ân Bình"}
    assert opened(form, FILED, given, ["name"], TODAY) == ["name", "oath"]
    oath = {"agreed": True, "name": "Lê Văn Ân Bình", "day": "2026-11-23"}
    assert opened(form, FILED, {**given, "oath": oath}, ["name"], TODAY) == ["name", "oath"]


def test_the_opened_questions_stand_on_one_page_under_their_own_conditions(form: Definition) -> None:
    made = rearranged(form, ["owns", "parcel"], {"owns": "Sai."})
    assert [one.key for one in made.page(PAGE).fields] == ["owns", "parcel"]
    assert made.page(PAGE).fields[0].help.said() == "Sai."
    assert [one.key for one in made.fields()].count("parcel") == 1
    assert [one.key for one in made.fields_shown(made.page(PAGE), FILED)] == ["owns"]
    changed = {**FILED, "owns": True}
    assert [one.key for one in made.fields_shown(made.page(PAGE), changed)] == ["owns", "parcel"]
    assert {gap.field_key for gap in unanswered(made, changed, ())} == {gap.field_key for gap in unanswered(form, changed, ())}


def test_old_and_new_answers_are_told_apart() -> None:
    assert changes({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 7}) == {"b": [2, 5], "c": [3, None], "d": [None, 7]}


def test_an_item_is_addressed_by_its_own_answer_or_file() -> None:
    items = [item(ItemKind.FIELD, "name"), item(ItemKind.PAPER, "a"), item(ItemKind.OTHER)]
    assert unaddressed(items, [], {}) == items
    assert unaddressed(items, ["name"], {}) == items[1:]
    assert unaddressed(items, ["phone"], {"b": 1, OTHER_PAPER: 1}) == items[:2]
    assert unaddressed(items, ["name"], {"a": 1, OTHER_PAPER: 1}) == []
