"""One decision about many cases: asked for once, carried out by a worker case by case.

Each case is done through the ordinary single action in a transaction of its own, together with its result. A worker that is killed
goes on with the next case that has none; a case that cannot be done says why and keeps nobody else waiting. Signing asks for the
password once; a worker then takes each decision, and each document is drawn up and signed by itself.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.people.models import Person
from portal.kit import clock
from portal.kit.alone import only_worker
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases import bulk_rules, canned_text, routing
from services.cases.actions import assignment, labels, thread, work
from services.cases.models import BulkEntry, BulkRun, Case, CaseEvent, Label, WorkItem
from services.cases.queries import bulk as queries
from services.cases.queries.canned import values_for
from services.cases.queries.official import HEAVY
from services.cases.queries.papers import outcome_data

log = structlog.get_logger(__name__)

BULK_TASK = "cases.run_bulk"
BATCH = 50
LOCK_CLASS = 0x4D43_424B
"""Namespace of these advisory locks in PostgreSQL."""
CONFIRMED_FOR = timedelta(hours=8)
"""A signature is not made later than this after its password was given."""
MESSAGE_LENGTH = 300
Kind, State, Result = BulkRun.Kind, BulkRun.State, BulkEntry.State

LATER: Mapping[str, Promise] = {
    "signing.unavailable": gettext_lazy(
        "The signature is decided, but documents cannot be signed at the moment. It is tried again by itself."
    ),
    "signing.failed": gettext_lazy(
        "The signature is decided, but the document could not be drawn up so far. It is tried again by itself."
    ),
    "signing.late": gettext_lazy("The signature is decided, but the document is still being drawn up. It comes by itself."),
}
"""Results of entries that become done when their document is signed after all."""


@transaction.atomic
def start(
    by: Person,
    kind: str,
    items: Sequence[tuple[int, int]],
    parameters: Mapping[str, Any],
    *,
    key: uuid.UUID | None = None,
    confirmed_at: datetime | None = None,
) -> BulkRun:
    """Have one thing done with many work items: (item, number of the last event that was seen), in that order.

    Items that are not at the person's desks are left out. The same `key` twice is the same run. Signing needs `confirmed_at`, when
    the password was given.
    """
    # A press that came twice waits here for the first one.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if key and (begun := BulkRun.objects.filter(key=key).first()):
        if begun.asked_by_id == by.pk:
            return begun
        key = None
    if kind == Kind.SIGN and confirmed_at is None:
        raise Refused("bulk.password", _("Enter your password to confirm"), field="password", status=422)
    seen = dict(items)
    if len(seen) > bulk_rules.MOST:
        message = _("Choose at most %(most)s cases at a time.") % {"most": bulk_rules.MOST}
        raise Refused("bulk.too_many", message, status=422)
    cases = dict(queries.chosen(by, seen).values_list("pk", "case_id"))
    known = [pk for pk in seen if pk in cases]
    if not known:
        raise Refused("bulk.none", _("None of the chosen cases is at your desks any more."), status=422)
    kept = {**parameters, "language": translation.get_language()}
    if confirmed_at is not None:
        kept["confirmed_at"] = confirmed_at.isoformat()
    run = BulkRun.objects.create(key=key or uuid.uuid4(), kind=kind, parameters=kept, total=len(known), asked_by=by)
    BulkEntry.objects.bulk_create(
        BulkEntry(run=run, position=position, case_id=cases[pk], work_item_id=pk, seen=seen[pk])
        for position, pk in enumerate(known)
    )
    after_commit(BULK_TASK, run.pk)
    return run


def run_bulk(pk: int, most: int = BATCH) -> int:
    """Do the next cases of a run. Returns how many were looked at; a second worker looks at none."""
    with only_worker(LOCK_CLASS, pk) as mine:
        run = BulkRun.objects.select_related("asked_by").filter(pk=pk, state=State.RUNNING).first()
        if not mine or run is None:
            return 0
        BulkRun.objects.filter(pk=pk).update(tried_at=clock.now())
        with translation.override(run.parameters.get("language")):
            entries = queries.to_do(run, most)
            for entry in entries:
                _do(run, entry)
            if run.kind == Kind.SIGN:
                _look_after_documents(run)
        if len(entries) == most:
            after_commit(BULK_TASK, pk)
        else:
            _end_if_done(pk)
        return len(entries)


def _do(run: BulkRun, entry_pk: int) -> None:
    try:
        _do_one(run, entry_pk)
    except Refused as refused:
        _not_done(entry_pk, refused.code, refused.message)
    except (WorkItem.DoesNotExist, Case.DoesNotExist, Label.DoesNotExist):
        _not_done(entry_pk, "bulk.gone", _("This is no longer at your desks."))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One case that breaks must not keep the others waiting; it was rolled back whole.
        log.exception("bulk_entry_failed", key=entry_pk, kind=run.kind)
        _not_done(entry_pk, "bulk.error", _("A technical error came in between; nothing was changed. Try this case by itself."))


@transaction.atomic
def _do_one(run: BulkRun, entry_pk: int) -> None:
    entry = BulkEntry.objects.select_for_update().get(pk=entry_pk)
    if entry.state == Result.WAITING and DEEDS[Kind(run.kind)](run, entry):
        _settle(entry, Result.DONE)


@transaction.atomic
def _not_done(entry_pk: int, code: str, message: str) -> None:
    entry = BulkEntry.objects.select_for_update().get(pk=entry_pk)
    if entry.state == Result.WAITING:
        _settle(entry, Result.FAILED, code, message)


def _settle(entry: BulkEntry, state: str, code: str = "", message: str = "") -> None:
    """Write down how a locked entry ended, and count it."""
    was = entry.state
    entry.state, entry.code, entry.message, entry.finished_at = state, code, message[:MESSAGE_LENGTH], clock.now()
    entry.save(update_fields=["state", "code", "message", "finished_at"])
    done, failed = int(state == Result.DONE), int(state == Result.FAILED) - int(was == Result.FAILED)
    BulkRun.objects.filter(pk=entry.run_id).update(done=F("done") + done, failed=F("failed") + failed)


def _end_if_done(run_pk: int) -> None:
    waiting = BulkEntry.objects.filter(run=run_pk, state=Result.WAITING)
    if not waiting.exists():
        BulkRun.objects.filter(pk=run_pk, state=State.RUNNING).update(state=State.DONE, finished_at=clock.now())


# What is done with one case. True: that is all; False: workers still have a document to make.


def _claim(run: BulkRun, entry: BulkEntry) -> bool:
    work.claim(_item(entry), run.asked_by)
    return True


def _assign(run: BulkRun, entry: BulkEntry) -> bool:
    assignment.assign(_item(entry), run.parameters["assignee"], run.asked_by, run.parameters.get("note", ""), seen=entry.seen)
    return True


def _label(run: BulkRun, entry: BulkEntry) -> bool:
    change = labels.take_off if run.parameters.get("off") else labels.put
    change(entry.case_id, run.parameters["label"], run.asked_by, seen=entry.seen)
    return True


def _message(run: BulkRun, entry: BulkEntry) -> bool:
    """Fill the text for the case and send it; one with blanks is left to somebody who sees it."""
    case = Case.objects.select_related("version", "agency", "applicant").get(pk=entry.case_id)
    words = run.parameters["text"]
    text = canned_text.fill(words, values_for(case, run.asked_by))
    if text.count(canned_text.BLANK) > words.count(canned_text.BLANK):
        raise Refused(
            "bulk.blanks", _("The message would have blanks in this case. Write it by itself, on the page of the case.")
        )
    thread.send_message(case.pk, run.asked_by, text, seen=entry.seen)
    return True


def _end_step(run: BulkRun, entry: BulkEntry) -> bool:
    """Take the item where nobody holds it, then the single action; both or neither."""
    item = queries.chosen(run.asked_by, [_item(entry)]).get()
    name = bulk_rules.deed(run.kind, routing.Kind(item.kind))
    if not name:
        raise Refused("work.not_here", _("This step does not have that action."))
    if item.claimed_by_id is None and item.state == WorkItem.State.OPEN:
        work.claim(item.pk, run.asked_by)
    work.act(item.pk, name, run.asked_by, run.parameters.get("note", ""), seen=entry.seen)
    return True


def _sign(run: BulkRun, entry: BulkEntry) -> bool:
    """Take the decision; what is signed must have no blanks. One that was taken before is not taken twice."""
    confirmed_at = run.parameters.get("confirmed_at")
    if not confirmed_at or clock.now() - datetime.fromisoformat(confirmed_at) > CONFIRMED_FOR:
        raise Refused("bulk.password_old", _("Your password was given too long ago. Confirm again."))
    if CaseEvent.objects.filter(work_item=entry.work_item_id, action="sign", actor=run.asked_by_id).exists():
        return False
    item = (
        queries.chosen(run.asked_by, [_item(entry)])
        .select_related("case__version__procedure", "case__agency__parent", "office__parent__parent__parent")
        .defer(*(f"case__{name}" for name in HEAVY if name not in queries.NEEDED_TO_SIGN))
        .get()
    )
    if item.kind == routing.Kind.SIGN and (empty := bulk_rules.blanks(outcome_data(item.case, item, run.asked_by))):
        message = _("The outcome would have blanks: %(places)s. Complete it, or sign it by itself.")
        raise Refused("bulk.blanks", message % {"places": "; ".join(empty)})
    _end_step(run, entry)
    return False


def _item(entry: BulkEntry) -> int:
    assert entry.work_item_id is not None
    return entry.work_item_id


DEEDS: Mapping[BulkRun.Kind, Callable[[BulkRun, BulkEntry], bool]] = {
    Kind.CLAIM: _claim,
    Kind.ASSIGN: _assign,
    Kind.LABEL: _label,
    Kind.ACCEPT: _end_step,
    Kind.FINISH: _end_step,
    Kind.SIGN: _sign,
    Kind.MESSAGE: _message,
}
"""What can be done with many cases, in the order in which it is offered."""


# Documents of a signing run


def _look_after_documents(run: BulkRun) -> None:
    """Write down which documents are signed by now, and which are not to be waited for any longer."""
    for one in queries.signing(run):
        if one.signed:
            _signed(one.entry)
        elif one.code:
            _not_done(one.entry, one.code, str(LATER[one.code]))


def document_signed(case: Case, event: CaseEvent) -> None:
    """Reaction to a signed document: the entry that asked for it is done, also when its run had stopped waiting."""
    entries = BulkEntry.objects.filter(work_item=event.work_item_id, run__kind=Kind.SIGN).exclude(state=Result.DONE)
    for pk, state, code in entries.values_list("pk", "state", "code"):
        if state == Result.WAITING or code in LATER:
            _signed(pk)


@transaction.atomic
def _signed(entry_pk: int) -> None:
    entry = BulkEntry.objects.select_for_update().get(pk=entry_pk)
    if entry.state == Result.WAITING or entry.code in LATER:
        _settle(entry, Result.DONE)
        _end_if_done(entry.run_id)
