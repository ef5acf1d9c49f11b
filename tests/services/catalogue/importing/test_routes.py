"""Steps of a route from the tables of a province's decision."""

from typing import Any

import pytest

from services.cases.routing import Kind
from services.catalogue.importing.routes import Who, codes, who, workflow
from services.catalogue.shapes import problems
from tests.services.catalogue.importing.records import STEPS, step
from tests.services.catalogue.importing.records import workflow as record
from tests.services.catalogue.test_shapes import version


def kinds(*steps: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in workflow(record(steps=list(steps))).steps]


def test_a_plain_workflow_is_a_sound_route() -> None:
    found = workflow(record())
    assert [(one["key"], one["kind"], one["office"], one["hours"]) for one in found.steps] == [
        ("tiep-nhan", "receive", {"function": "one-stop"}, 4),
        ("phan-cong", "assign", {"function": "economy"}, 4),
        ("tham-dinh", "appraise", {"function": "economy"}, 16),
        ("xem-xet", "review", {"function": "economy"}, 4),
        ("ky", "sign", {"function": "leadership"}, 8),
        ("dong-dau", "seal", {"function": "registry"}, 4),
        ("tra-ket-qua", "hand_over", {"function": "one-stop"}, None),
    ]
    assert found.findings == []
    content = version() | {"route": found.steps, "limit_value": 5, "limit_unit": "working_day", "circumstances": []}
    assert [problem for problem in problems(content) if problem.place.startswith("route")] == []


def test_every_kind_is_one_that_cases_know() -> None:
    assert {one["kind"] for one in workflow(record()).steps} <= {kind.value for kind in Kind}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("Công chức của Sở Tài chính tiếp nhận hồ sơ tại Trung tâm Phục vụ hành chính công", Who.ONE_STOP),
        ("Bộ phận tiếp nhận và trả kết quả của Sở Nội vụ tại TTPVHCC tỉnh", Who.ONE_STOP),
        ("Chuyên viên Văn phòng UBND tỉnh", Who.SPECIALIST),
        ("Lãnh đạo Phòng Quản lý môi trường", Who.HEAD),
        ("Lãnh đạo Sở", Who.LEADER),
        ("UBND tỉnh", Who.LEADER),
        ("Văn thư Văn phòng UBND tỉnh", Who.CLERK),
        ("Các Sở, ban, ngành được xin ý kiến", Who.ASKED),
        ("Hội đồng tuyển dụng", Who.OTHER),
    ],
)
def test_who_a_desk_is(unit: str, expected: Who) -> None:
    assert who(unit) == expected


def test_only_the_last_signature_signs_and_only_the_seal_after_it_seals() -> None:
    assert kinds(
        step("Trung tâm Phục vụ hành chính công", "Tiếp nhận hồ sơ"),
        step("Lãnh đạo Sở", "Ký duyệt văn bản trình UBND tỉnh"),
        step("Văn thư Sở", "Đóng dấu, chuyển UBND tỉnh"),
        step("Trung tâm Phục vụ hành chính công tỉnh", "Tiếp nhận hồ sơ từ xã"),
        step("Lãnh đạo UBND tỉnh", "Phê duyệt"),
        step("Văn thư Văn phòng UBND tỉnh", "Vào sổ, chuyển kết quả"),
        step("Bộ phận trả kết quả", "Trả kết quả cho cá nhân"),
    ) == ["receive", "approve", "register", "register", "sign", "seal", "hand_over"]


def test_what_a_task_is_comes_from_its_words() -> None:
    assert kinds(
        step("Bộ phận Một cửa", "Tiếp nhận hồ sơ"),
        step("Chuyên viên", "Kiểm tra thực địa"),
        step("Các Sở, ban, ngành được xin ý kiến", "Có văn bản trả lời"),
        step("Chuyên viên", "Dự thảo quyết định"),
        step("Bộ phận Một cửa", "Thu phí thẩm định"),
        step("Trưởng phòng", "Xem xét hồ sơ, báo cáo Lãnh đạo được phân công"),
    )[1:] == ["inspect", "consult", "draft", "collect_fee", "review"]


def test_steps_at_the_province_go_to_the_agency_above() -> None:
    found = workflow(record(steps=[*STEPS[:4], step("Lãnh đạo UBND tỉnh", "Ký duyệt"), *STEPS[5:]]))
    assert found.steps[4]["office"] == {"parent": True, "function": "leadership"}


def test_hours_come_from_the_number_else_from_the_words() -> None:
    found = workflow(
        record(
            total_hours=None,
            steps=[
                step("Một cửa", "Tiếp nhận", None, time_text="0,25 ngày làm việc"),
                step("Chuyên viên", "Thẩm định", "2,5"),
                step("Chuyên viên", "Thẩm định", None, time_text="30 phút"),
                step("Chuyên viên", "Thẩm định", None, time_text="Không tính thời gian"),
                step("Một cửa", "Trả kết quả cho dân", 2),
            ],
        )
    )
    assert [one["hours"] for one in found.steps] == [2, 2.5, 0.5, None, None]
    assert {("route.tham-dinh-3", "route.no_hours"), ("route.tra-ket-qua", "route.hand_over_hours")} <= {
        (one.field, one.code) for one in found.findings
    }


def test_a_total_that_does_not_fit_and_missing_steps_are_reported() -> None:
    found = workflow(record(total_hours=99, steps=STEPS[2:4]))
    assert {"route.total", "route.no_receive", "route.no_sign", "route.no_seal", "route.no_hand_over"} <= {
        one.code for one in found.findings
    }
    assert [one.code for one in workflow(record(steps=[])).findings] == ["route.empty"]


def test_long_tasks_are_shortened_and_kept_whole_beside() -> None:
    task = "Thẩm định hồ sơ. " + "Kiểm tra từng giấy tờ trong hồ sơ theo quy định. " * 10
    found = workflow(record(steps=[step("Chuyên viên", task)]))
    assert len(found.steps[0]["title"]) <= 200
    assert [one.value for one in found.findings if one.code == "route.title"] == [task.strip().rstrip(".") + "."]


def test_codes_are_found_without_what_the_province_adds() -> None:
    assert codes(record(procedure_codes=["1.900001.H05", "1.900001"])) == ("1.900001",)
    assert codes(record(procedure_codes=[], heading="Thủ tục A (Mã TTHC: 2.900002)")) == ("2.900002",)
    assert codes(record(procedure_codes=[], names=[], heading="Quyết định 31.123456")) == ()


def test_a_workflow_without_a_name_is_called_by_its_decision() -> None:
    found = workflow(record(procedure_codes=[], names=[""], heading="H05"))
    assert found.name == "Quy trình nội bộ, 10/QĐ-UBND 2026, Cao Bằng"
    assert "route.name" in {one.code for one in found.findings}
