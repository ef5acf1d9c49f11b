"""Who signs with which key: the settings' store, and the pens of officials and agencies."""

from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from pyhanko_certvalidator import ValidationContext

from identity.offices.models import Office
from portal.kit import clock
from services.documents import authority
from services.documents.authority import Authority, Credential, Holder, Trust
from services.documents.credentials import KeySigner, OwnTimeStamper, judge
from services.documents.signing import Pen

PROOF_LIFE = timedelta(minutes=10)
"""How long the judgment about certificates is reused; it is dear to make and remembers what it has checked."""


def store() -> Authority:
    """The configured key store; SigningUnavailable where there is none."""
    return authority.open_store(settings.SIGNING_STORE, settings.SIGNING_PASSPHRASE)


def trust() -> Trust:
    """Whom a checker of our documents trusts."""
    return store().trust()


def signer_for(person_key: str, name: str, title: str, organisation: str) -> Pen:
    """The pen of an official in one post: the certificate names the person, the title and the agency."""
    return _pen(store().person(person_key, Holder(name, _one_line(organisation), title)))


def seal_for(office: Office) -> Pen:
    """The pen of an agency."""
    return _pen(store().agency(str(office.pk), Holder(_one_line(office.issuing_name or office.name))))


def _pen(credential: Credential) -> Pen:
    keys = store()
    others = keys.trust().others
    stamper, proof = _shared(str(keys.folder), int(clock.now().timestamp() // PROOF_LIFE.total_seconds()))
    return Pen(KeySigner(credential, others), stamper, proof)


@lru_cache(maxsize=1)
def _shared(folder: str, slot: int) -> tuple[OwnTimeStamper, ValidationContext]:
    """One time-stamp client and one judge per store and ten minutes."""
    keys = authority.open_store(folder, settings.SIGNING_PASSPHRASE)
    found = keys.trust()
    return OwnTimeStamper(keys.time_stamp(), found.others), judge(found)


def _one_line(name: str) -> str:
    """The name as a certificate carries it; documents break it in two lines."""
    return " ".join(name.split())
