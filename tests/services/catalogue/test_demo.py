"""The demonstration data: sound procedures, and a city in which every step of every route has somebody to do it."""

from typing import Any

import pytest

from identity.offices import queries as offices
from identity.offices.models import Office, Post
from identity.people import national_id
from identity.people.models import Person
from portal.dev import demo as data
from portal.dev.demo.seed import seed
from services.cases import routing
from services.cases.models import Case
from services.cases.queries.page import Desks
from services.catalogue import queries
from services.catalogue.models import Procedure, Version
from services.catalogue.shapes import problems
from services.forms.definition import Kind, parse

FIFTEEN = [raw["code"] for raw in data.procedures()]


def raw_of(code: str) -> dict[str, Any]:
    return next(raw for raw in data.procedures() if raw["code"] == code)


def test_there_are_fifteen() -> None:
    assert len(set(FIFTEEN)) == 15


@pytest.mark.parametrize("code", FIFTEEN)
def test_a_procedure_is_sound(code: str) -> None:
    raw = raw_of(code)
    assert [str(problem) for problem in problems(raw) if not problem.warning] == []
    assert raw["is_demo"]
    assert raw["source"]


@pytest.mark.parametrize("code", FIFTEEN)
def test_a_form_asks_for_a_subject_and_can_be_answered(code: str) -> None:
    definition = parse(raw_of(code)["form"])
    assert len(definition.pages) >= 2
    assert definition.field(definition.subject_field).kind is Kind.TEXT


@pytest.mark.parametrize("code", FIFTEEN)
def test_every_circumstance_has_its_own_papers(code: str) -> None:
    raw = raw_of(code)
    used = {key for document in raw["documents"] for key in document["circumstances"]}
    assert used <= {circumstance["key"] for circumstance in raw["circumstances"]}


def test_the_building_permit_is_the_one_to_show() -> None:
    raw = raw_of("1.013225")
    kinds = [step["kind"] for step in raw["route"]]
    assert kinds == ["receive", "assign", "appraise", "consult", "draft", "sign", "seal", "hand_over"]
    needed = [document["key"] for document in raw["documents"] if document["required"] and not document["circumstances"]]
    assert needed == ["don", "giay-to-dat-dai", "ho-so-thiet-ke"]
    assert all(document["electronic"] == "upload" for document in raw["documents"] if document["key"] in needed)


def test_the_linked_procedure_has_the_fourteen_real_steps() -> None:
    raw = raw_of("2.000286")
    assert [step["hours"] for step in raw["route"]] == [4, 8, 48, 8, 8, 4, 4, 56, 8, 4, 4, 40, 4, None]
    assert not any(step["proposed"] for step in raw["route"])


@pytest.mark.django_db
class TestSeeded:
    """With the demonstration city in the database."""

    @pytest.fixture(autouse=True)
    def _seeded(self, demo: None) -> None:
        """Every test here has the city."""

    def test_a_repeat_adds_nothing(self) -> None:
        assert seed() == 0
        assert seed(refresh=True) == 15
        assert Version.objects.count() == 15

    @pytest.mark.parametrize("code", FIFTEEN)
    def test_every_step_has_an_office_and_somebody_there(self, code: str) -> None:
        version = queries.version_of(code)
        agencies = list(queries.agencies_for(version))
        assert agencies
        for agency in agencies:
            for answers in _choices_of_offices(version):
                case = Case(version=version, agency=agency, answers=answers)
                desks = Desks(case)
                for step in routing.route(version.route):
                    office = desks.office(step)
                    assert office is not None, f"{agency}: {step.key} leads nowhere"
                    assert offices.holders(office, step.power).exists(), f"{office}: nobody may {step.power} ({step.key})"

    def test_whoever_signs_has_an_agency_with_a_name_a_symbol_and_a_place(self) -> None:
        for version in Version.objects.all():
            sign = next(step for step in routing.route(version.route) if step.kind == routing.Kind.SIGN)
            for agency in queries.agencies_for(version):
                office = Desks(Case(version=version, agency=agency)).office(sign)
                assert office is not None
                issuer = offices.agency_of(office)
                assert all((issuer.issuing_name, issuer.symbol, issuer.place)), issuer

    def test_every_power_is_held_in_every_ward(self) -> None:
        for ward in Office.objects.filter(kind=Office.Kind.WARD):
            posts = Post.objects.filter(office__path__startswith=ward.path).values_list("powers", flat=True)
            assert {power for powers in posts for power in powers} >= {
                "receive",
                "process",
                "lead",
                "approve",
                "register",
                "supervise",
            }

    def test_everybody_can_sign_in_with_the_one_password(self) -> None:
        assert all(person.check_password(data.PASSWORD) for person in Person.objects.all())
        assert len({person.password for person in Person.objects.all()}) == 1

    def test_every_account_listed_exists(self) -> None:
        from identity.people.queries import person_by_login

        listed = data.accounts()
        assert [account.login for account in listed][:2] == ["0901234567", "tiepnhan.benthanh"]
        for account in listed:
            assert person_by_login(account.login) is not None, account.login
            assert account.password == data.PASSWORD

    def test_residents_have_real_personal_numbers(self) -> None:
        residents = Person.objects.filter(kind=Person.Kind.RESIDENT)
        assert residents.count() >= 3
        for person in residents:
            assert person.personal_number
            assert person.birth_date
            assert national_id.agrees(person.personal_number, person.sex, person.birth_date) == []
            assert person.phone_verified
            assert person.email
            assert person.address

    def test_somebody_holds_several_posts(self) -> None:
        person = Person.objects.get(username="chuyenvien.vhxh.benthanh")
        assert len(offices.posts_of(person)) == 3

    @pytest.mark.parametrize("code", FIFTEEN)
    def test_every_step_can_be_reached_by_somebody(self, code: str) -> None:
        assert [str(problem) for problem in queries.route_findings(raw_of(code))] == []

    def test_one_administers_and_two_edit(self) -> None:
        administrator = Person.objects.get(is_superuser=True)
        assert administrator.is_staff
        assert "administer" in offices.powers_of(administrator)
        for username in ("bientap", "duyet.danhmuc"):
            assert "edit_catalogue" in offices.powers_of(Person.objects.get(username=username))

    def test_codes_are_as_the_law_writes_them(self) -> None:
        assert Procedure.objects.count() == 15
        assert Office.objects.get(ward_code="26743").code.startswith("H29.")


def _choices_of_offices(version: Version) -> list[dict[str, Any]]:
    """Answers for every office that an answer can name; one empty set when none does."""
    keys = {step["office"]["answer_code"] for step in version.route if "answer_code" in step["office"]}
    if not keys:
        return [{}]
    definition = parse(version.form)
    longest = max(len(definition.field(key).choices) for key in keys)
    return [
        {key: choices[number % len(choices)].value for key in keys if (choices := definition.field(key).choices)}
        for number in range(longest)
    ]
