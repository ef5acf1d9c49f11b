"""The only writer of the catalogue: procedures, their versions, and the drafts editors work on."""

from services.catalogue.actions.drafting import (
    approve,
    discard,
    propose,
    reopen,
    save_draft,
    send_back,
    settle_finding,
    start_draft,
)
from services.catalogue.actions.figures import record_turnaround
from services.catalogue.actions.publishing import Unpublishable, count_filing, publish, start_due_versions
from services.catalogue.actions.retiring import retire, unretire
from services.catalogue.content import FACTS

__all__ = [
    "FACTS",
    "Unpublishable",
    "approve",
    "count_filing",
    "discard",
    "propose",
    "publish",
    "record_turnaround",
    "reopen",
    "retire",
    "save_draft",
    "send_back",
    "settle_finding",
    "start_draft",
    "start_due_versions",
    "unretire",
]
