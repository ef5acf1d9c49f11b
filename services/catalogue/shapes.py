"""RULE: what a procedure version must look like before it may be published.

`problems` reads a whole version (the columns of `Version`, with `code` and `domain`) and lists everything that is wrong,
each with its place. A warning does not stop publishing. The shapes of the JSON columns are described in
docs/rules/catalogue.md.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from identity.offices.powers import Power
from services.forms import conditions
from services.forms.definition import Definition, InvalidDefinition, parse

KINDS = (
    "receive",
    "assign",
    "appraise",
    "inspect",
    "consult",
    "draft",
    "review",
    "collect_fee",
    "approve",
    "sign",
    "register",
    "seal",
    "hand_over",
)
"""What can be done in a step, in the usual order."""

CHANNELS = ("online", "postal", "in_person")
LEVELS = ("ward", "city", "facility")
LIMIT_UNITS = ("working_hour", "working_day", "calendar_day")
ELECTRONIC = ("upload", "form", "show")
LAYOUTS = ("certificate", "decision")
FILLED_BY_CASE = frozenset({"case_number", "subject_name", "agency_name", "procedure_name", "today"})
"""Placeholders an outcome may use besides the fields of the form."""

SHAPES: Mapping[str, Mapping[str, str]] = {
    "channels": {
        "channel": "`online`, `postal` or `in_person`",
        "time_text": "time limit in words",
        "fee_text": "fee in words",
        "note": "what else to know",
    },
    "fees": {
        "key": "names the fee; lines of one key exclude one another",
        "label": "name of the fee",
        "amount": "whole đồng, or null when the note says how it is worked out",
        "unit": "what the amount is for, such as one permit",
        "channel": "the way to file it is for, or null for all",
        "circumstances": "keys of the circumstances it is for; none: all",
        "since": "first day, `2026-01-31`",
        "until": "last day",
        "note": "explanation",
        "set_by_province": "true where the People's Council of the province sets it",
    },
    "circumstances": {
        "key": "small letters, digits and hyphens",
        "label": "name",
        "help": "how to recognise it",
        "limit": "its own time limit: `value` and `unit`",
    },
    "documents": {
        "key": "small letters, digits and hyphens, different from every field of the form",
        "name": "name of the paper",
        "help": "explanation",
        "circumstances": "keys of the circumstances that need it; none: all",
        "required": "false: only if it applies",
        "originals": "how many at the counter",
        "copies": "how many at the counter",
        "form_code": "name of the statutory form",
        "electronic": "`upload`, `form` (made from the answers) or `show` (only shown)",
        "max_files": "files one may upload",
        "replaced_by": "database in which the office looks first (Nghị quyết 66.7/2025/NQ-CP)",
    },
    "route": {
        "key": "small letters, digits and hyphens",
        "title": "what is done",
        "kind": "see below",
        "office": "who does it, see below",
        "hours": "working hours, null when not counted",
        "group": "neighbouring steps of one group run side by side",
        "when": "condition on the answers",
        "power": "instead of the usual power of the kind",
        "unit": "the desk in words, for the public page",
        "proposed": "true: the hours are sample data",
    },
    "outcome": {
        "title": "type of document, in capitals",
        "summary": "what it is about",
        "symbol": "abbreviation in its number, before the agency's",
        "layout": "`certificate` or `decision`",
        "basis": "lines of the legal basis",
        "paragraphs": "paragraphs before the rows or articles",
        "articles": "articles of a decision, or closing paragraphs",
        "rows": "pairs of label and text",
        "recipients": "who gets a copy",
    },
}
"""The keys of each JSON column and what they hold. Others are refused: a misspelt key never passes unnoticed."""

HOURS_PER_DAY = 8
WORKING_SHARE = Decimal(2) / 3
"""Of fifteen calendar days at least ten are working days."""

CODE = re.compile(r"\d\.\d{6}(\.[A-Z0-9]+)*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OFFICE_CODE = re.compile(r"[A-Y]\d{2}(\.[A-Z0-9]{1,6})*")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

REQUIRED_TEXTS = ("name", "agency_name", "audience", "limit_text", "result_name")


def _(text: str) -> str:
    """Marks a message for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at `place`; `message` is a translatable text with `values` to put in."""

    place: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message % self.values}"


def problems(raw: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with a version, in reading order; empty when it may be published."""
    definition, found = _form(raw.get("form"))
    return [
        *_facts(raw),
        *_channels(raw.get("channels")),
        *_circumstances(raw.get("circumstances")),
        *_fees(raw),
        *_documents(raw, definition),
        *found,
        *_route(raw, definition),
        *_outcome(raw.get("outcome"), definition),
    ]


def hours(route: Sequence[Mapping[str, Any]]) -> Decimal:
    """Working hours the route takes: steps side by side count as the longest of them; steps without hours as none."""
    blocks = groupby(enumerate(route), key=lambda numbered: numbered[1].get("group") or numbered[0])
    return sum((max(Decimal(str(step.get("hours") or 0)) for _n, step in block) for _key, block in blocks), Decimal(0))


def limit_hours(value: int, unit: str) -> Decimal:
    """A limit in working hours; calendar days are taken at two working days in three."""
    if unit == "working_hour":
        return Decimal(value)
    days = Decimal(value) if unit == "working_day" else Decimal(value) * WORKING_SHARE
    return days * HOURS_PER_DAY


def _list(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _facts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if not CODE.fullmatch(str(raw.get("code", ""))):
        yield Problem("code", _("A procedure code looks like 1.013225."))
    domain = raw.get("domain")
    if not isinstance(domain, Mapping) or not domain.get("name") or not SLUG.fullmatch(str(domain.get("slug", ""))):
        yield Problem("domain", _("The field of law needs a name and a short name."))
    for key in REQUIRED_TEXTS:
        if not str(raw.get(key) or "").strip():
            yield Problem(key, _("This text is missing."))
    if raw.get("level") not in LEVELS:
        yield Problem("level", _("Choose one of: %(choices)s."), {"choices": ", ".join(LEVELS)})
    elif raw["level"] != "ward" and not raw.get("agency_function"):
        yield Problem("agency_function", _("Say which agency decides when it is not the ward."))
    yield from _limit("limit", raw.get("limit_value"), raw.get("limit_unit"))
    for key in ("steps_text", "legal_basis"):
        if not isinstance(raw.get(key), list) or not raw[key] or not all(isinstance(text, str) and text for text in raw[key]):
            yield Problem(key, _("The law requires this to be published: give at least one line."))


def _limit(place: str, value: object, unit: object) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        yield Problem(place, _("A time limit is a whole number above zero."))
    if unit not in LIMIT_UNITS:
        yield Problem(place, _("Choose one of: %(choices)s."), {"choices": ", ".join(LIMIT_UNITS)})


def _strange(place: str, column: str, item: Mapping[str, Any]) -> Iterator[Problem]:
    for key in item:
        if key not in SHAPES[column]:
            yield Problem(place, _("There is no entry “%(key)s” here."), {"key": key})


def _twice(place: str, items: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    for key, count in Counter(str(item.get("key")) for item in items).items():
        if count > 1:
            yield Problem(f"{place}.{key}", _("The key “%(key)s” is used more than once."), {"key": key})


def _channels(value: object) -> Iterator[Problem]:
    channels = _list(value)
    if not channels:
        yield Problem("channels", _("Give at least one way to file."))
    for number, channel in enumerate(channels, 1):
        yield from _strange(f"channels.{number}", "channels", channel)
        if channel.get("channel") not in CHANNELS:
            yield Problem(f"channels.{number}", _("Choose one of: %(choices)s."), {"choices": ", ".join(CHANNELS)})


def _circumstances(value: object) -> Iterator[Problem]:
    circumstances = _list(value)
    yield from _twice("circumstances", circumstances)
    for item in circumstances:
        place = f"circumstances.{item.get('key')}"
        yield from _strange(place, "circumstances", item)
        if not SLUG.fullmatch(str(item.get("key", ""))):
            yield Problem(place, _("A key has small letters, digits and hyphens only."))
        if not item.get("label"):
            yield Problem(place, _("This text is missing."))
        if limit := item.get("limit"):
            yield from _limit(f"{place}.limit", limit.get("value"), limit.get("unit"))


def _keys(raw: Mapping[str, Any], column: str) -> set[str]:
    return {str(item.get("key")) for item in _list(raw.get(column))}


def _unknown_circumstances(place: str, item: Mapping[str, Any], known: set[str]) -> Iterator[Problem]:
    for key in item.get("circumstances") or []:
        if key not in known:
            yield Problem(place, _("There is no circumstance “%(key)s”."), {"key": key})


def _fees(raw: Mapping[str, Any]) -> Iterator[Problem]:
    known = _keys(raw, "circumstances")
    for number, fee in enumerate(_list(raw.get("fees")), 1):
        place = f"fees.{fee.get('key') or number}"
        yield from _strange(place, "fees", fee)
        if not fee.get("key") or not fee.get("label"):
            yield Problem(place, _("A fee needs a key and a label."))
        amount = fee.get("amount")
        if amount is not None and (not isinstance(amount, int) or isinstance(amount, bool) or amount < 0):
            yield Problem(place, _("An amount is a whole number of đồng."))
        if amount is None and not fee.get("note"):
            yield Problem(place, _("Without an amount the note must say how the fee is worked out."))
        if fee.get("channel") not in (None, *CHANNELS):
            yield Problem(place, _("Choose one of: %(choices)s."), {"choices": ", ".join(CHANNELS)})
        for key in ("since", "until"):
            if fee.get(key) and not _is_date(fee[key]):
                yield Problem(place, _("A date is written as 2026-12-31."))
        yield from _unknown_circumstances(place, fee, known)


def _is_date(text: object) -> bool:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _documents(raw: Mapping[str, Any], definition: Definition | None) -> Iterator[Problem]:
    documents = _list(raw.get("documents"))
    known = _keys(raw, "circumstances")
    fields = _field_kinds(definition)
    yield from _twice("documents", documents)
    for document in documents:
        key = str(document.get("key", ""))
        place = f"documents.{key}"
        yield from _strange(place, "documents", document)
        if not SLUG.fullmatch(key):
            yield Problem(place, _("A key has small letters, digits and hyphens only."))
        if key in fields:
            yield Problem(place, _("The key “%(key)s” is used more than once."), {"key": key})
        if not document.get("name"):
            yield Problem(place, _("This text is missing."))
        if document.get("electronic", "upload") not in ELECTRONIC:
            yield Problem(place, _("Choose one of: %(choices)s."), {"choices": ", ".join(ELECTRONIC)})
        for count in ("originals", "copies", "max_files"):
            if not isinstance(document.get(count, 0), int) or document.get(count, 0) < 0:
                yield Problem(place, _("Numbers of papers are whole numbers."))
        yield from _unknown_circumstances(place, document, known)


def _form(value: object) -> tuple[Definition | None, list[Problem]]:
    if not isinstance(value, Mapping):
        return None, [Problem("form", _("The form is missing."))]
    try:
        return parse(value), []
    except InvalidDefinition as invalid:
        return None, [
            Problem(f"form{problem.place}", "%(message)s", {"message": problem.message}) for problem in invalid.problems
        ]


def _field_kinds(definition: Definition | None) -> dict[str, str]:
    """Kind of every top-level field of the form by its key."""
    if definition is None:
        return {}
    return {item.key: str(item.kind) for item in definition.fields()}


def _required_fields(definition: Definition | None) -> set[str]:
    """Fields that are always asked and must be answered."""
    if definition is None:
        return set()
    return {
        item.key for page in definition.pages if page.when is None for item in page.fields if item.required and item.when is None
    }


def _route(raw: Mapping[str, Any], definition: Definition | None) -> Iterator[Problem]:
    steps = _list(raw.get("route"))
    if not steps:
        yield Problem("route", _("The route has no steps."))
        return
    yield from _twice("route", steps)
    for step in steps:
        yield from _step(step, definition)
    yield from _order([str(step.get("kind")) for step in steps], steps)
    yield from _groups(steps)
    yield from _time(raw, steps)


def _step(step: Mapping[str, Any], definition: Definition | None) -> Iterator[Problem]:
    place = f"route.{step.get('key')}"
    yield from _strange(place, "route", step)
    if not SLUG.fullmatch(str(step.get("key", ""))):
        yield Problem(place, _("A key has small letters, digits and hyphens only."))
    if not step.get("title"):
        yield Problem(place, _("This text is missing."))
    if step.get("kind") not in KINDS:
        yield Problem(place, _("Choose one of: %(choices)s."), {"choices": ", ".join(KINDS)})
    if step.get("power") and step["power"] not in {power.value for power in Power}:
        yield Problem(place, _("There is no power “%(power)s”."), {"power": step["power"]})
    if step.get("hours") is not None and _positive(step["hours"]) is None:
        yield Problem(place, _("Hours are a number above zero, or empty when they are not counted."))
    yield from _office(place, step.get("office"), definition, always=step.get("when") is None)
    if step.get("when") is not None:
        for message in conditions.problems(step["when"], definition.operands() if definition else {}):
            yield Problem(f"{place}.when", "%(message)s", {"message": message})


def _positive(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number > 0 else None


def _office(place: str, ref: object, definition: Definition | None, *, always: bool) -> Iterator[Problem]:
    if not isinstance(ref, Mapping):
        yield Problem(place, _("The step names no office."))
        return
    kinds = _field_kinds(definition)
    if "code" in ref:
        if not OFFICE_CODE.fullmatch(str(ref["code"])):
            yield Problem(place, _("“%(code)s” is not an identifier code of an office."), {"code": ref["code"]})
        return
    answer = ref.get("answer") or ref.get("answer_code")
    if answer is not None:
        wanted = "province_ward" if "answer" in ref else "choice"
        if kinds.get(answer) != wanted:
            yield Problem(
                place,
                _("The office comes from the answer “%(field)s”, which must be a %(kind)s field."),
                {"field": answer, "kind": wanted},
            )
        elif always and answer not in _required_fields(definition):
            yield Problem(
                place, _("The office comes from the answer “%(field)s”, which must always be asked."), {"field": answer}
            )
    if "answer_code" not in ref and not SLUG.fullmatch(str(ref.get("function", ""))):
        yield Problem(place, _("The step names no office."))


def _order(kinds: Sequence[str], steps: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    if kinds[0] != "receive":
        yield Problem("route", _("A route begins with receiving the application."))
    if kinds[-1] != "hand_over":
        yield Problem("route", _("A route ends with handing over the outcome."))
    elif steps[-1].get("hours") is not None:
        yield Problem("route", _("Handing over is not counted: leave its hours empty."))
    for kind in ("receive", "sign", "seal", "hand_over"):
        if kinds.count(kind) != 1:
            yield Problem("route", _("A route has exactly one step of the kind “%(kind)s”."), {"kind": kind})
    if "sign" in kinds and "seal" in kinds and kinds.index("seal") < kinds.index("sign"):
        yield Problem("route", _("The outcome is signed before it is sealed."))
    for step in steps:
        if step.get("kind") in ("receive", "sign", "seal", "hand_over") and (step.get("group") or step.get("when") is not None):
            yield Problem(
                f"route.{step.get('key')}", _("This step belongs to every case and stands alone: no group, no condition.")
            )


def _groups(steps: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    runs = [key for key, _run in groupby(step.get("group") or "" for step in steps) if key]
    for group, count in Counter(runs).items():
        if count > 1:
            yield Problem("route", _("The steps of group “%(group)s” must follow one another."), {"group": group})


def _time(raw: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    if any(step.get("hours") is not None and _positive(step["hours"]) is None for step in steps):
        return
    limits = [(raw.get("limit_value"), raw.get("limit_unit"))]
    limits += [
        (item["limit"].get("value"), item["limit"].get("unit")) for item in _list(raw.get("circumstances")) if item.get("limit")
    ]
    taken = hours(steps)
    for value, unit in limits:
        if not isinstance(value, int) or unit not in LIMIT_UNITS:
            continue
        allowed = limit_hours(value, unit)
        if taken > allowed:
            yield Problem(
                "route",
                _("The steps take %(hours)s working hours, more than the limit of %(limit)s."),
                {"hours": f"{taken.normalize():f}", "limit": f"{allowed.normalize():f}"},
                warning=unit == "calendar_day",
            )


def _texts(value: object) -> Iterator[str]:
    """Every text in an outcome template."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _outcome(value: object, definition: Definition | None) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem("outcome", _("The outcome is missing."))
        return
    yield from _strange("outcome", "outcome", value)
    for key in ("title", "symbol"):
        if not value.get(key):
            yield Problem(f"outcome.{key}", _("This text is missing."))
    if value.get("layout", "certificate") not in LAYOUTS:
        yield Problem("outcome.layout", _("Choose one of: %(choices)s."), {"choices": ", ".join(LAYOUTS)})
    if any(not isinstance(row, list) or len(row) != 2 for row in value.get("rows") or []):
        yield Problem("outcome.rows", _("A row has a label and a text."))
    kinds = _field_kinds(definition)
    places = {f"{key}_{part}" for key, kind in kinds.items() if kind == "province_ward" for part in ("ward", "province")}
    known = FILLED_BY_CASE | set(kinds) | places
    asked = {name for text in _texts(value) for name in PLACEHOLDER.findall(text)}
    for name in sorted(asked - known) if definition else []:
        yield Problem("outcome", _("The form has no field “%(name)s”, which the outcome asks for."), {"name": name})
