"""A mandate lets its agent file while it holds, for what it was given for; only its two parties can end it."""

from datetime import date, timedelta
from typing import Any

import pytest

from identity.people import actions, mandates, queries
from identity.people.mandates import Bar, Terms
from identity.people.models import Business, Mandate, Person
from portal.kit import clock
from portal.kit.refusal import Refused

DAY = date(2026, 3, 2)
NUMBERS = ("079088001234", "079192005678", "001079004321")


def terms(**changes: Any) -> Terms:
    return Terms(**{"revoked": False, "starts_on": DAY, "ends_on": None, "procedures": (), **changes})


@pytest.mark.parametrize(
    ("changes", "code", "day", "expected"),
    [
        ({}, "1.000001", DAY, None),
        ({}, "1.000001", DAY - timedelta(days=1), Bar.NOT_YET),
        ({"ends_on": DAY}, "1.000001", DAY, None),
        ({"ends_on": DAY}, "1.000001", DAY + timedelta(days=1), Bar.ENDED),
        ({"procedures": ["1.000002"]}, "1.000001", DAY, Bar.SCOPE),
        ({"procedures": ["1.000001", "1.000002"]}, "1.000001", DAY, None),
        ({"revoked": True, "ends_on": DAY}, "1.000001", DAY + timedelta(days=9), Bar.REVOKED),
    ],
)
def test_when_a_mandate_holds(changes: dict[str, Any], code: str, day: date, expected: Bar | None) -> None:
    assert mandates.bar(terms(**changes), code, day) == expected


@pytest.mark.parametrize(
    ("granted", "basis", "needed"),
    [(True, "authorised", False), (False, "authorised", True), (False, "guardian", True), (False, "legal_representative", False)],
)
def test_when_a_proof_is_asked_for(granted: bool, basis: str, needed: bool) -> None:
    assert mandates.needs_proof(granted=granted, basis=basis) is needed


@pytest.fixture
def people(db: None) -> list[Person]:
    """Three residents: one who grants, one who files, a stranger."""
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường")
    return [
        actions.register(full_name=name, password=None, phone=f"+8490000000{n}", personal_number=number, verified=True)
        for n, (name, number) in enumerate(zip(names, NUMBERS, strict=True))
    ]


def grant(grantor: Person, agent: Person, **changes: Any) -> Mandate:
    asked = {"agent_number": agent.personal_number or "", "agent_name": agent.full_name, **changes}
    return actions.grant_mandate(grantor, **asked)


def refused(code: str, run: Any) -> None:
    with pytest.raises(Refused) as caught:
        run()
    assert caught.value.code == code


def test_a_grant_needs_number_and_name_of_the_same_account(people: list[Person]) -> None:
    grantor, agent, stranger = people
    refused("mandate.agent", lambda: grant(grantor, agent, agent_name=stranger.full_name))
    refused("mandate.agent", lambda: grant(grantor, agent, agent_number="079301007654"))
    refused("mandate.self", lambda: grant(grantor, grantor))
    assert not Mandate.objects.exists()
    assert grant(grantor, agent, agent_name="tran thi  BINH").agent == agent


def test_accounts_cannot_be_found_by_trying(people: list[Person]) -> None:
    grantor, agent, stranger = people
    for _ in range(actions.GRANTS_TRIED):
        refused("mandate.agent", lambda: grant(grantor, agent, agent_name="Không Phải"))
    refused("mandate.too_many", lambda: grant(grantor, agent))
    assert grant(stranger, agent).grantor == stranger


def test_a_grant_is_for_five_years_at_most_and_not_twice(people: list[Person]) -> None:
    grantor, agent, _stranger = people
    today = clock.today()
    refused("mandate.days", lambda: grant(grantor, agent, ends_on=today - timedelta(days=1)))
    refused("mandate.days", lambda: grant(grantor, agent, ends_on=today + timedelta(days=2000)))
    first = grant(grantor, agent, ends_on=today)
    refused("mandate.exists", lambda: grant(grantor, agent))
    actions.revoke_mandate(grantor, first.pk)
    assert grant(grantor, agent, procedures=["1.000002", "1.000001"]).procedures == ["1.000001", "1.000002"]


def test_only_its_parties_end_a_mandate_and_only_once(people: list[Person]) -> None:
    grantor, agent, stranger = people
    mandate = grant(grantor, agent)
    with pytest.raises(Mandate.DoesNotExist):
        actions.revoke_mandate(stranger, mandate.pk)
    ended = actions.revoke_mandate(agent, mandate.pk)
    assert (ended.state, ended.is_granted) == (Mandate.State.REVOKED, True)
    assert actions.revoke_mandate(grantor, mandate.pk).revoked_at == ended.revoked_at
    with pytest.raises(Mandate.DoesNotExist):
        queries.mandate_of(stranger, mandate.pk)


def test_what_is_declared_twice_is_one_mandate(people: list[Person]) -> None:
    agent, other, _stranger = people
    first = actions.declare_for_business(agent, tax_code="0100233488", name="Công ty A", basis="authorised")
    assert actions.declare_for_business(agent, tax_code="0100233488", name="Công ty A", basis="authorised") == first
    theirs = actions.declare_for_business(other, tax_code="0100233488", name="Công ty khác tên", basis="authorised")
    assert theirs != first
    assert Business.objects.get().name == "Công ty A"
    person = actions.declare_for_person(agent, number=NUMBERS[2], name="Lê Hoàng Cường", basis="guardian")
    assert actions.declare_for_person(agent, number=NUMBERS[2], name="Lê Hoàng Cường", basis="guardian") == person
    assert {one.pk for one in queries.held_by(agent)} == {first.pk, person.pk}


def test_a_work_account_grants_nothing(people: list[Person]) -> None:
    official = actions.create_official(username="can.bo", full_name="Lê Văn B", password=None)
    refused("mandate.official", lambda: grant(official, people[0]))
