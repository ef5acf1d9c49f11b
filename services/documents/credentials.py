"""Keys as pyHanko wants them: a signer, a time-stamp service and a judge of certificates, made once and used many times."""

from collections.abc import Iterable
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign import general
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.documents.authority import Credential, Trust

DIGEST = "sha256"
TIME_STAMP_POLICY = "2.25.221149390331548237961938475617263945017"
"""Names the rules of our time stamps; an identifier made from a random UUID, as X.667 allows everybody."""


class KeySigner(Signer):
    """Signs with a key object that is already open: opening it anew costs ten times as much as signing."""

    def __init__(self, credential: Credential, others: Iterable[bytes]) -> None:
        super().__init__(signing_cert=_certificate(credential), cert_registry=_store(others))
        self._key = credential.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw ECDSA signature over `data`."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class OwnTimeStamper(DummyTimeStamper):
    """RFC 3161 time stamps from the installation's own time-stamp key."""

    def __init__(self, credential: Credential, others: Iterable[bytes]) -> None:
        super().__init__(tsa_cert=_certificate(credential), tsa_key=None, certs_to_embed=_store(others), override_md=DIGEST)
        self._key = credential.key

    def _build_tst_info(self, message_imprint: tsp.MessageImprint, dt: datetime, req: tsp.TimeStampReq) -> tsp.TSTInfo:
        info = super()._build_tst_info(message_imprint, dt.astimezone(UTC).replace(microsecond=0), req)
        info["policy"] = tsp.ObjectIdentifier(TIME_STAMP_POLICY)
        return info

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                general.simple_cms_attribute("content_type", "tst_info"),
                general.simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt.astimezone(UTC))})),
                general.simple_cms_attribute("signing_certificate_v2", general.as_signing_certificate_v2(self.tsa_cert)),
                general.simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        return self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(
        self, tst_info_data: bytes, md_algorithm: str, signature: bytes, signed_attrs: cms.CMSAttributes
    ) -> dict[str, object]:
        data: dict[str, object] = super()._build_signed_data(tst_info_data, md_algorithm, signature, signed_attrs)
        infos = data["signer_infos"]
        infos[0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})  # type: ignore[index]
        return data


def judge(trust: Trust, moment: datetime | None = None, lists: Iterable[bytes] = ()) -> ValidationContext:
    """Who is trusted at `moment` (now by default): our root only, nothing fetched, revocation always checked."""
    return ValidationContext(
        trust_roots=_certificates(trust.roots),
        other_certs=_certificates(trust.others),
        crls=[*trust.revocation_lists, *lists],
        allow_fetching=False,
        revocation_mode="require",
        moment=moment,
    )


def _certificate(credential: Credential) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(credential.certificate.public_bytes(serialization.Encoding.DER))


def _certificates(content: Iterable[bytes]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(der) for der in content]


def _store(content: Iterable[bytes]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register_multiple(_certificates(content))
    return store
