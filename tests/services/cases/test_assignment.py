"""Whose a work item is: handed on, shared out, returned; who may say so; what the office sees of it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from identity.offices import actions as office_actions
from identity.offices import queries as offices
from identity.offices.models import Absence, Office, Post
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, routing, sharing
from services.cases.actions import assignment
from services.cases.actions.events import Overtaken
from services.cases.models import Case, WorkItem
from services.cases.officials.assignment_wording import REASONS, why
from services.cases.queries import assignment as reads
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "signing_store")]
HEAD, FIRST, SECOND = "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh", "chuyenvien2.kinhte.benthanh"
CLERK, CHIEF_CLERK, STRANGER = "tiepnhan.benthanh", "tiepnhan2.benthanh", "chuyenvien.kinhte.saigon"


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture
def economy(version: Version) -> Office:
    return Office.objects.get(code="H29.141.04")


@pytest.fixture(scope="module")
def appraised(shared_city: None, django_db_blocker: DjangoDbBlocker) -> int:
    """An appraisal at the economy office that nobody holds, filed once for all tests of the module."""
    with django_db_blocker.unblock():
        resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
        return appraisal(catalogue.version_of("1.013225"), resident).pk


@pytest.fixture
def item(version: Version, appraised: int) -> WorkItem:
    """That appraisal; what a test does with it is taken back."""
    return WorkItem.objects.select_related("case", "office", "claimed_by").get(pk=appraised)


def appraisal(version: Version, owner: Person) -> WorkItem:
    return fresh(until(version, owner, routing.Kind.APPRAISE))


def until(version: Version, owner: Person, kind: routing.Kind) -> WorkItem:
    """A new case, walked until a step of that kind is open. Nobody draws up its documents, which takes the time."""
    agency = offices.by_code("H29.141")
    assert agency is not None
    case = actions.file(walk.draft(owner, version, agency), owner)
    actions.handle_events(case.pk)
    while (found := walk.next_step(case)) is not None and found.kind != kind:
        walk.take_step(found)
        actions.handle_events(case.pk)
    assert found is not None
    return found


def fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.select_related("case", "office", "claimed_by").get(pk=item.pk)


def last_event(case: Case) -> tuple[str, dict]:
    event = case.events.order_by("sequence").last()
    assert event is not None
    return event.action, event.data


def away(username: str, deputy: str = "", days: int = 3) -> Absence:
    who, today = person(username), reads.working_day(Office.objects.get(code="H29.141.04"))
    last = today + timedelta(days=days)
    return office_actions.note_absence(who, clock.today(), last, by=who, deputy=person(deputy) if deputy else None)


# Handed on


def test_the_holder_hands_on_a_head_gives_any_and_others_do_not(item: WorkItem) -> None:
    first, second, head = person(FIRST), person(SECOND), person(HEAD)
    with pytest.raises(Refused) as refused:
        assignment.assign(item.pk, second.pk, first)
    assert refused.value.code == "work.unclaimed"
    actions.claim(item.pk, first)
    with pytest.raises(Refused) as refused:
        assignment.assign(item.pk, second.pk, second)
    assert refused.value.code == "work.held"
    with pytest.raises(WorkItem.DoesNotExist):
        assignment.assign(item.pk, second.pk, person(STRANGER))
    for nobody in (person(STRANGER), person(CLERK)):
        with pytest.raises(Refused) as refused:
            assignment.assign(item.pk, nobody.pk, first)
        assert (refused.value.code, refused.value.field) == ("work.assignee", "assignee")

    assignment.assign(item.pk, second.pk, first, "Anh đã đo đạc nhà bên cạnh.")
    now = fresh(item)
    assert now.claimed_by == second
    assert last_event(now.case) == ("assign", {"to": second.pk, "from": first.pk})
    assert why(now, mine=True) == [f"{first.full_name} chuyển giao."]
    assert reads.is_new(now, second)
    assignment.look_at([now])
    assert not reads.is_new(fresh(item), second)

    assignment.assign(item.pk, first.pk, head)
    assert fresh(item).claimed_by == first
    before = fresh(item).case.last_event
    assignment.assign(item.pk, first.pk, head)
    assert fresh(item).case.last_event == before
    assignment.take_back(item.pk, head)
    assert fresh(item).claimed_by is None


def test_a_head_gives_what_they_could_not_do_themselves(item: WorkItem) -> None:
    Post.objects.filter(person=person(HEAD), office=item.office).update(powers=["lead"])
    assignment.assign(item.pk, person(SECOND).pk, person(HEAD))
    assert fresh(item).claimed_by == person(SECOND)
    assignment.take_back(item.pk, person(HEAD))
    assert fresh(item).claimed_by is None


def test_what_happened_since_stops_the_handing_on(item: WorkItem) -> None:
    seen = item.case.last_event
    actions.claim(item.pk, person(FIRST))
    actions.request_withdrawal(item.case, item.case.filed_by, "Tôi đổi ý.")
    with pytest.raises(Overtaken):
        assignment.assign(item.pk, person(SECOND).pk, person(HEAD), seen=seen)
    assert fresh(item).claimed_by == person(FIRST)


def test_the_page_warns_of_an_absence_and_gives_all_the_same(item: WorkItem) -> None:
    away(SECOND, FIRST)
    address = reverse("work_assign", args=[item.pk])
    assert client_of(STRANGER).get(address).status_code == 404
    client = client_of(HEAD)
    assert "người thay: Trần Thị Ngọc Lan" in client.get(address).content.decode()
    answer = client.post(address, {"assignee": person(SECOND).pk, "note": "", "_seen": item.case.last_event}, follow=True)
    assert fresh(item).claimed_by == person(SECOND)
    assert "vắng đến hết" in answer.content.decode()
    assert "Vì sao là Đặng Quốc Thịnh?" in answer.content.decode()
    assert client.post(address, {"note": "giữ lại"}).context["form"].errors


# Shared out


def test_new_work_goes_to_the_least_load_and_says_why(item: WorkItem, version: Version, owner: Person, economy: Office) -> None:
    # The head assigned both cases, which does not make them the one who knows them.
    actions.claim(item.pk, person(HEAD))
    office_actions.set_sharing(economy, person(HEAD), shares_out=True)
    new = appraisal(version, owner)
    assert new.claimed_by in (person(FIRST), person(SECOND))
    assert new.touched_at is None
    assert [reason["code"] for reason in new.assignment["reasons"]] == [sharing.Reason.NAME]
    action, data = last_event(new.case)
    assert (action, data["to"]) == ("share_out", new.claimed_by_id)
    assert len(why(new, mine=True)) == 2
    before = new.case.last_event
    assert not assignment.share_out_item(new.pk)
    assert fresh(new).case.last_event == before
    # What comes back to the office comes back to who did it, who now holds more than the other.
    taker = new.claimed_by
    actions.act(new.pk, "finish", taker)
    assert reads.candidates(fresh(new)) != []
    again = sharing.choose(reads.candidates(fresh(new)))
    assert again is not None
    assert (again.person, [reason["code"] for reason in again.reasons]) == (taker.pk, [sharing.Reason.KNOWS])


def test_nobody_there_leaves_it_in_the_queue(item: WorkItem, economy: Office) -> None:
    for username in (HEAD, FIRST, SECOND):
        away(username)
    office_actions.set_sharing(economy, person(HEAD), shares_out=True)
    assert reads.to_share_out() == [item.pk]
    assert not assignment.share_out_item(item.pk)
    assert not assignment.share_out_item(item.pk)
    assert fresh(item).assignment == {"mode": "waiting"}
    Absence.objects.filter(person=person(FIRST)).delete()
    assert assignment.share_out_item(item.pk)
    assert fresh(item).claimed_by == person(FIRST)


def test_a_head_has_the_work_of_somebody_away_shared_out_anew(item: WorkItem, economy: Office) -> None:
    actions.claim(item.pk, person(FIRST))
    assert assignment.share_out_all(economy, person(HEAD), person(FIRST).pk) == (0, 1)
    away(FIRST, SECOND)
    with pytest.raises(Office.DoesNotExist):
        assignment.share_out_all(economy, person(SECOND), person(FIRST).pk)
    assert assignment.share_out_all(economy, person(HEAD), person(FIRST).pk) == (1, 0)
    now = fresh(item)
    assert now.claimed_by == person(SECOND)
    assert [reason["code"] for reason in now.assignment["reasons"]] == ["deputy"]
    assert now.case.events.order_by("sequence").last().actor == person(HEAD)


def test_whom_a_head_named_gets_it_also_where_work_is_shared_out(version: Version, owner: Person, economy: Office) -> None:
    office_actions.set_sharing(economy, person(HEAD), shares_out=True)
    step = until(version, owner, routing.Kind.ASSIGN)
    assert step.claimed_by == person(HEAD)
    actions.act(step.pk, "finish", person(HEAD), assignee_id=person(SECOND).pk)
    actions.handle_events(step.case_id)
    item = walk.next_step(step.case)
    assert item.claimed_by == person(SECOND)
    assert why(item, mine=True) == [f"{person(HEAD).full_name} phân công."]


# Returned


def test_untouched_work_is_warned_of_then_returned(item: WorkItem, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.claim(item.pk, person(FIRST))
    actions.handle_events(item.case_id)
    assert assignment.expire_claim(item.pk) is sharing.Hold.FRESH
    WorkItem.objects.filter(pk=item.pk).update(touched_at=clock.now() - timedelta(days=2))
    assert item.pk in reads.long_untouched()
    monkeypatch.setattr(reads, "idle_minutes", lambda *_: 13 * 60)
    assert assignment.expire_claim(item.pk) is sharing.Hold.WARN
    assert fresh(item).claimed_by == person(FIRST)
    monkeypatch.setattr(reads, "idle_minutes", lambda *_: 16 * 60)
    assert assignment.expire_claim(item.pk) is sharing.Hold.OVER
    now = fresh(item)
    assert now.claimed_by is None
    assert now.assignment == {"mode": "pulled", "returned": "idle"}
    assert last_event(now.case) == ("expire_claim", {"from": person(FIRST).pk, "why": "idle"})
    assert assignment.expire_claim(item.pk) is sharing.Hold.FRESH


def test_work_that_stands_still_is_kept(item: WorkItem) -> None:
    actions.claim(item.pk, person(FIRST))
    actions.request_withdrawal(item.case, item.case.filed_by, "Tôi đổi ý.")
    actions.handle_events(item.case_id)
    WorkItem.objects.filter(pk=item.pk).update(touched_at=clock.now() - timedelta(days=60))
    assert item.pk not in reads.long_untouched()
    assert assignment.expire_claim(item.pk) is sharing.Hold.FRESH
    event = item.case.events.order_by("sequence").last()
    assignment.go_on_counting(item.case, event)
    assert fresh(item).touched_at == event.at


def test_the_work_of_a_leaver_goes_back(item: WorkItem) -> None:
    first = person(FIRST)
    actions.claim(item.pk, first)
    assert assignment.return_work(first.pk) == 0
    post = Post.objects.get(person=first, office=item.office)
    office_actions.end_post(post, clock.today() - timedelta(days=1))
    assert reads.left_behind() == [item.pk]
    assert assignment.return_work(first.pk) == 1
    assert fresh(item).claimed_by is None
    assert fresh(item).assignment["returned"] == "left"
    assert assignment.return_work() == 0


def test_a_closed_account_and_a_lost_power_are_noticed(item: WorkItem) -> None:
    first = person(FIRST)
    actions.claim(item.pk, first)
    with transaction.atomic():
        Person.objects.filter(pk=first.pk).update(is_active=False)
        assert reads.left_behind() == [item.pk]
        transaction.set_rollback(True)
    Post.objects.filter(person=first, office=item.office).update(powers=["register"])
    assert reads.left_behind(first.pk) == [item.pk]


# The office and its calendar


def test_only_members_see_the_office_and_only_heads_change_it(
    item: WorkItem, economy: Office, owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = reverse("office", args=[economy.pk])
    for username in (STRANGER, CLERK):
        assert client_of(username).get(page).status_code == 404
    resident = Client()
    resident.force_login(owner)
    assert resident.get(page).status_code == 404
    changes = [reverse("office_sharing", args=[economy.pk]), reverse("office_share_out", args=[economy.pk])]
    for address in changes:
        assert client_of(FIRST).post(address, {"chia": "1"}).status_code == 404
    member = client_of(FIRST)
    member.get(page)
    with django_assert_num_queries(OFFICE_QUERIES):
        seen = member.get(page).content.decode()
    assert "Đặng Quốc Thịnh" in seen
    assert changes[0] not in seen
    head = client_of(HEAD)
    assert changes[0] in head.get(page).content.decode()
    head.post(changes[0], {"chia": "1"})
    economy.refresh_from_db()
    assert economy.shares_out
    head.post(changes[1])
    assert fresh(item).assignment["mode"] == "shared"


OFFICE_QUERIES = 13


def test_absences_are_ones_own_or_the_heads(version: Version) -> None:
    address = reverse("absence_new")
    today = clock.today()
    days = {
        f"{name}_{part}": getattr(today + timedelta(days=ahead), part)
        for name, ahead in (("since", 2), ("until", 4))
        for part in ("day", "month", "year")
    }
    own = {**days, "person": person(FIRST).pk, "deputy": person(SECOND).pk}
    assert client_of(FIRST).post(address, own).status_code == 302
    absence = Absence.objects.get()
    assert (absence.person, absence.deputy, absence.noted_by) == (person(FIRST), person(SECOND), person(FIRST))
    # The same days again, now by the head: refused in words.
    again = client_of(HEAD).post(address, {**own, "deputy": "0"})
    assert "đã có lần vắng" in again.content.decode()
    # Nobody writes down a colleague's days, and nobody else takes them out.
    assert client_of(SECOND).post(address, own).context["form"].errors
    for username in (SECOND, STRANGER):
        assert client_of(username).post(reverse("absence_end", args=[absence.pk])).status_code == 404
    assert "Trần Thị Ngọc Lan" in client_of(HEAD).get(reverse("absences")).content.decode()
    assert "Trần Thị Ngọc Lan" not in client_of(STRANGER).get(reverse("absences")).content.decode()
    client_of(HEAD).post(reverse("absence_end", args=[absence.pk]))
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("since", "until", "deputy", "field"),
    [(3, 2, "", "until"), (-5, -1, "", "until"), (1, 2, STRANGER, "deputy"), (1, 2, FIRST, "deputy")],
)
def test_days_that_do_not_fit_are_refused(version: Version, since: int, until: int, deputy: str, field: str) -> None:
    first, today = person(FIRST), clock.today()
    with pytest.raises(Refused) as refused:
        office_actions.note_absence(
            first,
            today + timedelta(days=since),
            today + timedelta(days=until),
            by=first,
            deputy=person(deputy) if deputy else None,
        )
    assert refused.value.field == field


def test_an_absence_under_way_ends_with_yesterday(version: Version) -> None:
    first, today = person(FIRST), clock.today()
    absence = office_actions.note_absence(first, today - timedelta(days=2), today + timedelta(days=2), by=first)
    office_actions.end_absence(absence.pk, first)
    absence.refresh_from_db()
    assert absence.until == today - timedelta(days=1)
    with pytest.raises(Refused):
        office_actions.end_absence(absence.pk, first)


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(sharing.Reason)


# Who else is looking


def test_others_with_access_are_seen_and_a_fresh_mark_costs_no_query_of_its_own(
    item: WorkItem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("casework_presence", args=[item.case.number])
    assert client_of(STRANGER).get(address).status_code == 404
    first, second = client_of(FIRST), client_of(SECOND)
    assert first.get(address).content.strip() == b""
    assert "đang viết" not in second.get(f"{address}?viet=1").content.decode()
    with django_assert_num_queries(1):
        seen = first.get(address).content.decode()
    assert "Đặng Quốc Thịnh" in seen
    assert "đang viết" in seen
