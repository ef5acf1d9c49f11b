"""The promise: who administers an agency decides its days off with a decision, sees what that changes, and moves no promised date."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
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
from services.cases import actions as cases
from services.cases.officials import calendar_parts
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


def browser(person: Person | str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=person) if isinstance(person, str) else person)
    return client


def said(day: str, kind: str = "off", decision: str = "12/QĐ-UBND", do: str = "save") -> dict[str, str]:
    year, month, number = day.split("-")
    return {
        "day_day": number,
        "day_month": month,
        "day_year": year,
        "kind": kind,
        "name": "Ngày truyền thống",
        "decision": decision,
        "do": do,
    }


@pytest.fixture
def administrator(ward: Office) -> Person:
    """Of the ward, not of the city."""
    person = Person.objects.get(username="giamsat.benthanh")
    offices.appoint(person, ward, "Quản trị của phường", [Power.ADMINISTER])
    return person


def test_decided_after_a_look_and_taken_back_while_promises_stay(
    version: Version, owner: Person, ward: Office, administrator: Person
) -> None:
    case = cases.file(walk.draft(owner, version, ward), owner)
    cases.handle_events(case.pk)
    reception = walk.next_step(case)
    assert reception is not None
    case = walk.take_step(reception)
    promised = case.due_at
    mine = browser(administrator)
    new = f"{reverse('working_day_new')}?don-vi={ward.pk}"
    look = mine.post(new, said("2026-12-03", do="preview"))
    assert "1 hồ sơ đang giải quyết có thời hạn đi qua ngày này" in look.content.decode()
    assert not CalendarDay.objects.filter(office=ward).exists()
    assert mine.post(new, said("2026-12-03")).status_code == 302
    row = CalendarDay.objects.get(office=ward)
    assert (row.is_working, row.decision) == (False, "12/QĐ-UBND")
    unit = Office.objects.filter(parent=ward, kind=Office.Kind.UNIT).first()
    assert row.day in queries.working_calendar(unit).days_off
    case.refresh_from_db()
    assert case.due_at == promised
    page = mine.get(reverse("working_days"), {"don-vi": ward.pk}).content.decode()
    assert "12/QĐ-UBND" in page
    assert "mc-year__day--off" in page
    take_back = reverse("working_day_remove", args=[row.pk])
    assert "1 hồ sơ" in mine.get(take_back).content.decode()
    assert CalendarDay.objects.filter(pk=row.pk).exists()
    assert mine.post(take_back).status_code == 302
    assert not CalendarDay.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (said("2026-12-03", decision=" "), "số quyết định"),
        (said("2026-11-20"), "Ngày này đã qua"),
        (said("2026-12-05"), "vốn là ngày nghỉ"),
        (said("2026-12-03", kind="worked"), "vốn là ngày làm việc"),
    ],
)
def test_what_cannot_be_decided(ward: Office, administrator: Person, told: dict[str, str], words: str) -> None:
    answer = browser(administrator).post(f"{reverse('working_day_new')}?don-vi={ward.pk}", told)
    assert words in answer.content.decode()
    assert not CalendarDay.objects.filter(office=ward).exists()


def test_a_make_up_saturday(ward: Office, administrator: Person) -> None:
    offices.decide_day(administrator, ward.pk, date(2026, 12, 5), is_working=True, name="Làm bù", decision="13/QĐ-UBND")
    assert date(2026, 12, 5) in queries.working_calendar(ward).make_up_days


def test_nobody_else_decides(ward: Office, administrator: Person, owner: Person) -> None:
    row = offices.set_calendar_day(date(2026, 12, 3), is_working=False, name="Nghỉ", decision="1", office=ward)
    elsewhere = Office.objects.exclude(path__startswith=ward.path).filter(kind=Office.Kind.WARD)[0]
    pages = [reverse("working_days"), reverse("working_day_new"), reverse("working_day_remove", args=[row.pk])]
    for person, status in [(owner, 404), ("tiepnhan.benthanh", 403), ("lanhdao.benthanh", 403)]:
        client = browser(person)
        assert [client.post(page).status_code for page in pages] == [status] * 3, person
    mine = browser(administrator)
    assert mine.get(pages[0], {"don-vi": elsewhere.pk}).status_code == 404
    assert mine.post(f"{pages[1]}?don-vi={elsewhere.pk}", said("2026-12-03")).status_code == 404
    above = offices.set_calendar_day(date(2026, 12, 4), is_working=False, name="Nghỉ", decision="1", office=ward.parent)
    assert mine.post(reverse("working_day_remove", args=[above.pk])).status_code == 404
    with pytest.raises(Office.DoesNotExist):
        offices.decide_day(administrator, elsewhere.pk, date(2026, 12, 3), is_working=False, name="Nghỉ", decision="1")
    assert browser("quantri").get(pages[2]).status_code == 200


def test_a_year_costs_the_same(ward: Office, administrator: Person, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for day in range(3, 30):
        offices.set_calendar_day(date(2026, 12, day), is_working=False, name="Nghỉ", decision="1", office=ward)
    calendar_parts.year_of(ward, 2026)
    with django_assert_max_num_queries(2):
        year = calendar_parts.year_of(ward, 2026)
    assert year.months[11].worked == 4
    assert {one.day for one in year.named} >= {date(2026, 11, 24), date(2026, 8, 22)}
