"""The promise: photos become one PDF in their order, upright, each on a page, within the size limit."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from services.documents import actions, combining, photo_pages
from services.documents.acceptance import JPEG, PNG
from services.documents.models import Attachment, Combination
from tests.services.documents import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def photo(width: int, height: int, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return files.jpeg(width, height, exif=exif)


def keep(content: bytes, name: str) -> Attachment:
    return actions.receive(None, ContentFile(content, name))


def pages(content: bytes) -> list[tuple[bool, int]]:
    """Of each page: whether it lies on its side, and how far it is turned."""
    with pikepdf.open(io.BytesIO(content)) as book:
        found = []
        for page in book.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            turned = int(page.obj.get("/Rotate", 0))
            wide = right - left > top - bottom
            found.append((wide != (turned % 180 == 90), turned))
        return found


def test_photos_become_pages_in_their_order() -> None:
    parts = [keep(photo(90, 120), "1.jpg"), keep(photo(120, 90), "2.jpg"), keep(files.png(mode="RGBA"), "3.png")]
    combination = combining.ask("a/b", None, "Sổ hộ khẩu", [part.pk for part in parts])
    made = combining.make(combination.pk)
    assert made is not None
    assert (made.name, made.pages) == ("Sổ hộ khẩu.pdf", 3)
    with made.file.open() as file:
        assert [wide for wide, _turned in pages(file.read())] == [False, True, True]
    combination.refresh_from_db()
    assert (combination.pages_done, combination.attempts) == (3, 1)
    assert combining.make(combination.pk) == made
    assert Attachment.objects.count() == 4


@pytest.mark.parametrize(("orientation", "wide"), [(1, True), (3, True), (6, False), (8, False)])
def test_a_photo_stands_upright_as_it_was_taken(orientation: int, wide: bool) -> None:
    for budget in (1 << 20, 1):
        assert [lies for lies, _ in pages(photo_pages.page_of(photo(160, 90, orientation), JPEG, budget))] == [wide]


def test_a_photo_that_fits_is_kept_bit_by_bit() -> None:
    original = photo(200, 100)
    with pikepdf.open(io.BytesIO(photo_pages.page_of(original, JPEG, 1 << 20))) as book:
        (image,) = book.pages[0].get_images().values()
        assert original.endswith(image.read_raw_bytes()[-200:])


def test_photos_that_are_too_large_together_are_made_smaller() -> None:
    large = files.jpeg(3000, 2000, quality=95)
    assert len(photo_pages.page_of(large, JPEG, 300_000)) < 320_000
    assert len(photo_pages.page_of(files.png(900, 900), PNG, 200_000)) < 220_000


def test_asking_twice_asks_once() -> None:
    part = keep(photo(9, 9), "1.jpg")
    first = combining.ask("a/b", None, "x", [part.pk])
    assert combining.ask("a/b", None, "x", [part.pk]) == first
    assert combining.ask("a/c", None, "x", [part.pk]) != first


def test_a_photo_that_is_gone_stops_it() -> None:
    part = keep(photo(9, 9), "1.jpg")
    combination = combining.ask("a/b", None, "x", [part.pk])
    actions.discard(part)
    assert combining.make(combination.pk) is None
    combination.refresh_from_db()
    assert (combination.state, combination.error) == (Combination.State.FAILED, "photos_gone")


def test_web_processes_start_without_the_libraries_for_it() -> None:
    source = Path(combining.__file__).read_text()
    assert "\nimport img2pdf" not in source
    assert "\nimport pikepdf" not in source
