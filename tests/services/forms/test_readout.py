from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.forms.cleaning import CLEANERS
from services.forms.definition import parse
from services.forms.readout import display, placeholders, readout, texts
from tests.services.forms.forms import ANSWER, BEN_THANH, all_fields, answers_for, definition, definitions, field, one, page, raw

GROUP_OPTIONS: dict[str, Any] = {
    "fields": [field("text", "p_name", label="Họ tên"), field("date", "born", label="Ngày sinh:", required=False)]
}


SUM = {"+": [{"var": "n"}, 1]}


@pytest.mark.parametrize(
    ("kind", "options", "value", "text"),
    [
        ("text", {}, "Nguyễn Văn A", "Nguyễn Văn A"),
        ("money", {}, 1500000, "1.500.000 đồng"),
        ("money", {}, 0, "0 đồng"),
        ("number", {"unit": "m²", "decimals": 2}, "1500.5", "1.500,5 m²"),
        ("number", {}, 1990, "1990"),
        ("number", {}, 15000, "15.000"),
        ("number", {}, -2500000, "-2.500.000"),
        ("date", {}, "1990-03-05", "05/03/1990"),
        ("date", {}, "0999-01-01", "01/01/0999"),
        ("yes_no", {}, True, "Có"),
        ("yes_no", {}, False, "Không"),
        ("choice", {}, "b", "Hai"),
        ("multiple_choice", {}, ["a", "c"], "Một; Ba"),
        ("phone", {}, "+84901234567", "090 123 4567"),
        ("phone", {}, "+33142685300", "+33 1 42 68 53 00"),
        ("phone", {}, "nonsense", "nonsense"),
        ("tax_code", {}, "0314409058-002", "0314409058-002"),
        ("province_ward", {}, {"province": "79", "ward": BEN_THANH.code}, "Phường Bến Thành, Thành phố Hồ Chí Minh"),
        (
            "group",
            GROUP_OPTIONS,
            [{"p_name": "A", "born": "1990-03-05"}, {"p_name": "B"}],
            "1. Họ tên: A; Ngày sinh: 05/03/1990\n2. Họ tên: B",
        ),
        ("money", {"units": True}, 1500000000, "1.500.000.000 đồng"),
        ("percentage", {"decimals": 1}, "12.5", "12,5 %"),
        ("area", {}, {"amount": "1.5", "unit": "ha", "m2": 15000}, "1,5 ha (15.000 m²)"),
        ("area", {}, {"amount": "75.5", "unit": "m2", "m2": "75.5"}, "75,5 m²"),
        ("year", {}, 1990, "1990"),
        ("partial_date", {}, "1990", "1990"),
        ("partial_date", {}, "1990-03", "03/1990"),
        ("partial_date", {}, "1990-03-05", "05/03/1990"),
        ("month", {}, "2020-05", "05/2020"),
        ("time", {}, "07:30", "07:30"),
        ("gender", {}, "female", "Nữ"),
        ("ethnic_group", {}, "e-de", "Ê-đê"),
        ("country", {}, "LA", "Lào"),
        ("vehicle_plate", {}, "59A-123.45", "59A-123.45"),
        (
            "bank_account",
            {},
            {"bank": "970436", "number": "0071", "holder": "LÊ B"},
            "0071 – LÊ B – Vietcombank – Ngân hàng TMCP Ngoại thương Việt Nam",
        ),
        (
            "identity_document",
            {},
            {"type": "passport", "number": "C1234567", "issued_on": "2020-06-05", "issued_by": "Cục Quản lý xuất nhập cảnh"},
            "Hộ chiếu, C1234567, cấp ngày 05/06/2020, nơi cấp Cục Quản lý xuất nhập cảnh",
        ),
        (
            "address",
            {},
            {"province": "79", "ward": BEN_THANH.code, "street": "12 Lê Lợi"},
            "12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh",
        ),
        ("land_parcel", {}, {"sheet": "12", "parcel": "345"}, "thửa đất số 345, tờ bản đồ số 12"),
        ("map_point", {}, {"lat": 10.776, "lng": 106.7}, "10.776000, 106.700000"),
        ("declaration", {}, {"name": "Lê B", "day": "2026-11-23"}, "Lê B, ký ngày 23/11/2026"),
        ("calculated", {"formula": SUM, "format": "money"}, 1200, "1.200 đồng"),
        ("calculated", {"formula": SUM, "unit": "kg", "decimals": 1}, "12.5", "12,5 kg"),
        ("text", {}, None, ""),
        ("number", {}, float("inf"), ""),
        ("number", {}, "1e400", ""),
    ],
)
def test_display(kind: str, options: dict[str, Any], value: Any, text: str) -> None:
    with translation.override("vi"):
        form = definition(field("number", "n"), field(kind, **options))
        assert display(form.field("it"), value) == text


FORM = parse(
    raw(
        page(
            field("text", "name", label={"vi": "Họ tên", "en": "Name"}),
            field("yes_no", "agent", label="Ủy quyền"),
            field("text", "hidden", when={"var": "agent"}),
            field("note", "n"),
            title={"vi": "Người nộp", "en": "Applicant"},
            key="mot",
        ),
        page(field("attachment", "photo", label="Ảnh"), key="hai"),
        page(field("province_ward", "place"), field("group", "people", **GROUP_OPTIONS, required=False), key="ba"),
    )
)
ANSWERS = {
    "name": "A",
    "hidden": "x",
    "place": {"province": "79", "ward": BEN_THANH.code},
    "people": [{"p_name": "B"}],
}


def test_sections() -> None:
    with translation.override("vi"):
        sections = readout(FORM, ANSWERS)
    assert [section.title for section in sections] == ["Người nộp", "Trang"]
    name, agent = sections[0].rows
    assert (name.label, name.text, name.kind, name.answered) == ("Họ tên", "A", "text", True)
    assert (agent.text, agent.answered) == ("Chưa khai", False)
    people = sections[1].rows[1]
    assert [row.label for row in people.items[0]] == ["Họ tên", "Ngày sinh:"]


def test_sections_in_english_and_with_files() -> None:
    with translation.override("en"):
        sections = readout(FORM, ANSWERS, {"photo": ["a.jpg", "b.jpg"]})
    assert [section.title for section in sections] == ["Applicant", "Trang", "Trang"]
    assert sections[0].rows[0].label == "Name"
    assert sections[1].rows[0].text == "a.jpg\nb.jpg"
    assert not readout(FORM, ANSWERS, {})[1].rows[0].answered


def test_placeholders() -> None:
    with translation.override("vi"):
        assert texts(FORM, ANSWERS) == {
            "name": "A",
            "agent": "",
            "hidden": "",
            "place": "Phường Bến Thành, Thành phố Hồ Chí Minh",
            "place_ward": "Phường Bến Thành",
            "place_province": "Thành phố Hồ Chí Minh",
            "people": "1. Họ tên: B",
        }
    assert set(texts(FORM, {})) == set(texts(FORM, ANSWERS))


@given(definitions(), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_never_raises(made: dict[str, Any], data: st.DataObject) -> None:
    form = parse(made)
    given = data.draw(answers_for(all_fields(made)))
    assert all(isinstance(text, str) for text in texts(form, given).values())
    for section in readout(form, given, {}):
        assert all(isinstance(row.text, str) and row.text for row in section.rows)


@given(st.sampled_from(list(CLEANERS)), ANSWER)
@settings(max_examples=300)
def test_display_takes_anything(kind: str, value: Any) -> None:
    assert isinstance(display(one(kind), value), str)


def test_what_templates_may_name() -> None:
    form = definition(
        field("money", "price", label="Giá"),
        field("address", "home", label="Nơi ở"),
        field("number", "n"),
        field("calculated", "total", formula=SUM, format="money"),
        field("declaration", "sworn"),
    )
    answers = {
        "price": 1500000,
        "n": 5,
        "home": {"province": "79", "ward": BEN_THANH.code, "street": "12 Lê Lợi"},
        "sworn": {"name": "Lê B", "day": "2026-11-23"},
    }
    with translation.override("vi"):
        found = texts(form, answers)
        assert found["price_in_words"] == "một triệu năm trăm nghìn đồng"
        assert found["total"] == "6 đồng"
        assert (found["home_street"], found["home_ward"]) == ("12 Lê Lợi", "Phường Bến Thành")
        assert found["sworn_name"] == "Lê B"
        assert placeholders(form)["price_in_words"] == "Giá – bằng chữ"
        assert readout(form, answers)[0].rows[-1].text.startswith("Tôi cam đoan lời khai là đúng.\n")
    assert list(placeholders(form)) == list(found)


def test_a_group_in_a_placeholder_takes_anything() -> None:
    form = definition(field("group", "it", **GROUP_OPTIONS))
    assert texts(form, {"it": ["junk", {"p_name": 5}, {"p_name": ["x"]}]})["it"].startswith("1. ")
