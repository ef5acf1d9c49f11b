"""What the applicant does: draft, file, answer, withdraw."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.folding import fold
from portal.kit.refusal import Refused
from services.cases import handoff, lifecycle, numbering
from services.cases.actions.events import allowed, record
from services.cases.actions.indexing import refresh_search
from services.cases.actions.ownership import own_case, own_draft, owns
from services.cases.actions.representation import settle
from services.cases.filer import Filer
from services.cases.keeping import kept_until
from services.cases.models import Case, CaseAttachment
from services.cases.queries.counter import serves
from services.cases.queries.resident import definition_of, gaps, my_drafts
from services.catalogue.models import Version
from services.catalogue.queries import is_retired
from services.documents import actions as documents
from services.forms.definition import Definition

LOCK_CLASS = 0x4D43_4244
"""Namespace of the drafts' advisory locks in PostgreSQL."""


class DraftExists(Refused):
    """There is a draft of the procedure already: it can be continued, or another one asked for."""

    def __init__(self, draft: Case) -> None:
        super().__init__("draft.exists", _("There is a draft of this procedure already."))
        self.draft = draft


@transaction.atomic
def start_draft(
    by: Filer | Person,
    version: Version,
    agency: Office,
    circumstance: str = "",
    *,
    key: UUID | None = None,
    another: bool = True,
    behalf: str = Case.Behalf.SELF,
    provenance: Mapping[str, Any] | None = None,
) -> Case:
    """A new draft of the version for the agency. The same key again gives the same draft, however often it is asked for.

    `behalf` says for what kind of principal it is begun, `provenance` what was answered before.

    Raises DraftExists when there is another one of the procedure and no second one is meant, Refused("case.circumstance") for a
    circumstance the version does not have, "procedure.retired", and Case.DoesNotExist when the key is somebody else's.
    """
    filer = Filer(by, "") if isinstance(by, Person) else by
    _one_at_a_time(filer)
    if key is not None and (there := Case.objects.filter(key=key).select_related("version__procedure", "agency").first()):
        if not owns(there, filer):
            raise Case.DoesNotExist
        return there
    if not another and (draft := my_drafts(filer, version).first()):
        raise DraftExists(draft)
    if filer.person is not None and filer.person.is_official:
        raise Refused("case.work_account", _("A work account files nothing. Sign in with a resident's account."), status=403)
    check_not_retired(version)
    visitor = "" if filer.person else filer.visitor
    case = Case(key=key or uuid4(), version=version, agency=agency, applicant=filer.person, visitor=visitor, behalf=behalf)
    case.provenance = dict(provenance or {})
    set_circumstance(case, circumstance)
    case.save()
    return case


def check_not_retired(version: Version) -> None:
    """Refused("procedure.retired") once the procedure has ended."""
    if is_retired(version.procedure):
        raise Refused("procedure.retired", _("This procedure has ended: it can no longer be filed."))


def _one_at_a_time(filer: Filer) -> None:
    """Two requests of one filer at the same moment wait for each other until the transaction ends."""
    if filer.person is not None:
        Person.objects.select_for_update().get(pk=filer.person.pk)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_CLASS, filer.visitor])


def set_circumstance(case: Case, circumstance: str) -> None:
    """Choose one the version has. Raises Refused("case.circumstance")."""
    known = {choice["key"] for choice in case.version.circumstances}
    if circumstance and circumstance not in known:
        raise Refused("case.circumstance", _("Choose one of the circumstances listed."), field="circumstance", status=422)
    case.circumstance = circumstance


@transaction.atomic
def choose_circumstance(case: Case, by: Filer | Person, circumstance: str, agency: Office | None = None) -> Case:
    """Change the circumstance (and the agency) of a draft; files of papers that no longer apply are kept with it."""
    draft = own_draft(case.pk, by)
    set_circumstance(draft, circumstance)
    if agency is not None:
        draft.agency = agency
    draft.revision += 1
    draft.saved_at = clock.now()
    draft.save(update_fields=["circumstance", "agency", "revision", "saved_at"])
    return draft


@transaction.atomic
def adopt_drafts(filer: Filer) -> list[Case]:
    """Drafts that were begun in the browser become those of the resident who has signed in there, files and all."""
    person = filer.person
    if person is None or person.is_official or not filer.visitor:
        return []
    begun = Case.objects.filter(applicant=None, visitor=filer.visitor, state=Case.State.DRAFT)
    drafts = list(begun.select_for_update(of=("self",)).select_related("version__procedure").order_by("pk"))
    for draft in drafts:
        draft.applicant, draft.visitor = person, ""
        draft.save(update_fields=["applicant", "visitor"])
    if drafts:
        documents.give(CaseAttachment.objects.filter(case__in=drafts).values_list("attachment_id", flat=True), person)
    return drafts


@transaction.atomic
def discard_draft(case: Case, by: Filer | Person) -> None:
    """Delete a draft and its files. A counter throws away only what was begun there."""
    draft = own_draft(case.pk, by)
    person = by if isinstance(by, Person) else by.person
    if serves(draft, person) and draft.from_phone:
        raise Refused("handoff.not_yours", _("The applicant began this application. Give it back instead of deleting it."))
    _delete(draft)


@transaction.atomic
def discard_run_out(pk: int) -> None:
    """Delete a draft that nobody saved for as long as drafts are kept. One that was saved or filed meanwhile stays."""
    draft = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=Case.State.DRAFT).first()
    if draft is not None and kept_until(draft.saved_at, signed_in=draft.applicant_id is not None) < clock.now():
        _delete(draft)


def _delete(draft: Case) -> None:
    for link in list(draft.attachments.select_related("attachment")):
        attachment = link.attachment
        link.delete()
        documents.discard(attachment)
    draft.delete()


@transaction.atomic
def file(case: Case, by: Person, *, number: str = "") -> Case:
    """File the draft and give it its number. A case that is filed already is returned as it is: a retry changes nothing.

    A trial brings its own `number` and so uses up none.

    Raises Refused("procedure.retired") once the procedure has ended, and "case.incomplete" when something is missing, which
    includes a mandate that does not hold any more.
    """
    draft = own_case(case.pk, by)
    if draft.applicant_id != by.pk:
        # A counter files by another door.
        raise Case.DoesNotExist
    if draft.state != Case.State.DRAFT:
        return draft
    action = allowed("file", draft, actor=lifecycle.Actor.RESIDENT)
    check_not_retired(draft.version)
    settle(draft, by)
    if gaps(draft):
        raise Refused("case.incomplete", _("Something is still missing. The list below shows what."), status=422)
    if draft.reception_id is not None:
        leave_counter(draft, handoff.Move.TAKEN_BACK, draft.received_by)
    written_for_filing(draft, by, number or next_number(draft.agency.code))
    record(draft, action, by=by)
    return draft


def written_for_filing(draft: Case, applicant: Person, number: str) -> None:
    """Set what a case has from the moment it is filed; the caller records the event, which saves it."""
    definition = definition_of(draft)
    draft.answers, draft.typed = definition.kept(draft.answers), {}
    draft.filed_at = clock.now()
    draft.number = number
    name_subject(draft, definition, applicant)
    refresh_search(draft)


def leave_counter(draft: Case, move: handoff.Move, official: Person | None) -> None:
    """A locked draft goes back from a counter to its applicant."""
    now = clock.now()
    office, name = (draft.reception.name if draft.reception else ""), (official.full_name if official else "")
    draft.provenance = handoff.noted(draft.provenance, move, now, office, name)
    draft.channel, draft.reception, draft.received_by, draft.saved_at = Case.Channel.ONLINE, None, None, now
    draft.save(update_fields=["channel", "reception", "received_by", "provenance", "saved_at"])


def name_subject(case: Case, definition: Definition, by: Person) -> None:
    """Write down whom a locked case is for, as its answers say now."""
    case.subject_name = (case.principal_name or definition.subject(case.answers) or by.full_name)[:200]
    # Officials look for either name; often they are the same.
    case.subject_folded = fold(" ".join(dict.fromkeys((case.subject_name, by.full_name))))[:200]


def next_number(agency_code: str) -> str:
    """The next number of the agency today. One statement: PostgreSQL's row lock hands out each number once."""
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
def request_withdrawal(case: Case, by: Person, reason: str) -> Case:
    """Ask for the application back; the office decides."""
    owned = own_case(case.pk, by)
    action = allowed("request_withdrawal", owned, actor=lifecycle.Actor.RESIDENT, reason=reason)
    record(owned, action, by=by, note=reason)
    return owned
