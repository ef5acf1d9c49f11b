import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.forms.definition import UNASKED, Kind, parse
from services.forms.validation import Wrong, clean, clean_page, unanswered
from tests.services.forms.forms import (
    ANSWER,
    BEN_THANH,
    TODAY,
    all_fields,
    answers_for,
    definition,
    definitions,
    field,
    one,
    page,
    raw,
)


def cleaned(kind: str, given: Any, **options: Any) -> Any:
    return clean(one(kind, **options), given, TODAY)


@pytest.mark.parametrize(
    ("kind", "options", "given", "kept"),
    [
        ("text", {}, "  Nguyễn \t Văn\u00a0A ", "Nguyễn Văn A"),
        ("text", {}, "e\u0302\u0301", "ế"),
        ("text", {}, "a\x00b\ud800c", "abc"),
        ("text", {}, "một\nhai", "một hai"),
        ("text", {}, 12, "12"),
        ("text", {}, " \u200b ", None),
        ("long_text", {}, " một  hai \r\n\r\n ba ", "một hai\n\n ba"),
        ("number", {}, "1500", 1500),
        ("number", {}, "1.500", 1500),
        ("number", {}, "1,500", 1500),
        ("number", {}, "1 500 000", 1500000),
        ("number", {}, "-3", -3),
        ("number", {}, "\u22123", -3),
        ("number", {}, "007", 7),
        ("number", {}, 12, 12),
        ("number", {}, "12,0", 12),
        ("number", {"decimals": 2}, "12,5", "12.5"),
        ("number", {"decimals": 2}, "12.50", "12.5"),
        ("number", {"decimals": 2}, "1.234,56", "1234.56"),
        ("number", {"decimals": 2}, "1,234.56", "1234.56"),
        ("number", {"decimals": 2}, "1.500", 1500),
        ("number", {"decimals": 2}, 0.25, "0.25"),
        ("number", {"decimals": 2}, "0,75", "0.75"),
        ("number", {"decimals": 3}, "1,125", "1.125"),
        ("number", {"decimals": 3}, "0.125", "0.125"),
        ("number", {"decimals": 2, "unit": "m²"}, "120,5 m²", "120.5"),
        ("number", {"decimals": 2, "unit": "m²"}, "120,5m2", "120.5"),
        ("money", {}, "1.500.000", 1500000),
        ("money", {}, "1,500,000 đ", 1500000),
        ("money", {}, "1500000 đồng", 1500000),
        ("money", {}, "75.000 VNĐ", 75000),
        ("money", {}, 0, 0),
        ("date", {}, {"day": "5", "month": "3", "year": "1990"}, "1990-03-05"),
        ("date", {}, "5/3/1990", "1990-03-05"),
        ("date", {}, "05-03-1990", "1990-03-05"),
        ("date", {}, "1990-03-05", "1990-03-05"),
        ("date", {}, TODAY, "2026-11-23"),
        ("date", {"max": "today"}, "23/11/2026", "2026-11-23"),
        ("date", {}, {"day": "", "month": "", "year": ""}, None),
        ("yes_no", {}, "yes", True),
        ("yes_no", {}, False, False),
        ("choice", {}, "b", "b"),
        ("multiple_choice", {}, ["c", "a", "a"], ["a", "c"]),
        ("multiple_choice", {}, "a", ["a"]),
        ("multiple_choice", {"required": False}, [""], None),
        ("phone", {}, "090 123 45 67", "+84901234567"),
        ("phone", {}, "+84 (0)28 3829 1234", "+842838291234"),
        ("phone", {}, "+33 1 42 68 53 00", "+33142685300"),
        ("email", {}, "Ten.Toi@EXAMPLE.vn", "Ten.Toi@example.vn"),
        ("personal_number", {}, "079 190 012 345", "079190012345"),
        ("tax_code", {}, "0100233488", "0100233488"),
        ("tax_code", {}, "0314409058002", "0314409058-002"),
        ("tax_code", {}, "079190012345", "079190012345"),
        ("province_ward", {}, {"province": "79", "ward": BEN_THANH.code}, {"province": "79", "ward": BEN_THANH.code}),
        ("province_ward", {}, {"ward": BEN_THANH.code}, {"province": "79", "ward": BEN_THANH.code}),
        ("province_ward", {"province": "79"}, {"ward": BEN_THANH.code}, {"province": "79", "ward": BEN_THANH.code}),
        ("province_ward", {}, {"province": "", "ward": ""}, None),
    ],
)
def test_what_is_kept(kind: str, options: dict[str, Any], given: Any, kept: Any) -> None:
    value = cleaned(kind, given, **options)
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("kind", "options", "given", "code"),
    [
        ("text", {"max_length": 3}, "abcd", "too_long"),
        ("text", {}, ["a"], "not_text"),
        ("text", {}, True, "not_text"),
        ("long_text", {"max_length": 3}, "abcd", "too_long"),
        ("number", {}, "mười", "not_number"),
        ("number", {}, "١٢", "not_number"),
        ("number", {}, "1.50.000", "not_number"),
        ("number", {}, "1.5,00.0", "not_number"),
        ("number", {}, "1,", "not_number"),
        ("number", {}, "--1", "not_number"),
        ("number", {}, True, "not_number"),
        ("number", {}, float("nan"), "not_number"),
        pytest.param("number", {}, 10**5000, "not_number", id="huge"),
        ("number", {}, "9" * 16, "too_large"),
        ("number", {}, "-" + "9" * 16, "too_small"),
        ("number", {}, "12,5", "not_whole"),
        ("number", {"decimals": 1}, "12,55", "too_many_decimals"),
        ("number", {"decimals": 2}, "1,500", "ambiguous_number"),
        ("number", {"decimals": 3}, "1.500", "ambiguous_number"),
        ("number", {"min": 1}, "0", "too_small"),
        ("number", {"max": 1}, "2", "too_large"),
        ("money", {}, "nhiều", "not_money"),
        ("money", {}, "1,5 triệu", "not_money"),
        ("money", {}, "10,5", "not_whole"),
        ("money", {}, "-5", "too_small"),
        ("date", {}, {"day": "5", "month": "", "year": "1990"}, "date_incomplete"),
        ("date", {}, {"day": "x", "month": "3", "year": "1990"}, "date_numbers"),
        ("date", {}, {"day": "32", "month": "3", "year": "1990"}, "date_day"),
        ("date", {}, {"day": "1", "month": "13", "year": "1990"}, "date_month"),
        ("date", {}, {"day": "1", "month": "3", "year": "90"}, "date_year"),
        ("date", {}, "30/2/2024", "date_month_end"),
        ("date", {}, "1990", "date_numbers"),
        ("date", {}, 5, "date_numbers"),
        ("date", {"max": "today"}, "24/11/2026", "date_in_future"),
        ("date", {"min": "today"}, "22/11/2026", "date_in_past"),
        ("date", {"min": "2000-01-01"}, "31/12/1999", "date_before"),
        ("date", {"max": "2000-01-01"}, "2/1/2000", "date_after"),
        ("yes_no", {}, "maybe", "not_yes_no"),
        ("yes_no", {}, 1, "not_yes_no"),
        ("choice", {}, "z", "not_choice"),
        ("choice", {}, ["a"], "not_choice"),
        ("multiple_choice", {}, ["a", "z"], "not_choice"),
        ("multiple_choice", {"min": 2}, ["a"], "too_few_choices"),
        ("multiple_choice", {"max": 1}, ["a", "b"], "too_many_choices"),
        ("phone", {}, "123", "not_phone"),
        ("phone", {}, "gọi tôi", "not_phone"),
        ("email", {}, "ten@", "not_email"),
        ("email", {}, "a..b@example.vn", "not_email"),
        ("email", {}, "ten@localhost", "not_email"),
        ("personal_number", {}, "07919001234", "not_personal_number"),
        ("personal_number", {}, "999190012345", "unreal_personal_number"),
        ("tax_code", {}, "123", "not_tax_code"),
        ("tax_code", {}, "0100233489", "unreal_tax_code"),
        ("province_ward", {}, {"province": "79", "ward": ""}, "no_ward"),
        ("province_ward", {}, {"province": "01", "ward": BEN_THANH.code}, "foreign_ward"),
        ("province_ward", {"province": "01"}, {"ward": BEN_THANH.code}, "foreign_ward"),
        ("province_ward", {}, {"province": "00", "ward": "x"}, "no_province"),
        ("province_ward", {}, "79", "no_province"),
    ],
)
def test_what_is_complained_about(kind: str, options: dict[str, Any], given: Any, code: str) -> None:
    with pytest.raises(Wrong) as caught:
        cleaned(kind, given, **options)
    assert caught.value.complaint.code == code
    for language in ("vi", "en"):
        with translation.override(language):
            assert "%(" not in str(caught.value.complaint)


def test_an_ambiguous_number_is_asked_about() -> None:
    with pytest.raises(Wrong) as caught:
        cleaned("number", "1,500", decimals=2)
    assert caught.value.complaint.params == {"thousands": "1500", "decimals": "1,5"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [("text", "missing_text"), ("date", "missing_text"), ("yes_no", "missing_choice"), ("province_ward", "missing_place")],
)
def test_required_answers(kind: str, code: str) -> None:
    assert clean_page(definition(field(kind)), "trang-1", {}, {}, TODAY).errors["it"].code == code
    assert clean_page(definition(field(kind, required=False)), "trang-1", {}, {}, TODAY).errors == {}


def test_complaints_speak_of_the_field() -> None:
    with translation.override("vi"):
        errors = clean_page(definition(field("text", label="Họ và tên:")), "trang-1", {}, {}, TODAY).errors
        assert str(errors["it"]) == "Nhập họ và tên"
        errors = clean_page(definition(field("text", label="CCCD của mẹ")), "trang-1", {}, {}, TODAY).errors
        assert str(errors["it"]) == "Nhập CCCD của mẹ"
        errors = clean_page(definition(field("text", label="Ghi rõ quan hệ")), "trang-1", {}, {}, TODAY).errors
        assert str(errors["it"]) == "Trả lời: Ghi rõ quan hệ"
        errors = clean_page(definition(field("choice", label="Quan hệ:")), "trang-1", {}, {}, TODAY).errors
        assert str(errors["it"]) == "Chọn câu trả lời cho mục “Quan hệ”"


CONDITIONAL = [
    field("yes_no", "agent"),
    field("text", "agent_name", when={"var": "agent"}),
    field("text", "last", required=False),
]


def test_questions_not_asked_are_not_checked_and_dropped() -> None:
    form = definition(*CONDITIONAL)
    done = clean_page(form, "trang-1", {"agent": "no", "agent_name": "x" * 999}, {}, TODAY)
    assert (done.values, done.errors) == ({"agent": False}, {})
    done = clean_page(form, "trang-1", {"agent": "yes"}, {"agent": False, "agent_name": "kept before"}, TODAY)
    assert done.errors["agent_name"].code == "missing_text"


def test_an_answer_on_an_earlier_page_decides() -> None:
    form = parse(raw(page(field("yes_no", "agent"), key="mot"), page(field("text", "name", when={"var": "agent"}), key="hai")))
    assert clean_page(form, "hai", {}, {"agent": True}, TODAY).errors["name"].code == "missing_text"
    assert clean_page(form, "hai", {"name": "x"}, {"agent": False}, TODAY).values == {}
    # A later page's answers never reach back.
    assert clean_page(form, "mot", {"agent": "yes"}, {"name": "x"}, TODAY).values == {"agent": True}


GROUP = field("group", "people", min=1, max=2, fields=[field("text", "name"), field("date", "born", required=False)])


@pytest.mark.parametrize(
    ("rows", "values", "errors"),
    [
        ([{"name": "A"}], {"people": [{"name": "A"}]}, {}),
        ([{"name": "A"}, {"name": " "}], {"people": [{"name": "A"}]}, {}),
        ([{"name": ""}], {"people": [{}]}, {"people.0.name": "missing_text"}),
        ([], {}, {"people": "too_few_rows"}),
        (None, {}, {"people": "too_few_rows"}),
        ("x", {}, {"people": "not_rows"}),
        ([{"name": "A"}, {"born": "31/2/2020"}], None, {"people.1.name": "missing_text", "people.1.born": "date_month_end"}),
        ([{"name": "A"}] * 3, {}, {"people": "too_many_rows"}),
        (["junk"], {"people": [{}]}, {"people.0.name": "missing_text"}),
    ],
)
def test_rows(rows: Any, values: Any, errors: dict[str, str]) -> None:
    done = clean_page(definition(GROUP), "trang-1", {"people": rows}, {}, TODAY)
    assert {path: complaint.code for path, complaint in done.errors.items()} == errors
    if values is not None:
        assert done.values == values


def test_unanswered_lists_what_is_missing_in_order() -> None:
    form = parse(
        raw(
            page(*CONDITIONAL, key="mot"),
            page(field("attachment", "photo"), field("attachment", "plan", required=False), field("text", "why"), key="hai"),
            page(field("text", "never", when={"==": [{"var": "agent"}, False]}), key="ba"),
        )
    )
    gaps = unanswered(form, {"agent": True, "why": "x" * 201}, set(), TODAY)
    assert [(gap.page_key, gap.field_key, gap.message.code) for gap in gaps] == [
        ("mot", "agent_name", "missing_text"),
        (None, "photo", "missing_attachment"),
        ("hai", "why", "too_long"),
    ]
    assert unanswered(form, {"agent": True, "agent_name": "A", "why": "B"}, {"photo"}, TODAY) == []


def test_an_unknown_page_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        clean_page(definition(field("text")), "nowhere", {}, {}, TODAY)


@given(definitions(), st.data())
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_cleaning_is_total_and_repeatable(made: dict[str, Any], data: st.DataObject) -> None:
    form = parse(made)
    given = data.draw(answers_for(all_fields(made)))
    answers: dict[str, Any] = {}
    for each in form.pages:
        done = clean_page(form, each.key, given, answers, TODAY)
        assert all(str(complaint) for complaint in done.errors.values())
        again = clean_page(form, each.key, done.values, answers, TODAY)
        if not done.errors and not any("." in str(value) for value in _leaves(done.values)):
            assert again.values == done.values
        answers |= done.values
        # What is kept can be stored: PostgreSQL takes neither NUL nor halves of characters.
        json.dumps(done.values, ensure_ascii=False).encode("utf-8")
    wrong = {gap.message.code for gap in unanswered(form, answers, set(), TODAY)}
    assert all(code.startswith(("missing", "too_few")) for code in wrong)
    unanswered(form, given, set(), TODAY)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


@given(st.sampled_from([kind for kind in Kind if kind not in {*UNASKED, Kind.GROUP}]), ANSWER)
@settings(max_examples=200)
def test_any_input_gives_an_answer_or_a_complaint(kind: Kind, given: Any) -> None:
    asked = one(kind, decimals=2) if kind == Kind.NUMBER else one(kind)
    try:
        value = clean(asked, given, TODAY)
    except Wrong as wrong:
        complaint = str(wrong.complaint)
    else:
        assert value is None or clean(asked, value, TODAY, kept=True) == value
        return
    assert complaint
