from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.forms.definition import parse
from services.forms.readout import display, readout, texts
from tests.services.forms.forms import BEN_THANH, JSON, all_fields, answers_for, definition, definitions, field, one, page, raw

GROUP_OPTIONS: dict[str, Any] = {
    "fields": [field("text", "p_name", label="Họ tên"), field("date", "born", label="Ngày sinh:", required=False)]
}


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
        ("text", {}, None, ""),
        ("number", {}, float("inf"), ""),
        ("number", {}, "1e400", ""),
    ],
)
def test_display(kind: str, options: dict[str, Any], value: Any, text: str) -> None:
    with translation.override("vi"):
        assert display(one(kind, **options), value) == text


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


@given(
    st.sampled_from(["text", "number", "money", "date", "yes_no", "choice", "multiple_choice", "phone", "province_ward"]), JSON
)
def test_display_takes_anything(kind: str, value: Any) -> None:
    assert isinstance(display(one(kind), value), str)


def test_a_group_in_a_placeholder_takes_anything() -> None:
    form = definition(field("group", "it", **GROUP_OPTIONS))
    assert texts(form, {"it": ["junk", {"p_name": 5}, {"p_name": ["x"]}]})["it"].startswith("1. ")
