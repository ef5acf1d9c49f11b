"""The promise: moving cases and working on them at the same moment lose and double nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier

import pytest
from django.db import connection

from identity.offices import actions as offices
from identity.offices.models import Office
from identity.people.models import Person
from services.cases import actions, queries, routing
from services.cases.models import Case, WorkItem
from services.catalogue import actions as catalogue_actions
from services.catalogue import queries as catalogue
from tests import walk
from tests.city import seed_city

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]
CASES = 6


def test_officials_finish_steps_while_two_workers_move_the_cases() -> None:
    seed_city()
    version = catalogue.version_of("1.013225")
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    editor = Person.objects.create_user(username="bientap.thu", full_name="Đỗ Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(editor, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    cases = [actions.file(walk.draft(resident, version, catalogue.agencies_for(version)[0]), resident) for _ in range(CASES)]
    items = []
    for case in cases:
        walk.work(case)
        walk.take_step(walk.next_step(case))
        walk.work(case)
        items.append(walk.next_step(case))
    content = deepcopy(catalogue.content_of(version))
    content["route"][2]["title"] = "Thẩm định theo quy trình mới"
    newer = catalogue_actions.publish(content)
    move = actions.start_move(editor, version, newer, "Quy trình mới")
    start = Barrier(3)

    def officials() -> None:
        start.wait(timeout=20)
        for item in items:
            walk.take_step(item)
            actions.handle_events(item.case_id)

    def worker() -> None:
        start.wait(timeout=20)
        while actions.move_cases(move.pk, most=2):
            pass

    def in_a_thread(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(in_a_thread, [officials, worker, worker]))
    while actions.move_cases(move.pk):
        pass
    move.refresh_from_db()
    assert (move.state, move.moved, move.left) == ("done", CASES, 0)
    for case in Case.objects.filter(pk__in=[case.pk for case in cases]):
        walk.work(case)
        assert case.version_id == newer.pk
        assert case.events.filter(action="move_version").count() == 1
        assert case.events.filter(action="finish").count() == 1
        assert queries.chain_is_intact(case)
        following = routing.after(routing.route(newer.route), items[0].step, [], case.answers)
        assert set(case.work_items.filter(state=WorkItem.State.OPEN).values_list("step", flat=True)) == {
            step.key for step in following
        }
