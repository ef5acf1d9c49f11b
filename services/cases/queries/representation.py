"""For whom a case is filed: what a resident may choose, what stands in the way, and what the represented person may read."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from identity.people import mandates
from identity.people import queries as people
from identity.people.models import Mandate, Person
from portal.kit import clock
from services.cases.behalf import Behalf, Principal, with_proof
from services.cases.behalf_wording import bar_text, proof_help, proof_name
from services.cases.checklist import Paper
from services.cases.models import Case

BASIS = "_basis"
"""Where the provenance of a draft keeps by which right it is filed, as long as there is no mandate."""


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate as it is offered for an application."""

    pk: int
    principal: Principal
    granted: bool
    bar: mandates.Bar | None


def principals_of(person: Person) -> QuerySet[Mandate]:
    """Every mandate the person holds, with the name under which they last filed for its principal."""
    last = Case.objects.filter(mandate=OuterRef("pk")).exclude(principal_name="").order_by("-pk").values("principal_name")[:1]
    return people.held_by(person).annotate(last_name=Subquery(last))


def principal_of(mandate: Mandate) -> Principal:
    """Whom a mandate is about. A business goes by the name its agent gave it: what others typed for the same code is theirs."""
    if mandate.grantor is not None:
        return Principal(Behalf.PERSON, mandate.grantor.full_name, mandate.grantor.personal_number or "", mandate.basis)
    if mandate.business is not None:
        name = getattr(mandate, "last_name", None) or ""
        return Principal(Behalf.BUSINESS, name, mandate.business.tax_code, mandate.basis)
    return Principal(Behalf.PERSON, mandate.principal_name, mandate.principal_number, mandate.basis)


def held_mandates(person: Person | None, code: str, behalf: str) -> list[Held]:
    """The mandates that are offered for filing this procedure for such a principal; revoked ones are not. One query."""
    if person is None:
        return []
    kind = Q(business__isnull=behalf != Behalf.BUSINESS)
    found = principals_of(person).filter(kind).exclude(state=Mandate.State.REVOKED)
    today = clock.today()
    held = [Held(one.pk, principal_of(one), one.is_granted, mandates.bar(one.terms, code, today)) for one in found]
    return [one for one in held if one.principal.name and one.bar != mandates.Bar.ENDED]


def held_mandate(person: Person, pk: int) -> Mandate:
    """One mandate the person holds. Raises Mandate.DoesNotExist."""
    return principals_of(person).get(pk=pk)


def bar_of(case: Case) -> mandates.Bar | None:
    """What keeps the mandate of a case from holding today; None as well when it has none."""
    mandate = case.mandate
    return None if mandate is None else mandates.bar(mandate.terms, case.version.procedure.code, clock.today())


def representation_gap(case: Case) -> str:
    """What is wrong with for whom a draft is filed; empty when nothing is."""
    if case.behalf == Behalf.SELF:
        return ""
    if not case.principal_name or not case.principal_number:
        return _("Say for whom the application is filed")
    if case.applicant is not None and case.principal_number == case.applicant.personal_number and case.behalf == Behalf.PERSON:
        # Stated before signing in.
        return _("This is your own personal number: choose “For myself”.")
    bar = bar_of(case)
    return bar_text(bar) if bar else ""


def basis_of(case: Case) -> str:
    """By which right it is filed."""
    mandate = case.mandate
    basis: str = mandate.basis if mandate is not None else case.provenance.get(BASIS) or Mandate.Basis.AUTHORISED
    return basis


def papers_with_proof(case: Case, papers: list[Paper]) -> list[Paper]:
    """The papers of a case, with the proof of the right to file where one is needed."""
    if case.behalf == Behalf.SELF:
        return papers
    mandate = case.mandate
    basis = basis_of(case)
    if not mandates.needs_proof(granted=mandate is not None and mandate.is_granted, basis=basis):
        return papers
    return with_proof(papers, proof_name(basis), proof_help())


def filed_for(person: Person) -> QuerySet[Case]:
    """Cases that others filed in the person's name under a mandate granted here, the newest first; not their drafts."""
    return (
        Case.objects.filter(mandate__grantor=person)
        .exclude(state=Case.State.DRAFT)
        .select_related("version__procedure", "agency", "applicant")
        .order_by("-id")
    )


def readable(person: Person, prefix: str = "") -> Q:
    """What picks the filed cases a person may read: those they filed, and those filed for them under their mandate."""
    filed_for_them = Q(**{f"{prefix}mandate__grantor": person}) & ~Q(**{f"{prefix}state": Case.State.DRAFT})
    return Q(**{f"{prefix}applicant": person}) | filed_for_them


def case_to_read(person: Person, number: str) -> Case:
    """One filed case of the person, or filed for them. Raises Case.DoesNotExist for everybody else."""
    return (
        Case.objects.filter(readable(person))
        .exclude(state=Case.State.DRAFT)
        .select_related("version__procedure", "agency", "applicant")
        .get(number=number)
    )
