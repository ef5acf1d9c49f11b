"""RULE: for whom an application is filed, and the paper that shows the right to do so (docs/rules/mandates.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from identity.people import national_id
from services.cases.checklist import Paper

PROOF = "giay-uy-quyen"
"""Key of the paper. A procedure may have one of the same key itself; then that one becomes required."""
MOST_PROOFS = 5


class Behalf(StrEnum):
    """For whom, as the case keeps it."""

    SELF = "self"
    BUSINESS = "business"
    PERSON = "person"


class InvalidNumber(ValueError):
    """Not the number of such a principal. `code`: "person" or "business"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Principal:
    """The person or business an application is filed for, and by which right."""

    behalf: Behalf
    name: str = ""
    number: str = ""
    basis: str = ""


def tidy_number(behalf: Behalf, typed: str) -> str:
    """The personal number of a person, or the tax code of a business, as it is kept. Raises InvalidNumber."""
    number = national_id.tidy(typed)
    try:
        if behalf == Behalf.PERSON or len(number) == national_id.LENGTH:
            # Since 1 July 2025 a household business has the personal number of its owner as tax code.
            national_id.parse(number)
            return number
        return str(mst.format(mst.validate(number)))
    except (national_id.InvalidNationalId, ValidationError):
        raise InvalidNumber(behalf.value) from None


def with_proof(papers: Sequence[Paper], name: str, help_text: str) -> list[Paper]:
    """The papers of a case with the proof of the right to file: the procedure's own, now required, or one more at the end."""
    if any(paper.key == PROOF for paper in papers):
        return [replace(paper, required=True) if paper.key == PROOF else paper for paper in papers]
    proof = Paper(
        key=PROOF,
        name=name,
        help=help_text,
        required=True,
        upload=True,
        originals=0,
        copies=1,
        form_code="",
        max_files=MOST_PROOFS,
    )
    return [*papers, proof]
