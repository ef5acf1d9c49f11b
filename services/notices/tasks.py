"""Workers' doors of notices."""

from celery import shared_task

from services.notices import actions, queries


@shared_task(name=actions.DELIVER_TASK)
def deliver(pk: int) -> None:
    """Send one notice; a repeat does nothing."""
    actions.deliver(pk)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Send what a lost message, a killed worker or a failing channel left waiting."""
    for pk in queries.waiting():
        deliver.delay(pk)
