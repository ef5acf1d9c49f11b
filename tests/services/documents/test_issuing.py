"""From request to sealed file: states, signatures, repetition, being killed, failing."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from pyhanko.pdf_utils.reader import PdfFileReader

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.documents import actions, checking, keyring, queries, signing
from services.documents.models import IssuedDocument
from tests.services.documents.conftest import LETTER

pytestmark = pytest.mark.django_db
State = IssuedDocument.State
TODAY = date(2026, 11, 21)


def content(document: IssuedDocument) -> bytes:
    with queries.open_file(document) as file:
        return file.read()


def ready_to_seal(document: IssuedDocument, clerk: Person) -> IssuedDocument:
    assert actions.draw_up(document.pk)
    document.refresh_from_db()
    actions.take_number(document, document.office, document.data["symbol"], TODAY)
    return actions.request_seal(document, clerk)


@pytest.fixture
def issued(outcome: IssuedDocument, clerk: Person) -> IssuedDocument:
    ready_to_seal(outcome, clerk)
    assert actions.seal(outcome.pk)
    outcome.refresh_from_db()
    return outcome


def pdfsig(pdf: bytes, folder: Path) -> list[str]:
    """What Poppler says about each signature, without the certificates it cannot know."""
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not on this machine")
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    return [line.split(": ", 1)[1] for line in told.splitlines() if "Signature Validation:" in line]


def test_an_outcome_carries_two_good_signatures(issued: IssuedDocument) -> None:
    assert (issued.state, issued.number, issued.issued_on) == (State.ISSUED, "01/GPXD-UBND", TODAY)
    assert issued.signed_at
    assert issued.issued_at
    findings = checking.check(content(issued), keyring.trust())
    assert [finding.field for finding in findings] == [signing.PERSON_FIELD, signing.AGENCY_FIELD]
    assert all(finding.good and finding.signed_at for finding in findings)
    assert (findings[0].name, findings[0].title) == ("Lê Hoàng Phúc", "Chủ tịch")
    assert findings[1].name == "Ủy ban nhân dân phường Bến Thành"
    assert [entry["name"] for entry in issued.signatures] == ["Lê Hoàng Phúc", "Ủy ban nhân dân phường Bến Thành"]


def test_other_software_agrees(issued: IssuedDocument, tmp_path: Path) -> None:
    pdf = content(issued)
    assert pdfsig(pdf, tmp_path) == ["Signature is Valid."] * 2
    changed = bytearray(pdf)
    changed[pdf.index(b"stream\n", 4000) + 40] ^= 1
    assert "Signature is Valid." not in pdfsig(bytes(changed), tmp_path)


def test_number_and_day_are_filled_in_beside_the_first_signature(issued: IssuedDocument) -> None:
    with queries.open_file(issued) as file:
        reader = PdfFileReader(file)
        fields = {str(field.get_object()["/T"]): field.get_object() for field in reader.root["/AcroForm"]["/Fields"]}
        assert fields[signing.NUMBER_FIELD]["/V"] == "01"
        assert fields[signing.DAY_FIELD]["/V"] == "ngày 21 tháng 11 năm 2026"
        assert all("/N" in field["/AP"] and field["/F"] & 4 and "/StructParent" in field for field in fields.values())
        assert reader.xrefs.total_revisions == 3
        assert {str(signature.field_name) for signature in reader.embedded_regular_signatures} == signing.SIGNATURE_FIELDS


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5])
def test_any_changed_byte_is_noticed(issued: IssuedDocument, place: float) -> None:
    pdf = bytearray(content(issued))
    pdf[int(len(pdf) * place)] ^= 0x20
    try:
        findings = checking.check(bytes(pdf), keyring.trust())
    except checking.Unreadable:
        return
    assert not all(finding.good for finding in findings)


def test_a_signature_of_a_stranger_is_not_trusted(issued: IssuedDocument, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_STORE = str(tmp_path / "another")
    findings = checking.check(content(issued), keyring.trust())
    assert all(finding.intact and not finding.trusted for finding in findings)


def test_signatures_hold_after_the_certificates_have_run_out(issued: IssuedDocument) -> None:
    pdf, trust = content(issued), keyring.trust()
    with time_machine.travel(clock.now() + timedelta(days=365 * 4)):
        assert all(finding.good for finding in checking.check(pdf, trust))


def test_a_receipt_is_sealed_at_once_and_signed_by_nobody(receipt: IssuedDocument) -> None:
    assert actions.draw_up(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.state == State.ISSUED
    findings = checking.check(content(receipt), keyring.trust())
    assert [finding.field for finding in findings] == [signing.AGENCY_FIELD]
    assert findings[0].good


def test_doing_it_again_changes_nothing(issued: IssuedDocument) -> None:
    before = issued.sha256, issued.file.name
    assert not actions.draw_up(issued.pk)
    assert not actions.seal(issued.pk)
    issued.refresh_from_db()
    assert (issued.sha256, issued.file.name) == before


@pytest.mark.parametrize("step", [actions.draw_up, actions.seal])
def test_being_killed_with_the_file_written_only_leaves_a_file(
    step: Callable[[int], bool], outcome: IssuedDocument, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    if step is actions.seal:
        ready_to_seal(outcome, clerk)
    outcome.refresh_from_db()
    before = outcome.state
    save = default_storage.save

    def save_and_die(*arguments: Any) -> str:
        save(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", save_and_die)
        with pytest.raises(KeyboardInterrupt):
            step(outcome.pk)
    outcome.refresh_from_db()
    assert (outcome.state, outcome.attempts) == (before, 1)
    assert step(outcome.pk)
    outcome.refresh_from_db()
    assert outcome.state in {State.SIGNED, State.ISSUED}
    assert all(finding.good for finding in checking.check(content(outcome), keyring.trust()))


def test_what_follows_is_written_together_with_the_new_state(outcome: IssuedDocument) -> None:
    def fail(document: IssuedDocument) -> None:
        assert document.state == State.SIGNED
        raise RuntimeError

    with pytest.raises(RuntimeError):
        actions.draw_up(outcome.pk, fail)
    outcome.refresh_from_db()
    assert outcome.state == State.TO_SIGN
    seen: list[str] = []
    assert actions.draw_up(outcome.pk, lambda document: seen.append(document.state))
    assert seen == [State.SIGNED]


def test_a_failure_is_counted_and_tried_later_and_later(outcome: IssuedDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.waiting(10) == [outcome.pk]
    with monkeypatch.context() as patched:
        patched.setattr(actions.pdf, "draw", lambda *_, **__: 1 / 0)
        for tries in (1, 2):
            with pytest.raises(ZeroDivisionError):
                actions.draw_up(outcome.pk)
            outcome.refresh_from_db()
            assert (outcome.attempts, outcome.last_error) == (tries, "ZeroDivisionError")
    assert queries.waiting(10) == []
    with time_machine.travel(clock.now() + timedelta(seconds=41)):
        assert queries.waiting(10) == [outcome.pk]
    assert actions.draw_up(outcome.pk)
    outcome.refresh_from_db()
    assert (outcome.attempts, outcome.last_error) == (0, "")
    assert queries.waiting(10) == []


def test_bad_signatures_never_leave_the_worker(outcome: IssuedDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = signing.sign

    def spoil(*arguments: Any, **named: Any) -> bytes:
        pdf = bytearray(sign(*arguments, **named))
        pdf[pdf.index(b"stream\n", 4000) + 40] ^= 1
        return bytes(pdf)

    monkeypatch.setattr(signing, "sign", spoil)
    with pytest.raises((ValueError, checking.Unreadable)):
        actions.draw_up(outcome.pk)
    outcome.refresh_from_db()
    assert outcome.state == State.TO_SIGN


def test_nothing_is_sealed_before_it_is_signed_and_numbered(outcome: IssuedDocument, clerk: Person) -> None:
    with pytest.raises(Refused, match=r"."):
        actions.request_seal(outcome, clerk)
    actions.take_number(outcome, outcome.office, "GPXD-UBND", TODAY)
    with pytest.raises(Refused):
        actions.request_seal(outcome, clerk)
    assert not actions.seal(outcome.pk)


def test_asking_twice_for_number_and_seal_changes_nothing(issued: IssuedDocument, clerk: Person) -> None:
    assert actions.take_number(issued, issued.office, "GPXD-UBND", TODAY) == "01/GPXD-UBND"
    assert actions.request_seal(issued, clerk).state == State.ISSUED


def test_the_earlier_file_goes_once_the_later_one_counts(
    outcome: IssuedDocument, clerk: Person, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ready_to_seal(outcome, clerk)
    early = outcome.file.name
    assert default_storage.exists(early)
    with django_capture_on_commit_callbacks(execute=True):
        actions.seal(outcome.pk)
    outcome.refresh_from_db()
    assert default_storage.exists(outcome.file.name)
    assert not default_storage.exists(early)


def test_a_letter_that_is_numbered_at_once_gets_both_signatures_without_a_clerk(ward: Any, leader: Person) -> None:
    letter = actions.request_document(
        kind=IssuedDocument.Kind.EXTENSION,
        template="extension",
        title="Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        case_number="H29.12-261121-0007",
        office=ward,
        data=LETTER,
        signer=leader,
        symbol="PXL-UBND",
    )
    assert letter.number == "01/PXL-UBND"
    assert actions.draw_up(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.sealed_by) == (State.TO_SEAL, None)
    assert actions.seal(letter.pk)
    letter.refresh_from_db()
    assert letter.state == State.ISSUED
    findings = checking.check(content(letter), keyring.trust())
    assert [finding.field for finding in findings] == [signing.PERSON_FIELD, signing.AGENCY_FIELD]
    assert all(finding.good for finding in findings)
