"""The portal as people meet it: a live server, the demonstration city, a browser per person."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.city import seed_city
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def portal(live_server: "LiveServer", settings: "SettingsWrapper") -> str:
    """The address of the running portal, with the demonstration city in its database."""
    seed_city()
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def visitor(portal: str, browser: "Browser") -> Iterator[Callable[..., Visitor]]:
    """Makes visitors, each with a browser of their own; at the end nothing may have gone wrong in any of them."""
    made: list[Visitor] = []

    def make(login: str = "", **context: object) -> Visitor:
        made.append(Visitor(browser, portal, **context))
        if login:
            made[-1].sign_in(login)
        return made[-1]

    yield make
    for one in made:
        one.leave()
    assert [complaint for one in made for complaint in one.complaints] == []
