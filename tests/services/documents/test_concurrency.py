"""Several workers and clerks at once: one result per document, no number twice and none skipped."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from django.db import connection, transaction

from identity.offices.models import Office
from identity.people.models import Person
from services.documents import actions
from services.documents.models import IssuedDocument
from tests.services.documents.conftest import CERTIFICATE

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 11, 21)


def test_two_workers_make_a_document_once(outcome: IssuedDocument) -> None:
    done: list[int] = []

    def work(_: int) -> bool:
        try:
            return actions.draw_up(outcome.pk, lambda document: done.append(document.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(4)))
    assert answers.count(True) == 1
    assert done == [outcome.pk]


def test_numbers_run_from_one_without_gaps(outcome: IssuedDocument, leader: Person) -> None:
    documents = [
        actions.request_document(
            kind="outcome",
            template="outcome_certificate",
            title="Giấy phép",
            case_number=f"H29.12-261121-{number:04d}",
            office=outcome.office,
            data=CERTIFICATE,
            signer=leader,
        )
        for number in range(24)
    ]

    def number(document: IssuedDocument) -> str | None:
        try:
            with transaction.atomic():
                taken = actions.take_number(document, document.office, "GPXD-UBND", ON)
                if document.case_number.endswith(("5", "7")):
                    raise RuntimeError
                return taken
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = sorted(text for text in pool.map(number, documents) if text)
    assert taken == sorted(f"{value:02d}/GPXD-UBND" for value in range(1, len(taken) + 1))
    assert len(taken) == 20


def test_each_year_symbol_and_office_has_its_own_book(outcome: IssuedDocument, leader: Person) -> None:
    def next_number(symbol: str, on: date) -> str:
        document = actions.request_document(
            kind="outcome",
            template="outcome_certificate",
            title="Giấy phép",
            case_number="x",
            office=outcome.office,
            data=CERTIFICATE,
            signer=leader,
        )
        with transaction.atomic():
            return actions.take_number(document, outcome.office, symbol, on)

    assert next_number("GPXD-UBND", date(2026, 12, 31)) == "01/GPXD-UBND"
    assert next_number("GPXD-UBND", date(2026, 12, 31)) == "02/GPXD-UBND"
    assert next_number("QĐ-UBND", date(2026, 12, 31)) == "01/QĐ-UBND"
    assert next_number("GPXD-UBND", date(2027, 1, 1)) == "01/GPXD-UBND"


def test_documents_asked_for_at_once_are_numbered_without_gaps(ward: Office) -> None:
    """Six workers, five documents each; every fifth transaction is rolled back, and its number goes to the next one."""

    def ask(worker: int) -> None:
        try:
            for turn in range(5):
                with suppress(RuntimeError), transaction.atomic():
                    actions.request_document(
                        kind="supplement",
                        template="supplement",
                        title="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
                        case_number=f"H29.12-261121-{worker:02d}{turn:02d}",
                        office=ward,
                        data={},
                        symbol="PBS-UBND",
                    )
                    if turn == worker % 5:
                        raise RuntimeError
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(6)))
    numbers = sorted(int(number.split("/")[0]) for number in IssuedDocument.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 25))
