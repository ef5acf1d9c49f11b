"""The key store: made once, by whoever comes first, and never readable without its passphrase."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from portal.kit.refusal import Refused
from services.documents import actions
from services.documents.authority import Authority, Holder, SigningUnavailable, open_store
from services.documents.models import IssuedDocument

HOLDER = Holder("Lê Hoàng Phúc", "Ủy ban nhân dân phường Bến Thành", "Chủ tịch")


def test_a_second_process_finds_the_same_keys(tmp_path: Path) -> None:
    first, second = Authority(tmp_path, "x"), Authority(tmp_path, "x")
    assert first.person("1", HOLDER).certificate == second.person("1", HOLDER).certificate
    assert first.trust() == second.trust()


def test_many_at_once_make_one_of_each(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Authority(tmp_path, "x").person("1", HOLDER).certificate.serial_number, range(16)))
    assert len(set(made)) == 1
    assert not list(tmp_path.rglob("*.new"))


def test_a_certificate_names_person_title_and_agency_and_hangs_on_the_root(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "x")
    certificate = authority.person("1", HOLDER).certificate
    names = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert names[x509.NameOID.COMMON_NAME] == "Lê Hoàng Phúc"
    assert names[x509.NameOID.TITLE] == "Chủ tịch"
    assert names[x509.NameOID.ORGANIZATION_NAME] == "Ủy ban nhân dân phường Bến Thành"
    certificate.verify_directly_issued_by(authority.issuing().certificate)
    authority.issuing().certificate.verify_directly_issued_by(authority.root().certificate)
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_a_new_title_gets_a_new_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "x")
    other = Holder(HOLDER.name, HOLDER.organisation, "Phó Chủ tịch")
    assert authority.person("1", HOLDER).certificate != authority.person("1", other).certificate


def test_keys_are_encrypted_and_private(tmp_path: Path) -> None:
    Authority(tmp_path, "x").person("1", HOLDER)
    for file in tmp_path.rglob("*.pem"):
        assert b"ENCRYPTED PRIVATE KEY" in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(SigningUnavailable):
        Authority(tmp_path, "another").root()


def test_without_a_store_nothing_is_signed() -> None:
    with pytest.raises(SigningUnavailable):
        open_store("", "")
    with pytest.raises(SigningUnavailable):
        Authority(Path("unused"), "")


@pytest.mark.django_db
def test_a_document_waits_while_there_is_no_store(outcome: IssuedDocument, settings: object) -> None:
    settings.SIGNING_STORE = ""  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        actions.draw_up(outcome.pk)
    outcome.refresh_from_db()
    assert (outcome.state, outcome.attempts, outcome.last_error) == ("to_sign", 1, "signing_unavailable")
