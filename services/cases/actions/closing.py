"""Money the applicant owes, and handing over the outcome."""

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import routing
from services.cases.actions.events import allowed, record
from services.cases.actions.work import close, held
from services.cases.models import Case, HandOver, WorkItem
from services.fees.tariff import dong

LARGEST_AMOUNT = 10**11
AMOUNT_LINE = "Số tiền phải nộp"
"""Stands before what the official wrote, so that the applicant reads the amount wherever the request is shown or sent."""


@transaction.atomic
def request_payment(item_pk: int, by: Person, amount: int, text: str, *, seen: int | None = None) -> Case:
    """Ask the applicant to pay whole đồng; the clock stands still until it is confirmed."""
    case, item, powers = held(item_pk, by, seen)
    _must_have(item, "request_payment")
    action = allowed("request_payment", case, powers=powers, reason=text)
    if not 0 < amount <= LARGEST_AMOUNT:
        raise Refused("payment.amount", _("Enter the amount in whole đồng, above zero."), field="amount", status=422)
    words = f"{AMOUNT_LINE}: {dong(amount)}\n{text.strip()}"
    record(case, action, by=by, office=item.office, item=item, note=words, data={"amount": amount})
    return case


@transaction.atomic
def confirm_payment(item_pk: int, by: Person, receipt: str, *, seen: int | None = None) -> Case:
    """Write down the number of the receipt or transaction; the clock runs again."""
    case, item, powers = held(item_pk, by, seen)
    _must_have(item, "confirm_payment")
    action = allowed("confirm_payment", case, powers=powers)
    if not receipt.strip():
        raise Refused("payment.receipt", _("Write the number of the receipt or transaction."), field="receipt", status=422)
    record(case, action, by=by, office=item.office, item=item, note=receipt, data={"receipt": receipt.strip()})
    return case


@transaction.atomic
def hand_over(
    item_pk: int,
    by: Person,
    means: str,
    recipient: str,
    relation: str = "",
    tracking: str = "",
    note: str = "",
    *,
    seen: int | None = None,
) -> HandOver:
    """Give the outcome to whom it belongs, and write down how and to whom. The case is closed as returned."""
    case, item, powers = held(item_pk, by, seen)
    _must_have(item, "hand_over")
    action = allowed("hand_over", case, powers=powers)
    if means not in HandOver.Means.values:
        raise Refused("hand_over.means", _("Choose how the outcome is handed over."), field="means", status=422)
    if not recipient.strip():
        raise Refused("hand_over.recipient", _("Write who receives it."), field="recipient", status=422)
    if means == HandOver.Means.POST and not tracking.strip():
        raise Refused("hand_over.tracking", _("Write the number of the consignment."), field="tracking", status=422)
    close(item, by, note)
    event = record(case, action, by=by, office=item.office, item=item, note=note, data={"means": means})
    return HandOver.objects.create(
        case=case,
        event=event,
        means=means,
        recipient=recipient.strip()[:120],
        relation=relation.strip()[:120],
        tracking=tracking.strip()[:60] if means == HandOver.Means.POST else "",
    )


def _must_have(item: WorkItem, name: str) -> None:
    if name not in routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]:
        raise Refused("work.not_here", _("This step does not have that action."))
