"""Control sheets and registers as PDFs: asked for on a page, drawn by a worker, removed after a week."""

import hashlib
import tempfile
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused
from services.cases.actions.events import locked
from services.cases.models import Case, Sheet
from services.cases.queries import register
from services.cases.queries.application_forms import wait_after
from services.cases.queries.control_sheet import control_sheet_data
from services.cases.queries.sheets import run_out
from services.documents import merging, pdf
from services.documents.actions import drop_file

SHEET_TASK = "cases.make_sheet"
MOST_ATTEMPTS = 6
MOST_MONTHS = 12
ROWS_AT_ONCE = 200
"""Rows drawn in one go: memory stays the same however long the register is."""
CONTROL_TITLE = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
REGISTER_TITLE = "Sổ theo dõi hồ sơ"
State = Sheet.State
log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_control_sheet(case: Case, by: Person) -> Sheet:
    """Have the control sheet drawn as things stand; while nothing happens in the case the same sheet serves everybody."""
    case = locked(case.pk)
    drawn = case.sheets.filter(kind=Sheet.Kind.CONTROL, last_event=case.last_event).exclude(state=State.FAILED)
    sheet = drawn.order_by("-pk").first()
    if sheet is None:
        sheet = Sheet.objects.create(kind=Sheet.Kind.CONTROL, case=case, last_event=case.last_event, asked_by=by)
    return _sent(sheet)


@transaction.atomic
def ask_for_register(office: Office, since: date, until: date, by: Person) -> list[Sheet]:
    """Have the register of a period drawn, one sheet for each month of it. Refused where a part holds more rows than a sheet does.

    What the same person has already asked for and waits for is not asked for twice.
    """
    if since > until:
        raise Refused("register.period", _("The last day is before the first one."), field="until", status=422)
    months = list(_months(since, until))
    if len(months) > MOST_MONTHS:
        raise Refused("register.period", _("Choose a period of at most twelve months."), field="until", status=422)
    for first, last in months:
        if register.register_count(office, first, last).more:
            facts = {"most": register.MOST_ROWS, "month": f"{first:%m/%Y}"}
            message = _("There are more than %(most)s cases in %(month)s. Choose shorter periods.") % facts
            raise Refused("register.too_long", message, field="until", status=422)
    return [_sent(_register(office, first, last, by)) for first, last in months]


def _register(office: Office, since: date, until: date, by: Person) -> Sheet:
    wanted = {"kind": Sheet.Kind.REGISTER, "office": office, "since": since, "until": until, "asked_by": by}
    waiting = Sheet.objects.filter(**wanted, state=State.WAITING).first()
    return waiting or Sheet.objects.create(**wanted)


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """The period cut at the ends of months."""
    while since <= until:
        last = min(until, since.replace(day=monthrange(since.year, since.month)[1]))
        yield since, last
        since = last + timedelta(days=1)


def _sent(sheet: Sheet) -> Sheet:
    if sheet.state == State.WAITING:
        after_commit(SHEET_TASK, sheet.pk)
    return sheet


def make_sheet(pk: int) -> bool:
    """Draw a sheet that waits. Returns whether this call did it; a repeat does nothing. Slow: never in a request."""
    sheet = _claimed(pk)
    if sheet is None:
        return False
    try:
        content, rows = _control(sheet) if sheet.kind == Sheet.Kind.CONTROL else _drawn_register(sheet)
    except Exception as error:
        given_up = sheet.attempts >= MOST_ATTEMPTS
        Sheet.objects.filter(pk=pk, state=State.WAITING).update(state=State.FAILED if given_up else State.WAITING)
        log.error("sheet_not_made", sheet=pk, attempt=sheet.attempts, final=given_up, error=type(error).__name__)
        if given_up:
            return False
        raise
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save(f"sheets/{digest[:2]}/{digest}.pdf", ContentFile(content))
    made = Sheet.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.READY, file=name, sha256=digest, size=len(content), rows=rows, made_at=clock.now()
    )
    if not made:
        drop_file(name)
    return bool(made)


def _claimed(pk: int) -> Sheet | None:
    """The sheet, if it waits and no other worker has it; a worker that died loses it after a while."""
    with transaction.atomic():
        waiting = Sheet.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, state=State.WAITING)
        sheet = waiting.select_related(
            "office__parent", "case__version__procedure", "case__agency__parent", "case__applicant"
        ).first()
        if sheet is None or (sheet.tried_at and clock.now() - sheet.tried_at < wait_after(sheet.attempts)):
            return None
        sheet.attempts, sheet.tried_at = sheet.attempts + 1, clock.now()
        sheet.save(update_fields=["attempts", "tried_at"])
        return sheet


def _control(sheet: Sheet) -> tuple[bytes, int]:
    assert sheet.case is not None
    data = control_sheet_data(sheet.case)
    return pdf.draw("control_sheet", code="", title=CONTROL_TITLE, data=data).content, len(data["rows"])


def _drawn_register(sheet: Sheet) -> tuple[bytes, int]:
    """Drawn a few hundred rows at a time into files, then put together."""
    assert sheet.office is not None
    assert sheet.since is not None
    assert sheet.until is not None
    head = register.register_head(sheet.office, sheet.since, sheet.until)
    count = register.register_count(sheet.office, sheet.since, sheet.until).count
    parts: list[Path] = []
    drawn = pages = 0
    with tempfile.TemporaryDirectory() as folder:
        for rows in _parts(sheet.office, sheet.since, sheet.until):
            data = {
                **head,
                "count": count,
                "begins": not parts,
                "ends": drawn + len(rows) >= count,
                "first_page": pages + 1 if parts else 0,
                "rows": register.rows_as_data(rows),
            }
            part = Path(folder) / f"{len(parts)}.pdf"
            one = pdf.draw("register", code="", title=REGISTER_TITLE, data=data, with_data=False)
            part.write_bytes(one.content)
            parts.append(part)
            drawn, pages = drawn + len(rows), pages + one.pages
        return merging.merged(parts), drawn


def _parts(office: Office, since: date, until: date) -> Iterator[list[register.Row]]:
    """All rows, or one empty page for a period without cases."""
    some = False
    for rows in register.register_parts(office, since, until, ROWS_AT_ONCE):
        some = True
        yield rows
    if not some:
        yield []


@transaction.atomic
def sweep_sheets() -> int:
    """Remove sheets made a week ago: they hold personal data and can be drawn again. Returns how many."""
    gone = run_out()
    Sheet.objects.filter(pk__in=[pk for pk, _name in gone]).delete()
    for _pk, name in gone:
        if name:
            transaction.on_commit(partial(drop_file, name))
    return len(gone)
