"""A record becomes a content that opens everywhere, whatever the record looks like."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue.content import KEYS, misfits
from services.catalogue.importing import agencies, databases, outdated
from services.catalogue.importing.procedures import Domain, Domains, audience, content, missing
from services.catalogue.importing.routes import workflow
from services.catalogue.shapes import problems
from tests.services.catalogue.importing import records
from tests.services.catalogue.importing.records import method, paper, procedure


def codes(**given: Any) -> set[str]:
    return {one.code for one in content(procedure(**given), Domains([])).findings}


def made(**given: Any) -> dict[str, Any]:
    return content(procedure(**given), Domains([])).content


def test_a_good_record_leaves_only_what_no_record_can_say() -> None:
    found = content(procedure(), Domains([]))
    assert [one.code for one in found.findings] == ["form.starter", "route.missing", "outcome.empty", "documents.declaration"]
    assert {problem.place.split(".")[0] for problem in problems(found.content)} <= {"route", "outcome"}
    assert list(found.content) == list(KEYS)


def test_facts_are_taken_as_they_are() -> None:
    found = made()
    assert {key: found[key] for key in ("code", "level", "agency_function", "limit_value", "limit_unit", "result_code")} == {
        "code": "1.900001",
        "level": "ward",
        "agency_function": "",
        "limit_value": 5,
        "limit_unit": "working_day",
        "result_code": "KQ.G10.000001",
    }
    assert found["audience"] == "Công dân Việt Nam; Cán bộ, công chức, viên chức"
    assert [one["channel"] for one in found["channels"]] == ["online", "in_person"]
    assert (found["source"], found["is_demo"]) == ("https://example.vn/thu-tuc/1", False)


def test_officials_whom_the_portal_takes_apart_are_one_group() -> None:
    assert audience(["Cán bộ", "công chức", "viên chức", "Doanh nghiệp"]) == "Cán bộ, công chức, viên chức; Doanh nghiệp"


def test_a_field_of_law_that_is_known_is_found_however_it_is_written() -> None:
    domains = Domains([Domain("ho-tich", "Hộ tịch", 1)])
    assert domains.of("HỘ TỊCH").slug == "ho-tich"
    assert domains.of("Chứng thực").slug == "chung-thuc"
    assert domains.of("Hộ tịch!").slug == "ho-tich-2"


def test_of_several_outcomes_the_first_that_grants_something_is_taken() -> None:
    results = [{"name": "Văn bản từ chối nêu rõ lý do", "code": "KQ.1"}, {"name": "Giấy phép", "code": "KQ.2"}]
    found = content(procedure(results=results), Domains([]))
    assert (found.content["result_name"], found.content["result_code"]) == ("Giấy phép", "KQ.2")
    assert [one.value for one in found.findings if one.code == "result.several"] == ["Văn bản từ chối nêu rõ lý do (KQ.1)"]


def test_texts_that_are_too_long_for_their_place_are_kept_whole_in_another() -> None:
    name = "Giao đất ở có thu tiền sử dụng đất đối với cá nhân, " * 20
    result = "Giấy chứng nhận quyền sử dụng đất; " * 20
    found = made(name=name, results=[{"name": result, "code": None}])
    assert len(found["name"]) <= 400
    assert len(found["result_name"]) <= 200
    assert " ".join(name.split()) in found["conditions"]
    assert " ".join(result.split()) in found["conditions"]


def test_the_past_levels_of_government_are_pointed_out_and_left() -> None:
    found = content(procedure(agency="UBND huyện", levels=["Cấp huyện"], steps=["Nộp tại xã, phường, thị trấn."]), Domains([]))
    assert found.content["steps_text"] == ["Nộp tại xã, phường, thị trấn."]
    assert {(one.field, one.value) for one in found.findings if one.code == "wording.old"} == {
        ("agency_name", "UBND huyện"),
        ("steps_text", "xã, phường, thị trấn"),
    }
    assert "level.old" in {one.code for one in found.findings}
    assert outdated.phrases("quân khu, xã, phường") == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"levels": ["Cấp xã"], "agency": "Công an cấp Xã"}, ("ward", "police")),
        ({"levels": ["Cấp tỉnh"], "agency": "Sở Xây dựng"}, ("city", "construction")),
        ({"levels": ["Cấp tỉnh"], "agency": "Sở Tư pháp"}, ("city", "")),
        ({"levels": ["Cấp tỉnh", "Cấp xã"], "agency": "Sở Xây dựng"}, ("city", "construction")),
        ({"levels": ["Cấp bộ", "Cấp tỉnh", "Cấp xã"], "agency": "Công an tỉnh, Công an cấp Xã"}, ("ward", "police")),
        ({"levels": [], "agency": None}, ("ward", "")),
    ],
)
def test_level_and_function(given: dict[str, Any], expected: tuple[str, str]) -> None:
    found = agencies.agency(given)
    assert (found.level, found.function) == expected


def test_what_is_missing_is_said() -> None:
    empty: dict[str, Any] = {
        "code": "1.900001",
        "name": "Thủ tục",
        "steps": [],
        "methods": [],
        "documents": [],
        "results": [],
        "levels": None,
    }
    assert {one.code for one in content(empty, Domains([])).findings} == {
        "agency.missing",
        "audience.missing",
        "channels.missing",
        "documents.missing",
        "domain.missing",
        "fees.none_given",
        "form.starter",
        "legal.missing",
        "level.unknown",
        "limit.missing",
        "outcome.empty",
        "result.missing",
        "route.missing",
        "steps.missing",
    }


def test_an_unknown_way_to_file_is_left_out_and_named() -> None:
    assert "channels.unknown" in codes(methods=[method("carrier_pigeon"), method("online")])
    assert [one["channel"] for one in made(methods=[method("Nộp trực tuyến", channel_vi=None)])["channels"]] == ["online"]


def test_what_the_version_in_force_knows_better_stays() -> None:
    current = made(levels=["Cấp tỉnh"]) | {"route": [{"key": "tiep-nhan"}], "minutes_needed": 9}
    found = content(procedure(), Domains([]), current)
    assert (found.content["level"], found.content["route"], found.content["minutes_needed"]) == (
        "city",
        [{"key": "tiep-nhan"}],
        9,
    )
    assert "record.published" in {one.code for one in found.findings}
    assert "route.missing" not in {one.code for one in found.findings}


def test_without_code_or_name_there_is_no_draft() -> None:
    assert missing(procedure(code="H29")).code == "record.code"
    assert missing(procedure(code=None)).code == "record.code"
    assert missing(procedure(name=" ")).code == "record.name"
    assert missing(procedure()) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("CSDLQG về đất đai", "Cơ sở dữ liệu quốc gia về đất đai"),
        ("Cơ sở dữ liệu quốc gia về Đất đai;", "Cơ sở dữ liệu quốc gia về đất đai"),
        ("CSDL quốc gia về dân cư; CSDL hộ tịch điện tử.", "Cơ sở dữ liệu quốc gia về dân cư; Cơ sở dữ liệu hộ tịch điện tử"),
        ("Cơ sở dữ liệu quốc gia về đăng ký doanh", "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"),
    ],
)
def test_databases_have_one_name(written: str, expected: str) -> None:
    assert databases.replaced_by(written) == (expected, True)
    assert databases.replaced_by("Bộ Công an") == ("Bộ Công an", False)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.sampled_from(
        [
            "Miễn phí",
            "135.000 đồng/lần",
            "5 ngày làm việc",
            "Cấp huyện",
            "x" * 5000,
            "a. b; " * 400,
            "1.900001",
            "\u0000\ud800\u200e",
            "-1",
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a record."""
    found = [here] if here else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += places(item, (*here, key))
    return found


RICH = procedure(
    methods=[
        method(
            "online",
            note="07 ngày làm việc",
            fees=[{"raw": "135 VNĐ", "amount_vnd": 135000, "explain": "135.000 đồng/lần", "scaled_x1000": True}],
        ),
        method("postal", time_unit=None, fees=[{"raw": "Miễn phí", "amount_vnd": 0, "explain": "Theo quy định của HĐND"}]),
    ],
    documents=[paper("Đơn", case="Trường hợp A"), paper("Ghi chú", 0, 0, case="Trường hợp A"), paper("Đơn", case="Trường hợp B")],
)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_change_of_a_record_stops_the_import(data: st.DataObject) -> None:
    record = copy.deepcopy(RICH)
    for _change in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.sampled_from(places(record)))
        holder: Any = record
        for key in place[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[place[-1]] = data.draw(ODD)
        else:
            del holder[place[-1]]
    if missing(record) is None:
        found = content(record, Domains([]))
        assert misfits(found.content) == []
        problems(found.content)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_no_change_of_a_workflow_stops_the_import(data: st.DataObject) -> None:
    record = records.workflow()
    for _change in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.sampled_from(places(record)))
        holder: Any = record
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = data.draw(ODD)
    found = workflow(record)
    assert misfits({"route": found.steps}) == []
    assert len(found.name) <= 400
    problems(made() | {"route": found.steps})
