"""The only reader of looks."""

from collections.abc import Sequence

from identity.trail.models import Look


def looks_at(subject: str, limit: int = 100) -> Sequence[Look]:
    """Who opened the data of a case, newest first."""
    return list(Look.objects.filter(subject=subject).select_related("viewer").order_by("-at", "-pk")[:limit])
