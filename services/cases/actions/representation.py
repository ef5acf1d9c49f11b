"""For whom a draft is filed: chosen while it is filled in, settled when it is filed."""

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people import actions as people
from identity.people.models import Mandate, Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases.actions.ownership import own_draft
from services.cases.behalf import Behalf, InvalidNumber, Principal, tidy_number
from services.cases.behalf_wording import NUMBERS, bar_text
from services.cases.filer import Filer
from services.cases.models import Case
from services.cases.queries.representation import BASIS, bar_of, held_mandate, principal_of


@transaction.atomic
def represent(case: Case, by: Filer | Person, principal: Principal, mandate: int | None = None) -> Case:
    """Say for whom a draft is filed: oneself, whoever a mandate of the person names, or a principal as stated.

    Raises Refused: "mandate.<bar>" when the mandate does not hold for this procedure today, "principal.name",
    "principal.number", "principal.self", "principal.basis"; Mandate.DoesNotExist for another's mandate.
    """
    draft = own_draft(case.pk, by)
    person = draft.applicant
    if mandate is not None:
        if person is None:
            raise Mandate.DoesNotExist
        held = held_mandate(person, mandate)
        principal, draft.mandate = principal_of(held), held
        if bar := bar_of(draft):
            raise Refused(f"mandate.{bar}", bar_text(bar), field="mandate")
    else:
        principal, draft.mandate = _stated(principal, person), None
    draft.behalf, draft.principal_name, draft.principal_number = principal.behalf.value, principal.name, principal.number
    draft.provenance.pop(BASIS, None)
    if draft.mandate is None and principal.basis:
        draft.provenance[BASIS] = principal.basis
    draft.revision += 1
    draft.saved_at = clock.now()
    fields = ["behalf", "principal_name", "principal_number", "mandate", "provenance", "revision", "saved_at"]
    draft.save(update_fields=fields)
    return draft


def _stated(principal: Principal, person: Person | None) -> Principal:
    """A principal as somebody stated it, checked; nothing but oneself when it is filed for oneself."""
    behalf = principal.behalf
    if behalf == Behalf.SELF:
        return Principal(behalf)
    name = " ".join(principal.name.split())[:200]
    if not name:
        raise Refused("principal.name", _("Say for whom the application is filed"), field="name", status=422)
    try:
        number = tidy_number(behalf, principal.number)
    except InvalidNumber as invalid:
        raise Refused("principal.number", str(NUMBERS[invalid.code]), field="number", status=422) from None
    if behalf == Behalf.PERSON and person is not None and number == person.personal_number:
        raise Refused("principal.self", _("This is your own personal number: choose “For myself”."), field="number", status=422)
    wanted = Mandate.Basis.LEGAL_REPRESENTATIVE if behalf == Behalf.BUSINESS else Mandate.Basis.GUARDIAN
    if principal.basis not in (wanted, Mandate.Basis.AUTHORISED):
        raise Refused("principal.basis", _("Say by which right it is filed."), field="basis", status=422)
    return Principal(behalf, name, number, principal.basis)


def settle(draft: Case, by: Person) -> None:
    """In the transaction of filing: hold the mandate as it is now, or write down the one that was stated.

    A mandate that is being revoked is waited for; whether it still holds is told with whatever else is missing.
    """
    if draft.behalf == Behalf.SELF or not draft.principal_name:
        return
    if draft.mandate_id is not None:
        draft.mandate = (
            Mandate.objects.select_for_update(of=("self",)).select_related("grantor", "business").get(pk=draft.mandate_id)
        )
        return
    basis = draft.provenance.get(BASIS) or Mandate.Basis.AUTHORISED
    if draft.behalf == Behalf.BUSINESS:
        draft.mandate = people.declare_for_business(by, tax_code=draft.principal_number, name=draft.principal_name, basis=basis)
    else:
        draft.mandate = people.declare_for_person(by, number=draft.principal_number, name=draft.principal_name, basis=basis)
