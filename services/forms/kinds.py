"""RULE: the kinds of fields: what each is for, how its answer is kept, and which options it has.

Everything that treats kinds apart (cleaning, readout, schema, pages, samples, the editor) reads this table; a test holds that
none of them forgets one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.forms.operands import Type


class Kind(StrEnum):
    """What a field asks for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CAPITALS_NAME = "capitals_name"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    AREA = "area"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    MONTH = "month"
    YEAR = "year"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTIPLE_CHOICE = "multiple_choice"
    GENDER = "gender"
    ETHNIC_GROUP = "ethnic_group"
    COUNTRY = "country"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PERSONAL_NUMBER = "personal_number"
    PASSPORT_NUMBER = "passport_number"
    IDENTITY_DOCUMENT = "identity_document"
    TAX_CODE = "tax_code"
    BUSINESS_NUMBER = "business_number"
    VEHICLE_PLATE = "vehicle_plate"
    BANK_ACCOUNT = "bank_account"
    PROVINCE_WARD = "province_ward"
    ADDRESS = "address"
    LAND_PARCEL = "land_parcel"
    MAP_POINT = "map_point"
    ATTACHMENT = "attachment"
    GROUP = "group"
    TABLE = "table"
    CALCULATED = "calculated"
    DECLARATION = "declaration"
    HEADING = "heading"
    NOTE = "note"


class Format(StrEnum):
    """What a calculated value is."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"


class Precision(StrEnum):
    """How much of a date must at least be known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Tone(StrEnum):
    """How an explanation is set off."""

    INFO = "info"
    IMPORTANT = "important"
    WARNING = "warning"


class AreaUnit(StrEnum):
    """A unit people measure land and floors in."""

    SQUARE_METRE = "m2"
    HECTARE = "ha"
    SQUARE_KILOMETRE = "km2"


class MoneyUnit(StrEnum):
    """A unit people say amounts in."""

    DONG = "dong"
    THOUSAND = "nghin"
    MILLION = "trieu"
    BILLION = "ty"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a kind: which values it takes, `least` and `most` where that is a count, `choices` where they are listed."""

    values: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What a kind is for, how its answer is stored, and which options it has.

    `parts` are the inputs of a kind that asks several things at once; `needed` the options that cannot be left out.
    """

    purpose: str
    answer: str
    options: Mapping[str, Option]
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


MOST_PAGES, MOST_FIELDS, MOST_CHOICES, MOST_ROWS = 30, 300, 500, 50
LARGEST = Decimal(10) ** 15
"""Numbers and amounts stay below it, in either direction."""
FIRST_YEAR, LAST_YEAR = 1880, 2200
"""A year outside is a slip of the keyboard."""

PREFILL, NUMBER, DAY, FLAG, WORD, SAID = map(Option, ("prefill", "number", "day", "flag", "text", "said"))
BEFOREHAND = {"prefill": PREFILL, "fixed": FLAG}
DECIMALS = Option("count", 0, 6)
CHOICES = Option("choices")
ROWS = {"fields": Option("fields"), "min": Option("count", 0, MOST_ROWS), "max": Option("count", 1, MOST_ROWS), "item": WORD}

KINDS: Mapping[Kind, KindFacts] = {
    Kind.TEXT: KindFacts("One line of text", "text", {"max_length": Option("count", 1, 1000), **BEFOREHAND}),
    Kind.LONG_TEXT: KindFacts(
        "Several lines", "text", {"max_length": Option("count", 1, 20_000), "rows": Option("count", 2, 30)}
    ),
    Kind.CAPITALS_NAME: KindFacts(
        "A name in capital letters, as on identity papers",
        "text in capitals",
        {"max_length": Option("count", 1, 1000), **BEFOREHAND},
    ),
    Kind.NUMBER: KindFacts(
        "A number, with a decimal comma where decimals are allowed",
        'whole number, or text such as "12.5"',
        {"min": NUMBER, "max": NUMBER, "decimals": DECIMALS, "unit": WORD},
    ),
    Kind.MONEY: KindFacts(
        "An amount in đồng; with `units` also in thousands, millions or billions",
        "whole number of đồng",
        {"min": NUMBER, "max": NUMBER, "units": FLAG},
        ("amount", "unit"),
    ),
    Kind.PERCENTAGE: KindFacts(
        "A percentage, from 0 to 100 unless `min` and `max` say otherwise",
        'whole number, or text such as "12.5"',
        {"min": NUMBER, "max": NUMBER, "decimals": DECIMALS},
    ),
    Kind.AREA: KindFacts(
        "An area with its unit: m², ha or km²; `min` and `max` are m²",
        'object with amount (whole number, or text such as "12.5"), unit and m2',
        {"min": NUMBER, "max": NUMBER},
        ("amount", "unit"),
    ),
    Kind.DATE: KindFacts("A day", "text YYYY-MM-DD", {"min": DAY, "max": DAY, **BEFOREHAND}),
    Kind.PARTIAL_DATE: KindFacts(
        "A date of which only the year, or the month and the year, may be known",
        "text YYYY, YYYY-MM or YYYY-MM-DD",
        {"min": DAY, "max": DAY, "precision": Option("one_of", choices=tuple(Precision))},
    ),
    Kind.MONTH: KindFacts("A month of a year", "text YYYY-MM", {"min": DAY, "max": DAY}),
    Kind.YEAR: KindFacts(
        "A year",
        "whole number",
        {"min": Option("count", FIRST_YEAR, LAST_YEAR), "max": Option("count", FIRST_YEAR, LAST_YEAR)},
    ),
    Kind.TIME: KindFacts("A time of day", "text HH:MM", {}),
    Kind.YES_NO: KindFacts("Yes or no", "true or false", {}),
    Kind.CHOICE: KindFacts(
        "One of several answers",
        "the value chosen",
        {"choices": CHOICES, "display": Option("one_of", choices=("radios", "select"))},
        needed=("choices",),
    ),
    Kind.MULTIPLE_CHOICE: KindFacts(
        "Any of several answers",
        "list of the values chosen",
        {"choices": CHOICES, "min": Option("count", 0, MOST_CHOICES), "max": Option("count", 1, MOST_CHOICES)},
        needed=("choices",),
    ),
    Kind.GENDER: KindFacts("Male or female, as in the population database", "`male` or `female`", {}),
    Kind.ETHNIC_GROUP: KindFacts("One of the 54 ethnic groups of Việt Nam", "short name such as `kinh`", {}),
    Kind.COUNTRY: KindFacts("A country or a nationality", "two letters of ISO 3166-1", {}),
    Kind.PHONE: KindFacts("A phone number", "text in E.164", {"prefill": PREFILL}),
    Kind.EMAIL: KindFacts("An e-mail address", "text", {"prefill": PREFILL}),
    Kind.URL: KindFacts("The address of a web page", "text", {}),
    Kind.PERSONAL_NUMBER: KindFacts("A personal number of 12 digits", "text of 12 digits", BEFOREHAND),
    Kind.PASSPORT_NUMBER: KindFacts("The number of a passport of any country", "text of letters and digits", {}),
    Kind.IDENTITY_DOCUMENT: KindFacts(
        "An identity paper: kind, number, day and place of issue",
        "object with type, number, issued_on and issued_by",
        {},
        ("type", "number", "issued_on", "issued_by"),
    ),
    Kind.TAX_CODE: KindFacts("A tax code", "text of 10, 12 or 10-3 digits", {"prefill": PREFILL}),
    Kind.BUSINESS_NUMBER: KindFacts(
        "The number of an enterprise, a branch or a household business", "text of 10 or 10-3 digits", {"prefill": PREFILL}
    ),
    Kind.VEHICLE_PLATE: KindFacts("A registration plate of a vehicle", "text such as `59A-123.45`", {}),
    Kind.BANK_ACCOUNT: KindFacts(
        "A bank account: bank, number and holder", "object with bank, number and holder", {}, ("bank", "number", "holder")
    ),
    Kind.PROVINCE_WARD: KindFacts(
        "A province or city and its ward or commune",
        "object with province and ward codes",
        {"province": Option("province")},
        ("province", "ward"),
    ),
    Kind.ADDRESS: KindFacts(
        "An address: province, ward, and house number and street; the ward is found by its name too",
        "object with province and ward codes and street",
        {"province": Option("province")},
        ("find", "province", "ward", "street"),
    ),
    Kind.LAND_PARCEL: KindFacts(
        "A land parcel: number of the map sheet and of the parcel", "object with sheet and parcel", {}, ("sheet", "parcel")
    ),
    Kind.MAP_POINT: KindFacts("A point in Việt Nam by its coordinates", "object with lat and lng", {}, ("lat", "lng")),
    Kind.ATTACHMENT: KindFacts("Files to attach", "nothing: the files belong to the case", {"max_files": Option("count", 1, 20)}),
    Kind.GROUP: KindFacts("The same questions several times", "list of objects", ROWS, needed=("fields",)),
    Kind.TABLE: KindFacts("A table of rows with short answers", "list of objects", ROWS, needed=("fields",)),
    Kind.CALCULATED: KindFacts(
        "A value worked out from other answers; nothing is asked",
        "whole number, text such as `12.5`, day, true or false, or text, as `format` says",
        {
            "formula": Option("formula"),
            "format": Option("one_of", choices=tuple(Format)),
            "decimals": DECIMALS,
            "unit": WORD,
        },
        needed=("formula",),
    ),
    Kind.DECLARATION: KindFacts(
        "A statement that is confirmed and signed by typing one's name, the same as in the field `name_field`",
        "object with name and day",
        {"statement": SAID, "name_field": Option("name_field")},
        ("agreed", "name"),
        needed=("statement",),
    ),
    Kind.HEADING: KindFacts("A heading between questions", "nothing", {}),
    Kind.NOTE: KindFacts("An explanation, nothing is asked", "nothing", {"tone": Option("one_of", choices=tuple(Tone))}),
}

COMMON = ("key", "kind", "label", "help", "required", "when")
UNASKED = frozenset({Kind.NOTE, Kind.HEADING, Kind.ATTACHMENT})
"""Kinds that leave nothing in the answers."""
SILENT = frozenset({Kind.NOTE, Kind.HEADING, Kind.CALCULATED})
"""Kinds that ask nothing: they are never required."""
REPEATING = frozenset({Kind.GROUP, Kind.TABLE})
DATED = frozenset({Kind.DATE, Kind.PARTIAL_DATE, Kind.MONTH})
"""Kinds asked in several inputs named `<key>_day`, `<key>_month` and `<key>_year`."""
DATE_PARTS = ("day", "month", "year")
PLACES = frozenset({Kind.PROVINCE_WARD, Kind.ADDRESS})
OUTSIDE_GROUPS = REPEATING | {Kind.ATTACHMENT, Kind.DECLARATION}
COLUMNS = frozenset(
    {
        Kind.TEXT,
        Kind.CAPITALS_NAME,
        Kind.NUMBER,
        Kind.MONEY,
        Kind.PERCENTAGE,
        Kind.YEAR,
        Kind.TIME,
        Kind.DATE,
        Kind.MONTH,
        Kind.CHOICE,
        Kind.GENDER,
        Kind.ETHNIC_GROUP,
        Kind.COUNTRY,
        Kind.PHONE,
        Kind.EMAIL,
        Kind.PERSONAL_NUMBER,
        Kind.PASSPORT_NUMBER,
        Kind.TAX_CODE,
        Kind.BUSINESS_NUMBER,
        Kind.VEHICLE_PLATE,
        Kind.CALCULATED,
    }
)
"""Kinds short enough to stand in a cell of a table."""
NAMES = frozenset({Kind.TEXT, Kind.CAPITALS_NAME})
"""Kinds that can say whom a case is about, and whose name a declaration carries."""
PREFILLS: Mapping[str, frozenset[Kind]] = {
    "person.full_name": NAMES,
    "person.personal_number": frozenset({Kind.PERSONAL_NUMBER, Kind.TEXT}),
    "person.phone": frozenset({Kind.PHONE}),
    "person.email": frozenset({Kind.EMAIL}),
    "person.birth_date": frozenset({Kind.DATE}),
    "person.address": frozenset({Kind.TEXT}),
    "business.name": NAMES,
    "business.tax_code": frozenset({Kind.TAX_CODE, Kind.BUSINESS_NUMBER, Kind.TEXT}),
}
FIXABLE = frozenset({"person.full_name", "person.personal_number", "person.birth_date"})
"""What the population database says of a person: where it was checked, a form does not ask for it again."""
PAGE_KEY = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
CHOICE_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
RESERVED_PAGES = frozenset({"giay-to", "kiem-tra", "gui", "da-nop", "xoa", "bat-dau", "in", "thay-cho", "to-khai"})
RESERVED_FIELDS = frozenset(
    {"case_number", "subject_name", "agency_name", "procedure_name", "today", "circumstance", "csrfmiddlewaretoken"}
)
RADIOS_UP_TO = 12
LABEL_LENGTH, HELP_LENGTH = 500, 4000

OPERAND_TYPES: Mapping[Kind, Type] = {
    Kind.NUMBER: Type.NUMBER,
    Kind.MONEY: Type.NUMBER,
    Kind.PERCENTAGE: Type.NUMBER,
    Kind.AREA: Type.NUMBER,
    Kind.YEAR: Type.NUMBER,
    Kind.DATE: Type.DATE,
    Kind.YES_NO: Type.YES_NO,
    Kind.CHOICE: Type.CHOICE,
    Kind.GENDER: Type.CHOICE,
    Kind.ETHNIC_GROUP: Type.CHOICE,
    Kind.COUNTRY: Type.CHOICE,
    Kind.MULTIPLE_CHOICE: Type.MANY,
}
"""What an answer of a kind is in conditions and formulas; the rest are texts."""
FORMAT_TYPES: Mapping[Format, Type] = {
    Format.NUMBER: Type.NUMBER,
    Format.MONEY: Type.NUMBER,
    Format.DATE: Type.DATE,
    Format.YES_NO: Type.YES_NO,
    Format.TEXT: Type.TEXT,
}
PART_OPERANDS: Mapping[Kind, Mapping[str, Type]] = {
    Kind.PROVINCE_WARD: {"province": Type.CHOICE, "ward": Type.TEXT},
    Kind.ADDRESS: {"province": Type.CHOICE, "ward": Type.TEXT},
    Kind.IDENTITY_DOCUMENT: {"type": Type.CHOICE},
    Kind.BANK_ACCOUNT: {"bank": Type.CHOICE},
}
"""Kinds of which conditions ask a part: `{"var": "place.province"}`."""
INCOMPARABLE = REPEATING | {Kind.LAND_PARCEL, Kind.MAP_POINT, Kind.DECLARATION} | frozenset(PART_OPERANDS)
"""Kinds whose whole answer cannot be asked about."""
