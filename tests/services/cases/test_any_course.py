"""The promise: whatever anybody does at any moment, a case never comes into a state the table does not know, loses no event, keeps its
chain, and its clock shows what a second calculation from its events alone finds.

Hypothesis lets the people of two wards, residents, workers and the calendar act at random on cases of two procedures. COURSE_FULL=1
makes it ten thousand actions.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, deadlines, extensions, queries, routing, supplements
from services.cases.actions import assignment, handling, labels, thread
from services.cases.actions.events import QUIET
from services.cases.lifecycle import BY_NAME, CLOSED, PAUSED, State, Target
from services.cases.models import Case, CaseDocument, CaseEvent, Label, SupplementRequest, WorkItem
from services.cases.queries.assignment import long_untouched, to_share_out
from services.cases.queries.calendars import calendar_of
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from services.notices.models import Notice
from tests import walk
from tests.services.cases.independent_clock import VIETNAM, Line, read
from tests.services.cases.slow_deadlines import Diary

FULL = bool(os.environ.get("COURSE_FULL"))
EXAMPLES, ACTIONS = (84, 140) if FULL else (2, 140)
BEGIN = datetime(2027, 1, 20, 8, tzinfo=VIETNAM)
LAST = datetime(2027, 11, 30, tzinfo=VIETNAM)
LEAPS = (1, 7, 45, 150, 420, 1440, 4 * 1440, 12 * 1440)
DESKS = ("H29.141", "H29.140", "H29.12")
HOLDING = ("claim", "release", "assign", "share_out", "expire_claim")
DIARY = Diary()
Open = WorkItem.State.OPEN
WEIGHTS = {
    "somebody_takes_the_next_step": 32,
    "something_is_tried_at_a_desk": 12,
    "a_worker_handles_a_case_and_the_message_comes_twice": 14,
    "time_passes": 8,
    "a_document_is_ready": 12,
    "a_resident_acts": 8,
    "something_is_tried_with_a_case": 8,
    "the_sweeper_finds_everything": 4,
    "the_clock_is_swept": 4,
    "somebody_acts_on_what_they_saw_long_ago": 4,
    "a_resident_files": 3,
    "the_system_prepares_an_apology": 1,
}
"""How often each thing happens, of about a hundred."""


class City:
    """What every walk starts from."""

    people: ClassVar[list[Person]]
    residents: ClassVar[list[Person]]
    drafts: ClassVar[list[int]]
    agencies: ClassVar[list[Office]]
    label: ClassVar[Label]


@pytest.fixture(scope="module")
def city(shared_city: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Three complete drafts in two wards; under one procedure an answered supplement gives the office its whole time again."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        time_machine.travel(BEGIN, tick=False),
        transaction.atomic(),
    ):
        officials = Person.objects.filter(kind=Person.Kind.OFFICIAL).order_by("pk")
        City.people = [one for one in officials if any(post.office.code.startswith(DESKS) for post in offices.posts_of(one))]
        City.residents = list(Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[:2])
        found = [offices.by_code(code) for code in DESKS[:2]]
        City.agencies = [one for one in found if one is not None]
        permit, licence = catalogue.version_of("1.013225"), catalogue.version_of("1.001612")
        licence = Version.objects.get(pk=licence.pk)
        licence.pk, licence.number, licence.limit_restarts, licence._state.adding = None, licence.number + 1, True, True
        licence.save()
        desk = offices.by_code("H29.141.04")
        assert desk is not None
        Office.objects.filter(code="H29.141.04").update(shares_out=True)
        City.label = Label.objects.create(office=desk, name="Gấp")
        City.drafts = [
            walk.draft(City.residents[turn % 2], version, City.agencies[turn % 2]).pk
            for turn, version in enumerate((permit, licence, licence))
        ]
        yield
        transaction.set_rollback(True)


class Course(RuleBasedStateMachine):
    """Several cases at once. Every example is taken back in the end."""

    tried: ClassVar[Counter[str]] = Counter()
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.time = self.travel.start()
        self.known = dict.fromkeys(City.drafts, 0)
        self.turn = 0

    def teardown(self) -> None:
        try:
            self._work_off()
            for pk in City.drafts:
                self.check_end(pk)
        finally:
            self.travel.stop()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(seed=st.integers(0, 2**32))
    def something_happens(self, seed: int) -> None:
        """One rule that draws for itself: Hypothesis would leave out whole rules in each example, and likes small numbers too much."""
        self.turn += 1
        chance = Random(f"{seed}/{self.turn}")
        (does,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        getattr(self, does)(chance.randrange(2**16), chance.randrange(2**16), chance.randrange(2**16))

    # Choosing

    def case(self, n: int) -> Case:
        return Case.objects.get(pk=City.drafts[n % len(City.drafts)])

    def item(self, n: int, *, still_open: bool = True) -> WorkItem | None:
        found = WorkItem.objects.filter(case__in=City.drafts).select_related("office", "case", "claimed_by").order_by("pk")
        items = list(found.filter(state=Open) if still_open else found)
        return items[n % len(items)] if items else None

    def anybody(self, n: int) -> Person:
        everybody = [*City.people, *City.residents]
        return everybody[n % len(everybody)]

    def fitting(self, item: WorkItem, n: int) -> Person:
        """Who holds the item; else one of those who may."""
        if item.claimed_by is not None:
            return next(one for one in City.people if one.pk == item.claimed_by_id)
        may = set(offices.holders(item.office, item.power).values_list("pk", flat=True))
        able = [one for one in City.people if one.pk in may]
        return able[n % len(able)]

    # Trying

    def attempt(self, name: str, by: Person | None, do: Callable[[], Any]) -> bool:
        """One try of one person or worker. Whether it was done; the record must say the same."""
        self.tried[name] += 1
        self.problem = ""
        try:
            with transaction.atomic():
                do()
        except Refused as refused:
            self.problem = refused.code
        except ObjectDoesNotExist as error:
            self.problem = type(error).__qualname__
        written = list(
            CaseEvent.objects.filter(case__in=City.drafts, at__gte=BEGIN)
            .order_by("pk")
            .values_list("pk", "case", "sequence", "action")
        )
        new = [one for one in written if one[2] > self.known[one[1]]]
        note(f"{clock.local(clock.now()):%d/%m %H:%M} {name} by {by}: {self.problem or [(one[1], one[3]) for one in new]}")
        if self.problem:
            assert not new, f"{name} was refused ({self.problem}) and is in the record"
            return False
        if by is not None:
            assert len(new) <= 1, f"{name} by {by} wrote {new}"
            assert all(one[3] == name for one in new), f"{name} by {by} wrote {new}"
            if new:
                assert CaseEvent.objects.get(pk=new[0][0]).actor_id == by.pk
        for case in {one[1] for one in new}:
            self.check(case)
        self.done.update(one[3] for one in new)
        return bool(new)

    # Time and workers

    def time_passes(self, n: int, _who: int, _what: int) -> None:
        if clock.now() < LAST:
            self.time.shift(timedelta(minutes=LEAPS[n % len(LEAPS)]))

    def a_worker_handles_a_case_and_the_message_comes_twice(self, n: int, _who: int, _what: int) -> None:
        pk = City.drafts[n % len(City.drafts)]
        self.attempt("workers", None, lambda: actions.handle_events(pk))
        before = CaseEvent.objects.filter(case=pk).count()
        assert actions.handle_events(pk) == 0
        assert CaseEvent.objects.filter(case=pk).count() == before

    def the_sweeper_finds_everything(self, _n: int, _who: int, _what: int) -> None:
        for pk in reversed(City.drafts):
            self.attempt("workers", None, partial(actions.handle_events, pk))

    def a_document_is_ready(self, n: int, _who: int, _what: int) -> None:
        waiting = [IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL]
        links = list(
            CaseDocument.objects.filter(case__in=City.drafts, issued__state__in=waiting).select_related("issued").order_by("pk")
        )
        if links:
            link = links[n % len(links)]
            self.attempt("workers", None, lambda: _ready(link))

    def the_clock_is_swept(self, _n: int, _who: int, _what: int) -> None:
        for pk in queries.requests_run_out():
            self.attempt("workers", None, partial(actions.lapse, pk))
        for pk in queries.silent_items():
            self.attempt("workers", None, partial(actions.count_silence, pk))
        for pk in long_untouched():
            self.attempt("workers", None, partial(assignment.expire_claim, pk))
        for pk in to_share_out():
            self.attempt("workers", None, partial(assignment.share_out_item, pk))

    def the_system_prepares_an_apology(self, n: int, _who: int, _what: int) -> None:
        case = self.case(n)
        if case.due_at is not None:
            self.attempt("workers", None, lambda: actions.draft_extension(case.pk, "Sắp đến hạn", _later(case, n)))

    # Residents

    def a_resident_files(self, n: int, who: int, what: int) -> None:
        case = self.case(n)
        by = case.filed_by if what % 4 else City.residents[who % 2]
        self.attempt("file", by, lambda: actions.file(case, by))

    def a_resident_acts(self, n: int, who: int, what: int) -> None:
        case = self.case(n)
        by = case.filed_by if what % 4 else self.anybody(who)
        calls: dict[str, Callable[[], Any]] = {
            "answer_supplement": lambda: actions.answer_supplement(case, by, "Xin gửi sau"),
            "request_withdrawal": lambda: actions.request_withdrawal(case, by, "Không làm nữa"),
            "write_message": lambda: thread.write_message(case.pk, by, "Bao giờ xong?"),
        }
        # Asking for the case back is rare, or none would ever be finished.
        name = "request_withdrawal" if who % 20 == 0 else ("answer_supplement", "write_message")[who % 2]
        self.attempt(name, by, calls[name])

    # Officials

    def somebody_takes_the_next_step(self, n: int, who: int, _what: int) -> None:
        item = self.item(n)
        if item is None:
            return self.a_resident_files(n, who, 1)
        by = self.fitting(item, who)
        if item.claimed_by is None:
            self.attempt("claim", by, lambda: actions.claim(item.pk, by))
        offered = routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]
        if item.case.state == State.PAYMENT and "confirm_payment" in offered:
            self.attempt("confirm_payment", by, lambda: DESK["confirm_payment"](item, by, n))
            return
        name = next((one for one in offered if one not in routing.OWN_DOOR), offered[0])
        if (
            not self.attempt(name, by, lambda: actions.act(item.pk, name, by))
            and self.problem == "case.state"
            and "finish" in offered
        ):
            self.attempt("finish", by, lambda: actions.act(item.pk, "finish", by))

    def something_is_tried_at_a_desk(self, n: int, who: int, what: int) -> None:
        right = bool(what // 64 % 4)
        item = self.item(n, still_open=right)
        if item is None:
            return
        by = self.fitting(item, who) if right and item.state == Open else self.anybody(who)
        if right and item.claimed_by is None:
            self.attempt("claim", by, lambda: actions.claim(item.pk, by))
        names = (
            sorted(DESK)
            if not right
            else [*routing.ACTIONS_OF_KIND[routing.Kind(item.kind)], "release", "assign", "call_off_consult"]
        )
        name = names[what % len(names)]
        self.attempt(name, by, lambda: DESK[name](item, by, what))

    def something_is_tried_with_a_case(self, n: int, who: int, what: int) -> None:
        case = self.case(n)
        names = sorted(WHOLE)
        # Stopping is as rare as in life.
        name = "reopen" if case.state in CLOSED else names[n // 7 % len(names)]
        if name == "stop" and what % 3:
            name = "extend" if what % 2 else "prepare_extension"
        here = [
            one for one in City.people if any(post.office.path.startswith(case.agency.path) for post in offices.posts_of(one))
        ]
        heads = [one for one in here if offices.powers_of(one).intersection({"lead", "approve"})]
        prepared = queries.extension_of(case)
        if name != "stop" and prepared is not None and prepared.state == prepared.State.DRAFT:
            name = "extend"
            heads = [one for one in heads if "approve" in offices.powers_of(one)]
        by = self.anybody(who) if what % 5 == 0 else here[who % len(here)] if what % 5 == 1 else heads[who % len(heads)]
        self.attempt(name, by, lambda: WHOLE[name](case, by, what))

    def somebody_acts_on_what_they_saw_long_ago(self, n: int, _who: int, seen: int) -> None:
        item = self.item(n)
        if item is None or item.claimed_by is None:
            return
        by = self.fitting(item, n)
        at = seen % (item.case.last_event + 1)
        others = CaseEvent.objects.filter(case=item.case, sequence__gt=at).exclude(actor=by)
        loud = others.exclude(action__in=QUIET).exists()
        name = routing.ACTIONS_OF_KIND[routing.Kind(item.kind)][0]
        self.attempt(name, by, lambda: DESK[name](item, by, seen, at))
        assert not loud or self.problem == "case.changed", f"{name} went past what {by} had not seen"

    # What must hold

    def check(self, pk: int) -> None:
        """Everything that must hold after every step of a case."""
        case = Case.objects.select_related("version", "agency").get(pk=pk)
        events = list(case.events.order_by("sequence"))
        self.known[pk] = case.last_event
        told = Counter(event.action for event in events)
        before = State.DRAFT
        for place, event in enumerate(events, start=1):
            assert event.sequence == place, f"event {place} is missing"
            assert event.from_state == before, f"event {place} starts from {event.from_state}, not {before}"
            self._check_row(event)
            before = State(event.to_state)
        assert case.state == before
        assert case.last_event == len(events)
        assert queries.chain_is_intact(case, events)
        assert (case.paused_at is not None) == (before in PAUSED)
        assert (case.closed_at is not None) == (before in CLOSED)
        assert case.supplements == told["request_supplement"] == SupplementRequest.objects.filter(case=case).count()
        assert case.supplements_allowed == 1 + told["allow_supplement"] >= case.supplements
        assert told["extend"] == (case.extended_from is not None) <= 1
        assert case.reopened == told["reopen"]
        self._check_items(case, events)
        self._check_clock(case, events)

    def _check_row(self, event: CaseEvent) -> None:
        row = BY_NAME[event.action]
        assert event.from_state in row.sources, f"{event.action} from {event.from_state}"
        match row.target:
            case Target.SAME:
                assert event.to_state == event.from_state
            case Target.BACK:
                assert event.to_state in {State.FILED, State.ACCEPTED, State.IN_PROGRESS, State.SUPPLEMENT}
                assert event.to_state != event.from_state
            case Target.REOPENED:
                assert event.to_state in {State.FILED, State.IN_PROGRESS}
            case _:
                assert event.to_state == row.target
        assert not row.needs_reason or event.note.strip()

    def _check_items(self, case: Case, events: list[CaseEvent]) -> None:
        items = list(case.work_items.all())
        twice = [step for step, count in Counter(item.step for item in items if item.state == Open).items() if count > 1]
        assert not twice, f"open twice: {twice}"
        held: dict[int, int | None] = {}
        for event in events:
            if event.work_item_id is not None and event.action in HOLDING:
                held[event.work_item_id] = event.actor_id if event.action == "claim" else event.data.get("to")
        for item in items:
            assert item.pk not in held or item.claimed_by_id == held[item.pk], f"{item} is held by {item.claimed_by_id}"
            assert (item.claimed_by_id is None) == (item.claimed_at is None)
            assert (item.state == Open) == (item.finished_at is None)
            if item.asked_by_item_id is not None and item.state == Open:
                assert next(one for one in items if one.pk == item.asked_by_item_id).state == Open
        if case.state in CLOSED and not any(event.handled_at is None for event in events):
            left = [item.step for item in items if item.state == Open]
            assert not left, f"open in a closed case: {left}"

    def _check_clock(self, case: Case, events: list[CaseEvent]) -> None:
        record = [Line(event.at, event.action, event.from_state, event.to_state, event.data) for event in events]
        value, unit = case.limit
        now = read(record, DIARY, value, unit, same_day=case.version.same_day, restarts=case.version.limit_restarts)
        shown = (case.accepted_at, case.clock_started_at, case.due_at, case.paused_at, case.completed_at)
        assert shown == (now.accepted, now.started, now.due, now.waits_since, now.ended)
        assert (case.paused_minutes, case.worked_minutes) == (now.stood, now.worked)

    def check_end(self, pk: int) -> None:
        """What must hold once the workers have nothing left to do: nobody was told twice or not at all, and no case is stuck."""
        self.check(pk)
        case = Case.objects.get(pk=pk)
        due = [f"case-event-{event.pk}" for event in case.events.all() if event.action in handling.NOTICES]
        assert sorted(Notice.objects.filter(key__in=due).values_list("key", flat=True)) == sorted(due)
        waits_for_somebody = State(case.state) not in CLOSED | {State.DRAFT}
        is_open = case.work_items.filter(state=Open).exists()
        assert is_open == waits_for_somebody, f"{case} in state {case.state}: open work {is_open}"

    def _work_off(self) -> None:
        for _ in range(20):
            did = sum(actions.handle_events(pk) for pk in City.drafts)
            waiting = [IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL]
            for link in CaseDocument.objects.filter(case__in=City.drafts, issued__state__in=waiting).select_related("issued"):
                _ready(link)
                did += 1
            if not did:
                return
        raise AssertionError("the workers never come to an end")


def _ready(link: CaseDocument) -> None:
    """A document is drawn, signed or sealed as a worker would have done it; what it looks like is tested elsewhere."""
    one = link.issued
    signs = one.state == IssuedDocument.State.TO_SIGN and one.kind == IssuedDocument.Kind.OUTCOME
    one.state = IssuedDocument.State.SIGNED if signs else IssuedDocument.State.ISSUED
    one.sha256, one.file.name = "0" * 64, "giay-to.pdf"
    one.signed_at = one.signed_at or clock.now()
    one.issued_at = None if signs else clock.now()
    one.save()
    handling.announce(link.pk, one)


def _later(case: Case, n: int) -> datetime:
    """A closing time after the promised date."""
    assert case.due_at is not None
    calendar = calendar_of(case.agency)
    later = deadlines.add_minutes(max(case.due_at, clock.now()), (1 + n % 9) * deadlines.MINUTES_PER_DAY, calendar)
    return extensions.end_of(later.date(), calendar)


def _ask(item: WorkItem, by: Person, n: int, seen: int | None = None) -> None:
    found = [one.pk for one in queries.offices_to_ask(item)]
    actions.consult(item.pk, by, found[n % len(found) :][: 1 + n % 2], "Ý kiến?", 4 + n % 20, bool(n % 2), seen=seen)


def _assign(item: WorkItem, by: Person, n: int, seen: int | None = None) -> None:
    able = list(offices.holders(item.office, item.power).order_by("pk"))
    assignment.assign(item.pk, able[n % len(able)].pk, by, seen=seen)


def _return(item: WorkItem, by: Person, n: int, seen: int | None = None) -> None:
    steps = queries.returnable(item) or list(routing.route(item.case.version.route))
    actions.return_step(item.pk, by, steps[n % len(steps)].key, "Làm lại", seen=seen)


def _opinion(item: WorkItem, by: Person, n: int, seen: int | None = None) -> None:
    actions.give_opinion(item.pk, by, ("agreed", "conditions", "disagreed")[n % 3], "Lùi 1 m", seen=seen)


def _act(name: str) -> Callable[..., None]:
    def act(item: WorkItem, by: Person, _n: int, seen: int | None = None) -> None:
        actions.act(item.pk, name, by, "Ghi chú", seen=seen)

    return act


DESK: dict[str, Callable[..., Any]] = {
    **{name: _act(name) for names in routing.ACTIONS_OF_KIND.values() for name in names if name not in routing.OWN_DOOR},
    "claim": lambda item, by, _n: actions.claim(item.pk, by),
    "release": lambda item, by, _n: actions.release(item.pk, by),
    "assign": _assign,
    "consult": _ask,
    "call_off_consult": lambda item, by, _n, seen=None: actions.call_off_consult(item.pk, by, "Thôi", seen=seen),
    "give_opinion": _opinion,
    "return_step": _return,
    "request_supplement": lambda item, by, _n, seen=None: actions.request_supplement(
        item.pk, by, supplements.plain("Bản vẽ"), seen=seen
    ),
    "request_payment": lambda item, by, n, seen=None: actions.request_payment(item.pk, by, n, "Lệ phí", seen=seen),
    "confirm_payment": lambda item, by, _n, seen=None: actions.confirm_payment(item.pk, by, "BL-01", seen=seen),
    "hand_over": lambda item, by, _n, seen=None: actions.hand_over(item.pk, by, "counter", "Người nhận", seen=seen),
    "fill_fields": lambda item, by, n: actions.fill_fields(item.pk, by, {"so_tang_quy_hoach": n % 50}),
}
"""What is tried with a work item: the item, who, a number to choose by, the last event they saw."""


def _transfer(case: Case, by: Person, n: int) -> None:
    others = [one for one in City.agencies if one.pk != case.agency_id]
    actions.transfer(case.pk, by, others[n % len(others)].pk, "Sai thẩm quyền")


def _reopen(case: Case, by: Person, n: int) -> None:
    steps = queries.reopenable(case) or list(routing.route(case.version.route))
    actions.reopen(case.pk, by, steps[n % len(steps)].key, "Mở nhầm")


WHOLE: dict[str, Callable[[Case, Person, int], Any]] = {
    "allow_supplement": lambda case, by, _n: actions.allow_supplement(case.pk, by, "Thiếu thật"),
    "extend": lambda case, by, _n: actions.extend(case.pk, by),
    "label": lambda case, by, _n: labels.put(case.pk, City.label.pk, by),
    "note": lambda case, by, _n: actions.write_note(case.pk, by, "Đã gọi"),
    "prepare_extension": lambda case, by, n: actions.prepare_extension(
        case.pk, by, "Chờ ý kiến", _later(case, n) if case.due_at else clock.now()
    ),
    "reopen": _reopen,
    "send_message": lambda case, by, _n: thread.send_message(case.pk, by, "Xin chờ"),
    "stop": lambda case, by, _n: actions.stop_case(case.pk, by, "Dừng"),
    "transfer": _transfer,
    "unlabel": lambda case, by, _n: labels.take_off(case.pk, City.label.pk, by),
}
"""What is tried with a case as a whole."""


@pytest.mark.django_db
def test_no_course_leads_astray(city: None) -> None:
    Course.tried.clear()
    Course.done.clear()
    run_state_machine_as_test(
        Course,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=ACTIONS,
            deadline=None,
            derandomize=not FULL,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    print(f"tried {Course.tried.total()}, done {Course.done.total()}: {dict(Course.done.most_common())}")  # noqa: T201
    # What never happens proves nothing: the usual ways through the table were all gone.
    assert {"accept", "begin", "claim", "finish", "sign"} <= Course.done.keys()
    assert not FULL or (
        Course.tried.total() >= 10_000
        and {"complete", "hand_over", "reopen", "extend", "request_supplement"} <= Course.done.keys()
    )


@pytest.mark.django_db
def test_nothing_opens_in_a_case_that_ended_before_the_workers_came(city: None) -> None:
    """The next office shares out its work, which no closed case allows: the workers must not stumble over it for ever."""
    with time_machine.travel(BEGIN, tick=False):
        case = Case.objects.get(pk=City.drafts[0])
        actions.file(case, case.filed_by)
        actions.handle_events(case.pk)
        item = case.work_items.select_related("office").get()
        clerk = offices.holders(item.office, item.power)[0]
        actions.claim(item.pk, clerk)
        actions.act(item.pk, "accept", clerk)
        head = Person.objects.get(username="truongphong.kinhte.benthanh")
        actions.stop_case(case.pk, head, "Nộp trùng")
        assert actions.handle_events(case.pk) == 3
        assert not case.work_items.filter(state=Open).exists()
        assert Case.objects.get(pk=case.pk).state == State.STOPPED
