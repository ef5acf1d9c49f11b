"""RULE: the definition format, and the answers of one form, as JSON Schema (draft 2020-12) for editors and other systems.

`definition.schema.json` is what `definition_schema()` gives; a test keeps them equal.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.forms import kinds as rules
from services.forms import lists
from services.forms.definition import COMMON, KINDS, Definition, Field, Format, Kind, Option
from services.forms.kinds import SILENT
from services.forms.language import OPERATORS
from services.forms.reading import VERSIONS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def definition_schema() -> dict[str, Any]:
    """What `parse` accepts, as far as JSON Schema can say it; keys, references and conditions are checked by `parse` alone."""
    return {
        "$schema": DRAFT,
        "$id": "urn:motcua:form-definition:2",
        "title": "Form definition",
        "type": "object",
        "required": ["version", "pages"],
        "additionalProperties": False,
        "properties": {
            "version": {"enum": list(VERSIONS)},
            "subject_field": {"type": ["string", "null"]},
            "pages": {"type": "array", "minItems": 1, "maxItems": rules.MOST_PAGES, "items": {"$ref": "#/$defs/page"}},
        },
        "$defs": {
            "page": _record(
                {
                    "key": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60},
                    "title": _ref("text"),
                    "help": _optional(_ref("text")),
                    "when": _optional(_ref("condition")),
                    "fields": {"type": "array", "minItems": 1, "items": _ref("field")},
                },
                ["key", "title", "fields"],
            ),
            "field": {
                "type": "object",
                "required": ["key", "kind"],
                "oneOf": [_ref(f"field_{kind.value}") for kind in Kind],
            },
            **{f"field_{kind.value}": _kind(kind) for kind in Kind},
            "choice": _record(
                {
                    "value": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"},
                    "label": _ref("text"),
                    "help": _optional(_ref("text")),
                },
                ["value", "label"],
            ),
            "text": {
                "oneOf": [
                    {"type": "string"},
                    _record({"vi": {"type": "string"}, "en": {"type": "string"}}, ["vi"]),
                ]
            },
            "condition": _operation(),
            "expression": {"anyOf": [{"type": ["string", "number", "boolean"]}, _ref("condition")]},
        },
    }


def _operation() -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {operator: {} for operator in sorted({*OPERATORS, "var"})},
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _record(properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _kind(kind: Kind) -> dict[str, Any]:
    options = KINDS[kind].options
    properties: dict[str, Any] = {
        "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"},
        "kind": {"const": kind.value},
        "label": _optional(_ref("text")) if kind == Kind.NOTE else _ref("text"),
        "help": _optional(_ref("text")),
        "required": {"enum": [False, None]} if kind in SILENT else {"type": ["boolean", "null"]},
        "when": _optional(_ref("condition")),
    }
    properties |= {name: _option(name, option) for name, option in options.items()}
    needed = ["key", "kind", *(["label"] if kind != Kind.NOTE else []), *sorted(KINDS[kind].needed)]
    return {"description": KINDS[kind].purpose, **_record({name: properties[name] for name in (*COMMON, *options)}, needed)}


def _option(name: str, option: Option) -> dict[str, Any]:
    if option.values == "choices":
        return {"type": "array", "minItems": 1, "maxItems": rules.MOST_CHOICES, "items": _ref("choice")}
    if option.values == "fields":
        return {"type": "array", "minItems": 1, "items": _ref("field")}
    if option.values in {"formula", "said"}:
        return _ref("expression" if option.values == "formula" else "text")
    by_values: dict[str, dict[str, Any]] = {
        "count": {"type": "integer", "minimum": option.least, "maximum": option.most},
        "number": {"type": "number", "minimum": -int(rules.LARGEST), "maximum": int(rules.LARGEST)},
        "day": {"oneOf": [{"const": "today"}, {"type": "string", "pattern": DAY_PATTERN}]},
        "text": _ref("text"),
        "flag": {"type": "boolean"},
        "one_of": {"enum": list(option.choices)},
        "name_field": {"type": "string"},
        "province": {"type": "string", "pattern": "^[0-9]{2}$"},
        "prefill": {"enum": sorted(rules.PREFILLS)},
    }
    return _optional(by_values[option.values])


def answers_schema(definition: Definition) -> dict[str, Any]:
    """The answers of a form, as they are kept. What is required depends on conditions and is checked by validation alone."""
    fields = [one for one in definition.fields() if one.answers]
    return {"$schema": DRAFT, "type": "object", "additionalProperties": False, "properties": _properties(fields)}


def _properties(fields: Iterable[Field]) -> dict[str, Any]:
    return {one.key: {"title": str(one.label), **_answer(one)} for one in fields if one.answers}


def _answer(one: Field) -> dict[str, Any]:
    if one.repeats:
        row = {"type": "object", "additionalProperties": False, "properties": _properties(one.fields)}
        return {"type": "array", "minItems": one.at_least, "maxItems": one.at_most, "items": row}
    if one.kind == Kind.CALCULATED:
        return {**_calculated(one), "readOnly": True}
    return ANSWERS[one.kind](one)


def _string(pattern: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", **({"pattern": pattern} if pattern else {}), **more}


def _line(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _listed(one: Field) -> dict[str, Any]:
    return {"enum": list(lists.values_of(one.kind) or ())}


def _number(one: Field, decimals: int | None = None) -> dict[str, Any]:
    whole: dict[str, Any] = {"type": "integer"}
    if one.least is not None and one.kind != Kind.AREA:
        whole["minimum"] = float(one.least)
    if one.most is not None and one.kind != Kind.AREA:
        whole["maximum"] = float(one.most)
    places = one.decimals if decimals is None else decimals
    return {"oneOf": [whole, _string(f"^-?[0-9]+\\.[0-9]{{1,{places}}}$")]} if places else whole


def _area(one: Field) -> dict[str, Any]:
    units = list(lists.values_of(Kind.AREA, "unit") or ())
    number = _number(one, 6)
    return _record({"amount": number, "unit": {"enum": units}, "m2": number}, ["amount", "unit", "m2"])


def _multiple_choice(one: Field) -> dict[str, Any]:
    values = [choice.value for choice in one.choices]
    return {"type": "array", "uniqueItems": True, "minItems": max(one.at_least, 1), "items": {"enum": values}}


def _place(one: Field) -> dict[str, Any]:
    parts = {
        "province": {"const": one.province} if one.province else _string("^[0-9]{2}$"),
        "ward": _string("^[0-9]{5}$"),
    }
    if one.kind == Kind.ADDRESS:
        parts["street"] = _line(200)
    return _record(parts, list(parts))


def _year(one: Field) -> dict[str, Any]:
    limits = {"minimum": one.at_least or None, "maximum": one.at_most or None}
    return {"type": "integer", **{name: limit for name, limit in limits.items() if limit}}


def _identity_document(one: Field) -> dict[str, Any]:
    parts = {
        "type": {"enum": list(lists.values_of(one.kind, "type") or ())},
        "number": _string("^[0-9A-ZĐ/]{3,30}$"),
        "issued_on": _string(format="date"),
        "issued_by": _line(200),
    }
    return _record(parts, list(parts))


def _bank_account(one: Field) -> dict[str, Any]:
    parts = {
        "bank": {"enum": list(lists.values_of(one.kind, "bank") or ())},
        "number": _string("^[0-9A-Z]{4,19}$"),
        "holder": _string(minLength=1),
    }
    return _record(parts, list(parts))


def _calculated(one: Field) -> dict[str, Any]:
    by_format: dict[Format, dict[str, Any]] = {
        Format.NUMBER: _number(one),
        Format.MONEY: {"type": "integer"},
        Format.DATE: _string(format="date"),
        Format.YES_NO: {"type": "boolean"},
        Format.TEXT: _string(),
    }
    return by_format[one.format]


ANSWERS: Mapping[Kind, Callable[[Field], dict[str, Any]]] = {
    Kind.TEXT: lambda one: _line(one.max_length),
    Kind.LONG_TEXT: lambda one: _line(one.max_length),
    Kind.CAPITALS_NAME: lambda one: _line(one.max_length),
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.PERCENTAGE: _number,
    Kind.AREA: _area,
    Kind.DATE: lambda one: _string(format="date"),
    Kind.PARTIAL_DATE: lambda one: _string("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    Kind.MONTH: lambda one: _string("^[0-9]{4}-[0-9]{2}$"),
    Kind.YEAR: _year,
    Kind.TIME: lambda one: _string("^[0-2][0-9]:[0-5][0-9]$"),
    Kind.YES_NO: lambda one: {"type": "boolean"},
    Kind.CHOICE: lambda one: {"enum": [choice.value for choice in one.choices]},
    Kind.MULTIPLE_CHOICE: _multiple_choice,
    Kind.GENDER: _listed,
    Kind.ETHNIC_GROUP: _listed,
    Kind.COUNTRY: _listed,
    Kind.PHONE: lambda one: _string("^\\+[0-9]{4,15}$"),
    Kind.EMAIL: lambda one: _string(format="email"),
    Kind.URL: lambda one: _string("^https?://"),
    Kind.PERSONAL_NUMBER: lambda one: _string("^[0-9]{12}$"),
    Kind.PASSPORT_NUMBER: lambda one: _string("^[A-Z0-9]{6,9}$"),
    Kind.IDENTITY_DOCUMENT: _identity_document,
    Kind.TAX_CODE: lambda one: _string("^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$"),
    Kind.BUSINESS_NUMBER: lambda one: _string("^[0-9]{10}(-[0-9]{3})?$"),
    Kind.VEHICLE_PLATE: lambda one: _string("^[0-9A-ZĐ][0-9A-ZĐ.-]{5,12}$"),
    Kind.BANK_ACCOUNT: _bank_account,
    Kind.PROVINCE_WARD: _place,
    Kind.ADDRESS: _place,
    Kind.LAND_PARCEL: lambda one: _record({"sheet": _line(30), "parcel": _line(30)}, ["sheet", "parcel"]),
    Kind.MAP_POINT: lambda one: _record({"lat": {"type": "number"}, "lng": {"type": "number"}}, ["lat", "lng"]),
    Kind.DECLARATION: lambda one: _record({"name": _line(one.max_length), "day": _string(format="date")}, ["name", "day"]),
}
