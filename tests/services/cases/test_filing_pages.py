"""Filing as a resident does it: through the pages, with and without mistakes, once and twice."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from services.cases import actions, filling_time, standing
from services.cases.filing_forms import home_agency
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.forms.definition import parse
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CODE = "1.013225"


@pytest.fixture
def draft(owner: Person, version: Version) -> Case:
    """A draft with nothing in it yet."""
    agency = catalogue.agencies_for(version)[0]
    return actions.start_draft(owner, version, agency, version.circumstances[0]["key"])


@pytest.fixture
def complete(owner: Person, version: Version) -> Case:
    """A draft that can be filed."""
    return walk.draft(owner, version, catalogue.agencies_for(version)[0])


def first_page(case: Case) -> str:
    return parse(case.version.form).pages[0].key


def page_url(case: Case) -> str:
    return reverse("file_page", args=[case.key, first_page(case)])


def upload(name: str = "anh.pdf", content: bytes = walk.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def paper(case: Case) -> str:
    return next(document["key"] for document in case.version.documents if document.get("electronic", "upload") == "upload")


# Starting


def test_the_start_page_is_open_to_all_and_offers_to_sign_in_and_come_back(client: Client, version: Version) -> None:
    address = reverse("file_start", args=[CODE])
    page = client.get(address).content.decode()
    assert f"{reverse('account_login')}?next={address}" in page
    assert "Bắt đầu điền hồ sơ" in page


def test_the_start_page_tells_papers_time_and_fee(mine: Client, version: Version) -> None:
    page = mine.get(reverse("file_start", args=[CODE])).content.decode()
    assert version.name in page
    assert version.limit_text in page
    assert "75.000" in page
    uploads = [document["name"] for document in version.documents if document.get("electronic") == "upload"]
    assert all(name in page for name in uploads)


def test_an_unknown_procedure_is_not_found(mine: Client) -> None:
    assert mine.get("/nop/9.999999/").status_code == 404


def test_the_ward_of_the_address_is_chosen_beforehand(version: Version, owner: Person) -> None:
    agencies = list(catalogue.agencies_for(version))
    wanted = next(agency for agency in agencies if "Bến Thành" in agency.name)
    assert home_agency(agencies, "12 Lê Lợi, phường Bến Thành, Thành phố Hồ Chí Minh") == wanted
    assert home_agency(agencies, "12 Le Loi, Phuong Ben Thanh") == wanted
    assert home_agency(agencies, "12 Lê Lợi, Phường Bến Thànhh") is None
    assert home_agency(agencies, "12 Lê Lợi") is None


def test_starting_leads_to_the_first_page_with_what_was_chosen(mine: Client, owner: Person, version: Version) -> None:
    agency = catalogue.agencies_for(version)[1]
    chosen = {"circumstance": version.circumstances[1]["key"], "agency": str(agency.pk)}
    address = mine.post(reverse("file_start", args=[CODE]), chosen)["Location"]
    response = mine.get(address)
    assert agency.name in response.content.decode()
    mine.post(address, {"owner_name": "Trần Thị Bích"})
    draft = Case.objects.get(applicant=owner)
    assert (draft.circumstance, draft.agency) == (version.circumstances[1]["key"], agency)
    assert mine.get(reverse("file_continue", args=[draft.key]))["Location"] == page_url(draft)


def test_the_start_page_offers_to_go_on_with_a_draft(mine: Client, draft: Case) -> None:
    page = mine.get(reverse("file_start", args=[CODE])).content.decode()
    assert reverse("file_continue", args=[draft.key]) in page


def test_starting_without_a_choice_says_what_to_choose(mine: Client, version: Version, owner: Person) -> None:
    owner.address = ""
    owner.save(update_fields=["address"])
    response = mine.post(reverse("file_start", args=[CODE]), {})
    assert response.status_code == 200
    assert "Chọn trường hợp phù hợp" in response.content.decode()
    assert not Case.objects.exists()


def test_a_work_account_files_nothing(version: Version) -> None:
    official = Person.objects.filter(kind=Person.Kind.OFFICIAL)[0]
    client = Client()
    client.force_login(official)
    agency = catalogue.agencies_for(version)[0]
    response = client.post(
        reverse("file_start", args=[CODE]), {"circumstance": version.circumstances[0]["key"], "agency": str(agency.pk)}
    )
    assert "tài khoản công vụ" in response.content.decode()
    assert not Case.objects.exists()


def test_circumstance_and_agency_of_a_draft_can_be_changed(mine: Client, draft: Case) -> None:
    other = draft.version.circumstances[1]["key"]
    agency = catalogue.agencies_for(draft.version)[1]
    response = mine.post(
        reverse("file_choice", args=[draft.key]) + "?sau=kiem-tra", {"circumstance": other, "agency": str(agency.pk)}
    )
    assert response["Location"] == reverse("file_check", args=[draft.key])
    draft.refresh_from_db()
    assert (draft.circumstance, draft.agency_id) == (other, agency.pk)


# Pages of the form


def test_a_page_is_filled_in_beforehand_from_the_record(mine: Client, owner: Person, draft: Case) -> None:
    page = mine.get(page_url(draft)).content.decode()
    assert owner.full_name in page
    assert owner.personal_number
    assert owner.personal_number in page
    assert re.search(r"Bước 2\s*/\s*\d", page)


def as_browser(client: Client, case: Case, **changes: str) -> dict[str, Any]:
    """The first page's inputs with what they show, some changed; questions are answered with the first choice, or with no."""
    form = client.get(page_url(case)).context["form"]
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        choices = [choice for choice, _label in getattr(field, "choices", []) if choice]
        usual = choices[-1 if set(choices) == {"yes", "no"} else 0] if choices else ""
        sent[name] = usual if value in (None, "") else value
    return {**sent, **changes}


def test_saving_a_page_leads_to_the_next_and_keeps_the_answers(mine: Client, draft: Case) -> None:
    response = mine.post(page_url(draft), as_browser(mine, draft, owner_name="Trần Thị Bích"))
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == reverse("file_page", args=[draft.key, parse(draft.version.form).pages[1].key])
    draft.refresh_from_db()
    assert draft.answers["owner_name"] == "Trần Thị Bích"


def test_a_mistake_is_shown_beside_what_was_typed(mine: Client, draft: Case) -> None:
    response = mine.post(page_url(draft), as_browser(mine, draft, owner_phone="12 ab"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "12 ab" in page
    assert 'href="#id_owner_phone"' in page
    draft.refresh_from_db()
    assert "owner_phone" not in draft.answers
    assert draft.typed[first_page(draft)]["owner_phone"] == ["12 ab"]


def test_leaving_a_page_keeps_good_answers_and_bad_text(mine: Client, draft: Case) -> None:
    sent = as_browser(mine, draft, owner_name="Trần Thị Bích", owner_phone="12 ab")
    response = mine.post(page_url(draft), {**sent, "_leave": "1"})
    assert response["Location"] == reverse("my_cases")
    draft.refresh_from_db()
    assert draft.answers["owner_name"] == "Trần Thị Bích"
    assert "owner_phone" not in draft.answers
    page = mine.get(page_url(draft)).content.decode()
    assert "12 ab" in page
    assert "govuk-error-summary" in page


def test_going_back_keeps_what_is_typed_without_complaining(mine: Client, draft: Case) -> None:
    sent = as_browser(mine, draft, owner_name="Trần Thị Bích", owner_address="")
    response = mine.post(page_url(draft), {**sent, "_back": "1"})
    assert response["Location"] == reverse("file_choice", args=[draft.key])
    page = mine.get(page_url(draft)).content.decode()
    assert "Trần Thị Bích" in page
    assert "govuk-error-summary" not in page


def test_a_page_opened_from_the_check_page_leads_back_there(mine: Client, complete: Case) -> None:
    response = mine.post(page_url(complete) + "?sau=kiem-tra", as_browser(mine, complete))
    assert response["Location"] == reverse("file_check", args=[complete.key])


def test_an_unknown_page_is_not_found(mine: Client, draft: Case) -> None:
    assert mine.get(reverse("file_page", args=[draft.key, "khong-co"])).status_code == 404


def test_a_form_page_costs_few_queries(mine: Client, complete: Case, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    mine.get(page_url(complete))
    # person, case, files; the session is cached
    with django_assert_max_num_queries(3):
        mine.get(page_url(complete))


def test_the_start_page_and_the_check_page_cost_few_queries(
    mine: Client, complete: Case, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    start, check = reverse("file_start", args=[CODE]), reverse("file_check", args=[complete.key])
    mine.get(start)
    mine.get(check)
    # person, procedure, agencies, drafts
    with django_assert_max_num_queries(4):
        mine.get(start)
    # person, case, files for the gaps and for the list, files on their way or being put together, papers in the store
    with django_assert_max_num_queries(7):
        mine.get(check)


# Papers


def test_files_are_added_listed_opened_and_removed(mine: Client, draft: Case, media: Path) -> None:
    key = paper(draft)
    response = mine.post(reverse("file_upload", args=[draft.key, key]), {"file": [upload("a.pdf"), upload("b.pdf")]})
    documents = reverse("file_documents", args=[draft.key])
    assert response["Location"] == f"{documents}#giay-to-{key}"
    page = mine.get(documents).content.decode()
    assert "a.pdf" in page
    assert "b.pdf" in page
    link = draft.attachments.order_by("position")[0]
    shown = mine.get(reverse("my_attachment", args=[str(draft.key), link.attachment_id]))
    assert b"".join(shown) == walk.PDF  # type: ignore[arg-type]
    removed = mine.post(reverse("file_remove", args=[draft.key, link.attachment_id]))
    twice = mine.post(reverse("file_remove", args=[draft.key, link.attachment_id]))
    assert removed.status_code == twice.status_code == 302
    assert [one.attachment.name for one in draft.attachments.all()] == ["b.pdf"]


def test_a_refused_file_says_why_at_its_input_and_keeps_the_others(mine: Client, draft: Case) -> None:
    key = paper(draft)
    response = mine.post(
        reverse("file_upload", args=[draft.key, key]), {"file": [upload("tot.pdf"), upload("xau.exe", b"MZ\x00\x01" * 20)]}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "xau.exe:" in page
    assert f'id="tep-{key}_error"' in page
    assert f'href="#tep-{key}"' in page
    assert [one.attachment.name for one in draft.attachments.all()] == ["tot.pdf"]


def test_pressing_upload_without_a_file_says_so(mine: Client, draft: Case) -> None:
    response = mine.post(reverse("file_upload", args=[draft.key, paper(draft)]))
    assert response.status_code == 422
    assert "Chưa chọn tệp" in response.content.decode()


def test_a_paper_that_does_not_belong_is_not_found(mine: Client, draft: Case) -> None:
    assert mine.post(reverse("file_upload", args=[draft.key, "khong-co"]), {"file": upload()}).status_code == 404


# Checking and filing


def test_the_check_page_lists_what_is_missing_with_links_and_no_button(mine: Client, draft: Case) -> None:
    page = mine.get(reverse("file_check", args=[draft.key])).content.decode()
    assert reverse("file_documents", args=[draft.key]) + f"#giay-to-{paper(draft)}" in page
    assert page_url(draft) in page
    assert reverse("file_submit", args=[draft.key]) not in page


def test_the_check_page_shows_answers_papers_and_what_happens_next(mine: Client, owner: Person, complete: Case) -> None:
    page = mine.get(reverse("file_check", args=[complete.key])).content.decode()
    assert f"{page_url(complete)}?sau=kiem-tra#id_" in page
    assert f"{paper(complete)}.pdf" in page
    assert complete.agency.name in page
    assert owner.personal_number
    assert owner.personal_number not in page.split("Người nộp và nơi nộp")[1].split("</section>")[0]
    assert reverse("file_submit", args=[complete.key]) in page


def test_filing_needs_the_declaration(mine: Client, complete: Case) -> None:
    response = mine.post(reverse("file_submit", args=[complete.key]))
    assert response.status_code == 200
    assert "cam đoan" in response.content.decode()
    complete.refresh_from_db()
    assert complete.state == Case.State.DRAFT


def test_filing_what_is_incomplete_files_nothing(mine: Client, draft: Case) -> None:
    response = mine.post(reverse("file_submit", args=[draft.key]), {"declaration": "on"})
    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.state == Case.State.DRAFT


def test_filing_twice_gives_one_case_and_the_same_page(mine: Client, owner: Person, complete: Case) -> None:
    submit = reverse("file_submit", args=[complete.key])
    first = mine.post(submit, {"declaration": "on"})
    second = mine.post(submit, {"declaration": "on"})
    third = mine.post(submit)
    done = reverse("file_done", args=[complete.key])
    assert first["Location"] == second["Location"] == third["Location"] == done
    complete.refresh_from_db()
    assert complete.state == Case.State.FILED
    assert Case.objects.filter(applicant=owner).count() == 1
    assert complete.events.filter(action="file").count() == 1
    page = mine.get(done).content.decode()
    assert complete.number
    assert complete.number in page
    assert reverse("my_case", args=[complete.number]) in page


def test_every_page_of_a_filed_case_leads_to_its_number(mine: Client, owner: Person, complete: Case) -> None:
    actions.file(complete, owner)
    done = reverse("file_done", args=[complete.key])
    for name in ("file_continue", "file_choice", "file_documents", "file_check", "file_discard"):
        assert mine.get(reverse(name, args=[complete.key]))["Location"] == done
    assert mine.get(page_url(complete))["Location"] == done
    assert mine.post(page_url(complete), {})["Location"] == done
    mine.post(reverse("file_discard", args=[complete.key]))
    assert Case.objects.filter(pk=complete.pk).exists()
    refused = mine.post(reverse("file_upload", args=[complete.key, paper(complete)]), {"file": upload()})
    assert refused.status_code == 409


def test_a_draft_is_deleted_only_after_asking(mine: Client, draft: Case) -> None:
    address = reverse("file_discard", args=[draft.key])
    mine.get(address)
    assert Case.objects.filter(pk=draft.pk).exists()
    mine.post(address)
    assert not Case.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("who", ["neighbour", "official", "visitor"])
def test_nobody_else_opens_or_changes_a_draft(who: str, neighbour: Person, complete: Case) -> None:
    client = Client()
    if who != "visitor":
        client.force_login(neighbour if who == "neighbour" else Person.objects.filter(kind=Person.Kind.OFFICIAL)[0])
    link = complete.attachments.all()[0]
    key = complete.key
    gets = [
        reverse(name, args=[key])
        for name in ("file_continue", "file_choice", "file_documents", "file_check", "file_done", "file_discard")
    ]
    gets += [page_url(complete), reverse("my_attachment", args=[str(key), link.attachment_id])]
    posts = [reverse(name, args=[key]) for name in ("file_submit", "file_discard", "file_choice")]
    posts += [
        page_url(complete),
        reverse("file_upload", args=[key, paper(complete)]),
        reverse("file_remove", args=[key, link.attachment_id]),
    ]
    for response in [*map(client.get, gets), *map(client.post, posts)]:
        if who == "visitor":
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("account_login"))
        else:
            assert response.status_code == 404
    complete.refresh_from_db()
    assert complete.state == Case.State.DRAFT
    assert complete.attachments.filter(pk=link.pk).exists()


# Small rules


def test_the_time_needed_is_a_multiple_of_five_minutes(version: Version) -> None:
    minutes = filling_time.minutes_needed(version, parse(version.form))
    assert minutes % 5 == 0
    assert 5 <= minutes <= 60


def test_every_state_has_words_and_stages() -> None:
    assert set(standing.STANDINGS) == set(standing.State)
    assert [stage.state for stage in standing.stages(standing.State.FILED, accepted=False)] == [
        "done",
        "current",
        "waiting",
        "waiting",
    ]
    assert [stage.state for stage in standing.stages(standing.State.SUPPLEMENT, accepted=True)][2] == "current"
    assert {stage.state for stage in standing.stages(standing.State.RETURNED, accepted=True)} == {"done"}
    assert standing.stages(standing.State.STOPPED, accepted=True) == []
