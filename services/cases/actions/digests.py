"""The morning's summary for officials for whom something waits."""

from datetime import time

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from portal.kit import clock
from portal.kit.outbox import after_commit
from services.cases.queries import digests
from services.notices import actions as notices
from services.notices import queries as told

DIGEST_TASK = "cases.send_digests"
SENT_FROM, SENT_UNTIL = time(7, 30), time(8, 30)
"""Beat asks several times; a morning on which it was down for longer goes without."""


@transaction.atomic
def send_digests(after: int = 0) -> int:
    """Send the summary to the next officials by key, each once a day on a working day of theirs; goes on by itself until none is left.

    Returns how many were sent now.
    """
    if not SENT_FROM <= clock.local(clock.now()).time() < SENT_UNTIL:
        return 0
    found = digests.officials_with_work(after)
    if len(found) == digests.BATCH:
        after_commit(DIGEST_TASK, found[-1].pk)
    keys = {person.pk: f"digest-{person.pk}-{clock.today():%Y%m%d}" for person in found}
    had = told.queued_keys(keys.values())
    working = digests.at_work_today(keys)
    wanted = [person for person in found if keys[person.pk] not in had and person.pk in working]
    mornings = digests.mornings([person.pk for person in wanted]) if wanted else {}
    for person in wanted:
        morning = mornings[person.pk]
        notices.queue(
            key=keys[person.pk],
            person=person,
            event="digest",
            values={
                "day": f"{clock.today():%d/%m/%Y}",
                "overdue": str(morning.overdue),
                "due_today": str(morning.due_today),
                "unclaimed": str(morning.unclaimed),
                "of_absent": str(morning.of_absent),
                "messages": str(morning.messages),
                "url": settings.SITE_URL + reverse("queue"),
            },
        )
    return len(wanted)
