"""The statutory form (tờ khai) of a draft or a filed case as a PDF: asked for in a request, made by a worker, swept when it is of no use."""

import hashlib
from functools import partial

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from services.cases.actions.ownership import own_draft
from services.cases.filer import Filer
from services.cases.models import ApplicationForm, Case
from services.cases.queries.application_forms import form_data, form_digest, wait_after
from services.documents import pdf
from services.documents.actions import drop_file

FORM_TASK = "cases.make_application_form"
MOST_ATTEMPTS = 6
State = ApplicationForm.State
log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_form(case: Case, by: Filer | Person) -> ApplicationForm:
    """Have the form of a draft made as its answers are now; asking again changes nothing, and one that failed is tried again.

    Forms of earlier answers go.
    """
    return _wanted(own_draft(case.pk, by), is_draft=True)


def keep_form(case: Case) -> ApplicationForm:
    """Have the form of a case made that has just been filed; it stays with the case. The caller holds the case's lock."""
    return _wanted(case, is_draft=False)


def _wanted(case: Case, *, is_draft: bool) -> ApplicationForm:
    data = form_data(case)
    form, is_new = ApplicationForm.objects.get_or_create(
        case=case, digest=form_digest(data), defaults={"is_draft": is_draft, "revision": case.revision, "data": data}
    )
    if is_new:
        _remove(case.application_forms.filter(is_draft=True).exclude(pk=form.pk))
    elif form.state == State.FAILED:
        form.state, form.attempts, form.tried_at, form.asked_at = State.WAITING, 0, None, clock.now()
        form.save(update_fields=["state", "attempts", "tried_at", "asked_at"])
    if form.state == State.WAITING:
        after_commit(FORM_TASK, form.pk)
    return form


def make_form(pk: int) -> bool:
    """Draw a form that waits. Returns whether this call did it; a repeat does nothing. Slow: never in a request."""
    form = _claimed(pk)
    if form is None:
        return False
    try:
        content = pdf.draw("application_form", code="", title=form.data["title"], data=form.data).content
    except Exception as error:
        given_up = form.attempts >= MOST_ATTEMPTS
        ApplicationForm.objects.filter(pk=pk, state=State.WAITING).update(state=State.FAILED if given_up else State.WAITING)
        log.error("application_form_not_made", form=pk, attempt=form.attempts, final=given_up, error=type(error).__name__)
        if given_up:
            return False
        raise
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save(f"application-forms/{digest[:2]}/{digest}.pdf", ContentFile(content))
    made = ApplicationForm.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.READY, file=name, sha256=digest, size=len(content), made_at=clock.now()
    )
    if not made:
        drop_file(name)
    return bool(made)


def _claimed(pk: int) -> ApplicationForm | None:
    """The form, if it waits and no other worker has it; a worker that died loses it after a while."""
    with transaction.atomic():
        form = ApplicationForm.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
        if form is None or (form.tried_at and clock.now() - form.tried_at < wait_after(form.attempts)):
            return None
        form.attempts, form.tried_at = form.attempts + 1, clock.now()
        form.save(update_fields=["attempts", "tried_at"])
        return form


@transaction.atomic
def sweep_forms() -> int:
    """Remove the forms of drafts that are gone. Returns how many."""
    return _remove(ApplicationForm.objects.select_for_update(skip_locked=True).filter(case=None).order_by("pk")[:500])


def _remove(forms: QuerySet[ApplicationForm]) -> int:
    gone = list(forms.values_list("pk", "file"))
    ApplicationForm.objects.filter(pk__in=[pk for pk, _name in gone]).delete()
    for _pk, name in gone:
        if name:
            transaction.on_commit(partial(drop_file, name))
    return len(gone)
