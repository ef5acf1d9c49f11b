"""The promise: messages go both ways, once; drafts outlive sessions, refusals and other devices; strangers find nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from identity.offices import queries as offices
from identity.people.models import Mandate, Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, conversation
from services.cases.actions import thread
from services.cases.models import Case, CaseEvent, CaseMessage, MessageFile, WorkItem
from services.cases.officials.thread_parts import thread_part
from services.catalogue import queries as catalogue
from services.documents.models import Attachment
from services.notices.models import Notice
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CLERK, COLLEAGUE, STRANGER = "tiepnhan.benthanh", "lanhdao.benthanh", "tiepnhan.saigon"
WORDS = "Khi nào tôi nhận được kết quả?"
ANSWER = "Ngày mai, lúc 9 giờ."


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture(scope="module")
def made(shared_city: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """A case at the counter that nobody holds."""
    with django_db_blocker.unblock(), transaction.atomic():
        owner = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
        agency = offices.by_code("H29.141")
        assert agency is not None
        case = actions.file(walk.draft(owner, catalogue.version_of("1.013225"), agency), owner)
        walk.work(case)
        yield case.pk
        transaction.set_rollback(True)


@pytest.fixture
def case(made: int, db: None) -> Case:
    return Case.objects.select_related("version__procedure", "agency", "applicant").get(pk=made)


@pytest.fixture
def clerk(case: Case) -> Client:
    return client_of(person(CLERK))


def my_page(case: Case) -> str:
    return reverse("my_thread", args=[case.number])


def desk_page(case: Case) -> str:
    return reverse("casework_message", args=[case.number])


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def held(case: Case) -> WorkItem:
    item = walk.next_step(case)
    assert item is not None
    actions.claim(item.pk, person(CLERK))
    case.refresh_from_db()
    return item


def test_a_question_an_answer_and_who_has_seen_them(case: Case, mine: Client, clerk: Client) -> None:
    held(case)
    assert mine.post(my_page(case), {"body": WORDS, "_revision": "0"}).status_code == 302
    event = CaseEvent.objects.filter(case=case).latest("sequence")
    message = CaseMessage.objects.get(case=case)
    assert (event.action, event.note, event.data) == ("write_message", "", {"message": str(message.key)})
    walk.work(case)
    assert Notice.objects.filter(person=person(CLERK), event="applicant_wrote").count() == 1
    assert "tin nhắn mới" in shown(clerk, reverse("queue"))
    assert "Chưa xem" in shown(mine, my_page(case))
    # A colleague who looks does not read it for the one who holds the work.
    shown(client_of(person(COLLEAGUE)), reverse("casework", args=[case.number]))
    message.refresh_from_db()
    assert message.read_at is None
    page = shown(clerk, reverse("casework", args=[case.number]))
    assert WORDS in page
    assert "Tin mới" in page
    message.refresh_from_db()
    assert message.read_at is not None
    assert "tin nhắn mới" not in shown(clerk, reverse("queue"))
    assert "Đã xem" in shown(mine, my_page(case))
    case.refresh_from_db()
    assert clerk.post(desk_page(case), {"body": ANSWER, "_revision": "0", "_seen": str(case.last_event)}).status_code == 302
    walk.work(case)
    told = Notice.objects.get(person=case.applicant, event="message_received")
    assert ANSWER not in told.body
    assert told.url.endswith(my_page(case))
    assert "tin nhắn mới" in shown(mine, reverse("my_cases"))
    assert "1 tin nhắn mới từ cơ quan" in shown(mine, reverse("my_case", args=[case.number]))
    assert CaseMessage.objects.filter(case=case, read_at=None).count() == 1
    answered = shown(mine, my_page(case))
    assert ANSWER in answered
    assert person(CLERK).full_name not in answered
    assert not CaseMessage.objects.filter(case=case, read_at=None).exists()
    assert "tin nhắn mới" not in shown(mine, reverse("my_cases"))


def test_nobody_holds_it_so_the_head_is_told(case: Case, owner: Person) -> None:
    item = walk.next_step(case)
    assert item is not None
    thread.write_message(case.pk, owner, WORDS)
    walk.work(case)
    heads = set(offices.holders(item.office, "lead").values_list("pk", flat=True))  # type: ignore[arg-type]
    assert heads
    assert set(Notice.objects.filter(event="applicant_wrote").values_list("person", flat=True)) == heads


def test_two_presses_send_once(case: Case, mine: Client, clerk: Client) -> None:
    for client, address in ((mine, my_page(case)), (clerk, desk_page(case))):
        for _n in range(2):
            sent = {"body": WORDS, "_revision": "0", "files": walk.pdf("anh.pdf")}
            assert client.post(address, sent).status_code == 302
        assert client.post(f"{address}luu/", {"body": WORDS, "_revision": "0"}).status_code == 409
    assert CaseMessage.objects.filter(case=case).count() == 2
    assert CaseEvent.objects.filter(case=case, action__in=["send_message", "write_message"]).count() == 2
    assert MessageFile.objects.count() == 2
    assert Attachment.objects.filter(name="anh.pdf").count() == 2
    # The same words again, from a page that knows of the first message, are a second message.
    mine.post(my_page(case), {"body": WORDS, "_revision": "1"})
    assert CaseMessage.objects.filter(case=case, office=None, sent_at__isnull=False).count() == 2


def test_drafts_are_kept_and_put_together(case: Case, mine: Client, owner: Person) -> None:
    save = reverse("my_thread_save", args=[case.number])
    answer = mine.post(save, {"body": "Từ điện thoại", "_was.body": "", "_revision": "0"}).json()
    assert (answer["updated"], answer["problems"]) == ({}, {})
    other = mine.post(save, {"body": "Từ máy tính", "_was.body": "", "_revision": "0"}).json()
    both = "Từ điện thoại\n\nTừ máy tính"
    assert other["updated"] == {"body": [both]}
    # Sending from a page that never saw the other's words sends nothing.
    refused = mine.post(my_page(case), {"body": "Gửi luôn", "_was.body": "", "_revision": "0"})
    assert refused.status_code == 409
    assert "Gửi luôn" in refused.content.decode()
    assert not CaseMessage.objects.filter(case=case, sent_at__isnull=False).exists()
    assert "Từ điện thoại" in shown(client_of(owner), my_page(case))
    draft = CaseMessage.objects.get(case=case)
    assert draft.body not in shown(client_of(person(CLERK)), reverse("casework", args=[case.number]))
    mine.post(my_page(case), {"_discard": "1"})
    assert not CaseMessage.objects.filter(case=case).exists()
    too_long = mine.post(save, {"body": "a" * (conversation.LONGEST + 1), "_was.body": "", "_revision": "0"}).json()
    assert too_long["problems"]
    assert mine.post(my_page(case), {"body": "a" * (conversation.LONGEST + 1), "_revision": "0"}).status_code == 422


@pytest.mark.parametrize("name", ["my_thread", "casework_message"])
def test_a_session_that_ended_loses_nothing(case: Case, owner: Person, name: str) -> None:
    who = owner if name == "my_thread" else person(CLERK)
    client, address = Client(), reverse(name, args=[case.number])
    save = reverse(f"{name}_save", args=[case.number])
    assert client.post(save, {"body": WORDS}, headers={"accept": "application/json"}).status_code == 401
    assert client.post(address, {"body": WORDS, "_revision": "0"}).status_code == 302
    client.force_login(who)
    page = client.get(address, follow=True)
    assert WORDS in page.content.decode()
    assert CaseMessage.objects.get(case=case, author=who).sent_at is None


def test_an_official_who_was_overtaken_keeps_the_text(case: Case, clerk: Client, owner: Person) -> None:
    seen = case.last_event
    thread.write_message(case.pk, owner, WORDS)
    sent = {"body": ANSWER, "_revision": "0", "_seen": str(seen)}
    answer = clerk.post(desk_page(case), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ANSWER in page
    assert WORDS in page
    case.refresh_from_db()
    assert f'name="_seen" value="{case.last_event}"' in page
    assert clerk.post(desk_page(case), {**sent, "_was.body": ANSWER, "_seen": str(case.last_event)}).status_code == 302
    assert CaseMessage.objects.get(case=case, office__isnull=False).body == ANSWER


def test_files_travel_with_the_message_and_hostile_ones_do_not(case: Case, mine: Client, clerk: Client) -> None:
    bad = SimpleUploadedFile("hoa-don.pdf", b"MZ\x90\x00 this is a program", content_type="application/pdf")
    answer = mine.post(my_page(case), {"body": WORDS, "_revision": "0", "files": [bad, walk.pdf("so-do.pdf")]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "hoa-don.pdf" in page
    assert WORDS in page
    stored = Attachment.objects.get(message_link__message__case=case)
    assert stored.name == "so-do.pdf"
    own = reverse("my_message_file", args=[case.number, stored.pk])
    theirs = reverse("casework_message_file", args=[case.number, stored.pk])
    assert mine.get(own).status_code == 200
    assert clerk.get(theirs).status_code == 404
    many = [SimpleUploadedFile(f"{n}.pdf", walk.PDF + b"%" * n, content_type="application/pdf") for n in range(1, 6)]
    assert mine.post(my_page(case), {"body": WORDS, "_was.body": WORDS, "_revision": "0", "files": many}).status_code == 422
    assert Attachment.objects.filter(message_link__isnull=False).count() == 1
    assert mine.post(my_page(case), {"body": WORDS, "_was.body": WORDS, "_revision": "0"}).status_code == 302
    assert clerk.get(theirs).status_code == 200
    # What was sent stays: nobody takes a file out of it.
    mine.post(my_page(case), {"body": "", "_revision": "1", "_remove": str(stored.pk)})
    assert MessageFile.objects.count() == 1


def test_strangers_and_the_represented(case: Case, mine: Client, neighbour: Person, owner: Person) -> None:
    mine.post(my_page(case), {"body": WORDS, "_revision": "0", "files": walk.pdf()})
    stored = Attachment.objects.get(message_link__message__case=case)
    own = reverse("my_message_file", args=[case.number, stored.pk])
    theirs = reverse("casework_message_file", args=[case.number, stored.pk])
    stranger, other = client_of(neighbour), client_of(person(STRANGER))
    assert [stranger.get(own).status_code, stranger.get(my_page(case)).status_code] == [404, 404]
    assert [other.get(theirs).status_code, other.post(desk_page(case), {"body": "x"}).status_code] == [404, 404]
    assert [stranger.get(desk_page(case)).status_code, other.get(my_page(case)).status_code] == [404, 404]
    for who in (neighbour, person(STRANGER)):
        for act in (thread.send_message, thread.write_message, thread.save_message_draft):
            with pytest.raises(Case.DoesNotExist):
                act(case.pk, who, WORDS)  # type: ignore[operator]
    # Whoever granted the mandate reads along and does not write.
    mandate = Mandate.objects.create(grantor=neighbour, agent=owner, basis=Mandate.Basis.AUTHORISED, state=Mandate.State.GRANTED)
    Case.objects.filter(pk=case.pk).update(mandate=mandate)
    thread.send_message(case.pk, person(CLERK), ANSWER)
    assert ANSWER in shown(stranger, my_page(case))
    assert stranger.get(own).status_code == 200
    assert stranger.post(my_page(case), {"body": "x"}).status_code == 404
    assert CaseMessage.objects.get(case=case, office__isnull=False).read_at is None


def test_limits_of_time_and_number(case: Case, owner: Person) -> None:
    CaseMessage.objects.bulk_create(
        CaseMessage(case=case, author=owner, body="x", sent_at=clock.now()) for _n in range(conversation.MOST_AN_HOUR)
    )
    with pytest.raises(Refused) as many:
        thread.write_message(case.pk, owner, WORDS, after=20)
    assert (many.value.code, many.value.status) == ("message.too_many", 429)
    CaseMessage.objects.filter(case=case).update(sent_at=clock.now() - timedelta(hours=2))
    Case.objects.filter(pk=case.pk).update(state=Case.State.NOT_ACCEPTED, closed_at=clock.now() - timedelta(days=29))
    thread.write_message(case.pk, owner, WORDS)
    thread.send_message(case.pk, person(CLERK), ANSWER)
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now() - timedelta(days=30, hours=1))
    for late in (lambda: thread.write_message(case.pk, owner, "a"), lambda: thread.send_message(case.pk, person(CLERK), "a")):
        with pytest.raises(Refused, match="30") as closed:
            late()
        assert closed.value.code == "message.closed"


def test_how_often_the_database_is_asked(case: Case, mine: Client, django_assert_num_queries: Any) -> None:
    for n in range(3):
        mine.post(my_page(case), {"body": f"{WORDS} {n}", "_revision": str(n), "files": walk.pdf()})
    mine.get(my_page(case))
    with django_assert_num_queries(9):
        mine.get(my_page(case))
    who = person(CLERK)
    thread_part(case, who)
    with django_assert_num_queries(6):
        thread_part(case, who)
