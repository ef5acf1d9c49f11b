"""A small set of cases whose figures can be counted by hand, seen by those who supervise and by nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from identity.offices import actions as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case, WorkItem
from services.catalogue.models import Domain, Procedure, Turnaround, Version
from services.reports import actions, measures, queries
from services.reports.measures import Month

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=clock.HERE)
"""A Wednesday."""


@pytest.fixture(autouse=True)
def _wednesday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def city() -> Office:
    return offices.create_office(kind=Office.Kind.CITY, code="H29", name="Thành phố")


@pytest.fixture
def wards(city: Office) -> list[Office]:
    names = {"H29.01": "Phường Một", "H29.02": "Phường Hai"}
    return [offices.create_office(parent=city, kind=Office.Kind.WARD, code=code, name=name) for code, name in names.items()]


def procedure(code: str, name: str) -> Version:
    domain, _created = Domain.objects.get_or_create(slug="thu", defaults={"name": "Thử"})
    made = Procedure.objects.create(code=code, domain=domain)
    made.current = Version.objects.create(
        procedure=made, number=1, name=name, level="ward", limit_value=5, limit_unit="working_day", result_name="Kết quả"
    )
    made.save()
    return made.current


@pytest.fixture
def make(wards: list[Office]) -> Callable[..., Case]:
    resident = Person.objects.create_user(None, email="dan@example.vn", full_name="Người Dân")
    numbers = iter(range(1, 1000))

    def build(ward: Office, version: Version, state: Case.State, **facts: Any) -> Case:
        facts = {"filed_at": NOW - timedelta(days=60), **facts}
        if state not in (Case.State.FILED, Case.State.NOT_ACCEPTED):
            facts = {"accepted_at": facts["filed_at"], "clock_started_at": facts["filed_at"], **facts}
        return Case.objects.create(
            number=f"{ward.code}-261101-{next(numbers):04d}",
            version=version,
            applicant=resident,
            agency=ward,
            state=state,
            **facts,
        )

    return build


def ended(minutes: int, late: bool = False, at: datetime | None = None) -> dict[str, Any]:
    moment = at or NOW - timedelta(days=3)
    return {
        "completed_at": moment,
        "due_at": moment - timedelta(minutes=1) if late else moment,
        "worked_minutes": minutes,
    }


@pytest.fixture
def cases(make: Callable[..., Case], wards: list[Office]) -> tuple[Version, Version]:
    """Two procedures in two wards, with every kind of case once."""
    one, two = wards
    permit, birth = procedure("1.000001", "Cấp phép"), procedure("1.000002", "Khai sinh")
    state = Case.State
    make(one, permit, state.FILED)
    make(one, permit, state.IN_PROGRESS, due_at=NOW + timedelta(days=20))
    make(one, permit, state.IN_PROGRESS, due_at=NOW + timedelta(hours=3))
    make(one, permit, state.IN_PROGRESS, due_at=NOW - timedelta(days=1))
    make(one, birth, state.ACCEPTED, due_at=NOW - timedelta(days=9))
    make(one, permit, state.SUPPLEMENT, due_at=NOW - timedelta(days=30), paused_at=NOW - timedelta(days=31))
    make(one, permit, state.COMPLETED, **ended(480))
    make(one, permit, state.RETURNED, **ended(960, late=True))
    make(one, birth, state.RETURNED, **ended(60))
    make(one, permit, state.STOPPED, **ended(5000, late=True), closed_at=NOW)
    make(one, permit, state.RETURNED, **ended(99, at=datetime(2026, 10, 31, 23, 59, 59, tzinfo=clock.HERE)))
    make(one, permit, state.NOT_ACCEPTED, closed_at=NOW - timedelta(days=2))
    make(two, birth, state.IN_PROGRESS, due_at=NOW - timedelta(days=2))
    make(two, birth, state.COMPLETED, **ended(100, at=datetime(2026, 11, 1, tzinfo=clock.HERE)))
    return permit, birth


def test_totals(cases: tuple[Version, Version], wards: list[Office]) -> None:
    found = queries.totals(wards[:1], NOVEMBER)
    assert (found.open, found.unaccepted, found.waiting, found.overdue, found.due_soon) == (6, 1, 1, 2, 1)
    assert (found.completed, found.stopped, found.ended, found.on_time, found.late) == (3, 1, 4, 2, 2)
    assert found.rate == 50
    assert found.median_minutes == measures.median([480, 960, 60]) == 480
    both = queries.totals(wards, NOVEMBER)
    assert (both.open, both.overdue, both.completed, both.on_time) == (7, 3, 4, 3)
    assert both.median_minutes == measures.median([480, 960, 60, 100])


def test_a_month_is_counted_in_vietnam(cases: tuple[Version, Version], wards: list[Office]) -> None:
    october = queries.totals(wards, NOVEMBER.previous)
    assert (october.completed, october.median_minutes) == (1, 99)
    assert queries.totals(wards, NOVEMBER.following).ended == 0
    assert queries.totals(wards, NOVEMBER.following).rate is None


def test_what_sql_calls_on_time_is_what_the_rule_calls_on_time(cases: tuple[Version, Version], wards: list[Office]) -> None:
    finished = Case.objects.filter(completed_at__isnull=False)
    for seconds in (0, 59, 60):
        for case in finished:
            assert case.due_at is not None
            case.completed_at = case.due_at + timedelta(seconds=seconds)
            case.save()
        expected = sum(
            measures.is_on_time(case.completed_at, case.due_at) for case in finished.all() if case.completed_at and case.due_at
        )
        counted = sum(queries.totals(wards, month).on_time for month in (NOVEMBER, NOVEMBER.previous))
        assert counted == expected


def test_by_agency_and_by_procedure_add_up(cases: tuple[Version, Version], wards: list[Office]) -> None:
    total = queries.totals(wards, NOVEMBER)
    for lines in (queries.by_agency(wards, NOVEMBER), queries.by_procedure(wards, NOVEMBER)):
        assert sum(line.open for line in lines) == total.open
        assert sum(line.overdue for line in lines) == total.overdue
        assert sum(line.ended for line in lines) == total.ended
        assert sum(line.on_time for line in lines) == total.on_time
    by_code = {line.code: line for line in queries.by_procedure(wards, NOVEMBER)}
    assert (by_code["1.000002"].open, by_code["1.000002"].overdue, by_code["1.000002"].median_minutes) == (2, 2, 80)
    assert [line.label for line in queries.by_agency(wards, NOVEMBER)] == ["Phường Một", "Phường Hai"]


def test_the_worst_come_first_without_those_that_wait(cases: tuple[Version, Version], wards: list[Office]) -> None:
    late = queries.worst(wards)
    assert [(one.case.agency.name, one.case.due_at) for one in late] == [
        ("Phường Một", NOW - timedelta(days=9)),
        ("Phường Hai", NOW - timedelta(days=2)),
        ("Phường Một", NOW - timedelta(days=1)),
    ]
    assert late[2].minutes == 480


# The page


def work_at(unit: Office, case: Case, due: datetime) -> WorkItem:
    return WorkItem.objects.create(
        case=case,
        step="tham-dinh",
        position=1,
        title="Thẩm định",
        kind="appraise",
        power="process",
        office=unit,
        agency=case.agency,
        due_at=due,
    )


def supervisor(office: Office) -> Client:
    person = Person.objects.create_user(None, kind="official", username=f"giamsat.{office.code.lower()}", full_name="Giám Sát")
    offices.appoint(person, office, "Chủ tịch", ["supervise"])
    client = Client()
    client.force_login(person)
    return client


def test_a_supervisor_sees_what_is_below_and_nothing_else(
    cases: tuple[Version, Version], city: Office, wards: list[Office]
) -> None:
    whole = supervisor(city).get(reverse("supervision")).content.decode()
    assert "Phường Một" in whole
    assert "Phường Hai" in whole
    client = supervisor(wards[1])
    page = client.get(reverse("supervision")).content.decode()
    assert "Phường Hai" in page
    assert "Phường Một" not in page
    assert client.get(reverse("supervision"), {"don-vi": "H29.02"}).status_code == 200
    assert client.get(reverse("supervision"), {"don-vi": "H29.01"}).status_code == 404
    own = Case.objects.filter(agency=wards[1]).order_by("pk")[0]
    foreign = Case.objects.filter(agency=wards[0]).order_by("pk")[0]
    assert reverse("casework", args=[own.number]) in page
    assert client.get(reverse("casework", args=[foreign.number])).status_code == 404


def test_one_agency_and_one_month_can_be_chosen(cases: tuple[Version, Version], city: Office) -> None:
    client = supervisor(city)
    page = client.get(reverse("supervision"), {"don-vi": "H29.02", "thang": "2026-10"}).content.decode()
    assert "tháng 10/2026" in page
    assert "H29.01-" not in page
    for odd in ("2030-01", "x", "2026-99"):
        assert "tháng 11/2026" in client.get(reverse("supervision"), {"thang": odd}).content.decode()


def test_officials_without_the_power_are_refused(wards: list[Office]) -> None:
    person = Person.objects.create_user(None, kind="official", username="thuly", full_name="Thụ Lý")
    offices.appoint(person, wards[0], "Chuyên viên", ["process", "lead"])
    client = Client()
    client.force_login(person)
    assert client.get(reverse("supervision")).status_code == 403


def test_no_single_official_is_named(cases: tuple[Version, Version], city: Office, wards: list[Office]) -> None:
    worker = Person.objects.create_user(None, kind="official", username="canbo", full_name="Cán Bộ Chậm Chạp")
    unit = offices.create_office(
        parent=wards[0], kind=Office.Kind.UNIT, code="H29.01.1", name="Phòng Kinh tế", function="economy"
    )
    late = queries.worst(wards)[0].case
    item = work_at(unit, late, NOW - timedelta(days=3))
    WorkItem.objects.filter(pk=item.pk).update(claimed_by=worker, claimed_at=NOW)
    page = supervisor(city).get(reverse("supervision")).content.decode()
    assert "Thẩm định" in page
    assert "Phòng Kinh tế" in page
    assert worker.full_name not in page


def test_where_the_work_is(cases: tuple[Version, Version], city: Office, wards: list[Office]) -> None:
    unit = offices.create_office(
        parent=wards[0], kind=Office.Kind.UNIT, code="H29.01.1", name="Phòng Kinh tế", function="economy"
    )
    running = Case.objects.filter(agency=wards[0], state=Case.State.IN_PROGRESS)
    for days, case in enumerate(running):
        work_at(unit, case, NOW + timedelta(days=days - 1))
    work_at(unit, Case.objects.get(state=Case.State.SUPPLEMENT), NOW - timedelta(days=9))
    found = queries.jams(wards)
    assert [(jam.office.name, jam.open, jam.overdue, jam.unclaimed) for jam in found] == [("Phòng Kinh tế", 3, 1, 3)]
    assert queries.jams(wards[1:]) == []


def test_an_empty_city_says_so(city: Office) -> None:
    page = supervisor(city).get(reverse("supervision")).content.decode()
    assert "Chưa có hồ sơ" in page


def test_the_page_costs_the_same_with_many_cases(
    cases: tuple[Version, Version], make: Callable[..., Case], city: Office, wards: list[Office]
) -> None:
    client = supervisor(city)

    def cost() -> int:
        client.get(reverse("supervision"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("supervision")).status_code == 200
        return len(caught)

    before = cost()
    for number in range(60):
        more = procedure(f"1.1{number:05d}", f"Thủ tục {number}")
        make(wards[number % 2], more, Case.State.IN_PROGRESS, due_at=NOW - timedelta(days=number))
        make(wards[number % 2], more, Case.State.COMPLETED, **ended(number))
    assert cost() == before <= 14


def test_the_pace_of_a_procedure_is_measured_from_enough_completed_cases(wards: list[Office], make: Callable[..., Case]) -> None:
    many, few = procedure("1.000001", "Nhiều"), procedure("1.000002", "Ít")
    for minutes, late in [(60, 0), (120, 0), (240, 0), (480, 0), (960, 1)]:
        done = NOW - timedelta(days=10)
        due = done - timedelta(hours=1) if late else done + timedelta(days=1)
        make(wards[0], many, Case.State.RETURNED, completed_at=done, closed_at=done, due_at=due, worked_minutes=minutes)
    done = NOW - timedelta(days=5)
    make(wards[0], few, Case.State.RETURNED, completed_at=done, closed_at=done, due_at=done, worked_minutes=30)
    long_ago = NOW - timedelta(days=queries.TURNAROUND_DAYS + 30)
    make(wards[1], many, Case.State.RETURNED, completed_at=long_ago, closed_at=long_ago, due_at=long_ago, worked_minutes=9000)
    assert actions.measure_turnaround() == 1
    pace = Turnaround.objects.get()
    assert (pace.procedure, pace.cases, pace.on_time) == (many.procedure, 5, 80)
    assert (pace.median_minutes, pace.ninetieth_minutes) == (240, 768)
    assert actions.measure_turnaround() == 1, "a second run changes nothing"
    assert Turnaround.objects.count() == 1
