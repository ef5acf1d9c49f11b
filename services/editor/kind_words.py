"""What kinds of questions and their settings are called in the editor. A kind that is not named here is offered by its purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.forms.kinds import KINDS, Kind

Words = str | Promise


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind as the list of kinds offers it."""

    kind: str
    name: Words
    purpose: Words
    icon: str = "edit"


FAMILIES: Sequence[tuple[Words, str, Mapping[Kind, tuple[Words, Words]]]] = (
    (
        _("Words and names"),
        "edit",
        {
            Kind.TEXT: (_("Short answer"), _("One line of text")),
            Kind.LONG_TEXT: (_("Long answer"), _("Several lines")),
            Kind.CAPITALS_NAME: (
                _("Name in capitals"),
                _("As printed on identity papers; capital letters are put by themselves"),
            ),
        },
    ),
    (
        _("Choosing"),
        "check-circle",
        {
            Kind.YES_NO: (_("Yes or no"), _("Two answers")),
            Kind.CHOICE: (_("One of several"), _("One answer from a list of yours")),
            Kind.MULTIPLE_CHOICE: (_("Several of a list"), _("Any answers from a list of yours")),
            Kind.GENDER: (_("Sex"), _("Male or female")),
            Kind.ETHNIC_GROUP: (_("Ethnic group"), _("One of the 54 of Việt Nam")),
            Kind.COUNTRY: (_("Country, nationality"), _("From the list of countries")),
        },
    ),
    (
        _("Numbers and money"),
        "money",
        {
            Kind.NUMBER: (_("Number"), _("With a unit if you like, with decimals or without")),
            Kind.MONEY: (_("Amount of money"), _("In đồng; also in thousands, millions, billions")),
            Kind.AREA: (_("Area"), _("In m², ha or km²")),
            Kind.PERCENTAGE: (_("Percentage"), _("From 0 to 100")),
            Kind.CALCULATED: (_("Calculated value"), _("Worked out from other answers; nothing is asked")),
        },
    ),
    (
        _("Days and times"),
        "calendar",
        {
            Kind.DATE: (_("Date"), _("Day, month and year")),
            Kind.PARTIAL_DATE: (_("Date that may be partial"), _("Where some people know the year or the month only")),
            Kind.MONTH: (_("Month"), _("A month of a year")),
            Kind.YEAR: (_("Year"), _("Four digits")),
            Kind.TIME: (_("Time of day"), _("Hours and minutes")),
        },
    ),
    (
        _("Papers and numbers"),
        "id-card",
        {
            Kind.PERSONAL_NUMBER: (_("Personal number"), _("12 digits, checked")),
            Kind.IDENTITY_DOCUMENT: (_("Identity paper"), _("Kind, number, day and place of issue")),
            Kind.PASSPORT_NUMBER: (_("Passport number"), _("Of any country")),
            Kind.TAX_CODE: (_("Tax code"), _("10, 12 or 13 digits, checked")),
            Kind.BUSINESS_NUMBER: (_("Business number"), _("Of an enterprise, a branch or a household business")),
            Kind.VEHICLE_PLATE: (_("Vehicle plate"), _("In every form used in Việt Nam")),
            Kind.BANK_ACCOUNT: (_("Bank account"), _("Bank, number and holder")),
        },
    ),
    (
        _("Places and contact"),
        "home",
        {
            Kind.ADDRESS: (_("Address"), _("Province, ward, house number and street")),
            Kind.PROVINCE_WARD: (_("Province and ward"), _("Without house number and street")),
            Kind.LAND_PARCEL: (_("Land parcel"), _("Map sheet and parcel number")),
            Kind.MAP_POINT: (_("Point on the map"), _("By its coordinates")),
            Kind.PHONE: (_("Phone number"), _("Checked against the numbering plan")),
            Kind.EMAIL: (_("E-mail address"), _("For notices")),
            Kind.URL: (_("Web address"), _("Of a page")),
        },
    ),
    (
        _("Several entries"),
        "list",
        {
            Kind.GROUP: (_("Group that repeats"), _("The same questions for each person, each thing")),
            Kind.TABLE: (_("Table"), _("Rows with short answers")),
        },
    ),
    (
        _("Files and signature"),
        "upload",
        {
            Kind.ATTACHMENT: (_("Files to attach"), _("Only asked when its condition holds")),
            Kind.DECLARATION: (_("Signed declaration"), _("A statement, confirmed by typing one's name")),
        },
    ),
    (
        _("Nothing is asked"),
        "info",
        {
            Kind.HEADING: (_("Heading"), _("Between questions of a long page")),
            Kind.NOTE: (_("Explanation"), _("Set off from the questions")),
        },
    ),
)

OPTION_NAMES: Mapping[str, Words] = {
    "max_length": _("Most letters"),
    "rows": _("Lines of the box"),
    "min": _("Smallest value"),
    "max": _("Largest value"),
    "decimals": _("Digits after the decimal comma"),
    "unit": _("Unit"),
    "units": _("May be given in thousands, millions or billions"),
    "prefill": _("Filled in beforehand"),
    "fixed": _("Not changed where the identity was checked"),
    "precision": _("What must be known at least"),
    "display": _("Shown as"),
    "province": _("Only within"),
    "item": _("What one entry is called"),
    "max_files": _("Most files"),
    "format": _("The result is"),
    "statement": _("What is declared"),
    "name_field": _("The name must be the one given in"),
    "tone": _("Tone"),
}
BOUNDS: Mapping[str, tuple[Words, Words]] = {
    "day": (_("Earliest day"), _("Latest day")),
    "multiple_choice": (_("Fewest answers"), _("Most answers")),
    "group": (_("Fewest entries"), _("Most entries")),
    "table": (_("Fewest rows"), _("Most rows")),
    "year": (_("Earliest year"), _("Latest year")),
}
OPTION_HELPS: Mapping[str, Words] = {
    "unit": _("Such as m², tháng, người."),
    "prefill": _("From the account of the person who files, or of whom it is filed for; it can be changed."),
    "fixed": _("Only with full name, personal number or date of birth, in a question about the applicant."),
    "item": _("Such as: Người cùng đứng tên. Shown above each entry."),
    "display": _("Without a choice: up to 12 answers as a list of buttons, more as a menu."),
}
VALUE_NAMES: Mapping[str, Words] = {
    "person.full_name": _("Full name"),
    "person.personal_number": _("Personal number"),
    "person.phone": _("Phone number"),
    "person.email": _("E-mail address"),
    "person.birth_date": _("Birth date"),
    "person.address": _("Address"),
    "business.name": _("Name of the business"),
    "business.tax_code": _("Tax code of the business"),
    "radios": _("A list of buttons"),
    "select": _("A menu"),
    "year": _("The year"),
    "month": _("The month and the year"),
    "day": _("The whole date"),
    "number": _("A number"),
    "money": _("An amount in đồng"),
    "date": _("A day"),
    "yes_no": _("Yes or no"),
    "text": _("Text"),
    "info": _("Ordinary"),
    "important": _("Important"),
    "warning": _("Warning"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that belong together, in the list of kinds."""

    name: Words
    kinds: list[KindWords]


def families(allowed: frozenset[str] | None = None) -> list[Family]:
    """Every kind by family; with `allowed` only those."""
    found = []
    named: set[str] = set()
    for name, icon, kinds in FAMILIES:
        named |= {str(kind) for kind in kinds}
        listed = [KindWords(str(kind), *words, icon) for kind, words in kinds.items() if _offered(kind, allowed)]
        found += [Family(name, listed)] if listed else []
    others = [KindWords(str(kind), facts.purpose, "") for kind, facts in KINDS.items() if kind not in named]
    others = [one for one in others if _offered(one.kind, allowed)]
    return [*found, Family(_("Others"), others)] if others else found


def _offered(kind: str, allowed: frozenset[str] | None) -> bool:
    return kind in KINDS and (allowed is None or kind in allowed)


def kind_words(kind: object) -> KindWords:
    """What a kind is called; one that does not exist by what is written."""
    for family in families():
        for one in family.kinds:
            if one.kind == kind:
                return one
    return KindWords(str(kind), str(kind or "?"), "", "alert")


def option_name(kind: str, option: str, values: str) -> Words:
    """The label of a setting."""
    if option in {"min", "max"}:
        pair = BOUNDS.get("day" if values == "day" else kind)
        if pair:
            return pair[option == "max"]
    return OPTION_NAMES.get(option, option)


def value_name(value: str) -> Words:
    """The label of a value of a setting."""
    return VALUE_NAMES.get(value, value)
