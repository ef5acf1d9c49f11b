"""RULE: whether a mandate lets its agent file on a day, and whether an application made under it needs a proof.

Điều 134–141 Bộ luật Dân sự 2015: one acts for another by law, by the charter of a legal entity, or by authorisation; an
authorisation ends with its last day or when it is taken back, and covers what it was given for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = timedelta(days=5 * 366)
"""A grant is for five years at most; then it is given anew."""


class Bar(StrEnum):
    """Why a mandate does not hold."""

    REVOKED = "revoked"
    NOT_YET = "not_yet"
    ENDED = "ended"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate says: from which day, to which day inclusive, for which procedures; none named: all."""

    revoked: bool
    starts_on: date
    ends_on: date | None
    procedures: Collection[str]


def bar(terms: Terms, code: str, day: date) -> Bar | None:
    """What keeps the agent from filing this procedure on that day; None when nothing does."""
    if terms.revoked:
        return Bar.REVOKED
    if day < terms.starts_on:
        return Bar.NOT_YET
    if terms.ends_on is not None and day > terms.ends_on:
        return Bar.ENDED
    if terms.procedures and code not in terms.procedures:
        return Bar.SCOPE
    return None


def needs_proof(*, granted: bool, basis: str) -> bool:
    """Whether a paper must show the mandate.

    Not where it was granted in the portal, and not of the legal representative of a business: the business register names them,
    and what a national database holds is not asked for again (Nghị quyết 66.7/2025/NQ-CP).
    """
    return not granted and basis != "legal_representative"
