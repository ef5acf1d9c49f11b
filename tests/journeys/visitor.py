"""One person with a browser: walks through pages and notices what is wrong with them."""

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from portal.dev.demo import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = 60.0


class Visitor:
    """A browser context. `complaints` collects console messages, failed requests, axe findings and sideways scrolling."""

    def __init__(self, browser: "Browser", address: str, **context: Any) -> None:
        self.scripted = context.get("java_script_enabled", True)
        self.context = browser.new_context(**({"viewport": DESK} | context))
        self.page: Page = self.context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self._seen: set[str] = set()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", lambda response: self._response(response.status, response.url))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _response(self, status: int, url: str) -> None:
        if status >= 400:
            self.complaints.append(f"{status} {url}")

    def leave(self) -> None:
        """Close the browser window."""
        self.context.close()

    def open(self, path: str) -> "Page":
        """Go to a page of the portal and look it over."""
        self.page.goto(self.address + path)
        self.look_over()
        return self.page

    def look_over(self) -> None:
        """Check the page as it stands, at the width of a phone and of a desk, once per kind of page."""
        kind = re.sub(r"[0-9a-f-]{36}|H29[0-9.-]+|\d+", "…", self.page.url) + (self.page.locator("h1").first.inner_text())
        if kind in self._seen or not self.scripted:
            return
        self._seen.add(kind)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            sideways = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if sideways > 0:
                self.complaints.append(f"{self.page.url}: scrolls {sideways} px sideways at {size['width']}")
            found = self.page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
            self.complaints += [f"{self.page.url} at {size['width']}: {violation}" for violation in found]

    def sign_in(self, login: str) -> None:
        """With the password of the demonstration accounts."""
        self.page.goto(f"{self.address}/tai-khoan/dang-nhap/")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("Đăng nhập")

    def press(self, name: str) -> None:
        """The last button of that name in the page's main part; then look the next page over."""
        # A new page, not only a new address: a draft that is saved for the first time changes the address of its page.
        with self.page.expect_event("load"):
            self.page.locator("main").get_by_role("button", name=re.compile(f"^{re.escape(name)}…?$")).last.click()
        self.look_over()

    def text(self) -> str:
        """What the main part says."""
        return self.page.locator("main").inner_text()

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Fill fields by name: text, one choice, a list of choices, or (province, ward)."""
        for name, value in answers.items():
            if isinstance(value, tuple):
                self._place(name, *value)
            elif isinstance(value, list):
                for one in value:
                    self.page.locator(f'[name="{name}"][value="{one}"]').check()
            elif self.page.locator(f'[name="{name}"]').first.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                self.page.locator(f'[name="{name}"]').fill(value)

    def _place(self, name: str, province: str, ward: str) -> None:
        self.page.select_option(f'[name="{name}-province"]', province)
        if not self.scripted:
            self.page.locator("main button", has_text="Chọn tỉnh, thành phố này").first.click()
        self.page.locator(f'[name="{name}-ward"] option[value="{ward}"]').wait_for(state="attached")
        self.page.select_option(f'[name="{name}-ward"]', ward)

    def wait_until(self, condition: Callable[[], bool], path: str) -> None:
        """Reload a page until the condition holds: workers need a moment, and until then a page may rightly be missing."""
        until = time.monotonic() + PATIENCE
        before = len(self.complaints)
        while True:
            del self.complaints[before:]
            self.page.goto(self.address + path)
            if condition():
                self.look_over()
                return
            assert time.monotonic() < until, f"{path} never came to show it:\n{self.text()[:1500]}"
            time.sleep(0.5)
