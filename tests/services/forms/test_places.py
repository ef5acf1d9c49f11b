from collections import Counter

import pytest
from django.test import Client

from services.forms import places

TYPES = ("Phường", "Xã", "Đặc khu")


def test_the_country_is_complete() -> None:
    """Quyết định 19/2025/QĐ-TTg: 34 provinces and cities, 3,321 units of the commune level."""
    wards = [ward for province in places.provinces() for ward in places.wards(province.code)]
    assert len(places.provinces()) == 34
    assert Counter(next(kind for kind in TYPES if ward.name.startswith(f"{kind} ")) for ward in wards) == {
        "Xã": 2621,
        "Phường": 687,
        "Đặc khu": 13,
    }
    assert len({ward.code for ward in wards}) == len(wards)
    assert all(len(ward.code) == 5 and ward.code.isdigit() for ward in wards)
    assert all(ward.name == " ".join(ward.name.split()) for ward in wards)


def test_names() -> None:
    assert places.province_name("79") == "Thành phố Hồ Chí Minh"
    assert places.province_name("04") == "Tỉnh Cao Bằng"
    assert places.ward_name("26743") == "Phường Bến Thành"
    assert places.province_of("26743") == "79"


@pytest.mark.parametrize("code", ["", "00", "99999", "26743 "])
def test_unknown_codes(code: str) -> None:
    assert places.province_name(code) == places.ward_name(code) == places.province_of(code) == ""
    assert places.wards(code) == ()


def test_provinces_are_in_vietnamese_order() -> None:
    names = [province.name.removeprefix("Thành phố ").removeprefix("Tỉnh ") for province in places.provinces()]
    assert names.index("Cao Bằng") < names.index("Cần Thơ") < names.index("Đà Nẵng") < names.index("Gia Lai")


def test_the_page_gets_the_wards_of_a_province(client: Client) -> None:
    answer = client.get("/nop/phuong-xa/?province=79")
    assert answer.status_code == 200
    assert "max-age=86400" in answer["Cache-Control"]
    page = answer.content.decode()
    assert page.count("<option") == len(places.wards("79")) == 168
    assert '<option value="26743">Phường Bến Thành</option>' in page
    assert client.get("/nop/phuong-xa/?province=<b>").content == b""
    assert client.post("/nop/phuong-xa/").status_code == 405
