"""Draws documents: an HTML template becomes an archival, tagged PDF, and tells where its signatures belong.

Slow (a tenth of a second): only ever in a worker. Nothing is fetched: no network, no files but the stylesheet and the fonts.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.kit import clock
from services.documents import codes, decree, drawing

if TYPE_CHECKING:
    from weasyprint import CSS, URLFetcher
    from weasyprint.text.fonts import FontConfiguration

STYLESHEETS = Path(settings.BASE_DIR) / "templates" / "pdf"
FACES = {
    "regular": "400Regular/Tinos_400Regular.ttf",
    "italic": "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "bold": "700Bold/Tinos_700Bold.ttf",
    "bold_italic": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}
PLACES = {"so-van-ban", "ngay-ban-hanh", "nguoi-ky", "co-quan"}
"""Ids of the boxes in the templates where number, date, signature and seal go."""
POINTS = 0.75
"""Points in a CSS pixel."""
POINTS_IN_MM = 72 / 25.4
DATA_FILE = "du-lieu.json"


@dataclass(frozen=True)
class Place:
    """A rectangle on a page (counted from 0), in points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Drawn:
    """An unsigned PDF, the places of its fields by id, and how many pages it has."""

    content: bytes
    places: dict[str, Place]
    pages: int


@dataclass(frozen=True)
class _Engine:
    """What is slow to make and the same for every document."""

    font_config: "FontConfiguration"
    css: "CSS"
    fetcher: "URLFetcher"


def font_file(face: str = "regular") -> Path:
    """The font's file; Tinos has the widths of Times New Roman and every Vietnamese letter."""
    return Path(settings.FONT_DIR) / FACES[face]


@cache
def _engine() -> _Engine:
    """Loads WeasyPrint with our own font list, so that a document looks the same on every machine."""
    os.environ["FONTCONFIG_FILE"] = str(_font_list())
    from weasyprint import CSS, URLFetcher
    from weasyprint.text.fonts import FontConfiguration

    class OwnFilesOnly(URLFetcher):
        """Pictures drawn by ourselves and nothing else: no network, no file of this machine."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("data:image/svg+xml"):
                raise ValueError("Documents fetch nothing.")
            return super().fetch(url, headers)

    fetcher = OwnFilesOnly(allowed_protocols={"data"}, allow_redirects=False)
    font_config = FontConfiguration()
    css = CSS(
        string=(STYLESHEETS / "decree30.css").read_text(), font_config=font_config, url_fetcher=fetcher, base_url="about:blank"
    )
    return _Engine(font_config, css, fetcher)


def _font_list() -> Path:
    """A fontconfig file naming our fonts' folder and no other. Written under a new name, so that processes do not disturb each other."""
    folder = Path(settings.STATE_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "fonts.conf"
    draft = folder / f"fonts.{os.getpid()}.conf"
    draft.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(settings.FONT_DIR))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        '<alias binding="same"><family>Times New Roman</family><accept><family>Tinos</family></accept></alias>'
        '<alias binding="same"><family>serif</family><accept><family>Tinos</family></accept></alias>'
        "</fontconfig>\n"
    )
    draft.replace(target)
    return target


@cache
def _letters() -> frozenset[int]:
    """Code points the font can draw."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _bold_widths() -> dict[int, float]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file("bold"), lazy=True) as font:
        metrics, unit = font["hmtx"], font["head"].unitsPerEm
        return {point: metrics[glyph][0] / unit for point, glyph in font.getBestCmap().items()}


def bold_width(text: str) -> float:
    """The width of a text in bold letters, in parts of the letter size."""
    return sum(_bold_widths().get(ord(letter), 0.6) for letter in text)


def printable(value: Any) -> Any:
    """The same data with every text composed (NFC) and without characters the font has no letter for."""
    if isinstance(value, str):
        letters = _letters()
        text = unicodedata.normalize("NFC", value)
        shown = (character if ord(character) in letters or character in "\n\t" else "\ufffd" for character in text)
        return "".join(
            character for character in shown if unicodedata.category(character) not in {"Cc", "Cf"} or character == "\n"
        ).replace("\ufffd", "?")
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


@lru_cache(maxsize=64)
def barcode(text: str) -> str:
    """Code 128 of a case number, as the address of an SVG image: a reader at the counter types it into the search box.

    Empty for what no bar code can say, such as the words in place of a trial's number.
    """
    if not text.isascii():
        return ""
    from barcode import Code128

    bars = Code128(text).build()[0]
    path = "".join(f"M{at.start()} 0h{at.end() - at.start()}v1h-{at.end() - at.start()}z" for at in re.finditer("1+", bars))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(bars)} 1" preserveAspectRatio="none" width="{len(bars)}" height="1">'
        f'<path d="{path}"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


@lru_cache(maxsize=64)
def qr(text: str) -> str:
    """A QR code as the address of an SVG image."""
    return segno.make(text, error="m", micro=False).svg_data_uri(border=0, scale=4, dark="#000", omitsize=True)


def address(code: str) -> str:
    """Where a document is checked."""
    return f"{settings.SITE_URL}/kiem-chung/{code}/"


def draw(template: str, *, code: str, title: str, data: Mapping[str, Any], with_data: bool = True) -> Drawn:
    """The unsigned document. `template` names a file under templates/pdf/, `data` is what it prints and, unless told otherwise, is put
    inside for machines.
    """
    from weasyprint import HTML, Attachment

    engine = _engine()
    context = {
        "data": printable(data),
        "title": printable(title),
        "code": codes.grouped(code),
        "address": address(code),
        "address_shown": address("").rstrip("/").split("://", 1)[-1],
        "qr": qr(address(code)),
        "barcode": barcode(data["case_number"]) if data.get("case_number") else "",
        "now": clock.local(clock.now()),
        "texts": _moments(data),
    }
    with override("vi"):
        html = render_to_string(f"pdf/{template}.html", context)
    document = HTML(string=html, url_fetcher=engine.fetcher, base_url="about:blank").render(
        font_config=engine.font_config, stylesheets=[engine.css]
    )
    embedded = json.dumps({"code": code, "title": title, "template": template, "data": data}, ensure_ascii=False, indent=1)
    now = clock.now()
    document.metadata.attachments = (
        []
        if not with_data
        else [
            Attachment(
                string=embedded,
                name=DATA_FILE,
                description="Dữ liệu của văn bản, máy đọc được",
                relationship="Data",
                created=now,
                modified=now,
                url_fetcher=engine.fetcher,
                base_url="about:blank",
            )
        ]
    )
    content = document.write_pdf(pdf_variant="pdf/a-3a")
    return Drawn(content, dict(_places(document)), len(document.pages))


def _moments(data: Mapping[str, Any]) -> dict[str, str]:
    """Every `…_at` of the data written out, and its day alone as `…_on`; the same for a day that stands alone."""
    texts = {}
    for key, value in data.items():
        if key.endswith("_at") and value:
            moment = clock.local(datetime.fromisoformat(value))
            texts[key] = decree.moment_text(moment)
            texts[f"{key.removesuffix('_at')}_on"] = decree.date_text(moment.date())
        elif key.endswith("_on") and value:
            texts[key] = decree.date_text(date.fromisoformat(value))
    return texts


def draw_pieces(pieces: Sequence[tuple[str, float, float]]) -> bytes:
    """What fields look like: a PDF with one transparent page per (HTML, width, height), in points. One call is cheaper than several."""
    from weasyprint import CSS, HTML

    engine = _engine()
    sizes = "".join(
        f"@page p{at} {{ size: {width}pt {height}pt; margin: 0 }} .p{at} {{ page: p{at} }}"
        for at, (_, width, height) in enumerate(pieces)
    )
    html = "".join(f'<div class="p{at}">{body}</div>' for at, (body, _, _) in enumerate(pieces))
    css = CSS(
        string=f"html {{ font-family: Tinos }} body {{ margin: 0 }} {sizes}",
        font_config=engine.font_config,
        url_fetcher=engine.fetcher,
    )
    page = HTML(string=f'<html lang="vi"><body>{html}</body></html>', url_fetcher=engine.fetcher, base_url="about:blank")
    content: bytes = page.render(font_config=engine.font_config, stylesheets=[css]).write_pdf(pdf_variant="pdf/a-3u")
    return content


@lru_cache(maxsize=256)
def seal_look(agency: str, above: str) -> bytes:
    """The seal of an agency as a one-page PDF, in its real size; drawn once per process."""
    size = drawing.SEAL_MM * POINTS_IN_MM
    return draw_pieces([(drawing.seal_piece(agency, above, bold_width), size, size)])


def _places(document: Any) -> Iterator[tuple[str, Place]]:
    """Where the boxes with a known id lie, whichever page they came to stand on."""
    for number, page in enumerate(document.pages):
        for box in _boxes(page._page_box):
            name = (
                box.element.get("id")
                if box.element is not None and not box.element_tag.endswith(("::before", "::after"))
                else None
            )
            if name in PLACES:
                left, top = box.border_box_x(), box.border_box_y()
                yield (
                    name,
                    Place(
                        number,
                        left * POINTS,
                        (page.height - top - box.border_height()) * POINTS,
                        (left + box.border_width()) * POINTS,
                        (page.height - top) * POINTS,
                    ),
                )


def _boxes(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        # Positioned boxes hang in the tree behind a placeholder.
        yield from _boxes(getattr(child, "_box", child))
