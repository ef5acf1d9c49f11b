"""Opening a page and saving it changes nothing; rows that move, go or are copied take what was typed with them."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.dev import demo
from services.catalogue.content import changed_keys, of_facts, skeleton
from services.catalogue.models import VersionDraft
from services.catalogue.shapes import problems
from services.catalogue.shapes.vocabulary import SHAPES
from services.editor.forms import ChannelForm, CircumstanceForm, DocumentForm, FeeForm, QuestionForm
from services.editor.rows import DO, named
from services.editor.sheets import EligibilitySheet, FactsSheet, FeesSheet, PapersSheet, Sheet

SHEETS = (FactsSheet, PapersSheet, FeesSheet, EligibilitySheet)
QUESTIONS = [
    {
        "key": "o-day",
        "question": "Công trình có ở Thành phố không?",
        "help": "",
        "answer_needed": True,
        "refusal": "Hãy nộp ở nơi có công trình.",
        "when": None,
        "stops": True,
    },
    {
        "key": "da-xay",
        "question": "Đã khởi công chưa?",
        "answer_needed": False,
        "refusal": "Công trình đã khởi công cần thủ tục khác.",
        "when": {"==": [{"var": "o-day"}, True]},
        "stops": False,
    },
    {
        "key": "hem",
        "question": "Nhà trong hẻm?",
        "answer_needed": True,
        "refusal": "Không sao.",
        "when": {"and": [{"var": "o-day"}, {"!": {"var": "da-xay"}}]},
        "stops": False,
    },
]


def sent(sheet: Sheet) -> QueryDict:
    """What a browser would send of the sheet as it is drawn."""
    data = QueryDict(mutable=True)
    for name, rows in sheet.rows.items():
        data[f"{name}-order"] = rows.order
    for form in sheet.forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if bound.name in ("since", "until", "ngay"):
                year, month, day = str(value).split("-")
                data.update({f"{bound.html_name}_{part}": one for part, one in (("day", day), ("month", month), ("year", year))})
            elif isinstance(value, list | tuple):
                data.setlist(bound.html_name, [str(one) for one in value])
            elif bound.name in ("answer_needed", "after_answer"):
                data[bound.html_name] = {True: "yes", "yes": "yes"}.get(value, "no")
            else:
                data[bound.html_name] = "on" if value is True else str(value).replace("\n", "\r\n")
    return data


def content(code: str) -> dict[str, Any]:
    (raw,) = [raw for raw in demo.procedures() if raw["code"] == code]
    return of_facts(code, raw["domain"], raw)


def saved(kind: type[Sheet], content: dict[str, Any], do: str = "", **typed: Any) -> tuple[Sheet, dict[str, Any]]:
    """The sheet drawn, filled in and sent; and the content afterwards."""
    data = sent(kind(VersionDraft(content=content)))
    data.update({DO: do} if do else {})
    for name, value in typed.items():
        data[name] = value
    sheet = kind(VersionDraft(content=content), data)
    sheet.rearrange()
    assert sheet.is_valid(), [form.errors for form in sheet.forms if form.errors]
    return sheet, {**content, **sheet.changes()}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("code", sorted(raw["code"] for raw in demo.procedures()))
def test_opening_and_saving_changes_nothing(kind: type[Sheet], code: str) -> None:
    before = {**content(code), "eligibility": QUESTIONS, "life_events": ["xay-dung", "nha-o-dat-dai"]}
    _sheet, after = saved(kind, before)
    assert [(key, before.get(key), after[key]) for key in changed_keys(before, after)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SHEETS)
def test_a_new_procedure_can_be_opened_and_saved_everywhere(kind: type[Sheet]) -> None:
    before = skeleton("9.999999")
    _sheet, after = saved(kind, before)
    assert changed_keys(before, after) == []


def test_rows_hold_every_entry_of_their_shape() -> None:
    drawn = {
        "channels": set(ChannelForm.base_fields) | {"channel"},
        "circumstances": set(CircumstanceForm.base_fields) | {"key", "limit"},
        "documents": set(DocumentForm.base_fields) | {"key"},
        "fees": set(FeeForm.base_fields),
        "eligibility": set(QuestionForm.base_fields) | {"key", "when"},
    }
    for column, fields in drawn.items():
        assert set(SHAPES[column]) <= fields, column


def test_a_row_moves_with_what_was_typed_in_it() -> None:
    before = content("1.013225")
    first, second = before["documents"][0], before["documents"][1]
    sheet, after = saved(PapersSheet, before, "documents:down:0", **{"documents-0-help": "Đã gõ"})
    assert [item["key"] for item in after["documents"]][:2] == [second["key"], first["key"]]
    assert after["documents"][1]["help"] == "Đã gõ"
    assert sheet.at() == "documents-1"


def test_a_copy_stands_after_its_original_under_a_key_of_its_own() -> None:
    before = content("1.013225")
    sheet, after = saved(PapersSheet, before, "documents:copy:2")
    keys = [item["key"] for item in after["documents"]]
    assert len(set(keys)) == len(before["documents"]) + 1
    original, copy = after["documents"][2:4]
    assert original == {**original, **copy, "key": original["key"]}
    assert sheet.at() == "documents-3"


def test_a_new_paper_gets_its_key_when_it_gets_its_name_and_keeps_it() -> None:
    before = content("1.013225")
    _sheet, after = saved(PapersSheet, before, "documents:add")
    number = len(before["documents"])
    assert after["documents"][number]["key"] == "giay-to-1"
    _sheet, after = saved(PapersSheet, after, **{f"documents-{number}-name": "Bản cam kết"})
    assert after["documents"][number]["key"] == "ban-cam-ket"
    _sheet, after = saved(PapersSheet, after, **{f"documents-{number}-name": "Bản cam kết bảo vệ môi trường"})
    assert after["documents"][number]["key"] == "ban-cam-ket"


def test_no_paper_takes_the_key_of_a_question_of_the_form() -> None:
    before = content("1.013225")
    before["form"]["pages"][0]["fields"][0]["key"] = "don"
    _sheet, after = saved(PapersSheet, before, "documents:add")
    number = len(before["documents"])
    _sheet, after = saved(PapersSheet, after, **{f"documents-{number}-name": "Đơn"})
    assert after["documents"][number]["key"] == "don-2"


def test_with_a_circumstance_goes_what_was_only_for_it() -> None:
    before = content("1.013225")
    at = next(number for number, item in enumerate(before["circumstances"]) if item["key"] == "ton-giao")
    only = [item["name"] for item in before["documents"] if item.get("circumstances") == ["ton-giao"]]
    assert only
    sheet, after = saved(PapersSheet, before, f"circumstances:remove:{at}")
    assert isinstance(sheet, PapersSheet)
    assert sheet.lost() == only
    assert not any("ton-giao" in (item.get("circumstances") or []) for key in ("documents", "fees") for item in after[key])
    for column in ("documents", "fees"):
        shared = [item["key"] for item in before[column] if item.get("circumstances") != ["ton-giao"]]
        assert [item["key"] for item in after[column]] == shared


def test_a_circumstance_that_gets_a_name_keeps_its_papers() -> None:
    before = content("1.013225")
    _sheet, after = saved(PapersSheet, before, "circumstances:add")
    number = len(before["circumstances"])
    assert after["circumstances"][number]["key"] == "truong-hop-1"
    data = {f"circumstances-{number}-label": "Nhà trong khu di tích", "documents-0-circumstances": "truong-hop-1"}
    _sheet, after = saved(PapersSheet, after, **data)
    assert after["circumstances"][number]["key"] == "nha-trong-khu-di-tich"
    assert after["documents"][0]["circumstances"] == ["nha-trong-khu-di-tich"]


def test_amounts_are_whole_dong_however_they_are_typed() -> None:
    before = content("1.013225")
    for text, amount in (("75.000", 75000), ("75000", 75000), ("1.250.000 đồng", 1250000), ("0", 0), ("", None)):
        _sheet, after = saved(FeesSheet, before, **{"fees-0-amount": text})
        assert after["fees"][0]["amount"] == amount
    for text in ("bảy mươi", "75,5", "7.50", "-5"):
        data = sent(FeesSheet(VersionDraft(content=before)))
        data["fees-0-amount"] = text
        assert not FeesSheet(VersionDraft(content=before), data).is_valid(), text


def test_lines_of_one_fee_stay_together() -> None:
    before = content("1.013225")
    _sheet, after = saved(FeesSheet, before, "fees:copy:0")
    assert [item["key"] for item in after["fees"]][:2] == [before["fees"][0]["key"]] * 2
    _sheet, after = saved(FeesSheet, after, **{"fees-1-channel": "online", "fees-1-amount": "37.500"})
    assert after["fees"][0] == before["fees"][0]
    assert (after["fees"][1]["channel"], after["fees"][1]["amount"]) == ("online", 37500)


def test_a_question_moved_before_the_one_it_depends_on_is_told_and_not_changed() -> None:
    before = {**content("1.013225"), "eligibility": QUESTIONS}
    _sheet, after = saved(EligibilitySheet, before, "eligibility:up:1")
    assert [item["key"] for item in after["eligibility"]] == ["da-xay", "o-day", "hem"]
    assert after["eligibility"][0]["when"] == QUESTIONS[1]["when"]
    assert any(problem.place.startswith("eligibility.da-xay") for problem in problems(after))
    _sheet, again = saved(EligibilitySheet, after)
    assert again["eligibility"] == after["eligibility"]


def test_a_condition_that_the_page_cannot_say_stays_as_it_is() -> None:
    before = {**content("1.013225"), "eligibility": QUESTIONS}
    _sheet, after = saved(EligibilitySheet, before, **{"eligibility-2-question": "Nhà trong hẻm nhỏ?"})
    assert after["eligibility"][2]["when"] == QUESTIONS[2]["when"]


@pytest.mark.django_db
def test_empty_lines_are_dropped_unless_just_added() -> None:
    before = content("1.013225")
    sheet, after = saved(FactsSheet, before, "steps_text:add")
    assert after["steps_text"] == [*before["steps_text"], ""]
    assert sheet.at() == f"steps_text-{len(before['steps_text'])}"
    _sheet, after = saved(FactsSheet, after)
    assert after["steps_text"] == before["steps_text"]


@pytest.mark.django_db
def test_a_way_to_file_that_is_not_offered_goes_and_the_others_keep_their_order() -> None:
    before = content("1.013225")
    order = [item["channel"] for item in before["channels"]]
    data = sent(FactsSheet(VersionDraft(content=before)))
    del data["channels-postal-offered"]
    sheet = FactsSheet(VersionDraft(content=before), data)
    assert sheet.is_valid()
    assert [item["channel"] for item in sheet.changes()["channels"]] == [one for one in order if one != "postal"]


def test_items_with_one_key_are_told_apart() -> None:
    assert named([{"key": "a"}, {"key": "b"}, {"key": "a"}, "line"]) == ["a", "b", "a#2", ""]


BUTTONS = st.sampled_from(
    [
        f"{rows}:{what}:{at}"
        for rows in ("documents", "circumstances")
        for what in ("up", "down", "copy", "remove")
        for at in range(5)
    ]
    + ["documents:add", "circumstances:add", "documents:up:-1", "documents:remove:99", "x:y:z", ""]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(BUTTONS, max_size=8))
def test_whatever_is_pressed_keys_stay_apart_and_every_reference_leads_somewhere(pressed: list[str]) -> None:
    after = content("1.013225")
    for button in pressed:
        _sheet, after = saved(PapersSheet, after, button)
    for column in ("documents", "circumstances"):
        keys = [item["key"] for item in after[column]]
        assert len(set(keys)) == len(keys)
    known = {item["key"] for item in after["circumstances"]}
    assert all(set(item.get("circumstances") or []) <= known for item in [*after["documents"], *after["fees"]])
    assert json.dumps(after)
