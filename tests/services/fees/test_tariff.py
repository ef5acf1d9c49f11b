"""Which fee lines apply, how much, and in which words."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from services.fees.tariff import Reason, dong, lines
from services.fees.wording import amount_text, fees_text, reason_text

REGISTRATION: list[dict[str, Any]] = [
    {"key": "le-phi", "label": "Lệ phí", "amount": 20000, "unit": "lần", "channel": "in_person"},
    {"key": "le-phi", "label": "Lệ phí", "amount": 10000, "unit": "lần", "channel": "online", "note": "Có nhóm được miễn."},
]
CARD: list[dict[str, Any]] = [
    {"key": "le-phi", "label": "Lệ phí", "amount": 25000, "unit": "thẻ", "channel": None, "until": "2026-12-31"},
    {"key": "le-phi", "label": "Lệ phí", "amount": 50000, "unit": "thẻ", "channel": None, "since": "2027-01-01"},
]
PERMIT: list[dict[str, Any]] = [
    {
        "key": "nha",
        "label": "Nhà ở",
        "amount": 75000,
        "unit": "",
        "channel": None,
        "circumstances": ["nha"],
        "set_by_province": True,
    },
    {
        "key": "khac",
        "label": "Khác",
        "amount": None,
        "unit": "",
        "channel": None,
        "circumstances": ["khac"],
        "note": "Theo hóa đơn",
    },
]


@pytest.mark.parametrize(
    ("channel", "amounts"), [("online", [10000]), ("in_person", [20000]), ("postal", []), ("", [20000, 10000])]
)
def test_a_line_is_for_its_channel(channel: str, amounts: list[int]) -> None:
    assert [line.amount for line in lines(REGISTRATION, channel)] == amounts


def test_the_line_of_the_channel_stands_before_the_general_one() -> None:
    general = {"key": "le-phi", "label": "Lệ phí", "amount": 30000, "channel": None}
    assert [line.amount for line in lines([general, *REGISTRATION], "online")] == [10000]
    assert [line.amount for line in lines([general, *REGISTRATION], "postal")] == [30000]


@pytest.mark.parametrize(("day", "amount"), [(date(2026, 12, 31), 25000), (date(2027, 1, 1), 50000)])
def test_a_line_counts_from_its_first_to_its_last_day(day: date, amount: int) -> None:
    assert [line.amount for line in lines(CARD, "online", on=day)] == [amount]


def test_a_line_is_for_its_circumstances() -> None:
    assert [line.key for line in lines(PERMIT, "online", "nha")] == ["nha"]
    assert [line.key for line in lines(PERMIT, "online")] == ["nha", "khac"]


def test_each_line_says_why() -> None:
    fixed, province, described = [*lines(REGISTRATION, "online"), *lines(PERMIT)]
    assert (fixed.reason, province.reason, described.reason) == (Reason.FIXED, Reason.PROVINCE, Reason.DESCRIBED)
    with translation.override("vi"):
        assert reason_text(fixed) == "Có nhóm được miễn."
        assert reason_text(province) == "Mức do Hội đồng nhân dân cấp tỉnh quy định."
        assert (amount_text(described), reason_text(described)) == ("Theo hóa đơn", "")


def test_amounts_are_written_as_in_vietnam() -> None:
    assert dong(0) == "0 đồng"
    assert dong(75000) == "75.000 đồng"
    assert dong(1234567) == "1.234.567 đồng"


def test_all_fees_in_one_line() -> None:
    with translation.override("vi"):
        assert fees_text(REGISTRATION, "online") == "Lệ phí: 10.000 đồng/lần"
        assert fees_text([], "online") == "Miễn phí"
        assert fees_text([{"key": "a", "label": "Lệ phí", "amount": 0}], "online") == "Lệ phí: Miễn phí"
        assert fees_text(CARD, "online", on=date(2026, 11, 21)) == "Lệ phí: 25.000 đồng/thẻ"
