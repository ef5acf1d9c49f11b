"""Filing for a business or for somebody else: who may, with which proof, who sees what, and what happens when a mandate ends."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.people import actions as people
from identity.people.models import Mandate, Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, behalf, queries
from services.cases.behalf import PROOF, Behalf, InvalidNumber, Principal
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
COMPANY = Principal(Behalf.BUSINESS, "Công ty Cổ phần Xây Lắp", "0100233488", "legal_representative")
MOTHER = Principal(Behalf.PERSON, "Phạm Thị Mẹ", "079192001111", "authorised")
PASSWORD = "MotCua-2026"


@pytest.fixture
def complete(owner: Person, version: Version) -> Case:
    """A draft that could be filed in the owner's own name."""
    return walk.draft(owner, version, catalogue.agencies_for(version)[0])


@pytest.fixture
def granted(owner: Person, neighbour: Person) -> Mandate:
    """The neighbour lets the owner file."""
    return people.grant_mandate(neighbour, agent_number=owner.personal_number or "", agent_name=owner.full_name)


@pytest.fixture
def stranger(version: Version) -> Client:
    client = Client()
    client.force_login(Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[2])
    return client


@pytest.fixture
def grantor(neighbour: Person) -> Client:
    client = Client()
    client.force_login(neighbour)
    return client


def text_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def keys(case: Case) -> set[str]:
    return {gap.key for gap in queries.gaps(case)}


# Numbers


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Behalf.BUSINESS, "0100233488", "0100233488"),
        (Behalf.BUSINESS, "0314409058002", "0314409058-002"),
        (Behalf.BUSINESS, "0314409058-002", "0314409058-002"),
        (Behalf.BUSINESS, "079192005678", "079192005678"),
        (Behalf.PERSON, "079 192 005 678", "079192005678"),
    ],
)
def test_numbers_are_kept_in_one_way_of_writing(kind: Behalf, typed: str, kept: str) -> None:
    assert behalf.tidy_number(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(Behalf.BUSINESS, "0100233480"), (Behalf.BUSINESS, "12"), (Behalf.PERSON, "0100233488"), (Behalf.PERSON, "")],
)
def test_what_is_no_number_is_refused(kind: Behalf, typed: str) -> None:
    with pytest.raises(InvalidNumber):
        behalf.tidy_number(kind, typed)


# A business


def test_a_legal_representative_files_for_a_business_without_proof(owner: Person, complete: Case) -> None:
    case = actions.represent(complete, owner, COMPANY)
    assert keys(case) == set()
    filed = actions.file(case, owner)
    assert filed.subject_name == COMPANY.name
    assert (filed.principal_number, filed.applicant) == (COMPANY.number, owner)
    mandate = Mandate.objects.get()
    assert (mandate.agent, mandate.state, filed.mandate) == (owner, Mandate.State.DECLARED, mandate)
    held = queries.held_mandates(owner, filed.version.procedure.code, Behalf.BUSINESS)
    assert [(one.pk, one.principal) for one in held] == [(mandate.pk, COMPANY)]


def test_whoever_is_authorised_attaches_the_proof(owner: Person, complete: Case) -> None:
    case = actions.represent(complete, owner, Principal(Behalf.BUSINESS, COMPANY.name, COMPANY.number, "authorised"))
    assert keys(case) == {PROOF}
    with pytest.raises(Refused):
        actions.file(case, owner)
    actions.attach(case, owner, PROOF, walk.pdf())
    assert actions.file(case, owner).number


@pytest.mark.parametrize(
    ("principal", "code"),
    [
        (Principal(Behalf.BUSINESS, "", COMPANY.number, "authorised"), "principal.name"),
        (Principal(Behalf.BUSINESS, "X", "0100233480", "authorised"), "principal.number"),
        (Principal(Behalf.BUSINESS, "X", COMPANY.number, "guardian"), "principal.basis"),
        (Principal(Behalf.PERSON, "X", MOTHER.number, "legal_representative"), "principal.basis"),
        (Principal(Behalf.PERSON, "X", "079088001234", "authorised"), "principal.self"),
    ],
)
def test_a_principal_is_stated_wholly(owner: Person, complete: Case, principal: Principal, code: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.represent(complete, owner, principal)
    assert caught.value.code == code
    complete.refresh_from_db()
    assert complete.behalf == Behalf.SELF


def test_the_name_others_gave_a_tax_code_is_not_shown(owner: Person, neighbour: Person, version: Version, complete: Case) -> None:
    theirs = walk.draft(neighbour, version, catalogue.agencies_for(version)[0])
    secret = Principal(Behalf.BUSINESS, "Hộ kinh doanh Bà Tư", COMPANY.number, "legal_representative")
    actions.file(actions.represent(theirs, neighbour, secret), neighbour)
    actions.file(actions.represent(complete, owner, COMPANY), owner)
    [held] = queries.held_mandates(owner, version.procedure.code, Behalf.BUSINESS)
    assert held.principal.name == COMPANY.name


# Somebody else


def test_for_another_person_a_proof_is_asked_for(owner: Person, complete: Case) -> None:
    case = actions.represent(complete, owner, MOTHER)
    assert keys(case) == {PROOF}
    actions.attach(case, owner, PROOF, walk.pdf())
    filed = actions.file(case, owner)
    assert filed.subject_name == MOTHER.name
    receipt = queries.receipt_data(filed, None, None)
    assert (receipt["applicant"], receipt["subject"], receipt["on_behalf"]) == (owner.full_name, MOTHER.name, True)
    assert receipt["subject_number"].endswith("1111")
    assert MOTHER.number not in receipt["subject_number"]


def test_a_granted_mandate_needs_no_proof(owner: Person, neighbour: Person, complete: Case, granted: Mandate) -> None:
    case = actions.represent(complete, owner, Principal(Behalf.PERSON), mandate=granted.pk)
    assert (case.principal_name, case.principal_number) == (neighbour.full_name, neighbour.personal_number)
    assert keys(case) == set()
    assert actions.file(case, owner).mandate == granted


def test_another_ones_mandate_is_no_mandate(neighbour: Person, version: Version, granted: Mandate) -> None:
    theirs = walk.draft(neighbour, version, catalogue.agencies_for(version)[0])
    with pytest.raises(Mandate.DoesNotExist):
        actions.represent(theirs, neighbour, Principal(Behalf.PERSON), mandate=granted.pk)


@pytest.mark.parametrize(
    "change", [{"state": "revoked"}, {"procedures": ["1.000894"]}, {"starts_on": "2099-01-01", "ends_on": None}]
)
def test_a_mandate_that_does_not_hold_cannot_be_chosen(
    owner: Person, complete: Case, granted: Mandate, change: dict[str, Any]
) -> None:
    Mandate.objects.filter(pk=granted.pk).update(**change)
    with pytest.raises(Refused) as caught:
        actions.represent(complete, owner, Principal(Behalf.PERSON), mandate=granted.pk)
    assert caught.value.code.startswith("mandate.")


def test_a_mandate_revoked_while_filling_in_is_told_with_the_way_out(
    mine: Client, owner: Person, neighbour: Person, complete: Case, granted: Mandate
) -> None:
    case = actions.represent(complete, owner, Principal(Behalf.PERSON), mandate=granted.pk)
    people.revoke_mandate(neighbour, granted.pk)
    response = mine.post(reverse("file_submit", args=[case.key]), {"declaration": "on"})
    page = html.unescape(response.content.decode())
    assert "Ủy quyền đã bị chấm dứt." in page
    assert reverse("file_behalf", args=[case.key]) in page
    case.refresh_from_db()
    assert case.state == Case.State.DRAFT
    mine.post(reverse("file_behalf", args=[case.key]) + "?cho=chinh-minh")
    case.refresh_from_db()
    assert (case.behalf, case.principal_name, case.mandate) == (Behalf.SELF, "", None)
    assert actions.file(case, owner).subject_name != neighbour.full_name


def test_a_declared_mandate_that_is_given_up_is_not_offered_again(owner: Person, complete: Case) -> None:
    actions.file(actions.represent(complete, owner, COMPANY), owner)
    people.revoke_mandate(owner, Mandate.objects.get().pk)
    assert queries.held_mandates(owner, complete.version.procedure.code, Behalf.BUSINESS) == []


# Pages of filing


def test_the_start_page_asks_for_whom(mine: Client, owner: Person, version: Version) -> None:
    start = reverse("file_start", args=[version.procedure.code])
    assert "Bạn nộp hồ sơ cho ai?" in text_of(mine, "file_start", version.procedure.code)
    agency = catalogue.agencies_for(version)[0]
    chosen = {"circumstance": version.circumstances[0]["key"], "agency": str(agency.pk)}
    address = mine.post(start, {**chosen, "behalf": "person"})["Location"]
    assert "/thay-cho/" in address
    assert "Giấy" in html.unescape(mine.get(address).content.decode())
    assert not Case.objects.exists(), "looking writes nothing"
    sent = mine.post(address, {"name": MOTHER.name, "number": MOTHER.number, "basis": MOTHER.basis})
    case = Case.objects.get()
    assert sent["Location"] == reverse("file_page", args=[case.key, queries.definition_of(case).pages[0].key])
    assert (case.behalf, case.principal_name, case.principal_number) == ("person", MOTHER.name, MOTHER.number)
    page = html.unescape(mine.get(sent["Location"]).content.decode())
    assert MOTHER.name in page
    assert "Theo thông tin người được nộp thay mà bạn đã khai." in page


def test_without_an_account_one_states_for_whom_and_signs_in_to_file(client: Client, owner: Person, version: Version) -> None:
    agency = catalogue.agencies_for(version)[0]
    chosen = {"circumstance": version.circumstances[0]["key"], "agency": str(agency.pk), "behalf": "business"}
    address = client.post(reverse("file_start", args=[version.procedure.code]), chosen)["Location"]
    client.post(address, {"name": COMPANY.name, "number": COMPANY.number, "basis": COMPANY.basis})
    case = Case.objects.get()
    assert (case.applicant, case.principal_name, case.provenance["_basis"]) == (None, COMPANY.name, COMPANY.basis)
    client.force_login(owner)
    client.get(reverse("file_continue", args=[case.key]))
    case.refresh_from_db()
    assert (case.applicant, case.principal_number) == (owner, COMPANY.number)


def test_a_wrong_number_is_told_beside_the_input(mine: Client, complete: Case) -> None:
    address = reverse("file_behalf", args=[complete.key]) + "?cho=doanh-nghiep"
    response = mine.post(address, {"name": "X", "number": "0100233480", "basis": "authorised"})
    assert "Đây không phải mã số thuế" in html.unescape(response.content.decode())
    assert response.context["form"].errors.keys() == {"number"}


def test_mandates_are_offered_and_chosen_on_the_page(mine: Client, neighbour: Person, complete: Case, granted: Mandate) -> None:
    address = reverse("file_behalf", args=[complete.key]) + "?cho=nguoi-khac&sau=kiem-tra"
    page = html.unescape(mine.get(address).content.decode())
    assert neighbour.full_name in page
    assert "không cần giấy tờ chứng minh" in page
    assert mine.post(address, {"mandate": str(granted.pk)})["Location"] == reverse("file_check", args=[complete.key])
    assert mine.post(address, {"mandate": "0"}).context["form"].errors
    checked = text_of(mine, "file_check", complete.key)
    assert neighbour.full_name in checked


def test_nobody_else_says_for_whom_a_draft_is(stranger: Client, client: Client, complete: Case) -> None:
    address = reverse("file_behalf", args=[complete.key])
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}?cho=chinh-minh").status_code == 404
    assert reverse("account_login") in client.get(address)["Location"]


def test_the_page_costs_the_same_for_many_mandates(
    mine: Client, owner: Person, complete: Case, granted: Mandate, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for n in range(5):
        people.declare_for_person(owner, number=f"07919200{n}111", name=f"Người {n}", basis="guardian")
    address = reverse("file_behalf", args=[complete.key]) + "?cho=nguoi-khac"
    mine.get(address)
    # person, case, mandates, files
    with django_assert_max_num_queries(5):
        mine.get(address)


# Who reads the case


@pytest.fixture
def filed(owner: Person, complete: Case, granted: Mandate) -> Case:
    """Filed by the owner for the neighbour, under the mandate the neighbour granted."""
    return actions.file(actions.represent(complete, owner, Principal(Behalf.PERSON), mandate=granted.pk), owner)


def test_the_grantor_reads_the_case_and_changes_nothing(grantor: Client, neighbour: Person, owner: Person, filed: Case) -> None:
    assert f"Do {owner.full_name} nộp thay bạn" in text_of(grantor, "my_cases")
    page = text_of(grantor, "my_case", filed.number)
    assert f"{owner.full_name} đã nộp hồ sơ này thay bạn" in page
    assert reverse("my_withdrawal", args=[filed.number]) not in page
    attached = filed.attachments.all()[0].attachment_id
    assert grantor.get(reverse("my_attachment", args=[filed.number, attached])).status_code == 200
    assert grantor.get(reverse("my_withdrawal", args=[filed.number])).status_code == 404
    assert grantor.get(reverse("my_supplement", args=[filed.number])).status_code == 404
    assert grantor.get(reverse("file_done", args=[filed.key])).status_code == 404
    people.revoke_mandate(neighbour, Mandate.objects.get().pk)
    assert f"Do {owner.full_name} nộp thay bạn" in text_of(grantor, "my_cases"), "what was filed before is still theirs to read"


def test_the_agent_sees_for_whom(mine: Client, neighbour: Person, filed: Case) -> None:
    assert f"Nộp thay cho {neighbour.full_name}" in text_of(mine, "my_cases")
    assert f"Nộp thay cho {neighbour.full_name}" in text_of(mine, "my_case", filed.number)


def test_a_stranger_sees_nothing(stranger: Client, filed: Case) -> None:
    assert stranger.get(reverse("my_case", args=[filed.number])).status_code == 404
    attached = filed.attachments.all()[0].attachment_id
    assert stranger.get(reverse("my_attachment", args=[filed.number, attached])).status_code == 404


def test_drafts_are_not_shown_to_the_grantor(grantor: Client, owner: Person, complete: Case, granted: Mandate) -> None:
    case = actions.represent(complete, owner, Principal(Behalf.PERSON), mandate=granted.pk)
    assert str(case.key) not in text_of(grantor, "my_cases")
    assert grantor.get(reverse("file_continue", args=[case.key])).status_code == 404
    attached = case.attachments.all()[0].attachment_id
    assert grantor.get(reverse("my_attachment", args=[str(case.key), attached])).status_code == 404


def test_a_person_named_by_somebody_else_sees_nothing(grantor: Client, neighbour: Person, owner: Person, complete: Case) -> None:
    stated = Principal(Behalf.PERSON, neighbour.full_name, neighbour.personal_number or "", "authorised")
    case = actions.represent(complete, owner, stated)
    actions.attach(case, owner, PROOF, walk.pdf())
    filed = actions.file(case, owner)
    assert grantor.get(reverse("my_case", args=[filed.number])).status_code == 404


def test_the_official_reads_for_whom_and_by_which_right(filed: Case, neighbour: Person) -> None:
    walk.work(filed)
    item = walk.next_step(filed)
    assert item is not None
    client = Client()
    client.force_login(walk.holder(item))
    page = text_of(client, "casework", filed.number)
    assert "Nộp thay cho (chủ hồ sơ)" in page
    assert neighbour.full_name in page
    assert "Người được nộp thay đã ủy quyền ngay trên Cổng." in page


# Mandates in the account


def fields_for(person: Person, **changes: str) -> dict[str, str]:
    day = clock.today().replace(day=1)
    return {
        "agent_number": person.personal_number or "",
        "agent_name": person.full_name,
        "scope": "all",
        "ends_on_day": "1",
        "ends_on_month": str(day.month),
        "ends_on_year": str(day.year + 1),
        "password": PASSWORD,
        **changes,
    }


def test_granting_and_taking_back(grantor: Client, mine: Client, owner: Person, neighbour: Person) -> None:
    wrong = grantor.post(reverse("mandate_grant"), fields_for(owner, password="sai-mat-khau"))
    assert wrong.context["form"].errors.keys() == {"password"}
    unknown = grantor.post(reverse("mandate_grant"), fields_for(owner, scope="some", codes="9.999999"))
    assert unknown.context["form"].errors.keys() == {"codes"}
    assert not Mandate.objects.exists()
    assert grantor.post(reverse("mandate_grant"), fields_for(owner, scope="some", codes="1.013225"))["Location"] == reverse(
        "mandates"
    )
    mandate = Mandate.objects.get()
    assert (mandate.grantor, mandate.agent, mandate.procedures) == (neighbour, owner, ["1.013225"])
    assert neighbour.full_name in text_of(mine, "mandates")
    assert owner.full_name in text_of(grantor, "mandates")
    assert grantor.get(reverse("mandate_end", args=[mandate.pk])).status_code == 200
    grantor.post(reverse("mandate_end", args=[mandate.pk]))
    assert "Ủy quyền đã bị chấm dứt." in text_of(mine, "mandates")


def test_mandates_are_nobody_elses(stranger: Client, client: Client, granted: Mandate) -> None:
    assert stranger.get(reverse("mandate_end", args=[granted.pk])).status_code == 404
    assert stranger.post(reverse("mandate_end", args=[granted.pk])).status_code == 404
    assert Mandate.objects.get().state == Mandate.State.GRANTED
    assert reverse("account_login") in client.get(reverse("mandates"))["Location"]
    official = Client()
    official.force_login(Person.objects.filter(kind=Person.Kind.OFFICIAL)[0])
    assert official.get(reverse("mandates")).status_code == 404


def test_the_list_of_mandates_costs_the_same_for_many(
    mine: Client, owner: Person, granted: Mandate, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for n in range(5):
        people.declare_for_person(owner, number=f"07919200{n}111", name=f"Người {n}", basis="guardian")
    mine.get(reverse("mandates"))
    # person, granted, held; names of procedures where some are named
    with django_assert_max_num_queries(4):
        mine.get(reverse("mandates"))
