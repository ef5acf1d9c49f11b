"""What an exported list says of each row, by column."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.templatetags.portal import short_datetime
from services.cases.models import Label, WorkItem

Words = str | Promise
Cell = Callable[[WorkItem, Sequence[Label]], str]


def _doer(item: WorkItem, _labels: Sequence[Label]) -> str:
    doer = item.finished_by or item.claimed_by
    return doer.full_name if doer else ""


CELLS: Mapping[str, tuple[tuple[Words, Cell], ...]] = {
    "due": (
        (_("Deadline"), lambda item, labels: short_datetime(item.due_at)),
        (_("Finished at"), lambda item, labels: short_datetime(item.finished_at)),
    ),
    "work": (
        (_("Case number"), lambda item, labels: item.case.number or ""),
        (_("Step"), lambda item, labels: item.title),
        (_("Procedure"), lambda item, labels: item.case.version.name),
    ),
    "subject": (
        (_("Whom it is for"), lambda item, labels: item.case.subject_name),
        (_("Filed by"), lambda item, labels: item.case.filed_by.full_name),
    ),
    "office": ((_("Office"), lambda item, labels: item.office.name),),
    "holder": ((_("Held by"), _doer),),
    "agency": ((_("Agency"), lambda item, labels: item.case.agency.name),),
    "state": ((_("State"), lambda item, labels: str(item.case.get_state_display())),),
    "labels": ((_("Labels"), lambda item, labels: ", ".join(label.name for label in labels)),),
    "domain": ((_("Field"), lambda item, labels: item.case.version.procedure.domain.name),),
    "channel": ((_("Channel"), lambda item, labels: str(item.case.get_channel_display())),),
    "filed": ((_("Filed at"), lambda item, labels: short_datetime(item.case.filed_at)),),
}


def headings(columns: Sequence[str]) -> list[str]:
    """The first row."""
    return [str(title) for name in columns for title, _cell in CELLS[name]]


def cells(columns: Sequence[str], item: WorkItem, labels: Sequence[Label]) -> list[str]:
    """The row of one work item."""
    return [cell(item, labels) for name in columns for _title, cell in CELLS[name]]
