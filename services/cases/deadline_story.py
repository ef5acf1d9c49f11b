"""RULE: why an answer is due when it is: each thing that set or moved the date, in order, so that together they give it.

The story is told from the record of the case and the calendar alone. Where it comes to another date than the one that was promised
(the calendar was changed afterwards, or the case passed to an agency with other days off), it says so and ends with the promise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from services.cases import lifecycle
from services.cases.deadlines import (
    HERE,
    LATE,
    SAME_DAY_UNTIL,
    Calendar,
    Unit,
    add_minutes,
    clock_start,
    due,
    minutes_between,
)
from services.cases.lifecycle import Clock, State


class Start(StrEnum):
    """Why the clock started when it did."""

    AT_ONCE = "at_once"
    OPENING = "opening"
    """It came before the office opened, or in the break."""
    LAST_HOUR = "last_hour"
    SAME_DAY = "same_day"
    """A same-day procedure, received too late to be answered that day."""
    CLOSED = "closed"
    """After hours."""
    DAY_OFF = "day_off"


class Part(StrEnum):
    """What a line of the story is about."""

    LIMIT = "limit"
    PAUSE = "pause"
    STANDING = "standing"
    """A pause that has not ended."""
    RESTART = "restart"
    EXTENSION = "extension"
    REOPENED = "reopened"
    RECOUNTED = "recounted"


@dataclass(frozen=True, slots=True)
class Turn:
    """An entry of the record that may touch the clock; `new_due` where it set another date."""

    action: str
    at: datetime
    after: State
    new_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One part: from when to when, the working minutes it put on the date, and the date as it stood afterwards."""

    part: Part
    since: datetime
    until: datetime
    minutes: int
    due: datetime
    action: str = ""
    start: Start = Start.AT_ONCE


@dataclass(frozen=True, slots=True)
class Day:
    """A day between start and end on which offices do not work although it is no weekend, or work although it is one."""

    day: date
    works: bool
    name: str = ""


class Piece(StrEnum):
    """What a piece of the meter stands for."""

    USED = "used"
    PAUSED = "paused"
    LEFT = "left"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the meter in working minutes; `x` and `width` are hundredths of its whole length."""

    piece: Piece
    minutes: int
    x: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Story:
    """The whole explanation. `lines[-1].due` is `due_at`."""

    received_at: datetime
    started_at: datetime
    due_at: datetime
    lines: tuple[Line, ...]
    days: tuple[Day, ...]
    weekend_days: int
    spans: tuple[Span, ...]

    def minutes(self, piece: Piece) -> int:
        """Working minutes of all pieces of one kind."""
        return sum(span.minutes for span in self.spans if span.piece is piece)


@dataclass
class _Telling:
    """The clock as the record turns it."""

    value: int
    unit: Unit
    calendar: Calendar
    same_day: bool
    restarts: bool
    received: datetime | None = None
    started: datetime | None = None
    due: datetime | None = None
    paused: Turn | None = None
    stopped: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    still: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When the clock stood still since it last started."""

    def take(self, turn: Turn) -> None:
        row = lifecycle.BY_NAME[turn.action]
        match row.clock:
            case Clock.START:
                self.start(turn, Part.LIMIT)
            case Clock.PAUSE:
                self.paused = self.paused or turn
            case Clock.RESUME if turn.after not in lifecycle.PAUSED:
                self.resume(turn.at)
                if turn.action == "answer_supplement" and self.restarts and self.started:
                    self.start(turn, Part.RESTART)
            case Clock.STOP:
                self.resume(turn.at)
                self.stopped = turn.at if self.started else None
            case Clock.REOPEN:
                since, self.stopped = self.stopped or turn.at, None
                self.move(Part.REOPENED, since, turn.at, turn.action)
        if turn.new_due is not None and self.due is not None:
            before, self.due = self.due, turn.new_due.astimezone(HERE)
            added = minutes_between(before, self.due, self.calendar)
            self.lines.append(Line(Part.EXTENSION, before, self.due, added, self.due, turn.action))

    def start(self, turn: Turn, part: Part) -> None:
        self.received = turn.at.astimezone(HERE)
        self.started = clock_start(turn.at, self.calendar, same_day=self.same_day)
        self.due = due(self.started, self.value, self.unit, self.calendar)
        self.still = []
        why = why_then(turn.at, self.calendar, same_day=self.same_day)
        minutes = minutes_between(self.started, self.due, self.calendar)
        self.lines.append(Line(part, self.started, self.due, minutes, self.due, turn.action, why))

    def resume(self, at: datetime) -> None:
        paused, self.paused = self.paused, None
        if paused is not None:
            self.move(Part.PAUSE, paused.at, at, paused.action)

    def move(self, part: Part, since: datetime, until: datetime, action: str) -> None:
        """The clock stood still, and the date moves by the working minutes it did."""
        if self.due is None or self.started is None:
            return
        # Before the clock starts there is nothing to stand still.
        since = max(since, self.started)
        until = max(since, until)
        lost = minutes_between(since, until, self.calendar)
        self.due = add_minutes(self.due, lost, self.calendar)
        self.still.append((since, until))
        self.lines.append(Line(part, since.astimezone(HERE), until.astimezone(HERE), lost, self.due, action))


def explain(
    turns: Iterable[Turn],
    value: int,
    unit: Unit,
    calendar: Calendar,
    *,
    now: datetime,
    same_day: bool = False,
    restarts: bool = False,
    promised: datetime | None = None,
    names: Mapping[date, str] | None = None,
) -> Story | None:
    """Why the answer is due when it is; None before the clock has started. `names` say what days off are for."""
    telling = _Telling(value, unit, calendar, same_day, restarts)
    for turn in turns:
        telling.take(turn)
    if telling.started is None or telling.received is None or telling.due is None:
        return None
    if promised is not None and promised != telling.due:
        before, telling.due = telling.due, promised.astimezone(HERE)
        telling.lines.append(Line(Part.RECOUNTED, before, telling.due, 0, telling.due))
    if telling.paused is not None:
        since = max(telling.paused.at, telling.started).astimezone(HERE)
        until = max(since, now.astimezone(HERE))
        stood = minutes_between(since, until, calendar)
        telling.lines.append(Line(Part.STANDING, since, until, stood, telling.due, telling.paused.action))
    first, last = telling.started.date(), telling.due.date()
    return Story(
        received_at=telling.received,
        started_at=telling.started,
        due_at=telling.due,
        lines=tuple(telling.lines),
        days=_days(first, last, calendar, names or {}),
        weekend_days=sum(1 for day in _each(first, last) if day.weekday() > 4 and not calendar.works(day)),
        spans=_spans(telling, now),
    )


def why_then(received: datetime, calendar: Calendar, *, same_day: bool = False) -> Start:
    """Why something received at that moment counts from when `clock_start` says."""
    here = received.astimezone(HERE)
    closing = calendar.closing(here.date())
    if not calendar.works(here.date()):
        return Start.DAY_OFF
    if here >= closing:
        return Start.CLOSED
    if same_day:
        if here >= datetime.combine(here.date(), SAME_DAY_UNTIL, HERE):
            return Start.SAME_DAY
    elif here >= closing - LATE:
        return Start.LAST_HOUR
    return Start.AT_ONCE if clock_start(received, calendar, same_day=same_day) == here else Start.OPENING


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _days(first: date, last: date, calendar: Calendar, names: Mapping[date, str]) -> tuple[Day, ...]:
    off = {day for day in calendar.days_off if first <= day <= last and day.weekday() < 5 and not calendar.works(day)}
    made_up = {day for day in calendar.make_up_days if first <= day <= last and (day.weekday() > 4 or day in calendar.days_off)}
    return tuple(Day(day, day in made_up, names.get(day, "")) for day in sorted(off | made_up))


def _spans(telling: _Telling, now: datetime) -> tuple[Span, ...]:
    """The meter from the start to the promised minute, or to now where that is later; in the order things happened."""
    assert telling.started is not None
    assert telling.due is not None
    calendar, here = telling.calendar, telling.started
    found: list[Span] = []
    for since, until in telling.still:
        found.append(Span(Piece.USED, minutes_between(here, since, calendar)))
        found.append(Span(Piece.PAUSED, minutes_between(since, until, calendar)))
        here = max(here, until)
    end = max(telling.paused.at, here) if telling.paused else telling.stopped or now
    found.append(Span(Piece.USED, minutes_between(here, end, calendar)))
    if telling.paused is not None:
        found.append(Span(Piece.PAUSED, minutes_between(end, now, calendar)))
    left = minutes_between(max(end, telling.started), telling.due, calendar)
    found.append(Span(Piece.LEFT, left))
    over = minutes_between(telling.due, end, calendar)
    return _laid_out([span for span in _late(found, over) if span.minutes])


def _late(spans: Sequence[Span], over: int) -> list[Span]:
    """The same with the last `over` used minutes marked as too many."""
    found: list[Span] = []
    for span in reversed(spans):
        late = min(over, span.minutes) if span.piece is Piece.USED else 0
        over -= late
        found += [Span(Piece.OVER, late), replace(span, minutes=span.minutes - late)]
    return list(reversed(found))


def _laid_out(spans: Sequence[Span]) -> tuple[Span, ...]:
    whole = sum(span.minutes for span in spans) or 1
    starts = [0, *accumulate(span.minutes for span in spans)]
    return tuple(
        replace(span, x=round(100 * start / whole, 2), width=round(100 * span.minutes / whole, 2))
        for span, start in zip(spans, starts, strict=False)
    )
