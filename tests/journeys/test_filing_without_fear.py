"""The promise: nothing typed is ever lost, and one application is filed once, whatever happens to network, session or server."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

from identity.people.models import Person
from portal.dev.demo import PASSWORD
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.notices import queries as notices
from services.notices.development import codes_in
from tests import walk
from tests.city import seed_city
from tests.journeys.server import Server
from tests.journeys.visitor import PHONE, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "1.013225"
OWNER = "0901234567"
CUT = re.compile(r"net::ERR_|the server responded with a status of 401|^401 ")
"""What a browser says on its console when the network, the server or the session is gone, as it is here on purpose."""
Make = Callable[..., Visitor]


def begin(visitor: Visitor) -> str:
    """From the start page to the first page of questions; its address."""
    page = visitor.open(f"/nop/{CODE}/")
    page.get_by_label("Nhà ở riêng lẻ").first.check()
    page.get_by_label("Ủy ban nhân dân Phường Bến Thành").first.check()
    visitor.press("Bắt đầu điền hồ sơ")
    return page.url


def saved(page: "Page") -> None:
    """Wait until the page says that everything is saved."""
    page.locator(".mc-saving:not(.mc-saving--failed) .mc-saving__state", has_text=re.compile("Đã lưu lúc")).wait_for()


def alert(page: "Page") -> str:
    """Wait until a failure is announced; what is said."""
    told = page.locator(".mc-saving__alert[role=alert]:visible")
    told.wait_for()
    return told.inner_text()


def forgive(visitor: Visitor) -> None:
    """The console may complain of the failure that was arranged, and of nothing else."""
    assert [one for one in visitor.complaints if not CUT.search(one)] == []
    visitor.complaints.clear()


def one_case() -> Case:
    """There is exactly one."""
    return Case.objects.get()


def owner() -> Person:
    return Person.objects.get(phone="+84901234567")


def complete() -> Case:
    """A draft of the owner in which nothing is missing."""
    version = catalogue.version_of(CODE)
    agency = next(one for one in catalogue.agencies_for(version) if "Bến Thành" in one.name)
    return walk.draft(owner(), version, agency)


# The network


def test_the_network_is_cut_while_typing_and_the_page_is_closed(visitor: Make) -> None:
    resident = visitor(OWNER, viewport=PHONE)
    begin(resident)
    page = resident.page
    page.fill("[name=owner_name]", "Trần Thị")
    saved(page)
    address = page.url
    assert "bd=" not in address, "from the first save on the address is that of the draft"

    resident.context.set_offline(True)
    page.locator("[name=owner_name]").press_sequentially(" Bích Ngọc")
    page.fill("[name=owner_phone]", "12 ab")
    assert "Mất kết nối mạng" in alert(page)
    # A browser may still send something while it closes a page, and the cut would not hold it back.
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('cut')); }")
    page.close()
    resident.context.set_offline(False)
    assert one_case().answers["owner_name"] == "Trần Thị"

    resident.page = page = resident.context.new_page()
    page.goto(address)
    assert "chưa kịp lưu" in page.locator(".mc-saving__told").inner_text()
    saved(page)
    assert page.input_value("[name=owner_name]") == "Trần Thị Bích Ngọc"
    assert page.input_value("[name=owner_phone]") == "12 ab"
    assert one_case().answers["owner_name"] == "Trần Thị Bích Ngọc"
    page.reload()
    assert page.input_value("[name=owner_phone]") == "12 ab"
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('mc:')).length") == 0
    forgive(resident)


def test_going_on_without_a_network_waits_and_goes_on_by_itself(visitor: Make) -> None:
    resident = visitor(OWNER)
    begin(resident)
    page = resident.page
    resident.answer({"owner_kind": "ca-nhan", "has_co_owners": "no"})
    saved(page)
    resident.context.set_offline(True)
    page.fill("[name=owner_name]", "Trần Thị Bích")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    assert "Mất kết nối mạng" in alert(page)
    assert page.input_value("[name=owner_name]") == "Trần Thị Bích"
    with page.expect_navigation():
        resident.context.set_offline(False)
    assert re.search(r"Bước 3\s*/", resident.text())
    assert one_case().answers["owner_name"] == "Trần Thị Bích"
    forgive(resident)


# The session


def test_the_session_ends_half_way(visitor: Make) -> None:
    resident = visitor(OWNER)
    begin(resident)
    page = resident.page
    page.fill("[name=owner_name]", "Trần Thị")
    saved(page)
    resident.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("[name=owner_name]", "Trần Thị Bích")
    assert "Phiên đăng nhập đã hết" in alert(page)
    with page.expect_popup() as opened:
        page.locator(".mc-saving__alert a").click()
    tab = opened.value
    tab.fill("input[name=login]", OWNER)
    tab.fill("input[name=password]", PASSWORD)
    tab.locator("main").get_by_role("button", name="Đăng nhập").click()
    tab.get_by_text("quay lại trang đang điền").wait_for()
    tab.close()
    page.bring_to_front()
    # Signing in has renewed the secret of all forms: the page fetches the new one and saves.
    saved(page)
    assert page.locator(".mc-saving__alert").is_hidden()
    assert one_case().answers["owner_name"] == "Trần Thị Bích"
    resident.complaints[:] = [one for one in resident.complaints if "403" not in one]
    forgive(resident)


def test_the_session_ends_without_javascript(visitor: Make) -> None:
    resident = visitor(OWNER, java_script_enabled=False)
    begin(resident)
    page = resident.page
    page.fill("[name=owner_name]", "Trần Thị Bích")
    page.fill("[name=owner_phone]", "12 ab")
    resident.press("Lưu và tiếp tục")
    page.fill("[name=owner_phone]", "0912 345 678")
    resident.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    resident.press("Lưu và tiếp tục")
    page.fill("input[name=login]", OWNER)
    page.fill("input[name=password]", PASSWORD)
    resident.press("Đăng nhập")
    assert "đã được giữ và nay đã lưu" in resident.text()
    assert page.input_value("[name=owner_name]") == "Trần Thị Bích"
    assert one_case().answers["owner_phone"] == "+84912345678"


def test_signing_out_leaves_nothing_on_a_shared_computer(visitor: Make) -> None:
    resident = visitor(OWNER)
    begin(resident)
    page = resident.page
    page.fill("[name=owner_name]", "Trần Thị")
    saved(page)
    page.route("**/luu/*", lambda route: route.abort())
    page.fill("[name=owner_name]", "Trần Thị Bích")
    alert(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".mc-account__summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng xuất").click()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('mc:')).length") == 0
    forgive(resident)


# The server


@pytest.fixture
def server(transactional_db: None, shown: None) -> Iterator[Server]:
    """A portal that can be restarted, with the demonstration city in its database."""
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def shown(transactional_db: None) -> None:
    seed_city()


def test_the_server_is_restarted_while_somebody_types_and_files(server: Server, browser: "Browser") -> None:
    resident = Visitor(browser, server.address, viewport=PHONE)
    resident.sign_in(OWNER)
    begin(resident)
    page = resident.page
    page.fill("[name=owner_name]", "Trần Thị")
    saved(page)
    server.stop()
    page.fill("[name=owner_name]", "Trần Thị Bích")
    assert re.search("Mất kết nối|chưa trả lời", alert(page))
    server.start()
    saved(page)
    draft = one_case()
    assert draft.answers["owner_name"] == "Trần Thị Bích"

    Case.objects.all().delete()
    ready = complete()
    page.goto(f"{server.address}/nop/ho-so/{ready.key}/kiem-tra/")
    page.locator("main input[type=checkbox]").first.check()
    server.stop()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    assert "hồ sơ" in alert(page)
    with page.expect_navigation(url=re.compile("/da-nop/")):
        server.start()
    filed = one_case()
    assert filed.number
    assert filed.number in resident.text()
    assert filed.events.filter(action="file").count() == 1
    forgive(resident)
    resident.leave()


# The final click


def at_the_last_step(visitor: Make) -> tuple[Visitor, Case]:
    resident = visitor(OWNER, viewport=PHONE)
    ready = complete()
    resident.open(reverse("file_check", args=[ready.key]))
    resident.page.locator("main input[type=checkbox]").first.check()
    return resident, ready


def filed_once(resident: Visitor, ready: Case) -> None:
    ready.refresh_from_db()
    assert ready.number
    assert ready.number in resident.text()
    assert Case.objects.count() == 1
    assert ready.events.filter(action="file").count() == 1


def test_the_network_is_cut_at_the_final_click(visitor: Make) -> None:
    resident, ready = at_the_last_step(visitor)
    resident.context.set_offline(True)
    resident.page.get_by_role("button", name="Nộp hồ sơ").click()
    assert "Chưa gửi được hồ sơ" in alert(resident.page)
    with resident.page.expect_navigation(url=re.compile("/da-nop/")):
        resident.context.set_offline(False)
    filed_once(resident, ready)
    forgive(resident)


def test_the_answer_to_the_final_click_is_lost(visitor: Make) -> None:
    resident, ready = at_the_last_step(visitor)
    asked: list[str] = []

    def lose(route: "Route") -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    resident.page.route("**/gui/", lose)
    with resident.page.expect_navigation(url=re.compile("/da-nop/")):
        resident.page.get_by_role("button", name="Nộp hồ sơ").click()
    assert len(asked) == 2
    filed_once(resident, ready)
    forgive(resident)


# Devices


def test_from_the_phone_to_the_desk_and_on_both_at_once(visitor: Make) -> None:
    phone, desk = visitor(OWNER, viewport=PHONE), visitor(OWNER)
    begin(phone)
    phone.page.fill("[name=owner_name]", "Trần Thị")
    saved(phone.page)
    desk.open("/ho-so/")
    desk.page.locator("main .mc-drafts a.govuk-button").first.click()
    assert desk.page.input_value("[name=owner_name]") == "Trần Thị"

    phone.page.fill("[name=owner_phone]", "0912345678")
    saved(phone.page)
    phone.page.locator("[name=owner_phone]").blur()
    assert one_case().answers["owner_phone"] == "+84912345678"
    desk.page.fill("[name=owner_name]", "Trần Thị Bích")
    told = desk.page.locator(".mc-saving__told:visible")
    told.wait_for()
    assert "sửa trên thiết bị khác" in told.inner_text()
    assert desk.page.input_value("[name=owner_phone]").replace(" ", "") == "0912345678"
    case = one_case()
    assert (case.answers["owner_name"], case.answers["owner_phone"]) == ("Trần Thị Bích", "+84912345678")


# Without an account


def test_from_a_stranger_to_a_filed_application(visitor: Make) -> None:
    stranger = visitor(viewport=PHONE)
    begin(stranger)
    page = stranger.page
    stranger.answer({"owner_kind": "ca-nhan", "has_co_owners": "no"})
    page.fill("[name=owner_name]", "Đỗ Thị Lan")
    saved(page)
    draft = one_case()
    assert draft.applicant is None
    draft.answers = walk.fill_in(draft.version) | draft.answers
    draft.save(update_fields=["answers"])
    page.goto(f"{stranger.address}/nop/ho-so/{draft.key}/giay-to/")
    for block in ("don", "giay-to-dat-dai", "ho-so-thiet-ke"):
        page.locator(f"#giay-to-{block} input[type=file]").set_input_files(
            {"name": f"{block}.pdf", "mimeType": "application/pdf", "buffer": walk.PDF}
        )
        page.get_by_text(f"{block}.pdf").first.wait_for()
    # At once, while the last file may still be on its way: the portal waits for it.
    stranger.press("Tiếp tục")
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.fill("[name=full_name]", "Đỗ Thị Lan")
    page.fill("[name=personal_number]", "079190007777")
    for part, text in (("day", "5"), ("month", "3"), ("year", "1990")):
        page.fill(f"[name=birth_date_{part}]", text)
    page.locator("[name=sex][value=female]").check()
    page.fill("[name=phone]", "0987654321")
    page.fill("[name=password1]", "Mot-Cua-Lan-1990")
    stranger.press("Tiếp tục")
    page.fill("[name=code]", code_sent())
    stranger.press("Xác nhận")
    assert f"/nop/ho-so/{draft.key}/kiem-tra/" in page.url
    assert "bắt đầu trên trình duyệt này" in stranger.text()
    page.locator("main input[type=checkbox]").first.check()
    stranger.press("Nộp hồ sơ")
    draft.refresh_from_db()
    assert draft.number
    assert draft.number in stranger.text()
    assert draft.filed_by.full_name == "Đỗ Thị Lan"
    assert draft.answers["owner_name"] == "Đỗ Thị Lan"
    assert Case.objects.count() == 1


def code_sent() -> str:
    """The code in the newest message."""
    return codes_in(notices.development_messages()[0].body)[0]
