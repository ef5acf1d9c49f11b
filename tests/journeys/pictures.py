"""A journey as a series of pictures: numbered screenshots with captions, and a page that shows them one after another."""

import re
import shutil
from html import escape
from typing import TYPE_CHECKING, Any

from tests.conftest import pictures
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

SLOW = 30_000
"""Milliseconds to wait for what a busy machine answers late."""


class Album:
    """The pictures of one journey, in the order in which they were taken. Those of an earlier run are thrown away."""

    def __init__(self, journey: str, title: str) -> None:
        self.folder, self.title = pictures() / journey, title
        self.chapters: list[tuple[str, list[tuple[str, str, str]]]] = []
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def chapter(self, title: str) -> None:
        """What follows belongs together."""
        self.chapters.append((title, []))

    def add(self, picture: bytes, who: str, caption: str) -> None:
        """Keep a picture under the next number."""
        name = f"{1 + sum(len(pictures) for _title, pictures in self.chapters):03}.png"
        (self.folder / name).write_bytes(picture)
        self.chapters[-1][1].append((name, who, caption))
        self._write()

    def _write(self) -> None:
        """The page of the series as far as it goes, so that a journey that broke off shows where."""
        chapters = "".join(
            f"<section><h2>{number}. {escape(title)}</h2>{''.join(_figure(*one) for one in pictures)}</section>"
            for number, (title, pictures) in enumerate(self.chapters, 1)
        )
        (self.folder / "index.html").write_text(PAGE.format(title=escape(self.title), chapters=chapters), encoding="utf-8")


def _figure(name: str, who: str, caption: str) -> str:
    number = name.removesuffix(".png")
    return (
        f'<figure id="p{number}"><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
        f"<figcaption><b>{number}</b> <i>{escape(who)}</i> {escape(caption)}</figcaption></figure>"
    )


class Pictured(Visitor):
    """A visitor whose every page is pictured. Whether the pages suit everybody is for other tests: only sideways scrolling counts."""

    def __init__(self, browser: "Browser", address: str, album: Album, who: str, **context: Any) -> None:
        super().__init__(browser, address, **context)
        self.album, self.who = album, who
        self.doing = ""
        self.page.set_default_timeout(SLOW)

    def look_over(self) -> None:
        """Picture the page with what is being done there, or its heading, as caption."""
        self.picture(self.doing or self.page.locator("h1").first.inner_text())

    def picture(self, caption: str, at: "Locator | None" = None) -> None:
        """Picture the window as it is, or after scrolling to a part of the page."""
        if at is not None:
            at.evaluate("part => part.scrollIntoView({block: 'start', behavior: 'instant'})")
        sideways = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sideways > 0:
            self.complaints.append(f"{self.page.url}: scrolls {sideways} px sideways")
        self.album.add(self.page.screenshot(animations="disabled"), self.who, re.sub(r"\s+", " ", caption))

    def settle(self) -> None:
        """Wait until nothing that htmx asked for is on its way."""
        self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(state="detached")


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>
body {{ margin: 0 auto; max-width: 1320px; padding: 0 16px 60vh; font: 16px/1.5 system-ui, sans-serif; color: #0b0c0c; background: #f3f2f1 }}
figure {{ margin: 0 0 48px; scroll-margin-top: 64px }}
img {{ display: block; max-width: 100%; max-height: 84vh; border: 1px solid #b1b4b6; background: #fff }}
figcaption {{ padding: 8px 0 }} i {{ color: #505a5f }} i::after {{ content: " —" }}
nav {{ position: sticky; top: 0; padding: 8px 0; background: #f3f2f1 }} nav button {{ font: inherit; padding: 4px 12px }}
</style></head><body><h1>{title}</h1>
<nav><button id="back">←</button> <button id="play">▶</button> <button id="on">→</button> <span id="where"></span></nav>
{chapters}
<script>
const all = [...document.querySelectorAll("figure")];
let at = Math.max(0, all.findIndex((one) => `#${{one.id}}` === location.hash)), timer;
function go(to) {{
  at = Math.min(Math.max(to, 0), all.length - 1);
  all[at].querySelector("img").loading = "eager";
  all[at].scrollIntoView();
  where.textContent = `${{at + 1}} / ${{all.length}}`;
}}
function stop() {{ clearInterval(timer); timer = undefined; play.textContent = "▶"; }}
const [back, play, on, where] = ["back", "play", "on", "where"].map((id) => document.getElementById(id));
back.onclick = () => go(at - 1);
on.onclick = () => go(at + 1);
play.onclick = () => {{
  if (timer) return stop();
  play.textContent = "❚❚";
  timer = setInterval(() => (at + 1 < all.length ? go(at + 1) : stop()), 1500);
}};
addEventListener("keydown", ({{ key }}) => key === "ArrowLeft" ? go(at - 1) : key === "ArrowRight" && go(at + 1));
where.textContent = `${{at + 1}} / ${{all.length}}`;
</script></body></html>
"""
"""The page of a series: read it downwards, step through it with the arrow keys, or let it play."""
