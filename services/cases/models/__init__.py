"""Cases and what is kept about working on them."""

from services.cases.models.batches import BulkEntry, BulkRun, CaseExport
from services.cases.models.case import (
    OPEN_STATES,
    Case,
    CaseAttachment,
    CaseDocument,
    CaseEvent,
    NumberCounter,
    WorkItem,
)
from services.cases.models.casework import (
    CannedText,
    CaseLabel,
    CaseNote,
    CaseVisit,
    DeskSettings,
    Extension,
    HandOver,
    Label,
    SavedFilter,
    SupplementRequest,
)
from services.cases.models.filing import ApplicationForm, CaseMove, TrialRun
from services.cases.models.sheets import Sheet
from services.cases.models.thread import CaseMessage, MessageFile

__all__ = [
    "OPEN_STATES",
    "ApplicationForm",
    "BulkEntry",
    "BulkRun",
    "CannedText",
    "Case",
    "CaseAttachment",
    "CaseDocument",
    "CaseEvent",
    "CaseExport",
    "CaseLabel",
    "CaseMessage",
    "CaseMove",
    "CaseNote",
    "CaseVisit",
    "DeskSettings",
    "Extension",
    "HandOver",
    "Label",
    "MessageFile",
    "NumberCounter",
    "SavedFilter",
    "Sheet",
    "SupplementRequest",
    "TrialRun",
    "WorkItem",
]
