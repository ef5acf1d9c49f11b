"""The promise: the repository holds our own text and nothing else, and every word of it is translated."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from portal.dev import translations

ROOT = Path(settings.BASE_DIR)
PICTURES = {".png", ".webp", ".jpg"}
LARGEST = 1_000_000
MADE = ("node_modules/", "static/build/", ".venv/", ".state/")


def tracked() -> list[str]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_binary_file_is_tracked_but_pictures_of_our_own() -> None:
    for name in tracked():
        path = ROOT / name
        if path.suffix in PICTURES:
            assert name.startswith("docs/pictures/"), name
            assert path.stat().st_size < LARGEST, name
            continue
        content = path.read_bytes()
        assert b"\0" not in content, f"{name} is binary"
        content.decode()


def test_nothing_made_or_fetched_is_tracked() -> None:
    assert not [
        name for name in tracked() if name.startswith(MADE) or name.endswith((".mo", ".min.js", ".min.css", ".woff2", ".ttf"))
    ]


def test_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_requirement_is_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        assert [line for line in lines if line and not line.startswith(("-r ", "-c ")) and "==" not in line] == []


def test_every_word_has_its_translation() -> None:
    assert translations.problems() == []
