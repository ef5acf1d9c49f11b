"""The demonstration city once for a module, and a draft of the construction permit in it."""

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
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Offices, people and procedures, taken back after the module; what a test adds is taken back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def editor(city: None, db: None) -> Person:
    """Who edits."""
    return Person.objects.get(username="bientap")


@pytest.fixture
def colleague(editor: Person) -> Person:
    """Another editor."""
    return Person.objects.filter(posts__powers__contains=["edit_catalogue"]).exclude(pk=editor.pk)[0]


@pytest.fixture
def draft(editor: Person) -> VersionDraft:
    """A draft from the version in force."""
    return actions.start_draft(editor, CODE)


@pytest.fixture
def mine(editor: Person) -> Client:
    """The editor's browser."""
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def theirs(colleague: Person) -> Client:
    """The colleague's browser."""
    client = Client()
    client.force_login(colleague)
    return client
