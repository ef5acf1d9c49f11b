"""From request to sealed file: states, signatures, repetition, failure."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.documents import actions, checking, keyring, pdf, queries, signing
from services.documents.models import IssuedDocument

pytestmark = pytest.mark.django_db
State = IssuedDocument.State


def content(document: IssuedDocument) -> bytes:
    with queries.open_file(document) as file:
        return file.read()


def issue(document: IssuedDocument, clerk: Person) -> IssuedDocument:
    assert actions.draw_up(document.pk)
    document.refresh_from_db()
    actions.take_number(document, document.office, document.data["symbol"], date(2026, 11, 21))
    actions.request_seal(document, clerk)
    assert actions.seal(document.pk)
    document.refresh_from_db()
    return document


def test_an_outcome_carries_two_good_signatures(outcome: IssuedDocument, clerk: Person) -> None:
    document = issue(outcome, clerk)
    assert document.state == State.ISSUED
    assert document.number == "01/GPXD-UBND"
    findings = checking.check(content(document), keyring.trust())
    assert [finding.field for finding in findings] == [signing.PERSON_FIELD, signing.AGENCY_FIELD]
    assert all(finding.good and finding.signed_at for finding in findings)
    assert (findings[0].name, findings[0].title) == ("Lê Hoàng Phúc", "Chủ tịch")
    assert findings[1].name == "Ủy ban nhân dân phường Bến Thành"
    assert [entry["name"] for entry in document.signatures] == ["Lê Hoàng Phúc", "Ủy ban nhân dân phường Bến Thành"]
