"""Checks that hold for any markup of ours."""

from html.parser import HTMLParser


class Elements(HTMLParser):
    """The elements of a page, with checks that hold for any page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.all.append((tag, dict(attrs)))
        if tag not in {"input", "br", "meta", "link", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closed but not open: {tag}"
        assert self.open.pop() == tag

    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.all if "id" in attrs]

    def find(self, tag: str, **wanted: str) -> dict[str, str | None]:
        (found,) = [
            attrs for name, attrs in self.all if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]
        return found


def sound(html: str) -> Elements:
    """Parse, and check ids, labels, descriptions and what the content policy forbids."""
    page = Elements(html)
    ids = page.ids()
    assert len(set(ids)) == len(ids), "an id twice"
    for tag, attrs in page.all:
        for name in ("for", "aria-controls"):
            assert name not in attrs or attrs[name] in ids, f"{tag} {name} leads nowhere: {attrs}"
        for one in str(attrs.get("aria-describedby") or "").split():
            assert one in ids, f"{tag} is described by {one}, which is not there"
        assert "style" not in attrs
        assert not any(name.startswith(("on", "mc-")) for name in attrs), attrs
        if (tag == "input" and attrs["type"] != "hidden") or tag in {"select", "textarea"}:
            assert any(name == "label" and label.get("for") == attrs["id"] for name, label in page.all), f"no label: {attrs}"
    return page
