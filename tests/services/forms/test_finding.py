import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from services.forms import places
from services.forms.finding import bare, known, wards_named
from services.forms.lists import rows

SCRIPT = Path(settings.BASE_DIR) / "static" / "src" / "js" / "fields" / "finding.js"
NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.prefix) / "bin"))
PROGRAM = """
import { readFileSync } from "node:fs";
const { known, wardsNamed } = await import(process.argv[1]);
const { provinces, wards, asked } = JSON.parse(readFileSync(0, "utf-8"));
const all = known(provinces, wards);
process.stdout.write(JSON.stringify(asked.map(([text, province]) => wardsNamed(all, text, province).map(({ ward }) => ward))));
"""


def names(text: str, province: str = "") -> list[str]:
    return [places.ward_name(match.ward) for match in wards_named(text, province)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Phường Bến Thành", ["Phường Bến Thành"]),
        ("ben thanh", ["Phường Bến Thành"]),
        ("P. Bến Thành, TP. Hồ Chí Minh", ["Phường Bến Thành"]),
        ("nhiêu lộc, tỉnh Cà Mau", []),
        ("Phường Bến Nghé", ["Phường Sài Gòn"]),
        ("phường 11, quận 3", ["Phường Nhiêu Lộc"]),
        ("P.04, Q.3", ["Phường Bàn Cờ", "Phường Xuân Hòa"]),
        ("Đa Kao, Quận 1", ["Phường Sài Gòn", "Phường Tân Định"]),
        ("Thị trấn Tân Túc, huyện Bình Chánh", ["Xã Tân Nhựt"]),
        ("Phường 99, Quận 3", []),
        ("Không Có Đâu", []),
        ("", []),
        (",", []),
        ("x" * 5000, []),
    ],
)
def test_names_lead_to_wards(text: str, found: list[str]) -> None:
    assert sorted(names(text)) == found


def test_a_slip_of_the_keyboard_is_forgiven_where_nothing_fits_exactly() -> None:
    assert "Phường Bến Thành" in names("ben thanf")
    assert names("nhieu lco", "79") == ["Phường Nhiêu Lộc"]
    assert names("bến thnàh, tp hồ chí minh") == ["Phường Bến Thành"]


def test_a_province_narrows_the_search() -> None:
    assert len(names("Tân An")) > 1
    assert all(match.province == "80" for match in wards_named("Tân An", "80"))


def test_old_names_lead_to_wards_of_today_and_say_so() -> None:
    table = rows("old_names")
    assert len(table) == len({(row["name"], row["district"], row["ward"]) for row in table}) > 400
    assert all(places.province_of(row["ward"]) == "79" for row in table)
    # Of the 168 wards of the city, 162 were put together from others.
    assert len({row["ward"] for row in table}) == 162
    assert (
        wards_named("Bến Nghé, Quận 1")[0].label == "Phường Sài Gòn, Thành phố Hồ Chí Minh (trước đây: Phường Bến Nghé, Quận 1)"
    )


def test_every_name_of_today_is_found() -> None:
    wrong = [
        match.label for match in known() if not match.was and match.ward not in {one.ward for one in wards_named(match.label)}
    ]
    assert wrong == []


def test_bare_names() -> None:
    assert [bare(name) for name in ("Phường 01", "P.1", "Xã Ea Kly", "Đặc khu Côn Đảo", "Phường")] == [
        "1",
        "1",
        "ea kly",
        "con dao",
        "phuong",
    ]


def test_the_names_are_served_to_everybody_alike(client: Client) -> None:
    answer = client.get("/nop/phuong-xa/ten/?q=anything")
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    made = answer.json()
    assert len(made["provinces"]) == 34
    assert ["26743", "79", "Phường Bến Thành"] in made["wards"]
    assert client.post("/nop/phuong-xa/ten/").status_code == 405


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_browser_finds_the_same(client: Client) -> None:
    asked = [
        (text, province)
        for text in (
            "ben thanh",
            "P.04, Q.3",
            "Tân An",
            "ben thanf",
            "nhieu lco",
            "Bến Nghé",
            "xã an",
            "đa kao, quận 1",
            "",
            "q1",
            "p12",
        )
        for province in ("", "79", "01")
    ]
    sent = json.dumps({**client.get("/nop/phuong-xa/ten/").json(), "asked": asked})
    command = [str(NODE), "--input-type=module", "-e", PROGRAM, SCRIPT.as_uri()]
    said = subprocess.run(command, input=sent, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(said) == [[match.ward for match in wards_named(*one)] for one in asked]
