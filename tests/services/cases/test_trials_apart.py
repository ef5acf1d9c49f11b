"""The promise: real work at the same office goes on while a trial is under way, and takes the numbers the trial did not use."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from identity.people.models import Person
from services.cases import actions, trying
from services.cases.actions import trial_walk
from services.cases.models import Case
from services.catalogue import actions as catalogue_actions
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure
from services.forms.definition import parse
from tests import walk
from tests.city import seed_city

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


def test_a_case_is_filed_handled_and_published_over_while_a_trial_holds_its_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    seed_city()
    version = catalogue.version_of("1.013225")
    agency = catalogue.agencies_for(version)[0]
    resident = Person.objects.filter(kind=Person.Kind.RESIDENT).order_by("pk")[0]
    content = catalogue.content_of(version)
    finished: list[str] = []

    def real_work() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            case = actions.file(walk.draft(resident, version, agency), resident)
            walk.to_the_end(case)
            finished.append(case.number or "")
            catalogue_actions.publish({**content, "audience": "Tổ chức, cá nhân"})
        finally:
            connection.close()

    look_back = trial_walk._Trial._look_back

    def meanwhile(trial: Any) -> None:
        """The trial has sealed its outcome and holds every lock it will ever hold."""
        look_back(trial)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(real_work).result()

    monkeypatch.setattr(trial_walk._Trial, "_look_back", meanwhile)
    answers = trying.filled(parse(version.form), version.published_at.date(), agency.ward_code)({})
    report = trial_walk.walk(content, agency, version.circumstances[0]["key"], answers)
    assert report["passed"], report["failure"]
    case = Case.objects.get()
    assert [case.number] == finished
    assert finished[0].endswith("-0001")
    assert walk.outcome(case).number.startswith("01/")
    assert Procedure.objects.get(code="1.013225").filings == 1
