"""RULE: the definition format, and the answers of one form, as JSON Schema (draft 2020-12) for editors and other systems.

`definition.schema.json` is what `definition_schema()` gives; a test keeps them equal.
"""

from collections.abc import Iterable
from typing import Any

from services.forms import definition as rules
from services.forms.conditions import OPERATORS
from services.forms.definition import COMMON, KINDS, Definition, Field, Kind, Option

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def definition_schema() -> dict[str, Any]:
    """What `parse` accepts, as far as JSON Schema can say it; keys, references and conditions are checked by `parse` alone."""
    return {
        "$schema": DRAFT,
        "$id": "urn:motcua:form-definition:1",
        "title": "Form definition",
        "type": "object",
        "required": ["version", "pages"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": 1},
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
            "condition": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {operator: {} for operator in sorted({*OPERATORS, "var"})},
                "additionalProperties": False,
            },
        },
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
        "required": {"enum": [False, None]} if kind == Kind.NOTE else {"type": ["boolean", "null"]},
        "when": _optional(_ref("condition")),
    }
    properties |= {name: _option(name, option) for name, option in options.items()}
    needed = ["key", "kind", *(["label"] if kind != Kind.NOTE else []), *sorted({"choices", "fields"} & set(options))]
    return {"description": KINDS[kind].purpose, **_record({name: properties[name] for name in (*COMMON, *options)}, needed)}


def _option(name: str, option: Option) -> dict[str, Any]:
    if option.values == "choices":
        return {"type": "array", "minItems": 1, "maxItems": rules.MOST_CHOICES, "items": _ref("choice")}
    if option.values == "fields":
        return {"type": "array", "minItems": 1, "items": _ref("field")}
    by_values: dict[str, dict[str, Any]] = {
        "count": {"type": "integer", "minimum": option.least, "maximum": option.most},
        "number": {"type": "number", "minimum": -int(rules.LARGEST), "maximum": int(rules.LARGEST)},
        "day": {"oneOf": [{"const": "today"}, {"type": "string", "pattern": DAY_PATTERN}]},
        "text": _ref("text"),
        "display": {"enum": ["radios", "select"]},
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
    values = [choice.value for choice in one.choices]
    if one.kind == Kind.GROUP:
        row = {"type": "object", "additionalProperties": False, "properties": _properties(one.fields)}
        return {"type": "array", "minItems": one.at_least, "maxItems": one.at_most, "items": row}
    if one.kind == Kind.MULTIPLE_CHOICE:
        return {"type": "array", "uniqueItems": True, "minItems": max(one.at_least, 1), "items": {"enum": values}}
    if one.kind == Kind.PROVINCE_WARD:
        return _record(
            {
                "province": {"const": one.province} if one.province else {"type": "string", "pattern": "^[0-9]{2}$"},
                "ward": {"type": "string", "pattern": "^[0-9]{5}$"},
            },
            ["province", "ward"],
        )
    if one.kind == Kind.CHOICE:
        return {"enum": values}
    if one.kind == Kind.YES_NO:
        return {"type": "boolean"}
    if one.kind in {Kind.NUMBER, Kind.MONEY}:
        whole: dict[str, Any] = {"type": "integer"}
        if one.least is not None:
            whole["minimum"] = float(one.least)
        if one.most is not None:
            whole["maximum"] = float(one.most)
        decimal = {"type": "string", "pattern": f"^-?[0-9]+\\.[0-9]{{1,{one.decimals}}}$"}
        return {"oneOf": [whole, decimal]} if one.decimals else whole
    return {"type": "string", **_text(one)}


def _text(one: Field) -> dict[str, Any]:
    by_kind: dict[Kind, dict[str, Any]] = {
        Kind.TEXT: {"minLength": 1, "maxLength": one.max_length},
        Kind.LONG_TEXT: {"minLength": 1, "maxLength": one.max_length},
        Kind.DATE: {"format": "date"},
        Kind.EMAIL: {"format": "email"},
        Kind.PHONE: {"pattern": "^\\+[0-9]{4,15}$"},
        Kind.PERSONAL_NUMBER: {"pattern": "^[0-9]{12}$"},
        Kind.TAX_CODE: {"pattern": "^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$"},
    }
    return by_kind[one.kind]
