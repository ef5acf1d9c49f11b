from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from portal.kit import charts
from portal.kit.paging import Capped, Page
from tests.portal.markup import sound

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
CASE = SimpleNamespace(state=4, get_state_display=lambda: "Đang xử lý")
ROWS = [
    {"label": "Họ và tên", "text": "Ánh\nThị", "change_href": "/a"},
    {"label": "Ghi chú", "text": ""},
    {"label": "Số", "text": "1", "href": "/b"},
]
FILES = [
    {"name": "ban-ve.pdf", "size": 1200, "kind": "application/pdf", "href": "/f", "remove_action": "/r"},
    {"name": "anh.jpg", "size": 3, "kind": "image/jpeg", "at": NOW, "note": "mới"},
    {"name": "don.docx", "size": 0, "kind": None},
]
STEPS = [
    {"title": "Tiếp nhận", "status": "done", "office_name": "Một cửa", "finished_at": NOW},
    {"title": "Thẩm định", "state": "current", "office": "Phòng", "by": "Lan", "due_at": NOW, "note": "a\nb"},
    {"title": "Lấy ý kiến", "status": "skipped"},
    {"title": "Ký", "status": "upcoming"},
]
ENTRIES = [
    {"title": "Đã nộp", "at": NOW, "links": [("Giấy hẹn", "/d")]},
    {"title": "Yêu cầu bổ sung", "at": NOW, "actor_name": "Lan", "office_name": "Phòng", "note": "Thiếu\nchữ ký", "tone": "wait"},
]
EXAMPLES: list[tuple[str, dict[str, Any]]] = [
    ("back_link", {"href": "/"}),
    *[("banner", {"tone": tone, "title": "Tiêu đề", "text": "Lời"}) for tone in ("success", "error", "warning", "info", "")],
    ("bar_chart", {"chart": charts.bars([("A", 1), ("B", 0)], title="T", unit="hồ sơ")}),
    ("breadcrumbs", {"items": [("Trang chủ", "/"), ("Thủ tục", "")]}),
    (
        "case_card",
        {"href": "/", "number": "H29", "title": "T", "case": CASE, "due_at": NOW, "band": "on_time", "left": 60, "note": "N"},
    ),
    ("case_card", {"href": "/", "title": "T", "state": 0, "label": "Bản nháp"}),
    ("case_number", {"number": "H29.12-261121-0001"}),
    ("count", {"count": Capped(100, True)}),
    *[("deadline", {"band": band, "due_at": NOW, "left": -90}) for band in ("on_time", "due_soon", "overdue", "paused", "done")],
    ("deadline", {"band": "on_time", "label": "Sớm"}),
    ("details", {"summary": "S", "text": "T"}),
    ("domain_tile", {"href": "/", "name": "Hộ tịch", "slug": "ho-tich", "count": 0}),
    *[("empty", {"title": "T", "picture": picture}) for picture in ("documents", "search", "queue", "done", "lock")],
    ("empty", {"title": "T", "text": "X", "action_href": "/", "action_label": "Đi"}),
    ("error_summary", {"problems": [{"message": "Thiếu", "href": ""}]}),
    ("file_list", {"files": FILES}),
    ("hero_picture", {}),
    ("inset", {"text": "T"}),
    ("line_chart", {"chart": charts.lines(["T1", "T2"], [("A", [1, 2]), ("B", [0, 3.5])], title="T")}),
    ("mark", {}),
    ("meter", {"used": 100, "total": 0, "band": "overdue"}),
    ("meter", {"used": 900, "total": 480}),
    ("page_progress", {"number": 2, "total": 5, "title": "T"}),
    ("pagination", {"page": Page([1], "n", "p"), "target": "list"}),  # type: ignore[list-item,misc]
    ("panel", {"title": "Đã nộp", "number": "H29", "text": "T"}),
    ("pictures", {"picture": "search"}),
    ("procedure_tile", {"href": "/", "name": "N", "code": "1.0", "domain_slug": "dat-dai", "note": "15 ngày", "online": True}),
    ("search_box", {"action": "/", "label": "Tìm", "hint": "H", "size": "l"}),
    ("search_box", {"action": "/", "label": "Tìm", "name": "x", "id": "y", "value": "<b>"}),
    ("signature_status", {"ok": True, "title": "Thật", "text": "T", "rows": ROWS}),
    ("signature_status", {"ok": False, "title": "Không"}),
    ("stages", {"stages": [{"title": "Nộp", "state": "done"}, {"title": "Xử lý", "state": "current"}]}),
    ("stat", {"label": "Quá hạn", "value": "17", "note": "N", "tone": "bad", "href": "/", "icon": "alert"}),
    ("steps", {"steps": STEPS}),
    ("submit", {"label": "Gửi", "name": "n", "tone": "warning", "secondary_href": "/", "secondary_label": "Thôi"}),
    ("summary_card", {"title": "T", "rows": ROWS, "change_href": "/"}),
    ("summary_list", {"rows": ROWS}),
    ("tag_state", {"case": CASE}),
    ("tag_state", {"state": 9, "label": "Xong"}),
    ("timeline", {"entries": ENTRIES}),
    (
        "upload",
        {
            "action": "/",
            "id": "up",
            "label": "Bản vẽ",
            "hint": "H",
            "error": "Lớn",
            "accept": ".pdf",
            "multiple": True,
            "max_bytes": 2000,
        },
    ),
    *[
        ("viewer", {"href": "/f", "title": "T", "media_type": kind})
        for kind in ("application/pdf", "image/png", "image/heic", "text/plain")
    ],
    ("warning", {"text": "T"}),
]
OF_THE_WHOLE_PAGE = {"header", "navigation", "footer", "trial_banner"}
"""Parts of base.html, tried with every page."""


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("name", "context"), EXAMPLES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(EXAMPLES)])
def test_component_is_sound(name: str, context: dict[str, Any], language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"components/{name}.html", {**context, "request": RequestFactory().get("/")})
    sound(html)
    assert html.strip()
    assert "None" not in html


def test_every_component_is_tried() -> None:
    there = {path.stem for path in (settings.BASE_DIR / "templates" / "components").glob("*.html")}
    assert there == {name for name, _ in EXAMPLES} | OF_THE_WHOLE_PAGE


def test_a_deadline_is_never_told_by_colour_alone() -> None:
    said = {
        band: render_to_string("components/deadline.html", {"band": band, "left": -700, "due_at": NOW})
        for band in ("on_time", "due_soon", "overdue", "paused")
    }
    assert len({html.split("<strong")[1].split("</strong>")[0] for html in said.values()}) == 4
    assert len({html.split("icons.svg#")[1].split('"')[0] for html in said.values()}) == 4


def test_markup_in_data_is_only_text() -> None:
    bad = "<script>x</script>"
    rows = [{"label": bad, "text": bad}]
    html = render_to_string("components/summary_list.html", {"rows": rows})
    html += render_to_string(
        "components/timeline.html", {"entries": [{"title": bad, "note": bad, "actor_name": bad, "office_name": bad}]}
    )
    html += render_to_string(
        "components/steps.html", {"steps": [{"title": bad, "status": "done", "office_name": bad, "holder_name": bad}]}
    )
    assert "<script" not in html
