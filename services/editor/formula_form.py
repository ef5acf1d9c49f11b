"""A formula on a page: an operation and its parts, or JSON where it is more than that."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.editor.asking import Question
from services.editor.formula_editing import OPERATIONS, Formula, bounds, is_number, read, takes, write
from services.forms.operands import Operand

PREFIX = "ct"
INPUT = re.compile(rf"{PREFIX}-part-([0-9]{{1,2}})")
OPERATION_WORDS: Mapping[str, str | Promise] = {
    "+": gettext_lazy("Sum of answers"),
    "-": gettext_lazy("Difference: first minus second"),
    "*": gettext_lazy("Product"),
    "/": gettext_lazy("Quotient: first divided by second"),
    "sum": gettext_lazy("Sum of a column of a table or group"),
    "count": gettext_lazy("Number of rows of a table or group"),
    "min": gettext_lazy("The smallest"),
    "max": gettext_lazy("The largest"),
    "years": gettext_lazy("Whole years between two days"),
    "days": gettext_lazy("Days between two days"),
}


@dataclass
class FormulaForm:
    """A formula being edited. `formula` is None where it is written as JSON."""

    questions: Mapping[str, Question]
    formula: Formula | None
    text: str = ""
    error: str = ""
    rearranged: bool = False

    @classmethod
    def of(cls, formula: Any, questions: Mapping[str, Question]) -> "FormulaForm":
        """For a formula that is kept."""
        simple = Formula("+", ()) if formula is None else read(formula, _operands(questions))
        text = "" if simple is not None else json.dumps(formula, ensure_ascii=False, indent=1)
        return cls(questions, simple, text)

    @classmethod
    def typed(cls, data: QueryDict, questions: Mapping[str, Question], button: str = "") -> "FormulaForm":
        """For what was typed; `button` is the value of the button of the formula that was pressed."""
        made = cls.of(None, questions)
        made.rearranged = bool(button)
        if f"{PREFIX}-json" in data:
            made.formula, made.text = None, data.get(f"{PREFIX}-json", "")
            if button == "simple":
                made._simplify()
            return made
        operation = data.get(f"{PREFIX}-operation", "")
        numbered = sorted((int(match[1]), name) for name in data if (match := INPUT.fullmatch(name)))
        parts = tuple(data.get(f"{PREFIX}-number-{n}", "").strip() or data.get(name, "") for n, name in numbered)
        made.formula = Formula(operation if operation in OPERATIONS else "+", parts)
        if button == "add":
            made.formula = Formula(made.formula.operation, (*(part for part in parts if part), "", ""))
        elif button == "json":
            kept = write(made.formula)
            made.formula, made.text = None, "" if kept is None else json.dumps(kept, ensure_ascii=False, indent=1)
        return made

    def _simplify(self) -> None:
        kept = self.value()
        if self.error:
            return
        simple = Formula("+", ()) if kept is None else read(kept, _operands(self.questions))
        if simple is None:
            self.error = _("This formula says more than can be chosen here. It stays as it is written.")
        else:
            self.formula = simple

    def value(self) -> Any:
        """The formula to keep; `error` says why there is none."""
        if self.formula is not None:
            kept = Formula(self.formula.operation, tuple(part for part in self.formula.parts if self._fits(part)))
            return write(kept)
        if not self.text.strip():
            return None
        try:
            return json.loads(self.text, parse_constant=lambda name: float("nan"))
        except ValueError:
            self.error = _("This cannot be read: check brackets, commas and quotation marks.")
            return None

    def _fits(self, part: str) -> bool:
        return part in self._known or is_number(part)

    @property
    def _known(self) -> list[str]:
        wanted = takes(self.formula.operation) if self.formula else frozenset()
        return [name for name, one in self.questions.items() if one.operand.type in wanted]

    # For the template

    @property
    def operations(self) -> list[tuple[str, str | Promise]]:
        """What can be done."""
        return list(OPERATION_WORDS.items())

    @property
    def choices(self) -> list[Question]:
        """The answers that the operation works with."""
        return [self.questions[name] for name in self._known]

    @property
    def takes_numbers(self) -> bool:
        """Whether a part may be a plain number."""
        return (
            self.formula is not None
            and bounds(self.formula.operation) != (1, 1)
            and self.formula.operation not in {"years", "days"}
        )

    @property
    def can_add(self) -> bool:
        """Whether there may be more parts."""
        return self.formula is not None and len(self.parts) < bounds(self.formula.operation)[1]

    @property
    def parts(self) -> list[tuple[int, str, str]]:
        """Number, name and plain number of each part, with empty ones as far as the operation needs them."""
        if self.formula is None:
            return []
        least, most = bounds(self.formula.operation)
        parts = [*self.formula.parts, *[""] * max(0, least - len(self.formula.parts))][:most]
        return [(n, "" if is_number(part) else part, part if is_number(part) else "") for n, part in enumerate(parts)]


def _operands(questions: Mapping[str, Question]) -> dict[str, Operand]:
    return {name: one.operand for name, one in questions.items()}
