"""Versions of a procedure: which is in force, which is coming, and what was written in each."""

from datetime import date
from typing import Any

from django.db.models import DateField, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from portal.kit import clock
from services.catalogue.content import FACTS, of_facts
from services.catalogue.models import Procedure, ProcedureChange, Version


def content_of(version: Version) -> dict[str, Any]:
    """The content of a version, as a draft holds it."""
    domain = version.procedure.domain
    facts = {fact: getattr(version, fact) for fact in FACTS}
    return of_facts(version.procedure.code, {"slug": domain.slug, "name": domain.name, "position": domain.position}, facts)


def versions_of(code: str) -> list[Version]:
    """Every version of a procedure, the newest first."""
    return list(
        Version.objects.filter(procedure__code=code).select_related("procedure", "edited_by", "approved_by").order_by("-number")
    )


def version(code: str, number: int) -> Version:
    """One version of a procedure, current or not. Raises Version.DoesNotExist."""
    found = Version.objects.select_related("procedure__domain", "edited_by", "approved_by")
    return found.get(procedure__code=code, number=number)


def first_day(version: Version) -> date:
    """The first day on which one files under the version."""
    return version.starts_on or clock.local(version.published_at).date()


def upcoming(procedure: Procedure, today: date | None = None) -> Version | None:
    """The next version that is published and not yet in force."""
    later = procedure.versions.filter(starts_on__gt=today or clock.today())
    return later.defer("form", "route", "outcome", "documents").order_by("starts_on", "-number").first()


def due(today: date) -> QuerySet[Version]:
    """Versions whose first day has come and is later than that of the version in force; of one day, the later number."""
    in_force = Coalesce(
        "procedure__current__starts_on",
        TruncDate("procedure__current__published_at", tzinfo=clock.HERE),
        output_field=DateField(),
    )
    newer = Q(starts_on__gt=F("in_force")) | Q(starts_on=F("in_force"), number__gt=F("procedure__current__number"))
    return Version.objects.filter(starts_on__lte=today).alias(in_force=in_force).filter(newer | Q(procedure__current=None))


def is_retired(procedure: Procedure, today: date | None = None) -> bool:
    """Whether the procedure can no longer be filed on that day, which is today where none is given."""
    return procedure.retired_on is not None and procedure.retired_on <= (today or clock.today())


def changes_of_procedure(procedure: Procedure) -> list[ProcedureChange]:
    """When the procedure was ended or its ending taken back, the newest first."""
    return list(procedure.changes.select_related("by", "replaced_by").order_by("-pk"))
