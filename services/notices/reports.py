"""RULE: what a gateway or a mail server may tell us afterwards, and how we know that it is them.

A report is signed: `X-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime

TOLERANCE_SECONDS = 300
"""How old or how early a signature may be."""
HEADER = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b|\b[245]\d\d\b")
STATES = frozenset({"delivered", "bounced", "failed"})
MOST_AT_ONCE = 500
LONGEST_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message: `reference` is ours or the gateway's, `permanent` says that the address will never work."""

    reference: str
    state: str
    permanent: bool
    reason: str


class Unreadable(ValueError):
    """Not a report as agreed."""


def signature(secret: str, at: int, body: bytes) -> str:
    """The header that goes with a body at a moment."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def is_signed(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Whether somebody who knows the secret signed this body within the last five minutes."""
    found = HEADER.fullmatch(header.strip())
    if not secret or found is None:
        return False
    at = int(found[1])
    same = hmac.compare_digest(signature(secret, at, body), f"t={at},v1={found[2]}")
    return same and abs(now.timestamp() - at) <= TOLERANCE_SECONDS


def read(body: bytes) -> list[Report]:
    """The reports of a body: `{"reports": [{"reference", "state", "permanent", "reason"}]}`. Raises Unreadable."""
    try:
        rows = json.loads(body)["reports"]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("not the JSON agreed on") from error
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
        raise Unreadable(f"reports: a list of {MOST_AT_ONCE} at most")
    return [_report(row) for row in rows]


def _report(row: object) -> Report:
    if not isinstance(row, dict):
        raise Unreadable("a report is an object")
    reference, state, permanent = row.get("reference"), row.get("state"), row.get("permanent", False)
    if not isinstance(reference, str) or not 0 < len(reference) <= 100 or "\0" in reference:
        raise Unreadable("reference: a text of 1 to 100 characters")
    if state not in STATES:
        raise Unreadable("state: delivered, bounced or failed")
    if not isinstance(permanent, bool):
        raise Unreadable("permanent: true or false")
    # Words of mail servers repeat addresses: only a status code is kept.
    code = CODE.search(str(row.get("reason") or ""))
    return Report(reference, state, permanent, code[0] if code else "")
