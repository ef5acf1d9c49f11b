"""Lists of cases as files: asked for in a request, made by a worker, swept when their time is over."""

import hashlib
import tempfile
from functools import partial

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from services.cases.export_cells import cells, headings
from services.cases.models import CaseExport
from services.cases.queries.exports import BATCH, KEPT, exported, wait_after
from services.cases.queue_filters import Filters
from services.cases.tables import CsvTable, Table, XlsxTable
from services.documents.actions import drop_file

EXPORT_TASK = "cases.make_export"
MOST_ATTEMPTS = 4
REUSED_SECONDS = 300
State = CaseExport.State
log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_export(by: Person, filters: Filters, columns: list[str], kind: str) -> CaseExport:
    """Have a list made as a file. The same list asked for again within five minutes is the same file."""
    Person.objects.select_for_update().get(pk=by.pk)
    now = clock.now()
    same = CaseExport.objects.filter(asked_by=by, format=kind, query=filters.plain(), columns=columns).exclude(state=State.FAILED)
    for export in same.order_by("-pk")[:1]:
        if (now - export.asked_at).total_seconds() < REUSED_SECONDS:
            return export
    export = CaseExport.objects.create(asked_by=by, format=kind, query=filters.plain(), columns=columns)
    after_commit(EXPORT_TASK, export.pk)
    return export


def make_export(pk: int) -> bool:
    """Write an export that waits, of what its asker may see now. Returns whether this call did it. Slow: never in a request."""
    export = _claimed(pk)
    if export is None:
        return False
    try:
        return _make(export)
    except Exception as error:
        given_up = export.attempts >= MOST_ATTEMPTS
        if given_up:
            CaseExport.objects.filter(pk=pk, state=State.WAITING).update(state=State.FAILED)
        log.error("export_not_made", export=pk, attempt=export.attempts, final=given_up, error=type(error).__name__)
        if given_up:
            return False
        raise


def _make(export: CaseExport) -> bool:
    waiting = CaseExport.objects.filter(pk=export.pk, state=State.WAITING)
    with tempfile.TemporaryFile() as file, translation.override(export.asked_by.language or None):
        table: Table = XlsxTable(file) if export.format == CaseExport.Format.XLSX else CsvTable(file)
        table.add(headings(export.columns))
        rows = 0
        for chunk in exported(export.asked_by, Filters.read(export.query)):
            for item, labels in chunk:
                table.add(cells(export.columns, item, labels))
            rows += len(chunk)
            waiting.update(rows=rows)
        table.close()
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        name = default_storage.save(f"case-exports/{export.key}.{export.format}", File(file))
    made = waiting.update(state=State.READY, file=name, sha256=digest, size=size, rows=rows, made_at=clock.now())
    if not made:
        drop_file(name)
    return bool(made)


def _claimed(pk: int) -> CaseExport | None:
    """The export, if it waits and no other worker has it; a worker that died loses it after a while."""
    with transaction.atomic():
        waiting = CaseExport.objects.select_for_update(of=("self",), skip_locked=True).select_related("asked_by")
        export = waiting.filter(pk=pk, state=State.WAITING).first()
        if export is None or (export.tried_at and clock.now() - export.tried_at < wait_after(export.attempts)):
            return None
        export.attempts, export.tried_at, export.rows = export.attempts + 1, clock.now(), 0
        export.save(update_fields=["attempts", "tried_at", "rows"])
        return export


@transaction.atomic
def sweep_exports() -> int:
    """Remove the exports that were kept for seven days, with their files. Returns how many."""
    old = CaseExport.objects.select_for_update(skip_locked=True).filter(asked_at__lt=clock.now() - KEPT).order_by("pk")[:BATCH]
    gone = list(old.values_list("pk", "file"))
    CaseExport.objects.filter(pk__in=[pk for pk, _name in gone]).delete()
    for _pk, name in gone:
        if name:
            transaction.on_commit(partial(drop_file, name))
    return len(gone)
