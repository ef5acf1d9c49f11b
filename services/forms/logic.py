"""What a page hands to the browser so that it decides and calculates exactly as the server does.

Conditions and formulas go out compiled (see `language`). Answers of the page are named after its inputs and read from them;
answers of other pages are put in as they are; calculated values of other pages come along when answers of this page enter them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.forms.conditions import holds, variables
from services.forms.dependencies import all_needs
from services.forms.fields import Field, Page
from services.forms.form import Definition
from services.forms.kinds import DATED, PART_OPERANDS, Format, Kind
from services.forms.language import Program, Unusable, cast, compiled, look_up, operand

READ_AS: Mapping[Kind, str] = {
    Kind.NUMBER: "number",
    Kind.MONEY: "number",
    Kind.PERCENTAGE: "number",
    Kind.YEAR: "number",
    Kind.AREA: "area",
    Kind.DATE: "date",
    Kind.PARTIAL_DATE: "known_date",
    Kind.MONTH: "known_date",
    Kind.YES_NO: "yes_no",
    Kind.MULTIPLE_CHOICE: "multiple_choice",
    Kind.CAPITALS_NAME: "capitals",
}
"""How the browser reads an answer; anything else is text."""


class Logic:
    """The conditions and formulas of one page, and everything they need."""

    def __init__(
        self, definition: Definition, page: Page, visible: Sequence[Field], rows: Mapping[str, int], known: Mapping[str, Any]
    ) -> None:
        self.definition = definition
        self.page = page
        self.rows = rows
        self.known_answers = known
        self.own = {one.key for one in visible}
        self.visible = {one.key: one for one in visible}
        self.names = {var: name for one in visible for var, name in inputs(one).items()}
        self.types: dict[str, Any] = {}
        self.known: dict[str, Any] = {}
        self.calculated: dict[str, dict[str, Any]] = {}

    def live(self, one: Field) -> bool:
        """Whether answers of this page decide if the question is asked."""
        return any(self.follows(name.partition(".")[0]) for name in variables(one.when))

    def follows(self, key: str) -> bool:
        """Whether an answer is given on this page, or calculated from what is."""
        if key in self.own:
            return True
        try:
            one = self.definition.field(key)
        except KeyError:
            return False
        return one.kind == Kind.CALCULATED and bool(all_needs(key, self.definition.needs) & self.own)

    def row_names(self, group: Field, number: int) -> dict[str, str]:
        """The names of a row's answers, with those of the page."""
        prefix = f"{group.key}-{number}-"
        return {**self.names, **{var: name for inner in group.fields for var, name in inputs(inner, prefix).items()}}

    def condition(self, one: Field, names: Mapping[str, str], row: Field | None = None) -> str:
        """The compiled condition of a question as JSON; empty when nothing on the page decides it."""
        if one.when is None or not any(name in names or self.follows(name.partition(".")[0]) for name in variables(one.when)):
            return ""
        return json.dumps(self.rule(one.when, names, row), ensure_ascii=False)

    def rule(self, expression: Any, names: Mapping[str, str], row: Field | None = None, *, formula: bool = False) -> Any:
        """A compiled expression; what it needs is noted."""
        try:
            program = compiled(expression, names, formula=formula)
        except Unusable:
            return False
        self.note(program, names, row)
        return program.rule

    def note(self, program: Program, names: Mapping[str, str], row: Field | None) -> None:
        back = {name: var for var, name in names.items()}
        for name, form in sorted(program.needs):
            var = back.get(name, name)
            root = var.partition(".")[0]
            if row is not None and any(inner.key == root for inner in row.fields):
                self.answer(name, next(inner for inner in row.fields if inner.key == root), names, row)
            elif name in back:
                self.answer(name, self.visible[root], self.names, None)
            elif form in {"numbers", "count"} and root in self.visible:
                self.column(var, self.visible[root])
            elif self.follows(root) and root not in self.own:
                self.calculate(self.definition.field(root), root, self.names, None)
            else:
                self.known[operand(var, form)] = cast(look_up(var, self.known_answers), form)

    def answer(self, name: str, one: Field, names: Mapping[str, str], row: Field | None) -> None:
        if one.kind == Kind.CALCULATED:
            self.calculate(one, name, names, row)
        else:
            stem, _dash, part = name.rpartition("-")
            if part == "province" and one.province:
                # It is not asked; it counts once the ward is chosen.
                self.types[name] = {"is": one.province, "with": f"{stem}-ward"}
            elif part in PART_OPERANDS.get(one.kind, ()):
                self.types[name] = "text"
            else:
                self.types[name] = "money" if one.units else READ_AS.get(one.kind, "text")

    def column(self, var: str, group: Field) -> None:
        """The inputs of a column, or of all rows to count them."""
        key = var.partition(".")[2]
        numbers = range(self.rows.get(group.key, 0))
        if not key:
            asked = [inner for inner in group.fields if inner.asks]
            self.types[group.key] = [[name for inner in asked for name in raw_names(inner, f"{group.key}-{n}-")] for n in numbers]
            return
        inner = next(inner for inner in group.fields if inner.key == key)
        names = [f"{group.key}-{n}-{key}" for n in numbers]
        for n, name in enumerate(names):
            self.answer(name, inner, self.row_names(group, n), group)
        self.types[operand(var, "")] = {"column": names}

    def calculate(self, one: Field, name: str, names: Mapping[str, str], row: Field | None) -> None:
        """Have the browser work the value out."""
        if name in self.calculated:
            return
        conditions = [one.when] if row is not None or one.key in self.own else [self.page_of(one).when, one.when]
        self.calculated[name] = {}
        made = {
            "name": name,
            "when": [self.rule(condition, names, row) for condition in conditions if condition is not None],
            "rule": self.rule(one.formula, names, row, formula=one.format != Format.YES_NO),
            "format": one.format.value,
            "decimals": one.decimals,
        }
        if one.format == Format.YES_NO:
            made["asks"] = sorted({operand(names.get(var, var), "") for var in variables(one.formula)})
        # After what it needs, which has been noted by now.
        del self.calculated[name]
        self.calculated[name] = made

    def page_of(self, one: Field) -> Page:
        return next(page for page in self.definition.pages if one in page.fields)

    def data(self) -> str:
        """All of it as JSON; empty when the page has nothing to decide or calculate."""
        if not self.types and not self.calculated:
            return ""
        made = {"types": self.types, "known": self.known, "calculated": list(self.calculated.values())}
        return json.dumps(made, ensure_ascii=False)


def inputs(one: Field, prefix: str = "") -> dict[str, str]:
    """The names that expressions can ask about, and the inputs that answer them."""
    parts = PART_OPERANDS.get(one.kind, {})
    if parts:
        return {f"{one.key}.{part}": f"{prefix}{one.key}-{part}" for part in parts}
    return {one.key: f"{prefix}{one.key}"} if one.answers and not one.repeats else {}


def raw_names(one: Field, prefix: str = "") -> Iterator[str]:
    """The names under which a question is sent."""
    if one.kind in DATED:
        yield from (f"{prefix}{one.key}_{part}" for part in ("day", "month", "year"))
    elif one.parts:
        yield from (f"{prefix}{one.key}-{part}" for part in one.parts if part not in {"unit", "find"})
    else:
        yield f"{prefix}{one.key}"


def possible(definition: Definition, page: Page, before: Mapping[str, Any]) -> list[Field]:
    """The questions of the page that are asked, or could be after other answers on it; `before` are those of other pages."""
    found = list(page.fields)
    while True:
        logic = Logic(definition, page, found, {}, {})
        left = [one for one in found if logic.live(one) or holds(one.when, before)]
        if len(left) == len(found):
            return left
        found = left
