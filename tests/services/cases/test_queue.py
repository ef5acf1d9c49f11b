"""Lists of work against the database: tabs and counts agree, filters, neighbours, columns, saved filters, exports."""

import csv
import io
import itertools
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from identity.offices import queries as offices
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.models import Case, CaseExport, CaseLabel, CaseMessage, Label, SavedFilter, WorkItem
from services.cases.queries import queue
from services.cases.queries.desk import settings_of
from services.cases.queue_filters import Filters, QueueView
from services.catalogue import queries as catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store", "shared_city")]
CLERK, HEAD, SPECIALIST, STRANGER = (
    "tiepnhan.benthanh",
    "truongphong.kinhte.benthanh",
    "chuyenvien.kinhte.benthanh",
    "tiepnhan.saigon",
)


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture
def file_one() -> Callable[..., Case]:
    """A filed case at the one-stop office, written as rows: no test here is about filing."""
    agency = offices.by_code("H29.141")
    version = catalogue.version_of("1.013225")
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    assert agency is not None
    step = version.route[0]
    desk = offices.posts_of(person(CLERK))[0].office
    counter = itertools.count(1)

    def file(name: str = "Trần Đại Nghĩa") -> Case:
        number = f"H29.141-261101-{next(counter):04d}"
        case = Case(number=number, version=version, agency=agency, applicant=resident, state=1, filed_at=clock.now())
        case.subject_name, case.answers = name, {"owner_name": name}
        actions.refresh_search(case)
        case.save()
        row = {"case": case, "title": step["title"], "kind": step["kind"], "power": "receive", "agency": agency}
        WorkItem.objects.create(**row, step=step["key"], position=0, office=desk, due_at=clock.now() + timedelta(hours=4))
        return case

    return file


def first(case: Case) -> WorkItem:
    return case.work_items.get(state=WorkItem.State.OPEN)


def go_on(case: Case) -> None:
    """The clerk finishes; the economy office is next."""
    item, clerk, now = first(case), person(CLERK), clock.now()
    WorkItem.objects.filter(pk=item.pk).update(state="done", claimed_by=clerk, claimed_at=now, finished_by=clerk, finished_at=now)
    item.pk, item.step, item.position, item.power = None, "assign", 1, "lead"
    item.office = offices.posts_of(person(HEAD))[0].office
    item.save()


def numbers(who: str, filters: Filters) -> set[str | None]:
    return {item.case.number for item in queue.listed(person(who), filters)}


def test_rows_and_counts_agree_in_every_tab_under_every_filter(file_one: Callable[..., Case]) -> None:
    free, late, held, waiting, gone = (file_one(f"Nguyễn Văn {name}") for name in ("An", "Bình", "Cam", "Dừa", "Én"))
    clerk = person(CLERK)
    WorkItem.objects.filter(case=late).update(due_at=clock.now() - timedelta(days=3))
    for case in (held, waiting):
        actions.claim(first(case).pk, clerk)
    Case.objects.filter(pk=waiting.pk).update(state=Case.State.SUPPLEMENT, paused_at=clock.now())
    go_on(gone)
    label = Label.objects.create(office=first(free).office, name="Gấp")
    CaseLabel.objects.create(case=free, label=label, by=clerk)
    assert numbers(CLERK, Filters()) == {free.number, late.number, held.number}
    assert numbers(CLERK, Filters(view=QueueView.ELSEWHERE)) == {gone.number}
    assert numbers(CLERK, Filters(view=QueueView.FINISHED)) == {gone.number}
    assert numbers(CLERK, Filters(view=QueueView.WAITING, state=5)) == {waiting.number}
    assert numbers(CLERK, Filters(label=label.pk)) == {free.number}
    assert numbers(CLERK, Filters(holder="toi")) == {held.number}
    assert numbers(CLERK, Filters(holder="chua-ai")) == {free.number, late.number}
    assert numbers(CLERK, Filters(due_to=clock.today() - timedelta(days=1))) == {late.number}
    assert numbers(CLERK, Filters(text="van cam")) == {held.number}
    assert numbers(CLERK, Filters(procedure="1.013225", channel=1)) == set()
    assert numbers(STRANGER, Filters(view=QueueView.ELSEWHERE)) == numbers(STRANGER, Filters()) == set()
    procedure = free.version.procedure
    for filters in (
        Filters(),
        Filters(text="nguyen van"),
        Filters(text="cam"),
        Filters(agency=free.agency_id, domain=procedure.domain.slug),
        Filters(holder=str(clerk.pk)),
        Filters(label=label.pk, state=1),
        Filters(due_from=clock.today()),
    ):
        for view, count in queue.tab_counts(clerk, filters).items():
            assert count.count == queue.listed(clerk, filters.under(view)).count(), (view, filters)


def test_every_tab_costs_the_same_and_shows_what_waits(
    file_one: Callable[..., Case], django_assert_max_num_queries: Callable[..., object]
) -> None:
    cases = [file_one(f"Lê {name}") for name in ("Một", "Hai", "Ba")]
    applicant = cases[0].filed_by
    CaseMessage.objects.create(case=cases[0], author=applicant, body="Xin hỏi", sent_at=clock.now())
    client = client_of(CLERK)
    page = client.get(reverse("queue")).content.decode()
    assert page.count("mc-queue__unread") == 1
    for slug in ("tat-ca", "can-nhan", "cua-toi", "sap-han", "qua-han", "cho-dan", "noi-khac", "da-xong"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse("queue"), {"xem": slug}).status_code == 200
    with django_assert_max_num_queries(24):
        assert client.get(reverse("queue"), {"q": "le hai"}).content.decode().count("mc-queue__step") == 1


def test_a_search_finds_answers_and_scattered_words_and_follows_a_change(file_one: Callable[..., Case]) -> None:
    case, clerk = file_one("Phan Thị Mỹ Duyên"), person(CLERK)
    assert queries.find_cases(clerk, "duyen phan") == [case]
    Case.objects.filter(pk=case.pk).update(search=None, answers={**case.answers, "owner_name": "Hồ Xuân Hương"})
    assert queries.find_cases(clerk, "xuan hu") == []
    last = 0
    while last := actions.index_cases(last):
        pass
    assert queries.find_cases(clerk, "xuân hư") == [case]
    assert queries.find_cases(person(STRANGER), "xuân hư") == []


def test_common_words_are_looked_for_at_ones_own_desks(file_one: Callable[..., Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cases.queries.finding.RARE", 1)
    cases = [file_one(f"Võ Thị {name}") for name in ("Sáu", "Bảy", "Tám")]
    assert queries.find_cases(person(CLERK), "vo thi") == cases[::-1]
    assert queries.find_cases(person(STRANGER), "vo thi") == []
    assert numbers(CLERK, Filters(text="vo thi")) == {case.number for case in cases}


def test_neighbours_follow_the_list_also_when_the_item_has_left_it(file_one: Callable[..., Case]) -> None:
    cases = [file_one(f"Lê {name}") for name in ("Một", "Hai", "Ba")]
    for place, case in enumerate(cases):
        WorkItem.objects.filter(case=case).update(due_at=clock.now() + timedelta(days=place + 1))
    clerk, middle = person(CLERK), first(cases[1])
    around = queue.neighbours(clerk, Filters(view=QueueView.UNCLAIMED), middle.pk)
    assert around.before is not None
    assert around.after is not None
    assert [around.before.case.number, around.after.case.number] == [cases[0].number, cases[2].number]
    actions.claim(middle.pk, clerk)
    assert queue.neighbours(clerk, Filters(view=QueueView.UNCLAIMED), middle.pk) == around
    assert queue.neighbours(person(STRANGER), Filters(), middle.pk).after is None
    assert queue.neighbours(clerk, Filters(), first(cases[2]).pk).after is None


def test_columns_and_shortcuts_are_each_persons_own(file_one: Callable[..., Case]) -> None:
    file_one()
    client, page = client_of(CLERK), reverse("queue_settings")
    client.post(page, {"column": ["due", "subject", "state"], "up": "state"})
    assert settings_of(person(CLERK)).columns == ["due", "work", "state", "subject"]
    assert "mc-tag--state-1" in client.get(reverse("queue")).content.decode()
    client.post(page, {"usual": "1"})
    assert settings_of(person(CLERK)).columns == []
    assert 'data-mc-keys="on"' in client.get(reverse("queue")).content.decode()
    client.post(page, {"keys": "off"})
    assert 'data-mc-keys="off"' in client.get(reverse("queue")).content.decode()
    assert settings_of(person(HEAD)).shortcuts


def test_a_saved_filter_is_ones_own_or_the_offices() -> None:
    client = client_of(SPECIALIST)
    office = offices.posts_of(person(SPECIALIST))[0].office
    client.post(reverse("filter_save"), {"xem": "qua-han", "tt": "1.013225", "name": "Gấp", "office": str(office.pk)})
    client.post(reverse("filter_save"), {"xem": "cua-toi", "name": "Riêng"})
    shared, own = SavedFilter.objects.get(name="Gấp"), SavedFilter.objects.get(name="Riêng")
    assert Filters.read(shared.query) == Filters(view=QueueView.OVERDUE, procedure="1.013225")
    assert shared in queue.saved_filters(person(HEAD))
    assert own not in queue.saved_filters(person(HEAD))
    assert queue.saved_filters(person(STRANGER)) == []
    for who, saved, status in ((STRANGER, shared, 404), (HEAD, own, 404), (HEAD, shared, 200)):
        assert client_of(who).get(reverse("filter_edit", args=[saved.key])).status_code == status
    client_of(HEAD).post(reverse("filter_edit", args=[shared.key]), {"rename": "1", "name": "Khác"})
    shared.refresh_from_db()
    assert shared.name == "Gấp"
    client.post(reverse("filter_edit", args=[own.key]), {"rename": "1", "name": "Của tôi"})
    assert SavedFilter.objects.filter(name="Của tôi").exists()
    with pytest.raises(Refused) as refused:
        actions.save_filter(person(STRANGER), "Lạ", Filters(), office)
    assert refused.value.code == "filter.office"
    client_of(HEAD).post(reverse("filter_edit", args=[shared.key]), {"remove": "1"})
    assert not SavedFilter.objects.filter(pk=shared.pk).exists()


def test_an_export_holds_what_its_asker_may_see_and_is_theirs_alone(file_one: Callable[..., Case]) -> None:
    case, other = file_one("=HYPERLINK(1)"), file_one("Trần Văn Bé")
    client = client_of(CLERK)
    asked = client.post(reverse("exports"), {"format": "csv", "xem": "can-nhan"})
    assert client.post(reverse("exports"), {"format": "csv", "xem": "can-nhan"}).url == asked.url
    export = CaseExport.objects.get()
    assert client.get(reverse("export_file", args=[export.key])).status_code == 404
    assert "hx-get" in client.get(asked.url).content.decode()
    assert actions.make_export(export.pk)
    assert not actions.make_export(export.pk)
    export.refresh_from_db()
    assert export.rows == 2
    answer = client.get(reverse("export_file", args=[export.key]))
    content = b"".join(answer)  # type: ignore[arg-type]
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert {case.number, other.number} <= {cell for row in rows for cell in row}
    assert "'=HYPERLINK(1)" in {cell for row in rows for cell in row}
    assert export.sha256 in client.get(asked.url).content.decode()
    for name in ("export", "export_file"):
        assert client_of(HEAD).get(reverse(name, args=[export.key])).status_code == 404
    assert client.post(reverse("exports"), {"format": "doc"}).status_code == 422


def test_an_export_of_somebody_who_lost_the_desk_is_empty_and_is_removed_in_time(file_one: Callable[..., Case]) -> None:
    file_one()
    clerk = person(CLERK)
    export = actions.ask_for_export(clerk, Filters(), ["work"], "xlsx")
    clerk.posts.update(until=clock.today() - timedelta(days=1))
    assert actions.make_export(export.pk)
    export.refresh_from_db()
    assert export.rows == 0
    with export.file.open("rb") as file:
        assert zipfile.ZipFile(file).testzip() is None
    CaseExport.objects.update(asked_at=clock.now() - timedelta(days=8))
    assert actions.sweep_exports() == 1
    assert not CaseExport.objects.exists()
    assert default_storage.exists(export.file.name)  # its file goes after the commit
