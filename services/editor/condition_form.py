"""The rows of a condition on a page: read from what is kept or from what was typed, drawn, rearranged, and made again.

Works without a script: every button sends the page, which comes back with the rows as asked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.editor.asking import Question, comparable
from services.editor.condition_editing import MOST_ROWS, WITHOUT_VALUE, Row, Rows, fitting, read, relations, write
from services.forms.operands import Operand, Type

PREFIX = "dk"
INPUT = re.compile(rf"{PREFIX}-([0-9]{{1,2}})-([0-9]{{1,2}})-name")
RELATION_WORDS: Mapping[str, str | Promise] = {
    "==": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "<": gettext_lazy("is less than"),
    "<=": gettext_lazy("is at most"),
    ">": gettext_lazy("is more than"),
    ">=": gettext_lazy("is at least"),
    "one_of": gettext_lazy("is one of"),
    "has": gettext_lazy("includes"),
    "has_not": gettext_lazy("does not include"),
    "answered": gettext_lazy("is answered"),
    "unanswered": gettext_lazy("is not answered"),
}
DAY_WORDS: Mapping[str, str | Promise] = {
    "<": gettext_lazy("is before"),
    "<=": gettext_lazy("is at the latest"),
    ">": gettext_lazy("is after"),
    ">=": gettext_lazy("is at the earliest"),
}
YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One row as the template draws it. `widget` is none, select, many or text."""

    id: str
    number: int
    block: int
    place: int
    name: str
    relation: str
    relations: list[tuple[str, str | Promise]]
    values: tuple[str, ...]
    widget: str
    choices: tuple[tuple[str, str | Promise], ...] = ()
    unit: str = ""
    hint: str = ""
    missing: bool = False

    @property
    def value(self) -> str:
        """The single value."""
        return self.values[0] if self.values else ""


@dataclass
class ConditionForm:
    """A condition being edited. `rows` is None where it is written as JSON."""

    questions: Mapping[str, Question]
    rows: Rows | None
    text: str = ""
    error: str = ""
    rearranged: bool = False
    fresh: str = ""
    """Id of the input that was just added."""
    operands: dict[str, Operand] = field(default_factory=dict)

    @classmethod
    def of(cls, condition: Any, questions: Mapping[str, Question]) -> "ConditionForm":
        """For a condition that is kept."""
        known = comparable(questions)
        operands = {name: one.operand for name, one in known.items()}
        rows = read(condition, operands)
        text = "" if rows is not None else json.dumps(condition, ensure_ascii=False, indent=1)
        return cls(known, rows, text, operands=operands)

    @classmethod
    def typed(cls, data: QueryDict, questions: Mapping[str, Question], button: str = "") -> "ConditionForm":
        """For what was typed; `button` is the value of the button that was pressed, when it is one of the condition's."""
        made = cls.of(None, questions)
        if f"{PREFIX}-json" in data:
            made.rows, made.text = None, data.get(f"{PREFIX}-json", "")
            if button == "rows":
                made.rearranged = True
                made._as_rows()
            return made
        made.rows = made._read(data)
        made._rearrange(button)
        return made

    def _read(self, data: QueryDict) -> Rows:
        blocks: dict[int, dict[int, Row]] = {}
        for name in data:
            match = INPUT.fullmatch(name)
            if match:
                start = f"{PREFIX}-{match[1]}-{match[2]}"
                values = tuple(value.strip() for value in data.getlist(f"{start}-value"))
                row = Row(data.get(name, ""), data.get(f"{start}-relation", ""), values)
                blocks.setdefault(int(match[1]), {})[int(match[2])] = self._fitting(row)
        ordered = (tuple(rows[n] for n in sorted(rows)) for _block, rows in sorted(blocks.items()))
        return Rows(data.get(f"{PREFIX}-every", "1") == "1", tuple(ordered))

    def _fitting(self, row: Row) -> Row:
        question = self.questions.get(row.name)
        return fitting(row, question.operand) if question else row

    def _rearrange(self, button: str) -> None:
        what, _colon, where = button.partition(":")
        if not what or self.rows is None:
            return
        self.rearranged = True
        blocks = [list(block) for block in self.rows.blocks]
        empty = Row("", "==")
        places = [int(part) for part in where.split(":") if part.isdigit()]
        count = sum(map(len, blocks))
        if what == "add" and count < MOST_ROWS:
            blocks.append([empty])
            self.fresh = f"{PREFIX}-{len(blocks) - 1}-0-name"
        elif what == "beside" and count < MOST_ROWS and len(places) == 1 and places[0] < len(blocks):
            blocks[places[0]].append(empty)
            self.fresh = f"{PREFIX}-{places[0]}-{len(blocks[places[0]]) - 1}-name"
        elif what == "remove" and len(places) == 2 and places[0] < len(blocks) and places[1] < len(blocks[places[0]]):
            del blocks[places[0]][places[1]]
        elif what == "json":
            made = write(self.rows, self.operands)
            self.rows, self.text = None, json.dumps(made, ensure_ascii=False, indent=1) if made is not None else ""
            return
        self.rows = Rows(self.rows.every, tuple(tuple(block) for block in blocks if block))

    def _as_rows(self) -> None:
        """Back from JSON to rows, where rows can say it."""
        condition = self.condition()
        if self.error:
            return
        rows = read(condition, self.operands)
        if rows is None:
            self.error = _("This condition says more than rows can. It stays as it is written.")
        else:
            self.rows = rows

    def condition(self) -> Any:
        """The condition to keep; `error` says why there is none."""
        if self.rows is not None:
            return write(self.rows, self.operands)
        if not self.text.strip():
            return None
        try:
            return json.loads(self.text, parse_constant=lambda name: float("nan"))
        except ValueError:
            self.error = _("This cannot be read: check brackets, commas and quotation marks.")
            return None

    # For the template

    @property
    def pages(self) -> list[tuple[str, list[Question]]]:
        """The questions by page, for the list to choose from."""
        found: dict[str, list[Question]] = {}
        for one in self.questions.values():
            found.setdefault(one.page, []).append(one)
        return list(found.items())

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.blocks)) if self.rows else 0

    @property
    def full(self) -> bool:
        """Whether there is room for no more."""
        return self.count >= MOST_ROWS

    @property
    def blocks(self) -> list[list[DrawnRow]]:
        """The rows as they are drawn."""
        drawn, number = [], 0
        for n, block in enumerate(self.rows.blocks if self.rows else ()):
            line = []
            for m, row in enumerate(block):
                number += 1
                line.append(self._drawn(row, n, m, number))
            drawn.append(line)
        return drawn

    def _drawn(self, row: Row, block: int, place: int, number: int) -> DrawnRow:
        question = self.questions.get(row.name)
        start = f"{PREFIX}-{block}-{place}"
        if question is None:
            return DrawnRow(start, number, block, place, row.name, row.relation, [], row.values, "none", missing=bool(row.name))
        operand = question.operand
        words = {**RELATION_WORDS, **DAY_WORDS} if operand.type == Type.DATE else RELATION_WORDS
        choices = YES_NO if operand.type == Type.YES_NO else question.choices
        widget = "text"
        if row.relation in WITHOUT_VALUE:
            widget = "none"
        elif choices:
            widget = "many" if row.relation == "one_of" else "select"
        hint = {Type.DATE: "dd/mm/yyyy", Type.NUMBER: ""}.get(operand.type, "")
        return DrawnRow(
            id=start,
            number=number,
            block=block,
            place=place,
            name=row.name,
            relation=row.relation,
            relations=[(one, words[one]) for one in relations(operand) if one != "one_of" or choices],
            values=row.values,
            widget=widget,
            choices=tuple(choices),
            unit=question.unit,
            hint=hint,
        )
