"""What the tests of the catalogue share."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from identity.people.models import Person
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


@pytest.fixture
def editor(demo: None) -> Person:
    """Somebody who edits the catalogue."""
    return Person.objects.get(username="bientap")


@pytest.fixture
def second(demo: None) -> Person:
    """Somebody else who edits the catalogue."""
    return Person.objects.get(username="duyet.danhmuc")


@pytest.fixture
def official(demo: None) -> Person:
    """An official who does not edit the catalogue."""
    return Person.objects.get(username="lanhdao.benthanh")


@pytest.fixture
def resident(demo: None) -> Person:
    """A person without a work account."""
    return Person.objects.get(phone="+84901234567")
