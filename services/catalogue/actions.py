"""The only writer of procedures and their versions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from portal.kit.refusal import Refused
from services.catalogue.lexemes import lexemes
from services.catalogue.models import Domain, Procedure, Version
from services.catalogue.shapes import Problem, problems

FACTS = (
    "name",
    "level",
    "agency_name",
    "agency_function",
    "audience",
    "decision",
    "limit_value",
    "limit_unit",
    "limit_text",
    "same_day",
    "channels",
    "fees",
    "circumstances",
    "documents",
    "form",
    "route",
    "outcome",
    "steps_text",
    "conditions",
    "legal_basis",
    "result_name",
    "result_code",
    "source",
    "is_demo",
)
"""The columns of a version that its publisher writes; together they are its content."""


class Unpublishable(Refused):
    """The version has problems; `problems` lists those that stop it."""

    def __init__(self, found: list[Problem]) -> None:
        lines = "\n".join(f"{problem.place}: {_(problem.message) % problem.values}" for problem in found)
        super().__init__("catalogue.invalid", _("This version cannot be published yet:") + "\n" + lines, status=422)
        self.problems = found


@transaction.atomic
def publish(raw: Mapping[str, Any]) -> Version:
    """Publish a version: columns of `Version` with `code` and `domain` {slug, name, position}.

    The same content again gives the version that is current; other content gets the next number and becomes current,
    while cases stay on the version they were filed under. Raises Unpublishable, with all problems, before anything is written.
    """
    stopping = [problem for problem in problems(raw) if not problem.warning]
    if stopping:
        raise Unpublishable(stopping)
    domain = _domain(raw["domain"])
    Procedure.objects.get_or_create(code=raw["code"], defaults={"domain": domain})
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("current").get(code=raw["code"])
    content = {fact: raw[fact] for fact in FACTS if fact in raw}
    version = procedure.current if procedure.current and _says(procedure.current, content) else _next(procedure, content)
    _set_search(procedure, version, domain)
    procedure.current, procedure.domain = version, domain
    procedure.save(update_fields=["current", "domain", "search"])
    return version


def _domain(raw: Mapping[str, Any]) -> Domain:
    domain, _created = Domain.objects.update_or_create(
        slug=raw["slug"], defaults={"name": raw["name"], "position": raw.get("position", 0)}
    )
    return domain


def _says(version: Version, content: Mapping[str, Any]) -> bool:
    """Whether the version has exactly this content; facts that are not given have their defaults."""
    given = Version(**content)
    return all(getattr(version, fact) == getattr(given, fact) for fact in FACTS)


def _next(procedure: Procedure, content: Mapping[str, Any]) -> Version:
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(procedure=procedure, number=last + 1, **content)


def _set_search(procedure: Procedure, version: Version, domain: Domain) -> None:
    procedure.search = _vector(lexemes(procedure.code, version.name, version.result_name, domain.name))


def _vector(found: Iterable[str]) -> RawSQL:
    """The lexemes as they are: PostgreSQL's own parser would take syllable pairs apart again."""
    return RawSQL("array_to_tsvector(%s)", (sorted(set(found)),))


def count_filing(procedure_id: int) -> None:
    """One more case was filed; ranks the search."""
    Procedure.objects.filter(pk=procedure_id).update(filings=F("filings") + 1)
