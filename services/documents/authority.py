"""The installation's own certificate authority: keys and certificates of officials, agencies and the time-stamp service.

It lives in one folder (`settings.SIGNING_STORE`): a root, an issuing authority under it, one key per official and title, one
per agency, one for time stamps, and the lists of revoked certificates. Everything is made when first needed, under a file
lock, so that several processes share one store. Private keys are encrypted with `settings.SIGNING_PASSPHRASE`.

Keys are ECDSA on P-256. Nothing here knows the database.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.kit import clock

DAY = timedelta(days=1)
ROOT_YEARS, ISSUING_YEARS, TIME_STAMP_YEARS, HOLDER_YEARS = 25, 10, 5, 3
"""Longest lives of certificates, Nghị định 23/2025/NĐ-CP."""
RENEW_BEFORE = 30 * DAY
LIST_LIFE = 30 * DAY
LIST_RENEW_BEFORE = 10 * DAY
Key = ec.EllipticCurvePrivateKey


class SigningUnavailable(Exception):
    """There is no key to sign with; the document waits."""


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is. `organisation` and `title` are empty for an agency itself."""

    name: str
    organisation: str = ""
    title: str = ""


@dataclass(frozen=True)
class Credential:
    """A private key and its certificate, loaded once."""

    key: Key
    certificate: x509.Certificate


@dataclass(frozen=True)
class Trust:
    """What a checker needs: whom to trust, whom to know, and what was revoked. DER."""

    roots: tuple[bytes, ...]
    others: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]


class Authority:
    """The store in one folder. Safe to make in any number of processes at once."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        if not passphrase:
            raise SigningUnavailable("The signing store has no passphrase.")
        self.folder = folder
        self._passphrase = passphrase.encode()
        self._credentials: dict[str, Credential] = {}
        for name in (folder, folder / "holders"):
            name.mkdir(parents=True, exist_ok=True, mode=0o700)

    def root(self) -> Credential:
        """The root: signs the issuing authority and nothing else."""
        return self._get("root", self._make_root)

    def issuing(self) -> Credential:
        """The authority that signs everybody's certificates."""
        return self._get("issuing", self._make_issuing)

    def time_stamp(self) -> Credential:
        """The time-stamp service."""
        return self._get("time-stamp", self._make_time_stamp)

    def person(self, key: str, holder: Holder) -> Credential:
        """The official named by `key`; a new name, title or agency gets a new certificate."""
        return self._holder(f"person-{key}", holder)

    def agency(self, key: str, holder: Holder) -> Credential:
        """The seal of the agency named by `key`."""
        return self._holder(f"agency-{key}", holder)

    def trust(self) -> Trust:
        """The root, the issuing authority and fresh lists of what was revoked."""
        root, issuing = self.root(), self.issuing()
        return Trust(
            roots=(_der(root.certificate),),
            others=(_der(issuing.certificate), _der(self.time_stamp().certificate)),
            revocation_lists=(self._revocation_list("root", root), self._revocation_list("issuing", issuing)),
        )

    def _holder(self, key: str, holder: Holder) -> Credential:
        digest = hashlib.sha256("\x00".join((holder.name, holder.organisation, holder.title)).encode()).hexdigest()[:16]
        return self._get(f"holders/{key}-{digest}", lambda: self._make_holder(holder))

    def _get(self, name: str, make: Callable[[], Credential]) -> Credential:
        known = self._credentials.get(name)
        if known and not _ends_soon(known.certificate):
            return known
        path = self.folder / f"{name}.pem"
        found = self._load(path)
        if found is None or _ends_soon(found.certificate):
            # What a new certificate hangs on is made first: the lock is not taken twice.
            made = make()
            with self._locked():
                found = self._load(path)
                if found is None or _ends_soon(found.certificate):
                    self._store(path, made)
                    found = made
        self._credentials[name] = found
        return found

    def _load(self, path: Path) -> Credential | None:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            key = serialization.load_pem_private_key(content, self._passphrase)
        except ValueError as error:
            raise SigningUnavailable("The signing store cannot be opened with this passphrase.") from error
        if not isinstance(key, Key):
            raise SigningUnavailable("The signing store holds a key of another kind.")
        return Credential(key, x509.load_pem_x509_certificate(content))

    def _store(self, path: Path, credential: Credential) -> None:
        encrypted = credential.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(self._passphrase)
        )
        _write(path, encrypted + credential.certificate.public_bytes(serialization.Encoding.PEM))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_root(self) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(Holder("Một Cửa - Chứng thư gốc thử nghiệm", "Một Cửa"))
        builder = _builder(name, name, key, ROOT_YEARS).add_extension(
            x509.BasicConstraints(ca=True, path_length=1), critical=True
        )
        return Credential(key, _finish(builder.add_extension(_usage(authority=True), critical=True), key, key))

    def _make_issuing(self) -> Credential:
        root = self.root()
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(Holder("Một Cửa - Chứng thư cấp phát thử nghiệm", "Một Cửa"))
        builder = _builder(name, root.certificate.subject, key, ISSUING_YEARS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return Credential(key, _finish(builder.add_extension(_usage(authority=True), critical=True), key, root.key))

    def _make_time_stamp(self) -> Credential:
        builder, key, issuing = self._leaf(Holder("Một Cửa - Dấu thời gian thử nghiệm", "Một Cửa"), TIME_STAMP_YEARS)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return Credential(key, _finish(builder.add_extension(purpose, critical=True), key, issuing.key))

    def _make_holder(self, holder: Holder) -> Credential:
        builder, key, issuing = self._leaf(holder, HOLDER_YEARS)
        return Credential(key, _finish(builder, key, issuing.key))

    def _leaf(self, holder: Holder, years: int) -> tuple[x509.CertificateBuilder, Key, Credential]:
        issuing = self.issuing()
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(holder), issuing.certificate.subject, key, years)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        return builder.add_extension(_usage(authority=False), critical=True), key, issuing

    def _revocation_list(self, name: str, issuer: Credential) -> bytes:
        """The issuer's list, signed anew ten days before it goes stale."""
        path = self.folder / f"{name}.crl"
        for _ in range(2):
            try:
                content = path.read_bytes()
                if _list_ends(content) - clock.now() > LIST_RENEW_BEFORE:
                    return content
            except FileNotFoundError:
                pass
            with self._locked():
                if not path.exists() or _list_ends(path.read_bytes()) - clock.now() <= LIST_RENEW_BEFORE:
                    _write(path, _sign_list(issuer))
        return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """All or nothing: a reader never sees half a file, and after a crash there is the old one or the new one."""
    draft = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _ends_soon(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc - clock.now() < RENEW_BEFORE


def _name(holder: Holder) -> x509.Name:
    """Names are cut to what X.520 allows: 64 letters."""
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, holder.organisation or holder.name),
        (NameOID.TITLE, holder.title),
        (NameOID.COMMON_NAME, holder.name),
    ]
    return x509.Name([x509.NameAttribute(oid, value[:64]) for oid, value in parts if value])


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, years: int) -> x509.CertificateBuilder:
    start = clock.now() - DAY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _finish(builder: x509.CertificateBuilder, key: Key, issuer: Key) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
    return builder.add_extension(identifier, critical=False).sign(issuer, hashes.SHA256())


def _sign_list(issuer: Credential) -> bytes:
    now = clock.now()
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - DAY)
        .next_update(now + LIST_LIFE)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return revoked.public_bytes(serialization.Encoding.DER)


def _list_ends(content: bytes) -> datetime:
    ends = x509.load_der_x509_crl(content).next_update_utc
    return ends or clock.now()


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


@cache
def open_store(folder: str, passphrase: str) -> Authority:
    """The authority in `folder`, one object per process so that keys are opened once."""
    if not folder:
        raise SigningUnavailable("No signing store is configured: set SIGNING_STORE and SIGNING_PASSPHRASE.")
    return Authority(Path(folder), passphrase)
