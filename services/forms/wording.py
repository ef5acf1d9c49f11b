"""The sentences of the form engine: what to do when an answer or a definition is not right, and the few words of readouts.

Rules answer with a `Complaint`: a code for programs and tests, translated only when it is printed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Text(str):
    """A Vietnamese text of a definition, with its English where the editor wrote one."""

    english: str

    def __new__(cls, vietnamese: str, english: str = "") -> "Text":
        text = super().__new__(cls, vietnamese)
        text.english = english
        return text

    def said(self) -> str:
        """In the active language; Vietnamese where there is no other."""
        return self.english if self.english and get_language() == "en" else str(self)


BLANK = Text("")


def brief(value: object, most: int = 60) -> str:
    """The beginning of anything, to show it in a sentence."""
    try:
        return str(value)[:most]
    except (ValueError, RecursionError):
        # A number of thousands of digits, or a list without an end.
        return "…"


class Complaint:
    """Why something is not right: `code` for programs, printed as what to do, in the active language."""

    __slots__ = ("code", "params")

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params

    def __str__(self) -> str:
        sentence = str(SENTENCES[self.code])
        return sentence % {name: _worded(name, value) for name, value in self.params.items()} if self.params else sentence

    def __mod__(self, params: object) -> "Complaint":
        """Django puts parameters into messages; this one already has its own."""
        return self

    def __repr__(self) -> str:
        return f"Complaint({self.code!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Complaint) and (self.code, self.params) == (other.code, other.params)

    def __hash__(self) -> int:
        return hash(self.code)


def _worded(name: str, value: Any) -> Any:
    """A label is fitted into the sentence; a question stands in it as it is."""
    said = value.said() if isinstance(value, Text) else value
    if name in {"label", "question"}:
        said = str(said).strip().rstrip(":.").rstrip()
    return _uncapitalised(said) if name == "label" else said


def _uncapitalised(label: str) -> str:
    """`Họ và tên` -> `họ và tên`; abbreviations keep their capitals."""
    first_word = label.split(" ", 1)[0]
    return label[:1].lower() + label[1:] if first_word[1:].islower() or len(first_word) == 1 else label


ANSWERS: Mapping[str, Promise] = {
    "missing_text": _("Enter %(label)s"),
    "missing_answer": _("Answer: %(question)s"),
    "missing_choice": _("Choose an answer to “%(question)s”"),
    "missing_place": _("Choose the ward or commune of “%(question)s”"),
    "missing_attachment": _("Attach %(label)s"),
    "not_text": _("Enter this as text"),
    "too_long": _("Shorten this to %(most)s characters (it has %(count)s now)"),
    "not_number": _("Enter a number, for example %(example)s"),
    "not_whole": _("Enter a whole number, without a fraction"),
    "too_many_decimals": _("Enter at most %(count)s digits after the decimal comma"),
    "ambiguous_number": _("Write %(thousands)s if thousands are meant, or %(decimals)s if a fraction is meant"),
    "too_small": _("Enter %(least)s or more"),
    "too_large": _("Enter %(most)s or less"),
    "not_money": _("Enter the amount in đồng, for example 1500000"),
    "date_numbers": _("Enter the day, month and year as numbers, for example 27 3 1990"),
    "date_incomplete": _("Enter the %(missing)s as well: a date needs a day, a month and a year"),
    "date_day": _("The day must be a number from 1 to 31"),
    "date_month": _("The month must be a number from 1 to 12"),
    "date_year": _("Enter the year with four digits, for example 1990"),
    "date_month_end": _("Check the date: month %(month)s of %(year)s has only %(days)s days"),
    "date_before": _("Enter %(least)s or a later date"),
    "date_after": _("Enter %(most)s or an earlier date"),
    "date_in_future": _("This date is still to come. Enter today's date or an earlier one"),
    "date_in_past": _("This date has passed. Enter today's date or a later one"),
    "not_yes_no": _("Choose “Yes” or “No”"),
    "not_choice": _("Choose one of the answers listed"),
    "too_few_choices": _("Choose at least %(least)s answers"),
    "too_many_choices": _("Choose at most %(most)s answers"),
    "not_phone": _("Enter a phone number, for example 0901234567"),
    "not_email": _("Enter an e-mail address, for example ten@example.vn"),
    "not_personal_number": _("Enter the 12 digits of the personal number as printed on the identity card"),
    "unreal_personal_number": _("Check the personal number: these 12 digits do not make a real one"),
    "not_tax_code": _("Enter a tax code of 10 digits, 13 digits, or a personal number of 12 digits"),
    "unreal_tax_code": _("Check the tax code: one of its digits is wrong"),
    "no_province": _("Choose the province or city first"),
    "no_ward": _("Choose the ward or commune"),
    "foreign_ward": _("Choose a ward or commune of %(province)s"),
    "not_name": _("Write the name with letters only, as on the identity paper"),
    "not_url": _("Enter the address of a web page, for example https://example.vn"),
    "not_whole_dong": _("Enter an amount that comes to whole đồng"),
    "not_above_zero": _("Enter a number above zero"),
    "not_year": _("Enter the year with four digits, for example 1990"),
    "not_time": _("Enter a time from 0:00 to 23:59, for example 7:30 or 7 giờ 30"),
    "date_unknown_part": _("Enter the %(missing)s as well: this much of the date must be known"),
    "month_incomplete": _("Enter the %(missing)s as well: both the month and the year are needed"),
    "not_business_number": _("Enter the 10 digits of the business number, or 13 digits for a branch"),
    "unreal_business_number": _("Check the business number: one of its digits is wrong"),
    "not_passport_number": _("Enter the passport number of 6 to 9 letters and digits, for example C1234567"),
    "not_old_identity_card": _("Enter the 9 digits of the old identity card"),
    "not_paper_number": _("Enter the number as printed on the paper, letters and digits only"),
    "not_vehicle_plate": _("Enter the plate as on the vehicle, for example 59A-123.45 or 59-X1 123.45"),
    "not_account": _("Enter the account number: 4 to 19 digits, without the name of the bank"),
    "missing_part_choice": _("Choose the %(label)s"),
    "not_parcel": _("Enter the number as printed on the land certificate, at most 30 characters"),
    "not_lat": _("Enter the latitude in degrees, for example 10.776"),
    "not_lng": _("Enter the longitude in degrees, for example 106.700"),
    "far_point": _("This point is not in Việt Nam. Check the latitude and the longitude"),
    "swapped_point": _("The latitude and the longitude seem to be exchanged: the latitude of Việt Nam is from 6 to 24"),
    "not_agreed": _("Tick the box to confirm the statement"),
    "missing_declaration": _("Confirm the statement and sign it"),
    "missing_signature": _("Sign by typing your full name"),
    "other_signature": _("Sign with the same name as above: %(name)s"),
    "no_such_ward": _("No ward or commune of this name was found. Check the spelling, or choose it from the lists"),
    "several_wards": _("Several wards or communes have this name. Choose the one you mean"),
    "not_rows": _("Fill in this list row by row"),
    "too_few_rows": _("Add at least %(least)s to the list “%(question)s”"),
    "too_many_rows": _("List at most %(most)s in “%(question)s”"),
}
"""What to do with an answer, said to the person who gave it."""

DEFINITIONS: Mapping[str, Promise] = {
    "not_object": _("This must be an object with named parts."),
    "not_list": _("This must be a list."),
    "version": _("The version of the format must be 1 or 2."),
    "unknown_part": _("“%(name)s” is not known here."),
    "missing_part": _("“%(name)s” is missing."),
    "no_pages": _("The form has no pages."),
    "too_many": _("There are %(count)s here; at most %(most)s are allowed."),
    "page_key": _("A page key is made of small letters, digits and single hyphens, at most 60: “%(key)s” is not."),
    "field_key": _(
        "A field key begins with a small letter and goes on with small letters, digits or _, at most 60: “%(key)s” is not."
    ),
    "reserved_key": _("The key “%(key)s” is taken by the portal itself."),
    "same_key": _("The key “%(key)s” is used twice."),
    "clashing_key": _("The key “%(key)s” collides with a part of the date “%(other)s”."),
    "empty_page": _("The page has no fields."),
    "text": _("A text is expected: Vietnamese, or an object with “vi” and “en”."),
    "blank": _("The text is empty."),
    "long_text": _("The text has %(count)s characters; at most %(most)s are allowed."),
    "yes_or_no": _("Only true or false is possible here."),
    "unknown_kind": _("“%(kind)s” is not a kind of field."),
    "count": _("A whole number from %(least)s to %(most)s is expected."),
    "number": _("A number is expected."),
    "day": _("A day written YYYY-MM-DD is expected, or “today”."),
    "order": _("The smallest value is larger than the largest."),
    "no_choices": _("There is nothing to choose from."),
    "choice_value": _(
        "The value of a choice is made of letters without marks, digits, and . _ or -, at most 60: “%(value)s” is not."
    ),
    "same_choice": _("The choice “%(value)s” is listed twice."),
    "too_many_to_choose": _("More answers are asked for than there are choices."),
    "one_of": _("One of these is expected: %(values)s."),
    "province": _("There is no province with the code “%(name)s”."),
    "prefill": _("“%(name)s” is not something the portal knows about a person."),
    "fixed": _("Only a name, a personal number or a birth date taken from the record can stand fixed, outside of groups."),
    "prefill_kind": _("“%(name)s” does not fit a field of this kind."),
    "not_column": _("A field of the kind “%(kind)s” is too large for a table; take a group instead."),
    "nested_group": _("A field of the kind “%(kind)s” cannot stand inside a group."),
    "empty_group": _("The group has no fields."),
    "empty_note": _("An explanatory block needs a label or a help text."),
    "subject_field": _("A field that asks for a name, outside groups, is expected: “%(key)s” is not one."),
    "circle": _("The value hangs on itself: %(way)s."),
    "condition_shape": _('A condition is an object with one operator, such as {"==": [{"var": "key"}, "value"]}.'),
    "condition_deep": _("The condition is nested more than %(count)s deep."),
    "condition_operator": _("“%(operator)s” is not an operator of conditions."),
    "condition_large": _("The expression is too large: split it over several calculated fields."),
    "condition_value": _("“%(operator)s” gives a value, but something that is true or false is expected."),
    "condition_not_value": _("“%(operator)s” is true or false, but a value is expected."),
    "condition_rows": _("“%(name)s” has rows: ask about it with “sum” or “count”."),
    "condition_sum": _("“%(name)s” is not a column of numbers that can be added up."),
    "condition_count": _("“%(name)s” is not a group or a table whose rows can be counted."),
    "condition_years": _("“years” needs two dates: fields, or days written YYYY-MM-DD."),
    "condition_branches": _("All values of “if” must be of one kind."),
    "formula_constant": _("The formula does not name any field."),
    "condition_arguments": _("The operator “%(operator)s” has the wrong number of parts."),
    "condition_unknown": _("“%(name)s” is not a field that can be asked about here."),
    "condition_constant": _("The comparison does not ask about any field."),
    "condition_order": _("“%(operator)s” compares numbers, amounts and dates only."),
    "condition_many": _('Ask a multiple choice with “in”: {"in": ["value", {"var": "key"}]}.'),
    "condition_many_in": _("Only a multiple choice or a list can stand on the right of “in”."),
    "condition_list": _("“in” needs a list of values on its right."),
    "condition_types": _("The two fields are of different kinds and cannot be compared."),
    "condition_literal": _("The field can never have the value “%(value)s”."),
    "condition_never": _("The condition can never hold."),
}
"""What is wrong with a definition, said to the person who edits it."""

SENTENCES: Mapping[str, Promise] = {**ANSWERS, **DEFINITIONS}

YES, NO = _("Yes"), _("No")
UNANSWERED = _("Not answered")
DONG = _("đồng")
DATE_NAMES: Mapping[str, Promise] = {"day": _("day"), "month": _("month"), "year": _("year")}
MALE, FEMALE = _("Male"), _("Female")
AREA_UNITS: Mapping[str, str] = {"m2": "m²", "ha": "ha", "km2": "km²"}
MONEY_UNITS: Mapping[str, Promise] = {
    "dong": DONG,
    "nghin": _("thousand đồng"),
    "trieu": _("million đồng"),
    "ty": _("billion đồng"),
}
IDENTITY_DOCUMENTS: Mapping[str, Promise] = {
    "identity_card": _("Identity card (12 digits)"),
    "old_identity_card": _("Old identity card (9 digits)"),
    "passport": _("Passport"),
    "residence_card": _("Residence card of a foreigner"),
    "other": _("Another identity paper"),
}
PART_LABELS: Mapping[str, Promise] = {
    "money.amount": _("Amount of money"),
    "area.amount": _("Area"),
    "bank_account.number": _("Account number"),
    "identity_document.number": _("Number of the paper"),
    "unit": _("Unit"),
    "m2": _("in m²"),
    "province": _("Province or city"),
    "ward": _("Ward or commune"),
    "street": _("House number and street, or hamlet"),
    "find": _("Find the ward or commune by its name"),
    "sheet": _("Map sheet number"),
    "parcel": _("Parcel number"),
    "lat": _("Latitude"),
    "lng": _("Longitude"),
    "bank": _("Bank"),
    "holder": _("Account holder"),
    "type": _("Kind of paper"),
    "issued_on": _("Day of issue"),
    "issued_by": _("Issued by"),
    "agreed": _("I confirm this statement and sign it by typing my name"),
    "name": _("Full name, as your signature"),
    "in_words": _("in words"),
}
"""What the inputs of a question that has several are called."""


def part_label(kind: str, part: str) -> Promise:
    """What one input of a question of the kind is called."""
    return PART_LABELS.get(f"{kind}.{part}") or PART_LABELS[part]


EMPTY_CHOICES: Mapping[str, Promise] = {
    "province": _("Choose a province or city"),
    "ward": _("Choose a ward or commune"),
    "bank": _("Choose a bank"),
    "type": _("Choose the kind of paper"),
}
SIGNED = _("%(name)s, signed on %(day)s")
LAND_PARCEL = _("parcel %(parcel)s, map sheet %(sheet)s")
ISSUED = _("issued on %(day)s by %(issuer)s")
FORMERLY = _("formerly:")
