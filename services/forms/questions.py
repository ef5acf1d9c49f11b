"""The Django field of each kind of question, with the attributes that help typing. Checking is left to `validation`."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kit.forms import DatePartsInput, MonthInput, YesNo
from services.forms import lists, places
from services.forms.cleaning.numbers import vietnamese
from services.forms.definition import Field, Kind
from services.forms.readout import phone
from services.forms.wording import EMPTY_CHOICES, part_label

AUTOCOMPLETE: Mapping[str, str] = {
    "person.full_name": "name",
    "person.phone": "tel",
    "person.email": "email",
    "person.birth_date": "bday",
    "person.address": "street-address",
}
SEARCHABLE_FROM = 20
FIRST_DATE_PART: Mapping[Kind, str] = {Kind.DATE: "day", Kind.PARTIAL_DATE: "day", Kind.MONTH: "month"}
RADIOS = frozenset({Kind.YES_NO, Kind.MULTIPLE_CHOICE, Kind.GENDER})


class Asked:
    """What was typed goes to the rule as it is."""

    def clean(self, value: Any) -> Any:
        """Nothing is checked here."""
        return value


class Line(Asked, forms.CharField):
    """One input for text."""


class Count(forms.HiddenInput):
    """How many rows a group has. Its errors are shown at the group, so it counts as seen."""

    is_hidden = False  # type: ignore[assignment]


class _Date(Asked, forms.Field):
    widget = DatePartsInput


class _Month(Asked, forms.Field):
    widget = MonthInput


class _YesNo(Asked, YesNo):
    pass


class Listed(Asked, forms.ChoiceField):
    """One of several values."""


class _Choices(Asked, forms.MultipleChoiceField):
    pass


class _Tick(Asked, forms.BooleanField):
    pass


def question(one: Field) -> forms.Field:
    """The Django field of a question with one answer."""
    made = QUESTIONS[one.kind](one)
    made.label, made.help_text, made.required = one.label.said(), one.help.said(), one.required
    if one.prefill in AUTOCOMPLETE:
        made.widget.attrs["autocomplete"] = AUTOCOMPLETE[one.prefill]
    return made


def part_question(one: Field, part: str) -> forms.Field:
    """The Django field of one input of a question that has several."""
    made = PARTS[part](one, part)
    made.label = str(part_label(one.kind, part))
    if part == "find":
        made.required = False
        made.help_text = _(
            "A name of today, or one of before 1 July 2025 in Hồ Chí Minh City with its district: Phường 4, Quận 3"
        )
    return made


def initial(one: Field, value: Any) -> Any:
    """What the input shows for a kept answer, or for a fact about the person."""
    if value is None:
        return None
    if one.kind in {Kind.NUMBER, Kind.PERCENTAGE}:
        return str(value).replace(".", ",")
    if one.kind == Kind.MONEY and isinstance(value, int):
        return vietnamese(value)
    if one.kind == Kind.CAPITALS_NAME and isinstance(value, str):
        return value.upper()
    return phone(value) if one.kind == Kind.PHONE and isinstance(value, str) else value


def part_initial(one: Field, part: str, value: Any) -> Any:
    """The same for one input of several."""
    if one.kind == Kind.MONEY:
        if part == "unit":
            return "dong"
        return vietnamese(value) if isinstance(value, int) and not isinstance(value, bool) else None
    kept = value if isinstance(value, Mapping) else {}
    found = kept.get(part)
    if one.kind == Kind.AREA and part == "unit":
        return found or "m2"
    if part == "agreed":
        return bool(kept.get("day"))
    if part == "amount" and found is not None:
        return str(found).replace(".", ",")
    if part in {"lat", "lng"} and isinstance(found, float):
        return f"{found:.6f}"
    return found


def input_id(one: Field, name: str) -> str:
    """Id of the first input of a question, for links that lead to it."""
    if one.repeats:
        return f"id_{name}-rows"
    if one.kind in FIRST_DATE_PART:
        return f"id_{name}_{FIRST_DATE_PART[one.kind]}"
    if one.parts:
        return f"id_{name}-{one.parts[0]}"
    radios = one.kind in RADIOS or (one.kind == Kind.CHOICE and one.display == "radios")
    return f"id_{name}{'_0' if radios else ''}"


def _line(one: Field) -> forms.Field:
    return Line(widget=forms.TextInput({"mc-width": 20} if one.max_length <= 30 else {}))


def _lines(one: Field) -> forms.Field:
    return Line(widget=forms.Textarea({"maxlength": one.max_length, "mc-rows": one.rows}))


def _capitals(one: Field) -> forms.Field:
    return Line(widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false", "class": "mc-capitals"}))


def _number(one: Field) -> forms.Field:
    attrs: dict[str, Any] = {"inputmode": "decimal" if one.decimals else "numeric", "mc-width": 10, "autocomplete": "off"}
    if one.kind == Kind.PERCENTAGE:
        attrs |= {"mc-suffix": "%", "mc-width": 5}
    elif one.unit:
        attrs["mc-suffix"] = one.unit.said()
    return Line(widget=forms.TextInput(attrs))


def _money(one: Field) -> forms.Field:
    attrs = {"inputmode": "numeric", "mc-width": 20, "mc-suffix": _("đồng"), "autocomplete": "off"}
    return Line(widget=forms.TextInput(attrs))


def _code(width: int, *, digits: bool = True) -> Callable[[Field], forms.Field]:
    attrs = {"mc-width": width, "spellcheck": "false", "autocomplete": "off"}
    attrs |= {"inputmode": "numeric"} if digits else {"autocapitalize": "characters"}
    return lambda one: Line(widget=forms.TextInput(dict(attrs)))


def _phone(one: Field) -> forms.Field:
    return Line(widget=forms.TextInput({"type": "tel", "inputmode": "tel", "mc-width": 20}))


def _url(one: Field) -> forms.Field:
    return Line(widget=forms.TextInput({"type": "url", "inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}))


def _choice(one: Field) -> forms.Field:
    return _select_or_radios(one, [(choice.value, choice.label.said()) for choice in one.choices], one.display == "select")


def _select_or_radios(one: Field, choices: list[tuple[str, str | Promise]], select: bool) -> forms.Field:
    if select:
        attrs = {"mc-autocomplete": True} if len(choices) >= SEARCHABLE_FROM else {}
        return Listed(choices=[("", _("Choose")), *choices], widget=forms.Select(attrs))
    return Listed(
        choices=choices, widget=forms.RadioSelect({"mc-choice-help": _helps(one), "mc-inline": one.kind == Kind.GENDER})
    )


def _listed(one: Field) -> forms.Field:
    choices = list(lists.listed(one.kind, language=get_language() or "vi"))
    return _select_or_radios(one, choices, select=one.kind != Kind.GENDER)


def _choices(one: Field) -> forms.Field:
    choices = [(choice.value, choice.label.said()) for choice in one.choices]
    return _Choices(choices=choices, widget=forms.CheckboxSelectMultiple({"mc-choice-help": _helps(one)}))


def _helps(one: Field) -> dict[str, SafeString | str]:
    return {choice.value: choice.help.said() for choice in one.choices if choice.help}


QUESTIONS: Mapping[Kind, Callable[[Field], forms.Field]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _lines,
    Kind.CAPITALS_NAME: _capitals,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.PERCENTAGE: _number,
    Kind.DATE: lambda one: _Date(),
    Kind.PARTIAL_DATE: lambda one: _Date(),
    Kind.MONTH: lambda one: _Month(),
    Kind.YEAR: _code(4),
    Kind.TIME: lambda one: Line(widget=forms.TextInput({"mc-width": 5, "autocomplete": "off"})),
    Kind.YES_NO: lambda one: _YesNo(),
    Kind.CHOICE: _choice,
    Kind.MULTIPLE_CHOICE: _choices,
    Kind.GENDER: _listed,
    Kind.ETHNIC_GROUP: _listed,
    Kind.COUNTRY: _listed,
    Kind.PHONE: _phone,
    Kind.EMAIL: lambda one: Line(widget=forms.EmailInput({"mc-width": 30})),
    Kind.URL: _url,
    Kind.PERSONAL_NUMBER: _code(20),
    Kind.PASSPORT_NUMBER: _code(10, digits=False),
    Kind.TAX_CODE: _code(20),
    Kind.BUSINESS_NUMBER: _code(20),
    Kind.VEHICLE_PLATE: _code(10, digits=False),
}


def _part_line(**attrs: Any) -> Callable[[Field, str], forms.Field]:
    return lambda one, part: Line(widget=forms.TextInput({"autocomplete": "off", **attrs}))


def _part_select(one: Field, part: str) -> forms.Field:
    if part == "province":
        choices: list[tuple[str, Any]] = [(place.code, place.name) for place in places.provinces()]
    else:
        choices = list(lists.listed(one.kind, part))
    empty = [("", EMPTY_CHOICES[part])] if part in EMPTY_CHOICES else []
    attrs = {"mc-autocomplete": True} if part == "ward" or (len(choices) >= SEARCHABLE_FROM and part != "province") else {}
    return Listed(choices=[*empty, *choices], widget=forms.Select(attrs))


def ward_choices(province: str) -> list[tuple[str, Any]]:
    """The wards of a province, with the empty choice."""
    return [("", EMPTY_CHOICES["ward"]), *((ward.code, ward.name) for ward in places.wards(province))]


PARTS: Mapping[str, Callable[[Field, str], forms.Field]] = {
    "amount": _part_line(inputmode="decimal", **{"mc-width": 10}),
    "unit": _part_select,
    "province": _part_select,
    "ward": _part_select,
    "street": _part_line(autocomplete="address-line1"),
    "find": _part_line(**{"type": "search"}),
    "sheet": _part_line(**{"mc-width": 10}),
    "parcel": _part_line(**{"mc-width": 10}),
    "lat": _part_line(inputmode="decimal", **{"mc-width": 20}),
    "lng": _part_line(inputmode="decimal", **{"mc-width": 20}),
    "bank": _part_select,
    "number": _part_line(spellcheck="false", **{"mc-width": 20}),
    "holder": _part_line(autocapitalize="characters", spellcheck="false", **{"class": "mc-capitals", "mc-width": 30}),
    "type": _part_select,
    "issued_on": lambda one, part: _Date(),
    "issued_by": _part_line(**{"mc-width": 30}),
    "agreed": lambda one, part: _Tick(),
    "name": _part_line(autocomplete="name"),
}

__all__ = ["Asked", "Count", "Line", "Listed", "initial", "input_id", "part_initial", "part_question", "question", "ward_choices"]
