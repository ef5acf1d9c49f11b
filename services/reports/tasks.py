"""Workers' doors of the figures."""

from celery import shared_task

from services.reports import actions


@shared_task(name="reports.measure_turnaround")
def measure_turnaround() -> None:
    """Every night: how long recent cases took. Running twice gives the same."""
    actions.measure_turnaround()
