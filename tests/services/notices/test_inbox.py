"""The inbox and the choices of a person; the wording of a city: what the pages show to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.offices.models import Office, Post
from identity.people import actions as people
from identity.people.models import Person
from portal.kit import clock
from services.notices import actions, queries
from services.notices.models import DeadAddress, Notice, NoticeTemplate, Preference

pytestmark = pytest.mark.django_db
NUMBER = "H29.27-261121-0001"
INBOX, PREFERENCES = "/hop-thu/", "/tai-khoan/thong-bao/"
WISH = {
    "way_duty": "email",
    "way_progress": "inbox",
    "way_messages": "sms",
    "way_reminders": "email",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "language": "vi",
}


@pytest.fixture
def owner() -> Person:
    person = people.register(full_name="Nguyễn Thị An", password="x" * 12, email="an@example.vn", verified=True)
    Person.objects.filter(pk=person.pk).update(phone="+84901234567", phone_verified=True)
    person.refresh_from_db()
    return person


@pytest.fixture
def stranger() -> Person:
    return people.register(full_name="Trần Văn Bình", password="x" * 12, phone="0907654321", verified=True)


@pytest.fixture
def administrator() -> Person:
    person = people.create_official(username="quantri", full_name="Lê Quản Trị", password="x" * 12)
    office = Office.objects.create(kind="city", code="H29", name="UBND Thành phố", path="/1/")
    Post.objects.create(person=person, office=office, title="Quản trị", powers=["administer"], since=clock.today())
    return person


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(person: Person, count: int = 1, event: str = "accepted") -> list[Notice]:
    values = {"number": NUMBER, "agency": "UBND", "office": "Bộ phận Một cửa", "url": f"http://127.0.0.1:8000/ho-so/{NUMBER}/"}
    had = Notice.objects.count()
    return [actions.queue(key=f"k-{had + row}", person=person, event=event, values=values) for row in range(count)]


class TestInbox:
    def test_shows_and_opens_what_one_was_told(self, owner: Person, settings: Any) -> None:
        settings.SITE_URL = "http://127.0.0.1:8000"
        (notice,) = told(owner)
        mine = browser(owner)
        page = mine.get(INBOX).content.decode()
        assert notice.subject in page
        assert '<span class="mc-bell__count">1</span>' in page
        page = mine.get(reverse("inbox_notice", args=[notice.pk])).content.decode()
        assert f'href="/ho-so/{NUMBER}/"' in page
        assert "Thư điện tử" in page
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_anothers_is_not_there(self, owner: Person, stranger: Person) -> None:
        (notice,) = told(owner)
        theirs = browser(stranger)
        assert notice.subject not in theirs.get(INBOX).content.decode()
        assert theirs.get(reverse("inbox_notice", args=[notice.pk])).status_code == 404
        assert theirs.post(reverse("inbox_read"), {"notice": notice.pk}).status_code == 404
        theirs.post(reverse("inbox_read"), {"up_to": notice.pk})
        notice.refresh_from_db()
        assert notice.read_at is None
        assert Client().get(INBOX).status_code == 302

    def test_marking_all_leaves_what_came_meanwhile(self, owner: Person) -> None:
        shown, later = told(owner, 2)
        browser(owner).post(reverse("inbox_read"), {"up_to": shown.pk})
        assert [notice.pk for notice in queries.inbox(owner, unread=True).items] == [later.pk]

    def test_the_number_follows_what_is_read(self, owner: Person, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            one, _two = told(owner, 2)
        assert str(queries.unread_count(owner)) == "2"
        with django_capture_on_commit_callbacks(execute=True):
            actions.mark_read(owner, one.pk)
        assert str(queries.unread_count(owner)) == "1"

    def test_costs_the_same_however_full(self, owner: Person, django_assert_num_queries: Callable[[int], Any]) -> None:
        mine = browser(owner)
        for count in (1, 40):
            told(owner, count)
            mine.get(INBOX)
            with django_assert_num_queries(2):  # the person, the page: the number in the header is remembered
                page = mine.get(INBOX)
        assert "sau=" in page.content.decode()
        pk = Notice.objects.latest("pk").pk
        mine.get(reverse("inbox_notice", args=[pk]))
        with django_assert_num_queries(5):
            mine.get(reverse("inbox_notice", args=[pk]))
        with django_assert_num_queries(2):
            assert len(queries.deliveries_of(NUMBER, owner)) == 41


class TestPreferences:
    def test_are_kept_and_followed(self, owner: Person) -> None:
        mine = browser(owner)
        assert mine.get(PREFERENCES).status_code == 200
        assert mine.post(PREFERENCES, WISH | {"language": "en"}).status_code == 302
        owner.refresh_from_db()
        assert owner.language == "en"
        wish = Preference.objects.get(person=owner)
        assert wish.channels == {"duty": "email", "messages": "sms", "reminders": "email", "progress": ""}
        assert f"{wish.quiet_from:%H:%M}-{wish.quiet_until:%H:%M}" == "22:00-06:30"
        ways = {event: told(owner, 1, event)[0].channel for event in ("accepted", "in_progress", "message_received")}
        assert ways == {"accepted": "email", "in_progress": "", "message_received": "sms"}

    def test_what_the_law_demands_cannot_be_switched_off(self, owner: Person) -> None:
        answer = browser(owner).post(PREFERENCES, WISH | {"way_duty": "inbox"})
        assert answer.status_code == 422
        assert not Preference.objects.exists()
        assert "Không thể tắt" in answer.content.decode()

    def test_an_official_may_do_without_the_summary(self, administrator: Person) -> None:
        data = {f"way_{group}": "inbox" for group in ("work", "reminders", "messages")}
        data |= {"way_digest": "off", "quiet_from": "21:00", "quiet_until": "07:00", "language": "vi"}
        assert browser(administrator).post(PREFERENCES, data).status_code == 302
        assert list(queries.without_digest()) == [administrator.pk]

    def test_a_dead_address_is_shown_and_can_be_revived(self, owner: Person, stranger: Person) -> None:
        DeadAddress.objects.create(person=owner, channel="email", to="an@example.vn")
        assert "an@example.vn bị trả lại" in browser(owner).get(PREFERENCES).content.decode()
        browser(stranger).post(reverse("notice_address"), {"channel": "email"})
        assert DeadAddress.objects.exists()
        browser(owner).post(reverse("notice_address"), {"channel": "email"})
        assert not DeadAddress.objects.exists()


class TestWordingOfTheCity:
    PAGE = "/can-bo/mau-thong-bao/accepted/vi/sms/"

    def test_is_previewed_kept_and_taken_back(self, administrator: Person) -> None:
        mine = browser(administrator)
        assert "{number}" in mine.get(self.PAGE).content.decode()
        data = {"subject": "Tin về {number}", "body": "{agency} đã nhận. Xem {url}"}
        page = mine.post(self.PAGE, data | {"do": "preview"}).content.decode()
        assert "Ủy ban nhân dân phường Bến Thành đã nhận." in page
        assert not NoticeTemplate.objects.exists()
        mine.post(self.PAGE, data | {"do": "sample"})
        assert "Tin về H29.26-261121-0042" in Notice.objects.get(person=administrator).subject
        assert mine.post(self.PAGE, data | {"do": "save"}).status_code == 302
        assert "Lời văn riêng" in mine.get("/can-bo/mau-thong-bao/").content.decode()
        assert mine.post(self.PAGE, {"do": "back"}).status_code == 302
        assert queries.template_of("accepted", "vi", "sms") is None
        assert len(queries.wording_history("accepted", "vi", "sms")) == 2

    def test_with_an_unknown_placeholder_is_kept_by_nobody(self, administrator: Person) -> None:
        answer = browser(administrator).post(self.PAGE, {"subject": "x", "body": "{ten} {url}", "do": "save"})
        assert answer.status_code == 422
        assert "Không có ô điền sẵn {ten}" in answer.content.decode()
        assert not NoticeTemplate.objects.exists()

    def test_is_for_administrators(self, owner: Person, administrator: Person) -> None:
        assert browser(owner).get(self.PAGE).status_code == 404
        colleague = people.create_official(username="chuyenvien", full_name="Phạm Văn Cường", password="x" * 12)
        assert browser(colleague).get(self.PAGE).status_code == 403
        assert browser(administrator).get("/can-bo/mau-thong-bao/digest/vi/sms/").status_code == 404
