"""RULE: texts: a line, several lines, a name in capitals, addresses in the net."""

import re
import unicodedata
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from services.forms.cleaning.common import SPACES, Wrong, one_line, storable, typed
from services.forms.fields import Field

EMAIL = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""An address as mail systems accept it, without the quoted and bracketed forms that people do not use."""
HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
MOST_URL = 500


def text(one: Field, given: Any, today: date) -> str:
    """One line."""
    found = typed(given, "not_text")
    if len(found) > one.max_length:
        raise Wrong("too_long", most=one.max_length, count=len(found))
    return found


def long_text(one: Field, given: Any, today: date) -> str:
    """Several lines, without spaces at their ends."""
    if not isinstance(given, str):
        raise Wrong("not_text")
    lines = [SPACES.sub(" ", line).rstrip() for line in storable(given).split("\n")]
    found = "\n".join(lines).strip()
    if len(found) > one.max_length:
        raise Wrong("too_long", most=one.max_length, count=len(found))
    return found


def capitals_name(one: Field, given: Any, today: date) -> str:
    """A name as identity papers print it: `NGUYỄN THỊ ÁNH`."""
    found = capitals(given)
    if len(found) > one.max_length:
        raise Wrong("too_long", most=one.max_length, count=len(found))
    return found


def capitals(given: Any) -> str:
    """A name in capital letters. Raises Wrong."""
    found = unicodedata.normalize("NFC", typed(given, "not_text").upper())
    # Marks of their own remain where a letter has none with the mark in it, as names of ethnic groups have.
    if not all(letter.isalpha() or unicodedata.combining(letter) or letter in " .'’-" for letter in found):
        raise Wrong("not_name")
    if not any(map(str.isalpha, found)):
        raise Wrong("not_name")
    return found


def email(one: Field, given: Any, today: date) -> str:
    """The part after @ does not tell small letters from capitals, the part before may."""
    found = typed(given, "not_email")
    if not EMAIL.fullmatch(found):
        raise Wrong("not_email")
    name, _, domain = found.rpartition("@")
    return f"{name}@{domain.lower()}"


def url(one: Field, given: Any, today: date) -> str:
    """The address of a page; `https://` is added where it was left out."""
    found = one_line(given) if isinstance(given, str) else ""
    if "://" not in found:
        found = f"https://{found}"
    try:
        parts = urlsplit(found)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise Wrong("not_url") from error
    if parts.scheme.lower() not in {"http", "https"} or " " in found or "@" in parts.netloc or not found.isascii():
        raise Wrong("not_url")
    if not HOST.fullmatch(host):
        raise Wrong("not_url")
    found = f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{found[found.index(parts.netloc) + len(parts.netloc) :]}"
    if len(found) > MOST_URL:
        raise Wrong("too_long", most=MOST_URL, count=len(found))
    return found
