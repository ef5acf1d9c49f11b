"""What a resident may see: their own cases and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from services.cases import numbering
from services.cases.beginning import Choices
from services.cases.checklist import Paper, missing, papers
from services.cases.filer import Filer
from services.cases.models import Case, CaseAttachment
from services.cases.queries.counter import at_counters
from services.cases.queries.prefill import contradictions
from services.cases.queries.representation import papers_with_proof, readable, representation_gap
from services.cases.queries.typed import wrong_texts
from services.catalogue.models import Version
from services.catalogue.queries import is_retired
from services.documents.models import Attachment, IssuedDocument
from services.forms.definition import Definition, parse
from services.forms.readout import Section, readout
from services.forms.validation import unanswered

FITS = "_eligibility"
"""Where the provenance of a case keeps what was answered before filling in."""
READY = (IssuedDocument.State.ISSUED, IssuedDocument.State.REPLACED, IssuedDocument.State.REVOKED)


def my_cases(person: Person) -> QuerySet[Case]:
    """Everything the person filed or is filing, newest first."""
    return Case.objects.filter(applicant=person).select_related("version__procedure", "agency").order_by("-id")


def theirs(filer: Filer, prefix: str = "") -> Q:
    """What picks the cases of a filer: those of the person, and those begun in the browser that have no applicant yet."""
    found = Q(pk__in=[])
    if filer.person is not None:
        found |= Q(**{f"{prefix}applicant": filer.person})
    if filer.visitor:
        found |= Q(**{f"{prefix}applicant": None, f"{prefix}visitor": filer.visitor})
    return found


def _of_filer(filer: Filer) -> QuerySet[Case]:
    return Case.objects.filter(theirs(filer)).select_related("version__procedure", "agency").order_by("-id")


def my_drafts(filer: Filer, version: Version | None = None) -> QuerySet[Case]:
    """The filer's drafts, of one procedure if given, newest first."""
    drafts = _of_filer(filer).filter(state=Case.State.DRAFT)
    return drafts if version is None else drafts.filter(version__procedure=version.procedure_id)


def my_case(person: Person, number: str) -> Case:
    """One filed case. Raises Case.DoesNotExist for another's."""
    return my_cases(person).exclude(state=Case.State.DRAFT).get(number=number)


def my_draft(filer: Filer, key: UUID) -> Case:
    """The case by its key, draft or already filed; a draft also at its counter. Raises Case.DoesNotExist for another's."""
    allowed = theirs(filer)
    if filer.person is not None and filer.person.is_official:
        allowed |= at_counters(filer.person)
    return Case.objects.filter(allowed).select_related("version__procedure", "agency", "reception", "received_by").get(key=key)


def is_draft(key: UUID) -> bool:
    """Whether there is a draft of that key, whoever's."""
    return Case.objects.filter(key=key, state=Case.State.DRAFT).exists()


def begun(filer: Filer, choices: Choices) -> Case:
    """The draft these choices would make, not written yet. Raises Case.DoesNotExist when there is one of that key already."""
    version = Version.objects.select_related("procedure").filter(pk=choices.version).first()
    agency = Office.objects.filter(pk=choices.agency).first()
    if version is None or agency is None or Case.objects.filter(key=choices.key).exists():
        raise Case.DoesNotExist
    visitor = "" if filer.person else filer.visitor
    return Case(
        key=choices.key,
        version=version,
        agency=agency,
        circumstance=choices.circumstance,
        applicant=filer.person,
        visitor=visitor,
        behalf=choices.behalf,
        provenance={FITS: {"answers": dict(choices.fits)}} if choices.fits else {},
    )


def my_attachment(filer: Filer, reference: str | UUID, attachment_id: UUID) -> Attachment:
    """A file of a case the filer may read, by number or key. Raises Attachment.DoesNotExist."""
    of_case = {"case_link__case__key": reference} if isinstance(reference, UUID) else {"case_link__case__number": reference}
    allowed = theirs(filer, "case_link__case__")
    if filer.person is not None:
        allowed |= readable(filer.person, "case_link__case__")
        if filer.person.is_official:
            allowed |= at_counters(filer.person, "case_link__case__")
    return Attachment.objects.get(allowed, pk=attachment_id, **of_case)


def my_document(person: Person, number: str, code: str) -> IssuedDocument:
    """An issued document of a case the person may read. Raises IssuedDocument.DoesNotExist."""
    return IssuedDocument.objects.get(
        readable(person, "case_link__case__"), code=code, case_link__case__number=number, state__in=READY
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
    """The papers of the case's circumstance, and the proof of the right to file for another."""
    return papers_with_proof(case, papers(case.version.documents, case.circumstance))


def attachments_of(case: Case) -> dict[str, list[CaseAttachment]]:
    """The files by document key, in order. One query."""
    found: dict[str, list[CaseAttachment]] = {}
    if case.pk is None:
        return found
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
    attached = {key for key, links in attachments_of(case).items() if any(link.attachment.scan != "infected" for link in links)}
    found: list[Gap] = []
    keys = {circumstance["key"] for circumstance in case.version.circumstances}
    if keys and case.circumstance not in keys:
        found.append(Gap(None, "circumstance", _("Choose the circumstance that applies")))
    if representation := representation_gap(case):
        found.append(Gap(None, "behalf", representation))
    if is_retired(case.version.procedure):
        found.append(Gap(None, "retired", _("This procedure has ended: it can no longer be filed.")))
    definition = definition_of(case)
    wrong = {(page_key, key): message for page_key, key, message in wrong_texts(case, definition)} if case.typed else {}
    # What was typed and is not right yet is told as that, not as missing.
    for gap in unanswered(definition, case.answers, attached):
        message = wrong.pop((gap.page_key or "", gap.field_key), "")
        found.append(Gap(gap.page_key, gap.field_key, message or str(gap.message)))
    found += [Gap(page_key, key, message) for (page_key, key), message in wrong.items()]
    found += [
        Gap(page_key, field.key, _("%(question)s: take over what the checked record says") % {"question": field.label.said()})
        for page_key, field in contradictions(case, definition)
    ]
    found += [
        Gap(None, paper.key, _("Attach: %(paper)s") % {"paper": paper.name}) for paper in missing(needed_papers(case), attached)
    ]
    return found
