"""The demonstration city once for a whole test module: seeding takes longer than most tests of a page."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from identity.people.models import Person
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests.city import seed_city


@pytest.fixture(scope="module")
def shared_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Offices, people and procedures, taken back after the module; what a test adds is taken back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_city()
        assert not Case.objects.exists()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def version(shared_city: None, db: None) -> Version:
    """The construction permit, through which most page tests walk."""
    return catalogue.version_of("1.013225")


@pytest.fixture
def owner(version: Version) -> Person:
    """The resident whose case it is."""
    return Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]


@pytest.fixture
def neighbour(version: Version) -> Person:
    """Another resident."""
    return Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[1]


@pytest.fixture
def mine(owner: Person) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    return client
