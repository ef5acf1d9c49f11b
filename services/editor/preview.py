"""A draft as the public page of the procedure would show it."""

from collections.abc import Mapping
from typing import Any

from services.catalogue import page, queries
from services.catalogue.content import FACTS
from services.catalogue.models import Domain, Procedure, Version
from services.catalogue.shapes import problems
from services.editor.queries import procedure

NOT_SHOWN = frozenset({"form", "outcome", "eligibility"})
"""Parts of the content that the page does not show."""


def preview_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the template of the procedure's page needs; None while something it shows is not in order."""
    if any(not problem.warning and problem.place.partition(".")[0] not in NOT_SHOWN for problem in problems(content)):
        return None
    known = procedure(content["code"])
    domain = Domain(**{name: content["domain"][name] for name in ("slug", "name")})
    shown = known or Procedure(code=content["code"], domain=domain)
    shown.domain = domain
    version = Version(procedure=shown, number=_next_number(known), **{fact: content[fact] for fact in FACTS if fact in content})
    return page.context(shown, version)


def _next_number(known: Procedure | None) -> int:
    newest = next(iter(queries.versions_of(known.code)), None) if known else None
    return newest.number + 1 if newest else 1
