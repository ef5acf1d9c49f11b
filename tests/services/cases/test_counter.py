"""Receiving at a counter: who is present, drafts between phone and counter, filing for the applicant, who may see what."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people import actions as people
from identity.people import queries as who
from identity.people.models import Person
from identity.trail.models import Look
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, handoff, queries
from services.cases.filer import Filer
from services.cases.handoff import HandedIn
from services.cases.models import Case, CaseEvent, WorkItem
from services.cases.queries import counter
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store")]
CLERK, STRANGER, SPECIALIST = "tiepnhan.benthanh", "tiepnhan.saigon", "chuyenvien.kinhte.benthanh"
NUMBER, BORN = "079190001234", date(1990, 3, 27)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clerk(version: Version) -> Person:
    return Person.objects.get(username=CLERK)


@pytest.fixture
def stranger(version: Version) -> Person:
    return Person.objects.get(username=STRANGER)


@pytest.fixture
def office(clerk: Person) -> Office:
    return counter.counters(clerk)[0]


@pytest.fixture
def draft(owner: Person, version: Version) -> Case:
    """Begun on the phone; answered, without papers."""
    agency = offices.by_code("H29.141")
    assert agency is not None
    case = actions.start_draft(owner, version, agency, version.circumstances[0]["key"])
    case.answers = walk.fill_in(version)
    case.save(update_fields=["answers"])
    return case


@pytest.fixture
def complete(owner: Person, version: Version, clerk: Person, office: Office) -> Case:
    """Ready to be filed, at the counter."""
    agency = offices.by_code("H29.141")
    assert agency is not None
    case = walk.draft(owner, version, agency)
    return actions.take_over(actions.offer(case, owner)[0], clerk, office)


@pytest.fixture
def taken(draft: Case, owner: Person, clerk: Person, office: Office) -> Case:
    code, _until = actions.offer(draft, owner)
    return actions.take_over(code, clerk, office)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda no: no.code == code)


# Who is present


def test_a_new_person_gets_an_account_that_only_the_phone_claims(version: Version) -> None:
    person = people.register_at_counter(
        personal_number=NUMBER, birth_date=BORN, full_name="Lê  Thị Quầy", phone="0901 777 888", checked=True
    )
    assert (person.full_name, person.sex, person.identity_checked_on) == ("Lê Thị Quầy", "female", clock.today())
    assert not person.has_usable_password()
    # The same person again, whose account nobody has claimed; nobody else makes it go away.
    assert people.register_at_counter(personal_number=NUMBER, birth_date=BORN) == person
    with pytest.raises(people.AlreadyRegistered):
        people.register(full_name="Kẻ Khác", password="mot-mat-khau-dai", phone="0901777999", personal_number=NUMBER)
    claimed = people.register(
        full_name="Lê Thị Quầy", password="mot-mat-khau-dai", phone="0901777888", personal_number=NUMBER, birth_date=BORN
    )
    assert claimed == person
    assert claimed.check_password("mot-mat-khau-dai")
    assert not claimed.phone_verified


def test_an_account_is_found_by_number_and_birth_date_only(owner: Person, version: Version) -> None:
    number, born = owner.personal_number or "", owner.birth_date
    assert born is not None
    assert people.register_at_counter(personal_number=number, birth_date=born, phone="0901777888") == owner
    owner.refresh_from_db()
    assert owner.phone != "+84901777888"
    with refused("person.birth_date"):
        people.register_at_counter(personal_number=number, birth_date=born + timedelta(days=1))
    with refused("person.full_name"):
        people.register_at_counter(personal_number=number, birth_date=born, full_name="Kẻ Khác", checked=True)
    with refused("person.full_name"):
        people.register_at_counter(personal_number=NUMBER, birth_date=BORN)
    with refused("person.phone"):
        people.register_at_counter(personal_number=NUMBER, birth_date=BORN, full_name="Lê Thị Quầy", phone=owner.phone or "")


def test_what_somebody_typed_and_never_proved_does_not_count(version: Version) -> None:
    begun = people.register(
        full_name="Kẻ Gian", password="mot-mat-khau-dai", phone="0901777999", personal_number=NUMBER, birth_date=BORN
    )
    person = people.register_at_counter(personal_number=NUMBER, birth_date=BORN, full_name="Lê Thị Quầy")
    assert person == begun
    assert (person.full_name, person.phone, person.has_usable_password()) == ("Lê Thị Quầy", None, False)
    assert who.waits_for_owner(person)


# Through the pages


def test_a_clerk_receives_for_the_person_present(clerk: Person, version: Version, office: Office) -> None:
    browser = client_of(clerk)
    sent = {"personal_number": NUMBER, "birth_date": "1990-03-27"}
    unknown = browser.post(reverse("counter_home"), sent)
    assert unknown.status_code == 422
    assert "Chưa có tài khoản" in unknown.content.decode()
    found = browser.post(reverse("counter_home"), sent | {"full_name": "Lê Thị Quầy", "checked": "on"})
    assert found.status_code == 302
    assert NUMBER not in found["Location"]
    person_page = browser.get(found["Location"], {"q": "xay dung"})
    assert "Lê Thị Quầy" in person_page.content.decode()
    assert version.procedure.code in person_page.content.decode()
    start = f"{found['Location']}{version.procedure.code}/"
    agency = offices.by_code("H29.141")
    assert agency is not None
    chosen = {
        "khoa": str(uuid4()),
        "channel": "1",
        "agency": str(agency.pk),
        "circumstance": version.circumstances[0]["key"] if version.circumstances else "",
    }
    browser.get(start)
    begun = browser.post(start, chosen)
    assert begun.status_code == 302, begun.content.decode()[:3000]
    # A second click opens the same draft.
    assert browser.post(start, chosen)["Location"] == begun["Location"]
    case = Case.objects.get(received_by=clerk)
    person = Person.objects.get(personal_number=NUMBER)
    assert (case.applicant, case.reception, case.channel) == (person, office, Case.Channel.COUNTER)
    page = browser.get(begun["Location"], follow=True)
    assert "Đang khai giúp" in page.content.decode()
    # The word for the person works for no colleague.
    assert client_of(Person.objects.get(username=STRANGER)).get(found["Location"]).status_code == 404


def test_filing_at_the_counter_accepts_and_prints(complete: Case, clerk: Person, owner: Person, office: Office) -> None:
    browser = client_of(clerk)
    check = reverse("counter_check", args=[complete.key])
    page = browser.get(check)
    assert page.status_code == 200
    papers = [name for name in page.context["form"].fields if name.startswith("originals:")]
    sent = dict.fromkeys(papers, "1") | {name.replace("originals", "copies"): "2" for name in papers}
    assert browser.post(check, sent).status_code == 422
    assert browser.get(reverse("file_submit", args=[complete.key])).status_code == 405
    done = browser.post(check, sent | {"signed": "on"})
    assert done.status_code == 302
    # Sent twice: one case, one number.
    assert browser.post(check, sent | {"signed": "on"})["Location"] == done["Location"]
    case = Case.objects.get(pk=complete.pk)
    assert done["Location"] == reverse("counter_done", args=[case.number])
    filed = CaseEvent.objects.get(case=case, action="file_at_counter")
    assert (filed.actor, filed.office) == (clerk, office)
    assert case.state in (Case.State.ACCEPTED, Case.State.IN_PROGRESS)
    assert case.search is not None
    waiting = browser.get(done["Location"]).content.decode()
    assert "hx-trigger" in waiting
    actions.handle_events(case.pk)
    receipt = queries.documents_of(case, for_resident=False)[0]
    assert receipt.kind == IssuedDocument.Kind.RECEIPT
    assert receipt.data["documents"][0]["count"] == 3
    IssuedDocument.objects.filter(pk=receipt.pk).update(state=IssuedDocument.State.ISSUED, file="x.pdf", sha256="0" * 64)
    moving = browser.get(done["Location"], headers={"HX-Request": "true", "HX-Target": "receipt"}).content.decode()
    assert receipt.code in moving
    assert "hx-trigger" not in moving
    assert str(case.number) in client_of(owner).get(reverse("my_case", args=[case.number])).content.decode()


def test_missing_papers_are_a_slip_instead_of_a_filing(taken: Case, clerk: Person) -> None:
    browser = client_of(clerk)
    assert reverse("counter_slip", args=[taken.key]) in browser.get(reverse("counter_check", args=[taken.key])).content.decode()
    assert "Phiếu yêu cầu bổ sung" in browser.get(reverse("counter_slip", args=[taken.key])).content.decode()
    with refused("case.incomplete"):
        actions.file_at_counter(taken, clerk, {})


def test_what_another_agency_decides_is_seen_where_it_was_received(
    owner: Person, version: Version, clerk: Person, stranger: Person, office: Office
) -> None:
    agency = offices.by_code("H29.141")
    assert agency is not None
    saigon = counter.counters(stranger)[0]
    case = walk.draft(owner, version, agency)
    case = actions.take_over(actions.offer(case, owner)[0], stranger, saigon)
    actions.file_at_counter(case, stranger, {})
    # Its own counter accepts it; this one sees how it goes on.
    assert not actions.accept_at_once(case, stranger)
    case.refresh_from_db()
    assert WorkItem.objects.get(case=case).office == office
    assert counter.received_case(stranger, case.number or "") == case
    assert queries.case_for_official(stranger, case.number or "") == case
    other = Person.objects.get(username="lanhdao.saigon")
    with pytest.raises(Case.DoesNotExist):
        queries.case_for_official(other, case.number or "")
    with pytest.raises(Case.DoesNotExist):
        counter.received_case(clerk, case.number or "")


# Between phone and counter


def test_a_code_works_once_and_names_the_right_draft(draft: Case, owner: Person, clerk: Person, office: Office) -> None:
    code, _until = actions.offer(draft, owner)
    assert actions.offer(draft, owner)[0] == code
    with refused("handoff.code"):
        actions.take_over(handoff.sign(uuid4(), code), clerk, office)
    taken = actions.take_over(handoff.sign(draft.key, code), clerk, office)
    assert (taken.pk, taken.reception, taken.received_by, taken.channel) == (draft.pk, office, clerk, Case.Channel.COUNTER)
    for again in (code, handoff.sign(draft.key, code), "", "khong phai ma"):
        with refused("handoff.code"):
            actions.take_over(again, clerk, office)
    with refused("handoff.there"):
        actions.offer(draft, owner)
    assert Look.objects.filter(viewer_id=clerk.pk, subject=str(draft.key), what="handoff").exists()


def test_codes_run_out_are_called_off_and_cannot_be_guessed(draft: Case, owner: Person, clerk: Person, office: Office) -> None:
    code, _until = actions.offer(draft, owner)
    actions.call_off(draft, owner)
    with refused("handoff.code"):
        actions.take_over(code, clerk, office)
    code, _until = actions.offer(draft, owner)
    # Fifteen minutes later the store has forgotten it.
    cache.delete(f"handoff:code:{code}")
    assert actions.offered(draft) is None
    for _try in range(19):
        with pytest.raises(Refused):
            actions.take_over(code, clerk, office)
    with refused("handoff.tries"):
        actions.take_over(code, clerk, office)


def test_only_the_applicant_offers_and_only_a_receiving_post_takes(
    draft: Case, owner: Person, neighbour: Person, clerk: Person, office: Office
) -> None:
    with pytest.raises(Case.DoesNotExist):
        actions.offer(draft, neighbour)
    code, _until = actions.offer(draft, owner)
    specialist = Person.objects.get(username=SPECIALIST)
    with refused("counter.office"):
        actions.take_over(code, specialist, office)
    assert client_of(specialist).get(reverse("counter_code")).status_code == 403
    assert client_of(neighbour).get(reverse("counter_code")).status_code == 404
    assert actions.take_over(code, clerk, office)


def test_at_the_counter_only_its_clerks_and_the_applicant_open_it(
    complete: Case, owner: Person, neighbour: Person, clerk: Person, stranger: Person
) -> None:
    address = reverse("file_documents", args=[complete.key])
    allowed = {person.pk: client_of(person).get(address).status_code for person in (owner, clerk)}
    assert set(allowed.values()) == {200}
    assert {client_of(person).get(address).status_code for person in (neighbour, stranger)} == {404}
    for name in ("counter_check", "counter_slip"):
        assert client_of(stranger).get(reverse(name, args=[complete.key])).status_code == 404
    assert client_of(stranger).post(reverse("counter_give_back", args=[complete.key])).status_code == 404
    with pytest.raises(Case.DoesNotExist):
        actions.file_at_counter(complete, stranger, {})
    # A clerk neither files as the applicant nor throws the applicant's work away.
    with pytest.raises(Case.DoesNotExist):
        actions.file(complete, clerk)
    with refused("handoff.not_yours"):
        actions.discard_draft(complete, clerk)
    assert Look.objects.filter(viewer_id=clerk.pk, subject=str(complete.key), what="draft").exists()
    link = complete.attachments.first()
    assert link is not None
    kept = reverse("file_keep", args=[complete.key, link.attachment_id])
    assert client_of(clerk).post(kept).status_code == 404
    file = reverse("my_attachment", args=[str(complete.key), link.attachment_id])
    assert [client_of(person).get(file).status_code for person in (clerk, owner, stranger)] == [200, 200, 404]


def test_the_applicant_takes_it_back_at_any_time(taken: Case, owner: Person, clerk: Person) -> None:
    page = client_of(owner).get(reverse("handoff", args=[taken.key])).content.decode()
    assert "Hiện đang ở quầy" in page
    client_of(owner).post(reverse("handoff", args=[taken.key]), {"take_back": "1"})
    draft = Case.objects.get(pk=taken.pk)
    assert (draft.reception, draft.received_by, draft.channel) == (None, None, Case.Channel.ONLINE)
    assert [one["move"] for one in draft.provenance[handoff.HISTORY]] == ["taken", "taken_back"]
    assert client_of(clerk).get(reverse("file_documents", args=[taken.key])).status_code == 404
    with pytest.raises(Case.DoesNotExist):
        actions.file_at_counter(taken, clerk, {})
    with pytest.raises(Case.DoesNotExist):
        actions.give_back(taken, clerk)


def test_filing_on_both_gives_one_case(complete: Case, owner: Person, clerk: Person) -> None:
    with transaction.atomic():
        filed = actions.file(complete, owner)
        assert (filed.channel, filed.reception) == (Case.Channel.ONLINE, None)
        with pytest.raises(Case.DoesNotExist):
            actions.file_at_counter(complete, clerk, {})
        assert complete.events.filter(action__in=("file", "file_at_counter")).count() == 1
        transaction.set_rollback(True)
    filed = actions.file_at_counter(complete, clerk, {"don": HandedIn(1, 0)})
    assert actions.file(complete, owner).number == filed.number
    assert complete.events.filter(action__in=("file", "file_at_counter")).count() == 1


def test_what_both_type_is_kept(taken: Case, owner: Person, clerk: Person) -> None:
    definition = queries.definition_of(taken)
    page = next(one for one in definition.pages_shown(taken.answers) if len([f for f in one.fields if f.answers]) > 1)
    revision = queries.page_revision(taken, definition, page.key)
    before = queries.stored_inputs(taken, definition, page.key)
    texts = [name for name, values in before.items() if len(values) == 1 and values[0] and not values[0].isdigit()]
    name = next(name for name in texts if any(f.key == name and f.kind.value == "text" for f in page.fields))
    by_owner = before | {name: ["Gõ trên điện thoại"]}
    actions.save_page(taken, owner, page.key, by_owner, revision=revision, was={})
    by_clerk = before | {name: ["Gõ tại quầy"]}
    saved = actions.save_page(taken, Filer(clerk, ""), page.key, by_clerk, revision=revision, was={name: before[name]})
    assert saved.both == [name]
    held = actions.save_page(taken, Filer(clerk, ""), page.key, before, revision=revision)
    assert held.held == [name]


def test_pages_ask_the_database_a_fixed_number_of_times(
    taken: Case, clerk: Person, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    browser = client_of(clerk)
    browser.get(reverse("counter_home"))
    with django_assert_num_queries(5):  # type: ignore[operator]
        browser.get(reverse("counter_home"))
    with django_assert_num_queries(10):  # type: ignore[operator]
        browser.get(reverse("counter_check", args=[taken.key]))
