"""No definition that is accepted makes anything fail: not a page, not the answers, not the schema, not the filled-in form."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from portal.kit.forms import error_links
from services.forms import sample
from services.forms.build import form_class
from services.forms.definition import InvalidDefinition, parse
from services.forms.dependencies import cycles, graph, order
from services.forms.reading import Problem
from services.forms.readout import placeholders, readout, texts
from services.forms.schema import answers_schema
from services.forms.validation import clean_page, unanswered
from services.forms.wording import Complaint
from tests.services.forms.forms import JSON, ODD, TODAY, all_fields, answers_for, definitions, field, page, raw

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.filter_too_much]
KEYS = ("when", "choices", "min", "max", "fields", "formula", "format", "kind", "key", "decimals", "statement", "precision")


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    """Icons are addressed without the manifest that only a built front end has."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def problems_of(made: Any) -> list[Problem]:
    """What is wrong with a definition; a refusal always says something."""
    try:
        parse(made)
    except InvalidDefinition as refused:
        return refused.problems or [Problem("", Complaint("not_object"))]
    return []


def everything_works(made: dict[str, Any], data: st.DataObject) -> None:
    """Use an accepted definition in every way there is."""
    form = parse(made)
    schema = Draft202012Validator(answers_schema(form))
    schema.check_schema(schema.schema)
    given = data.draw(answers_for(all_fields(made)))
    kept: dict[str, Any] = {}
    for each in form.pages:
        drawn = str(form_class(form, each.key, kept)())
        assert "data-mc-when" not in drawn or "data-mc-logic" in drawn
        sent = data.draw(st.dictionaries(st.sampled_from(names(form_class(form, each.key, kept)())), ODD, max_size=6))
        bound = form_class(form, each.key, kept)(sent)
        bound.is_valid()
        str(bound)
        error_links(bound)
        kept |= clean_page(form, each.key, given, kept, TODAY).values
    kept = form.kept(kept)
    assert form.kept(kept) == kept
    assert [error.message for error in schema.iter_errors(json.loads(json.dumps(kept)))] == []
    assert all(isinstance(text, str) for text in texts(form, kept).values())
    assert set(texts(form, kept)) == set(placeholders(form))
    for section in readout(form, kept, {}):
        assert all(row.text and isinstance(row.text, str) for row in section.rows)
    for section in readout(form, given, {}):
        assert all(isinstance(row.text, str) for row in section.rows)
    unanswered(form, given, set(), TODAY)


def names(form: Any) -> list[str]:
    """The inputs of a page, and its buttons."""
    buttons = [part.button for part in form.parts() if part.button]
    return [*form.fields, *(f"{name}_day" for name in form.fields), *buttons] or ["x"]


@given(definitions(), st.data())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_an_accepted_definition_works(made: dict[str, Any], data: st.DataObject) -> None:
    everything_works(made, data)


@given(definitions(), st.data())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_a_damaged_definition_is_refused_or_works(made: dict[str, Any], data: st.DataObject) -> None:
    parts: list[Any] = [
        made,
        *made["pages"],
        *all_fields(made),
        *(inner for one in all_fields(made) for inner in one.get("fields", ())),
    ]
    for _ in range(data.draw(st.integers(1, 3))):
        damaged = data.draw(st.sampled_from(parts))
        others = st.sampled_from([copy.deepcopy(value) for part in parts for value in part.values()])
        damaged[data.draw(st.sampled_from([*damaged, *KEYS]))] = data.draw(JSON | others)
    problems = problems_of(made)
    assert all(str(problem.message) and isinstance(problem.place, str) for problem in problems)
    if not problems:
        everything_works(made, data)


@given(definitions())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_a_sample_fills_in_everything(made: dict[str, Any]) -> None:
    form = parse(made)
    answers = sample.answers(form, TODAY)
    attached = {one.key for one in form.attachments_shown(answers)}
    assert [(gap.field_key, str(gap.message)) for gap in unanswered(form, answers, attached, TODAY)] == []
    assert form.kept(answers) == answers


# Circles


def tangle(edges: dict[int, list[int]], shapes: dict[int, str]) -> dict[str, Any]:
    """Calculated fields that refer to one another, some through a field that is only asked under a condition."""
    fields: list[dict[str, Any]] = [field("number", "start")]
    for node, targets in edges.items():
        parts = [{"var": f"n{target}"} for target in targets]
        total = {"+": [{"var": "start"}, *parts]} if parts else {"+": [{"var": "start"}, 1]}
        options = {"when": {">": [parts[0], 0]}} if parts and shapes[node] == "when" else {}
        formula = {"+": [{"var": "start"}, 1]} if options else total
        fields.append(field("calculated", f"n{node}", formula=formula, **options))
    return raw(page(*fields))


def has_circle(edges: dict[int, list[int]]) -> bool:
    """Found by taking away what hangs on nothing, again and again."""
    left = {node: set(targets) for node, targets in edges.items()}
    while free := [node for node, targets in left.items() if not targets & set(left)]:
        for node in free:
            del left[node]
    return bool(left)


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=150, deadline=None)
def test_no_circle_gets_through_and_nothing_else_is_taken_for_one(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 8)
    edges = {node: sorted({chance.randrange(count) for _ in range(chance.choice([0, 0, 1, 1, 2]))}) for node in range(count)}
    shapes = {node: chance.choice(["formula", "when"]) for node in edges}
    # A condition asks about its first target only.
    edges = {node: targets[:1] if shapes[node] == "when" else targets for node, targets in edges.items()}
    made = tangle(edges, shapes)
    problems = problems_of(made)
    if has_circle(edges):
        assert {problem.message.code for problem in problems} == {"circle"}
        assert all("→" in str(problem.message) for problem in problems)
        return
    assert problems == []
    form = parse(made)
    assert list(cycles(graph(form.pages))) == []
    place = {key: index for index, key in enumerate(order(graph(form.pages)))}
    assert all(place[f"n{target}"] < place[f"n{node}"] for node, targets in edges.items() for target in targets)


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ([field("number", "x"), field("calculated", "a", formula={"+": [{"var": "x"}, {"var": "a"}]})], "a → a"),
        (
            [
                field("calculated", "a", formula={"+": [{"var": "b"}, 1]}),
                field("calculated", "b", formula={"*": [{"var": "a"}, 2]}),
            ],
            "a → b → a",
        ),
        (
            [
                field("number", "x", when={">": [{"var": "total"}, 5]}),
                field("calculated", "total", formula={"+": [{"var": "x"}, 1]}),
            ],
            "x → total → x",
        ),
        (
            [
                field("group", "g", fields=[field("calculated", "share", formula={"/": [{"var": "sum_up"}, 2]})]),
                field("calculated", "sum_up", formula={"sum": [{"var": "g.share"}]}),
            ],
            "g → sum_up → g",
        ),
        (
            [
                field(
                    "table",
                    "g",
                    fields=[
                        field("calculated", "one", formula={"+": [{"var": "two"}, 1]}),
                        field("calculated", "two", formula={"+": [{"var": "one"}, 1]}),
                    ],
                )
            ],
            "one → two → one",
        ),
    ],
    ids=["itself", "each other", "through a condition", "through rows", "inside a row"],
)
def test_a_circle_is_named(fields: list[dict[str, Any]], way: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse(raw(page(*fields)))
    assert [(problem.message.code, problem.message.params["way"]) for problem in refused.value.problems] == [("circle", way)]
