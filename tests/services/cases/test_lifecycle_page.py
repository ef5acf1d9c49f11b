"""The promise: docs/rules/lifecycle.md shows the table and the diagram that the code runs on. UPDATE_DOCS=1 rewrites it."""

import os
from pathlib import Path

from services.cases.lifecycle import TABLE, Action, Actor, State, Target

PAGE = Path(__file__).parents[3] / "docs" / "rules" / "lifecycle.md"
MARK = "<!-- printed from services/cases/lifecycle.py -->"


def who(action: Action) -> str:
    return action.who.value if isinstance(action.who, Actor) else ", ".join(sorted(action.who))


def target(action: Action) -> str:
    if action.target is Target.SAME:
        return "(same)"
    if action.target is Target.REOPENED:
        return "1 filed or 4 in_progress"
    return "(before the pause)" if action.target is Target.BACK else f"{int(action.target)} {action.target.name.lower()}"


def table() -> str:
    lines = ["| Action | From | To | Who | Reason | Clock |", "|---|---|---|---|---|---|"]
    for action in TABLE:
        sources = ", ".join(str(int(state)) for state in sorted(action.sources))
        reason = "yes" if action.needs_reason else ""
        lines.append(f"| {action.name} | {sources} | {target(action)} | {who(action)} | {reason} | {action.clock} |")
    return "\n".join(lines)


def diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for action in TABLE:
        for source in sorted(action.sources):
            if not isinstance(action.target, Target):
                lines.append(f"    {source.name.lower()} --> {action.target.name.lower()}: {action.name}")
    return "\n".join([*lines, "```"])


def test_the_page_is_printed_from_the_table() -> None:
    states = "\n".join(f"| {int(state)} | {state.name.lower()} |" for state in State)
    printed = f"{MARK}\n\n| Code | State |\n|---|---|\n{states}\n\n{table()}\n\n{diagram()}\n"
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(head + printed, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == head + printed
