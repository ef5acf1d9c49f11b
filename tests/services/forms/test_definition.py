import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.forms import schema
from services.forms.definition import InvalidDefinition, Kind, Problem, parse
from tests.services.forms.forms import JSON, definitions, field, page, raw

SCHEMA = Draft202012Validator(schema.definition_schema())


def codes(given: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as caught:
        parse(given)
    assert all(str(problem.message) for problem in caught.value.problems)
    return [(problem.place, problem.message.code) for problem in caught.value.problems]


def test_every_kind_is_read() -> None:
    needed = {
        Kind.GROUP: {"fields": [field("text", "inner")]},
        Kind.TABLE: {"fields": [field("number", "column")]},
        Kind.CALCULATED: {"formula": {"sum": [{"var": "f_table.column"}]}},
    }
    fields = [field(kind.value, f"f_{kind.value}", **needed.get(kind, {})) for kind in Kind]
    made = parse(raw(page(*fields), subject_field="f_capitals_name"))
    assert [one.kind for one in made.fields()] == list(Kind)
    assert len(Kind) >= 25
    assert made.field("inner").kind == Kind.TEXT
    assert made.page("trang-1").fields[0].required
    assert not made.field("f_note").required


def test_options_are_read() -> None:
    made = parse(
        raw(
            page(
                field("number", "n", min=1, max=2.5, decimals=1, unit="m²", required=False),
                field("date", "d", min="2000-01-01", max="today", prefill="person.birth_date"),
                field("multiple_choice", "m", min=1, max=2),
                field("group", "g", min=1, max=3, item="Con", fields=[field("text", "t")]),
                field("text", "x", label={"vi": "Tên", "en": "Name"}, max_length=5),
            )
        )
    )
    number, day, many, group, text = made.fields()
    assert (str(number.least), str(number.most), number.decimals, number.unit, number.required) == ("1", "2.5", 1, "m²", False)
    assert (day.first_day, day.last_day, day.prefill) == ("2000-01-01", "today", "person.birth_date")
    assert (many.at_least, many.at_most) == (1, 2)
    assert (group.at_least, group.at_most, group.item) == (1, 3, "Con")
    assert (text.label, text.label.english, text.max_length) == ("Tên", "Name", 5)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (None, ("", "not_object")),
        ({}, ("", "missing_part")),
        ({"version": 3, "pages": [page(field("text"))]}, ("/version", "version")),
        ({"version": 1, "pages": {}}, ("/pages", "not_list")),
        (raw(), ("/pages", "no_pages")),
        (raw(page(field("text")), colour="red"), ("/colour", "unknown_part")),
        (raw("x"), ("/pages/0", "not_object")),
        (raw(page()), ("/pages/0/fields", "empty_page")),
        (raw(page(field("text"), key="Trang 1")), ("/pages/0/key", "page_key")),
        (raw(page(field("text"), key="kiem-tra")), ("/pages/0/key", "reserved_key")),
        (raw(page(field("text", "a")), page(field("text", "b"))), ("/pages/1/key", "same_key")),
        (raw(page(field("text"), title="  ")), ("/pages/0/title", "blank")),
        (raw(page(field("text"), title=5)), ("/pages/0/title", "text")),
        (raw(page(field("text"), title={"en": "Page"})), ("/pages/0/title", "text")),
        (raw(page(field("text"), title="\x00a")), ("/pages/0/title", "text")),
        (raw(page(field("text", label="x" * 501))), ("/pages/0/fields/0/label", "long_text")),
        (raw(page(7)), ("/pages/0/fields/0", "not_object")),
        (raw(page(field("telepathy"))), ("/pages/0/fields/0/kind", "unknown_kind")),
        (raw(page({"key": "a", "label": "A"})), ("/pages/0/fields/0", "missing_part")),
        (raw(page(field("text", "Họ"))), ("/pages/0/fields/0/key", "field_key")),
        (raw(page(field("text", "subject_name"))), ("/pages/0/fields/0/key", "reserved_key")),
        (raw(page(field("text", "csrfmiddlewaretoken"))), ("/pages/0/fields/0/key", "reserved_key")),
        (raw(page(field("text"), field("text"))), ("/pages/0/fields/1/key", "same_key")),
        (raw(page(field("text"), field("group", "g", fields=[field("text")]))), ("/pages/0/fields/1/fields/0/key", "same_key")),
        (raw(page(field("date", "born"), field("text", "born_day"))), ("/pages", "clashing_key")),
        (raw(page(field("text", requird=True))), ("/pages/0/fields/0/requird", "unknown_part")),
        (raw(page(field("text", choices=[]))), ("/pages/0/fields/0/choices", "unknown_part")),
        (raw(page(field("text", required="yes"))), ("/pages/0/fields/0/required", "yes_or_no")),
        (raw(page(field("text", max_length=0))), ("/pages/0/fields/0/max_length", "count")),
        (raw(page(field("text", max_length=True))), ("/pages/0/fields/0/max_length", "count")),
        (raw(page(field("number", min="1"))), ("/pages/0/fields/0/min", "number")),
        (raw(page(field("number", max=float("inf")))), ("/pages/0/fields/0/max", "number")),
        (raw(page(field("number", min=5, max=4))), ("/pages/0/fields/0/min", "order")),
        (raw(page(field("date", min="2020-02-30"))), ("/pages/0/fields/0/min", "day")),
        (raw(page(field("date", min="2020-01-02", max="2020-01-01"))), ("/pages/0/fields/0/min", "order")),
        (raw(page(field("choice", choices=[]))), ("/pages/0/fields/0/choices", "no_choices")),
        (raw(page(field("choice", choices=None))), ("/pages/0/fields/0", "missing_part")),
        (
            raw(page(field("choice", choices=[{"value": "á", "label": "A"}]))),
            ("/pages/0/fields/0/choices/0/value", "choice_value"),
        ),
        (
            raw(page(field("choice", choices=[{"value": "a", "label": "A"}] * 2))),
            ("/pages/0/fields/0/choices/1/value", "same_choice"),
        ),
        (raw(page(field("choice", display="wheel"))), ("/pages/0/fields/0/display", "one_of")),
        (raw(page(field("multiple_choice", min=9))), ("/pages/0/fields/0/min", "too_many_to_choose")),
        (raw(page(field("province_ward", province="00"))), ("/pages/0/fields/0/province", "province")),
        (raw(page(field("text", prefill="person.shoe_size"))), ("/pages/0/fields/0/prefill", "prefill")),
        (raw(page(field("phone", prefill="person.email"))), ("/pages/0/fields/0/prefill", "prefill_kind")),
        (raw(page(field("group", "g", fields=[]))), ("/pages/0/fields/0/fields", "empty_group")),
        (
            raw(page(field("group", "g", fields=[field("group", "h", fields=[field("text")])]))),
            ("/pages/0/fields/0/fields/0/kind", "nested_group"),
        ),
        (raw(page(field("group", "g", fields=[field("attachment")]))), ("/pages/0/fields/0/fields/0/kind", "nested_group")),
        (raw(page(field("group", "g", min=3, max=2, fields=[field("text")]))), ("/pages/0/fields/0/min", "order")),
        (raw(page({"key": "n", "kind": "note"})), ("/pages/0/fields/0", "empty_note")),
        (raw(page(field("note", required=True))), ("/pages/0/fields/0/required", "unknown_part")),
        (raw(page(field("declaration", statement=""))), ("/pages/0/fields/0/statement", "blank")),
        (raw(page(field("declaration", name_field="nobody"))), ("/pages/0/fields/0/name_field", "subject_field")),
        (raw(page(field("heading", required=True))), ("/pages/0/fields/0/required", "unknown_part")),
        (raw(page(field("note", tone="loud"))), ("/pages/0/fields/0/tone", "one_of")),
        (raw(page(field("table", "t", fields=[field("long_text")]))), ("/pages/0/fields/0/fields/0/kind", "not_column")),
        (raw(page(field("table", "t", fields=[field("money", units=True)]))), ("/pages/0/fields/0/fields/0/kind", "not_column")),
        (raw(page(field("calculated"))), ("/pages/0/fields/0", "missing_part")),
        (raw(page(field("calculated", formula=5))), ("/pages/0/fields/0/formula", "formula_constant")),
        (raw(page(field("calculated", formula={"+": [{"var": "no"}, 1]}))), ("/pages/0/fields/0/formula", "condition_unknown")),
        (raw(page(field("month", "born"), field("text", "born_year"))), ("/pages", "clashing_key")),
        (raw(page(field("text")), subject_field="nobody"), ("/subject_field", "subject_field")),
        (raw(page(field("yes_no")), subject_field="it"), ("/subject_field", "subject_field")),
        (raw(page(*(field("text", f"f{n}") for n in range(301)))), ("/pages/0/fields", "too_many")),
    ],
)
def test_problems_have_their_place(given: Any, problem: tuple[str, str]) -> None:
    assert problem in codes(given)


@pytest.mark.parametrize(
    "fields",
    [
        [field("yes_no", "a", when={"var": "a"})],
        [field("yes_no", "a", when={"var": "b"}), field("yes_no", "b", when={"var": "a"})],
        [field("yes_no", "a", when={"var": "z"})],
        [field("group", "g", fields=[field("yes_no", "a")]), field("text", "t", when={"var": "a"})],
        [field("attachment", "a"), field("text", "t", when={"var": "a"})],
    ],
    ids=["own", "cycle", "unknown", "inside a group", "file"],
)
def test_a_condition_refers_to_earlier_answers_only(fields: list[dict[str, Any]]) -> None:
    assert "condition_unknown" in [code for _place, code in codes(raw(page(*fields)))]


def test_a_page_is_not_decided_by_its_own_answers() -> None:
    given = raw(page(field("yes_no", "a"), when={"var": "a"}))
    assert ("/pages/0/when", "condition_unknown") in codes(given)


def test_all_problems_are_told_at_once() -> None:
    given = raw(page(field("text", "A"), field("nothing", "b"), key="?"), colour=1)
    assert len(codes(given)) == 4


def test_what_is_shown() -> None:
    made = parse(
        raw(
            page(field("yes_no", "agent"), field("text", "agent_name", when={"var": "agent"}), key="mot"),
            page(field("attachment", "mandate", when={"var": "agent"}), key="hai"),
            page(field("text", "last", when={"==": [{"var": "agent_name"}, "X"]}), field("note", "n"), key="ba"),
            page(field("text", "never"), key="bon", when={"==": [{"var": "agent"}, False]}),
            subject_field="agent_name",
        )
    )
    keys = lambda answers: [one.key for one in made.pages_shown(answers)]  # noqa: E731
    assert keys({}) == ["mot", "ba"]
    assert keys({"agent": True}) == ["mot", "hai", "ba"]
    assert keys({"agent": False}) == ["mot", "ba", "bon"]
    assert [one.key for one in made.attachments_shown({"agent": True})] == ["mandate"]
    # The name was given before the person changed their mind: it counts for nothing, nor does what hangs on it.
    stale = {"agent": False, "agent_name": "X", "last": "y", "unknown": 1}
    assert made.kept(stale) == {"agent": False}
    assert made.subject(stale) == ""
    assert made.subject({"agent": True, "agent_name": "Bà X"}) == "Bà X"
    assert [one.key for one in made.fields_shown(made.page("ba"), {"agent": True, "agent_name": "X"})] == ["last", "n"]


def test_rows_of_a_group_are_decided_one_by_one() -> None:
    made = parse(
        raw(
            page(
                field("yes_no", "all"),
                field(
                    "group",
                    "people",
                    fields=[
                        field("choice", "role"),
                        field("text", "other", when={"and": [{"var": "all"}, {"==": [{"var": "role"}, "b"]}]}),
                    ],
                ),
            )
        )
    )
    rows = [{"role": "a", "other": "x"}, {"role": "b", "other": "y"}, "junk"]
    assert made.kept({"all": True, "people": rows})["people"] == [{"role": "a"}, {"role": "b", "other": "y"}, {}]
    assert made.kept({"all": False, "people": rows})["people"] == [{"role": "a"}, {"role": "b"}, {}]


@given(JSON | st.dictionaries(st.sampled_from(["version", "pages", "subject_field", "x"]), JSON))
def test_junk_is_refused_and_never_crashes(given: Any) -> None:
    with pytest.raises(InvalidDefinition):
        parse(given)


@given(definitions(), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_damaged_definition_never_crashes(made: dict[str, Any], data: st.DataObject) -> None:
    parts: list[Any] = [made, *made["pages"], *(one for each in made["pages"] for one in each["fields"])]
    damaged = data.draw(st.sampled_from(parts))
    damaged[data.draw(st.sampled_from([*damaged, "when", "choices", "min"]))] = data.draw(JSON)
    problems: list[Problem] = []
    try:
        parse(made)
    except InvalidDefinition as error:
        problems = error.problems
    assert all(str(problem.message) for problem in problems)


@given(definitions())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_accepted_fits_the_published_schema(made: dict[str, Any]) -> None:
    definition = parse(made)
    assert [error.message for error in SCHEMA.iter_errors(made)] == []
    Draft202012Validator.check_schema(schema.answers_schema(definition))


def test_the_published_schema_is_the_current_one() -> None:
    published = Path(schema.__file__).with_name("definition.schema.json")
    assert json.loads(published.read_text("utf-8")) == schema.definition_schema()
    Draft202012Validator.check_schema(schema.definition_schema())


def test_the_schema_refuses_what_it_can() -> None:
    assert not SCHEMA.is_valid(raw(page(field("text", choices=[]))))
    assert not SCHEMA.is_valid(raw(page(field("telepathy"))))
    assert not SCHEMA.is_valid(raw())
