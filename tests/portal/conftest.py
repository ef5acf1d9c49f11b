from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    """Addresses of static files without the manifest that only a deployed portal has."""
    settings.STORAGES = {**settings.STORAGES, **PLAIN_STATIC}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Source wording, so that a test does not depend on the translation; tests of Vietnamese switch themselves."""
    with translation.override("en"):
        yield
