"""The promise: every way a route has is found, once each, with answers the form takes."""

from datetime import date
from typing import Any

import pytest

from services.cases import trying
from services.forms.definition import Definition, parse
from services.forms.validation import unanswered

TODAY = date(2026, 11, 20)


def form(*fields: dict[str, Any]) -> Definition:
    return parse({"version": 1, "pages": [{"key": "mot", "title": "Một", "fields": list(fields)}]})


def choice(key: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "choice", "label": key, "choices": [{"value": one, "label": one} for one in values], **more}


NAME = {"key": "name", "kind": "text", "label": "Họ và tên"}
EXEMPT = {"key": "exempt", "kind": "yes_no", "label": "Được miễn?"}
AREA = {"key": "area", "kind": "number", "label": "Diện tích", "min": 10, "max": 500}
KIND = choice("kind", "moi", "lai", "doi")


def route(*conditions: Any) -> list[dict[str, Any]]:
    return [{"key": f"b{number}", "kind": "appraise", "office": {}, "when": when} for number, when in enumerate(conditions)]


def ways(definition: Definition, steps: list[dict[str, Any]], **given: Any) -> list[trying.Way]:
    return trying.ways(steps, definition, trying.filled(definition, TODAY), given)


@pytest.mark.parametrize(
    ("fields", "conditions", "expected"),
    [
        ([NAME], [], {()}),
        ([EXEMPT], [{"==": [{"var": "exempt"}, False]}], {(True,), (False,)}),
        ([AREA], [{">": [{"var": "area"}, 100]}], {(True,), (False,)}),
        ([AREA], [{">": [{"var": "area"}, 100]}, {"<": [{"var": "area"}, 50]}], {(True, False), (False, True), (False, False)}),
        (
            [KIND],
            [{"==": [{"var": "kind"}, "lai"]}, {"in": [{"var": "kind"}, ["lai", "doi"]]}],
            {(False, False), (True, True), (False, True)},
        ),
        ([EXEMPT, KIND], [{"and": [{"var": "exempt"}, {"==": [{"var": "kind"}, "doi"]}]}], {(True,), (False,)}),
    ],
)
def test_each_way_is_found_once(fields: list[dict[str, Any]], conditions: list[Any], expected: set[tuple[bool, ...]]) -> None:
    definition = form(*fields)
    found = ways(definition, route(*conditions))
    assert {way.holding for way in found} == expected
    assert len(found) == len(expected)
    for way in found:
        assert unanswered(definition, way.answers, (), TODAY) == []


def test_questions_that_follow_from_an_answer_are_answered_too() -> None:
    reason = {"key": "reason", "kind": "text", "label": "Lý do", "when": {"==": [{"var": "kind"}, "lai"]}}
    found = ways(form(KIND, reason), route({"==": [{"var": "kind"}, "lai"]}))
    assert {way.holding: "reason" in way.answers for way in found} == {(False,): False, (True,): True}


def test_there_are_at_most_twenty_four_ways() -> None:
    fields = [{"key": f"q{number}", "kind": "yes_no", "label": f"Câu {number}?"} for number in range(8)]
    found = ways(form(*fields), route(*({"var": f"q{number}"} for number in range(8))))
    assert len(found) == trying.MOST_WAYS
    assert len({way.holding for way in found}) == trying.MOST_WAYS


def test_a_calculated_value_is_decided_by_what_it_is_made_of() -> None:
    total = {"key": "total", "kind": "calculated", "label": "Tổng", "format": "number", "formula": {"*": [{"var": "area"}, 2]}}
    definition = form(AREA, total)
    steps = route({">": [{"var": "total"}, 300]})
    assert [one.key for one in trying.deciding(steps, definition)] == ["area"]
    assert {way.holding for way in ways(definition, steps)} == {(True,), (False,)}


def test_answers_that_name_an_office_are_known() -> None:
    definition = form({"key": "place", "kind": "province_ward", "label": "Nơi ở"}, choice("school", "H29.1", "H29.2"))
    steps: list[dict[str, Any]] = [
        {"key": "a", "office": {"answer": "place", "function": "one-stop"}},
        {"key": "b", "office": {"answer_code": "school"}},
    ]
    assert [one.key for one in trying.placing(steps, definition)] == ["place", "school"]
    assert trying.deciding(steps, definition) == []


def test_places_of_the_sample_are_in_the_ward_it_is_tried_in() -> None:
    definition = form({"key": "place", "kind": "province_ward", "label": "Nơi ở"})
    assert trying.filled(definition, TODAY, "26740")({})["place"] == {"province": "79", "ward": "26740"}
    assert trying.filled(definition, TODAY)({})["place"]["province"] == "79"
