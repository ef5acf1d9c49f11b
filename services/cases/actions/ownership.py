"""The case of whoever acts, locked; nobody else gets it."""

from secrets import compare_digest

from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases.actions.events import locked
from services.cases.filer import Filer
from services.cases.models import Case
from services.cases.queries.counter import serves


def owns(case: Case, by: Filer | Person) -> bool:
    """Whether the case is theirs: the applicant's, the browser's as long as it has no applicant; a draft also its counter's."""
    filer = Filer(by, "") if isinstance(by, Person) else by
    if serves(case, filer.person):
        return True
    if case.applicant_id is not None:
        return filer.person is not None and case.applicant_id == filer.person.pk
    return bool(filer.visitor) and compare_digest(case.visitor, filer.visitor)


def own_case(pk: int, by: Filer | Person) -> Case:
    """The locked case of whoever acts; Case.DoesNotExist for anybody else."""
    case = locked(pk)
    if not owns(case, by):
        raise Case.DoesNotExist
    return case


def own_draft(pk: int, by: Filer | Person) -> Case:
    """The same, refused once it is filed."""
    case = own_case(pk, by)
    if case.state != Case.State.DRAFT:
        raise Refused("case.filed", _("This application has been filed already; it can no longer be changed here."))
    return case
