"""The promise: what two devices write is never lost, and a case that was closed can be written in for thirty days."""

from datetime import UTC, datetime, timedelta

import pytest

from services.cases import conversation

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kept", "was", "new", "after"),
    [
        ("", "", "Xin hỏi", "Xin hỏi"),
        ("Xin", "Xin", "Xin hỏi", "Xin hỏi"),
        ("Xin hỏi", "Xin hỏi", "", ""),
        ("Xin hỏi", "", "Xin hỏi", "Xin hỏi"),
        ("Xin hỏi", "", "Xin hỏi thêm", "Xin hỏi thêm"),
        ("Từ máy tính", "", "Từ điện thoại", "Từ máy tính\n\nTừ điện thoại"),
        # The same page goes on typing before it has seen the other's words: they are not put in twice.
        ("Từ máy tính\n\nTừ điện", "Từ điện", "Từ điện thoại", "Từ máy tính\n\nTừ điện thoại"),
        ("Từ máy tính\n\nTừ điện thoại", "", "Từ điện thoại", "Từ máy tính\n\nTừ điện thoại"),
        ("Từ máy tính", "Khác", "", "Từ máy tính"),
    ],
)
def test_two_devices(kept: str, was: str, new: str, after: str) -> None:
    assert conversation.merged(kept, was, new) == after


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (30, True), (31, False)])
def test_closed_cases(days: int, is_open: bool) -> None:
    assert conversation.is_open(NOW - timedelta(days=days), NOW) is is_open
    assert conversation.is_open(None, NOW)
