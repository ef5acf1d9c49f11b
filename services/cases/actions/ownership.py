"""The case of the person who acts, locked; nobody else gets it."""

from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases.actions.events import locked
from services.cases.models import Case


def own_case(pk: int, by: Person) -> Case:
    """The locked case of the person; Case.DoesNotExist for anybody else."""
    case = locked(pk)
    if case.applicant_id != by.pk:
        raise Case.DoesNotExist
    return case


def own_draft(pk: int, by: Person) -> Case:
    case = own_case(pk, by)
    if case.state != Case.State.DRAFT:
        raise Refused("case.filed", _("This application has been filed already; it can no longer be changed here."))
    return case
