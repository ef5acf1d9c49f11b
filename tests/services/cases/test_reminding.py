"""The promise: officials are reminded at the hours of work that are left, and an apology is proposed only where a date cannot be kept."""

from datetime import date, datetime

import pytest

from services.cases import reminding, routing
from services.cases.deadlines import HERE, Calendar
from services.cases.reminding import Stage

CALENDAR = Calendar(days_off=frozenset({date(2026, 11, 24)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("total", "near"), [(60, 30), (240, 120), (480, 240), (600, 240), (2400, 480), (4800, 960), (24000, 960)]
)
def test_near_is_a_fifth_or_four_hours(total: int, near: int) -> None:
    assert reminding.near_minutes(total) == near


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        ("20T09:29", Stage.NOTHING),
        ("20T09:30", Stage.UNOPENED),
        ("20T13:29", Stage.NEAR),
        ("20T17:30", Stage.NEAR),
        ("20T17:31", Stage.MISSED),
        ("23T17:29", Stage.MISSED),
        ("23T17:30", Stage.MISSED + 1),
        ("25T17:29", Stage.MISSED + 1),
        ("25T17:30", Stage.MISSED + 2),
    ],
)
def test_stages_of_the_check_of_a_case_filed_in_the_night(now: str, stage: int) -> None:
    opened, due = at("19T22:00"), at("20T17:30")
    assert reminding.stage(opened, due, 480, at(now), CALENDAR, unopened=True) == stage


def test_somebody_who_took_it_has_opened_it() -> None:
    assert reminding.stage(at("20T07:30"), at("20T17:30"), 480, at("20T11:00"), CALENDAR) is Stage.NOTHING


def step(key: str, hours: float | None, *, group: str = "", kind: str = "appraise", when: object = None) -> dict[str, object]:
    return {"key": key, "title": key, "kind": kind, "office": {}, "hours": hours, "group": group, "when": when}


ROUTE = routing.route(
    [
        step("receive", 8, kind="receive"),
        step("appraise", 16),
        step("fire", 8, group="asked", kind="consult"),
        step("roads", 24, group="asked", kind="consult"),
        step("extra", 40, when={"field": "big", "op": "eq", "value": "yes"}),
        step("sign", None, kind="sign"),
        step("give", 4, kind="hand_over"),
    ]
)


@pytest.mark.parametrize(
    ("under_way", "hours"),
    [
        ({"receive": 60}, 1 + 16 + 24 + 4),
        ({"appraise": 600}, 10 + 24 + 4),
        ({"fire": 60, "roads": 120}, 2 + 4),
        ({"sign": 240}, 4),
        ({"asked of an office": 60}, 1),
        ({}, 0),
    ],
)
def test_what_is_left_until_the_answer(under_way: dict[str, int], hours: int) -> None:
    assert reminding.minutes_left(under_way, ROUTE, {"big": "no"}) == hours * 60


@pytest.mark.parametrize(
    ("now", "hours", "new"),
    [
        ("18T09:00", 40, None),  # more than two days ahead
        ("20T09:30", 15, None),  # can be kept
        ("20T09:30", 18, None),  # two hours can be made up
        ("20T09:30", 20, "26T17:30"),
        ("20T09:30", 40, "30T17:30"),
        ("23T16:30", 3, None),  # just in time
        ("23T16:30", 4, "26T17:30"),  # the last hours: nothing can be made up any more
        ("25T09:30", 8, None),  # over
        ("25T10:00", 8, None),
    ],
)
def test_a_new_date_is_proposed_within_two_days_of_one_that_cannot_be_kept(now: str, hours: int, new: str | None) -> None:
    proposed = reminding.apology(at("02T09:30"), at("25T09:30"), hours * 60, at(now), CALENDAR)
    assert proposed == (at(new) if new else None)


def test_a_short_limit_is_not_apologised_for_at_once() -> None:
    """Its steps fill it wholly, and a minute went by before the first opened."""
    assert reminding.apology(at("20T07:30"), at("20T11:30"), 240, at("20T07:31"), CALENDAR) is None
