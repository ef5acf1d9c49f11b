"""What the tests of the catalogue share."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from portal.dev.demo.seed import seed


@pytest.fixture(scope="module")
def _city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Seeded once per module, around the tests' own transactions; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_city: None, db: None) -> None:
    """The demonstration city, its people and procedures."""
