"""The browser decides and calculates exactly as the server does."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.forms.calculation import kept, rounded
from services.forms.definition import Field, Format, Kind
from services.forms.language import CASTS, Unusable, cast, compiled, look_up, operand, run
from services.forms.wording import Text

SCRIPT = Path(settings.BASE_DIR) / "static" / "src" / "js" / "fields" / "language.js"
NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.prefix) / "bin"))
PROGRAM = """
import { readFileSync } from "node:fs";
const { CASTS, kept, put, rounded, run } = await import(process.argv[1]);
const answer = ({ rule, answers, field }) => {
  const data = {};
  for (const [name, value] of Object.entries(answers)) put(data, name, value);
  const value = run(rule, data);
  return field ? kept(field, value) : value;
};
const { cases, casts, roundings } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify({
  cases: cases.map(answer),
  casts: casts.map(([value, form]) => CASTS[form](value)),
  roundings: roundings.map(([value, decimals]) => rounded(value, decimals)),
}));
"""
pytestmark = pytest.mark.skipif(
    NODE is None or not (Path(settings.BASE_DIR) / "node_modules" / "json-logic-js").exists(),
    reason="Node or the front end's packages are not installed",
)

DAYS = ["2020-01-01", "2019-12-31", "2020-02-29", "1990-03-01", "0999-01-01", "2020-02-30", "9999-12-31"]
NUMBERS = [0, 1, 12, 12.5, -3, 10**15, 10**15 + 1, "12", "12.5", "-3", "0.1", "0.2", "1.005", "999999999999.999999"]
VALUES: list[Any] = [
    None,
    True,
    False,
    "",
    "a",
    "b",
    "01",
    "yes",
    {"m2": 5},
    {"m2": "1.5"},
    {"x": "a"},
    {"x": 3},
    ["a"],
    ["a", "b"],
    [1, "12.5", None, "a"],
    *DAYS,
    *NUMBERS,
]
NAMES = ["a", "b", "c", "d", "d.x"]
LITERALS: list[Any] = [0, 1, 12, 2.5, -3, "12", "12.50", "a", "b", True, False, None, "2020-01-01", "2019-12-31"]
SLOPPY = 0.08
"""How often something of another type stands where it should not."""


class Maker:
    """Makes expressions: of the right types most of the time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def variable(self) -> Any:
        return {"var": self.chance.choice(NAMES)}

    def literal(self) -> Any:
        return self.chance.choice(LITERALS)

    def number(self, depth: int) -> Any:
        if self.chance.random() < SLOPPY:
            return self.literal()
        if depth > 3 or self.chance.random() < 0.35:
            return self.chance.choice([self.variable(), self.chance.choice([0, 1, 2.5, 100, "12", -7, 0.1])])
        operator = self.chance.choice(["+", "-", "*", "/", "min", "max", "if", "sum", "count", "days", "years"])
        if operator in {"sum", "count"}:
            return {operator: [self.variable()]}
        if operator == "if":
            return {"if": [self.condition(depth + 1), self.number(depth + 1), self.number(depth + 1)]}
        if operator == "days":
            return {"days": [self.day(depth + 1), self.day(depth + 1)]}
        if operator == "years":
            return {"years": [self.chance.choice([self.variable(), self.chance.choice(DAYS)]) for _ in range(2)]}
        count = 2 if operator in {"-", "/"} else self.chance.randint(2, 3)
        return {operator: [self.number(depth + 1) for _ in range(count)]}

    def day(self, depth: int) -> Any:
        if depth > 3 or self.chance.random() < 0.6:
            return self.chance.choice([self.variable(), self.chance.choice(DAYS)])
        return {"day_after": [self.day(depth + 1), self.number(depth + 1)]}

    def condition(self, depth: int) -> Any:
        operator = self.chance.choice(["and", "or", "!", "==", "!=", "in", "many", "<", "<=", ">", ">=", "var"])
        if operator == "var" or depth > 4:
            return self.variable()
        if operator in {"and", "or"}:
            return {operator: [self.condition(depth + 1) for _ in range(self.chance.randint(1, 3))]}
        if operator == "!":
            return {"!": self.chance.choice([self.condition(depth + 1), [self.condition(depth + 1)]])}
        if operator == "in":
            return {"in": [self.variable(), [self.literal() for _ in range(self.chance.randint(1, 3))]]}
        if operator == "many":
            return {"in": [self.chance.choice([self.literal(), self.variable()]), self.variable()]}
        side = self.chance.choice([self.number, self.day, lambda depth: self.variable(), lambda depth: self.literal()])
        return {operator: [side(depth + 1), self.chance.choice([side, lambda depth: self.literal()])(depth + 1)]}

    def text(self, depth: int) -> Any:
        if depth > 2 or self.chance.random() < 0.4:
            return self.chance.choice([self.variable(), "ít", "nhiều"])
        return {"if": [self.condition(depth + 1), self.text(depth + 1), self.text(depth + 1)]}

    def case(self) -> tuple[Any, dict[str, Any], Field | None]:
        """An expression, answers, and for a formula the field it belongs to."""
        answers = {name: self.chance.choice(VALUES) for name in "abcd" if self.chance.random() < 0.9}
        form = self.chance.choice([None, *Format])
        makers = {None: self.condition, Format.YES_NO: self.condition, Format.DATE: self.day, Format.TEXT: self.text}
        made = makers.get(form, self.number)(0)
        if form is None:
            return made, answers, None
        return made, answers, Field("it", Kind.CALCULATED, Text("x"), format=form, decimals=self.chance.randint(0, 6))


def there(**given: Any) -> Any:
    """What the browser's module says."""
    everything = {"cases": [], "casts": [], "roundings": []} | given
    command = [str(NODE), "--input-type=module", "-e", PROGRAM, SCRIPT.as_uri()]
    sent = json.dumps(everything)
    said = subprocess.run(command, input=sent, capture_output=True, text=True, check=False, timeout=60, cwd=settings.BASE_DIR)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def same(one: Any, other: Any) -> bool:
    """Equal, where a number may be whole here and not there."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=4, deadline=None, derandomize=True)
def test_the_browser_agrees(seed: int) -> None:
    maker = Maker(random.Random(seed))
    cases, here = [], []
    for expression, answers, field in [maker.case() for _ in range(2000)]:
        formula = field is not None and field.format != Format.YES_NO
        try:
            program = compiled(expression, formula=formula)
        except Unusable:
            continue
        value = run(program, answers)
        here.append(kept(field, value) if field else value)
        names = {name for name, _form in program.needs} | set(answers)
        typed = {operand(name, ""): look_up(name, answers) for name in names}
        asked = {"format": field.format, "decimals": field.decimals} if field else None
        cases.append({"rule": program.rule, "answers": typed, "field": asked})
    found = there(cases=cases)["cases"]
    disagreed = [
        (*case.values(), one, other) for case, one, other in zip(cases, here, found, strict=True) if not same(one, other)
    ]
    assert disagreed == []
    # Most cases say something.
    assert len(cases) > 1200
    assert min(here.count(True), here.count(False)) > 100
    assert sum(one is not None and not isinstance(one, bool) for one in here) > 200


def test_every_form_of_every_answer_is_the_same() -> None:
    values = [None, True, "", "a", {"m2": "1.5"}, {}, [], ["a", 1, "2.5"], *DAYS, *NUMBERS, 2**53, "1" * 18, "9" * 19, "-0"]
    casts = [(value, form) for value in values for form in CASTS]
    found = there(casts=casts)["casts"]
    assert [(case, other) for case, other in zip(casts, found, strict=True) if not same(cast(*case), other)] == []


@given(
    st.lists(
        st.tuples(
            st.floats(-1e15, 1e15) | st.sampled_from([0.5, 2.5, -0.5, 1.005, 100.49999999999999, 1e14 + 0.5, 0.1 + 0.2, -1e-7]),
            st.integers(0, 6),
        ),
        min_size=100,
        max_size=200,
    )
)
@hypothesis_settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_numbers_are_rounded_alike(roundings: list[tuple[float, int]]) -> None:
    found = there(roundings=roundings)["roundings"]
    assert [
        (case, rounded(*case), other) for case, other in zip(roundings, found, strict=True) if not same(rounded(*case), other)
    ] == []
