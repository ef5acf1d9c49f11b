"""RULE: answers of several parts: a bank account, an identity paper, a signed declaration."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.forms import lists
from services.forms.cleaning import codes
from services.forms.cleaning.common import Wrong, WrongParts, compact, one_line, typed
from services.forms.cleaning.dates import read_date
from services.forms.cleaning.words import capitals
from services.forms.fields import Field
from services.forms.kinds import Kind
from services.forms.language import day_of
from services.forms.wording import Complaint, part_label

ACCOUNT = re.compile(r"[0-9A-Z]{4,19}")
ISSUER_LENGTH = 200
TICKED = frozenset({"on", "yes", "true", "1"})


def _text(given: Any, name: str) -> str:
    value = given.get(name) if isinstance(given, Mapping) else None
    return typed("" if value is None else value, "not_text")


def _missing(one: Field, name: str) -> Complaint:
    return Complaint("missing_part_choice" if name in {"bank", "type"} else "missing_text", label=part_label(one.kind, name))


class _Parts:
    """The parts that are good, and complaints about the others."""

    def __init__(self, one: Field, given: Any) -> None:
        self.one = one
        self.given = given
        self.found: dict[str, Any] = {}
        self.complaints: dict[str, Complaint] = {}

    def read(self, name: str, read: Any) -> None:
        """Keep what `read` makes of the part."""
        try:
            text = _text(self.given, name)
            if not text:
                raise WrongParts({name: _missing(self.one, name)})
            self.found[name] = read(text)
        except Wrong as wrong:
            self.complaints[name] = wrong.complaint

    def kept(self) -> dict[str, Any]:
        """All of it. Raises WrongParts."""
        if self.complaints:
            raise WrongParts(self.complaints)
        return self.found


def _one_of(kind: Kind, part: str, text: str) -> str:
    if text not in (lists.values_of(kind, part) or ()):
        raise Wrong("not_choice")
    return text


def bank_account(one: Field, given: Any, today: date) -> dict[str, str]:
    """A bank of the list, the number of an account there, and its holder as banks write names."""
    parts = _Parts(one, given)
    parts.read("bank", lambda text: _one_of(Kind.BANK_ACCOUNT, "bank", text))
    parts.read("number", _account)
    parts.read("holder", capitals)
    return parts.kept()


def _account(text: str) -> str:
    number = compact(text).upper()
    if not ACCOUNT.fullmatch(number) or not any(map(str.isdigit, number)):
        raise Wrong("not_account")
    return number


def identity_document(one: Field, given: Any, today: date) -> dict[str, str]:
    """An identity paper; the form of its number depends on its kind."""
    parts = _Parts(one, given)
    parts.read("type", lambda text: _one_of(Kind.IDENTITY_DOCUMENT, "type", text))
    parts.read("number", lambda text: _paper_number(one, text, str(parts.found.get("type", "")), today))
    value = given.get("issued_on") if isinstance(given, Mapping) else None
    try:
        if value is None or value == "" or (isinstance(value, Mapping) and not any(value.values())):
            raise Wrong("missing_text", label=part_label(one.kind, "issued_on"))
        issued = read_date(value)
        if issued > today:
            raise Wrong("date_in_future")
        parts.found["issued_on"] = issued.isoformat()
    except Wrong as wrong:
        parts.complaints["issued_on"] = wrong.complaint
    parts.read("issued_by", _issuer)
    return parts.kept()


def _issuer(text: str) -> str:
    if len(text) > ISSUER_LENGTH:
        raise Wrong("too_long", most=ISSUER_LENGTH, count=len(text))
    return text


def _paper_number(one: Field, text: str, kind: str, today: date) -> str:
    if kind == "identity_card":
        return codes.personal_number(one, text, today)
    if kind == "passport":
        return codes.passport_number(one, text, today)
    number = compact(text).upper()
    if kind == "old_identity_card":
        if not re.fullmatch(r"[0-9]{9}", number):
            raise Wrong("not_old_identity_card")
        return number
    if not re.fullmatch(r"[0-9A-ZĐ/]{3,30}", number):
        raise Wrong("not_paper_number")
    return number


def declaration(one: Field, given: Any, today: date) -> dict[str, str]:
    """The name typed as a signature, and the day it was typed. What was signed on an earlier day keeps its day."""
    if not isinstance(given, Mapping):
        raise Wrong("not_agreed")
    signed = day_of(given.get("day"))
    agreed = given.get("agreed")
    ticked = agreed is True or (isinstance(agreed, str) and agreed.lower() in TICKED) or (signed is not None and signed <= today)
    name = one_line(given["name"]) if isinstance(given.get("name"), str) else ""
    complaints = {}
    if not ticked:
        complaints["agreed"] = Complaint("not_agreed")
    if not name:
        complaints["name"] = Complaint("missing_signature")
    elif len(name) > one.max_length:
        complaints["name"] = Complaint("too_long", most=one.max_length, count=len(name))
    if complaints:
        raise WrongParts(complaints)
    return {"name": name, "day": (signed if signed is not None and signed <= today else today).isoformat()}
