"""Which days offices work: national holidays, then what was decided for the country, the superiors and the office."""

from datetime import date

import pytest

from identity.offices import actions, queries
from identity.offices.models import Office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        *(date(2026, 2, day) for day in range(16, 21)),
        date(2026, 4, 27),
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 8, 31),
        date(2026, 9, 1),
        date(2026, 9, 2),
        date(2026, 11, 24),
    ],
)
def test_national_holidays_of_2026(day: date) -> None:
    assert day in queries.working_calendar(None).days_off


def test_the_saturday_worked_for_a_long_weekend() -> None:
    calendar = queries.working_calendar(None)
    assert date(2026, 8, 22) in calendar.make_up_days
    assert date(2026, 8, 22) not in calendar.days_off
    assert date(2026, 11, 25) not in calendar.days_off


def test_a_decision_for_everybody_holds_everywhere(ward: Office) -> None:
    actions.set_calendar_day(date(2026, 1, 2), is_working=False, name="Nghỉ hoán đổi")
    actions.set_calendar_day(date(2026, 1, 10), is_working=True, name="Làm bù")
    for office in (None, ward):
        calendar = queries.working_calendar(office)
        assert date(2026, 1, 2) in calendar.days_off
        assert date(2026, 1, 10) in calendar.make_up_days


def test_a_decision_for_an_office_holds_there_and_below(city: Office, ward: Office, one_stop: Office) -> None:
    other = actions.create_office(parent=city, kind=Office.Kind.WARD, code="H29.28", name="UBND phường Sài Gòn")
    actions.set_calendar_day(date(2026, 12, 1), is_working=False, name="Ngày truyền thống", office=ward)
    assert date(2026, 12, 1) in queries.working_calendar(one_stop).days_off
    assert date(2026, 12, 1) not in queries.working_calendar(other).days_off
    assert date(2026, 12, 1) not in queries.working_calendar(None).days_off


def test_the_nearer_decision_wins(city: Office, ward: Office) -> None:
    actions.set_calendar_day(date(2026, 12, 2), is_working=False, name="Nghỉ", office=city)
    actions.set_calendar_day(date(2026, 12, 2), is_working=True, name="Trực", office=ward)
    assert date(2026, 12, 2) in queries.working_calendar(ward).make_up_days
    assert date(2026, 12, 2) in queries.working_calendar(city).days_off


def test_a_public_holiday_can_be_worked(ward: Office) -> None:
    actions.set_calendar_day(date(2026, 11, 24), is_working=True, name="Trực ngày lễ", office=ward)
    assert date(2026, 11, 24) not in queries.working_calendar(ward).days_off


def test_changing_and_taking_back_a_decision(ward: Office) -> None:
    row = actions.set_calendar_day(date(2026, 12, 3), is_working=False, name="Nghỉ")
    assert actions.set_calendar_day(date(2026, 12, 3), is_working=False, name="Nghỉ cả ngày").pk == row.pk
    actions.remove_calendar_day(row)
    assert date(2026, 12, 3) not in queries.working_calendar(ward).days_off


def test_asking_for_many_offices_reads_the_table_once(
    city: Office, ward: Office, one_stop: Office, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        for office in (None, city, ward, one_stop, ward):
            queries.working_calendar(office)
