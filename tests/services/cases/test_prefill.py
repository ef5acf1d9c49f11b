"""What is filled in beforehand, from where, and that it is told; what a checked record says is not asked for again."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from services.cases import actions, prefill, queries
from services.cases.models import Case
from services.cases.prefill import Earlier, Fact, Offer, Source
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.forms.definition import Definition, parse
from tests import walk

TODAY = date(2026, 11, 2)
AT = "2026-11-02T03:00:00+00:00"


def form(*fields: dict[str, Any]) -> Definition:
    made = [{"label": one["key"], "required": False, **one} for one in fields]
    return parse({"version": 2, "pages": [{"key": "mot", "title": "Một", "fields": made}]})


NAME = {"key": "name", "kind": "text", "prefill": "person.full_name", "fixed": True}
PHONE = {"key": "phone", "kind": "phone", "prefill": "person.phone"}
AREA = {"key": "site_area", "kind": "number"}
FILE = {"key": "plan", "kind": "attachment"}
FIELDS = form(NAME, PHONE, AREA, FILE).pages[0].fields
FACTS = {"person.full_name": Fact("Nguyễn Văn An", Source.RECORD), "person.phone": Fact("", Source.RECORD)}


def earlier(same: bool, **answers: Any) -> Earlier:
    return Earlier("H29-1", AT, same, form(NAME, PHONE, AREA, FILE), answers)


def test_the_record_comes_first_then_the_newest_application() -> None:
    before = [earlier(True, name="Tên cũ", site_area=80), earlier(True, phone="+84901234567", site_area=70)]
    found = prefill.offers(FIELDS, FACTS, before, TODAY)
    assert found == {
        "name": Offer("Nguyễn Văn An", Source.RECORD),
        "phone": Offer("+84901234567", Source.EARLIER, "H29-1", AT),
        "site_area": Offer(80, Source.EARLIER, "H29-1", AT),
    }


def test_of_another_procedure_only_what_is_known_to_mean_the_same() -> None:
    found = prefill.offers(FIELDS, {}, [earlier(False, name="Nguyễn Văn An", site_area=80)], TODAY)
    assert set(found) == {"name"}


def test_what_can_be_no_answer_is_not_offered() -> None:
    assert prefill.offers(FIELDS, {"person.phone": Fact("không có", Source.RECORD)}, [earlier(True, site_area="x")], TODAY) == {}


def test_only_marked_questions_stand_fixed() -> None:
    assert prefill.fixed(FIELDS, FACTS, TODAY) == {"name": "Nguyễn Văn An"}
    assert prefill.fixed(form({**NAME, "fixed": False}).pages[0].fields, FACTS, TODAY) == {}


def test_an_answer_that_was_changed_was_typed() -> None:
    offered = {"name": Offer("An", Source.RECORD), "site_area": Offer(80, Source.EARLIER, "H29-1", AT)}
    first = prefill.provenance(
        {"_eligibility": {}}, ["name", "site_area", "phone"], {}, {"name": "An", "site_area": 90, "phone": "1"}, offered, AT
    )
    assert {key: entry.get("source") for key, entry in first.items()} == {
        "_eligibility": None,
        "name": "record",
        "site_area": "typed",
    }
    same = prefill.provenance(first, ["name"], {"name": "An"}, {"name": "An"}, {}, "later")
    assert same["name"] == first["name"]
    assert prefill.provenance(first, ["name"], {"name": "An"}, {"name": "Bình"}, {}, AT)["name"]["source"] == "typed"
    assert "name" not in prefill.provenance(first, ["name"], {"name": "An"}, {}, {}, AT)


def test_a_fixed_day_is_three_inputs() -> None:
    [one] = form({"key": "born", "kind": "date", "prefill": "person.birth_date", "fixed": True}).pages[0].fields
    assert prefill.inputs_of(one, "1990-03-07") == {"born_day": ["7"], "born_month": ["3"], "born_year": ["1990"]}


# Through the pages


pages = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def page_url(case: Case) -> str:
    return reverse("file_page", args=[case.key, parse(case.version.form).pages[0].key])


@pytest.fixture
def draft(owner: Person, version: Version) -> Case:
    return actions.start_draft(owner, version, catalogue.agencies_for(version)[0], version.circumstances[0]["key"])


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
class TestPages:
    """As the person sees it."""

    def test_the_source_is_told_and_kept(self, mine: Client, owner: Person, draft: Case) -> None:
        page = mine.get(page_url(draft)).content.decode()
        assert "Lấy từ hồ sơ cá nhân." in page
        mine.post(page_url(draft), {"owner_name": owner.full_name, "owner_address": "Nơi khác", "_leave": "1"})
        draft.refresh_from_db()
        assert draft.provenance["owner_name"]["source"] == "record"
        assert draft.provenance["owner_address"]["source"] == "typed"
        checked = mine.get(reverse("file_check", args=[draft.key])).content.decode()
        assert checked.count("Lấy từ hồ sơ cá nhân.") == 1

    def test_answers_of_an_earlier_application_come_back(
        self, mine: Client, owner: Person, version: Version, draft: Case
    ) -> None:
        agency = catalogue.agencies_for(version)[0]
        before = actions.file(walk.draft(owner, version, agency, site_address="12 Lê Lợi"), owner)
        offered = queries.offers_for(
            draft,
            parse(version.form),
            next(one.key for one in parse(version.form).pages if any(field.key == "site_address" for field in one.fields)),
        )
        assert offered["site_address"].value == "12 Lê Lợi"
        assert (offered["site_address"].source, offered["site_address"].case) == (Source.EARLIER, before.number)

    def test_nothing_of_what_was_filed_for_somebody_else_comes_back(
        self, owner: Person, neighbour: Person, version: Version, draft: Case
    ) -> None:
        filed = actions.file(walk.draft(owner, version, catalogue.agencies_for(version)[0], site_address="12 Lê Lợi"), owner)
        Case.objects.filter(pk=filed.pk).update(behalf="person", principal_name="X", principal_number="079192005678")
        definition = parse(version.form)
        for page in definition.pages:
            assert all(one.source != Source.EARLIER for one in queries.offers_for(draft, definition, page.key).values())

    def test_nothing_of_another_person_comes_back(self, neighbour: Person, version: Version, draft: Case) -> None:
        agency = catalogue.agencies_for(version)[0]
        actions.file(walk.draft(neighbour, version, agency, site_address="12 Lê Lợi"), neighbour)
        definition = parse(version.form)
        for page in definition.pages:
            assert all(one.source != Source.EARLIER for one in queries.offers_for(draft, definition, page.key).values())

    def test_a_checked_record_stands_and_what_is_sent_against_it_does_not_count(
        self, neighbour: Person, version: Version
    ) -> None:
        copies = catalogue.version_of("2.000815")
        assert neighbour.identity_checked_on is not None
        case = actions.start_draft(neighbour, copies, catalogue.agencies_for(copies)[0], copies.circumstances[0]["key"])
        browser = Client()
        browser.force_login(neighbour)
        page = browser.get(page_url(case)).content.decode()
        assert "readonly" in page
        assert "Lấy từ dữ liệu đã đối chiếu với thẻ căn cước" in page
        browser.post(page_url(case), {"requester_name": "Tên Khác", "requester_personal_number": "079088001234", "_leave": "1"})
        case.refresh_from_db()
        assert case.answers["requester_name"] == neighbour.full_name
        assert case.answers["requester_personal_number"] == neighbour.personal_number

    def test_what_contradicts_a_checked_record_is_named_before_filing(self, neighbour: Person, version: Version) -> None:
        copies = catalogue.version_of("2.000815")
        case = actions.start_draft(neighbour, copies, catalogue.agencies_for(copies)[0], copies.circumstances[0]["key"])
        case.answers = {**walk.fill_in(copies), "requester_name": "Tên Khác"}
        case.save(update_fields=["answers"])
        assert "requester_name" in {gap.key for gap in queries.gaps(case)}

    def test_an_unchecked_record_can_be_changed(self, mine: Client, owner: Person, version: Version) -> None:
        copies = catalogue.version_of("2.000815")
        case = actions.start_draft(owner, copies, catalogue.agencies_for(copies)[0], copies.circumstances[0]["key"])
        assert "readonly" not in mine.get(page_url(case)).content.decode()
        mine.post(page_url(case), {"requester_name": "Tên Khác", "_leave": "1"})
        case.refresh_from_db()
        assert case.answers["requester_name"] == "Tên Khác"
