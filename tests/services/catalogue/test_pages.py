"""The public pages: what they say and what they cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from identity.offices import queries as offices
from portal.kit import clock
from services.catalogue import actions
from services.catalogue.models import Procedure
from services.catalogue.pace import Measured

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
    [
        ("/", 3),
        ("/thu-tuc/", 5),
        ("/thu-tuc/?q=khai+sinh", 5),
        ("/thu-tuc/?su-kien=sinh-con", 5),
        ("/thu-tuc/?q=khia+sinh", 8),
        ("/thu-tuc/?q=khong+co+gi", 8),
        ("/thu-tuc/1.013225/", 4),
    ],
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
    assert "Thủ tục gần nhất" in text_of(vietnamese, "/thu-tuc/?q=giay+phep+tauthuy")
    assert "Không có thủ tục nào" in text_of(vietnamese, "/thu-tuc/?q=zzz")


def test_a_misspelt_search_shows_what_was_meant(vietnamese: Client) -> None:
    page = text_of(vietnamese, "/thu-tuc/?q=khia+sinh")
    assert "Đây là kết quả cho <strong>khai sinh</strong>" in page
    assert "Thủ tục đăng ký khai sinh" in page


def test_procedures_are_listed_by_event_of_life_and_by_office(vietnamese: Client) -> None:
    assert "?su-kien=sinh-con" in text_of(vietnamese, "/")
    page = text_of(vietnamese, "/thu-tuc/?su-kien=sinh-con")
    assert "Thủ tục đăng ký khai sinh" in page
    assert "Thủ tục đăng ký kết hôn" not in page
    page = text_of(vietnamese, "/thu-tuc/?co-quan=traffic-police")
    assert "Đổi giấy phép lái xe" in page
    assert "Thủ tục đăng ký kết hôn" not in page


def test_what_online_saves_is_told_where_the_tariff_says_so(vietnamese: Client) -> None:
    assert "Nộp trực tuyến <strong>đỡ 10.000 đồng</strong>" in text_of(vietnamese, "/thu-tuc/1.004222/")
    assert "Nộp trực tuyến <strong>đỡ" not in text_of(vietnamese, "/thu-tuc/1.001193/")


def test_the_real_pace_is_shown_once_it_was_measured(vietnamese: Client) -> None:
    assert "Thời gian giải quyết thực tế" not in text_of(vietnamese, "/thu-tuc/1.001193/")
    birth = Procedure.objects.get(code="1.001193")
    measured = Measured(birth.pk, cases=40, median_minutes=240, ninetieth_minutes=600, on_time=95, since=date(2026, 5, 1))
    actions.record_turnaround([measured])
    page = text_of(vietnamese, "/thu-tuc/1.001193/")
    assert "Thời gian giải quyết thực tế" in page
    assert "4 giờ" in page
    assert "1 ngày 2 giờ" in page
    assert "95% đúng hẹn" in page
    actions.record_turnaround([])
    assert "Thời gian giải quyết thực tế" not in text_of(vietnamese, "/thu-tuc/1.001193/")


def test_where_to_file_tells_whether_it_is_open_now(vietnamese: Client, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=clock.HERE), tick=False)
    assert "Đang mở cửa, đến 11:30" in text_of(vietnamese, "/thu-tuc/1.001193/")
    time_machine.move_to(datetime(2026, 11, 21, 9, 0, tzinfo=clock.HERE), tick=False)
    offices.forget_calendar()
    assert "Đang đóng cửa, mở lại" in text_of(vietnamese, "/thu-tuc/1.001193/")


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


def test_a_procedure_that_ended_says_when_why_and_what_took_its_place(vietnamese: Client) -> None:
    ended, instead = Procedure.objects.get(code="1.010041"), Procedure.objects.get(code="1.004222")
    today = clock.today()
    Procedure.objects.filter(pk=ended.pk).update(retired_on=today, retired_reason="Quyết định 99/QĐ-BCA", replaced_by=instead)
    page = text_of(vietnamese, "/thu-tuc/1.010041/")
    assert "không nộp được thủ tục này nữa" in page
    assert "Quyết định 99/QĐ-BCA" in page
    assert "/thu-tuc/1.004222/" in page
    assert "/nop/1.010041/" not in page
    assert "/thu-tuc/1.010041/" not in text_of(vietnamese, "/thu-tuc/?q=1.010041")
    Procedure.objects.filter(pk=ended.pk).update(retired_on=today + timedelta(days=1))
    page = text_of(vietnamese, "/thu-tuc/1.010041/")
    assert "chỉ nhận hồ sơ đến hết ngày trước" in page
    assert "/nop/1.010041/" in page


def test_a_version_to_come_is_announced(vietnamese: Client) -> None:
    version = Procedure.objects.get(code="1.001193").current
    assert version is not None
    version.pk, version.number, version.starts_on = None, version.number + 1, clock.today() + timedelta(days=30)
    version.save(force_insert=True)
    assert "áp dụng quy định mới" in text_of(vietnamese, "/thu-tuc/1.001193/")
