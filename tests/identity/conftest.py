"""People and offices of these tests: an owner's colleague, a stranger, a resident."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from identity.offices import actions, queries
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people import actions as people
from identity.people.models import Person

PASSWORD = "ba-con-voi-2026"


@pytest.fixture(autouse=True)
def _calendar_read_anew() -> Iterator[None]:
    """The calendar a process remembers must not outlive the rows of a test."""
    queries.forget_calendar()
    yield
    queries.forget_calendar()


@pytest.fixture
def city(db: None) -> Office:
    return actions.create_office(kind=Office.Kind.CITY, code="H29", name="UBND Thành phố Hồ Chí Minh")


@pytest.fixture
def ward(city: Office) -> Office:
    return actions.create_office(
        parent=city, kind=Office.Kind.WARD, code="H29.27", name="UBND phường Bến Thành", ward_code="26743"
    )


@pytest.fixture
def one_stop(ward: Office) -> Office:
    return actions.create_office(parent=ward, kind=Office.Kind.UNIT, function="one-stop", code="H29.27.1", name="Bộ phận Một cửa")


Hire = Callable[..., Person]


@pytest.fixture
def hire(db: None) -> Hire:
    """A work account with a post in each (office, powers)."""

    def make(username: str, *posts: tuple[Office, list[Power]], is_staff: bool = False) -> Person:
        person = people.create_official(username=username, full_name=f"Lê Văn {username}", password=PASSWORD, is_staff=is_staff)
        for office, powers in posts:
            actions.appoint(person, office, "Chuyên viên", powers)
        return person

    return make


@pytest.fixture
def resident(db: None) -> Person:
    return people.register(
        full_name="Nguyễn Thị An",
        password=PASSWORD,
        phone="0901234567",
        personal_number="079190000123",
        birth_date=date(1990, 3, 27),
        sex="female",
        verified=True,
    )


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make
