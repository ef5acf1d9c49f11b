"""Figures worked out ahead, so that pages need not."""

from services.catalogue import actions as catalogue
from services.reports import queries


def measure_turnaround() -> int:
    """Work out how long recent cases of each procedure took; how many procedures have figures now."""
    measured = queries.recent_turnaround()
    catalogue.record_turnaround(measured)
    return len(measured)
