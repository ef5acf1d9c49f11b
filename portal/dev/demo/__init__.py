"""Demonstration data: a city with its offices and people, and fifteen real procedures. Never loaded in production.

The facts are real (codes, names, papers, limits, fees, legal basis; each file names its source), the explanations are our own,
and the people are invented.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PASSWORD = "MotCua-2026"  # noqa: S105  of every demonstration account, printed by `up`


MOST_USED = ("1.001193", "1.013225", "1.001612", "1.014063", "1.004222", "3.000347")
"""Published first, so that they lead the home page until real use ranks the catalogue."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as; `what` says what there is to do."""

    title: str
    login: str
    password: str
    what: str


def load(name: str) -> Any:
    """One of the data files, such as `city`."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def procedures() -> list[dict[str, Any]]:
    """The fifteen versions to publish, most used first, in the shape `services.catalogue.actions.publish` takes."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "procedures").glob("*.json"))]
    place = {code: number for number, code in enumerate(MOST_USED)}
    return sorted(found, key=lambda raw: (place.get(raw["code"], len(place)), raw["domain"]["position"], raw["code"]))


def accounts() -> list[Account]:
    """Accounts in the order in which the walk of 1.013225 needs them, then that of 2.000286, then the others."""
    return [Account(row["title"], row["login"], PASSWORD, row["what"]) for row in load("people")["accounts"]]
