"""Workers' doors of notices."""

from celery import shared_task

from services.notices import actions, queries


@shared_task(name=actions.PACK_TASK)
def pack(person_pk: int) -> None:
    """Put what a person is to be told into deliveries; a repeat does nothing."""
    actions.pack(person_pk)


@shared_task(name=actions.DELIVER_TASK)
def deliver(pk: int) -> None:
    """Send one delivery; a repeat does nothing."""
    actions.deliver(pk)


@shared_task(name=actions.CODE_TASK)
def deliver_code(pk: int) -> None:
    """Send a code, in the queue that nothing else fills."""
    actions.deliver(pk)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Pack what has waited long enough; send what a lost message, a killed worker or a failing channel left waiting."""
    for person_pk in queries.due_people():
        pack.delay(person_pk)
    for pk, is_code in queries.waiting():
        (deliver_code if is_code else deliver).delay(pk)


@shared_task(name="notices.forget_codes")
def forget_codes() -> None:
    """Remove what is left of codes sent more than a week ago."""
    actions.forget_codes()
