"""The promise: a case is only moved to another version when nothing done is lost and nothing new is missing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from identity.offices.powers import Power
from services.cases import moving
from services.cases.moving import Code, Finding, Progress, Text
from services.cases.moving_wording import FINDINGS, finding_text
from services.cases.routing import POWER_OF_KIND, Kind, Step
from services.forms.definition import parse


def step(key: str, kind: str = "appraise", *, group: str = "", when: Any = None, office: str = "economy") -> Step:
    chosen = Kind(kind)
    return Step(key, f"Bước {key}", chosen, POWER_OF_KIND[chosen], {"function": office}, Decimal(8), group, when, 0)


def route(*steps: Step) -> tuple[Step, ...]:
    return tuple(replace(one, position=number) for number, one in enumerate(steps))


def form(*fields: dict[str, Any]) -> Any:
    return parse({"version": 1, "pages": [{"key": "mot", "title": "Một", "fields": list(fields)}]})


NAME = {"key": "name", "kind": "text", "label": "Họ và tên"}
AREA = {"key": "area", "kind": "number", "label": "Diện tích", "max": 500}
ROUTE = route(
    step("nhan", "receive"),
    step("phan", "assign"),
    step("a", group="g"),
    step("b", group="g"),
    step("ky", "sign"),
    step("tra", "hand_over"),
)
OLD = Text(
    definition=form(NAME, AREA),
    circumstances=[
        {"key": "moi", "label": "Cấp mới"},
        {"key": "lai", "label": "Cấp lại", "limit": {"value": 3, "unit": "working_day"}},
    ],
    documents=[{"key": "ban-ve", "name": "Bản vẽ", "required": True}],
    route=ROUTE,
    limit=(10, "working_day"),
)
CASE = Progress(
    answers={"name": "An", "area": 100},
    circumstance="moi",
    filed_on=date(2026, 11, 20),
    accepted=True,
    done=("nhan", "phan"),
    open=("a", "b"),
    attached=frozenset({"ban-ve"}),
)


def found(new: Text, case: Progress = CASE, old: Text = OLD) -> list[tuple[Code, str]]:
    return [(finding.code, finding.what) for finding in moving.findings(case, old, new)]


def test_the_same_text_fits() -> None:
    assert found(OLD) == []
    assert moving.fits([])


# The form and the papers


def test_a_new_required_question_keeps_the_case() -> None:
    new = replace(OLD, definition=form(NAME, AREA, {"key": "floors", "kind": "number", "label": "Số tầng:"}))
    assert found(new) == [(Code.ANSWER_NEEDED, "Số tầng")]


def test_a_new_question_that_may_stay_open_does_not() -> None:
    assert (
        found(replace(OLD, definition=form(NAME, AREA, {"key": "note", "kind": "text", "label": "Ghi chú", "required": False})))
        == []
    )


def test_an_answer_outside_the_new_bounds_keeps_the_case() -> None:
    assert found(replace(OLD, definition=form(NAME, AREA | {"max": 50}))) == [(Code.ANSWER_NEEDED, "Diện tích")]


def test_a_question_that_is_gone_is_told_and_stops_nothing() -> None:
    findings = moving.findings(CASE, OLD, replace(OLD, definition=form(NAME)))
    assert findings == [Finding(Code.ANSWER_DROPPED, "Diện tích")]
    assert moving.fits(findings)


def test_a_day_that_was_to_come_when_it_was_filed_is_still_good() -> None:
    day = {"key": "start", "kind": "date", "label": "Ngày khởi công", "min": "today"}
    case = replace(CASE, answers={**CASE.answers, "start": "2026-11-20"})
    assert found(replace(OLD, definition=form(NAME, AREA, day)), case, replace(OLD, definition=form(NAME, AREA, day))) == []


def test_a_circumstance_that_is_gone_keeps_the_case() -> None:
    assert (Code.CIRCUMSTANCE_GONE, "Cấp mới") in found(replace(OLD, circumstances=OLD.circumstances[1:]))


def test_papers_must_be_kept_and_none_may_be_missing() -> None:
    new = replace(OLD, documents=[{"key": "so-do", "name": "Sơ đồ", "required": True}])
    assert found(new) == [(Code.PAPER_GONE, "Bản vẽ"), (Code.PAPER_NEEDED, "Sơ đồ")]
    optional = replace(OLD, documents=[*OLD.documents, {"key": "so-do", "name": "Sơ đồ", "required": False}])
    assert found(optional) == []


# The route


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (route(*ROUTE[:2], *ROUTE[3:]), [(Code.STEP_GONE, "Bước a")]),
        (route(*ROUTE[:2], step("a", "inspect", group="g"), *ROUTE[3:]), [(Code.STEP_KIND, "Bước a")]),
        (route(*ROUTE[:2], step("a", group="g", office="land"), *ROUTE[3:]), [(Code.STEP_DESK, "Bước a")]),
        (route(ROUTE[0], step("moi"), *ROUTE[1:]), [(Code.STEP_PASSED_OVER, "Bước moi")]),
        (route(*ROUTE[:4], step("c", group="g"), *ROUTE[4:]), [(Code.STEP_PASSED_OVER, "Bước c")]),
        (route(*ROUTE[:4], step("c"), *ROUTE[4:]), []),
        (route(*ROUTE[:4], step("c", when={"==": [{"var": "area"}, 1]}), *ROUTE[4:]), []),
        (route(ROUTE[0], step("moi", when={"==": [{"var": "area"}, 1]}), *ROUTE[1:]), []),
        (route(ROUTE[0], *ROUTE[2:4], ROUTE[1], *ROUTE[4:]), [(Code.STEP_ORDER, "Bước phan")]),
    ],
)
def test_the_place_a_case_has_reached_must_be_on_the_other_route(steps: tuple[Step, ...], expected: list[Any]) -> None:
    assert found(replace(OLD, route=steps)) == expected


def test_parallel_steps_that_become_one_after_the_other_keep_the_case() -> None:
    apart = route(*ROUTE[:2], step("a"), step("b"), *ROUTE[4:])
    assert found(replace(OLD, route=apart)) == [(Code.STEP_ORDER, "Bước a")]


def test_a_finished_step_may_change_its_desk() -> None:
    new = route(ROUTE[0], replace(ROUTE[1], office={"function": "land"}, power=Power.APPROVE), *ROUTE[2:])
    assert found(replace(OLD, route=new)) == []


def test_a_case_between_two_steps_goes_on_from_the_last_one() -> None:
    between = replace(CASE, done=("nhan", "phan", "a", "b"), open=())
    assert found(OLD, between) == []
    assert found(replace(OLD, route=route(*ROUTE[:4], step("c", group="g"), *ROUTE[4:])), between) == [
        (Code.STEP_PASSED_OVER, "Bước c")
    ]


def test_a_case_nobody_has_begun_with_fits_every_route() -> None:
    fresh = replace(CASE, done=(), open=(), accepted=False)
    assert found(replace(OLD, route=route(step("khac", "receive"))), fresh) == []


def test_after_the_outcome_was_drawn_up_a_case_stays() -> None:
    assert found(OLD, replace(CASE, has_outcome=True)) == [(Code.OUTCOME_MADE, "")]


# The promise


def test_what_was_promised_is_kept() -> None:
    new = replace(OLD, limit=(20, "working_day"))
    assert found(new) == [(Code.LIMIT_PROMISED, "")]
    assert found(new, replace(CASE, accepted=False)) == [(Code.LIMIT_DIFFERS, "")]
    assert moving.fits(moving.findings(replace(CASE, accepted=False), OLD, new))
    assert found(new, replace(CASE, circumstance="lai")) == []


def test_every_finding_has_words() -> None:
    assert set(FINDINGS) == set(Code)
    assert "Bản vẽ" in finding_text(Finding(Code.PAPER_GONE, "Bản vẽ"))
