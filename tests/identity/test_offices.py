"""The tree of offices and who may do what where."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from identity.offices import actions, queries
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from tests.identity.conftest import Hire

pytestmark = pytest.mark.django_db


def test_a_path_leads_from_the_root(city: Office, ward: Office, one_stop: Office) -> None:
    assert city.path == f"/{city.pk}/"
    assert one_stop.path == f"/{city.pk}/{ward.pk}/{one_stop.pk}/"
    assert queries.ancestor_ids(one_stop) == [city.pk, ward.pk, one_stop.pk]


def test_moving_an_office_takes_what_is_below_along(city: Office, ward: Office, one_stop: Office) -> None:
    other = actions.create_office(parent=city, kind=Office.Kind.DEPARTMENT, code="H29.5", name="Sở Nội vụ")
    actions.move_office(ward, other)
    one_stop.refresh_from_db()
    assert one_stop.path == f"/{city.pk}/{other.pk}/{ward.pk}/{one_stop.pk}/"
    with pytest.raises(Refused):
        actions.move_office(other, one_stop)


def test_saving_by_hand_keeps_the_paths(city: Office, ward: Office, one_stop: Office) -> None:
    ward.parent, ward.name = None, "UBND phường Bến Thành mới"
    actions.save_office(ward)
    one_stop.refresh_from_db()
    ward.refresh_from_db()
    assert (ward.path, ward.name) == (f"/{ward.pk}/", "UBND phường Bến Thành mới")
    assert one_stop.path == f"/{ward.pk}/{one_stop.pk}/"


def test_codes_are_of_the_national_form_and_unique(city: Office) -> None:
    for code in ("h29", "29", "H29..1", "H29"):
        with pytest.raises(ValidationError):
            actions.create_office(kind=Office.Kind.CITY, code=code, name="Khác")


def test_finding_offices(city: Office, ward: Office, one_stop: Office) -> None:
    assert queries.agency_of(one_stop) == ward
    assert queries.agency_of(ward) == ward
    assert queries.unit(ward, "one-stop") == one_stop
    assert queries.unit(ward, "economy") is None
    assert queries.by_code("H29.27") == ward
    assert queries.by_code("H29.99") is None
    assert queries.ward_by_code("26743") == ward
    assert queries.ward_by_code("") is None


def test_an_agency_with_the_function_is_its_own_unit(city: Office) -> None:
    department = actions.create_office(
        parent=city, kind=Office.Kind.DEPARTMENT, function="construction", code="H29.9", name="Sở Xây dựng"
    )
    assert queries.unit(department, "construction") == department
    division = actions.create_office(
        parent=department, kind=Office.Kind.UNIT, function="construction", code="H29.9.1", name="Phòng Xây dựng"
    )
    assert queries.unit(department, "construction") == division


def test_powers_hold_where_the_post_is(hire: Hire, ward: Office, one_stop: Office) -> None:
    clerk = hire("tiepnhan", (one_stop, [Power.RECEIVE]))
    assert queries.has_power(clerk, Power.RECEIVE, one_stop)
    assert not queries.has_power(clerk, Power.RECEIVE, ward)
    assert not queries.has_power(clerk, Power.APPROVE, one_stop)
    assert list(queries.offices_where(clerk, [Power.RECEIVE, Power.LEAD])) == [one_stop]
    assert list(queries.holders(one_stop, Power.RECEIVE)) == [clerk]
    assert not queries.holders(ward, Power.RECEIVE).exists()


def test_an_official_may_hold_several_posts(hire: Hire, ward: Office, one_stop: Office) -> None:
    person = hire("kiemnhiem", (one_stop, [Power.RECEIVE]), (ward, [Power.APPROVE]))
    assert {post.office_id for post in queries.posts_of(person)} == {ward.pk, one_stop.pk}
    assert queries.powers_of(person) == {"receive", "approve"}


def test_a_post_counts_from_its_first_to_its_last_day(hire: Hire, one_stop: Office) -> None:
    today = clock.today()
    person = hire("moi")
    actions.appoint(person, one_stop, "Chuyên viên", [Power.RECEIVE], since=today + timedelta(days=1))
    assert queries.posts_of(person) == []
    post = person.posts.get()
    post.since = today - timedelta(days=9)
    post.save()
    queries.forget_posts(person)
    assert queries.posts_of(person) == [post]
    actions.end_post(post, today)
    assert queries.posts_of(Person.objects.get(pk=person.pk)) == [post]
    actions.end_post(post, today - timedelta(days=1))
    assert queries.posts_of(Person.objects.get(pk=person.pk)) == []
    assert not queries.holders(one_stop, Power.RECEIVE).exists()


def test_a_closed_account_and_a_closed_office_carry_nothing(hire: Hire, one_stop: Office) -> None:
    person = hire("nghi", (one_stop, [Power.RECEIVE]))
    person.is_active = False
    person.save()
    assert queries.posts_of(Person.objects.get(pk=person.pk)) == []
    assert not queries.holders(one_stop, Power.RECEIVE).exists()
    person.is_active = True
    person.save()
    one_stop.is_active = False
    one_stop.save()
    assert queries.posts_of(Person.objects.get(pk=person.pk)) == []


def test_supervision_reaches_everything_below_and_nothing_beside(
    hire: Hire, city: Office, ward: Office, one_stop: Office
) -> None:
    other = actions.create_office(parent=city, kind=Office.Kind.WARD, code="H29.28", name="UBND phường Sài Gòn")
    chief = hire("giamsat", (ward, [Power.SUPERVISE]))
    assert set(queries.supervised_offices(chief)) == {ward, one_stop}
    everywhere = hire("giamsat-tp", (city, [Power.SUPERVISE]))
    assert set(queries.supervised_offices(everywhere)) == {city, ward, one_stop, other}
    assert not queries.supervised_offices(hire("khong", (city, [Power.RECEIVE]))).exists()


def test_a_resident_has_no_posts(resident: Person, one_stop: Office) -> None:
    assert queries.posts_of(resident) == []
    with pytest.raises(Refused):
        actions.appoint(resident, one_stop, "Chuyên viên", [Power.RECEIVE])


def test_posts_are_read_once_per_person(hire: Hire, one_stop: Office, django_assert_num_queries: object) -> None:
    clerk = Person.objects.get(pk=hire("tiepnhan", (one_stop, [Power.RECEIVE])).pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(3):
            assert [post.office.name for post in queries.posts_of(clerk)] == ["Bộ phận Một cửa"]
            assert queries.powers_of(clerk)
            assert queries.has_power(clerk, Power.RECEIVE, one_stop)
