"""An application before its first keystroke: its choices travel signed in the address, and nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core import signing

from services.cases import guesses
from services.catalogue.models import Version

PARAMETER = "bd"
"""Name of the parameter that carries the choices."""
SALT = "services.cases.beginning"
FITS = "dk"
"""Name of the parameter that carries the answers to the questions before filing."""
FITS_SALT = "services.cases.eligibility"
SECONDS = 30 * 24 * 3600
ANONYMOUS_PER_ADDRESS = 60
ADDRESS_SECONDS = 60 * 60
"""A one-stop centre puts many people behind one network address; nobody begins sixty applications in an hour."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen on the start page; `another` says that a second draft of the procedure is meant."""

    key: UUID
    version: int
    agency: int
    circumstance: str = ""
    another: bool = False
    behalf: str = "self"
    fits: Mapping[str, bool] = field(default_factory=dict)
    """The answers to the questions before filing."""


def sign(choices: Choices) -> str:
    """The choices as a word for an address. They name nobody."""
    content = [
        str(choices.key),
        choices.version,
        choices.agency,
        choices.circumstance,
        choices.another,
        choices.behalf,
        dict(choices.fits),
    ]
    return signing.dumps(content, salt=SALT, compress=True)


def read(word: str, key: UUID) -> Choices | None:
    """The choices signed for that key; None when somebody else wrote them, or too long ago."""
    if not word:
        return None
    try:
        named, *rest = signing.loads(word, salt=SALT, max_age=SECONDS)
        choices = Choices(UUID(named), *rest)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return choices if choices.key == key else None


def sign_fits(version: Version, answers: Mapping[str, bool]) -> str:
    """The answers to the questions before filing as a word for an address."""
    return signing.dumps([version.pk, dict(answers)], salt=FITS_SALT, compress=True)


def read_fits(word: str, version: Version) -> dict[str, bool]:
    """The answers in such a word; none when it is of another version, somebody else wrote it, or too long ago."""
    try:
        known, answers = signing.loads(word, salt=FITS_SALT, max_age=SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return {}
    return dict(answers) if known == version.pk else {}


def too_many_from(address: str) -> bool:
    """Count one application begun without signing in from that network address; whether it is one too many."""
    return guesses.count_up(f"begun:address:{address}", ADDRESS_SECONDS) > ANONYMOUS_PER_ADDRESS
