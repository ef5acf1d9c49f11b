"""A mandate is taken back at the moment of filing: either it was filed before, or nothing is filed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from identity.people import actions as people
from identity.people.models import Mandate, Person
from portal.kit.refusal import Refused
from services.cases import actions
from services.cases.behalf import Behalf, Principal
from services.cases.models import Case, CaseEvent
from services.catalogue import queries as catalogue
from tests import walk
from tests.city import seed_city

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


def test_filing_and_taking_back_at_once() -> None:
    seed_city()
    version = catalogue.version_of("2.002481")
    agent, grantor = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[:2]
    for _ in range(6):
        mandate = people.grant_mandate(grantor, agent_number=agent.personal_number or "", agent_name=agent.full_name)
        draft = walk.draft(agent, version, catalogue.agencies_for(version)[0])
        case = actions.represent(draft, agent, Principal(Behalf.PERSON), mandate=mandate.pk)
        start = Barrier(2)

        def file(case: Case = case, start: Barrier = start) -> str:
            start.wait()
            try:
                return actions.file(case, agent).number or ""
            except Refused as refused:
                return refused.code
            finally:
                connection.close()

        def revoke(pk: int = mandate.pk, start: Barrier = start) -> None:
            start.wait()
            try:
                people.revoke_mandate(grantor, pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            done, _ended = pool.submit(file), pool.submit(revoke)
        case.refresh_from_db()
        mandate.refresh_from_db()
        assert mandate.state == Mandate.State.REVOKED
        assert mandate.revoked_at is not None
        if case.state == Case.State.DRAFT:
            assert done.result() == "case.incomplete"
        else:
            assert done.result() == case.number
            assert CaseEvent.objects.get(case=case, action="file").at <= mandate.revoked_at
