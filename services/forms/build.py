"""A page of a definition as a Django form, ready for templates: `{{ form }}` draws all of it.

The rules stay in `validation`: the form only carries what was typed to them and puts their complaints beside the inputs.
Repeating groups and the choice of a ward work without a script: their buttons send the page, which comes back rearranged
with everything that was typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from services.forms import finding, places
from services.forms.conditions import holds
from services.forms.definition import Definition, Field, Kind, Page
from services.forms.form import Shown
from services.forms.kinds import PLACES, Format
from services.forms.logic import Logic, possible
from services.forms.questions import Count, Line, Listed, initial, part_initial, part_question, question, ward_choices
from services.forms.readout import display
from services.forms.validation import page_with
from services.forms.wording import Complaint

ADD, REMOVE, PLACE, PICK = "_add_", "_remove_", "_place_", "_pick_"
"""Names of the buttons that rearrange a page instead of sending it on."""
COLUMN_WIDTHS: Mapping[Kind, int] = {
    Kind.NUMBER: 110,
    Kind.YEAR: 90,
    Kind.TIME: 90,
    Kind.MONEY: 170,
    Kind.DATE: 240,
    Kind.MONTH: 170,
}
TABLE_WIDTH = 620
"""Of the columns of a table and of the page, in pixels; wider rows are drawn as cards."""
UNDRAWN = frozenset({Kind.NOTE, Kind.HEADING, Kind.ATTACHMENT, Kind.CALCULATED})
"""Kinds without an input."""


@dataclass
class Part:
    """What the template draws next: a field, a question of several inputs, a group, a note or a file to attach later.

    `when` is the compiled condition that hides the part in the browser; `explained` says that the part before it has the same
    condition.
    """

    kind: str
    key: str = ""
    label: str = ""
    help: str = ""
    when: str = ""
    explained: bool = False
    required: bool = True
    bound: BoundField | None = None
    inputs: "list[BoundField]" = field(default_factory=list)
    rows: "list[Rows]" = field(default_factory=list)
    columns: "list[str]" = field(default_factory=list)
    fits: bool = True
    """Whether the columns of a table stand beside each other on a wide screen."""
    button: str = ""
    button_label: str = ""
    next_row: int = 1
    value: str = ""
    """What was calculated; the statement of a declaration."""
    unit: str = ""
    tone: str = ""
    lookup: "Lookup | None" = None
    province: str = ""
    """The only province a place can be in."""

    @property
    def errors(self) -> list[str]:
        """Complaints about any of its inputs."""
        return [str(error) for bound in self.inputs for error in bound.errors]

    @property
    def finds(self) -> bool:
        """Whether a ward can be looked for by its name."""
        return any(bound.name == self.find_name for bound in self.inputs)

    @property
    def find_name(self) -> str:
        """Name of the input for the name of a ward."""
        return f"{self.key}-find"

    @property
    def province_name(self) -> str:
        """Name of the select for the province."""
        return f"{self.key}-province"

    @property
    def help_id(self) -> str:
        """Id of the hint."""
        return f"id_{self.key}_helptext"


@dataclass
class Lookup:
    """What looking for a ward by its name has found: `picks` are buttons by name."""

    message: str
    picks: list[tuple[str, str]]


@dataclass
class Rows:
    """One row of a group."""

    number: int
    title: str
    parts: list[Part]
    remove: str = ""


class PageForm(forms.Form):
    """The form of one page. Use `form_class` to get one for a definition."""

    template_name = "formfields/page.html"
    definition: ClassVar[Definition]
    page: ClassVar[Page]
    saved: ClassVar[Mapping[str, Any]]
    prefill: ClassVar[Mapping[str, Any]]
    notes: ClassVar[Mapping[str, str]]
    fixed: ClassVar[Mapping[str, Any]]
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        typed = _copied(data) if data is not None else None
        super().__init__(typed, **kwargs)
        self.rearranged = typed is not None and any(name.startswith((ADD, REMOVE, PLACE, PICK)) for name in typed)
        self.row_counts: dict[str, int] = {}
        self.lookups: dict[str, Lookup] = {}
        self._answers: dict[str, Any] = {}
        if typed is not None and self.rearranged:
            _rearrange(typed, self.page.fields)
            self._look_up_places(typed)
        own = {one.key for one in self.page.fields}
        before = self.definition.shown({key: value for key, value in self.saved.items() if key not in own}).answers
        self._shown: Shown = self.definition.shown(self.saved)
        self._visible = possible(self.definition, self.page, before)
        begun = any(one.key in self.saved for one in self.page.fields if one.asks)
        for one in self._visible:
            value = self.saved.get(one.key)
            if value is None and not begun:
                offered = (self.prefill.get(name) for name in (one.key, one.prefill))
                value = next((known for known in offered if known not in (None, "")), None)
            if one.key in self.fixed:
                value = self.fixed[one.key]
            self._add_question(one, one.key, value)

    def _add_question(self, one: Field, name: str, value: Any) -> None:
        if one.repeats:
            self._add_group(one, value)
        elif one.parts:
            self._add_parts(one, name, value)
        elif one.kind not in UNDRAWN:
            made = question(one)
            made.initial = initial(one, value)
            if name == one.key:
                made.help_text = self._help(one)
                made.widget.attrs |= {"readonly": True} if one.key in self.fixed else {}
            self.fields[name] = made

    def _help(self, one: Field) -> str:
        """The explanation of a question, with where its answer was taken from."""
        said, note = one.help.said(), self.notes.get(one.key)
        return format_html('{}<span class="mc-source" data-mc-source>{}</span>', said, note) if note else said

    def _add_parts(self, one: Field, name: str, value: Any) -> None:
        kept = value if isinstance(value, Mapping) else {}
        for part in one.parts:
            made = part_question(one, part)
            if part == "ward" and isinstance(made, Listed):
                made.choices = ward_choices(one.province or str(self._typed(f"{name}-province", kept.get("province") or "")))
            made.initial = part_initial(one, part, value)
            self.fields[f"{name}-{part}"] = made

    def _add_group(self, group: Field, value: Any) -> None:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        count = _row_count(self.data, group) if self.is_bound else max(len(rows), group.at_least)
        self.row_counts[group.key] = count
        self.fields[f"{group.key}-rows"] = Line(widget=Count, required=False, initial=count)
        for n in range(count):
            row = rows[n] if n < len(rows) else {}
            for inner in group.fields:
                self._add_question(inner, f"{group.key}-{n}-{inner.key}", row.get(inner.key))

    def _typed(self, name: str, otherwise: Any) -> Any:
        return self.data.get(name) if self.is_bound and name in self.data else otherwise

    def full_clean(self) -> None:
        """A page that is only being rearranged is read, so that it is calculated, but nothing is complained about."""
        super().full_clean()
        if self.rearranged:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data = {}

    def is_valid(self) -> bool:
        """Whether it was sent on, and the answers can be kept."""
        return not self.rearranged and super().is_valid()

    def clean(self) -> dict[str, Any]:
        """Ask the rule, and put its complaints beside the inputs."""
        typed = super().clean() or {}
        raw = {one.key: self._raw(one, one.key, typed) for one in self._visible if one.asks}
        cleaned, self._shown = page_with(self.definition, self.page.key, raw, self.saved)
        self._answers = cleaned.values
        for path, complaint in cleaned.errors.items():
            self._complain(path, complaint, cleaned.parts.get(path, ()))
        return typed

    def _raw(self, one: Field, name: str, typed: Mapping[str, Any]) -> Any:
        if one.repeats:
            return [
                {inner.key: self._raw(inner, f"{name}-{n}-{inner.key}", typed) for inner in one.fields if inner.asks}
                for n in range(self.row_counts[name])
            ]
        if one.parts:
            return {part: typed.get(f"{name}-{part}") for part in one.parts}
        return typed.get(name)

    def _complain(self, path: str, complaint: Complaint, parts: Sequence[str]) -> None:
        name = path.replace(".", "-")
        if name in self.row_counts:
            name = f"{name}-rows"
        elif name not in self.fields:
            asked = [part for part in (*parts, "province", "ward") if f"{name}-{part}" in self.fields]
            name = f"{name}-{asked[0]}" if asked else next(known for known in self.fields if known.startswith(f"{name}-"))
        if complaint.code == "several_wards" and isinstance(self.data, QueryDict):
            self._look_up(self.data, name.removesuffix("-find"))
        self.add_error(name, ValidationError(complaint, code=complaint.code, params={"parts": parts} if parts else None))  # type: ignore[arg-type]

    def answers(self) -> dict[str, Any]:
        """What to keep of this page after `is_valid()`; of a page that is not valid, the answers that are good already."""
        return dict(self._answers)

    def get_context(self) -> dict[str, Any]:
        """What the template draws."""
        parts = self.parts()
        return {**super().get_context(), "parts": parts, "has_buttons": self._has_buttons(), "logic": self._logic.data()}

    def _has_buttons(self) -> bool:
        return any(name.endswith(("-rows", "-province", "-find")) for name in self.fields)

    def parts(self) -> list[Part]:
        """The page in order."""
        if self.is_bound and self._errors is None:
            self.full_clean()
        self._logic = Logic(self.definition, self.page, self._visible, self.row_counts, self._shown.answers)
        return _explained_once([self._part(one, one.key, self._logic.names, self._shown.answers) for one in self._visible])

    def _part(
        self, one: Field, name: str, names: Mapping[str, str], counted: Mapping[str, Any], row: Field | None = None
    ) -> Part:
        said = self._help(one) if name == one.key else one.help.said()
        part = Part(kind="field", key=name, label=one.label.said(), help=said, required=one.required)
        part.when = self._logic.condition(one, names, row)
        if one.repeats:
            self._fill_group(part, one)
        elif one.parts:
            part.kind = PART_TEMPLATES.get(one.kind, "parts")
            part.inputs = [self[f"{name}-{half}"] for half in one.parts]
            part.value = one.statement.said()
            if one.kind in PLACES:
                part.button = f"{PLACE}{name}" if not one.province or one.kind == Kind.ADDRESS else ""
                part.lookup = self.lookups.get(name)
                part.province = one.province
        elif one.kind in UNDRAWN:
            part.kind = one.kind.value
            part.tone = one.tone.value
            if one.kind == Kind.CALCULATED:
                self._logic.calculate(one, name, names, row)
                part.value = display(one, counted.get(one.key))
                part.unit = _("đồng") if one.format == Format.MONEY else one.unit.said()
        else:
            part.bound = self[name]
        return part

    def _fill_group(self, part: Part, group: Field) -> None:
        count = self.row_counts[group.key]
        item = group.item.said() or _("Entry")
        part.kind = group.kind.value
        part.bound = self[f"{group.key}-rows"]
        part.columns = [inner.label.said() for inner in group.fields]
        part.fits = sum(COLUMN_WIDTHS.get(inner.kind, 130) for inner in group.fields) <= TABLE_WIDTH
        part.button = f"{ADD}{group.key}" if count < group.at_most else ""
        part.next_row = count + 1
        part.button_label = _("Add: %(item)s") % {"item": item.lower()} if group.item else _("Add another entry")
        kept = self._kept_rows(group, count)
        for n in range(count):
            names = self._logic.row_names(group, n)
            known = {**self._shown.answers, **kept[n]}
            asked = [
                inner
                for inner in group.fields
                if group.kind == Kind.TABLE
                or self._logic.condition(inner, names, group)
                or holds(inner.when, self._shown.answers)
            ]
            parts = [self._part(inner, f"{group.key}-{n}-{inner.key}", names, known, group) for inner in asked]
            remove = f"{REMOVE}{group.key}_{n}" if count > group.at_least else ""
            part.rows.append(Rows(n + 1, f"{item} {n + 1}", _explained_once(parts), remove))

    def _kept_rows(self, group: Field, count: int) -> list[Mapping[str, Any]]:
        """The rows with what was calculated in them; nothing where blank rows were dropped in between."""
        rows = self._shown.answers.get(group.key) or []
        return rows if len(rows) == count else [{}] * count

    def _look_up_places(self, typed: QueryDict) -> None:
        """Choose the ward whose name was typed, or the one picked from those that fit."""
        for button in [name for name in typed if name.startswith((PLACE, PICK))]:
            if button.startswith(PICK):
                name, _dot, code = button.removeprefix(PICK).rpartition("_")
                self._choose_ward(typed, name, code)
            else:
                self._look_up(typed, button.removeprefix(PLACE))

    def _look_up(self, typed: QueryDict, name: str) -> None:
        text = typed.get(f"{name}-find", "").strip()
        if not text:
            return
        found = finding.wards_named(text, self._fixed_province(name))
        if len(found) == 1:
            self._choose_ward(typed, name, found[0].ward)
            return
        message = _("Choose the ward you mean:") if found else _("No ward or commune of this name was found.")
        self.lookups[name] = Lookup(message, [(f"{PICK}{name}_{match.ward}", match.label) for match in found])

    def _fixed_province(self, name: str) -> str:
        try:
            return self.definition.field(name.rpartition("-")[2]).province
        except KeyError:
            return ""

    def _choose_ward(self, typed: QueryDict, name: str, code: str) -> None:
        province = places.province_of(code)
        if province and self._fixed_province(name) in {"", province}:
            typed[f"{name}-province"], typed[f"{name}-ward"], typed[f"{name}-find"] = province, code, ""
            self.lookups[name] = Lookup(_("Chosen: %(ward)s") % {"ward": finding.Match(code, province).label}, [])


PART_TEMPLATES: Mapping[Kind, str] = {
    Kind.PROVINCE_WARD: "place",
    Kind.ADDRESS: "place",
    Kind.MAP_POINT: "map_point",
    Kind.DECLARATION: "declaration",
}
"""Questions of several inputs that are not simply drawn one below the other."""


def form_class(
    definition: Definition,
    page_key: str,
    answers: Mapping[str, Any],
    prefill: Mapping[str, Any] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> type[PageForm]:
    """The form of a page for a person with these answers. Raises KeyError for an unknown page.

    `prefill` are facts about the person by name (`person.full_name`) and answers by key, shown where nothing was answered yet.
    By key of the question, `notes` say where an answer was taken from, and `fixed` are answers that cannot be changed.
    """
    attributes = {
        "definition": definition,
        "page": definition.page(page_key),
        "saved": dict(answers),
        "prefill": prefill or {},
        "notes": notes or {},
        "fixed": fixed or {},
    }
    return type("PageForm", (PageForm,), attributes)


def _explained_once(parts: list[Part]) -> list[Part]:
    for before, part in pairwise(parts):
        part.explained = part.when == before.when
    return parts


def _copied(data: Mapping[str, Any]) -> QueryDict:
    if isinstance(data, QueryDict):
        return data.copy()
    made = QueryDict(mutable=True)
    for name, value in data.items():
        made.setlist(name, list(value) if isinstance(value, list | tuple) else [value])
    return made


def _row_count(data: Mapping[str, Any], group: Field) -> int:
    written = str(data.get(f"{group.key}-rows") or "")
    count = int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0
    return min(max(count, group.at_least), group.at_most)


def _rearrange(data: QueryDict, fields: Sequence[Field]) -> None:
    """Add or remove the row a button asks for."""
    for group in fields:
        if not group.repeats:
            continue
        count = _row_count(data, group)
        if f"{ADD}{group.key}" in data:
            data[f"{group.key}-rows"] = str(min(count + 1, group.at_most))
        for n in range(count):
            if f"{REMOVE}{group.key}_{n}" in data and count > group.at_least:
                _remove_row(data, group.key, n)
                data[f"{group.key}-rows"] = str(count - 1)
                break


def _remove_row(data: QueryDict, key: str, removed: int) -> None:
    inputs = [(match, name) for name in list(data) if (match := re.fullmatch(rf"{key}-([0-9]{{1,4}})-(.+)", name))]
    for match, name in sorted(inputs, key=lambda pair: int(pair[0][1])):
        n = int(match[1])
        if n >= removed:
            values = data.pop(name)
            if n > removed:
                data.setlist(f"{key}-{n - 1}-{match[2]}", values)
