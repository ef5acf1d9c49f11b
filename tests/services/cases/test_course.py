"""The promise: a case goes back, elsewhere, asks around, is put off, stopped and opened again only as the rules say, and nothing of it
is opened twice or lost."""

from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.dev.demo import PASSWORD
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, deadlines, extensions, lifecycle, queries, routing, supplements, tasks
from services.cases.actions import handling
from services.cases.models import Case, CaseDocument, Extension, HandOver, WorkItem
from services.cases.queries.calendars import calendar_of
from services.catalogue import queries as catalogue
from services.documents.models import IssuedDocument
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CLERK, HEAD, SPECIALIST = "tiepnhan.benthanh", "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh"
LEADER, REGISTRY, STRANGER = "lanhdao.benthanh", "vanthu.benthanh", "tiepnhan.saigon"
State, Open, Done, Cancelled = lifecycle.State, WorkItem.State.OPEN, WorkItem.State.DONE, WorkItem.State.CANCELLED
Doc = IssuedDocument.State
REASON = "Phải làm lại bước này"


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def office(code: str) -> Office:
    found = offices.by_code(code)
    assert found is not None
    return found


def routed(case: Case) -> Case:
    """Let workers route. Documents are left to be drawn: what they say is tested elsewhere."""
    while actions.handle_events(case.pk):
        pass
    case.refresh_from_db()
    return case


def item_of(case: Case, step: str) -> WorkItem:
    """The open item of a step."""
    return case.work_items.select_related("office", "case__version", "claimed_by").get(step=step, state=Open)


def take(case: Case, step: str) -> tuple[WorkItem, Person]:
    item = item_of(case, step)
    by = walk.holder(item)
    actions.claim(item.pk, by)
    return item_of(case, step), by


def do(case: Case, *steps: str) -> Case:
    """Do the usual thing with the open items of these steps."""
    for step in steps:
        item, by = take(case, step)
        actions.act(item.pk, routing.ACTIONS_OF_KIND[routing.Kind(item.kind)][0], by)
        routed(case)
    return case


def document(case: Case, state: str) -> IssuedDocument:
    """Bring the outcome that waits to that state, as the worker would after drawing it."""
    link = CaseDocument.objects.filter(case=case, issued__kind="outcome").latest("pk")
    one = link.issued
    one.state, one.sha256, one.file.name = state, "0" * 64, "outcome.pdf"
    one.signed_at = one.signed_at or clock.now()
    one.issued_at = clock.now() if state == Doc.ISSUED else None
    one.save()
    handling.announce(link.pk, one)
    routed(case)
    return one


def noticed(case: Case) -> None:
    """The notice that the case has ended is drawn up and sealed."""
    issued = IssuedDocument.objects.filter(case_link__case=case, kind__in=["refusal", "stop"])
    assert issued.update(state=Doc.ISSUED, sha256="0" * 64, file="notice.pdf", issued_at=clock.now()) == 1


def steps(case: Case, state: str = Open) -> list[tuple[str, int]]:
    return list(case.work_items.filter(state=state).order_by("position", "pk").values_list("step", "round"))


@pytest.fixture(scope="module")
def stages(shared_city: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """One case at each stage, walked there once; what a test does to it is taken back after the test."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        version, owner = catalogue.version_of("1.013225"), Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]

        def case() -> Case:
            return routed(actions.file(walk.draft(owner, version, office("H29.141")), owner))

        found = {"filed": case(), "parallel": do(case(), *TO_PARALLEL), "drafting": do(case(), *TO_PARALLEL, *TO_DRAFTING)}
        found["sealing"] = do(case(), *TO_PARALLEL, *TO_DRAFTING, "du-thao", "ky")
        document(found["sealing"], Doc.SIGNED)
        return {stage: one.pk for stage, one in found.items()}


TO_PARALLEL, TO_DRAFTING = ("tiep-nhan", "phan-cong"), ("tham-dinh", "lay-y-kien")


@pytest.fixture
def filed(stages: dict[str, int], db: None) -> Case:
    return Case.objects.get(pk=stages["filed"])


@pytest.fixture
def parallel(stages: dict[str, int], db: None) -> Case:
    """Appraised and consulted side by side: both open."""
    return Case.objects.get(pk=stages["parallel"])


@pytest.fixture
def drafting(stages: dict[str, int], db: None) -> Case:
    """Appraised, consulted, and being drafted."""
    return Case.objects.get(pk=stages["drafting"])


@pytest.fixture
def sealing(stages: dict[str, int], db: None) -> Case:
    """Signed, waiting for the registry."""
    return Case.objects.get(pk=stages["sealing"])


# Back to an earlier step


def test_what_lies_between_is_done_again_and_the_former_holder_has_the_work(drafting: Case) -> None:
    item, by = take(drafting, "du-thao")
    was = drafting.work_items.get(step="phan-cong").finished_by
    actions.return_step(item.pk, by, "phan-cong", REASON)
    routed(drafting)
    assert steps(drafting) == [("phan-cong", 2)]
    assert steps(drafting, Cancelled) == [("du-thao", 1)]
    assert item_of(drafting, "phan-cong").claimed_by == was
    assert item_of(drafting, "phan-cong").due_at > clock.now()
    do(drafting, "phan-cong")
    assert steps(drafting) == [("tham-dinh", 2), ("lay-y-kien", 2)]
    do(drafting, "tham-dinh", "lay-y-kien")
    assert steps(drafting) == [("du-thao", 2)]
    assert queries.chain_is_intact(drafting)


def test_one_consult_is_corrected_and_its_neighbour_stays_done(drafting: Case) -> None:
    item, by = take(drafting, "du-thao")
    actions.return_step(item.pk, by, "lay-y-kien", REASON)
    routed(drafting)
    assert steps(drafting) == [("lay-y-kien", 2)]
    assert ("tham-dinh", 1) in steps(drafting, Done)
    do(drafting, "lay-y-kien")
    assert steps(drafting) == [("du-thao", 2)]


def test_a_neighbour_is_sent_back_before_the_route_has_joined(parallel: Case) -> None:
    """The other step is finished before a worker has opened the corrected one again: the route must wait for it."""
    do(parallel, "lay-y-kien")
    item, by = take(parallel, "tham-dinh")
    actions.return_step(item.pk, by, "lay-y-kien", REASON)
    actions.act(item.pk, "finish", by)
    routed(parallel)
    assert steps(parallel) == [("lay-y-kien", 2)]
    do(parallel, "lay-y-kien")
    assert steps(parallel) == [("du-thao", 1)]


def test_two_neighbours_that_finish_at_once_open_the_next_step_once(parallel: Case) -> None:
    for step in ("tham-dinh", "lay-y-kien"):
        item, by = take(parallel, step)
        actions.act(item.pk, routing.ACTIONS_OF_KIND[routing.Kind(item.kind)][0], by)
    routed(parallel)
    parallel.events.filter(action__in=["finish", "give_opinion"]).update(handled_at=None)
    routed(parallel)
    assert steps(parallel) == [("du-thao", 1)]


def test_a_repeated_return_opens_nothing_twice(drafting: Case) -> None:
    item, by = take(drafting, "du-thao")
    actions.return_step(item.pk, by, "phan-cong", REASON)
    routed(drafting)
    drafting.events.filter(action="return_step").update(handled_at=None)
    routed(drafting)
    assert steps(drafting) == [("phan-cong", 2)]


def test_back_at_reception_the_work_goes_on_without_a_second_receipt(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    promised = parallel.due_at
    actions.return_step(item.pk, by, "tiep-nhan", REASON)
    routed(parallel)
    item = item_of(parallel, "tiep-nhan")
    actions.act(item.pk, "finish", person(CLERK))
    routed(parallel)
    assert steps(parallel) == [("phan-cong", 2)]
    assert parallel.due_at == promised
    assert parallel.documents.filter(issued__kind="receipt").count() == 1


def test_a_signed_outcome_never_comes_into_force_once_the_case_goes_back_behind_it(sealing: Case) -> None:
    item, by = take(sealing, "dong-dau")
    actions.return_step(item.pk, by, "du-thao", REASON)
    routed(sealing)
    dropped = IssuedDocument.objects.get(case_link__case=sealing, kind="outcome")
    assert (dropped.state, dropped.ended_reason, dropped.issued_at) == (Doc.REVOKED, REASON, None)
    do(sealing, "du-thao", "ky")
    document(sealing, Doc.SIGNED)
    assert steps(sealing) == [("dong-dau", 2)]
    item, by = take(sealing, "dong-dau")
    actions.act(item.pk, "seal", by)
    routed(sealing)
    issued = document(sealing, Doc.ISSUED)
    assert sealing.state == State.COMPLETED
    dropped.refresh_from_db()
    assert (dropped.state, dropped.replaced_by) == (Doc.REVOKED, None)
    assert issued.state == Doc.ISSUED


@pytest.mark.parametrize("to", ["ky", "khong-co", "tra-ket-qua"])
def test_only_a_step_that_was_done_can_be_returned_to(drafting: Case, to: str) -> None:
    item, by = take(drafting, "du-thao")
    with pytest.raises(Refused) as refused:
        actions.return_step(item.pk, by, to, REASON)
    assert (refused.value.code, refused.value.field) == ("return.step", "step")


def test_who_may_return_a_case_and_with_what(drafting: Case) -> None:
    item, by = take(drafting, "du-thao")
    with pytest.raises(Refused, match=r".") as nothing_said:
        actions.return_step(item.pk, by, "phan-cong", " ")
    assert nothing_said.value.code == "case.reason"
    colleague = next(one for one in offices.holders(item.office, "process") if one != by)
    with pytest.raises(Refused) as held:
        actions.return_step(item.pk, colleague, "phan-cong", REASON)
    assert held.value.code == "work.held"
    with pytest.raises(WorkItem.DoesNotExist):
        actions.return_step(item.pk, person(STRANGER), "phan-cong", REASON)
    with pytest.raises(Refused) as side_door:
        actions.act(item.pk, "return_step", by, REASON)
    assert side_door.value.code == "work.not_here"
    seen = drafting.last_event - 3
    with pytest.raises(actions.Overtaken):
        actions.return_step(item.pk, by, "phan-cong", REASON, seen=seen)


# To the competent agency


def test_the_open_steps_open_again_at_the_other_agency_and_the_clock_goes_on(parallel: Case) -> None:
    promised, saigon = parallel.due_at, office("H29.140")
    consulted = item_of(parallel, "lay-y-kien")
    actions.transfer(parallel.pk, person(HEAD), saigon.pk, "Công trình thuộc phường Sài Gòn")
    routed(parallel)
    assert parallel.agency == saigon
    assert parallel.due_at == promised
    assert item_of(parallel, "tham-dinh").office.code == "H29.140.04"
    assert item_of(parallel, "tham-dinh").round == 2
    # The office that was asked is the same for both agencies: it goes on with what it has.
    assert item_of(parallel, "lay-y-kien") == consulted
    do(parallel, "tham-dinh", "lay-y-kien")
    assert item_of(parallel, "du-thao").office.code == "H29.140.04"
    for username in (HEAD, "truongphong.kinhte.saigon"):
        assert queries.case_for_official(person(username), parallel.number or "") == parallel


def test_a_step_finished_just_before_goes_on_at_the_other_agency(parallel: Case) -> None:
    do(parallel, "lay-y-kien")
    item, by = take(parallel, "tham-dinh")
    actions.act(item.pk, "finish", by)
    actions.transfer(parallel.pk, person(HEAD), office("H29.140").pk, REASON)
    routed(parallel)
    assert item_of(parallel, "du-thao").office.code == "H29.140.04"


def test_a_case_is_passed_on_only_where_the_route_leads_somewhere(filed: Case) -> None:
    with pytest.raises(Refused) as same:
        actions.transfer(filed.pk, person(CLERK), filed.agency_id, REASON)
    assert (same.value.code, same.value.field) == ("transfer.agency", "agency")
    Office.objects.filter(code="H29.140.04").update(is_active=False)
    with pytest.raises(Refused) as nowhere:
        actions.transfer(filed.pk, person(CLERK), office("H29.140").pk, REASON)
    assert nowhere.value.code == "transfer.nowhere"
    filed.refresh_from_db()
    assert filed.agency.code == "H29.141"
    with pytest.raises(Refused) as power:
        actions.transfer(filed.pk, person(LEADER), office("H29.140").pk, REASON)
    assert power.value.code == "case.power"
    for outsider in (REGISTRY, STRANGER):
        with pytest.raises(Case.DoesNotExist):
            actions.transfer(filed.pk, person(outsider), office("H29.140").pk, REASON)


def test_a_signed_case_is_not_passed_on(sealing: Case) -> None:
    with pytest.raises(Refused) as refused:
        actions.transfer(sealing.pk, person(CLERK), office("H29.140").pk, REASON)
    assert refused.value.code == "transfer.signed"


# Asking other offices besides the route


def ask(case: Case, *codes: str, silence: bool = False, hours: int = 16) -> tuple[WorkItem, Person, list[WorkItem]]:
    item, by = take(case, "tham-dinh")
    keys = [office(code).pk for code in codes]
    made = actions.consult(item.pk, by, keys, "Đường vào có đủ rộng không?", hours, silence)
    routed(case)
    return item, by, made


def test_an_item_waits_for_the_offices_its_holder_asked(parallel: Case) -> None:
    item, by, (culture, law) = ask(parallel, "H29.141.05", "H29.141.06")
    assert [(one.kind, one.asked_by_item, one.hours) for one in (culture, law)] == [("consult", item, 16)] * 2
    assert culture.due_at == deadlines.add_minutes(culture.opened_at, 16 * 60, calendar_of(parallel.agency))
    with pytest.raises(Refused) as waiting:
        actions.act(item.pk, "finish", by)
    assert waiting.value.code == "work.asked"
    assert culture.office.name in waiting.value.message
    answerer = walk.holder(culture)
    actions.claim(culture.pk, answerer)
    for result, text, field in (
        ("", "", "result"),
        ("silent", "x", "result"),
        ("disagreed", " ", "note"),
        ("conditions", "", "note"),
    ):
        with pytest.raises(Refused) as refused:
            actions.give_opinion(culture.pk, answerer, result, text)
        assert refused.value.field == field
    actions.give_opinion(culture.pk, answerer, "conditions", "Lùi rào 1 m")
    actions.call_off_consult(law.pk, by, "Không cần nữa")
    routed(parallel)
    found = queries.asked_by(item)
    assert [(one.item.result, one.item.note, one.open) for one in found] == [
        ("conditions", "Lùi rào 1 m", False),
        ("", "", False),
    ]
    actions.act(item.pk, "finish", by)
    routed(parallel)
    assert steps(parallel) == [("lay-y-kien", 1)]


def test_what_is_asked_must_make_sense(parallel: Case) -> None:
    item, by, _made = ask(parallel, "H29.141.05")
    law = office("H29.141.06").pk
    for keys, question, hours, field in (
        ([], "Hỏi", 8, "offices"),
        ([law], " ", 8, "question"),
        ([law], "Hỏi", 0, "hours"),
        ([item.office_id], "Hỏi", 8, "offices"),
        ([office("H29.141.05").pk], "Hỏi", 8, "offices"),
    ):
        with pytest.raises(Refused) as refused:
            actions.consult(item.pk, by, keys, question, hours, False)
        assert refused.value.field == field
    with pytest.raises(WorkItem.DoesNotExist):
        actions.consult(item.pk, person(STRANGER), [law], "Hỏi", 8, False)


def test_only_the_asker_calls_a_question_off_and_only_while_it_is_open(parallel: Case) -> None:
    item, by, (question,) = ask(parallel, "H29.141.05")
    with pytest.raises(WorkItem.DoesNotExist):
        actions.call_off_consult(question.pk, person(STRANGER), REASON)
    with pytest.raises(WorkItem.DoesNotExist):
        actions.call_off_consult(item.pk, by, REASON)
    actions.call_off_consult(question.pk, by, REASON)
    with pytest.raises(Refused) as twice:
        actions.call_off_consult(question.pk, by, REASON)
    assert twice.value.code == "consult.answered"


def test_questions_fall_away_with_the_step_that_asked(drafting: Case) -> None:
    item, by = take(drafting, "du-thao")
    actions.consult(item.pk, by, [office("H29.141.05").pk], "Hỏi", 8, True)
    actions.return_step(item.pk, by, "tham-dinh", REASON)
    routed(drafting)
    assert steps(drafting) == [("tham-dinh", 2)]


def late(item: WorkItem) -> None:
    WorkItem.objects.filter(pk=item.pk).update(due_at=clock.now() - timedelta(minutes=1))


def test_no_answer_in_time_is_agreement_where_the_rule_says_so(parallel: Case) -> None:
    item, by, (silent,) = ask(parallel, "H29.141.05", silence=True)
    (overdue,) = actions.consult(item.pk, by, [office("H29.141.06").pk], "Hỏi", 8, False)
    in_route = item_of(parallel, "lay-y-kien")
    WorkItem.objects.filter(pk=in_route.pk).update(silence=True)
    tasks.sweep_silence()
    assert parallel.events.filter(action="silence").count() == 0
    for one in (silent, overdue, in_route):
        late(one)
    assert actions.request_payment(item.pk, by, 75_000, "Lệ phí").state == State.PAYMENT
    tasks.sweep_silence()
    tasks.sweep_silence()
    routed(parallel)
    events = parallel.events.filter(action="silence").select_related("work_item", "office")
    assert {(event.work_item_id, event.office, event.data["result"]) for event in events} == {
        (one.pk, one.office, "silent") for one in (silent, in_route)
    }
    assert set(steps(parallel)) == {("tham-dinh", 1), (overdue.step, 1)}
    actions.confirm_payment(item.pk, by, "BL-0012")
    actions.call_off_consult(overdue.pk, by, REASON)
    actions.act(item.pk, "finish", by)
    routed(parallel)
    assert steps(parallel) == [("du-thao", 1)]


def test_refused_names_have_their_own_door(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    for name in sorted(routing.OWN_DOOR):
        with pytest.raises(Refused) as refused:
            actions.act(item.pk, name, by, "Ghi chú")
        assert refused.value.code == "work.not_here"


# Money


def test_an_amount_is_asked_for_and_confirmed_with_its_receipt(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    for amount in (0, -5):
        with pytest.raises(Refused) as refused:
            actions.request_payment(item.pk, by, amount, "Lệ phí")
        assert refused.value.field == "amount"
    actions.request_payment(item.pk, by, 75_000, "Lệ phí cấp giấy phép")
    routed(parallel)
    assert parallel.state == State.PAYMENT
    assert parallel.paused_at is not None
    assert parallel.events.get(action="request_payment").data == {"amount": 75_000}
    with pytest.raises(Refused) as empty:
        actions.confirm_payment(item.pk, by, " ")
    assert empty.value.field == "receipt"
    actions.confirm_payment(item.pk, by, "BL-0012")
    assert Case.objects.get(pk=parallel.pk).state == State.IN_PROGRESS


# Withdrawal


def test_a_withdrawal_declined_leads_back_to_the_supplement_with_the_clock_still(parallel: Case, owner: Person) -> None:
    item, by = take(parallel, "tham-dinh")
    ask_supplement(item, by)
    paused = Case.objects.get(pk=parallel.pk).paused_at
    assert paused is not None
    actions.request_withdrawal(parallel, owner, "Không xây nữa")
    routed(parallel)
    decision, clerk = take(parallel, "withdrawal")
    actions.act(decision.pk, "decline_withdrawal", clerk, "Còn thiếu giấy ủy quyền")
    routed(parallel)
    assert (parallel.state, parallel.paused_at) == (State.SUPPLEMENT, paused)
    assert steps(parallel) == [("tham-dinh", 1), ("lay-y-kien", 1)]


def ask_supplement(item: WorkItem, by: Person) -> None:
    actions.request_supplement(item.pk, by, supplements.plain("Bản vẽ mặt bằng"))


# Putting the date off


def new_date(case: Case, days: int = 3) -> datetime:
    assert case.due_at is not None
    calendar = calendar_of(case.agency)
    later = deadlines.add_minutes(case.due_at, days * deadlines.MINUTES_PER_DAY, calendar)
    return extensions.end_of(later.date(), calendar)


def test_a_leader_puts_the_date_off_once_with_an_apology(parallel: Case) -> None:
    promised, wanted = parallel.due_at, new_date(parallel)
    assert promised is not None
    with pytest.raises(Refused) as nothing:
        actions.extend(parallel.pk, person(LEADER))
    assert nothing.value.code == "extension.none"
    prepared = actions.prepare_extension(parallel.pk, person(SPECIALIST), "Chờ ý kiến", new_date(parallel, 2))
    prepared = actions.prepare_extension(parallel.pk, person(HEAD), "Chờ ý kiến của Sở", wanted)
    assert (prepared.state, prepared.due_after, prepared.prepared_by) == (Extension.State.DRAFT, wanted, person(HEAD))
    assert actions.draft_extension(parallel.pk, "Sắp đến hạn", wanted) is None
    with pytest.raises(Refused) as power:
        actions.extend(parallel.pk, person(SPECIALIST))
    assert power.value.code == "case.power"
    with_case, own = item_of(parallel, "lay-y-kien"), item_of(parallel, "tham-dinh")
    WorkItem.objects.filter(pk=with_case.pk).update(hours=None, due_at=promised)
    actions.extend(parallel.pk, person(LEADER))
    routed(parallel)
    assert (parallel.extended_from, parallel.due_at) == (promised, wanted)
    assert item_of(parallel, "lay-y-kien").due_at == wanted
    assert item_of(parallel, "tham-dinh").due_at == own.due_at
    for again in (
        lambda: actions.extend(parallel.pk, person(LEADER)),
        lambda: actions.prepare_extension(parallel.pk, person(HEAD), REASON, new_date(parallel)),
    ):
        with pytest.raises(Refused) as once:
            again()
        assert once.value.code == "extension.once"


def test_the_system_prepares_an_apology_once(parallel: Case) -> None:
    drafted = actions.draft_extension(parallel.pk, "Sắp đến hạn", new_date(parallel))
    assert drafted is not None
    assert drafted.prepared_by is None
    assert actions.draft_extension(parallel.pk, "Sắp đến hạn", new_date(parallel)) is None
    assert parallel.events.filter(action="draft_extension").count() == 1


@pytest.mark.parametrize("move", [timedelta(0), timedelta(days=-1)])
def test_the_new_date_is_later(parallel: Case, move: timedelta) -> None:
    assert parallel.due_at is not None
    with pytest.raises(Refused) as refused:
        actions.prepare_extension(parallel.pk, person(HEAD), REASON, parallel.due_at + move)
    assert (refused.value.code, refused.value.field) == ("extension.not_later", "due")
    with pytest.raises(Case.DoesNotExist):
        actions.prepare_extension(parallel.pk, person(STRANGER), REASON, new_date(parallel))


# Ending and opening again


@pytest.fixture
def completed(sealing: Case) -> Case:
    item, by = take(sealing, "dong-dau")
    actions.act(item.pk, "seal", by)
    document(sealing, Doc.ISSUED)
    assert sealing.state == State.COMPLETED
    return sealing


def test_a_head_stops_a_case_that_waits_for_its_applicant(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    ask_supplement(item, by)
    with pytest.raises(Refused) as power:
        actions.stop_case(parallel.pk, person(SPECIALIST), REASON)
    assert power.value.code == "case.power"
    actions.stop_case(parallel.pk, person(HEAD), "Quá hạn bổ sung")
    routed(parallel)
    assert (parallel.state, parallel.paused_at) == (State.STOPPED, None)
    assert steps(parallel) == []


def test_a_stopped_case_opens_again_with_what_was_not_done_beside_the_step(parallel: Case) -> None:
    before = parallel.due_at
    actions.stop_case(parallel.pk, person(HEAD), REASON)
    with pytest.raises(Refused) as busy:
        actions.reopen(parallel.pk, person(HEAD), "tham-dinh", "Dừng nhầm")
    assert busy.value.code == "work.busy"
    routed(parallel)
    noticed(parallel)
    actions.reopen(parallel.pk, person(HEAD), "tham-dinh", "Dừng nhầm")
    routed(parallel)
    assert (parallel.state, parallel.reopened, parallel.closed_at, parallel.completed_at) == (State.IN_PROGRESS, 1, None, None)
    assert parallel.due_at is not None
    assert before is not None
    assert parallel.due_at >= before
    assert steps(parallel) == [("tham-dinh", 2), ("lay-y-kien", 2)]


def test_a_refused_case_opens_again_at_reception(filed: Case) -> None:
    item, by = take(filed, "tiep-nhan")
    actions.act(item.pk, "refuse", by, "Sai thẩm quyền")
    routed(filed)
    noticed(filed)
    assert [step.key for step in queries.reopenable(filed)] == ["tiep-nhan"]
    with pytest.raises(Refused) as power:
        actions.reopen(filed.pk, person(CLERK), "tiep-nhan", REASON)
    assert power.value.code == "case.power"
    actions.reopen(filed.pk, person(HEAD), "tiep-nhan", REASON)
    routed(filed)
    assert (filed.state, steps(filed)) == (State.FILED, [("tiep-nhan", 2)])
    do(filed, "tiep-nhan")
    assert (filed.state, steps(filed)) == (State.IN_PROGRESS, [("phan-cong", 1)])


def test_an_outcome_is_revoked_when_its_case_opens_again_and_replaced_by_the_next(completed: Case) -> None:
    actions.reopen(completed.pk, person(LEADER), "du-thao", "Sai diện tích")
    routed(completed)
    first = IssuedDocument.objects.get(case_link__case=completed, kind="outcome")
    assert (first.state, first.ended_reason, steps(completed)) == (Doc.REVOKED, "Sai diện tích", [("du-thao", 2)])
    do(completed, "du-thao", "ky")
    document(completed, Doc.SIGNED)
    item, by = take(completed, "dong-dau")
    actions.act(item.pk, "seal", by)
    second = document(completed, Doc.ISSUED)
    first.refresh_from_db()
    assert (first.state, first.replaced_by, first.ended_reason) == (Doc.REPLACED, second, "Sai diện tích")
    assert (completed.state, steps(completed)) == (State.COMPLETED, [("tra-ket-qua", 2)])


def test_handing_over_is_written_down_and_can_be_done_again(completed: Case) -> None:
    item, by = take(completed, "tra-ket-qua")
    for means, recipient, field in (("", "A", "means"), ("counter", " ", "recipient"), ("post", "A", "tracking")):
        with pytest.raises(Refused) as refused:
            actions.hand_over(item.pk, by, means, recipient)
        assert refused.value.field == field
    given = actions.hand_over(item.pk, by, "post", "Nguyễn Văn Nhầm", "em trai", "VN123")
    routed(completed)
    assert (completed.state, given.tracking, given.event.action) == (State.RETURNED, "VN123", "hand_over")
    actions.reopen(completed.pk, person(LEADER), "tra-ket-qua", "Giao nhầm người")
    routed(completed)
    assert (completed.state, steps(completed)) == (State.COMPLETED, [("tra-ket-qua", 2)])
    assert IssuedDocument.objects.get(case_link__case=completed, kind="outcome").state == Doc.ISSUED
    do(completed, "tra-ket-qua")
    assert HandOver.objects.filter(case=completed).count() == 2
    assert queries.chain_is_intact(completed)


def test_nothing_ends_while_a_worker_signs(drafting: Case) -> None:
    do(drafting, "du-thao", "ky")
    with pytest.raises(Refused) as busy:
        actions.stop_case(drafting.pk, person(HEAD), REASON)
    assert busy.value.code == "work.busy"


# Pages


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def work_pages(item: WorkItem, *names: str) -> list[str]:
    return [reverse(name, args=[item.pk]) for name in names]


def case_pages(case: Case, *names: str) -> list[str]:
    return [reverse(name, args=[case.number]) for name in names]


def test_pages_open_for_who_may_and_for_nobody_else(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    mine = work_pages(item, "work_return", "work_consult", "work_payment")
    heads = case_pages(parallel, "case_extension", "case_transfer", "case_stop")
    holder, head, colleague = client_of(by.username or ""), client_of(HEAD), client_of(CLERK)
    for page in mine:
        assert holder.get(page).status_code == 200, page
        assert client_of(STRANGER).get(page).status_code == 404, page
        assert Client().get(page).status_code == 302, page
    for page in heads:
        assert head.get(page).status_code == 200, page
        assert client_of(STRANGER).get(page).status_code == 404, page
    # Sees the case and has no power to stop it: sent back to the case, which says so.
    assert colleague.get(heads[2]).url == reverse("casework", args=[parallel.number])
    refused = colleague.post(heads[2], {"note": REASON})
    assert (refused.status_code, REASON in refused.content.decode()) == (403, True)
    menu = head.get(reverse("casework", args=[parallel.number])).content.decode()
    assert all(page in menu for page in heads)


def test_what_was_typed_survives_what_a_colleague_did_meanwhile(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    page, seen = reverse("work_return", args=[item.pk]), Case.objects.get(pk=parallel.pk).last_event
    other, colleague = take(parallel, "lay-y-kien")
    actions.give_opinion(other.pk, colleague, "conditions", "Lùi rào 1 m")
    asked = {"step": "phan-cong", "note": "Đo lại ranh đất", "_seen": str(seen)}
    client = client_of(by.username or "")
    overtaken = client.post(page, asked)
    shown = overtaken.content.decode()
    assert overtaken.status_code == 409
    assert "Đo lại ranh đất" in shown
    assert "Lùi rào 1 m" in shown
    fresh = Case.objects.get(pk=parallel.pk).last_event
    assert f'name="_seen" value="{fresh}"' in shown
    again = client.post(page, asked | {"_seen": str(fresh)})
    assert again.url == reverse("casework", args=[parallel.number])


def test_offices_are_found_by_name_and_asked_from_the_page(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    client, page = client_of(by.username or ""), reverse("work_consult", args=[item.pk])
    law = office("H29.141.06")
    found = client.post(page, {"find": "1", "text": law.name, "note": "Đường rộng mấy mét?"}).content.decode()
    assert f'value="{law.pk}"' in found
    assert "Đường rộng mấy mét?" in found
    assert client.post(page, {"note": "", "hours": "0"}).status_code == 422
    sent = client.post(page, {"offices": [law.pk], "note": "Đường rộng mấy mét?", "hours": "8", "silence": "on"})
    assert sent.status_code == 302
    (one,) = queries.asked_by(item)
    assert (one.item.office, one.item.silence, one.item.question) == (law, True, "Đường rộng mấy mét?")
    answerer = walk.holder(one.item)
    actions.claim(one.item.pk, answerer)
    opinion = reverse("work_opinion", args=[one.item.pk])
    theirs = client_of(answerer.username or "")
    assert "Đường rộng mấy mét?" in theirs.get(opinion).content.decode()
    assert theirs.post(opinion, {"result": "disagreed", "note": ""}).status_code == 422
    assert theirs.post(opinion, {"result": "agreed", "note": ""}).status_code == 302
    off = reverse("work_call_off", args=[item.pk, one.item.pk])
    assert client.get(off).status_code == 302
    assert client.post(off, {"note": REASON}).status_code == 409


def test_the_password_signs_the_apology(parallel: Case) -> None:
    head, leader = client_of(HEAD), client_of(LEADER)
    prepare, sign = case_pages(parallel, "case_extension", "case_extend")
    assert leader.get(sign).status_code == 302
    day = new_date(parallel).astimezone(deadlines.HERE)
    asked = {"due_day": str(day.day), "due_month": str(day.month), "due_year": str(day.year), "note": "Chờ ý kiến"}
    assert head.post(prepare, {**asked, "due_year": str(day.year - 1)}).status_code == 422
    assert head.post(prepare, asked).status_code == 302
    assert "Chờ ý kiến" in leader.get(sign).content.decode()
    assert leader.post(sign, {"password": "sai"}).status_code == 422
    assert leader.post(sign, {"password": PASSWORD}).status_code == 302
    assert Case.objects.get(pk=parallel.pk).extended_from == parallel.due_at


def test_money_and_handing_over_have_pages(parallel: Case) -> None:
    item, by = take(parallel, "tham-dinh")
    client, (pay, paid) = client_of(by.username or ""), work_pages(item, "work_payment", "work_payment_confirm")
    assert client.post(pay, {"amount": "bảy chục", "note": "Lệ phí"}).status_code == 422
    assert client.post(pay, {"amount": "75.000", "note": "Lệ phí"}).status_code == 302
    assert "75.000 đồng" in parallel.events.get(action="request_payment").note
    assert client.post(paid, {"receipt": "BL-0012"}).status_code == 302
    assert parallel.events.get(action="confirm_payment").data == {"receipt": "BL-0012"}


def test_a_completed_case_is_handed_over_and_opened_again_from_pages(completed: Case) -> None:
    item, by = take(completed, "tra-ket-qua")
    clerk, page = client_of(by.username or ""), reverse("work_hand_over", args=[item.pk])
    assert completed.filed_by.full_name in clerk.get(page).content.decode()
    given = {"means": "post", "recipient": "Trần Thị Nhận"}
    assert clerk.post(page, given).status_code == 422
    assert clerk.post(page, given | {"tracking": "VN12345"}).status_code == 302
    leader, again = client_of(LEADER), reverse("case_reopen", args=[completed.number])
    assert clerk.post(again, {"step": "du-thao", "note": REASON}).status_code == 403
    assert leader.get(again).status_code == 200
    assert leader.post(again, {"step": "du-thao", "note": REASON}).status_code == 302
    assert routed(completed).state == State.IN_PROGRESS
