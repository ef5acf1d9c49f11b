"""With a script only the part that changed is redrawn; by keyboard the focus stays with what was moved; axe finds nothing."""

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from identity.people.models import Person
from services.catalogue import actions
from tests.city import seed_city
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_editor_builds_a_form_a_route_and_an_outcome(live_server: "LiveServer", browser: "Browser") -> None:
    seed_city()
    draft = actions.start_draft(Person.objects.get(username="bientap"), "1.013225")
    form, route, outcome = (reverse(name, args=[draft.key]) for name in ("editor_form", "editor_route", "editor_outcome"))
    editor = Visitor(browser, live_server.url)
    editor.sign_in("bientap")

    page = editor.open(f"{form}?o=0.5")
    with page.expect_response(re.compile(r"o=0\.6")):
        page.locator("#xuong-owner_phone").press("Enter")
    page.wait_for_url(re.compile(r"o=0\.6$"))
    page.locator("#xuong-owner_phone:focus").wait_for()
    assert "đứng thứ 7 trong 10" in page.locator("#messages").inner_text()

    page.locator("#id_label").fill("Số điện thoại liên lạc")
    page.locator('a[data-mc-go="1.0"]').click()
    page.wait_for_url(re.compile(r"o=1\.0$"))
    assert "Số điện thoại liên lạc" in page.locator('a[data-mc-go="0.6"]').inner_text(), "going elsewhere saves"

    page.locator("#dk-add").click()
    page.locator("#dk-0-0-name:focus").wait_for()
    page.select_option("#dk-0-0-name", "owner_kind")
    page.locator("#dk-0-0-value").wait_for()
    page.select_option("#dk-0-0-value", "to-chuc")
    page.locator("#luu").click()
    page.get_by_text("Chủ đầu tư là là Doanh nghiệp, tổ chức").first.wait_for()
    preview = page.frame_locator("iframe")
    preview.get_by_text("Giả sử ở các trang khác đã trả lời").wait_for()
    editor.look_over()

    editor.open(f"{form}?them=0.1")
    editor.open(f"{route}?o=2")
    page.locator("#id_office_1").check()
    assert page.locator("#id_code").is_visible()
    assert not page.locator("#id_function").is_visible()

    editor.open(outcome)
    page.locator("#id_summary").fill("Cho ")
    page.locator('[data-mc-put="{case_number}"]').click()
    assert page.locator("#id_summary").input_value() == "Cho {case_number}"
    page.locator("#id_summary").fill("Cho {nobody}")
    assert "nobody" in page.locator("#outcome-summary [data-mc-unknown]").inner_text()
    page.locator("form.mc-settings button", has_text="Lưu").last.click()
    page.get_by_text("Không có gì điền vào “nobody”").first.wait_for()
    editor.leave()
    assert editor.complaints == []
