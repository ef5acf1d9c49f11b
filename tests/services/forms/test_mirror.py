"""The browser decides exactly as the server does."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from services.forms.conditions import holds

SCRIPT = Path(settings.BASE_DIR) / "static" / "src" / "js" / "conditions.js"
NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.prefix) / "bin"))
PROGRAM = """
import { readFileSync } from "node:fs";
const { holds } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(cases.map(([condition, answers]) => holds(condition, new Map(Object.entries(answers))))));
"""
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    12,
    12.5,
    -3,
    "",
    "0",
    "12",
    "12.5",
    "12.50",
    "-3",
    "a",
    "b",
    "2020-01-01",
    "2019-12-31",
    "yes",
]
NAMES = "abcd"


def some_value(chance: random.Random) -> Any:
    return chance.choice(VALUES) if chance.random() < 0.85 else [chance.choice(VALUES) for _ in range(chance.randint(0, 3))]


def some_condition(chance: random.Random, depth: int = 0) -> Any:
    operator = chance.choice(["and", "or", "!", "==", "!=", "in", "<", "<=", ">", ">=", "var", "nonsense"])
    if operator == "var" or depth > 3:
        return {"var": chance.choice(NAMES)}
    if operator in {"and", "or"}:
        return {operator: [some_condition(chance, depth + 1) for _ in range(chance.randint(0, 3))]}
    if operator == "!":
        return {operator: chance.choice([some_condition(chance, depth + 1), [some_condition(chance, depth + 1)]])}
    sides = [
        chance.choice([{"var": chance.choice(NAMES)}, some_value(chance), some_condition(chance, depth + 1)]) for _ in range(2)
    ]
    return {operator: sides[: chance.choice([1, 2, 2, 2, 2, 2])]}


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_browser_agrees() -> None:
    chance = random.Random(20261121)
    cases = [(some_condition(chance), {name: some_value(chance) for name in NAMES if chance.random() < 0.8}) for _ in range(5000)]
    said = subprocess.run(
        [str(NODE), "--input-type=module", "-e", PROGRAM, SCRIPT.as_uri()],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    disagreed = [case for case, there in zip(cases, json.loads(said), strict=True) if holds(*case) is not there]
    assert disagreed == []
    assert 1000 < sum(holds(*case) for case in cases) < 4000
