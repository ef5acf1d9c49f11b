"""The promise: a worker killed in the middle, or a broker that forgot everything, delays cases and never loses or doubles them."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import redis
from django.conf import settings

from identity.people.models import Person
from portal.kit import clock
from services.cases import actions, queries, tasks
from services.cases.models import Case, CaseDocument, CaseEvent, WorkItem
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.notices.models import Notice
from tests import walk
from tests.city import seed_city
from tests.workers import kill, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
CASES = 8
PATIENCE = 120


@pytest.fixture
def cases(transactional_db: None) -> list[Case]:
    seed_city()
    version = Procedure.objects.select_related("current").get(code="1.013225").current
    assert version is not None
    agency = catalogue.agencies_for(version).order_by("pk").first()
    assert agency is not None
    person = Person.objects.filter(kind="resident").order_by("pk")[0]
    return [actions.file(walk.draft(person, version, agency), person) for _ in range(CASES)]


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def sweep() -> None:
    """What beat does every few seconds, without waiting for the grace time."""
    for case_pk in CaseEvent.objects.filter(handled_at=None).values_list("case_id", flat=True).distinct():
        tasks.handle_events.delay(case_pk)
    waiting = [IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL]
    for link_pk in CaseDocument.objects.filter(issued__state__in=waiting).values_list("pk", flat=True):
        tasks.produce_document.delay(link_pk)


def wait_until(condition: Callable[[], bool], *, sweeping: bool = True) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the workers did not come to the end"
        if sweeping:
            sweep()
        time.sleep(0.5)


def all_at(step: str, cases: list[Case]) -> Callable[[], bool]:
    return lambda: WorkItem.objects.filter(case__in=cases, step=step).count() == len(cases)


def take(cases: list[Case]) -> None:
    for item in WorkItem.objects.filter(case__in=cases, state=WorkItem.State.OPEN).select_related("office", "claimed_by"):
        walk.take_step(item)


def finished_documents(cases: list[Case], state: str) -> Callable[[], bool]:
    return lambda: CaseDocument.objects.filter(case__in=cases, issued__kind="outcome", issued__state=state).count() == len(cases)


def test_killed_workers_and_a_flushed_broker_lose_and_double_nothing(cases: list[Case]) -> None:
    keys = [step["key"] for step in cases[0].version.route]
    broker().flushdb()

    with worker() as first:
        sweep()
        wait_until(lambda: WorkItem.objects.filter(case__in=cases).exists(), sweeping=False)
        kill(first)
    broker().flushdb()

    with worker() as second:
        wait_until(all_at(keys[0], cases))
        take(cases)
        wait_until(lambda: IssuedDocument.objects.exclude(sha256="").exists())
        kill(second)
    broker().flushdb()

    with worker() as third:
        for _ in range(len(keys)):
            if not WorkItem.objects.filter(case__in=cases, state=WorkItem.State.OPEN).exclude(kind="sign").exists():
                break
            wait_until(lambda: not CaseEvent.objects.filter(case__in=cases, handled_at=None).exists())
            for item in (
                WorkItem.objects.filter(case__in=cases, state=WorkItem.State.OPEN)
                .exclude(kind="sign")
                .select_related("office", "claimed_by")
            ):
                walk.take_step(item)
            wait_until(lambda: not CaseEvent.objects.filter(case__in=cases, handled_at=None).exists())
        take(cases)
        wait_until(lambda: IssuedDocument.objects.filter(kind="outcome", state="signed").exists())
        kill(third)
    broker().flushdb()

    with worker():
        wait_until(finished_documents(cases, "signed"))
        wait_until(all_at(keys[6], cases))
        take(cases)
        wait_until(finished_documents(cases, "issued"))
        wait_until(all_at(keys[7], cases))
        take(cases)
        wait_until(lambda: not CaseEvent.objects.filter(handled_at=None).exists())

    for case in Case.objects.filter(pk__in=[case.pk for case in cases]):
        assert case.state == Case.State.RETURNED
        assert sorted(case.work_items.values_list("step", flat=True)) == sorted(keys)
        assert queries.chain_is_intact(case)
        for action in ("file", "accept", "begin", "sign", "document_signed", "seal", "complete", "hand_over"):
            assert case.events.filter(action=action).count() == 1, action
        assert case.documents.count() == 2
    told = Notice.objects.filter(person=cases[0].applicant).values_list("key", flat=True)
    assert len(told) == len(set(told))
    numbers = IssuedDocument.objects.filter(kind="outcome").values_list("number", flat=True)
    assert len(set(numbers)) == CASES


def test_what_was_not_handled_is_found_by_the_sweeper(cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sorted(queries.cases_with_unhandled_events()) == sorted(case.pk for case in cases)
