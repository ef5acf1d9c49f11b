"""Versions come into being and into force."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Max
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue.content import FACTS
from services.catalogue.lexemes import lexemes
from services.catalogue.models import Domain, Procedure, Version
from services.catalogue.queries.versions import due, first_day
from services.catalogue.shapes import Problem, problems

log = structlog.get_logger(__name__)


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
    domain, _created = Domain.objects.update_or_create(
        slug=raw["domain"]["slug"], defaults={"name": raw["domain"]["name"], "position": raw["domain"].get("position", 0)}
    )
    procedure = _locked(raw["code"], domain)
    content = _facts(raw)
    version = procedure.current if procedure.current and _says(procedure.current, content) else _next(procedure, content)
    _put_in_force(procedure, version, domain)
    return version


def publish_reviewed(raw: Mapping[str, Any], *, edited_by: Person | None, approved_by: Person, starts_on: date | None) -> Version:
    """The next version of a procedure, from sound content that two people have seen; in force at once or from `starts_on`.

    Call it inside a transaction. A field of law that exists keeps its name.
    """
    domain, _created = Domain.objects.get_or_create(
        slug=raw["domain"]["slug"], defaults={"name": raw["domain"]["name"], "position": raw["domain"].get("position") or 0}
    )
    procedure = _locked(raw["code"], domain)
    later = starts_on if starts_on and starts_on > clock.today() else None
    version = _next(procedure, _facts(raw), edited_by=edited_by, approved_by=approved_by, starts_on=later)
    if later is None:
        _put_in_force(procedure, version, domain)
    return version


def start_due_versions(today: date | None = None) -> int:
    """Put the versions in force whose first day has come; how many. A repeat does nothing."""
    day = today or clock.today()
    started = 0
    for procedure_id in due(day).values_list("procedure_id", flat=True).order_by("procedure_id").distinct():
        with transaction.atomic():
            procedure = Procedure.objects.select_for_update(of=("self",)).select_related("current", "domain").get(pk=procedure_id)
            waiting = due(day).filter(procedure=procedure).select_related("draft")
            version = max(waiting, key=lambda one: (first_day(one), one.number), default=None)
            if version is None:
                continue
            _put_in_force(procedure, version, Domain.objects.get(slug=version.draft.content["domain"]["slug"]))
            started += 1
            log.info("version_in_force", code=procedure.code, number=version.number)
    return started


def count_filing(procedure_id: int) -> None:
    """One more case was filed; ranks the search."""
    Procedure.objects.filter(pk=procedure_id).update(filings=F("filings") + 1)


def _locked(code: str, domain: Domain) -> Procedure:
    """The procedure, made where there is none, so that nobody else publishes it meanwhile."""
    Procedure.objects.get_or_create(code=code, defaults={"domain": domain})
    return Procedure.objects.select_for_update(of=("self",)).select_related("current").get(code=code)


def _facts(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: raw[fact] for fact in FACTS if fact in raw}


def _says(version: Version, content: Mapping[str, Any]) -> bool:
    """Whether the version has exactly this content; facts that are not given have their defaults."""
    given = Version(**content)
    return all(getattr(version, fact) == getattr(given, fact) for fact in FACTS)


def _next(procedure: Procedure, content: Mapping[str, Any], **who: Any) -> Version:
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(procedure=procedure, number=last + 1, **content, **who)


def _put_in_force(procedure: Procedure, version: Version, domain: Domain) -> None:
    procedure.current, procedure.domain, procedure.life_events = version, domain, version.life_events
    procedure.search = _vector(lexemes(procedure.code, version.name, version.result_name, domain.name))
    procedure.save(update_fields=["current", "domain", "search", "life_events"])


def _vector(found: Iterable[str]) -> RawSQL:
    """The lexemes as they are: PostgreSQL's own parser would take syllable pairs apart again."""
    return RawSQL("array_to_tsvector(%s)", (sorted(set(found)),))
