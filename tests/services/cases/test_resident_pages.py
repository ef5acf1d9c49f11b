"""A resident follows a case: sees it, answers, withdraws, downloads; nobody else sees anything; anybody may look it up."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.kit import clock
from services.cases import actions, guesses, queries
from services.cases.models import Case
from services.cases.supplements import Ask, Item, ItemKind
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CODE = "1.013225"
ASKED = "Bản vẽ thiếu mặt cắt móng.\n\nĐề nghị nộp lại bản vẽ đủ mặt cắt."


def file_one(owner: Person, version: Version) -> Case:
    return actions.file(walk.draft(owner, version, catalogue.agencies_for(version)[0]), owner)


@pytest.fixture
def filed(owner: Person, version: Version) -> Case:
    return file_one(owner, version)


@pytest.fixture
def accepted(filed: Case) -> Case:
    """Accepted, with its receipt issued."""
    walk.work(filed)
    item = walk.next_step(filed)
    assert item is not None
    walk.take_step(item)
    walk.work(filed)
    return filed


@pytest.fixture
def asked(accepted: Case) -> Case:
    """The office waits for a supplement."""
    item = walk.next_step(accepted)
    while item is not None and item.power != "process":
        walk.take_step(item)
        walk.work(accepted)
        item = walk.next_step(accepted)
    assert item is not None
    official = walk.holder(item)
    actions.claim(item.pk, official)
    actions.request_supplement(item.pk, official, Ask((Item(ItemKind.PAPER, paper(accepted), "", "Nộp lại"),), ASKED))
    walk.work(accepted)
    return accepted


def paper(case: Case) -> str:
    return case.attachments.all()[0].document


# The list


def test_the_list_puts_what_is_expected_first_and_drafts_apart(
    mine: Client, owner: Person, version: Version, asked: Case
) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    page = mine.get(reverse("my_cases")).content.decode()
    expected, drafts, all_filed = (page.index(text) for text in ("Việc cần làm ngay", "Bản nháp, chưa nộp", "Hồ sơ đã nộp"))
    assert expected < drafts < all_filed
    assert asked.number
    assert expected < page.index(asked.number) < drafts
    assert reverse("file_continue", args=[draft.key]) in page
    assert reverse("file_discard", args=[draft.key]) in page


def test_an_empty_list_says_how_to_begin(mine: Client) -> None:
    page = mine.get(reverse("my_cases")).content.decode()
    assert "Chưa nộp hồ sơ nào" in page
    assert reverse("procedures") in page


def test_the_list_has_pages_and_tabs(mine: Client, owner: Person, filed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cases.resident_views.PAGE_SIZE", 2)
    others = [file_one(owner, filed.version) for _ in range(2)]
    first = mine.get(reverse("my_cases"))
    assert [card.case.pk for card in first.context["cards"]] == [others[1].pk, others[0].pk]
    second = mine.get(reverse("my_cases"), {"sau": first.context["page"].next_cursor})
    assert [card.case.pk for card in second.context["cards"]] == [filed.pk]
    assert not mine.get(reverse("my_cases"), {"loai": "da-xong"}).context["cards"]
    assert len(mine.get(reverse("my_cases"), {"loai": "dang-giai-quyet"}).context["cards"]) == 2


def test_the_list_costs_the_same_for_many_cases(
    mine: Client, owner: Person, filed: Case, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        file_one(owner, filed.version)
    mine.get(reverse("my_cases"))
    # person, the page, what is asked, drafts, what others filed; the session is cached
    with django_assert_max_num_queries(5):
        mine.get(reverse("my_cases"))


# One case


def test_a_new_case_says_by_when_it_is_checked(mine: Client, filed: Case) -> None:
    page = mine.get(reverse("my_case", args=[filed.number])).content.decode()
    assert "Đang chờ kiểm tra" in page
    assert "Kiểm tra xong chậm nhất" in page
    assert 'hx-trigger="every 15s"' in page


def test_a_late_check_is_admitted(mine: Client, filed: Case) -> None:
    Case.objects.filter(pk=filed.pk).update(filed_at=clock.now() - timedelta(days=14))
    assert "Lẽ ra việc kiểm tra phải xong" in mine.get(reverse("my_case", args=[filed.number])).content.decode()


def test_an_accepted_case_shows_promise_steps_receipt_and_no_names(mine: Client, accepted: Case) -> None:
    page = mine.get(reverse("my_case", args=[accepted.number])).content.decode()
    receipt = queries.documents_of(accepted, for_resident=True)[0]
    assert accepted.due_at
    assert f"{clock.local(accepted.due_at):%d/%m/%Y}" in page
    assert "Cách tính ngày hẹn" in page
    assert reverse("my_document", args=[accepted.number, receipt.code]) in page
    assert reverse("verify_document", args=[receipt.code]) in page
    officials = Person.objects.filter(kind=Person.Kind.OFFICIAL)
    assert not [person.full_name for person in officials if person.full_name in page]
    for step in accepted.version.route:
        assert step["title"] in page


def test_the_case_page_costs_few_queries(
    mine: Client, accepted: Case, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    address = reverse("my_case", args=[accepted.number])
    mine.get(address)
    # person, case, events, documents twice, work items, files, messages, units and offices of the route
    with django_assert_max_num_queries(11):
        mine.get(address)


def test_a_page_that_asks_again_is_answered_only_when_something_moved(
    mine: Client, accepted: Case, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    address = reverse("my_case", args=[accepted.number])
    with django_assert_max_num_queries(3):
        same = mine.get(address, {"biet": accepted.last_event}, headers={"HX-Request": "true"})
    assert same.status_code == 204
    moved = mine.get(address, {"biet": accepted.last_event - 1}, headers={"HX-Request": "true"})
    page = moved.content.decode()
    assert moved.status_code == 200
    assert page.lstrip().startswith('<div id="case-live"')
    assert 'hx-swap-oob="innerHTML"' in page
    signed_out = Client().get(address, {"biet": 0}, headers={"HX-Request": "true"})
    assert signed_out.status_code == 204
    assert signed_out["HX-Refresh"] == "true"


def test_a_refused_case_shows_the_reason_and_stops_asking(mine: Client, filed: Case) -> None:
    walk.work(filed)
    item = walk.next_step(filed)
    assert item is not None
    official = walk.holder(item)
    actions.claim(item.pk, official)
    actions.act(item.pk, "refuse", official, note="Không thuộc thẩm quyền của phường.")
    page = mine.get(reverse("my_case", args=[filed.number])).content.decode()
    assert "Không thuộc thẩm quyền của phường." in page
    assert "hx-trigger" not in page
    assert reverse("my_withdrawal", args=[filed.number]) not in page


def test_the_outcome_is_offered_first_and_opens(mine: Client, owner: Person, version: Version, media: Path) -> None:
    case = file_one(owner, version)
    walk.to_the_end(case)
    outcome = walk.outcome(case)
    page = mine.get(reverse("my_case", args=[case.number])).content.decode()
    address = reverse("my_document", args=[case.number, outcome.code])
    assert page.index(address) < page.index("Diễn biến hồ sơ")
    assert outcome.number in page
    assert "Đã ký số" in page
    response = mine.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response).startswith(b"%PDF")  # type: ignore[arg-type]


# Supplement


def test_the_supplement_page_shows_exactly_what_was_asked(mine: Client, asked: Case) -> None:
    case_page = mine.get(reverse("my_case", args=[asked.number])).content.decode()
    page = mine.get(reverse("my_supplement", args=[asked.number])).content.decode()
    assert reverse("my_supplement", args=[asked.number]) in case_page
    for line in ASKED.split("\n\n"):
        assert line in case_page
        assert line in page


def test_a_supplement_is_uploaded_written_and_sent(mine: Client, asked: Case, media: Path) -> None:
    page = reverse("my_supplement", args=[asked.number])
    key = paper(asked)
    added = mine.post(reverse("file_upload", args=[asked.key, key]), {"file": SimpleUploadedFile("mat-cat.pdf", walk.PDF)})
    assert added["Location"] == f"{page}#giay-to-{key}"
    old = asked.attachments.filter(added_in="draft")[0]
    new = asked.attachments.get(added_in="supplement")
    shown = mine.get(page).content.decode()
    assert reverse("file_remove", args=[asked.key, new.attachment_id]) in shown
    assert reverse("file_remove", args=[asked.key, old.attachment_id]) not in shown
    response = mine.post(page, {"0-note": "Đã nộp bản vẽ có mặt cắt móng."})
    assert response["Location"] == reverse("my_case", args=[asked.number])
    asked.refresh_from_db()
    assert asked.state == Case.State.IN_PROGRESS
    assert asked.paused_at is None
    assert "Đã nộp bản vẽ" in mine.get(response["Location"]).content.decode()
    again = mine.post(page, {"0-note": "Lần nữa"})
    assert again["Location"] == reverse("my_case", args=[asked.number])
    assert asked.events.filter(action="answer_supplement").count() == 1


def test_an_empty_supplement_is_not_sent(mine: Client, asked: Case) -> None:
    response = mine.post(reverse("my_supplement", args=[asked.number]), {"0-note": "  "})
    assert response.status_code == 422
    assert 'href="#id_0-note"' in response.content.decode()
    asked.refresh_from_db()
    assert asked.state == Case.State.SUPPLEMENT


def test_a_refused_file_of_a_supplement_says_why(mine: Client, asked: Case) -> None:
    key = paper(asked)
    response = mine.post(reverse("file_upload", args=[asked.key, key]), {"file": SimpleUploadedFile("x.exe", b"MZ\x00\x01" * 20)})
    assert response.status_code == 422
    assert f'id="tep-{key}_error"' in response.content.decode()


def test_filed_files_stay(mine: Client, asked: Case) -> None:
    old = asked.attachments.filter(added_in="draft")[0]
    response = mine.post(reverse("file_remove", args=[asked.key, old.attachment_id]))
    assert response.status_code == 409
    assert asked.attachments.filter(pk=old.pk).exists()


# Withdrawal


def test_withdrawal_needs_a_reason_and_is_asked_once(mine: Client, accepted: Case) -> None:
    page = reverse("my_withdrawal", args=[accepted.number])
    assert mine.post(page, {"reason": ""}).status_code == 200
    response = mine.post(page, {"reason": "Không xây nữa."})
    accepted.refresh_from_db()
    assert response["Location"] == reverse("my_case", args=[accepted.number])
    assert accepted.state == Case.State.WITHDRAWAL
    assert mine.get(page)["Location"] == reverse("my_case", args=[accepted.number])


# Who else


@pytest.mark.parametrize("who", ["neighbour", "official", "visitor"])
def test_nobody_else_sees_a_case_or_its_files(who: str, neighbour: Person, asked: Case) -> None:
    client = Client()
    if who != "visitor":
        client.force_login(neighbour if who == "neighbour" else Person.objects.filter(kind=Person.Kind.OFFICIAL)[0])
    receipt = queries.documents_of(asked, for_resident=True)[0]
    attachment = asked.attachments.all()[0].attachment_id
    addresses = [reverse(name, args=[asked.number]) for name in ("my_case", "my_supplement", "my_withdrawal")]
    addresses += [
        reverse("my_document", args=[asked.number, receipt.code]),
        reverse("my_attachment", args=[asked.number, attachment]),
    ]
    posts = [client.post(address, {"note": "x", "reason": "x"}) for address in addresses[1:3]]
    for response in [*map(client.get, addresses), *posts]:
        if who == "visitor":
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("account_login"))
        else:
            assert response.status_code == 404
    asked.refresh_from_db()
    assert asked.state == Case.State.SUPPLEMENT


def test_the_list_is_everybodys_own(neighbour: Person, asked: Case) -> None:
    client = Client()
    client.force_login(neighbour)
    assert asked.number
    assert asked.number not in client.get(reverse("my_cases")).content.decode()


def test_a_draft_is_no_case_yet(mine: Client, owner: Person, version: Version) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    assert mine.get(reverse("my_case", args=[str(draft.key)])).status_code == 404


# Looking up


def look(client: Client, number: str, digits: str) -> Any:
    return client.post(reverse("lookup"), {"number": number, "digits": digits})


def test_anybody_with_number_and_digits_sees_the_state_and_no_personal_data(client: Client, owner: Person, asked: Case) -> None:
    assert owner.personal_number
    assert asked.number
    response = look(client, f" {asked.number.lower()} ", owner.personal_number[-4:])
    page = response.content.decode()
    assert response.status_code == 200
    assert "Cần bổ sung" in page
    assert asked.agency.name in page
    for private in (owner.full_name, owner.personal_number, owner.address, owner.phone, owner.email, "Bản vẽ thiếu", "Lê Lợi"):
        assert not private or private not in page


def test_wrong_unknown_and_draft_are_answered_alike(client: Client, owner: Person, version: Version, filed: Case) -> None:
    assert owner.personal_number
    assert filed.number
    wrong = look(client, filed.number, "9876" if not owner.personal_number.endswith("9876") else "9875")
    unknown = look(client, "H29.000-260101-0001", owner.personal_number[-4:])
    nonsense = look(client, "khong phai ma", owner.personal_number[-4:])
    bodies = set()
    for response in (wrong, unknown, nonsense):
        assert response.status_code == 404
        page = response.content.decode()
        start = page.index("govuk-error-summary")
        bodies.add(page[start : page.index("</div></div></div>", start)])
    assert len(bodies) == 1


def test_digits_of_another_shape_are_told_at_once(client: Client, filed: Case) -> None:
    assert filed.number
    assert look(client, filed.number, "12").status_code == 200


def test_guessing_at_one_number_is_stopped_even_for_the_right_digits(client: Client, owner: Person, filed: Case) -> None:
    assert owner.personal_number
    assert filed.number
    right = owner.personal_number[-4:]
    wrong = [f"{n:04d}" for n in range(guesses.MISSES_PER_NUMBER + 1) if f"{n:04d}" != right][: guesses.MISSES_PER_NUMBER]
    assert {look(client, filed.number, digits).status_code for digits in wrong} == {404}
    assert look(client, filed.number, right).status_code == 429


def test_one_address_may_not_try_many_numbers(client: Client, version: Version) -> None:
    statuses = [look(client, f"H29.1-260101-{n:04d}", "1234").status_code for n in range(guesses.ATTEMPTS_PER_ADDRESS + 1)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {404}


def test_the_number_can_come_in_the_address_but_digits_cannot(client: Client, version: Version) -> None:
    page = client.get(reverse("lookup"), {"so": "H29.1-260101-0001"}).content.decode()
    assert 'value="H29.1-260101-0001"' in page
