"""What is said of applications that are filed for others, and of answers that were filled in beforehand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.people.mandates import Bar
from identity.people.models import Mandate
from portal.kit import clock
from services.cases.behalf import Behalf
from services.cases.prefill import Source

PROOF_NAMES: Mapping[str, str | Promise] = {
    Mandate.Basis.AUTHORISED: gettext_lazy("Authorisation, or another paper that shows the right to file for the principal"),
    Mandate.Basis.GUARDIAN: gettext_lazy("Paper that shows the parent or guardian (birth certificate, decision on guardianship)"),
}
BARS: Mapping[Bar, str | Promise] = {
    Bar.REVOKED: gettext_lazy("The mandate has been revoked."),
    Bar.NOT_YET: gettext_lazy("The mandate does not hold yet."),
    Bar.ENDED: gettext_lazy("The mandate has ended."),
    Bar.SCOPE: gettext_lazy("The mandate does not cover this procedure."),
}
WAY_OUT = gettext_lazy("Choose another one, or state for whom it is filed and attach the proof.")
NUMBERS: Mapping[str, str | Promise] = {
    "person": gettext_lazy("This is not a personal number of 12 digits. Compare it with the identity card."),
    "business": gettext_lazy("This is not a tax code: 10 digits, or 13 for a branch. Compare it with the registration."),
}


def bar_text(bar: Bar) -> str:
    """Why a mandate cannot be used, with the way out."""
    return f"{BARS[bar]} {WAY_OUT}"


def proof_name(basis: str) -> str:
    """The paper that shows the right to file."""
    return str(PROOF_NAMES.get(basis, PROOF_NAMES[Mandate.Basis.AUTHORISED]))


def proof_help() -> str:
    """What is taken as proof."""
    return _("A photo or scan of the whole paper, with signatures and certification.")


def number_label(behalf: str) -> str:
    """What the number of a principal is called."""
    return _("Tax code") if behalf == Behalf.BUSINESS else _("Personal number")


def source_text(entry: Mapping[str, Any]) -> str:
    """Where an answer was taken from; empty when it was typed."""
    match entry.get("source"):
        case Source.RECORD:
            return _("Taken from the personal record.")
        case Source.STATED:
            return _("As stated of the person it is filed for.")
        case Source.BUSINESS:
            return _("As stated of the business it is filed for.")
        case Source.EARLIER:
            filed = entry.get("filed_at") or ""
            day = f"{clock.local(datetime.fromisoformat(filed)):%d/%m/%Y}" if filed else ""
            return _("Taken from application %(number)s of %(day)s. Check whether it still holds.") % {
                "number": entry.get("case", ""),
                "day": day,
            }
    return ""


def fixed_text() -> str:
    """Why an answer cannot be changed here."""
    return _(
        "From the record, checked against the identity card; it is not asked for again. If it is wrong, have it corrected by the "
        "police who keep the population database."
    )
