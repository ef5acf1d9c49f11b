"""How Nghị định 30/2020/NĐ-CP writes numbers, days and names."""

from datetime import date, datetime, timedelta, timezone

import pytest

from services.documents import decree, drawing


@pytest.mark.parametrize(
    ("number", "text"), [(1, "01/GPXD-UBND"), (9, "09/GPXD-UBND"), (10, "10/GPXD-UBND"), (1234, "1234/GPXD-UBND")]
)
def test_numbers_below_ten_get_a_zero(number: int, text: str) -> None:
    assert decree.number_text(number, "GPXD-UBND") == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
        (date(2026, 11, 21), "ngày 21 tháng 11 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_get_a_zero(day: date, text: str) -> None:
    assert decree.date_text(day) == text


def test_the_moment_of_signing_names_its_zone() -> None:
    moment = datetime(2026, 11, 21, 9, 15, 30, 999, tzinfo=timezone(timedelta(hours=7)))
    assert decree.signing_time_text(moment) == "2026-11-21T09:15:30+07:00"
    assert decree.moment_text(moment) == "09 giờ 15 phút, ngày 21 tháng 11 năm 2026"


@pytest.mark.parametrize(
    ("name", "longest", "lines"),
    [
        ("Ủy ban nhân dân phường Bến Thành", 26, ["Ủy ban nhân dân", "phường Bến Thành"]),
        ("Ủy ban nhân dân phường Bến Thành", 13, ["Ủy ban", "nhân dân", "phường", "Bến Thành"]),
        ("Sở Xây dựng", 26, ["Sở Xây dựng"]),
        ("Trung tâm Phục vụ hành chính công", 26, ["Trung tâm Phục vụ", "hành chính công"]),
        ("", 26, []),
    ],
)
def test_an_agency_name_breaks_after_the_kind_of_body(name: str, longest: int, lines: list[str]) -> None:
    assert decree.name_lines(name, longest) == lines


def test_a_signature_is_the_same_each_time_and_another_for_another_name() -> None:
    assert drawing.flourish("Lê Hoàng Phúc") == drawing.flourish("Lê Hoàng Phúc") != drawing.flourish("Trần Bình")


def test_names_cannot_break_out_of_a_drawing() -> None:
    piece = drawing.signature_piece("<script>", [("Người ký", "</p><script>")])
    seal = drawing.seal("<b>&", "<i>", len)
    assert "<script>" not in piece
    assert "<b>" not in seal
    assert "<i>" not in seal.lower()
