"""Sheets that were asked for: what waits, who may open one, which have run out."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case, Sheet
from services.cases.queries.application_forms import GRACE, wait_after
from services.cases.queries.official import cases_for_official
from services.cases.queries.register import register_offices

BATCH = 200
KEPT_FOR = timedelta(days=7)
SHOWN = 12


def newest_control_sheet(case: Case) -> Sheet | None:
    """The newest control sheet of the case; it may be of an earlier moment."""
    return case.sheets.filter(kind=Sheet.Kind.CONTROL).order_by("-pk").first()


def registers_of(person: Person, office: Office, since: date, until: date) -> list[Sheet]:
    """Registers of the office within the period that the person has asked for, newest first."""
    asked = Sheet.objects.filter(kind=Sheet.Kind.REGISTER, office=office, asked_by=person, since__gte=since, until__lte=until)
    return list(asked.order_by("-pk")[:SHOWN])


def sheet_for_official(person: Person, key: UUID) -> Sheet:
    """A finished sheet the person may read today. Raises Sheet.DoesNotExist."""
    sheet = Sheet.objects.select_related("case", "office").get(key=key, state=Sheet.State.READY)
    if sheet.kind == Sheet.Kind.CONTROL:
        allowed = cases_for_official(person).filter(sheets=sheet).exists()
    else:
        allowed = register_offices(person).filter(code=sheet.office.code if sheet.office else "").exists()
    if not allowed:
        raise Sheet.DoesNotExist
    return sheet


def visible(person: Person, cases: Iterable[Case]) -> set[str]:
    """Numbers of those cases the person may open: reading a register is no right to every case in it."""
    seen = cases_for_official(person).filter(pk__in=[case.pk for case in cases])
    return {number for number in seen.values_list("number", flat=True) if number}


def sheets_waiting() -> list[int]:
    """Keys of sheets that were asked for and are not made; each failure doubles the wait, to an hour."""
    now = clock.now()
    waiting = Sheet.objects.filter(state=Sheet.State.WAITING, asked_at__lt=now - GRACE).order_by("asked_at")
    rows = waiting.values_list("pk", "attempts", "tried_at")[:BATCH]
    return [pk for pk, attempts, tried_at in rows if tried_at is None or now - tried_at >= wait_after(attempts)]


def run_out() -> list[tuple[int, str]]:
    """Keys and files of sheets that were asked for longer ago than they are kept, oldest first."""
    old = Sheet.objects.exclude(state=Sheet.State.WAITING).filter(asked_at__lt=clock.now() - KEPT_FOR)
    return list(old.order_by("asked_at").values_list("pk", "file")[:BATCH])
