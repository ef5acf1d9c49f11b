"""RULE: the words a version is made of: kinds of steps, ways to file, the entries of each JSON column."""

import re
from collections.abc import Mapping

from identity.offices.powers import Power

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

POWER_OF_KIND: Mapping[str, Power] = {
    "receive": Power.RECEIVE,
    "assign": Power.LEAD,
    "appraise": Power.PROCESS,
    "inspect": Power.PROCESS,
    "consult": Power.PROCESS,
    "draft": Power.PROCESS,
    "review": Power.LEAD,
    "collect_fee": Power.RECEIVE,
    "approve": Power.APPROVE,
    "sign": Power.APPROVE,
    "register": Power.REGISTER,
    "seal": Power.REGISTER,
    "hand_over": Power.RECEIVE,
}
"""The power a step asks for where it names none."""
ALONE = ("receive", "sign", "seal", "hand_over")
"""Kinds of which a route has exactly one step, which belongs to every case."""

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
    "eligibility": {
        "key": "small letters, digits and hyphens",
        "question": "what the person is asked, to be answered with yes or no",
        "help": "explanation",
        "answer_needed": "true where “yes” lets the person go on, false where “no” does",
        "refusal": "what is said when the answer does not fit",
        "when": "condition on earlier questions of this list, or null: always asked",
        "stops": "true: one cannot go on; false: one is only warned",
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
        "days": "calendar days instead, where another office is asked and the law counts them",
        "group": "neighbouring steps of one group run side by side",
        "when": "condition on the answers",
        "power": "instead of the usual power of the kind",
        "unit": "the desk in words, for the public page",
        "proposed": "true: the hours are sample data",
        "points": "weight of the work where it is shared out by load, 1 to 20",
        "silence": "true: no answer in time counts as agreement",
        "fields": "what the office itself notes down in this step: questions as in a page of the form",
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

ENTRIES: Mapping[str, Mapping[str, str]] = {
    "channels": {"channel": "text", "time_text": "text", "fee_text": "text", "note": "text"},
    "fees": {
        "key": "text",
        "label": "text",
        "amount": "any",
        "unit": "text",
        "channel": "text",
        "circumstances": "texts",
        "since": "text",
        "until": "text",
        "note": "text",
        "set_by_province": "flag",
    },
    "circumstances": {"key": "text", "label": "text", "help": "text", "limit": "record"},
    "eligibility": {
        "key": "text",
        "question": "text",
        "help": "text",
        "answer_needed": "flag",
        "refusal": "text",
        "when": "any",
        "stops": "flag",
    },
    "documents": {
        "key": "text",
        "name": "text",
        "help": "text",
        "circumstances": "texts",
        "required": "flag",
        "originals": "count",
        "copies": "count",
        "form_code": "text",
        "electronic": "text",
        "max_files": "count",
        "replaced_by": "text",
    },
    "route": {
        "key": "text",
        "title": "text",
        "kind": "text",
        "office": "record",
        "hours": "any",
        "days": "any",
        "group": "text",
        "when": "any",
        "power": "text",
        "unit": "text",
        "proposed": "flag",
        "points": "any",
        "silence": "flag",
        "fields": "any",
    },
    "outcome": {
        "title": "line",
        "summary": "line",
        "symbol": "line",
        "layout": "line",
        "basis": "lines",
        "paragraphs": "lines",
        "articles": "lines",
        "rows": "any",
        "recipients": "lines",
    },
}
"""What each entry may be. All but a line and lines may be null."""

LONGEST: Mapping[str, int] = {
    "name": 400,
    "agency_name": 300,
    "agency_function": 40,
    "audience": 300,
    "decision": 60,
    "limit_text": 300,
    "result_name": 200,
    "result_code": 20,
    "source": 300,
    "conditions": 20_000,
}
"""Most characters of the texts of a version."""
KEY_LENGTH, TITLE_LENGTH, OUTCOME_TITLE_LENGTH, SYMBOL_LENGTH = 40, 200, 300, 20
LARGEST_AMOUNT, LARGEST_NUMBER = 10**12, 32_767

CODE = re.compile(r"\d\.\d{6}(\.[A-Z0-9]+)*", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OFFICE_CODE = re.compile(r"[A-Y]\d{2}(\.[A-Z0-9]{1,6})*", re.ASCII)
PLACEHOLDER = re.compile(r"\{((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)?[a-z][a-z0-9_]*)\}")
