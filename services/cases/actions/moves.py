"""Moving the open cases of a version to another: asked for by an editor, done by a worker case by case, undone the same way.

Each case is moved in a transaction of its own that holds the lock of the move and of the case, so a case is moved once, never in the
middle of somebody's work on it, and a worker that is killed goes on where it stopped.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.alone import only_worker
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases import lifecycle, moving
from services.cases.actions.events import allowed, locked, record
from services.cases.models import Case, CaseMove
from services.cases.queries import moves as queries
from services.cases.queries.moves import MOVE
from services.catalogue.actions.editors import check_editor
from services.catalogue.models import Procedure, Version

MOVE_TASK = "cases.move_cases"
BATCH = 100
LOCK_CLASS = 0x4D43_4D56
"""Namespace of these advisory locks in PostgreSQL."""
State = CaseMove.State


@transaction.atomic
def start_move(by: Person, from_version: Version, to_version: Version, reason: str) -> CaseMove:
    """Have the open cases of one version moved to another, those that fit it. One move of a procedure at a time."""
    check_editor(by)
    if from_version.procedure_id != to_version.procedure_id or from_version.pk == to_version.pk:
        raise Refused("move.same", _("Choose two different versions of this procedure."), field="den", status=422)
    if to_version not in queries.targets(to_version.procedure):
        raise Refused("move.not_started", _("This version is not in force yet."), field="den", status=422)
    if not reason.strip():
        raise Refused("move.reason", _("Write the reason; applicants and officials will read it."), field="reason", status=422)
    # Whoever starts a move of the procedure waits here for the other one.
    Procedure.objects.select_for_update(no_key=True).get(pk=to_version.procedure_id)
    _must_be_alone(to_version.procedure_id)
    move = CaseMove.objects.create(from_version=from_version, to_version=to_version, reason=reason.strip(), asked_by=by)
    after_commit(MOVE_TASK, move.pk)
    return move


@transaction.atomic
def undo_move(move: CaseMove, by: Person, reason: str) -> CaseMove:
    """Have the cases brought back that this move took along and that still fit where they came from."""
    check_editor(by)
    if not reason.strip():
        raise Refused("move.reason", _("Write the reason; applicants and officials will read it."), field="reason", status=422)
    Procedure.objects.select_for_update(no_key=True).get(pk=move.to_version.procedure_id)
    move = CaseMove.objects.select_for_update(of=("self",)).select_related("to_version").get(pk=move.pk)
    if move.state != State.DONE:
        raise Refused("move.not_done", _("Only a move that is done, and not undone yet, can be undone."))
    _must_be_alone(move.to_version.procedure_id)
    move.state, move.last_case, move.undone_by, move.undo_reason, move.finished_at = State.UNDOING, 0, by, reason.strip(), None
    move.save()
    after_commit(MOVE_TASK, move.pk)
    return move


def _must_be_alone(procedure_id: int) -> None:
    unfinished = CaseMove.objects.filter(pk__in=queries.unfinished_moves(), from_version__procedure=procedure_id)
    if unfinished.exists():
        raise Refused("move.running", _("Cases of this procedure are being moved right now. Wait until that is done."))


def move_cases(pk: int, most: int = BATCH) -> int:
    """Look at the next cases of a move and move those that fit. Returns how many were looked at; a second worker looks at none."""
    with only_worker(LOCK_CLASS, pk) as mine:
        move = (
            CaseMove.objects.select_related("from_version__procedure", "to_version__procedure", "asked_by", "undone_by")
            .filter(pk=pk)
            .first()
        )
        if not mine or move is None or move.state not in (State.WAITING, State.UNDOING):
            return 0
        cases = queries.next_cases(move, most)
        texts = (queries.text_of(move.from_version), queries.text_of(move.to_version))
        for case_pk in cases:
            _move_one(move, case_pk, *texts)
        if len(cases) < most:
            done = State.UNDONE if move.state == State.UNDOING else State.DONE
            CaseMove.objects.filter(pk=pk, state=move.state).update(state=done, finished_at=clock.now())
        else:
            after_commit(MOVE_TASK, pk)
        return len(cases)


@transaction.atomic
def _move_one(known: CaseMove, case_pk: int, before: moving.Text, after: moving.Text) -> None:
    move = CaseMove.objects.select_for_update().get(pk=known.pk)
    if move.state != known.state or case_pk <= move.last_case:
        return
    move.last_case = case_pk
    case = locked(case_pk)
    if move.state == State.UNDOING:
        _bring_back(known, move, case, before, after)
    elif case.version_id == known.from_version_id and case.state in lifecycle.OPEN:
        moved = _carry(case, known.to_version, before, after, known, known.asked_by, known.reason)
        move.moved += moved
        move.left += not moved
    move.save(update_fields=["last_case", "moved", "left", "moved_back"])


def _bring_back(known: CaseMove, move: CaseMove, case: Case, before: moving.Text, after: moving.Text) -> None:
    here = case.version_id == known.to_version_id and case.state in lifecycle.OPEN
    if here and queries.was_moved_by(case, known):
        move.moved_back += _carry(case, known.from_version, after, before, known, known.undone_by, known.undo_reason)


def _carry(
    case: Case, target: Version, here: moving.Text, there: moving.Text, move: CaseMove, by: Person | None, reason: str
) -> bool:
    """Put a locked case under the other version if it fits. The promised date, the answers and the work items stay as they are."""
    if not moving.fits(moving.findings(queries.progress_of(case), here, there)):
        return False
    # That the person may was checked when it was asked for.
    action = allowed(MOVE, case, powers=frozenset({Power.EDIT_CATALOGUE}), reason=reason)
    numbers = {"from": case.version.number, "to": target.number}
    case.version = target
    note = f"Phiên bản {numbers['from']} → {numbers['to']}. {reason}"
    record(case, action, by=by, note=note, data={**numbers, "move": str(move.key)})
    return True
