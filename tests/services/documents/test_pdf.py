"""The drawn document: fonts, tags, places of the fields, embedded data, and nothing fetched."""

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from services.documents import codes, merging, pdf
from tests.services.documents.conftest import CERTIFICATE, DECISION, LETTER, RECEIPT, SLIP

CODE = codes.new()


def drawn(template: str, data: dict[str, Any]) -> pdf.Drawn:
    return pdf.draw(template, code=CODE, title="Văn bản thử", data=data)


def tool(name: str, *arguments: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on this machine")
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("template", "data", "pages", "fields"),
    [
        ("outcome_certificate", CERTIFICATE, 1, {"so-van-ban", "ngay-ban-hanh", "nguoi-ky", "co-quan"}),
        ("outcome_decision", DECISION, 2, {"so-van-ban", "ngay-ban-hanh", "nguoi-ky", "co-quan"}),
        ("receipt", RECEIPT, 1, {"co-quan"}),
        ("receipt", RECEIPT | {"by_hand": True}, 1, {"co-quan"}),
        ("supplement", SLIP, 1, {"co-quan"}),
        ("refusal", SLIP, 1, {"co-quan"}),
        ("extension", LETTER, 1, {"nguoi-ky", "co-quan"}),
        ("stop", LETTER, 1, {"nguoi-ky", "co-quan"}),
        ("stop", LETTER | {"signed_by_head": False}, 1, {"co-quan"}),
    ],
)
def test_fields_have_their_place_on_the_right_page(template: str, data: dict[str, Any], pages: int, fields: set[str]) -> None:
    document = drawn(template, data)
    assert set(document.places) == fields
    assert document.pages >= pages if pages > 1 else document.pages == 1
    assert len(PdfFileReader(BytesIO(document.content)).root["/Pages"]["/Kids"]) == document.pages
    for name, place in document.places.items():
        assert 0 <= place.left < place.right <= 596, name
        assert 0 <= place.bottom < place.top <= 842, name
    if "nguoi-ky" in fields:
        signature, seal = document.places["nguoi-ky"], document.places["co-quan"]
        assert signature.page == seal.page
        assert signature.page == (0 if pages == 1 else document.places["nguoi-ky"].page)
        middle, image = (signature.left + signature.right) / 2, 48 * pdf.POINTS_IN_MM
        covered = (seal.right - (middle - image / 2)) / image
        assert 0.28 < covered < 0.4, "the seal lies over a third of the signature image"
        assert seal.right - seal.left == pytest.approx(36 * pdf.POINTS_IN_MM, abs=0.5)
    if "so-van-ban" in fields:
        assert document.places["so-van-ban"].page == 0
        assert document.places["so-van-ban"].bottom > 640
    if pages > 1:
        assert document.places["nguoi-ky"].page > 0


def test_only_tinos_is_inside_whatever_is_written(tmp_path: Path) -> None:
    strange = CERTIFICATE | {"paragraphs": ["Ký tự lạ: 🙂 漢字 \u202e \x07 ắằẳẵặ ƯỚC"], "signer_name": "Nguyễn 🙂"}
    document = drawn("outcome_certificate", strange)
    file = tmp_path / "a.pdf"
    file.write_bytes(document.content)
    fonts = tool("pdffonts", str(file)).splitlines()[2:]
    assert fonts
    assert all("+Tinos" in line for line in fonts)
    text = tool("pdftotext", str(file), "-")
    assert "ắằẳẵặ ƯỚC" in text


def test_it_is_tagged_archival_and_in_vietnamese(tmp_path: Path) -> None:
    content = drawn("outcome_decision", DECISION).content
    root = PdfFileReader(BytesIO(content)).root
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"]
    metadata = root["/Metadata"].data.decode()
    assert "pdfaid" in metadata
    assert "Văn bản thử" in metadata
    assert content.startswith(b"%PDF-1.7")


def test_its_data_is_inside_for_machines() -> None:
    root = PdfFileReader(BytesIO(drawn("receipt", RECEIPT).content)).root
    file = root["/AF"][0]
    assert file["/AFRelationship"] == "/Data"
    data = json.loads(file["/EF"]["/F"].data)
    assert data["code"] == CODE
    assert data["data"] == RECEIPT


def test_no_text_can_make_it_fetch_anything() -> None:
    hostile = CERTIFICATE | {
        "paragraphs": ['<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'],
        "title": "</h1><style>@import url(http://127.0.0.1:1/)</style>",
    }
    document = drawn("outcome_certificate", hostile)
    names = {str(file.get_object()["/UF"]) for file in PdfFileReader(BytesIO(document.content)).root["/AF"]}
    assert names == {pdf.DATA_FILE}
    fetcher = pdf._engine().fetcher
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/html,x", "ftp://x/"):
        with pytest.raises(ValueError, match="Documents fetch nothing"):
            fetcher.fetch(url)


def test_page_numbers_start_on_the_second_page(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(drawn("outcome_decision", DECISION).content)
    assert tool("pdftotext", "-f", "1", "-l", "1", "-layout", str(file), "-").split()[0] == "THÀNH"
    assert tool("pdftotext", "-f", "2", "-l", "2", "-layout", str(file), "-").split()[0] == "2"


def test_parts_become_one_tagged_document(tmp_path: Path) -> None:
    parts = []
    for number in range(3):
        part = tmp_path / f"{number}.pdf"
        part.write_bytes(pdf.draw("register", code="", title="Sổ", data=register_part(number), with_data=False).content)
        parts.append(part)
    content = merging.merged(parts)
    root = PdfFileReader(BytesIO(content)).root
    tree, kids = root["/StructTreeRoot"], root["/Pages"]["/Kids"]
    assert [kid.get_object()["/StructParents"] for kid in kids] == [0, 1, 2]
    assert list(tree["/ParentTree"]["/Nums"])[::2] == [0, 1, 2]
    body = tree["/K"][0] if isinstance(tree["/K"], list) else tree["/K"]
    assert [child.get_object()["/S"] for child in body["/K"]].count("/Table") == 3
    file = tmp_path / "whole.pdf"
    file.write_bytes(content)
    shown = [tool("pdftotext", "-f", str(page), "-l", str(page), "-layout", str(file), "-").split() for page in (1, 2, 3)]
    assert [words[0] for words in shown[1:]] == ["2", "3"]
    assert all(f"SO-{number}" in words for number, words in enumerate(shown))


def register_part(number: int) -> dict[str, Any]:
    row = {"no": number + 1, "number": f"SO-{number}", "procedure": "Cấp giấy phép", "who": "Nguyễn Văn An"}
    head = {
        "agency": "Ủy ban nhân dân phường Bến Thành",
        "since_on": "2026-11-01",
        "until_on": "2026-11-30",
        "made_on": "2026-11-30",
    }
    return head | {"begins": number == 0, "ends": number == 2, "first_page": number + 1 if number else 0, "rows": [row]}


def test_a_case_number_is_a_bar_code() -> None:
    image = pdf.barcode("H29.141-261121-0007")
    assert image.startswith("data:image/svg+xml,")
    assert image != pdf.barcode("H29.141-261121-0008")
