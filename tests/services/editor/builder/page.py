"""A page of the editor as a browser without scripts has it: its inputs are filled in and a button is pressed."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Page(HTMLParser):
    """The first form of the page that has a button with the name `_do` and the value, with what its inputs hold."""

    def __init__(self, html: str, button: str) -> None:
        super().__init__()
        self.button = button
        self.inputs: dict[str, list[str]] = {}
        self.found: dict[str, list[str]] | None = None
        self.has_button = False
        self.select = ""
        self.select_first: str | None = None
        self.area = ""
        self.feed(html)
        assert self.found is not None, f"no button {button}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.inputs, self.has_button = {}, False
        elif tag == "input" and name:
            ticks = given.get("type") in {"radio", "checkbox"}
            if not ticks or "checked" in given:
                self.inputs.setdefault(name, []).append(given.get("value", "on" if ticks else ""))
        elif tag == "select":
            self.select, self.select_first = name, None
        elif tag == "option" and self.select:
            self.select_first = given.get("value", "") if self.select_first is None else self.select_first
            if "selected" in given:
                self.inputs[self.select] = [given.get("value", "")]
        elif tag == "textarea":
            self.area = name
            self.inputs[name] = [""]
        elif tag == "button" and name == "_do" and given.get("value") == self.button:
            self.has_button = True

    def handle_data(self, data: str) -> None:
        if self.area:
            self.inputs[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            if self.select and self.select_first is not None:
                self.inputs.setdefault(self.select, [self.select_first])
            self.select = ""
        elif tag == "textarea":
            # A browser leaves out the first line break.
            self.inputs[self.area][0] = self.inputs[self.area][0].removeprefix("\n")
            self.area = ""
        elif tag == "form" and self.has_button and self.found is None:
            self.found = self.inputs


def press(client: Client, address: str, button: str, page: Any = None, **typed: Any) -> Any:
    """Open the page (or take one that is open), type, press the button; what comes is not followed."""
    page = page or client.get(address)
    assert page.status_code in {200, 409}, page.status_code
    inputs = Page(page.content.decode(), button).found
    assert inputs is not None
    values = {name: value for name, value in inputs.items() if typed.get(name, "") is not None}
    return client.post(address, {**values, **{name: value for name, value in typed.items() if value is not None}, "_do": button})
