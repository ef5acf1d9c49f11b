"""RULE: photos as pages of a PDF: each on a sheet of A4, upright as it was taken, pixel by pixel as long as its size allows."""

import io
from collections.abc import Sequence

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from services.documents.acceptance import PNG

QUALITIES = ((3200, 85), (2400, 78), (1800, 70), (1200, 60), (800, 50))
"""Longest side in pixels and JPEG quality, tried until a page fits its share of the size limit. 3200 is A4 at 270 dots an inch."""
PORTRAIT = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
BORDER = (img2pdf.mm_to_pt(8), img2pdf.mm_to_pt(8))


def book_of(pages: Sequence[bytes]) -> bytes:
    """One PDF of several."""
    with pikepdf.new() as book:
        for page in pages:
            with pikepdf.open(io.BytesIO(page)) as one:
                book.pages.extend(one.pages)
        whole = io.BytesIO()
        book.save(whole)
    return whole.getvalue()


def page_of(content: bytes, media_type: str, budget: int) -> bytes:
    """One photo as a PDF of one page. It is kept as it is, pixel by pixel, unless it is larger than `budget` bytes."""
    with Image.open(io.BytesIO(content)) as picture:
        plain = picture.mode in {"1", "L", "RGB"} or (
            media_type == PNG and picture.mode == "P" and "transparency" not in picture.info
        )
    if not plain or len(content) > budget:
        content = _reduced(content, budget)
    with Image.open(io.BytesIO(content)) as picture:
        # As the picture lies: one that was taken on its side is turned together with its page.
        landscape = picture.width > picture.height
    page: bytes = img2pdf.convert(
        content,
        layout_fun=img2pdf.get_layout_fun(
            pagesize=(PORTRAIT[1], PORTRAIT[0]) if landscape else PORTRAIT, border=BORDER, fit=img2pdf.FitMode.into
        ),
        rotation=img2pdf.Rotation.ifvalid,
    )
    return page


def _reduced(content: bytes, budget: int) -> bytes:
    reduced = b""
    for side, quality in QUALITIES:
        with Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture)
            if "A" in upright.getbands() or "transparency" in upright.info:
                paper = Image.new("RGB", upright.size, "white")
                layer = upright.convert("RGBA")
                paper.paste(layer, mask=layer.getchannel("A"))
                upright = paper
            small = upright.convert("RGB")
            small.thumbnail((side, side))
            written = io.BytesIO()
            small.save(written, "JPEG", quality=quality, optimize=True)
        reduced = written.getvalue()
        if len(reduced) <= budget:
            break
    return reduced
