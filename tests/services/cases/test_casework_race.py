"""Two officials press the same button at the same moment: one has the work, the other is told who."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from identity.offices import actions as offices
from identity.people.models import Person
from services.cases import actions
from services.cases.models import CaseEvent
from services.catalogue import queries as catalogue
from tests import walk
from tests.city import seed_city

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


def test_one_of_two_claims_wins() -> None:
    seed_city()
    version = catalogue.version_of("1.013225")
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    case = actions.file(walk.draft(resident, version, catalogue.agencies_for(version)[0]), resident)
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    rivals = [Person.objects.create_user(None, kind="official", username=f"doithu{n}", full_name=f"Đối Thủ {n}") for n in (1, 2)]
    clients = []
    for rival in rivals:
        offices.appoint(rival, item.office, "Công chức", ["receive"])
        client = Client()
        client.force_login(rival)
        clients.append(client)
    start = Barrier(2)

    def press(client: Client) -> str:
        try:
            start.wait(timeout=20)
            return client.post(reverse("work_claim", args=[item.pk]), follow=True).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, clients))
    item.refresh_from_db()
    winner = item.claimed_by
    assert winner in rivals
    assert CaseEvent.objects.filter(case=case, action="claim").count() == 1
    loser = pages[1 - rivals.index(winner)]
    assert f"{winner.full_name} đang xử lý việc này" in loser
    assert "Tiếp nhận hồ sơ" in pages[rivals.index(winner)]
