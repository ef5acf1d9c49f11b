"""A page of a definition as a Django form, ready for templates: `{{ form }}` draws all of it.

The rules stay in `validation`: the form only carries what was typed to them and puts their complaints beside the inputs.
Repeating groups and the choice of a ward work without a script: their buttons send the page, which comes back rearranged
with everything that was typed.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kit.forms import DatePartsInput, YesNo
from services.forms import places
from services.forms.conditions import holds, narrowed, variables
from services.forms.definition import Definition, Field, Kind, Page
from services.forms.readout import phone
from services.forms.validation import clean_page, vietnamese
from services.forms.wording import Complaint

ADD, REMOVE, PLACE = "_add_", "_remove_", "_place_"
"""Names of the buttons that rearrange a page instead of sending it on."""
AUTOCOMPLETE: Mapping[str, str] = {
    "person.full_name": "name",
    "person.phone": "tel",
    "person.email": "email",
    "person.birth_date": "bday",
    "person.address": "street-address",
}
SEARCHABLE_FROM = 20


class _Asked:
    """What was typed goes to the rule as it is."""

    def clean(self, value: Any) -> Any:
        """Nothing is checked here."""
        return value


class _Line(_Asked, forms.CharField):
    pass


class _Count(forms.HiddenInput):
    """How many rows a group has. Its errors are shown at the group, so it counts as seen."""

    is_hidden = False  # type: ignore[assignment]


class _Date(_Asked, forms.Field):
    widget = DatePartsInput


class _YesNo(_Asked, YesNo):
    pass


class _Choice(_Asked, forms.ChoiceField):
    pass


class _Choices(_Asked, forms.MultipleChoiceField):
    pass


@dataclass
class Part:
    """What the template draws next: a field, a place, a group, a note or a file to attach later.

    `when` is the condition that hides the part in the browser, as JSON, with `types` telling the types of the inputs it asks;
    `explained` says that the part before it has the same condition.
    """

    kind: str
    key: str = ""
    label: str = ""
    help: str = ""
    when: str = ""
    types: str = ""
    explained: bool = False
    required: bool = True
    bound: BoundField | None = None
    province: BoundField | None = None
    ward: BoundField | None = None
    rows: "list[Rows]" = field(default_factory=list)
    button: str = ""
    button_label: str = ""
    next_row: int = 1

    @property
    def errors(self) -> list[str]:
        """Complaints about either half of a place."""
        halves = [half for half in (self.province, self.ward) if half is not None]
        return [str(error) for half in halves for error in half.errors]


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
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        typed = _copied(data) if data is not None else None
        super().__init__(typed, **kwargs)
        self.rearranged = typed is not None and any(name.startswith((ADD, REMOVE, PLACE)) for name in typed)
        self.row_counts: dict[str, int] = {}
        self._answers: dict[str, Any] = {}
        if typed is not None and self.rearranged:
            _rearrange(typed, self.page.fields)
        own = {one.key for one in self.page.fields}
        shown = self.definition.shown({key: value for key, value in self.saved.items() if key not in own}).answers
        self._before = dict(shown)
        self._names = {name: typed_in for one in self.page.fields for name, typed_in in _inputs(one).items()}
        self._visible = [one for one in self.page.fields if self._may_be_asked(one)]
        begun = any(one.key in self.saved for one in self.page.fields)
        for one in self._visible:
            value = self.saved.get(one.key)
            if value is None and not begun and one.prefill:
                value = self.prefill.get(one.prefill) or None
            self._add_question(one, one.key, value)

    def _may_be_asked(self, one: Field) -> bool:
        """Whether it is asked, or could be after other answers on this page."""
        if any(name.partition(".")[0] in self._page_keys() for name in variables(one.when)):
            return True
        return holds(one.when, self._before)

    def _page_keys(self) -> set[str]:
        return {one.key for one in self.page.fields}

    def _add_question(self, one: Field, name: str, value: Any) -> None:
        if one.kind == Kind.GROUP:
            self._add_group(one, value)
        elif one.kind == Kind.PROVINCE_WARD:
            self._add_place(one, name, value if isinstance(value, Mapping) else {})
        elif one.answers:
            made = _question(one)
            made.initial = _initial(one, value)
            self.fields[name] = made

    def _add_place(self, one: Field, name: str, value: Mapping[str, Any]) -> None:
        province = one.province or str(self._typed(f"{name}-province", value.get("province") or ""))
        if not one.province:
            provinces = [("", _("Choose a province or city")), *((place.code, place.name) for place in places.provinces())]
            self.fields[f"{name}-province"] = _Choice(
                label=_("Province or city"), choices=provinces, initial=value.get("province")
            )
        listed = [(place.code, place.name) for place in places.wards(province)]
        ward = _Choice(
            label=_("Ward or commune"),
            choices=[("", _("Choose a ward or commune")), *listed],
            initial=value.get("ward"),
        )
        ward.widget.attrs["mc-autocomplete"] = True
        self.fields[f"{name}-ward"] = ward

    def _add_group(self, group: Field, value: Any) -> None:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        count = _row_count(self.data, group) if self.is_bound else max(len(rows), group.at_least)
        self.row_counts[group.key] = count
        self.fields[f"{group.key}-rows"] = _Line(widget=_Count, required=False, initial=count)
        for n in range(count):
            row = rows[n] if n < len(rows) else {}
            for inner in group.fields:
                self._add_question(inner, f"{group.key}-{n}-{inner.key}", row.get(inner.key))

    def _typed(self, name: str, otherwise: Any) -> Any:
        return self.data.get(name) if self.is_bound and name in self.data else otherwise

    def full_clean(self) -> None:
        """A page that is only being rearranged is not checked."""
        if self.rearranged:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data = {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        """Whether it was sent on, and the answers can be kept."""
        return not self.rearranged and super().is_valid()

    def clean(self) -> dict[str, Any]:
        """Ask the rule, and put its complaints beside the inputs."""
        typed = super().clean() or {}
        raw = {one.key: self._raw(one, one.key, typed) for one in self._visible if one.answers}
        cleaned = clean_page(self.definition, self.page.key, raw, self.saved)
        self._answers = cleaned.values
        for path, complaint in cleaned.errors.items():
            self._complain(path, complaint, cleaned.parts.get(path, ()))
        return typed

    def _raw(self, one: Field, name: str, typed: Mapping[str, Any]) -> Any:
        if one.kind == Kind.PROVINCE_WARD:
            return {half: typed.get(f"{name}-{half}") for half in ("province", "ward")}
        if one.kind == Kind.GROUP:
            return [
                {inner.key: self._raw(inner, f"{name}-{n}-{inner.key}", typed) for inner in one.fields if inner.answers}
                for n in range(self.row_counts[name])
            ]
        return typed.get(name)

    def _complain(self, path: str, complaint: Complaint, parts: Sequence[str]) -> None:
        name = path.replace(".", "-")
        if name in self.row_counts:
            name = f"{name}-rows"
        elif f"{name}-ward" in self.fields:
            in_province = f"{name}-province" in self.fields and ("province" in parts or complaint.code == "missing_place")
            name = f"{name}-province" if in_province else f"{name}-ward"
        self.add_error(name, ValidationError(complaint, code=complaint.code, params={"parts": parts} if parts else None))  # type: ignore[arg-type]

    def answers(self) -> dict[str, Any]:
        """What to keep of this page after `is_valid()`; of a page that is not valid, the answers that are good already."""
        return dict(self._answers)

    def get_context(self) -> dict[str, Any]:
        """What the template draws."""
        return {**super().get_context(), "parts": self.parts(), "has_buttons": self._has_buttons()}

    def _has_buttons(self) -> bool:
        return any(name.endswith(("-rows", "-province")) for name in self.fields)

    def parts(self) -> list[Part]:
        """The page in order."""
        return _explained_once([self._part(one, one.key, self._names, self._before) for one in self._visible])

    def _part(self, one: Field, name: str, names: Mapping[str, str], before: Mapping[str, Any]) -> Part:
        part = Part(kind="field", key=name, label=one.label.said(), help=one.help.said(), required=one.required)
        if one.when is not None and (asked := [var for var in variables(one.when) if var in names]):
            part.when = json.dumps(narrowed(one.when, before, names), ensure_ascii=False)
            part.types = json.dumps({names[name]: self._type(name) for name in asked}, ensure_ascii=False)
        if one.kind in {Kind.NOTE, Kind.ATTACHMENT}:
            part.kind = one.kind.value
        elif one.kind == Kind.PROVINCE_WARD:
            part.kind = "place"
            part.province = self[f"{name}-province"] if f"{name}-province" in self.fields else None
            part.ward = self[f"{name}-ward"]
            part.button = f"{PLACE}{name}" if part.province else ""
        elif one.kind == Kind.GROUP:
            self._fill_group(part, one)
        else:
            part.bound = self[name]
        return part

    def _type(self, name: str) -> str:
        root, _dot, _half = name.partition(".")
        kind = self.definition.field(root).kind
        if kind in {Kind.YES_NO, Kind.MULTIPLE_CHOICE, Kind.DATE}:
            return kind.value
        return "number" if kind in {Kind.NUMBER, Kind.MONEY} else "text"

    def _fill_group(self, part: Part, group: Field) -> None:
        count = self.row_counts[group.key]
        item = group.item.said() or _("Entry")
        part.kind = "group"
        part.bound = self[f"{group.key}-rows"]
        part.button = f"{ADD}{group.key}" if count < group.at_most else ""
        part.next_row = count + 1
        part.button_label = _("Add: %(item)s") % {"item": item.lower()} if group.item else _("Add another entry")
        for n in range(count):
            prefix = f"{group.key}-{n}-"
            names = self._names | {var: name for inner in group.fields for var, name in _inputs(inner, prefix).items()}
            asked = [
                inner
                for inner in group.fields
                if any(name in names for name in variables(inner.when)) or holds(inner.when, self._before)
            ]
            parts = [self._part(inner, f"{prefix}{inner.key}", names, self._before) for inner in asked]
            remove = f"{REMOVE}{group.key}_{n}" if count > group.at_least else ""
            part.rows.append(Rows(n + 1, f"{item} {n + 1}", _explained_once(parts), remove))


def form_class(
    definition: Definition, page_key: str, answers: Mapping[str, Any], prefill: Mapping[str, Any] | None = None
) -> type[PageForm]:
    """The form of a page for a person with these answers. Raises KeyError for an unknown page.

    `prefill` are facts about the person by name (`person.full_name`), shown where nothing was answered yet.
    """
    attributes = {"definition": definition, "page": definition.page(page_key), "saved": dict(answers), "prefill": prefill or {}}
    return type("PageForm", (PageForm,), attributes)


def _explained_once(parts: list[Part]) -> list[Part]:
    for before, part in pairwise(parts):
        part.explained = part.when == before.when
    return parts


def _inputs(one: Field, prefix: str = "") -> dict[str, str]:
    """The names that conditions can ask about, and the inputs that answer them."""
    if one.kind == Kind.PROVINCE_WARD:
        halves = ("ward",) if one.province else ("province", "ward")
        return {f"{one.key}.{half}": f"{prefix}{one.key}-{half}" for half in halves}
    return {one.key: f"{prefix}{one.key}"} if one.answers and one.kind != Kind.GROUP else {}


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
        if group.kind != Kind.GROUP:
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


def _initial(one: Field, value: Any) -> Any:
    """What the input shows for a kept answer, or for a fact about the person."""
    if value is None:
        return None
    if one.kind == Kind.NUMBER:
        return str(value).replace(".", ",")
    if one.kind == Kind.MONEY and isinstance(value, int):
        return vietnamese(value)
    return phone(value) if one.kind == Kind.PHONE and isinstance(value, str) else value


def _question(one: Field) -> forms.Field:
    """The Django field of a question, with the attributes that help typing."""
    made = QUESTIONS[one.kind](one)
    made.label, made.help_text, made.required = one.label.said(), one.help.said(), one.required
    if one.prefill in AUTOCOMPLETE:
        made.widget.attrs["autocomplete"] = AUTOCOMPLETE[one.prefill]
    return made


def _line(one: Field) -> forms.Field:
    attrs = {"mc-width": 20} if one.max_length <= 30 else {}
    return _Line(widget=forms.TextInput(attrs))


def _lines(one: Field) -> forms.Field:
    return _Line(widget=forms.Textarea({"maxlength": one.max_length, "mc-rows": one.rows}))


def _number(one: Field) -> forms.Field:
    attrs: dict[str, Any] = {"inputmode": "decimal" if one.decimals else "numeric", "mc-width": 10, "autocomplete": "off"}
    if one.unit:
        attrs["mc-suffix"] = one.unit.said()
    return _Line(widget=forms.TextInput(attrs))


def _money(one: Field) -> forms.Field:
    attrs = {"inputmode": "numeric", "mc-width": 20, "mc-suffix": _("đồng"), "autocomplete": "off"}
    return _Line(widget=forms.TextInput(attrs))


def _code(width: int) -> dict[str, Any]:
    return {"inputmode": "numeric", "mc-width": width, "spellcheck": "false", "autocomplete": "off"}


def _phone(one: Field) -> forms.Field:
    return _Line(widget=forms.TextInput({"type": "tel", "inputmode": "tel", "mc-width": 20}))


def _choice(one: Field) -> forms.Field:
    choices: list[tuple[str, str | Promise]] = [(choice.value, choice.label.said()) for choice in one.choices]
    if one.display == "select":
        attrs = {"mc-autocomplete": True} if len(choices) >= SEARCHABLE_FROM else {}
        return _Choice(choices=[("", _("Choose")), *choices], widget=forms.Select(attrs))
    return _Choice(choices=choices, widget=forms.RadioSelect({"mc-choice-help": _helps(one)}))


def _choices(one: Field) -> forms.Field:
    choices = [(choice.value, choice.label.said()) for choice in one.choices]
    return _Choices(choices=choices, widget=forms.CheckboxSelectMultiple({"mc-choice-help": _helps(one)}))


def _helps(one: Field) -> dict[str, SafeString | str]:
    return {choice.value: choice.help.said() for choice in one.choices if choice.help}


QUESTIONS: Mapping[Kind, Callable[[Field], forms.Field]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _lines,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: lambda one: _Date(),
    Kind.YES_NO: lambda one: _YesNo(),
    Kind.CHOICE: _choice,
    Kind.MULTIPLE_CHOICE: _choices,
    Kind.PHONE: _phone,
    Kind.EMAIL: lambda one: _Line(widget=forms.EmailInput({"mc-width": 30})),
    Kind.PERSONAL_NUMBER: lambda one: _Line(widget=forms.TextInput(_code(20))),
    Kind.TAX_CODE: lambda one: _Line(widget=forms.TextInput(_code(20))),
}
