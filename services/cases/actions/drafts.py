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
from services.cases import lifecycle, numbering
from services.cases.actions.attaching import added_since_pause
from services.cases.actions.events import allowed, record
from services.cases.actions.ownership import own_case, own_draft, owns
from services.cases.actions.representation import settle
from services.cases.filer import Filer
from services.cases.keeping import kept_until
from services.cases.models import Case, CaseAttachment
from services.cases.queries.resident import definition_of, gaps, my_drafts
from services.catalogue.models import Version
from services.catalogue.queries import is_retired
from services.documents import actions as documents

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
    _check_not_retired(version)
    visitor = "" if filer.person else filer.visitor
    case = Case(key=key or uuid4(), version=version, agency=agency, applicant=filer.person, visitor=visitor, behalf=behalf)
    case.provenance = dict(provenance or {})
    _set_circumstance(case, circumstance)
    case.save()
    return case


def _check_not_retired(version: Version) -> None:
    if is_retired(version.procedure):
        raise Refused("procedure.retired", _("This procedure has ended: it can no longer be filed."))


def _one_at_a_time(filer: Filer) -> None:
    """Two requests of one filer at the same moment wait for each other until the transaction ends."""
    if filer.person is not None:
        Person.objects.select_for_update().get(pk=filer.person.pk)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_CLASS, filer.visitor])


def _set_circumstance(case: Case, circumstance: str) -> None:
    known = {choice["key"] for choice in case.version.circumstances}
    if circumstance and circumstance not in known:
        raise Refused("case.circumstance", _("Choose one of the circumstances listed."), field="circumstance", status=422)
    case.circumstance = circumstance


@transaction.atomic
def choose_circumstance(case: Case, by: Filer | Person, circumstance: str, agency: Office | None = None) -> Case:
    """Change the circumstance (and the agency) of a draft; files of papers that no longer apply are kept with it."""
    draft = own_draft(case.pk, by)
    _set_circumstance(draft, circumstance)
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
    """Delete a draft and its files."""
    _delete(own_draft(case.pk, by))


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
    if draft.state != Case.State.DRAFT:
        return draft
    action = allowed("file", draft, actor=lifecycle.Actor.RESIDENT)
    _check_not_retired(draft.version)
    settle(draft, by)
    if gaps(draft):
        raise Refused("case.incomplete", _("Something is still missing. The list below shows what."), status=422)
    definition = definition_of(draft)
    draft.answers, draft.typed = definition.kept(draft.answers), {}
    draft.filed_at = clock.now()
    draft.number = number or _next_number(draft.agency.code)
    draft.subject_name = (draft.principal_name or definition.subject(draft.answers) or by.full_name)[:200]
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
