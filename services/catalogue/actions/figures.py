"""Figures about procedures that workers measure."""

from collections.abc import Iterable

from django.db import transaction

from portal.kit import clock
from services.catalogue.models import Turnaround
from services.catalogue.pace import Measured


@transaction.atomic
def record_turnaround(measured: Iterable[Measured]) -> None:
    """Keep the newest figures; procedures that are not named any more have none."""
    now = clock.now()
    rows = [
        Turnaround(
            procedure_id=one.procedure_id,
            cases=one.cases,
            median_minutes=one.median_minutes,
            ninetieth_minutes=one.ninetieth_minutes,
            on_time=one.on_time,
            since=one.since,
            measured_at=now,
        )
        for one in measured
    ]
    Turnaround.objects.exclude(procedure__in=[row.procedure_id for row in rows]).delete()
    Turnaround.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["procedure"],
        update_fields=["cases", "median_minutes", "ninetieth_minutes", "on_time", "since", "measured_at"],
    )
