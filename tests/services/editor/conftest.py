"""The demonstration city once for a test module, two editors, and a draft of the construction permit."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from identity.people.models import Person
from portal.dev.demo.seed import seed
from services.catalogue import actions
from services.catalogue.models import VersionDraft

CODE = "1.013225"


@pytest.fixture(scope="module")
def edited_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Offices, people and procedures, taken back after the module; what a test adds is taken back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def anh(edited_city: None, db: None) -> Person:
    """An editor."""
    return Person.objects.get(username="bientap")


@pytest.fixture
def khoi(anh: Person) -> Person:
    """The other editor."""
    return Person.objects.get(username="duyet.danhmuc")


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hers(anh: Person) -> Client:
    """The editor's browser."""
    return browser_of(anh)


@pytest.fixture
def his(khoi: Person) -> Client:
    """The other editor's browser."""
    return browser_of(khoi)


@pytest.fixture
def permit(anh: Person) -> VersionDraft:
    """A draft from the version in force."""
    return actions.start_draft(anh, CODE)
