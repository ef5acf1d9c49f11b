"""What workers left undone, for the sweepers."""

from datetime import timedelta

from django.db.models import Q

from portal.kit import clock
from services.cases import keeping
from services.cases.models import Case, CaseDocument, CaseEvent
from services.documents.models import IssuedDocument

GRACE = timedelta(seconds=10)
BATCH = 500


def cases_with_unhandled_events() -> list[int]:
    """Keys of cases with an event older than ten seconds that no worker handled; up to 500 events at a time."""
    stale = CaseEvent.objects.filter(handled_at=None, at__lt=clock.now() - GRACE).order_by("id")[:BATCH]
    return list(dict.fromkeys(stale.values_list("case_id", flat=True)))


def documents_waiting() -> list[int]:
    """Keys of case documents that were asked for and are not drawn up or sealed; each failure doubles the wait, to an hour."""
    now = clock.now()
    waiting = (
        CaseDocument.objects.filter(
            issued__state__in=[IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL], issued__requested_at__lt=now - GRACE
        )
        .order_by("issued__requested_at")
        .values_list("pk", "issued__attempts", "issued__tried_at")[:BATCH]
    )
    return [
        pk
        for pk, attempts, tried_at in waiting
        if tried_at is None or now - tried_at >= min(GRACE * 2**attempts, timedelta(hours=1))
    ]


def drafts_run_out() -> list[int]:
    """Keys of drafts that nobody saved for as long as they are kept; up to 500 at a time, oldest first."""
    now = clock.now()
    old = Q(applicant__isnull=False, saved_at__lt=now - timedelta(days=keeping.days(signed_in=True)))
    old |= Q(applicant=None, saved_at__lt=now - timedelta(days=keeping.days(signed_in=False)))
    return list(Case.objects.filter(old, state=Case.State.DRAFT).order_by("saved_at", "id").values_list("pk", flat=True)[:BATCH])
