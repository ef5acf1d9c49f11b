"""Fees: “Miễn phí” is free only where nothing else is said."""

from typing import Any

import pytest

from services.catalogue.importing.fees import amounts, fee, fees


def read(raw: str = "Miễn phí", amount: object = 0, explain: str | None = None, **more: Any) -> tuple[int | None, str, list[str]]:
    found = fee({"raw": raw, "amount_vnd": amount, "explain": explain, **more})
    return found.amount, found.words, [one.code for one in found.findings]


@pytest.mark.parametrize("explain", [None, "", "Không", "Không có", "Không quy định.", "Chưa quy định."])
def test_a_plain_free_is_free(explain: str | None) -> None:
    assert read(explain=explain) == (0, "Miễn phí", [])


@pytest.mark.parametrize(
    "explain",
    [
        "Theo quy định của HĐND",
        "Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định. Phí công bố: 100.000 đồng",
        "do Ủy ban nhân dân cấp tỉnh quy định.",
    ],
)
def test_free_by_decision_of_the_province_is_not_free(explain: str) -> None:
    found = fee({"raw": "Miễn phí", "amount_vnd": 0, "explain": explain})
    assert (found.amount, found.by_province, found.note) == (None, True, explain)
    assert [one.code for one in found.findings] == ["fees.province"]


def test_the_amount_of_the_explanation_counts_before_free() -> None:
    assert read(explain="Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.") == (135_000, "135.000 đồng/lần", ["fees.free_but"])
    assert read(explain="135.000 đồng/lần; trực tuyến 115.000 đồng/lần")[2] == ["fees.free_but", "fees.several_amounts"]


def test_a_formula_is_described_and_not_worked_out() -> None:
    amount, words, codes = read(explain="Nộp 150.000 đồng + (số tấn x 15.000 đồng/tấn)")
    assert (amount, codes[0]) == (None, "fees.free_but")
    assert words.startswith("Nộp 150.000 đồng")


def test_free_with_a_circular_is_a_question_for_a_person() -> None:
    assert read(explain="Thực hiện theo Thông tư số 244/2016/TT-BTC ngày 11/11/2016.")[2] == ["fees.free_or"]


def test_amounts_typed_in_thousands_need_a_confirmation() -> None:
    assert read("135 VNĐ", 135_000, "135.000 đồng/lần", scaled_x1000=True) == (135_000, "135.000 đồng/lần", [])
    assert read("100 VNĐ", 100_000, "", scaled_x1000=True) == (100_000, "100.000 đồng", ["fees.thousands"])


def test_amounts_below_a_thousand_are_not_believed() -> None:
    assert read("40 Việt Nam Đồng", 40, "4.000 đ/giấy thông hành") == (4000, "4.000 đồng/giấy thông hành", ["fees.small"])
    assert read("40 Việt Nam Đồng", 40)[::2] == (None, ["fees.small_alone"])


def test_dollars_are_described() -> None:
    assert read("45 USD", None, amount_usd=45) == (None, "45 USD", ["fees.foreign"])


def test_an_amount_that_stands_only_in_words_is_read() -> None:
    assert read("300,000 Việt Nam Đồng", None)[0] == 300_000
    assert read("300,000 Việt Nam Đồng", "300000")[0] == 300_000
    assert read("50,000 Việt Nam Đồng", 50_000, "/văn bản") == (50_000, "50.000 đồng/văn bản", [])


@pytest.mark.parametrize("amount", [-5, 10**14, True, [], "nhiều"])
def test_what_is_no_amount_is_described(amount: object) -> None:
    assert read("mức thu tùy việc", amount)[0] is None


def test_nothing_said_is_neither_free_nor_charged() -> None:
    found = fees([("online", {"fees": [{"raw": "Không có thông tin", "amount_vnd": None}]})])
    assert (found.lines, found.words, [one.code for one in found.findings]) == ([], {"online": ""}, ["fees.none_given"])


def test_a_fee_of_all_ways_is_one_line_and_different_fees_are_bound_to_their_way() -> None:
    one = {"raw": "30,000 VNĐ", "amount_vnd": 30_000, "explain": "/hồ sơ"}
    other = {"raw": "20,000 VNĐ", "amount_vnd": 20_000, "explain": "/hồ sơ."}
    shared = fees([("online", {"fees": [one]}), ("postal", {"fees": [{**one, "explain": "/hồ sơ."}]})])
    assert [(line["channel"], line["amount"]) for line in shared.lines] == [(None, 30_000)]
    apart = fees([("online", {"fees": [other]}), ("postal", {"fees": [one]})])
    assert [(line["key"], line["channel"], line["amount"]) for line in apart.lines] == [
        ("phi-le-phi", "online", 20_000),
        ("phi-le-phi", "postal", 30_000),
    ]


def test_numbers_of_circulars_and_years_are_no_amounts() -> None:
    assert amounts("Thông tư số 244/2016/TT-BTC ngày 11/11/2016, mẫu 85/2019") == []
    assert amounts("230.000/lần; 5000 đồng; 10.500.000 đồng") == [230_000, 5000, 10_500_000]
