"""A city with a long history: as many cases as wanted, with work items and events whose chains are intact, for measuring.

Rows are copied straight into the tables, by several processes, with indexes made afterwards. Everything real goes through the
actions; this is the one place that does not, and it refuses a database that real people use.
"""

import json
import multiprocessing
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Max

from identity.offices import queries as offices
from identity.people.models import Person
from identity.trail import chain
from portal.dev import many_part
from portal.kit import clock
from portal.kit.folding import fold
from services.cases import deadlines, numbering, routing, searching
from services.cases.lifecycle import State
from services.cases.models import Case, CaseEvent, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.page import Desks
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version
from services.forms import sample
from services.forms.definition import parse

YEARS = 3
MOST_STEPS = 12
MOST_EVENTS = 32
PER_PERSON = 5
SECONDARY: tuple[type[models.Model], ...] = (Case, CaseEvent, WorkItem)
SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"]
WEIGHTS = (38, 12, 10, 7, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 1)
MIDDLES = ["Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc", "Thu", "Đức", "Kim", "Xuân", "Hồng"]
GIVEN = [
    "An",
    "Anh",
    "Bình",
    "Châu",
    "Cường",
    "Dung",
    "Dũng",
    "Đạt",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiếu",
    "Hoa",
    "Hòa",
    "Hùng",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Nhung",
    "Oanh",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
    "Thảo",
    "Trang",
    "Tuấn",
    "Vy",
    "Yến",
]


Header = tuple[list[str], dict[str, str]]
"""Columns of a table, and the text of what each holds when nothing is said."""
Headers = dict[type[models.Model], Header]


class NotForThis(Exception):
    """The database is not one to be filled with made-up cases."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One step of a route at the office that does it, with somebody who may."""

    step: routing.Step
    office: int
    person: int


@dataclass(frozen=True, slots=True)
class Line:
    """A version at an agency: everything its cases have in common."""

    version: int
    agency: int
    agency_code: str
    limit: tuple[int, str]
    desks: tuple[Desk, ...]
    answers: Mapping[str, Any]
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one process makes: cases `first` to `last` of `count`, of which the newest `open_cases` are still open."""

    first: int
    last: int
    count: int
    open_cases: int
    case_id: int
    item_id: int
    event_id: int
    person_id: int
    people: int
    since: date
    until: datetime


def make_cases(count: int, open_cases: int, processes: int) -> None:
    """Add that many cases. Raises NotForThis outside a development or measuring database."""
    if not settings.DEVELOPMENT:
        raise NotForThis("made-up cases belong into a development database")
    now = clock.now()
    people = max(1, count // PER_PERSON)
    plan = Plan(
        first=0,
        last=count,
        count=count,
        open_cases=min(open_cases, count),
        case_id=_next(Case),
        item_id=_next(WorkItem),
        event_id=_next(CaseEvent),
        person_id=_next(Person),
        people=people,
        since=(now - timedelta(days=365 * YEARS)).date(),
        until=now,
    )
    with _without_indexes(SECONDARY):
        _make_people(plan)
        share = -(-count // processes)
        slices = [replace(plan, first=start, last=min(start + share, count)) for start in range(0, count, share)]
        connection.close()
        if len(slices) == 1:
            make_part(slices[0])
        else:
            with multiprocessing.get_context("spawn").Pool(processes) as pool:
                pool.map(many_part.make, [asdict(part) for part in slices])
    _counters(plan)
    _settle()


def _next(model: type[models.Model]) -> int:
    found = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return int(found) + 1


@contextmanager
def _without_indexes(wanted: Iterable[type[models.Model]]) -> Iterator[None]:
    """Indexes that no constraint needs are dropped and made again at once, which is many times quicker."""
    tables = [model._meta.db_table for model in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
            [tables],
        )
        found = cursor.fetchall()
        for name, _made_by in found:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for _name, made_by in found:
                cursor.execute(made_by)


def _settle() -> None:
    changed: tuple[type[models.Model], ...] = (Person, *SECONDARY)
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in changed]:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            cursor.execute(f"VACUUM ANALYZE {table}")


def _counters(plan: Plan) -> None:
    """The next real number of a day comes after the made-up ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (agency_code, day, last) "
            "SELECT split_part(number, '-', 1), to_date(split_part(number, '-', 2), 'YYMMDD'), "
            "max(split_part(number, '-', 3)::int) FROM cases_case WHERE id >= %s GROUP BY 1, 2 "
            "ON CONFLICT (agency_code, day) DO UPDATE SET last = greatest(cases_numbercounter.last, excluded.last)",
            [plan.case_id],
        )


# Who files, and where


def _name(number: int) -> str:
    dice = random.Random(number)
    surname = dice.choices(SURNAMES, WEIGHTS)[0]
    return f"{surname} {dice.choice(MIDDLES)} {dice.choice(GIVEN)}"


def _make_people(plan: Plan) -> None:
    base = {"password": "!", "kind": "resident", "language": "vi", "is_active": True, "date_joined": plan.until}

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(plan.people):
            pk = plan.person_id + number
            yield {
                **base,
                "id": pk,
                "full_name": _name(pk),
                # Ward, century and year as in real ones; the rest is a counter, beyond those of the demonstration.
                "personal_number": f"0791{pk // 1_000_000 % 100:02d}{pk % 1_000_000:06d}",
            }

    _copy(Person, rows())


def _lines() -> list[Line]:
    """Every published version at every agency that handles it, where the whole route leads to staffed offices."""
    found = []
    for procedure in Procedure.objects.filter(current__isnull=False).select_related("current"):
        version = procedure.current
        assert version is not None
        for agency in catalogue.agencies_for(version):
            if line := _line(version, agency):
                found.append(line)
    return sorted(found, key=lambda line: (len(line.desks), line.version, line.agency))


def _line(version: Version, agency: Any) -> Line | None:
    definition = parse(version.form)
    answers = sample.answers(definition, clock.today())
    places = Desks(Case(version=version, agency=agency, answers=answers))
    desks = []
    for step in routing.route(version.route):
        office = places.office(step)
        holder = offices.holders(office, step.power).order_by("pk").first() if office else None
        if office is None or holder is None:
            return None
        desks.append(Desk(step, office.pk, holder.pk))
    if not 2 <= len(desks) <= MOST_STEPS:
        return None
    kept = definition.kept(answers)
    limit = (version.limit_value, version.limit_unit)
    return Line(version.pk, agency.pk, agency.code, limit, tuple(desks), kept, tuple(searching.tokens("", (), kept)))


# Rows


def make_part(plan: Plan) -> None:
    """Write the cases of a plan."""
    lines = _lines()
    cases: list[str] = []
    items: list[str] = []
    events: list[str] = []
    headers: Headers = {model: _header(model) for model in SECONDARY}
    for number in range(plan.first, plan.last):
        _case(plan, number, lines, headers, cases, items, events)
        if len(cases) == 5000:
            _flush(headers, cases, items, events)
    _flush(headers, cases, items, events)
    connection.close()


def _flush(headers: Headers, *parts: list[str]) -> None:
    for model, lines in zip(SECONDARY, (parts[0], parts[2], parts[1]), strict=True):
        _write(model, headers[model][0], lines)
        lines.clear()


def _write(model: type[models.Model], columns: list[str], lines: Iterable[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        # Foreign keys are right by construction; checking them row by row would take most of the time.
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
            copy.write("".join(lines))


def _copy(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    columns, defaults = _header(model)
    batch: list[str] = []
    for row in rows:
        batch.append(_text(columns, defaults, row))
        if len(batch) == 20000:
            _write(model, columns, batch)
            batch.clear()
    _write(model, columns, batch)


def _header(model: type[models.Model]) -> Header:
    fields = [field for field in model._meta.concrete_fields if field.column]
    defaults = {}
    for field in fields:
        value = field.get_default()
        defaults[field.column] = _value("" if value is None and not field.null and isinstance(field, models.CharField) else value)
    return [field.column for field in fields], defaults


def _text(columns: list[str], defaults: Mapping[str, str], row: Mapping[str, Any]) -> str:
    return "\t".join(_value(row[name]) if name in row else defaults[name] for name in columns) + "\n"


def _value(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


@cache
def _due(hour: datetime, limit: tuple[int, str], agency: int) -> datetime:
    calendar = calendar_of(None)
    start = deadlines.clock_start(hour, calendar)
    return deadlines.due(start, limit[0], deadlines.Unit(limit[1]), calendar).astimezone(UTC)


def _case(
    plan: Plan,
    number: int,
    lines: list[Line],
    headers: Headers,
    cases: list[str],
    items: list[str],
    events: list[str],
) -> None:
    dice = random.Random(number)
    # Short routes are the everyday ones.
    line = lines[min(int(len(lines) * dice.random() ** 2), len(lines) - 1)]
    closed_before = plan.count - plan.open_cases
    is_open = number >= closed_before
    days = (plan.until.date() - plan.since).days - 20
    if is_open:
        back = 15 * (1 - (number - closed_before + 1) / plan.open_cases)
        filed = plan.until - timedelta(days=back, minutes=60 + dice.randrange(60))
    else:
        day = plan.since + timedelta(days=days * number // max(1, closed_before))
        filed = datetime.combine(day, time(1), UTC) + timedelta(minutes=dice.randrange(540))
    pk = plan.case_id + number
    person = plan.person_id + dice.randrange(plan.people)
    name = _name(person)
    # The counter of the whole history is unique within every agency and day.
    case_number = numbering.case_number(line.agency_code, clock.local(filed).date(), number % 1_000_000 + 1)
    progress = dice.randrange(len(line.desks)) if is_open else len(line.desks)
    accepted = filed + timedelta(hours=2)
    due = _due(accepted.replace(minute=0, second=0, microsecond=0), line.limit, line.agency)
    log = _Log(plan.event_id + number * MOST_EVENTS, pk, headers[CaseEvent], events)
    log.add(filed, "file", 0, 1, person, None, None)
    state, at = int(State.FILED), accepted
    for place, desk in enumerate(line.desks[: progress + 1]):
        item = plan.item_id + number * MOST_STEPS + place
        done = place < progress
        finished = at + timedelta(hours=1 + dice.randrange(20)) if done else None
        held = done or dice.random() < 0.4
        items.append(
            _text(
                *headers[WorkItem],
                {
                    "id": item,
                    "case_id": pk,
                    "step": desk.step.key,
                    "round": 1,
                    "position": place,
                    "title": desk.step.title,
                    "kind": desk.step.kind.value,
                    "power": desk.step.power.value,
                    "office_id": desk.office,
                    "agency_id": line.agency,
                    "state": "done" if done else "open",
                    "hours": desk.step.hours,
                    "opened_at": at,
                    "due_at": _due(at.replace(minute=0, second=0, microsecond=0), (8, "working_hour"), line.agency),
                    "claimed_by_id": desk.person if held else None,
                    "claimed_at": at if held else None,
                    "touched_at": at if held else None,
                    "finished_by_id": desk.person if done else None,
                    "finished_at": finished,
                },
            )
        )
        if not done:
            break
        assert finished is not None
        at = finished
        action = routing.ACTIONS_OF_KIND[desk.step.kind][0]
        if action == "hand_over":
            log.add(at, "complete", state, 9, None, None, None)
            state = int(State.COMPLETED)
        after = {"accept": 2, "hand_over": 10}.get(action, state)
        log.add(at, action, state, after, desk.person, desk.office, item)
        state = after
        if action == "accept":
            log.add(at, "begin", 2, 4, None, None, None)
            state = 4
    is_accepted = state != State.FILED
    cases.append(
        _text(
            *headers[Case],
            {
                "id": pk,
                "key": f"{dice.getrandbits(128):032x}",
                "number": case_number,
                "version_id": line.version,
                "applicant_id": person,
                "agency_id": line.agency,
                "answers": {**line.answers},
                "subject_name": name,
                "subject_folded": fold(name),
                "search": _vector(case_number, name, line),
                "state": state,
                "created_at": filed,
                "saved_at": filed,
                "filed_at": filed,
                "accepted_at": accepted if is_accepted else None,
                "clock_started_at": accepted if is_accepted else None,
                "due_at": due if is_accepted else None,
                "completed_at": None if is_open else at,
                "closed_at": None if is_open else at,
                "worked_minutes": None if is_open else 60 * len(line.desks),
                "last_event": log.sequence,
                "last_hash": log.previous,
            },
        )
    )


def _vector(number: str, name: str, line: Line) -> str:
    words = {*searching.tokens(number, (name,), {}), *line.tokens}
    return " ".join(f"'{word}'" for word in sorted(words))


class _Log:
    """The events of one case, each with its hash."""

    def __init__(self, first: int, case: int, header: Header, into: list[str]) -> None:
        self.first, self.case, self.header, self.into = first, case, header, into
        self.sequence, self.previous = 0, chain.GENESIS

    def add(
        self, at: datetime, action: str, before: int, after: int, actor: int | None, office: int | None, item: int | None
    ) -> None:
        """Write the next one down."""
        self.sequence += 1
        content = {
            "case": self.case,
            "sequence": self.sequence,
            "at": at.isoformat(),
            "action": action,
            "from": before,
            "to": after,
            "actor": actor,
            "office": office,
            "work_item": item,
            "note": "",
            "data": {},
        }
        hashed = chain.digest(self.previous, content)
        row = {
            "id": self.first + self.sequence - 1,
            "sequence": self.sequence,
            "at": at,
            "previous_hash": self.previous,
            "hash": hashed,
            "case_id": self.case,
            "action": action,
            "from_state": before,
            "to_state": after,
            "actor_id": actor,
            "office_id": office,
            "work_item_id": item,
            "handled_at": at,
        }
        self.into.append(_text(*self.header, row))
        self.previous = hashed
