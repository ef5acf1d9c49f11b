"""The only writer of cases: what applicants do, what officials do, what workers do."""

from services.cases.actions.attaching import attach, detach
from services.cases.actions.drafts import (
    answer_supplement,
    choose_circumstance,
    discard_draft,
    file,
    request_withdrawal,
    save_page,
    start_draft,
)
from services.cases.actions.handling import RouteBroken, handle_events, produce_document
from services.cases.actions.work import act, claim, release

__all__ = [
    "RouteBroken",
    "act",
    "answer_supplement",
    "attach",
    "choose_circumstance",
    "claim",
    "detach",
    "discard_draft",
    "file",
    "handle_events",
    "produce_document",
    "release",
    "request_withdrawal",
    "save_page",
    "start_draft",
]
