"""What pages tell of for whom a case is filed, and of what was answered before filling in."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from identity.people.models import Mandate
from services.cases import eligibility, queries
from services.cases.behalf import Behalf
from services.cases.behalf_wording import number_label
from services.cases.models import Case


@dataclass(frozen=True, slots=True)
class Representation:
    """Whom somebody files for, and by which right; `granted`: the represented person granted it here."""

    name: str
    number: str
    number_label: str
    basis: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """One question that was asked before filling in."""

    question: str
    text: str
    fits: bool


def representation(case: Case) -> Representation | None:
    """For whom it is filed; None when for oneself, or when it has not been said yet. Up to one query."""
    if case.behalf == Behalf.SELF or not case.principal_name:
        return None
    mandate = case.mandate
    return Representation(
        name=case.principal_name,
        number=case.principal_number,
        number_label=number_label(case.behalf),
        basis=str(Mandate.Basis(queries.basis_of(case)).label),
        granted=mandate is not None and mandate.is_granted,
    )


def answered(case: Case) -> list[Answered]:
    """What was answered before filling in, in the order of the version; empty where nothing was asked."""
    given = (case.provenance.get(queries.FITS) or {}).get("answers") or {}
    if not given:
        return []
    verdict = eligibility.judge(eligibility.questions(case.version.eligibility), given)
    return [
        Answered(one.question, _("Yes") if given[one.key] else _("No"), given[one.key] == one.needed)
        for one in verdict.asked
        if one.key in given
    ]


def represented(case: Case) -> dict[str, Any]:
    """Both, for a template."""
    return {"representation": representation(case), "eligibility": answered(case)}
