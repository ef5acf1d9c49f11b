"""Who may open official pages: visitor, resident, official without the power, official with it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from identity.offices import context
from identity.offices.access import holding, official
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit.access import signed_in as kit_signed_in
from tests.identity.conftest import Hire

pytestmark = pytest.mark.django_db


@official
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


@holding(Power.APPROVE, Power.LEAD)
def approvals(request: HttpRequest) -> HttpResponse:
    return HttpResponse("approvals")


def ask(view: Callable[[HttpRequest], HttpResponse], person: Person | AnonymousUser) -> HttpResponse:
    request = RequestFactory().get("/can-bo/?trang=2")
    request.user = person
    return view(request)


@pytest.mark.parametrize("view", [desk, approvals])
def test_a_visitor_signs_in_and_comes_back(view: Callable[[HttpRequest], HttpResponse]) -> None:
    response = ask(view, AnonymousUser())
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/can-bo/%3Ftrang%3D2"


@pytest.mark.parametrize("view", [desk, approvals])
def test_a_resident_does_not_learn_that_the_page_is_there(view: Callable[[HttpRequest], HttpResponse], resident: Person) -> None:
    with pytest.raises(Http404):
        ask(view, resident)


def test_an_official_without_the_power_is_told_so(hire: Hire, one_stop: Office) -> None:
    clerk = hire("tiepnhan", (one_stop, [Power.RECEIVE]))
    assert ask(desk, clerk).content == b"desk"
    with pytest.raises(PermissionDenied):
        ask(approvals, clerk)


def test_one_of_the_powers_is_enough(hire: Hire, ward: Office) -> None:
    assert ask(approvals, hire("chutich", (ward, [Power.APPROVE]))).content == b"approvals"
    assert ask(approvals, hire("truongphong", (ward, [Power.LEAD]))).content == b"approvals"


def test_views_say_what_they_ask_for() -> None:
    assert desk.declared_power == "official"  # type: ignore[attr-defined]
    assert approvals.declared_power == "approve or lead"  # type: ignore[attr-defined]
    assert kit_signed_in(desk).declared_power == "signed in"  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="powers"):
        holding()


def test_the_navigation_costs_one_query_and_only_when_asked(
    hire: Hire, resident: Person, one_stop: Office, django_assert_num_queries: object
) -> None:
    clerk = Person.objects.get(pk=hire("tiepnhan", (one_stop, [Power.RECEIVE])).pk)
    request = RequestFactory().get("/")
    request.user = clerk
    with django_assert_num_queries(0):  # type: ignore[operator]
        found = context.official(request)["official"]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert found.powers == {"receive"}
        assert [str(office) for office in found.offices] == ["Bộ phận Một cửa"]
    request.user = resident
    assert context.official(request) == {"official": None}
    request.user = AnonymousUser()
    assert context.official(request) == {"official": None}


@pytest.mark.parametrize(
    ("powers", "is_staff", "goes_to"),
    [
        ([Power.RECEIVE], False, "queue"),
        ([Power.SUPERVISE], False, "supervision"),
        ([Power.SUPERVISE, Power.LEAD], False, "queue"),
        ([Power.ADMINISTER], True, "admin:index"),
        ([Power.EDIT_CATALOGUE], False, "editor"),
        ([], False, "queue"),
    ],
)
def test_officials_begin_where_their_work_is(
    hire: Hire, ward: Office, signed_in: Callable[[Person], Client], powers: list[Power], is_staff: bool, goes_to: str
) -> None:
    person = hire("canbo", *([(ward, powers)] if powers else []), is_staff=is_staff)
    assert signed_in(person).get("/vao/")["Location"] == reverse(goes_to)


def test_residents_begin_with_their_cases(resident: Person, signed_in: Callable[[Person], Client]) -> None:
    assert signed_in(resident).get("/vao/")["Location"] == reverse("my_cases")


class TestAdministration:
    """The site for administrators only."""

    def test_visitor_resident_and_colleague(
        self, hire: Hire, ward: Office, resident: Person, signed_in: Callable[[Person], Client]
    ) -> None:
        assert Client().get("/quan-tri/", follow=True).request["PATH_INFO"] == reverse("account_login")
        assert signed_in(resident).get("/quan-tri/", follow=True).status_code == 404
        clerk = hire("tiepnhan", (ward, [Power.RECEIVE]), is_staff=True)
        assert signed_in(clerk).get("/quan-tri/", follow=True).status_code == 403
        only_power = hire("quantri-khong", (ward, [Power.ADMINISTER]))
        assert signed_in(only_power).get("/quan-tri/", follow=True).status_code == 403

    @pytest.fixture
    def admin(self, hire: Hire, city: Office, signed_in: Callable[[Person], Client]) -> Client:
        return signed_in(hire("quantri", (city, [Power.ADMINISTER]), is_staff=True))

    @pytest.mark.parametrize("name", ["people_person", "offices_office", "offices_post", "offices_calendarday", "trail_look"])
    def test_lists_open(self, admin: Client, name: str) -> None:
        assert admin.get(reverse(f"admin:{name}_changelist")).status_code == 200

    def test_residents_are_found_by_exact_words_only(self, admin: Client, resident: Person) -> None:
        page = reverse("admin:people_person_changelist")
        for words, found in (("", False), ("Nguyễn Thị", False), ("0901 234 567", True), ("079190000123", True), ("0901", False)):
            shown = admin.get(page, {"q": words}).content.decode()
            assert (reverse("admin:people_person_change", args=[resident.pk]) in shown) is found, words
        assert "quantri" in admin.get(page, {"q": "lê văn q"}).content.decode()

    def test_makes_a_work_account(self, admin: Client) -> None:
        page = reverse("admin:people_person_add")
        data = {
            "username": "vanthu.benthanh",
            "full_name": "Phạm  Thu Hà",
            "email": "",
            "phone": "0901 234 568",
            "is_active": "on",
        }
        refused = admin.post(page, data | {"password": "12345678"})
        assert refused.status_code == 200
        assert admin.post(page, data | {"password": "trau-an-co-2026"}).status_code == 302
        person = Person.objects.get(username="vanthu.benthanh")
        assert person.is_official
        assert person.phone == "+84901234568"
        assert person.phone_verified
        assert person.check_password("trau-an-co-2026")
        assert admin.post(reverse("admin:people_person_change", args=[person.pk]), data | {"password": ""}).status_code == 302
        person.refresh_from_db()
        assert person.check_password("trau-an-co-2026")
        page_of_it = admin.get(reverse("admin:people_person_change", args=[person.pk])).content.decode()
        assert person.password not in page_of_it

    def test_closes_a_residents_account_and_changes_nothing_else(self, admin: Client, resident: Person) -> None:
        page = reverse("admin:people_person_change", args=[resident.pk])
        assert resident.personal_number not in admin.get(page).content.decode()  # type: ignore[operator]
        assert admin.post(page, {"full_name": "Kẻ Khác", "is_staff": "on"}).status_code == 302
        resident.refresh_from_db()
        assert (resident.is_active, resident.full_name, resident.is_staff) == (False, "Nguyễn Thị An", False)

    def test_notes_the_day_an_identity_was_checked(self, admin: Client, resident: Person) -> None:
        page = reverse("admin:people_person_change", args=[resident.pk])
        assert admin.post(page, {"is_active": "on", "identity_checked_on": "2026-03-02"}).status_code == 302
        resident.refresh_from_db()
        assert (resident.is_active, resident.identity_checked_on) == (True, date(2026, 3, 2))

    def test_keeps_paths_when_an_office_moves(self, admin: Client, city: Office, ward: Office, one_stop: Office) -> None:
        page = reverse("admin:offices_office_change", args=[ward.pk])
        data = {"parent": "", "kind": "ward", "code": ward.code, "name": ward.name, "is_active": "on"}
        assert admin.post(page, data | {"parent": one_stop.pk}).status_code == 200
        assert admin.post(page, data).status_code == 302
        one_stop.refresh_from_db()
        assert one_stop.path == f"/{ward.pk}/{one_stop.pk}/"
        assert admin.get(reverse("admin:offices_office_delete", args=[ward.pk])).status_code == 403

    def test_appoints(self, admin: Client, hire: Hire, ward: Office) -> None:
        person = hire("canbo")
        data = {
            "person": person.pk,
            "office": ward.pk,
            "title": "Chuyên viên",
            "powers": ["process", "lead"],
            "since": "01/11/2026",
        }
        assert admin.post(reverse("admin:offices_post_add"), data).status_code == 302
        assert person.posts.get().powers == ["process", "lead"]

    def test_decides_on_a_calendar_day(self, admin: Client) -> None:
        from identity.offices import queries

        queries.working_calendar(None)
        data = {"day": "10/01/2026", "is_working": "on", "name": "Làm bù"}
        assert admin.post(reverse("admin:offices_calendarday_add"), data).status_code == 302
        assert "2026-01-10" in {str(day) for day in queries.working_calendar(None).make_up_days}
