"""The public pages: what they say and what they cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
Counter = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def vietnamese() -> Client:
    return Client(headers={"Accept-Language": "vi"})


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 2), ("/thu-tuc/", 2), ("/thu-tuc/?q=khai+sinh", 2), ("/thu-tuc/?q=khong+co+gi", 3), ("/thu-tuc/1.013225/", 2)],
)
def test_pages_cost_few_queries(address: str, queries: int, vietnamese: Client, django_assert_num_queries: Counter) -> None:
    with django_assert_num_queries(queries):
        assert vietnamese.get(address).status_code == 200


def test_home_leads_to_the_procedures(vietnamese: Client) -> None:
    page = text_of(vietnamese, "/")
    assert "/thu-tuc/1.013225/" in page
    assert "?linh-vuc=ho-tich" in page


def test_a_procedure_page_has_what_the_law_wants_published(vietnamese: Client) -> None:
    """Điều 15 Nghị định 224/2026/NĐ-CP; Quyết định 766/QĐ-TTg, group 1."""
    page = text_of(vietnamese, "/thu-tuc/1.013225/")
    for told in (
        "Cấp giấy phép xây dựng mới",  # name
        "thông báo một lần bằng văn bản",  # how it is done
        "Trực tuyến",  # ways to file
        "Qua bưu chính công ích",
        "Hồ sơ thiết kế xây dựng",  # papers
        "2 bản chính",  # how many
        "15 ngày với nhà ở riêng lẻ",  # time limit
        "hộ gia đình",  # for whom
        "Ủy ban nhân dân cấp xã",  # agency
        "75.000 đồng/giấy phép",  # fees
        "KQ.G17.000311",  # outcome
        "Luật Xây dựng số 50/2014/QH13",  # legal basis
        "Điều 91, 93 Luật Xây dựng",  # conditions
        "Mẫu số 01, Phụ lục II Nghị định 175/2024/NĐ-CP",  # form
        "56/QĐ-BXD",
    ):
        assert told in page, told
    assert page.count('class="mc-route__mark"') == 8
    assert "thời gian minh họa" in page
    assert "/nop/1.013225/" in page


def test_real_step_hours_are_not_called_samples(vietnamese: Client) -> None:
    assert "thời gian minh họa" not in text_of(vietnamese, "/thu-tuc/2.000286/")


def test_a_procedure_that_is_not_filed_online_says_so(vietnamese: Client) -> None:
    page = text_of(vietnamese, "/thu-tuc/1.011607/")
    assert "/nop/1.011607/" not in page
    assert "Chưa nộp trực tuyến được" in page


@pytest.mark.parametrize("address", ["/thu-tuc/9.999999/", "/thu-tuc/x/"])
def test_an_unknown_procedure_is_not_found(address: str, vietnamese: Client) -> None:
    assert vietnamese.get(address).status_code == 404


def test_a_search_shows_results_the_nearest_or_nothing(vietnamese: Client) -> None:
    assert "Đổi giấy phép lái xe" in text_of(vietnamese, "/thu-tuc/?q=giay+phep")
    assert "Thủ tục gần nhất" in text_of(vietnamese, "/thu-tuc/?q=giay+phep+bay")
    assert "Không có thủ tục nào" in text_of(vietnamese, "/thu-tuc/?q=zzz")


def test_what_was_searched_for_is_shown_as_text(vietnamese: Client) -> None:
    assert "<script>alert" not in text_of(vietnamese, "/thu-tuc/?q=<script>alert(1)</script>")


def test_an_unknown_filter_shows_everything(vietnamese: Client) -> None:
    assert "Thủ tục đăng ký kết hôn" in text_of(vietnamese, "/thu-tuc/?linh-vuc=khong-co&doi-tuong=khong-co")


def test_a_cursor_that_cannot_be_read_shows_the_first_page(vietnamese: Client) -> None:
    assert "Đổi giấy phép lái xe" in text_of(vietnamese, "/thu-tuc/?q=giay+phep&sau=rubbish")


def test_pages_are_in_english_too() -> None:
    client = Client(headers={"Accept-Language": "en"})
    assert "Ways to file, time and fees" not in text_of(client, "/thu-tuc/1.013225/"), "Vietnamese until the person chooses"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text_of(client, "/thu-tuc/1.013225/")
    assert "Ways to file, time and fees" in page
