"""The promise: a stranger with a phone files a construction permit, four offices work on it, and the outcome proves itself."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.dev.demo import PASSWORD
from tests import walk
from tests.journeys.visitor import PHONE, Visitor
from tests.workers import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERMIT = (
    {"owner_kind": "ca-nhan", "has_co_owners": "no"},
    {
        "site_address": "45 Lê Thánh Tôn",
        "site_ward": ("79", "26743"),
        "parcel_number": "120",
        "map_sheet": "15",
        "parcel_area": "82,5",
        "land_certificate": "CH 01234/2019",
        "land_use": "odt",
    },
    {
        "work_type": "nha-o",
        "work_grade": "cap-iv",
        "footprint_area": "60",
        "floor_area": "180",
        "floors": "3",
        "height": "11,5",
        "has_basement": "no",
        "setback": "2",
        "cost": "1.850.000.000",
        "duration": "8",
    },
    {"designer_kind": "chu-nha", "adjacent": "no", "fire_safety": "no"},
    {"commitments": ["dung-gpxd", "an-toan", "thong-bao", "chiu-trach-nhiem"], "return_way": "dien-tu"},
)
PAPERS = ("don", "giay-to-dat-dai", "ho-so-thiet-ke")
STEPS = (
    ("tiepnhan.benthanh", "Tiếp nhận hồ sơ"),
    ("truongphong.kinhte.benthanh", "Phân công xử lý"),
    ("chuyenvien.kinhte.benthanh", "Hoàn thành bước này"),
    ("chuyenvien.soxaydung", "Gửi ý kiến"),
    ("chuyenvien.kinhte.benthanh", "Hoàn thành bước này"),
    ("lanhdao.benthanh", "Ký kết quả"),
    ("vanthu.benthanh", "Ghi số và đóng dấu"),
    ("tiepnhan.benthanh", "Trả kết quả"),
)


def file_permit(resident: Visitor) -> str:
    """From the procedure's page to the case number."""
    page = resident.open("/nop/1.013225/")
    page.get_by_label("Nhà ở riêng lẻ").first.check()
    page.get_by_label("Ủy ban nhân dân Phường Bến Thành").first.check()
    resident.press("Bắt đầu điền hồ sơ")
    for answers in PERMIT:
        resident.answer(answers)
        resident.press("Lưu và tiếp tục")
    for paper in PAPERS:
        form = page.locator(f'form[action*="/giay-to/{paper}/"]')
        form.locator("input[type=file]").set_input_files(
            {"name": f"{paper}.pdf", "mimeType": "application/pdf", "buffer": walk.PDF}
        )
        if not resident.scripted:
            form.locator("button[type=submit]").click()
        page.get_by_text(f"{paper}.pdf").first.wait_for()
    # At once, while the last file may still be on its way: the portal waits for it.
    resident.press("Tiếp tục")
    page.locator("main input[type=checkbox]").first.check()
    resident.press("Nộp hồ sơ")
    found = re.search(r"H29\.[\d.]+-\d{6}-\d{4,}", resident.text())
    assert found, resident.text()
    return found[0]


def do_step(official: Visitor, number: str, action: str) -> None:
    """Take the item and do what its step is for; some have a page of their own, which may ask for the password."""
    page = official.page
    case = f"/can-bo/ho-so/{number}/"
    buttons = page.locator("main").get_by_role("button", name=re.compile(f"^(Nhận việc|{action})…?$"))
    official.wait_until(lambda: bool(buttons.count()), case)
    if "Nhận việc" in buttons.first.inner_text():
        official.press("Nhận việc")
    official.press(action)
    if page.locator("main input[type=password]").count():
        page.fill("main input[type=password]", PASSWORD)
    if page.locator("main input[name=result]").count():
        page.locator("main input[name=result][value=agreed]").check()
    if not page.url.endswith(case):
        official.press(action)
    assert page.url.endswith(case), official.text()


def validity(pdf: Path) -> list[str]:
    """What poppler's pdfsig says of each signature."""
    said = subprocess.run(["pdfsig", str(pdf)], capture_output=True, text=True, check=False).stdout
    return re.findall(r"Signature Validation: (.*)", said)


def test_from_a_phone_to_a_signed_outcome(visitor: Callable[..., Visitor], tmp_path: Path) -> None:
    resident = visitor("0901234567", viewport=PHONE)
    number = file_permit(resident)

    reception = visitor("tiepnhan.benthanh")
    reception.open("/can-bo/")
    assert number not in reception.text(), "nothing is routed while the workers are away"

    with worker():
        reception.wait_until(lambda: number in reception.text(), "/can-bo/")
        officials = {"tiepnhan.benthanh": reception}
        for login, action in STEPS:
            official = officials.get(login) or officials.setdefault(login, visitor(login))
            do_step(official, number, action)
        resident.wait_until(lambda: "Đã trả kết quả" in resident.text(), f"/ho-so/{number}/")

    told = resident.text()
    for step in ("Thẩm định hồ sơ", "Lấy ý kiến", "Dự thảo giấy phép", "Ký giấy phép", "Ghi số, đóng dấu"):
        assert step in told
    link = resident.page.locator("main a[href*='/van-ban/']").filter(has_text="Giấy phép").first
    answer = resident.context.request.get(resident.address + str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    pdf = tmp_path / "permit.pdf"
    pdf.write_bytes(answer.body())
    if shutil.which("pdfsig"):
        assert validity(pdf) == ["Signature is Valid."] * 2
        changed = bytearray(answer.body())
        changed[changed.find(b"stream") + 40] ^= 1
        pdf.write_bytes(changed)
        assert "Signature is Valid." not in validity(pdf)

    anybody = visitor()
    _receipt, permit = re.findall(r"[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", told)
    anybody.open("/kiem-chung/")
    anybody.page.locator("main input[type=text]").first.fill(permit)
    with anybody.page.expect_navigation():
        anybody.page.keyboard.press("Enter")
    anybody.look_over()
    assert "Giấy phép xây dựng" in anybody.text()
    assert "Nguyễn Văn An" not in anybody.text()

    stranger = visitor("0902345678")
    answer = stranger.context.request.get(f"{stranger.address}/ho-so/{number}/")
    assert answer.status == 404
    elsewhere = visitor("tiepnhan.saigon")
    answer = elsewhere.context.request.get(f"{elsewhere.address}/can-bo/ho-so/{number}/")
    assert answer.status == 404


def test_filing_works_without_javascript(visitor: Callable[..., Visitor]) -> None:
    resident = visitor("0902345678", viewport=PHONE, java_script_enabled=False)
    assert re.match(r"H29\.\d+-\d{6}-\d{4}", file_permit(resident))
