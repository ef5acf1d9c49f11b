"""Walks a case through its route as the people of the demonstration city would, through the actions."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from services.cases import actions, checklist, queries, routing
from services.cases.models import Case, CaseDocument, WorkItem
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from services.forms import sample
from services.forms.definition import parse

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n"


def pdf(name: str = "giay-to.pdf") -> SimpleUploadedFile:
    """A small real PDF."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def fill_in(version: Version) -> dict[str, Any]:
    """Answers to every required question the definition asks."""
    return sample.answers(parse(version.form), clock.today(), optional=False)


def draft(person: Person, version: Version, agency: Office, circumstance: str = "", **answers: Any) -> Case:
    """A complete draft: every required answer and paper."""
    if not circumstance and version.circumstances:
        circumstance = version.circumstances[0]["key"]
    case = actions.start_draft(person, version, agency, circumstance)
    case.answers = fill_in(version) | answers
    case.save(update_fields=["answers"])
    for paper in checklist.papers(version.documents, circumstance):
        if paper.required and paper.upload:
            actions.attach(case, person, paper.key, pdf(f"{paper.key}.pdf"))
    for field in parse(version.form).attachments_shown(case.answers):
        if field.required:
            actions.attach(case, person, field.key, pdf(f"{field.key}.pdf"))
    assert not (missing := queries.gaps(case)), [(gap.key, str(gap.message)) for gap in missing]
    return case


def holder(item: WorkItem) -> Person:
    """Somebody who holds the item's power at its office."""
    person = item.claimed_by or offices.holders(item.office, item.power).order_by("pk").first()
    assert person is not None, f"nobody at {item.office} may {item.power}"
    return person


def next_step(case: Case) -> WorkItem | None:
    """The first open work item."""
    return (
        case.work_items.filter(state=WorkItem.State.OPEN)
        .select_related("office", "claimed_by")
        .order_by("position", "pk")
        .first()
    )


def take_step(item: WorkItem, note: str = "") -> Case:
    """Claim the item and do the usual thing with it."""
    person = holder(item)
    actions.claim(item.pk, person)
    return actions.act(item.pk, routing.ACTIONS_OF_KIND[routing.Kind(item.kind)][0], person, note=note)


def work(case: Case) -> None:
    """What the workers would do now, until nothing is left: events and documents."""
    while actions.handle_events(case.pk) or sum(
        actions.produce_document(link.pk)
        for link in CaseDocument.objects.filter(
            case=case, issued__state__in=[IssuedDocument.State.TO_SIGN, IssuedDocument.State.TO_SEAL]
        )
    ):
        pass
    case.refresh_from_db()


def to_the_end(case: Case) -> list[WorkItem]:
    """Walk the case from filed to returned; the items in the order they were done."""
    done = []
    work(case)
    while item := next_step(case):
        # A fee step offers to ask for money first; finishing it is the usual way when there is nothing to pay.
        if item.kind == routing.Kind.COLLECT_FEE:
            person = holder(item)
            actions.claim(item.pk, person)
            actions.act(item.pk, "finish", person)
        else:
            take_step(item)
        done.append(item)
        work(case)
    return done


def outcome(case: Case) -> IssuedDocument:
    """The sealed outcome."""
    return next(d for d in queries.documents_of(case, for_resident=True) if d.kind == IssuedDocument.Kind.OUTCOME)


def content(document: IssuedDocument) -> bytes:
    """The bytes of a document's file."""
    with document.file.open("rb") as stream:
        return io.BytesIO(stream.read()).getvalue()
