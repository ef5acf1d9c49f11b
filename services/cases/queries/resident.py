"""What a resident may see: their own cases and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from identity.people.models import Person
from services.cases import numbering
from services.cases.checklist import Paper, missing, papers
from services.cases.models import Case, CaseAttachment
from services.catalogue.models import Version
from services.documents.models import Attachment, IssuedDocument
from services.forms.definition import Definition, parse
from services.forms.readout import Section, readout
from services.forms.validation import unanswered

READY = (IssuedDocument.State.ISSUED, IssuedDocument.State.REPLACED, IssuedDocument.State.REVOKED)


def my_cases(person: Person) -> QuerySet[Case]:
    """Everything the person filed or is filing, newest first."""
    return Case.objects.filter(applicant=person).select_related("version__procedure", "agency").order_by("-id")


def my_drafts(person: Person, version: Version | None = None) -> QuerySet[Case]:
    """The person's drafts, of one procedure if given, newest first."""
    drafts = my_cases(person).filter(state=Case.State.DRAFT)
    return drafts if version is None else drafts.filter(version__procedure=version.procedure_id)


def my_case(person: Person, number: str) -> Case:
    """One filed case. Raises Case.DoesNotExist for another's."""
    return my_cases(person).exclude(state=Case.State.DRAFT).get(number=number)


def my_draft(person: Person, key: UUID) -> Case:
    """The case by its key, draft or already filed. Raises Case.DoesNotExist for another's."""
    return my_cases(person).get(key=key)


def my_attachment(person: Person, reference: str | UUID, attachment_id: UUID) -> Attachment:
    """A file of one of the person's cases, by number or key. Raises Attachment.DoesNotExist."""
    of_case = {"case_link__case__key": reference} if isinstance(reference, UUID) else {"case_link__case__number": reference}
    return Attachment.objects.get(pk=attachment_id, case_link__case__applicant=person, **of_case)


def my_document(person: Person, number: str, code: str) -> IssuedDocument:
    """An issued document of one of the person's cases. Raises IssuedDocument.DoesNotExist."""
    return IssuedDocument.objects.get(
        code=code, case_link__case__applicant=person, case_link__case__number=number, state__in=READY
    )


def lookup(number: str, last4: str) -> Case | None:
    """A filed case whose number and last four digits of the applicant's personal number both match."""
    tidy, digits = numbering.tidy(number), last4.strip()
    if not numbering.is_case_number(tidy) or len(digits) != 4 or not digits.isdigit():
        return None
    return (
        Case.objects.exclude(state=Case.State.DRAFT)
        .filter(number=tidy, applicant__personal_number__endswith=digits)
        .select_related("version__procedure", "agency")
        .first()
    )


def definition_of(case: Case) -> Definition:
    """The form of the version the case is pinned to."""
    return parse(case.version.form)


def sections(case: Case) -> list[Section]:
    """The answers as people read them."""
    return readout(definition_of(case), case.answers)


def needed_papers(case: Case) -> list[Paper]:
    """The papers of the case's circumstance."""
    return papers(case.version.documents, case.circumstance)


def attachments_of(case: Case) -> dict[str, list[CaseAttachment]]:
    """The files by document key, in order. One query."""
    found: dict[str, list[CaseAttachment]] = {}
    for link in case.attachments.select_related("attachment").order_by("position", "id"):
        found.setdefault(link.document, []).append(link)
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """Something still missing before filing; `page_key` is None for a paper."""

    page_key: str | None
    key: str
    message: str


def gaps(case: Case) -> list[Gap]:
    """What must still be answered, attached or chosen. Empty: the case can be filed."""
    attached = set(attachments_of(case))
    found: list[Gap] = []
    keys = {circumstance["key"] for circumstance in case.version.circumstances}
    if keys and case.circumstance not in keys:
        found.append(Gap(None, "circumstance", _("Choose the circumstance that applies")))
    found += [
        Gap(gap.page_key, gap.field_key, str(gap.message)) for gap in unanswered(definition_of(case), case.answers, attached)
    ]
    found += [
        Gap(None, paper.key, _("Attach: %(paper)s") % {"paper": paper.name}) for paper in missing(needed_papers(case), attached)
    ]
    return found
