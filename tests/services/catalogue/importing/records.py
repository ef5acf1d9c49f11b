"""Small records of the shapes that the national portal and the provinces give, made by hand."""

import json
from collections.abc import Mapping
from typing import Any

FREE = {"raw": "Miễn phí", "amount_vnd": 0}


def method(channel: str = "online", **given: Any) -> dict[str, Any]:
    """A way to file: five working days, free."""
    return {
        "channel": channel,
        "channel_vi": {"online": "Trực tuyến", "postal": "Dịch vụ bưu chính", "in_person": "Trực tiếp"}.get(channel, channel),
        "time_value": 5,
        "time_unit": "working_day",
        "time_text": "5 ngày làm việc",
        "fees": [dict(FREE)],
        **given,
    }


def paper(
    name: str, originals: int | None = 1, copies: int | None = 0, *, case: str | None = None, **given: Any
) -> dict[str, Any]:
    """A row of the papers."""
    return {"case": case, "name": name, "form_file": None, "originals": originals, "copies": copies, **given}


def procedure(**given: Any) -> dict[str, Any]:
    """A procedure with nothing remarkable about it."""
    return {
        "code": "1.900001",
        "name": "Cấp giấy xác nhận nuôi ong lấy mật",
        "field": "Chăn nuôi thử nghiệm",
        "ministry": "Bộ Nông nghiệp và Môi trường",
        "levels": ["Cấp xã"],
        "kind": "TTHC được giao luật quy định chi tiết",
        "subjects": ["Công dân Việt Nam", "Cán bộ", "công chức", "viên chức"],
        "agency": "Ủy ban nhân dân cấp xã",
        "competent_agency": "Ủy ban nhân dân cấp xã",
        "coordinating_agency": None,
        "steps": ["Bước 1: Người nuôi ong nộp hồ sơ.", "Bước 2: Ủy ban nhân dân cấp xã cấp giấy xác nhận."],
        "methods": [method("online"), method("in_person")],
        "documents": [paper("Tờ khai nuôi ong"), paper("Bản sao giấy tờ về đất", 0, 1)],
        "results": [{"name": "Giấy xác nhận nuôi ong", "code": "KQ.G10.000001"}],
        "legal_basis": ["01/2026/NĐ-CP"],
        "conditions": "Nuôi từ 10 đàn trở lên.",
        "decision": "1/QĐ-BNNMT",
        "source_url": "https://example.vn/thu-tuc/1",
        "kind_of_record": "national_procedure",
        "time_limit": "5 ngày làm việc",
        "fee_summary": ["Miễn phí"],
        "source": "test",
        **given,
    }


def step(unit: str, task: str, hours: float | None = 4, **given: Any) -> dict[str, Any]:
    """A row of an internal workflow."""
    return {"no": 1, "unit": unit, "task": task, "time_text": "0,5 ngày làm việc", "hours_8h_day": hours, **given}


STEPS = [
    step("Trung tâm Phục vụ hành chính công cấp xã", "Kiểm tra, tiếp nhận hồ sơ, hẹn trả kết quả", 4),
    step("Lãnh đạo Phòng Kinh tế", "Phân công thụ lý hồ sơ", 4),
    step("Chuyên viên Phòng Kinh tế", "Thẩm định hồ sơ, dự thảo kết quả", 16),
    step("Lãnh đạo Phòng Kinh tế", "Xem xét dự thảo, trình Lãnh đạo", 4),
    step("Lãnh đạo UBND cấp xã", "Ký phê duyệt kết quả", 8),
    step("Văn thư UBND cấp xã", "Vào sổ, đóng dấu, chuyển kết quả", 4),
    step("Trung tâm Phục vụ hành chính công cấp xã", "Trả kết quả cho cá nhân, tổ chức", None, time_text="Không tính thời gian"),
]


def workflow(**given: Any) -> dict[str, Any]:
    """The internal workflow of `procedure`."""
    return {
        "procedure_codes": ["1.900001"],
        "names": ["Cấp giấy xác nhận nuôi ong lấy mật"],
        "heading": "Cấp giấy xác nhận nuôi ong lấy mật (Mã TTHC: 1.900001)",
        "decision": "10/QĐ-UBND 2026",
        "decision_title": "Quyết định 10/QĐ-UBND năm 2026 phê duyệt quy trình nội bộ",
        "province": "Cao Bằng",
        "n_steps": len(STEPS),
        "total_hours": 40,
        "steps": [dict(row) for row in STEPS],
        "source": "test",
        **given,
    }


def row(**given: Any) -> dict[str, Any]:
    """A row of the annex: which paper is replaced by which database."""
    return {
        "stt": 1,
        "procedure_code": "1.900001",
        "procedure_name": "Cấp giấy xác nhận nuôi ong lấy mật",
        "document_replaced": "Giấy tờ về đất",
        "database": "CSDLQG về đất đai",
        "database_owner": "Bộ Nông nghiệp và Môi trường",
        "legal_document": "Nghị định số 01/2026/NĐ-CP",
        "legal_clause": "Điều 1",
        "section": "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        **given,
    }


def lines(*records: Mapping[str, Any]) -> bytes:
    """The records as JSON Lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
