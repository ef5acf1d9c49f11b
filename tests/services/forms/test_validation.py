import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.forms.cleaning import CLEANERS
from services.forms.definition import UNASKED, Kind, parse
from services.forms.kinds import REPEATING
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
        ("capitals_name", {}, " nguyễn  thị ánh ", "NGUYỄN THỊ ÁNH"),
        ("capitals_name", {}, "đỗ thị e\u0302\u0301", "ĐỖ THỊ Ế"),
        ("capitals_name", {}, "H’Hen Niê-Kđăm", "H’HEN NIÊ-KĐĂM"),
        ("money", {"units": True}, {"amount": "1,5", "unit": "ty"}, 1500000000),
        ("money", {"units": True}, {"amount": "20", "unit": "nghin"}, 20000),
        ("money", {"units": True}, {"amount": "1.500.000", "unit": "dong"}, 1500000),
        ("money", {"units": True}, {"amount": "", "unit": "ty"}, None),
        ("money", {"units": True}, 1500000000, 1500000000),
        ("percentage", {}, "15 %", 15),
        ("percentage", {"decimals": 2}, "12,5%", "12.5"),
        ("percentage", {"max": 150}, "120", 120),
        ("area", {}, {"amount": "1,5", "unit": "ha"}, {"amount": "1.5", "unit": "ha", "m2": 15000}),
        ("area", {}, {"amount": "0,123456", "unit": "km2"}, {"amount": "0.123456", "unit": "km2", "m2": 123456}),
        ("area", {}, {"amount": "75,25", "unit": ""}, {"amount": "75.25", "unit": "m2", "m2": "75.25"}),
        ("area", {}, "75", {"amount": 75, "unit": "m2", "m2": 75}),
        ("partial_date", {}, {"day": "", "month": "", "year": "1975"}, "1975"),
        ("partial_date", {}, {"day": "", "month": "3", "year": "1975"}, "1975-03"),
        ("partial_date", {}, "5/3/1975", "1975-03-05"),
        ("partial_date", {}, "3/1975", "1975-03"),
        ("partial_date", {}, "1975-03", "1975-03"),
        ("partial_date", {"max": "today"}, "2026", "2026"),
        ("month", {}, {"month": "5", "year": "2020"}, "2020-05"),
        ("month", {"max": "today"}, "11/2026", "2026-11"),
        ("year", {}, "1990", 1990),
        ("year", {}, 1990, 1990),
        ("time", {}, "7:30", "07:30"),
        ("time", {}, "7h", "07:00"),
        ("time", {}, "14 giờ 5 phút", "14:05"),
        ("gender", {}, "female", "female"),
        ("ethnic_group", {}, "bru-van-kieu", "bru-van-kieu"),
        ("country", {}, "VN", "VN"),
        ("url", {}, "Example.VN/Trang?a=1", "https://example.vn/Trang?a=1"),
        ("url", {}, "http://example.vn:8080/a", "http://example.vn:8080/a"),
        ("passport_number", {}, "c 1234567", "C1234567"),
        ("business_number", {}, "0314409058-002", "0314409058-002"),
        ("vehicle_plate", {}, "59a 123.45", "59A-123.45"),
        ("vehicle_plate", {}, "59A-1234", "59A-1234"),
        ("vehicle_plate", {}, "59A12345", "59A-123.45"),
        ("vehicle_plate", {}, "59-X1 123.45", "59X1-123.45"),
        ("vehicle_plate", {}, "59X1-2345", "59X1-2345"),
        ("vehicle_plate", {}, "29AA12345", "29AA-123.45"),
        ("vehicle_plate", {}, "51LD-123.45", "51LD-123.45"),
        ("vehicle_plate", {}, "51RM-012.34", "51RM-012.34"),
        ("vehicle_plate", {}, "29-MĐ1 123.45".replace("1 ", " "), "29MĐ-123.45"),
        ("vehicle_plate", {}, "80-011-NG-01", "80-011-NG-01"),
        ("vehicle_plate", {}, "tm 12-34", "TM-12-34"),
        (
            "bank_account",
            {},
            {"bank": "970436", "number": "0071 000 123", "holder": "lê thị b"},
            {"bank": "970436", "number": "0071000123", "holder": "LÊ THỊ B"},
        ),
        (
            "identity_document",
            {},
            {
                "type": "passport",
                "number": "c1234567",
                "issued_on": {"day": "5", "month": "6", "year": "2020"},
                "issued_by": "Cục QLXNC",
            },
            {"type": "passport", "number": "C1234567", "issued_on": "2020-06-05", "issued_by": "Cục QLXNC"},
        ),
        (
            "address",
            {},
            {"province": "79", "ward": BEN_THANH.code, "street": " 12  Lê Lợi "},
            {"province": "79", "ward": BEN_THANH.code, "street": "12 Lê Lợi"},
        ),
        ("address", {"province": "79"}, {"ward": "", "street": ""}, None),
        ("land_parcel", {}, {"sheet": "12", "parcel": 345}, {"sheet": "12", "parcel": "345"}),
        ("map_point", {}, {"lat": "10,776", "lng": "106.7000001"}, {"lat": 10.776, "lng": 106.7}),
        ("map_point", {}, {"lat": "10.776, 106.700", "lng": ""}, {"lat": 10.776, "lng": 106.7}),
        ("map_point", {}, {"lat": 16.5, "lng": 112.0}, {"lat": 16.5, "lng": 112.0}),
        ("declaration", {}, {"agreed": "on", "name": " Lê  Văn A "}, {"name": "Lê Văn A", "day": "2026-11-23"}),
        ("declaration", {}, {"name": "Lê Văn A", "day": "2020-01-01"}, {"name": "Lê Văn A", "day": "2026-11-23"}),
        ("declaration", {}, {"agreed": False, "name": ""}, None),
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
        ("capitals_name", {}, "Nguyễn Văn 2", "not_name"),
        ("capitals_name", {}, "- .", "not_name"),
        ("capitals_name", {"max_length": 3}, "abcd", "too_long"),
        ("money", {"units": True}, {"amount": "1,0000000001", "unit": "ty"}, "too_many_decimals"),
        ("money", {"units": True}, {"amount": "1,00005", "unit": "nghin"}, "not_whole_dong"),
        ("money", {"units": True}, {"amount": "5", "unit": "xu"}, "not_choice"),
        ("money", {"units": True, "max": 10}, {"amount": "5", "unit": "nghin"}, "too_large"),
        ("money", {"units": True}, {"amount": "999999999", "unit": "ty"}, "too_large"),
        ("percentage", {}, "101", "too_large"),
        ("percentage", {}, "-1", "too_small"),
        ("percentage", {}, "một nửa", "not_number"),
        ("area", {}, {"amount": "0", "unit": "ha"}, "not_above_zero"),
        ("area", {"min": 100}, {"amount": "99", "unit": "m2"}, "too_small"),
        ("area", {"max": 10000}, {"amount": "1,5", "unit": "ha"}, "too_large"),
        ("area", {}, {"amount": "1.125", "unit": "ha"}, "ambiguous_number"),
        ("area", {}, {"amount": "5", "unit": "sào"}, "not_choice"),
        ("partial_date", {}, {"day": "5", "month": "", "year": "1990"}, "date_unknown_part"),
        ("partial_date", {"precision": "month"}, "1990", "date_unknown_part"),
        ("partial_date", {}, "31/2/1990", "date_month_end"),
        ("partial_date", {}, "90", "date_year"),
        ("partial_date", {"max": "today"}, "12/2026", "date_in_future"),
        ("partial_date", {}, "1/2/3/4", "date_numbers"),
        ("month", {}, {"month": "", "year": "2020"}, "month_incomplete"),
        ("month", {}, "13/2020", "date_month"),
        ("month", {"min": "2020-02-01"}, "1/2020", "date_before"),
        ("year", {}, "90", "not_year"),
        ("year", {"min": 1950}, "1949", "too_small"),
        ("year", {"max": 2000}, "2001", "too_large"),
        ("time", {}, "25:00", "not_time"),
        ("time", {}, "7:60", "not_time"),
        ("time", {}, "sáng", "not_time"),
        ("gender", {}, "nam", "not_choice"),
        ("ethnic_group", {}, "klingon", "not_choice"),
        ("country", {}, "ZZ", "not_choice"),
        ("url", {}, "không phải", "not_url"),
        ("url", {}, "javascript:alert(1)", "not_url"),
        ("url", {}, "https://user@example.vn", "not_url"),
        ("url", {}, "https://localhost", "not_url"),
        ("passport_number", {}, "ABCDEFG", "not_passport_number"),
        ("business_number", {}, "123", "not_business_number"),
        ("business_number", {}, "0314409059", "unreal_business_number"),
        ("vehicle_plate", {}, "59I-123.45", "not_vehicle_plate"),
        ("vehicle_plate", {}, "59A-123", "not_vehicle_plate"),
        ("vehicle_plate", {}, "ABC", "not_vehicle_plate"),
        ("bank_account", {}, {"bank": "970436", "number": "12", "holder": "A"}, "not_account"),
        ("bank_account", {}, {"bank": "", "number": "1234", "holder": "A"}, "missing_part_choice"),
        ("identity_document", {}, {"type": "identity_card", "number": "1"}, "not_personal_number"),
        ("identity_document", {}, {"type": "old_identity_card", "number": "12345678"}, "not_old_identity_card"),
        ("identity_document", {}, {"type": "other", "number": "?"}, "not_paper_number"),
        ("address", {}, {"province": "79", "ward": "", "street": "1"}, "no_ward"),
        ("address", {}, {"province": "79", "ward": BEN_THANH.code, "street": ""}, "missing_text"),
        ("land_parcel", {}, {"sheet": "12", "parcel": "?"}, "not_parcel"),
        ("map_point", {}, {"lat": "106.7", "lng": "10.776"}, "swapped_point"),
        ("map_point", {}, {"lat": "48.8", "lng": "2.3"}, "far_point"),
        ("map_point", {}, {"lat": "bắc", "lng": "106.7"}, "not_lat"),
        ("map_point", {}, {"lat": "10.7", "lng": ""}, "missing_text"),
        ("declaration", {}, {"agreed": "on", "name": ""}, "missing_signature"),
        ("declaration", {}, {"agreed": "", "name": "A"}, "not_agreed"),
    ],
)
def test_what_is_complained_about(kind: str, options: dict[str, Any], given: Any, code: str) -> None:
    with pytest.raises(Wrong) as caught:
        cleaned(kind, given, **options)
    assert caught.value.complaint.code == code
    for language in ("vi", "en"):
        with translation.override(language):
            assert "%(" not in str(caught.value.complaint)


def test_every_kind_that_asks_is_cleaned() -> None:
    assert set(CLEANERS) == {kind for kind in Kind if kind not in {*UNASKED, *REPEATING, Kind.CALCULATED}}


def test_every_part_that_is_wrong_is_told() -> None:
    form = definition(field("bank_account"))
    errors = clean_page(form, "trang-1", {"it": {"bank": "1", "number": "x", "holder": "A"}}, {}, TODAY).errors
    assert {path: complaint.code for path, complaint in errors.items()} == {"it.bank": "not_choice", "it.number": "not_account"}
    form = definition(field("group", "g", fields=[field("land_parcel")]))
    errors = clean_page(form, "trang-1", {"g": [{"it": {"sheet": "1"}}]}, {}, TODAY).errors
    assert list(errors) == ["g.0.it.parcel"]
    with translation.override("vi"):
        assert str(errors["g.0.it.parcel"]) == "Nhập thửa đất số"


def test_a_declaration_carries_the_name_of_who_makes_it() -> None:
    form = definition(field("capitals_name", "who"), field("declaration", name_field="who"))
    signed = {"who": "Nguyễn Thị Ánh", "it": {"agreed": "on", "name": "nguyen thi anh"}}
    assert clean_page(form, "trang-1", signed, {}, TODAY).errors == {}
    done = clean_page(form, "trang-1", {**signed, "it": {"agreed": "on", "name": "Trần Văn B"}}, {}, TODAY)
    assert done.errors["it.name"].code == "other_signature"
    assert "NGUYỄN THỊ ÁNH" in str(done.errors["it.name"])


def test_a_declaration_keeps_its_day_until_it_is_signed_again() -> None:
    asked = one("declaration")
    kept = {"name": "A", "day": "2026-01-02"}
    assert clean(asked, kept, TODAY, kept=True) == kept
    assert clean(asked, {**kept, "day": "2030-01-01", "agreed": "on"}, TODAY, kept=True)["day"] == TODAY.isoformat()


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


@given(st.sampled_from(list(CLEANERS)), ANSWER)
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
