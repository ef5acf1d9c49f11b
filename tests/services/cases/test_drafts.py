"""A draft is never lost: begun by anybody, saved while typed, from two devices, across sign-ins, until it is filed or runs out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.dev.demo import PASSWORD
from portal.kit import clock
from services.cases import actions, beginning, filer, filling_time, queries, tasks
from services.cases.filer import Filer
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import Attachment
from services.forms.definition import parse
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CODE = "1.013225"
START = "/nop/1.013225/"
Sent = dict[str, Any]


@pytest.fixture
def anybody(version: Version) -> Client:
    """A browser in which nobody is signed in."""
    return Client()


def begin(client: Client, version: Version, **extra: str) -> str:
    """Choose on the start page; the address of the first page of questions."""
    agency = catalogue.agencies_for(version)[0]
    response = client.post(START, {"circumstance": version.circumstances[0]["key"], "agency": str(agency.pk), **extra})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def key_of(address: str) -> UUID:
    return UUID(address.split("/")[3])


def save_address(address: str) -> str:
    path, _, query = address.partition("?")
    return f"{path}luu/?{query}"


def page_of(client: Client, address: str, **changes: str) -> Sent:
    """What the browser would send of the page as it stands, some inputs changed."""
    response = client.get(address)
    form = response.context["form"]
    sent: Sent = {"_revision": response.context["revision"]}
    for name in form.fields:
        value = form[name].value()
        sent[name] = "" if value is None else value
    return {**sent, **changes}


def autosave(client: Client, address: str, sent: Sent, **was: str) -> Any:
    """What the script sends while somebody types; `was`: what the changed inputs held before."""
    extra = {f"_was.{name}": text for name, text in was.items()}
    return client.post(save_address(address), {**sent, **extra, "_merge": "1"}, headers={"Accept": "application/json"})


def sign_in(client: Client, person: Person, then: str = "") -> Any:
    return client.post(reverse("account_login"), {"login": person.phone, "password": PASSWORD, "next": then})


# Nothing is written before the first keystroke


def test_opened_pages_leave_no_drafts(mine: Client, anybody: Client, version: Version) -> None:
    for client in (mine, anybody):
        for _ in range(3):
            address = begin(client, version)
            assert client.get(address).status_code == 200
            assert "Chưa lưu gì" in client.get(address).content.decode()
    assert not Case.objects.exists()


def test_the_first_keystroke_writes_the_draft_once(mine: Client, owner: Person, version: Version) -> None:
    address = begin(mine, version)
    sent = page_of(mine, address, owner_name="Trần")
    first = autosave(mine, address, sent)
    second = autosave(mine, address, {**sent, "owner_name": "Trần Thị", "_revision": first.json()["revision"]})
    assert first.status_code == second.status_code == 200
    draft = Case.objects.get()
    assert (draft.key, draft.applicant, draft.answers["owner_name"]) == (key_of(address), owner, "Trần Thị")
    assert second.json()["at"] == f"{clock.local(draft.saved_at):%H:%M}"


def test_choices_cannot_be_made_up(mine: Client, version: Version) -> None:
    address = begin(mine, version)
    path, _, query = address.partition("?")
    other = path.replace(str(key_of(address)), "0b7f9a52-6a9d-4d2e-8f3e-0d5d6f1f7a11")
    assert mine.get(f"{other}?{query}").status_code == 404
    assert mine.get(f"{path}?bd=etwas").status_code == 404
    assert mine.post(save_address(f"{other}?{query}"), {}).status_code == 404


def test_a_draft_of_the_procedure_is_offered_before_a_second_one_is_written(mine: Client, version: Version) -> None:
    early, late = begin(mine, version), begin(mine, version)
    autosave(mine, early, page_of(mine, early, owner_name="Một"))
    sent = page_of(mine, late, owner_name="Hai")
    there = reverse("file_continue", args=[key_of(early)])
    answer = autosave(mine, late, sent)
    assert answer.status_code == 409
    assert answer.json() == {"code": "exists", "href": there}
    page = mine.post(late, sent)
    assert page.status_code == 409
    assert there in page.content.decode()
    assert 'value="Hai"' in page.content.decode(), "what was typed is carried along"
    assert Case.objects.count() == 1
    autosave(mine, late, {**sent, "_another": "1"})
    assert {case.answers["owner_name"] for case in Case.objects.all()} == {"Một", "Hai"}


def test_another_application_can_be_asked_for_on_the_start_page(mine: Client, version: Version) -> None:
    early = begin(mine, version)
    autosave(mine, early, page_of(mine, early, owner_name="Một"))
    assert mine.post(START, {"circumstance": "x"})["Location"] == reverse("file_continue", args=[key_of(early)])
    late = begin(mine, version, another="1")
    assert autosave(mine, late, page_of(mine, late, owner_name="Hai")).status_code == 200
    assert Case.objects.count() == 2


# Without signing in


def test_anybody_begins_and_only_their_browser_opens_it(anybody: Client, version: Version, neighbour: Person) -> None:
    address = begin(anybody, version)
    cookie = anybody.cookies[filer.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    autosave(anybody, address, page_of(anybody, address, owner_name="Trần"))
    draft = Case.objects.get()
    assert draft.applicant is None
    assert draft.visitor
    assert cookie.value not in draft.visitor
    path = reverse("file_page", args=[draft.key, parse(version.form).pages[0].key])
    assert "Trần" in anybody.get(path).content.decode()
    assert reverse("file_continue", args=[draft.key]) in anybody.get(START).content.decode()
    stranger, other = Client(), Client()
    other.force_login(neighbour)
    begin(stranger, version)
    for client in (stranger, other, Client()):
        for name in ("file_continue", "file_choice", "file_documents", "file_check", "file_print", "file_discard"):
            response = client.get(reverse(name, args=[draft.key]))
            assert response.status_code == (404 if client is other else 302)
        response = client.post(reverse("file_discard", args=[draft.key]))
        assert response.status_code == (404 if client is other else 302)
        assert autosave(client, path, {"owner_name": "x"}).status_code == (404 if client is other else 401)
    assert Case.objects.get().answers["owner_name"] == "Trần"


def test_a_visitor_files_only_after_signing_in(anybody: Client, owner: Person, version: Version) -> None:
    address = begin(anybody, version)
    autosave(anybody, address, page_of(anybody, address, owner_name="Trần"))
    complete(anybody)
    draft = Case.objects.get()
    check = reverse("file_check", args=[draft.key])
    page = anybody.get(check).content.decode()
    assert f"{reverse('account_login')}?next={check}" in page
    assert f"{reverse('account_signup')}?next={check}" in page
    submit = reverse("file_submit", args=[draft.key])
    assert anybody.post(submit, {"declaration": "on"})["Location"].startswith(reverse("account_login"))
    assert sign_in(anybody, owner, check)["Location"] == check
    page = anybody.get(check).content.decode()
    assert "bắt đầu trên trình duyệt này" in page
    assert submit in page
    anybody.post(submit, {"declaration": "on"})
    draft.refresh_from_db()
    assert (draft.state, draft.applicant) == (Case.State.FILED, owner)
    assert draft.visitor == ""
    assert set(Attachment.objects.values_list("owner", flat=True)) == {owner.pk}


def complete(client: Client) -> Case:
    """Answer and attach everything in the only draft there is."""
    draft = Case.objects.get()
    draft.answers = walk.fill_in(draft.version) | draft.answers
    draft.save(update_fields=["answers"])
    whose = Filer(draft.applicant, draft.visitor)
    for gap in queries.gaps(draft):
        actions.attach(draft, whose, gap.key, SimpleUploadedFile(f"{gap.key}.pdf", walk.PDF))  # type: ignore[arg-type]
    assert not queries.gaps(draft)
    return draft


def test_drafts_of_the_browser_and_of_the_account_are_both_kept(
    anybody: Client, owner: Person, version: Version, mine: Client
) -> None:
    old = begin(mine, version)
    autosave(mine, old, page_of(mine, old, owner_name="Cũ"))
    new = begin(anybody, version)
    autosave(anybody, new, page_of(anybody, new, owner_name="Mới"))
    sign_in(anybody, owner)
    page = anybody.get(reverse("my_cases")).content.decode()
    assert "Tài khoản đã có sẵn bản nháp" in page
    assert set(Case.objects.filter(applicant=owner).values_list("key", flat=True)) == {key_of(old), key_of(new)}
    assert anybody.get(reverse("file_continue", args=[key_of(new)])).status_code == 302


def test_a_work_account_takes_no_draft_over(anybody: Client, version: Version) -> None:
    address = begin(anybody, version)
    autosave(anybody, address, page_of(anybody, address, owner_name="Trần"))
    official = Person.objects.filter(kind=Person.Kind.OFFICIAL)[0]
    anybody.post(reverse("account_login"), {"login": official.username, "password": PASSWORD})
    assert Case.objects.get().applicant is None


def test_too_many_beginnings_from_one_network_are_told_and_lose_nothing(
    anybody: Client, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "ANONYMOUS_PER_ADDRESS", 0)
    address = begin(anybody, version)
    sent = page_of(anybody, address, owner_name="Trần")
    assert autosave(anybody, address, sent).status_code == 429
    page = anybody.post(address, sent)
    assert page.status_code == 429
    assert 'value="Trần"' in page.content.decode()
    assert not Case.objects.exists()


def test_two_browsers_with_one_form_do_not_meet(anybody: Client, version: Version) -> None:
    one, two = begin(anybody, version), begin(Client(), version)
    assert key_of(one) != key_of(two)


# Saved while typing


@pytest.fixture
def address(mine: Client, version: Version) -> str:
    """The first page of a draft with a name in it."""
    found = begin(mine, version)
    autosave(mine, found, page_of(mine, found, owner_name="Trần"))
    return found.partition("?")[0]


def test_text_that_is_no_answer_yet_is_kept_told_and_shown_again(mine: Client, address: str) -> None:
    answer = autosave(mine, address, page_of(mine, address, owner_phone="12 ab")).json()
    assert set(answer["problems"]) == {"owner_phone"}
    page = mine.get(address).content.decode()
    assert "12 ab" in page
    assert 'id="id_owner_phone-error"' in page or "id_owner_phone" in page.split("govuk-error-summary", 1)[1]
    assert "Trần" in page
    answer = autosave(mine, address, page_of(mine, address, owner_phone="0901234567")).json()
    assert answer["problems"] == {}
    assert not Case.objects.get().typed


def test_text_that_is_no_answer_stops_the_filing_even_where_none_is_needed(mine: Client, owner: Person, version: Version) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    page = next(page for page in parse(version.form).pages for field in page.fields if field.key == "owner_phone")
    path = reverse("file_page", args=[draft.key, page.key])
    autosave(mine, path, page_of(mine, path, owner_phone="12 ab"))
    draft.refresh_from_db()
    assert [gap.key for gap in queries.gaps(draft)] == ["owner_phone"]
    assert mine.post(reverse("file_submit", args=[draft.key]), {"declaration": "on"}).status_code == 200
    draft.refresh_from_db()
    assert draft.state == Case.State.DRAFT


def test_two_devices_keep_each_others_work(mine: Client, owner: Person, address: str) -> None:
    phone = Client()
    phone.force_login(owner)
    here, there = page_of(mine, address), page_of(phone, address)
    name, number = here["owner_name"], here["owner_phone"]
    autosave(phone, address, {**there, "owner_phone": "0912345678"}, owner_phone=number)
    answer = autosave(mine, address, {**here, "owner_name": "Trần Thị Bích"}, owner_name=name).json()
    draft = Case.objects.get()
    assert draft.answers["owner_name"] == "Trần Thị Bích"
    assert draft.answers["owner_phone"] == "+84912345678"
    assert (
        answer["updated"]["owner_phone"] == ["0912 345 678"]
        or answer["updated"]["owner_phone"][0].replace(" ", "") == "0912345678"
    )
    assert "sửa trên thiết bị khác" in answer["told"][0]


def test_a_question_changed_on_both_devices_is_kept_as_typed_last_and_told(mine: Client, owner: Person, address: str) -> None:
    here, there = page_of(mine, address), page_of(mine, address)
    autosave(mine, address, {**there, "owner_name": "Điện thoại"}, owner_name="Trần")
    answer = autosave(mine, address, {**here, "owner_name": "Máy tính"}, owner_name="Trần").json()
    assert Case.objects.get().answers["owner_name"] == "Máy tính"
    assert "nội dung gõ ở đây được giữ" in answer["told"][0]


def test_without_a_script_nothing_of_the_other_device_is_overwritten_unseen(mine: Client, address: str) -> None:
    here = page_of(mine, address, owner_name="Máy tính")
    autosave(mine, address, {**page_of(mine, address), "owner_name": "Điện thoại"}, owner_name="Trần")
    response = mine.post(address, here)
    page = response.content.decode()
    assert response.status_code == 200
    assert "vừa được sửa trên thiết bị khác" in page
    assert "Điện thoại" in page
    assert 'value="Máy tính"' in page
    assert Case.objects.get().answers["owner_name"] == "Điện thoại"
    mine.post(address, {**here, "_revision": response.context["revision"]})
    assert Case.objects.get().answers["owner_name"] == "Máy tính"


def test_saving_a_filed_application_is_refused(mine: Client, owner: Person, version: Version) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    actions.file(draft, owner)
    path = reverse("file_page", args=[draft.key, parse(version.form).pages[0].key])
    answer = autosave(mine, path, {"owner_name": "x"})
    assert answer.status_code == 409
    assert answer.json() == {"code": "filed", "href": reverse("file_done", args=[draft.key])}


def test_saving_costs_few_queries(mine: Client, address: str, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    sent = page_of(mine, address, owner_name="Trần Thị")
    # person, case, a savepoint and its release, the case locked, the case written; the session is cached
    with django_assert_max_num_queries(6):
        autosave(mine, address, sent)


# The session ends


def test_text_sent_after_the_session_ended_is_there_after_signing_in(mine: Client, owner: Person, address: str) -> None:
    sent = page_of(mine, address, owner_name="Trần Thị Bích", owner_phone="12 ab")
    mine.cookies.pop(settings.SESSION_COOKIE_NAME)
    response = mine.post(address, sent)
    assert response["Location"].startswith(reverse("account_login"))
    sign_in(mine, owner, address)
    page = mine.get(address).content.decode()
    assert "đã được giữ và nay đã lưu" in page
    assert "12 ab" in page
    assert Case.objects.get().answers["owner_name"] == "Trần Thị Bích"


def test_what_was_kept_for_one_person_is_not_shown_to_another(
    mine: Client, owner: Person, neighbour: Person, address: str
) -> None:
    sent = page_of(mine, address, owner_name="Trần Thị Bích")
    mine.cookies.pop(settings.SESSION_COOKIE_NAME)
    mine.post(address, sent)
    sign_in(mine, neighbour, address)
    assert mine.get(address).status_code == 404
    assert Case.objects.get().answers["owner_name"] == "Trần"


def test_a_script_is_told_that_the_session_ended(mine: Client, address: str) -> None:
    sent = page_of(mine, address)
    mine.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = autosave(mine, address, sent)
    assert (answer.status_code, answer.json()) == (401, {"code": "signed_out"})
    assert mine.get(reverse("file_token")).json()["token"]


def test_the_final_click_after_the_session_ended_leads_back_to_the_check_page(
    mine: Client, owner: Person, version: Version
) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    mine.cookies.pop(settings.SESSION_COOKIE_NAME)
    asked = mine.post(reverse("file_submit", args=[draft.key]), {"declaration": "on"})
    back = reverse("file_continue", args=[draft.key])
    assert asked["Location"] == f"{reverse('account_login')}?next={back}"
    sign_in(mine, owner, back)
    assert mine.get(back)["Location"] == reverse("file_check", args=[draft.key])


def test_a_script_files_once_however_often_it_asks(mine: Client, owner: Person, version: Version) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    submit = reverse("file_submit", args=[draft.key])
    answers = [mine.post(submit, {"declaration": "on"}, headers={"Accept": "application/json"}) for _ in range(3)]
    assert [answer.json() for answer in answers] == [{"href": reverse("file_done", args=[draft.key])}] * 3
    assert draft.events.count() == 1


# How long drafts are kept


def test_drafts_run_out_with_their_files_and_others_stay(
    mine: Client, anybody: Client, owner: Person, version: Version, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    agency = catalogue.agencies_for(version)[0]
    kept, gone = walk.draft(owner, version, agency), walk.draft(owner, version, agency)
    filed = actions.file(walk.draft(owner, version, agency), owner)
    visitors = [actions.start_draft(Filer(None, name * 64), version, agency) for name in "ab"]
    now = clock.now()
    for case, days in ((kept, 89), (gone, 91), (filed, 400), (visitors[0], 13), (visitors[1], 15)):
        Case.objects.filter(pk=case.pk).update(saved_at=now - timedelta(days=days))
    files = list(gone.attachments.values_list("attachment__file", flat=True))
    storage = Attachment.objects.all()[0].file.storage
    assert all(map(storage.exists, files))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_drafts()
    assert set(Case.objects.values_list("pk", flat=True)) == {kept.pk, filed.pk, visitors[0].pk}
    assert not any(map(storage.exists, files))


def test_a_draft_saved_at_the_last_moment_stays(owner: Person, version: Version) -> None:
    draft = actions.start_draft(owner, version, catalogue.agencies_for(version)[0])
    actions.discard_run_out(draft.pk)
    assert Case.objects.filter(pk=draft.pk).exists()


def test_the_pages_say_until_when_a_draft_is_kept(mine: Client, anybody: Client, version: Version, address: str) -> None:
    draft = Case.objects.get()
    until = f"{clock.local(draft.saved_at + timedelta(days=90)):%d/%m/%Y}"
    for path in (address, reverse("my_cases"), START):
        assert until in mine.get(path).content.decode()
    assert "14 ngày" in anybody.get(START).content.decode()


# On paper


def test_a_draft_can_be_printed_with_lines_for_what_is_missing(mine: Client, address: str) -> None:
    draft = Case.objects.get()
    page = mine.get(reverse("file_print", args=[draft.key])).content.decode()
    assert "BẢN NHÁP" in page
    assert "Trần" in page
    assert "mc-draft__line" in page
    assert reverse("file_print", args=[draft.key]) in mine.get(address).content.decode()


# How long it takes


def test_the_time_left_shrinks_as_answers_come_and_ends_with_nothing(mine: Client, owner: Person, version: Version) -> None:
    address = begin(mine, version)
    whole = mine.get(address).context["steps"].minutes
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    assert whole >= 5
    assert mine.get(reverse("file_check", args=[draft.key])).context["steps"].minutes == 0


def test_what_the_editor_measured_is_said_instead_of_the_guess(version: Version) -> None:
    definition = parse(version.form)
    version.minutes_needed = 47
    assert filling_time.minutes_needed(version, definition) == 47
    assert filling_time.minutes_left(version, definition, {}, papers_missing=2) <= 47
    assert filling_time.minutes_left(version, definition, walk.fill_in(version), papers_missing=0) == 0
