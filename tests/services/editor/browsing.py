"""Pages of the editor as a browser without scripts has them: what their forms would send, with some of it typed over."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Sheet(HTMLParser):
    """The values that the page's large form would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside = False
        self.values: dict[str, list[str]] = {}
        self._select: str | None = None
        self._options: list[str] = []
        self._text: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "mc-sheet" in given.get("class", "")
        if not self.inside or ("name" not in given and tag != "option"):
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                self.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input":
            self.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._text = name
            self.values[name] = [""]
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append(given.get("value", ""))
            if "selected" in given:
                self.values[self._select] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            if self._text is not None:
                # A browser leaves out the line break after the tag, and sends the others in its own way.
                text = self.values[self._text][0].removeprefix("\n")
                self.values[self._text] = [text.replace("\n", "\r\n")]
            self._text = None
        elif tag == "select" and self._select:
            if self._options:
                self.values.setdefault(self._select, [self._options[0]])
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.values[self._text][0] += data


def typed(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form at the address would send; None takes an input away."""
    page = client.get(address)
    assert page.status_code == 200
    values: dict[str, Any] = dict(Sheet(page.content.decode()).values)
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values


def send(client: Client, address: str, **changes: Any) -> Any:
    """Open the page, type, and save; the answer is not followed."""
    return client.post(address, typed(client, address, **changes))
