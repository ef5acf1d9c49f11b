"""The demonstration city once for a whole test module: seeding takes longer than most tests of a page."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from services.cases.models import Case


@pytest.fixture(scope="module")
def shared_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Offices, people and procedures, taken back after the module; what a test adds is taken back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", verbosity=0)
        assert not Case.objects.exists()
        yield
        transaction.set_rollback(True)
