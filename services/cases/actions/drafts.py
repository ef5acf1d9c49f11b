"""What the applicant does: draft, attach, file, answer, withdraw."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.folding import fold
from portal.kit.refusal import Refused
from services.cases import lifecycle, numbering
from services.cases.actions.attaching import added_since_pause
from services.cases.actions.events import allowed, record
from services.cases.actions.ownership import own_case, own_draft
from services.cases.models import Case
from services.cases.queries.resident import definition_of, gaps
from services.catalogue.models import Version
from services.documents import actions as documents


@transaction.atomic
def start_draft(person: Person, version: Version, agency: Office, circumstance: str = "") -> Case:
    """A new draft of the version for the agency; one with nothing in it yet is used again, so that a double click makes one.

    Raises Refused("case.circumstance") for a circumstance the version does not have.
    """
    # Two requests of one person at the same moment wait for each other here.
    Person.objects.select_for_update().get(pk=person.pk)
    untouched = Case.objects.filter(applicant=person, version=version, state=Case.State.DRAFT, answers={}, attachments=None)
    case = untouched.select_related("version").first() or Case(version=version, applicant=person)
    case.agency = agency
    _set_circumstance(case, circumstance)
    case.save()
    return case


def _set_circumstance(case: Case, circumstance: str) -> None:
    known = {choice["key"] for choice in case.version.circumstances}
    if circumstance and circumstance not in known:
        raise Refused("case.circumstance", _("Choose one of the circumstances listed."), field="circumstance", status=422)
    case.circumstance = circumstance


@transaction.atomic
def choose_circumstance(case: Case, by: Person, circumstance: str, agency: Office | None = None) -> Case:
    """Change the circumstance (and the agency) of a draft; files of papers that no longer apply are kept with it."""
    draft = own_draft(case.pk, by)
    _set_circumstance(draft, circumstance)
    if agency is not None:
        draft.agency = agency
    draft.saved_at = clock.now()
    draft.save(update_fields=["circumstance", "agency", "saved_at"])
    return draft


@transaction.atomic
def save_page(case: Case, by: Person, page_key: str, values: dict[str, Any]) -> Case:
    """Keep one page of answers; earlier answers of that page that are not given now are dropped."""
    draft = own_draft(case.pk, by)
    page = next(page for page in definition_of(draft).pages if page.key == page_key)
    of_page = {field.key for field in page.fields}
    kept = {key: value for key, value in draft.answers.items() if key not in of_page}
    draft.answers = kept | {key: value for key, value in values.items() if key in of_page}
    draft.saved_at = clock.now()
    draft.save(update_fields=["answers", "saved_at"])
    return draft


@transaction.atomic
def discard_draft(case: Case, by: Person) -> None:
    """Delete a draft and its files."""
    draft = own_draft(case.pk, by)
    for link in list(draft.attachments.select_related("attachment")):
        attachment = link.attachment
        link.delete()
        documents.discard(attachment)
    draft.delete()


@transaction.atomic
def file(case: Case, by: Person) -> Case:
    """File the draft and give it its number. A case that is filed already is returned as it is: a retry changes nothing.

    Raises Refused("case.incomplete") when something is missing.
    """
    draft = own_case(case.pk, by)
    if draft.state != Case.State.DRAFT:
        return draft
    action = allowed("file", draft, actor=lifecycle.Actor.RESIDENT)
    if gaps(draft):
        raise Refused("case.incomplete", _("Something is still missing. The list below shows what."), status=422)
    definition = definition_of(draft)
    draft.answers = definition.kept(draft.answers)
    draft.filed_at = clock.now()
    draft.number = _next_number(draft.agency.code)
    draft.subject_name = (definition.subject(draft.answers) or by.full_name)[:200]
    # Officials look for either name; often they are the same.
    draft.subject_folded = fold(" ".join(dict.fromkeys((draft.subject_name, by.full_name))))[:200]
    record(draft, action, by=by)
    return draft


def _next_number(agency_code: str) -> str:
    """One statement: PostgreSQL's row lock hands out each number once."""
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (agency_code, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (agency_code, day) DO UPDATE SET last = cases_numbercounter.last + 1 RETURNING last",
            [agency_code, day],
        )
        row = cursor.fetchone()
    return numbering.case_number(agency_code, day, row[0])


@transaction.atomic
def answer_supplement(case: Case, by: Person, note: str) -> Case:
    """Send what was asked for; the clock runs again."""
    owned = own_case(case.pk, by)
    action = allowed("answer_supplement", owned, actor=lifecycle.Actor.RESIDENT)
    sent = [
        link.attachment.name
        for link in owned.attachments.filter(added_in="supplement").select_related("attachment")
        if added_since_pause(owned, link)
    ]
    if not note.strip() and not sent:
        raise Refused("case.empty_supplement", _("Attach a file or write an answer before sending."), field="note", status=422)
    record(owned, action, by=by, note=note, data={"files": len(sent)})
    return owned


@transaction.atomic
def request_withdrawal(case: Case, by: Person, reason: str) -> Case:
    """Ask for the application back; the office decides."""
    owned = own_case(case.pk, by)
    action = allowed("request_withdrawal", owned, actor=lifecycle.Actor.RESIDENT, reason=reason)
    record(owned, action, by=by, note=reason)
    return owned
