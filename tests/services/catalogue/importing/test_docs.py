"""The page of the rule shows the tables of the code."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings

from services.catalogue.importing.agencies import FUNCTIONS
from services.catalogue.importing.databases import NAMES
from services.catalogue.importing.findings import REASONS
from services.catalogue.importing.routes import DESKS, TASKS, UNITS, Who
from services.catalogue.importing.time_limits import UNITS as TIME_UNITS

PAGE = Path(settings.BASE_DIR) / "docs" / "rules" / "importing.md"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of the page."""
    lines = [head, tuple("---" for _column in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def words(pattern: str) -> str:
    """A pattern as the page shows it."""
    return "`" + pattern.replace("|", "\\|") + "`" if pattern else "anything"


def desks(found: frozenset[Who]) -> str:
    """Who may do a task."""
    return "anybody" if found == frozenset(Who) else ", ".join(sorted(f"`{who}`" for who in found))


TABLES = {
    "functions": table(
        ("words", "level", "function"),
        ((words(text), level, f"`{name}`" if name else "the ward itself") for text, level, name in FUNCTIONS),
    ),
    "units": table(("unit", "kept as"), ((f"`{unit}`", f"{times} × `{kept}`") for unit, (kept, times) in TIME_UNITS.items())),
    "desks": table(("words for the desk", "who"), ((words(text), f"`{who}`") for text, who in DESKS)),
    "tasks": table(("who", "words of the task", "kind"), ((desks(who), words(text), f"`{kind}`") for who, text, kind in TASKS)),
    "offices": table(("words for the unit", "function"), ((words(text), f"`{name}`") for text, name in UNITS)),
    "databases": table(("words", "database"), (("`" + text + "`", name) for text, name in NAMES)),
    "reasons": table(("code", "reason"), ((f"`{code}`", reason) for code, reason in REASONS.items())),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_the_table(name: str) -> None:
    shown = PAGE.read_text("utf-8").partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0].strip()
    assert shown == TABLES[name]
