"""The explanation of a promised date: its parts add up to the date, and each says why it is there."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases import deadlines
from services.cases.deadline_story import Part, Piece, Start, Story, Turn, explain, why_then
from services.cases.deadlines import HERE, Calendar, Unit
from services.cases.lifecycle import State
from tests.services.cases.test_deadlines import NOVEMBER_2026, at, calendars, moments


def told(*turns: Turn, days: int = 3, calendar: Calendar = NOVEMBER_2026, now: str = "2026-11-23T09:00", **more: object) -> Story:
    story = explain(turns, days, Unit.WORKING_DAY, calendar, now=at(now), **more)  # type: ignore[arg-type]
    assert story is not None
    return story


ACCEPTED = Turn("accept", at("2026-11-20T09:30"), State.ACCEPTED)


def test_the_worked_example_says_why() -> None:
    story = told(ACCEPTED, names={date(2026, 11, 24): "Ngày Văn hóa Việt Nam"})
    assert story.due_at == at("2026-11-26T09:30")
    assert [(line.part, line.minutes) for line in story.lines] == [(Part.LIMIT, 3 * 480)]
    assert [(day.day, day.works, day.name) for day in story.days] == [(date(2026, 11, 24), False, "Ngày Văn hóa Việt Nam")]
    assert story.weekend_days == 2
    assert story.minutes(Piece.USED) == 6 * 60 + 90
    assert story.minutes(Piece.LEFT) == 3 * 480 - 6 * 60 - 90


@pytest.mark.parametrize(
    ("received", "same_day", "why"),
    [
        ("2026-11-20T09:30", False, Start.AT_ONCE),
        ("2026-11-20T06:00", False, Start.OPENING),
        ("2026-11-20T12:15", False, Start.OPENING),
        ("2026-11-20T16:30", False, Start.LAST_HOUR),
        ("2026-11-20T18:00", False, Start.CLOSED),
        ("2026-11-20T16:30", True, Start.SAME_DAY),
        ("2026-11-20T14:59", True, Start.AT_ONCE),
        ("2026-11-21T09:00", False, Start.DAY_OFF),
        ("2026-11-24T09:00", False, Start.DAY_OFF),
    ],
)
def test_why_the_clock_did_not_start_at_once(received: str, same_day: bool, why: Start) -> None:
    assert why_then(at(received), NOVEMBER_2026, same_day=same_day) is why


def test_nothing_is_told_before_acceptance() -> None:
    asked = Turn("request_supplement", at("2026-11-20T09:30"), State.SUPPLEMENT)
    assert explain([asked], 3, Unit.WORKING_DAY, NOVEMBER_2026, now=at("2026-11-23T09:00")) is None


def test_pauses_extension_and_restart_are_lines_of_their_own() -> None:
    asked = Turn("request_supplement", at("2026-11-20T10:30"), State.SUPPLEMENT)
    answered = Turn("answer_supplement", at("2026-11-20T14:30"), State.ACCEPTED)
    extended = Turn("extend", at("2026-11-23T08:00"), State.IN_PROGRESS, at("2026-12-01T17:00"))
    story = told(ACCEPTED, asked, answered, extended)
    assert [(line.part, line.minutes) for line in story.lines][:2] == [(Part.LIMIT, 1440), (Part.PAUSE, 120)]
    assert story.lines[1].due == at("2026-11-26T11:30")
    assert story.lines[2].part is Part.EXTENSION
    assert story.due_at == at("2026-12-01T17:00")
    again = told(ACCEPTED, asked, answered, restarts=True)
    assert again.lines[-1].part is Part.RESTART
    assert again.started_at == at("2026-11-20T14:30")
    assert again.minutes(Piece.PAUSED) == 0


def test_a_withdrawal_asked_for_during_a_supplement_is_one_pause() -> None:
    story = told(
        ACCEPTED,
        Turn("request_supplement", at("2026-11-20T10:30"), State.SUPPLEMENT),
        Turn("request_withdrawal", at("2026-11-20T11:00"), State.WITHDRAWAL),
        Turn("decline_withdrawal", at("2026-11-20T11:15"), State.SUPPLEMENT),
        now="2026-11-20T11:30",
    )
    assert [(line.part, line.minutes) for line in story.lines] == [(Part.LIMIT, 1440), (Part.STANDING, 60)]
    assert story.minutes(Piece.USED) == 60


def test_time_after_the_promise_is_shown_as_too_much() -> None:
    story = told(ACCEPTED, days=1, now="2026-11-23T10:30")
    assert (story.minutes(Piece.USED), story.minutes(Piece.OVER), story.minutes(Piece.LEFT)) == (480, 60, 0)


def test_another_date_in_the_case_is_admitted() -> None:
    story = told(ACCEPTED, promised=at("2026-11-27T09:30"))
    assert story.lines[-1].part is Part.RECOUNTED
    assert story.due_at == at("2026-11-27T09:30")


gaps = st.integers(0, 6 * 24 * 60)
pauses = st.lists(st.tuples(gaps, gaps), max_size=4)


@settings(max_examples=200, deadline=None)
@given(moments, pauses, st.integers(1, 20), calendars, gaps, st.booleans())
def test_the_parts_add_up_to_the_date(
    accepted: datetime, pauses: list[tuple[int, int]], days: int, calendar: Calendar, later: int, closed: bool
) -> None:
    """Against the clock as the case itself is written: every pause moves the date by the working minutes it took since the start."""
    turns = [Turn("accept", accepted, State.ACCEPTED)]
    started = deadlines.clock_start(accepted, calendar)
    due, moment = deadlines.due(started, days, Unit.WORKING_DAY, calendar), accepted
    for before, length in pauses:
        since = moment + timedelta(minutes=before)
        moment = since + timedelta(minutes=length)
        turns.append(Turn("request_payment", since, State.PAYMENT))
        turns.append(Turn("confirm_payment", moment, State.IN_PROGRESS))
        due = deadlines.add_minutes(due, deadlines.minutes_between(max(since, started), moment, calendar), calendar)
    if closed:
        turns.append(Turn("stop", moment, State.STOPPED))
        turns.append(Turn("reopen", moment + timedelta(minutes=later), State.IN_PROGRESS))
        stopped, moment = max(moment, started), moment + timedelta(minutes=later)
        due = deadlines.add_minutes(due, deadlines.minutes_between(stopped, moment, calendar), calendar)
    now = moment + timedelta(minutes=later)
    story = explain(turns, days, Unit.WORKING_DAY, calendar, now=now, promised=due)
    assert story is not None
    assert story.due_at == due == story.lines[-1].due
    assert Part.RECOUNTED not in {line.part for line in story.lines}
    assert deadlines.minutes_between(story.started_at, story.due_at, calendar) == sum(line.minutes for line in story.lines)
    assert all(one.due <= two.due for one, two in zip(story.lines, story.lines[1:], strict=False))
    assert sum(span.width for span in story.spans) == pytest.approx(100, abs=0.2) or not story.spans
    assert all(span.minutes > 0 for span in story.spans)
    allowed = sum(line.minutes for line in story.lines if line.part is Part.LIMIT)
    if started <= now and not any(since < started for since in (turn.at for turn in turns[1:])):
        assert story.minutes(Piece.USED) + story.minutes(Piece.LEFT) == allowed
    assert story.started_at.tzinfo is HERE
