"""RULE: the one address an account is reached at: a Vietnamese mobile number or an e-mail address."""

import re

from identity.people.phone import InvalidPhone, masked, spoken, to_e164

EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")
LONGEST_EMAIL = 254


class InvalidContact(ValueError):
    """Neither a phone number nor an e-mail address. `code` is "email" or a code of InvalidPhone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal(text: str) -> str:
    """What was typed, as it is stored: `0901 234 567` -> `+84901234567`, `An@Example.VN` -> `an@example.vn`.

    Raises InvalidContact.
    """
    typed = text.strip()
    if "@" in typed:
        if not EMAIL.fullmatch(typed) or len(typed) > LONGEST_EMAIL:
            raise InvalidContact("email")
        return typed.lower()
    try:
        return to_e164(typed)
    except InvalidPhone as invalid:
        raise InvalidContact(invalid.code) from None


def is_email(contact: str) -> bool:
    """Whether a stored contact is an e-mail address; else it is a phone number."""
    return "@" in contact


def shown(contact: str) -> str:
    """As people write it."""
    return contact if is_email(contact) else spoken(contact)


def hidden(contact: str) -> str:
    """Enough for the owner to recognise it: `a***@example.vn`, `******4567`."""
    if not is_email(contact):
        return masked(contact)
    name, _at, host = contact.partition("@")
    return f"{name[0]}***@{host}"
