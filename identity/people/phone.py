"""RULE: a Vietnamese mobile number, however it was typed, in the one form that is stored: E.164 (+84901234567)."""

import phonenumbers

REGION = "VN"
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class InvalidPhone(ValueError):
    """Not a mobile number of a Vietnamese network. `code` is "format", "not_vietnam" or "not_mobile"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def to_e164(text: str) -> str:
    """`090 123 45 67` or `+84 90…` -> `+84901234567`. Raises InvalidPhone."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise InvalidPhone("format") from None
    if number.country_code != 84:
        raise InvalidPhone("not_vietnam")
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone("format")
    if phonenumbers.number_type(number) not in MOBILE:
        raise InvalidPhone("not_mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken(e164: str) -> str:
    """As people in Vietnam write it: `090 123 45 67`; empty for nothing."""
    if not e164:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(e164, REGION), phonenumbers.PhoneNumberFormat.NATIONAL)


def masked(e164: str) -> str:
    """Enough to recognise one's own number: `******4567`."""
    national = "".join(character for character in spoken(e164) if character.isdigit())
    return "*" * max(0, len(national) - 4) + national[-4:]
