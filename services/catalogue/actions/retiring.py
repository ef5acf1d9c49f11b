"""A procedure ends on a day, by a decision; its cases go on."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue.actions.editors import check_editor
from services.catalogue.models import Procedure, ProcedureChange

What = ProcedureChange.What
REASON_LENGTH = 300


@transaction.atomic
def retire(procedure: Procedure, by: Person, on: date, reason: str, replaced_by: Procedure | None = None) -> Procedure:
    """From that day the procedure can no longer be filed; `reason` names the decision. Again: another day or reason."""
    check_editor(by)
    procedure = _locked(procedure)
    reason = reason.strip()
    if procedure.retired_on and procedure.retired_on <= clock.today():
        raise Refused("procedure.retired", _("The procedure has already ended."))
    if on < clock.today():
        raise Refused("procedure.retired_on", _("The day lies in the past."), field="on", status=422)
    if not reason:
        raise Refused("procedure.reason", _("Name the decision that ends the procedure."), field="reason", status=422)
    if len(reason) > REASON_LENGTH:
        raise Refused(
            "procedure.reason", _("Use at most %(count)d characters.") % {"count": REASON_LENGTH}, field="reason", status=422
        )
    if replaced_by and (replaced_by.pk == procedure.pk or replaced_by.current_id is None or replaced_by.retired_on):
        raise Refused(
            "procedure.replaced_by",
            _("What replaces it is another published procedure that goes on."),
            field="replaced_by",
            status=422,
        )
    procedure.retired_on, procedure.retired_reason, procedure.replaced_by = on, reason, replaced_by
    procedure.save(update_fields=["retired_on", "retired_reason", "replaced_by"])
    ProcedureChange.objects.create(procedure=procedure, what=What.RETIRED, by=by, day=on, reason=reason, replaced_by=replaced_by)
    return procedure


@transaction.atomic
def unretire(procedure: Procedure, by: Person, reason: str = "") -> Procedure:
    """The procedure goes on after all."""
    check_editor(by)
    procedure = _locked(procedure)
    if procedure.retired_on is None:
        raise Refused("procedure.not_retired", _("The procedure has not been ended."))
    procedure.retired_on, procedure.retired_reason, procedure.replaced_by = None, "", None
    procedure.save(update_fields=["retired_on", "retired_reason", "replaced_by"])
    ProcedureChange.objects.create(procedure=procedure, what=What.UNRETIRED, by=by, reason=reason.strip()[:REASON_LENGTH])
    return procedure


def _locked(procedure: Procedure) -> Procedure:
    return Procedure.objects.select_for_update(of=("self",)).select_related("domain", "replaced_by").get(pk=procedure.pk)
