"""The promise: who administers an agency decides its days off with a decision, sees what that changes, and moves no promised date."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from identity.offices import actions as offices
from identity.offices import queries
from identity.offices.models import CalendarDay, Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case
from services.catalogue.models import Version
from tests import walk

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=clock.HERE)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_tuesday(version: Version) -> Iterator[None]:
    queries.forget_calendar()
    with time_machine.travel(NOW, tick=False):
        yield
    queries.forget_calendar()


@pytest.fixture
def ward() -> Office:
    return Office.objects.get(code="H29.141")


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


def said(day: str, kind: str = "off", decision: str = "12/QĐ-UBND", do: str = "save") -> dict[str, str]:
    year, month, number = day.split("-")
    return {"day_day": number, "day_month": month, "day_year": year, "kind": kind, "name": "Ngày truyền thống", "decision": decision, "do": do}


def test_decided_for_the_ward_after_a_look_and_taken_back(version: Version, owner: Person, ward: Office) -> None:
    case = walk.to_the_end  # noqa: F841
