"""Signing up, in and out; codes; passwords; the profile. Through the client, with codes from the development outbox."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from identity.people import actions, queries
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.notices.development import codes_in
from services.notices.models import DevelopmentMessage
from tests.identity.conftest import PASSWORD, Hire

pytestmark = pytest.mark.django_db

WHO = {
    "full_name": "Trần Văn  Bình",
    "personal_number": "079 085 000 456",
    "birth_date_day": "2",
    "birth_date_month": "9",
    "birth_date_year": "1985",
    "sex": "male",
    "phone": "0907 654 321",
    "password1": PASSWORD,
}


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "services.notices.development.OutboxBackend"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def latest(to: str) -> DevelopmentMessage:
    found = DevelopmentMessage.objects.filter(to=to).order_by("-pk").first()
    assert found is not None, f"nothing was sent to {to}"
    return found


def code_for(to: str) -> str:
    (code,) = codes_in(latest(to).body)
    return code


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


class TestSigningUp:
    @pytest.mark.parametrize(("typed", "stored"), [("0907 654 321", "+84907654321"), ("Binh@Example.vn", "binh@example.vn")])
    def test_with_phone_or_email(self, client: Client, typed: str, stored: str) -> None:
        response = client.post(reverse("account_signup"), WHO | {"phone": typed})
        assert response["Location"] == reverse("account_verify_phone")
        assert not is_signed_in(client)
        page = client.get(reverse("account_verify_phone")).content.decode()
        assert "binh@example.vn" in page or "0907 654 321" in page
        response = client.post(reverse("account_verify_phone"), {"code": code_for(stored), "action": "verify"})
        assert response["Location"] == reverse("home_of_person")
        assert is_signed_in(client)
        person = Person.objects.get()
        assert queries.contact_of(person) == (stored, True)
        assert (person.full_name, person.personal_number) == ("Trần Văn Bình", "079085000456")
        assert (person.birth_date, person.sex, person.kind) == (date(1985, 9, 2), "male", "resident")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"full_name": ""}, "full_name"),
            ({"full_name": "Bình"}, "full_name"),
            ({"full_name": "Trần Văn 3"}, "full_name"),
            ({"personal_number": "123456789"}, "personal_number"),
            ({"personal_number": "999085000456"}, "personal_number"),
            ({"birth_date_year": "1986"}, "birth_date"),
            ({"birth_date_day": "31"}, "birth_date"),
            ({"birth_date_year": "2085"}, "birth_date"),
            ({"sex": "female"}, "sex"),
            ({"phone": "0283 829 1234"}, "phone"),
            ({"phone": "binh@example"}, "phone"),
            ({"phone": ""}, "phone"),
            ({"password1": "ngan"}, "password1"),
            ({"password1": "12345678"}, "password1"),
            ({"password1": "TrầnVănBình"}, "password1"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(
        self, client: Client, change: dict[str, str], field: str
    ) -> None:
        response = client.post(reverse("account_signup"), WHO | change)
        assert response.status_code == 200
        assert list(response.context["form"].errors) == [field]
        page = response.content.decode()
        assert f'id="id_{field}_error"' in page
        typed = WHO | change
        assert typed["full_name"] in page
        assert typed["personal_number"] in page
        assert PASSWORD not in page
        assert not Person.objects.exists()

    def test_a_wrong_code_three_times_ends_it(self, client: Client) -> None:
        client.post(reverse("account_signup"), WHO)
        for _ in range(2):
            assert client.post(reverse("account_verify_phone"), {"code": "000000"}).status_code == 200
        assert client.post(reverse("account_verify_phone"), {"code": "000000"})["Location"] == reverse("account_login")
        assert client.post(reverse("account_verify_phone"), {"code": code_for("+84907654321")}).status_code == 302
        assert not is_signed_in(client)

    def test_a_code_is_good_for_fifteen_minutes(self, client: Client) -> None:
        with time_machine.travel(clock.now(), tick=False) as travelled:
            client.post(reverse("account_signup"), WHO)
            travelled.shift(15 * 60 + 1)
            client.post(reverse("account_verify_phone"), {"code": code_for("+84907654321")})
            assert not is_signed_in(client)

    def test_another_code_after_half_a_minute(self, client: Client) -> None:
        with time_machine.travel(clock.now(), tick=False) as travelled:
            client.post(reverse("account_signup"), WHO)
            client.post(reverse("account_verify_phone"), {"action": "resend"})
            assert DevelopmentMessage.objects.count() == 1
            cache.clear()  # the limit's memory is real time
            travelled.shift(31)
            client.post(reverse("account_verify_phone"), {"action": "resend"})
            assert DevelopmentMessage.objects.count() == 2
            client.post(reverse("account_verify_phone"), {"code": code_for("+84907654321")})
            assert is_signed_in(client)

    @pytest.mark.parametrize(
        "change",
        [
            {"phone": "0901234567"},
            {"personal_number": "079085000999"},
            {"phone": "0901234567", "personal_number": "079085000999"},
        ],
    )
    def test_what_an_account_has_looks_no_different_on_the_page(self, client: Client, change: dict[str, str]) -> None:
        actions.register(
            full_name="Nguyễn Văn Cũ", password=PASSWORD, phone="0901234567", personal_number="079085000999", verified=True
        )
        response = client.post(reverse("account_signup"), WHO | change)
        assert response["Location"] == reverse("account_verify_phone")
        page = client.get(reverse("account_verify_phone"))
        assert page.status_code == 200
        contact = "+84901234567" if "phone" in change else "+84907654321"
        assert not codes_in(latest(contact).body)
        assert "Nguyễn Văn Cũ" not in latest(contact).body + page.content.decode()
        assert client.post(reverse("account_verify_phone"), {"code": "123456"}).status_code == 200
        assert Person.objects.count() == 1

    def test_an_account_that_was_begun_and_left_makes_way(self, client: Client) -> None:
        client.post(reverse("account_signup"), WHO)
        cache.clear()
        other = Client()
        other.post(reverse("account_signup"), WHO | {"phone": "binh@example.vn"})
        other.post(reverse("account_verify_phone"), {"code": code_for("binh@example.vn")})
        assert is_signed_in(other)
        assert Person.objects.get().email == "binh@example.vn"

    def test_goes_on_to_the_page_one_came_for(self, client: Client) -> None:
        page = client.get(reverse("account_login"), {"next": "/ho-so/"}).content.decode()
        assert f'href="{reverse("account_signup")}?next=%2Fho-so%2F"' in page
        client.post(reverse("account_signup"), WHO | {"next": "/ho-so/"})
        response = client.post(reverse("account_verify_phone"), {"code": code_for("+84907654321")})
        assert response["Location"] == "/ho-so/"


class TestSigningIn:
    @pytest.mark.parametrize("login", ["0901234567", "090 123 45 67", "+84901234567", "an@example.vn", " AN@example.VN "])
    def test_residents_with_phone_or_email(self, client: Client, resident: Person, login: str) -> None:
        actions.confirm_contact(resident, "an@example.vn")
        assert sign_in(client, login)["Location"] == reverse("home_of_person")
        assert is_signed_in(client)

    @pytest.mark.parametrize("login", ["tiepnhan.benthanh", "Tiepnhan.BenThanh "])
    def test_officials_with_their_work_account(self, client: Client, hire: Hire, login: str) -> None:
        hire("tiepnhan.benthanh")
        assert sign_in(client, login)["Location"] == reverse("home_of_person")
        assert client.session.get_expiry_age() == settings.OFFICIAL_SESSION_SECONDS

    def test_an_unknown_account_and_a_wrong_password_look_the_same(self, client: Client, resident: Person) -> None:
        texts = []
        for login, password in (("0901234567", "sai-mat-khau"), ("0901234999", PASSWORD), ("khong.co", PASSWORD)):
            response = sign_in(client, login, password)
            assert response.status_code == 200
            texts.append(str(response.context["form"].non_field_errors()))
        assert len(set(texts)) == 1

    def test_five_wrong_passwords_lock_the_account_for_a_while_however_the_name_is_typed(
        self, client: Client, resident: Person
    ) -> None:
        for login in ("0901234567", "090 123 4567", "+84901234567", "090.123.4567", "0901234567"):
            sign_in(client, login, "sai-mat-khau")
        response = sign_in(client, "0901234567")
        assert response.status_code == 200
        assert not is_signed_in(client)

    def test_an_account_whose_contact_was_never_confirmed_gets_a_code_first(self, client: Client) -> None:
        actions.register(full_name="Lê Thị Chưa", password=PASSWORD, phone="0901234567")
        assert sign_in(client, "0901234567")["Location"] == reverse("account_verify_phone")
        client.post(reverse("account_verify_phone"), {"code": code_for("+84901234567")})
        assert is_signed_in(client)

    def test_a_closed_account_stays_out(self, client: Client, resident: Person) -> None:
        resident.is_active = False
        resident.save()
        response = sign_in(client, "0901234567")
        assert client.get(response["Location"]).status_code == 200
        assert not is_signed_in(client)

    def test_comes_back_to_the_page_but_never_to_another_site(self, client: Client, resident: Person) -> None:
        assert sign_in(client, "0901234567", next="/ho-so/?trang=2")["Location"] == "/ho-so/?trang=2"
        assert sign_in(Client(), "0901234567", next="https://evil.example/")["Location"] == reverse("home_of_person")

    def test_signing_out_takes_a_post(self, client: Client, resident: Person) -> None:
        client.force_login(resident)
        assert client.get(reverse("account_logout")).status_code == 200
        assert is_signed_in(client)
        assert client.post(reverse("account_logout"))["Location"] == reverse("home")
        assert not is_signed_in(client)

    def test_the_language_of_the_profile_is_spoken_after_signing_in(self, client: Client, resident: Person) -> None:
        actions.change_language(resident, "en")
        sign_in(client, "0901234567")
        assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


class TestNewPassword:
    NEW = "sau-con-trau-2026"

    @pytest.mark.parametrize(("typed", "stored"), [("0901 234 567", "+84901234567"), ("an@example.vn", "an@example.vn")])
    def test_by_a_code(self, client: Client, resident: Person, typed: str, stored: str) -> None:
        actions.confirm_contact(resident, "an@example.vn")
        elsewhere = Client()
        elsewhere.force_login(resident)
        response = client.post(reverse("account_reset_password"), {"email": typed})
        assert response["Location"] == reverse("account_confirm_password_reset_code")
        assert client.get(reverse("account_complete_password_reset")).status_code == 302
        response = client.post(reverse("account_confirm_password_reset_code"), {"code": code_for(stored)})
        assert response["Location"] == reverse("account_complete_password_reset")
        refused = client.post(reverse("account_complete_password_reset"), {"password1": "12345678"})
        assert "password1" in refused.context["form"].errors
        response = client.post(reverse("account_complete_password_reset"), {"password1": self.NEW})
        assert response["Location"] == reverse("home_of_person")
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)
        resident.refresh_from_db()
        assert resident.check_password(self.NEW)

    def test_an_unknown_contact_looks_the_same_on_the_page(self, client: Client, resident: Person) -> None:
        pages = []
        for typed in ("0901234567", "0901234999"):
            fresh = Client()
            fresh.post(reverse("account_reset_password"), {"email": typed})
            page = fresh.get(reverse("account_confirm_password_reset_code"))
            assert page.status_code == 200
            pages.append(page.content.decode().count("govuk-input"))
        assert pages[0] == pages[1]
        assert not codes_in(latest("+84901234999").body)

    def test_three_wrong_codes_end_it(self, client: Client, resident: Person) -> None:
        client.post(reverse("account_reset_password"), {"email": "0901234567"})
        for _ in range(3):
            client.post(reverse("account_confirm_password_reset_code"), {"code": "000000"})
        response = client.post(reverse("account_confirm_password_reset_code"), {"code": code_for("+84901234567")})
        assert response["Location"] == reverse("account_login")

    def test_too_many_requests_for_one_contact(self, client: Client, resident: Person) -> None:
        codes = [Client().post(reverse("account_reset_password"), {"email": "0901234567"}).status_code for _ in range(4)]
        assert codes == [302, 302, 302, 429]

    def test_changing_it_asks_for_the_old_one_and_ends_other_sessions(self, client: Client, resident: Person) -> None:
        client.force_login(resident)
        elsewhere = Client()
        elsewhere.force_login(resident)
        page = reverse("account_change_password")
        assert "oldpassword" in client.post(page, {"oldpassword": "sai", "password1": self.NEW}).context["form"].errors
        assert client.post(page, {"oldpassword": PASSWORD, "password1": self.NEW})["Location"] == reverse("profile")
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)


class TestProfile:
    def test_shows_who_one_is_and_changes_the_address_only(self, client: Client, resident: Person) -> None:
        client.force_login(resident)
        page = client.get(reverse("profile")).content.decode()
        assert "Nguyễn Thị An" in page
        assert "0790 9000 0123" in page or "0791 9000 0123" in page
        data = {"address": " 12  Lê Lợi ", "language": "en", "full_name": "Kẻ Khác", "is_staff": "on", "kind": "official"}
        response = client.post(reverse("profile"), data)
        assert response.status_code == 302
        assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
        resident.refresh_from_db()
        assert (resident.address, resident.language) == ("12 Lê Lợi", "en")
        assert (resident.full_name, resident.is_staff, resident.kind) == ("Nguyễn Thị An", False, "resident")

    def test_a_new_contact_counts_once_its_code_is_typed(self, client: Client, resident: Person) -> None:
        client.force_login(resident)
        page = reverse("account_change_phone")
        assert "password" in client.post(page, {"phone": "an@example.vn", "password": "sai"}).context["form"].errors
        assert "phone" in client.post(page, {"phone": "0901234567", "password": PASSWORD}).context["form"].errors
        assert client.post(page, {"phone": "an@example.vn", "password": PASSWORD})["Location"] == reverse("account_verify_phone")
        resident.refresh_from_db()
        assert resident.email is None
        response = client.post(reverse("account_verify_phone"), {"code": code_for("an@example.vn")})
        assert response["Location"] == reverse("profile")
        resident.refresh_from_db()
        assert (resident.email, resident.email_verified) == ("an@example.vn", True)
        assert (resident.phone, resident.phone_verified) == ("+84901234567", True)

    def test_a_contact_of_another_account_cannot_be_taken(self, client: Client, resident: Person) -> None:
        actions.register(full_name="Nguyễn Văn Cũ", password=PASSWORD, email="cu@example.vn", verified=True)
        client.force_login(resident)
        client.post(reverse("account_change_phone"), {"phone": "cu@example.vn", "password": PASSWORD})
        response = client.post(reverse("account_verify_phone"), {"code": code_for("cu@example.vn")})
        assert "code" in response.context["form"].errors
        resident.refresh_from_db()
        assert resident.email is None

    @pytest.mark.parametrize("name", ["profile", "account_change_phone", "account_change_password", "home_of_person"])
    def test_visitors_sign_in_first(self, client: Client, name: str) -> None:
        assert client.get(reverse(name))["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


class TestLanguage:
    def test_is_remembered_and_goes_back(self, client: Client, resident: Person) -> None:
        client.force_login(resident)
        response = client.post(reverse("set_language"), {"language": "en", "next": "/thu-tuc/?q=a"})
        assert response["Location"] == "/thu-tuc/?q=a"
        assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
        resident.refresh_from_db()
        assert resident.language == "en"

    def test_only_by_post_only_known_ones_only_to_our_pages(self, client: Client) -> None:
        assert client.get(reverse("set_language")).status_code == 405
        response = client.post(reverse("set_language"), {"language": "xx", "next": "//evil.example/"})
        assert response["Location"] == reverse("home")
        assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


class TestConfirmingThePassword:
    def test_before_a_signature(self, resident: Person) -> None:
        assert actions.confirm_password(resident, PASSWORD)
        assert not actions.confirm_password(resident, "sai")

    def test_five_wrong_answers_close_the_question_even_for_the_right_one(self, resident: Person) -> None:
        for _ in range(5):
            assert not actions.confirm_password(resident, "sai")
        with pytest.raises(Refused) as raised:
            actions.confirm_password(resident, PASSWORD)
        assert (raised.value.code, raised.value.status) == ("password.locked", 429)

    def test_a_right_answer_forgets_the_wrong_ones(self, resident: Person) -> None:
        for _ in range(3):
            for _ in range(4):
                actions.confirm_password(resident, "sai")
            assert actions.confirm_password(resident, PASSWORD)


class TestRegistering:
    def test_at_the_same_moment_only_one_gets_through(self, resident: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "is_taken", lambda *_: False)
        with pytest.raises(actions.AlreadyRegistered):
            actions.register(full_name="Nguyễn Thị An", password=PASSWORD, phone="0901234567")

    def test_work_account_names_are_taken_once(self, hire: Hire) -> None:
        hire("vanthu")
        with pytest.raises(Refused):
            hire(" VanThu ")


PAGES = ("account_login", "account_signup", "account_reset_password", "account_inactive")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_our_own_and_not_cached(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    page = response.content.decode()
    assert 'class="govuk-template mc-page"' in page
    assert "style=" not in page
    assert "onclick" not in page
    assert "no-store" in response["Cache-Control"]


def test_a_page_of_the_portal_costs_a_visitor_no_query(client: Client, django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(0):
        client.get(reverse("account_login"))
