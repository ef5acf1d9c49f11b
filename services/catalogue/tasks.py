"""Workers' doors of the catalogue."""

from celery import shared_task

from services.catalogue import actions


@shared_task(name="catalogue.start_due_versions")
def start_due_versions() -> None:
    """Put the versions in force whose first day has come. Runs at midnight and every hour after; a repeat does nothing."""
    actions.start_due_versions()
