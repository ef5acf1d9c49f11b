"""The answers of a choice on a page: rows that are added, moved and removed, or lines of text where there are very many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from services.editor.field_forms import both, english
from services.editor.form_editing import choice_value, said

PREFIX = "lc"
AS_ROWS = 60
"""More choices than that are edited as lines of text: a page has room for so many inputs."""
MOST_AT_ONCE = 500
BETWEEN = re.compile(r"\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One choice as it is typed; `old` is its value before, which its English words are found by."""

    label: str
    value: str = ""
    help: str = ""
    old: str = ""


@dataclass
class ChoicesForm:
    """The choices of a question being edited."""

    kept: Sequence[Any]
    lines: list[Line]
    as_text: bool
    rearranged: bool = False
    fresh: int = -1
    """The row that was just added or moved."""
    more: str = ""
    errors: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: object) -> "ChoicesForm":
        """For choices that are kept."""
        kept = [one for one in choices if isinstance(one, dict)] if isinstance(choices, list) else []
        lines = [
            Line(said(one.get("label")), str(one.get("value") or ""), said(one.get("help")), str(one.get("value") or ""))
            for one in kept
        ]
        return cls(kept, lines, len(lines) > AS_ROWS)

    @classmethod
    def typed(cls, data: QueryDict, choices: object, button: str = "") -> "ChoicesForm":
        """For what was typed; `button` is the value of the button of the choices that was pressed."""
        made = cls.of(choices)
        if f"{PREFIX}-text" in data:
            made.lines = _of_text(data.get(f"{PREFIX}-text", ""))
            made.as_text = True
            return made
        count = data.get(f"{PREFIX}-count", "")
        rows = range(min(int(count), AS_ROWS + 1)) if re.fullmatch("[0-9]{1,3}", count) else ()
        made.lines = [
            Line(*(data.get(f"{PREFIX}-{n}-{part}", "").strip() for part in ("label", "value", "help", "old"))) for n in rows
        ]
        made.lines += _of_text(data.get(f"{PREFIX}-more", ""))
        made.as_text = len(made.lines) > AS_ROWS
        made._rearrange(button)
        return made

    def _rearrange(self, button: str) -> None:
        what, _colon, where = button.partition(":")
        at = int(where) if re.fullmatch("[0-9]{1,3}", where) else -1
        if not what:
            return
        self.rearranged = True
        if what == "add":
            self.lines.append(Line(""))
            self.fresh = len(self.lines) - 1
        elif what == "remove" and at < len(self.lines):
            del self.lines[at]
        elif what in {"up", "down"} and 0 <= at + (1 if what == "down" else -1) < len(self.lines):
            self.fresh = at + (1 if what == "down" else -1)
            self.lines.insert(self.fresh, self.lines.pop(at))

    def is_valid(self) -> bool:
        """Whether every choice has words, and a value of its own."""
        seen: set[str] = set()
        for n, line in enumerate(self.lines):
            if not line.label and (line.value or line.help):
                self.errors[n] = _("Say what this answer is called.")
            elif line.value and line.value in seen:
                self.errors[n] = _("Another answer has this short name already.")
            seen.add(line.value)
        return not self.errors

    def choices(self) -> list[dict[str, Any]]:
        """What to keep: empty lines are left out, values are made from the words where none were given."""
        old = {str(one.get("value")): one for one in self.kept}
        taken = [line.value for line in self.lines if line.value]
        found = []
        for line in self.lines[:MOST_AT_ONCE]:
            if not line.label:
                continue
            value = line.value
            if not value:
                value = choice_value(line.label, taken)
                taken.append(value)
            before = old.get(line.old or line.value, {})
            made = {"value": value, "label": both(line.label, english(before.get("label")))}
            if line.help:
                made["help"] = both(line.help, english(before.get("help")))
            found.append(made)
        return found

    @property
    def text(self) -> str:
        """All choices as lines of text."""
        return "\n".join(" | ".join([line.label, line.value, *([line.help] if line.help else [])]) for line in self.lines)

    @property
    def rows(self) -> list[tuple[int, Line, str]]:
        """Number, line and complaint of each row."""
        return [(n, line, self.errors.get(n, "")) for n, line in enumerate(self.lines)]


def _of_text(text: str) -> list[Line]:
    """`Nhãn | giá-trị | giải thích`, one choice per line; the value and the explanation may be left out."""
    found = []
    for line in text.splitlines()[:MOST_AT_ONCE]:
        parts = [part.strip() for part in BETWEEN.split(line.strip(), maxsplit=2)]
        if parts[0]:
            label, value, explained = (*parts, "", "")[:3]
            found.append(Line(label, value, explained, value))
    return found
