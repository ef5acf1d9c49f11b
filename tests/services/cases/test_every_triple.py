"""The promise: whoever tries whatever in whichever state, the database takes it exactly where the life-cycle table says so.

Every (state, action, who) is tried through the action itself, each time by somebody for whom nothing else stands in the way: the case
is theirs, or the work item lies at their office, asks for their power and is in their hands. UPDATE_DOCS=1 rewrites the page.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from identity.offices import queries as offices
from identity.offices.models import Office, Post
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, queries, supplements
from services.cases.actions import assignment, events, handling, labels, thread
from services.cases.lifecycle import BY_NAME, CLOSED, PAUSED, TABLE, Action, Actor, Clock, State, Target
from services.cases.models import Case, CaseDocument, CaseEvent, Extension, Label, SupplementRequest, WorkItem
from services.cases.routing import ACTIONS_OF_KIND, Kind
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from tests import walk

PAGE = Path(__file__).parents[3] / "docs" / "rules" / "triples.md"
MARK = "<!-- printed from services/cases/lifecycle.py -->"
Who = Power | str
OWNER, STRANGER, SYSTEM = "owner", "other resident", "system"
EVERYBODY: tuple[Who, ...] = (*Power, OWNER, STRANGER, SYSTEM)
LETTERS: dict[Who, str] = {
    Power.RECEIVE: "R",
    Power.PROCESS: "P",
    Power.LEAD: "L",
    Power.APPROVE: "A",
    Power.REGISTER: "G",
    Power.SUPERVISE: "U",
    Power.EDIT_CATALOGUE: "E",
    Power.ADMINISTER: "M",
    OWNER: "o",
    STRANGER: "x",
    SYSTEM: "s",
}
REASON = "Vì lý do ghi ở đây"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2027, in which every Monday to Friday is worked."""
    return datetime(2027, 3, day, hour, minute, tzinfo=clock.HERE)


# Monday accepted, Wednesday today, Friday promised. A case that waits has waited for two hours, one that ended ended an hour ago.
NOW, FILED_AT, ACCEPTED_AT, DUE_AT, NEW_DUE = at(10, 10), at(5, 9), at(8, 8), at(12, 14), at(16, 17, 30)
PAUSED_AT, ENDED_AT = at(10, 8), at(10, 9)
LATER_BY_PAUSE, LATER_BY_ENDING = at(12, 16), at(12, 15)
WORKED_UNTIL_NOW = 210 + 240 + 480 + 150


def permitted(action: Action, who: Who) -> bool:
    """Whether the table names them."""
    if isinstance(action.who, Actor):
        return who == {Actor.RESIDENT: OWNER, Actor.SYSTEM: SYSTEM}[action.who]
    return who in action.who


def accepted(state: State) -> bool:
    return state not in (State.DRAFT, State.FILED, State.NOT_ACCEPTED)


# Cases in every state


@dataclass
class Stage:
    """Everything one triple needs: a case, people, and what was put ready for the action."""

    case: Case
    office: Office
    people: dict[Who, Person]
    others: dict[str, Person]
    label: Label
    second_version: Version
    items: dict[Who, WorkItem] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def by(self, who: Who) -> Person:
        return self.people[who]

    def item(self, who: Who) -> int:
        """The work item in whose way only the table stands; for people who handle no cases the one of the first desk."""
        return self.items.get(who, self.items[Power.RECEIVE]).pk


@pytest.fixture(scope="module")
def scene(
    shared_city: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[bool, Case], Callable[[Case], Stage]]]:
    """A complete draft and a filed case, and an office in which eight officials have one power each."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        office = offices.by_code("H29.141.04")
        assert office is not None
        residents = list(Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[:2])
        people: dict[Who, Person] = {OWNER: residents[0], STRANGER: residents[1]}
        for power in Power:
            people[power] = _official(f"only.{power}", office, power)
        others = {
            "colleague": _official("colleague", office, *CASE_POWERS),
            "gone": _official("gone", None),
            "answering": _official("answering", offices.by_code("H29.141.05"), Power.PROCESS),
        }
        version = catalogue.version_of("1.013225")
        second = Version.objects.get(pk=version.pk)
        second.pk, second.number, second._state.adding = None, version.number + 1, True
        second.save()
        label = Label.objects.create(office=office, name="Gấp")
        agency = office.parent
        assert agency is not None
        draft = walk.draft(residents[0], version, agency)
        filed = actions.file(walk.draft(residents[0], version, agency), residents[0])
        CaseEvent.objects.filter(case=filed).update(handled_at=NOW)
        yield (
            {True: draft, False: Case.objects.get(pk=filed.pk)},
            lambda case: Stage(case, office, people, others, label, second),
        )
        transaction.set_rollback(True)


def _official(username: str, office: Office | None, *powers: Power) -> Person:
    person = Person.objects.create(username=username, full_name=f"Người {username}", kind=Person.Kind.OFFICIAL)
    if office is not None:
        Post.objects.create(person=person, office=office, title="Công chức", powers=sorted(powers), since=FILED_AT.date())
    return person


def put_into(case: Case, state: State) -> None:
    """Write the case into the database as one that came to that state in the ordinary way."""
    case.state = state
    if state is State.DRAFT:
        return
    case.filed_at = FILED_AT
    if accepted(state):
        case.accepted_at = case.clock_started_at = ACCEPTED_AT
        case.due_at = DUE_AT
    if state in PAUSED:
        case.paused_at, case.state_before_pause = PAUSED_AT, State.IN_PROGRESS
    if accepted(state) and state in CLOSED | {State.COMPLETED}:
        case.completed_at, case.worked_minutes = ENDED_AT, WORKED_UNTIL_NOW - 60
    if state in CLOSED:
        case.closed_at = ENDED_AT
    case.save()


def put_items(stage: Stage, kind: Kind, step: str = "", held: bool = True, **more: Any) -> None:
    """One open item for each power that handles cases, at the office, in the hands of whoever has that power."""
    made = WorkItem.objects.bulk_create(
        WorkItem(
            case=stage.case,
            step=step or f"{kind}",
            round=number,
            position=2,
            title="Việc thử",
            kind=kind,
            power=power,
            office=stage.office,
            agency=stage.case.agency,
            due_at=DUE_AT,
            **(more | ({"claimed_by": stage.by(power), "claimed_at": ACCEPTED_AT, "touched_at": ACCEPTED_AT} if held else {})),
        )
        for number, power in enumerate(sorted(CASE_POWERS), start=2)
    )
    stage.items = {Power(item.power): item for item in made}


def put_done(stage: Stage, step: str) -> None:
    """A step that was done before."""
    WorkItem.objects.create(
        case=stage.case,
        step=step,
        position=0,
        title="Bước trước",
        kind=Kind.ASSIGN,
        power=Power.LEAD,
        office=stage.office,
        agency=stage.case.agency,
        state=WorkItem.State.DONE,
        due_at=DUE_AT,
        finished_at=ACCEPTED_AT,
    )


def put_document(stage: Stage, state: str) -> None:
    issued = IssuedDocument.objects.create(
        code="THU-0001",
        kind=IssuedDocument.Kind.OUTCOME,
        template="outcome_certificate",
        title="Giấy phép",
        case_number=str(stage.case),
        office=stage.case.agency,
        data={"symbol": "GPXD"},
        state=state,
        sha256="0" * 64,
        file="outcome.pdf",
    )
    stage.extra["document"] = CaseDocument.objects.create(case=stage.case, issued=issued)


def put_supplement(stage: Stage) -> None:
    put_done(stage, "tham-dinh")
    Case.objects.filter(pk=stage.case.pk).update(supplements=1)
    stage.extra["request"] = SupplementRequest.objects.create(
        case=stage.case,
        number=1,
        work_item=stage.case.work_items.get(step="tham-dinh"),
        items=[one.kept() for one in supplements.plain("Bản vẽ").items],
        reason="Thiếu",
        answer_by=NOW - timedelta(days=1),
        requested_by=stage.by(Power.PROCESS),
    )


def put_question(stage: Stage) -> None:
    """Each has asked another office."""
    put_items(stage, Kind.APPRAISE)
    asked = offices.by_code("H29.141.05")
    assert asked is not None
    stage.extra["asked"] = {
        who: WorkItem.objects.create(
            case=stage.case,
            step=f"hoi-{item.round}",
            position=2,
            title="Cho ý kiến",
            kind=Kind.CONSULT,
            power=Power.PROCESS,
            office=asked,
            agency=stage.case.agency,
            due_at=DUE_AT,
            asked_by_item=item,
        ).pk
        for who, item in stage.items.items()
    }


# How each action is tried


@dataclass(frozen=True)
class Door:
    """How an action is called: what is put ready first, and the call. `system`: only workers come through it."""

    ready: Callable[[Stage], None]
    call: Callable[[Stage, Who, str], Any]
    system: bool = False


def nothing(stage: Stage) -> None:
    """Nothing is needed but the case, which was at the office before."""


def desk(name: str, kind: Kind) -> Door:
    """Done with a note at the work item."""
    assert name in ACTIONS_OF_KIND[kind]
    return Door(
        lambda stage: put_items(stage, kind), lambda stage, who, reason: actions.act(stage.item(who), name, stage.by(who), reason)
    )


def worker(name: str) -> Door:
    """What follows from an event that workers handle."""
    return Door(nothing, lambda stage, _who, _reason: handling._system(events.locked(stage.case.pk), name), system=True)


def _ready_seal(stage: Stage) -> None:
    put_items(stage, Kind.SEAL)
    put_document(stage, IssuedDocument.State.SIGNED)


def _ready_consult(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE)


def _ready_return(stage: Stage) -> None:
    put_done(stage, "phan-cong")
    put_items(stage, Kind.DRAFT, "du-thao")


def _ready_extension(stage: Stage) -> None:
    Extension.objects.create(case=stage.case, reason="Chờ ý kiến", due_before=DUE_AT, due_after=NEW_DUE)


def _ready_reopen(stage: Stage) -> None:
    if accepted(State(stage.case.state)):
        put_done(stage, "tham-dinh")


def _ready_label(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE)


def _ready_unlabel(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE)
    stage.case.case_labels.create(label=stage.label, by=stage.others["colleague"])


def _ready_sharing(stage: Stage) -> None:
    Office.objects.filter(pk=stage.office.pk).update(shares_out=True)
    put_items(stage, Kind.APPRAISE, held=False)


def _ready_left(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE, held=False, claimed_by=stage.others["gone"], claimed_at=ACCEPTED_AT)


def _ready_silence(stage: Stage) -> None:
    put_items(stage, Kind.CONSULT, silence=True)
    WorkItem.objects.filter(case=stage.case).update(due_at=NOW - timedelta(minutes=1))


def _ready_more(stage: Stage) -> None:
    Case.objects.filter(pk=stage.case.pk).update(supplements=1)


def _ready_counter(stage: Stage) -> None:
    Case.objects.filter(pk=stage.case.pk).update(reception=stage.office)


def _move(stage: Stage, who: Who, reason: str) -> None:
    move = actions.start_move(stage.by(who), stage.case.version, stage.second_version, reason)
    actions.move_cases(move.pk)


def _announce(stage: Stage) -> None:
    link = stage.extra["document"]
    handling.announce(link.pk, IssuedDocument.objects.get(pk=link.issued_id))


def _unclaimed(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE, held=False)


def _held(stage: Stage) -> None:
    put_items(stage, Kind.APPRAISE)


def _ask(stage: Stage, who: Who, reason: str) -> None:
    office = offices.by_code("H29.141.06")
    assert office is not None
    actions.consult(stage.item(who), stage.by(who), [office.pk], reason, 8, False)


def _reopen(stage: Stage, who: Who, reason: str) -> None:
    step = "tham-dinh" if accepted(State(stage.case.state)) else "tiep-nhan"
    actions.reopen(stage.case.pk, stage.by(who), step, reason)


def _transfer(stage: Stage, who: Who, reason: str) -> None:
    other = offices.by_code("H29.140")
    assert other is not None
    actions.transfer(stage.case.pk, stage.by(who), other.pk, reason)


def _withdraw(stage: Stage, who: Who, reason: str) -> None:
    actions.request_withdrawal(stage.case, stage.by(who), reason)


def _asks(stage: Stage, who: Who, reason: str) -> None:
    item = supplements.Item(supplements.ItemKind.OTHER, "", "", "Bản vẽ")
    actions.request_supplement(stage.item(who), stage.by(who), supplements.Ask((item,), reason))


DOORS: dict[str, tuple[Door, ...]] = {
    "file": (Door(nothing, lambda s, who, _r: actions.file(s.case, s.by(who))),),
    "file_at_counter": (Door(_ready_counter, lambda s, who, _r: actions.file_at_counter(s.case, s.by(who), {})),),
    "accept": (desk("accept", Kind.RECEIVE),),
    "refuse": (desk("refuse", Kind.RECEIVE),),
    "begin": (worker("begin"),),
    "request_supplement": (Door(_held, _asks),),
    "allow_supplement": (Door(_ready_more, lambda s, who, r: actions.allow_supplement(s.case.pk, s.by(who), r)),),
    "answer_supplement": (Door(put_supplement, lambda s, who, _r: actions.answer_supplement(s.case, s.by(who), "Xin gửi sau")),),
    "supplement_lapsed": (Door(put_supplement, lambda s, _w, _r: actions.lapse(s.extra["request"].pk), system=True),),
    "request_payment": (Door(_held, lambda s, who, r: actions.request_payment(s.item(who), s.by(who), 75_000, r)),),
    "confirm_payment": (Door(_held, lambda s, who, _r: actions.confirm_payment(s.item(who), s.by(who), "BL-0012")),),
    "request_withdrawal": (Door(nothing, _withdraw),),
    "grant_withdrawal": (desk("grant_withdrawal", Kind.WITHDRAWAL),),
    "decline_withdrawal": (desk("decline_withdrawal", Kind.WITHDRAWAL),),
    "stop": (
        Door(nothing, lambda s, who, r: actions.stop_case(s.case.pk, s.by(who), r)),
        desk("stop", Kind.REVIEW),
    ),
    "prepare_extension": (Door(nothing, lambda s, who, r: actions.prepare_extension(s.case.pk, s.by(who), r, NEW_DUE)),),
    "draft_extension": (Door(nothing, lambda s, _w, r: actions.draft_extension(s.case.pk, r, NEW_DUE), system=True),),
    "extend": (Door(_ready_extension, lambda s, who, _r: actions.extend(s.case.pk, s.by(who))),),
    "transfer": (Door(nothing, _transfer),),
    "reopen": (Door(_ready_reopen, _reopen),),
    "complete": (worker("complete"),),
    "hand_over": (
        desk("hand_over", Kind.HAND_OVER),
        Door(
            lambda s: put_items(s, Kind.HAND_OVER),
            lambda s, who, _r: actions.hand_over(s.item(who), s.by(who), "counter", "Nguyễn Văn Nhận"),
        ),
    ),
    "claim": (Door(_unclaimed, lambda s, who, _r: actions.claim(s.item(who), s.by(who))),),
    "release": (
        Door(_held, lambda s, who, _r: actions.release(s.item(who), s.by(who))),
        Door(_held, lambda s, who, _r: assignment.take_back(s.item(who), s.by(who))),
    ),
    "assign": (Door(_held, lambda s, who, r: assignment.assign(s.item(who), s.others["colleague"].pk, s.by(who), r)),),
    "share_out": (Door(_ready_sharing, lambda s, who, _r: assignment.share_out_item(s.item(Power.PROCESS)), system=True),),
    "expire_claim": (Door(_ready_left, lambda s, _w, _r: assignment._return_left(s.item(Power.PROCESS)), system=True),),
    "fill_fields": (
        Door(
            lambda s: put_items(s, Kind.APPRAISE, "tham-dinh"),
            lambda s, who, _r: actions.fill_fields(s.item(who), s.by(who), {"so_tang_quy_hoach": 3}),
        ),
    ),
    "finish": (desk("finish", Kind.APPRAISE),),
    "return_step": (Door(_ready_return, lambda s, who, r: actions.return_step(s.item(who), s.by(who), "phan-cong", r)),),
    "consult": (Door(_ready_consult, _ask),),
    "call_off_consult": (
        Door(
            put_question,
            lambda s, who, r: actions.call_off_consult(s.extra["asked"].get(who, s.extra["asked"][Power.RECEIVE]), s.by(who), r),
        ),
    ),
    "silence": (Door(_ready_silence, lambda s, _w, _r: actions.count_silence(s.item(Power.PROCESS)), system=True),),
    "give_opinion": (
        desk("give_opinion", Kind.CONSULT),
        Door(
            lambda s: put_items(s, Kind.CONSULT),
            lambda s, who, _r: actions.give_opinion(s.item(who), s.by(who), "disagreed", "Chưa đủ rộng"),
        ),
    ),
    "approve": (desk("approve", Kind.APPROVE),),
    "sign": (desk("sign", Kind.SIGN),),
    "seal": (Door(_ready_seal, lambda stage, who, reason: actions.act(stage.item(who), "seal", stage.by(who), reason)),),
    "document_signed": (
        Door(lambda s: put_document(s, IssuedDocument.State.SIGNED), lambda s, _w, _r: _announce(s), system=True),
    ),
    "document_issued": (
        Door(lambda s: put_document(s, IssuedDocument.State.ISSUED), lambda s, _w, _r: _announce(s), system=True),
    ),
    "note": (Door(nothing, lambda s, who, _r: actions.write_note(s.case.pk, s.by(who), "Đã gọi điện")),),
    "label": (Door(_ready_label, lambda s, who, _r: labels.put(s.case.pk, s.label.pk, s.by(who))),),
    "unlabel": (Door(_ready_unlabel, lambda s, who, _r: labels.take_off(s.case.pk, s.label.pk, s.by(who))),),
    "send_message": (Door(nothing, lambda s, who, _r: thread.send_message(s.case.pk, s.by(who), "Xin chào")),),
    "write_message": (Door(nothing, lambda s, who, _r: thread.write_message(s.case.pk, s.by(who), "Xin chào")),),
    "move_version": (Door(nothing, _move),),
}

NOT_THEIRS = {"case.power", "DoesNotExist", "catalogue.not_editor"}
"""What somebody hears whom the table does not name: it is not for them, or they see no such case or work item."""
SAID_ONCE = {"file", "file_at_counter", "move_version"}
"""Doors at which coming again in another state changes nothing and is no mistake."""


def test_every_action_has_a_door() -> None:
    assert DOORS.keys() == BY_NAME.keys()


# What the database holds


EVERYTHING = """
SELECT row_to_json(c)::text,
  (SELECT json_agg(i ORDER BY i.id) FROM cases_workitem i WHERE i.case_id = c.id)::text,
  (SELECT json_agg(d.state) FROM cases_casedocument l JOIN documents_issueddocument d ON d.id = l.issued_id WHERE l.case_id = c.id)::text,
  (SELECT count(*) FROM cases_caseevent WHERE case_id = c.id),
  (SELECT count(*) FROM cases_supplementrequest WHERE case_id = c.id),
  (SELECT json_agg(e) FROM cases_extension e WHERE e.case_id = c.id)::text,
  (SELECT count(*) FROM cases_handover WHERE case_id = c.id),
  (SELECT count(*) FROM cases_casenote WHERE case_id = c.id),
  (SELECT count(*) FROM cases_casemessage WHERE case_id = c.id),
  (SELECT count(*) FROM cases_caselabel WHERE case_id = c.id)
FROM cases_case c WHERE c.id = %s
"""


def snapshot(case: Case) -> tuple[Any, ...]:
    """Everything an action could change, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING, [case.pk])
        return tuple(cursor.fetchone())


def attempt(door: Door, action: Action, stage: Stage, who: Who, reason: str) -> str:
    """Try it. Empty when nobody objected, else the code of the refusal."""
    try:
        # A door without a person is for workers alone, and a worker comes through no person's: all that is left to ask is the table.
        if door.system != (who == SYSTEM):
            actor = Actor.SYSTEM if who == SYSTEM else Actor.RESIDENT if who == OWNER else None
            powers = frozenset({str(who)}) if isinstance(who, Power) else frozenset[str]()
            events.allowed(action.name, stage.case, powers=powers, actor=actor, reason=reason)
            return ""
        door.call(stage, who, reason)
    except Refused as refused:
        return refused.code
    except ObjectDoesNotExist:
        return "DoesNotExist"
    return ""


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State), ids=lambda state: state.name.lower())
def test_the_database_takes_exactly_what_the_table_says(
    state: State, scene: tuple[dict[bool, Case], Callable[[Case], Stage]]
) -> None:
    bases, stage_of = scene
    wrong: list[str] = []
    with time_machine.travel(NOW, tick=False):
        case = Case.objects.get(pk=bases[state is State.DRAFT].pk)
        put_into(case, state)
        for action in TABLE:
            for number, door in enumerate(DOORS[action.name]):
                with _taken_back():
                    stage = stage_of(Case.objects.select_related("version__procedure", "agency__parent").get(pk=case.pk))
                    put_done(stage, "tiep-nhan")
                    door.ready(stage)
                    stage.case = Case.objects.select_related("version__procedure", "agency__parent").get(pk=case.pk)
                    wrong += [f"{action.name}[{number}] {problem}" for problem in _try_everybody(action, door, stage, state)]
    assert not wrong, "\n".join(wrong)


class _Back(Exception):
    """Takes back what was done since the savepoint."""


class _taken_back:
    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None:
            self._atomic.__exit__(kind, error, trace)
            return
        with suppress(_Back):
            self._atomic.__exit__(_Back, _Back(), None)


def _try_everybody(action: Action, door: Door, stage: Stage, state: State) -> Iterator[str]:
    before = snapshot(stage.case)
    for who in EVERYBODY:
        may = permitted(action, who)
        if may and state in action.sources:
            with _taken_back():
                yield from (f"{who}: {problem}" for problem in _done(action, door, stage, state, who))
            if action.needs_reason and not _asks_no_reason(action.name):
                code = attempt(door, action, stage, who, " ")
                if code not in ("case.reason", "consult.question", "move.reason"):
                    yield f"{who}: without a reason: {code or 'taken'}"
            continue
        code = attempt(door, action, stage, who, REASON)
        if may and code not in _too_late(action, door, state):
            yield f"{who}: in a wrong state: {code or 'taken'}"
        if not may and code not in NOT_THEIRS:
            yield f"{who}: not for them: {code or 'taken'}"
    if snapshot(stage.case) != before:
        yield f"something changed although it was refused: {before} {snapshot(stage.case)}"


def _too_late(action: Action, door: Door, state: State) -> set[str]:
    """What somebody hears whom the table names, in another state; workers and those who come again may hear nothing at all."""
    heard = {"case.state"}
    if door.system or action.name in SAID_ONCE:
        heard.add("")
    if action.name in ("label", "unlabel") and state is State.DRAFT:
        heard.add("DoesNotExist")  # A draft is not a case of any office yet.
    return heard


def _asks_no_reason(name: str) -> bool:
    """The reason of an extension was given when it was prepared."""
    return name == "extend"


def _done(action: Action, door: Door, stage: Stage, state: State, who: Who) -> Iterator[str]:
    """What is wrong after an action that the table allows."""
    before = Case.objects.get(pk=stage.case.pk)
    if code := attempt(door, action, stage, who, REASON):
        yield f"refused: {code}"
        return
    case = Case.objects.get(pk=before.pk)
    written = list(CaseEvent.objects.filter(case=case, sequence__gt=before.last_event))
    if [event.action for event in written] != [action.name]:
        yield f"events {[event.action for event in written]}"
        return
    event = written[0]
    if (event.sequence, event.from_state, event.to_state, event.at) != (before.last_event + 1, state, case.state, NOW):
        yield f"event {event.sequence} {event.from_state} {event.to_state}"
    if event.actor != (None if who == SYSTEM else stage.by(who)):
        yield f"done by {event.actor}"
    if case.state != (wanted := _target(action, state)):
        yield f"led to {case.state} instead of {wanted}"
    if not queries.chain_is_intact(case):
        yield "chain broken"
    yield from _clock(action, state, before, case)


def _target(action: Action, state: State) -> State:
    match action.target:
        case Target.SAME:
            return state
        case Target.BACK:
            return State.IN_PROGRESS
        case Target.REOPENED:
            return State.IN_PROGRESS if accepted(state) else State.FILED
        case _:
            return State(action.target)


def _clock(action: Action, state: State, before: Case, case: Case) -> Iterator[str]:
    """What the action did to the clock, against what it must be for these moments."""

    def told(one: Case) -> tuple[Any, ...]:
        return (one.accepted_at, one.due_at, one.paused_at, one.paused_minutes, one.completed_at, one.worked_minutes)

    stood, later = (120, LATER_BY_PAUSE) if state in PAUSED else (0, DUE_AT)
    match action.clock:
        case Clock.NONE:
            wanted = told(before)
            if action.name == "extend":
                wanted = (wanted[0], NEW_DUE, *wanted[2:])
        case Clock.START:
            # Fifteen days by the calendar, and the last of them is a Thursday.
            wanted = (NOW, at(25, 17, 30), None, 0, None, None)
        case Clock.PAUSE:
            wanted = (before.accepted_at, before.due_at, before.paused_at or NOW, 0, None, None)
        case Clock.RESUME:
            wanted = (ACCEPTED_AT, later, None, stood, None, None)
        case Clock.STOP if not accepted(state):
            wanted = (None, None, None, 0, None, None)
        case Clock.STOP:
            wanted = (ACCEPTED_AT, later, None, stood, NOW, WORKED_UNTIL_NOW - stood)
        case Clock.REOPEN if not accepted(state):
            wanted = (None, None, None, 0, None, None)
        case Clock.REOPEN:
            wanted = (ACCEPTED_AT, LATER_BY_ENDING, None, 60, None, None)
    if told(case) != wanted:
        yield f"clock {[str(one) for one in told(case)]} instead of {[str(one) for one in wanted]}"
    if (case.closed_at is None) == (State(case.state) in CLOSED):
        yield f"closed at {case.closed_at}"


# The page


def _cell(action: Action, state: State) -> str:
    return "".join(LETTERS[who] for who in EVERYBODY if permitted(action, who) and state in action.sources) or "·"


def test_the_page_shows_every_triple() -> None:
    states = list(State)
    lines = [f"| {LETTERS[who]} | {who.replace('_', ' ')} |" for who in EVERYBODY]
    legend = "\n".join(["| Letter | Who |", "|---|---|", *lines])
    heads = " | ".join(f"{int(state)} {state.name.lower().replace('_', ' ')}" for state in states)
    rows = [f"| {action.name} | {' | '.join(_cell(action, state) for state in states)} |" for action in TABLE]
    matrix = "\n".join([f"| Action | {heads} |", f"|{'---|' * (len(states) + 1)}", *rows])
    every = len(states) * len(TABLE) * len(EVERYBODY)
    allowed = sum(permitted(action, who) for action in TABLE for _state in action.sources for who in EVERYBODY)
    count = f"{every:,} triples: {allowed:,} allowed, {every - allowed:,} refused."
    printed = f"{MARK}\n\n{count}\n\n{legend}\n\n{matrix}\n"
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(head + printed, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == head + printed
