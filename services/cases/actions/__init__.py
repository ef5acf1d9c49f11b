"""The only writer of cases: what applicants do, what officials do, what workers do."""

from services.cases.actions.application_forms import ask_for_form, make_form, sweep_forms
from services.cases.actions.attaching import (
    attach,
    attach_stored,
    attach_upload,
    combine,
    combine_photos,
    detach,
    finish_upload,
    move,
    start_upload,
    tell_of_virus,
)
from services.cases.actions.drafts import (
    DraftExists,
    adopt_drafts,
    answer_supplement,
    choose_circumstance,
    discard_draft,
    discard_run_out,
    file,
    request_withdrawal,
    start_draft,
)
from services.cases.actions.handling import RouteBroken, handle_events, produce_document
from services.cases.actions.moves import move_cases, start_move, undo_move
from services.cases.actions.representation import represent
from services.cases.actions.saving import SavedPage, save_page
from services.cases.actions.trials import ask_for_trial, try_draft
from services.cases.actions.work import act, claim, release

__all__ = [
    "DraftExists",
    "RouteBroken",
    "SavedPage",
    "act",
    "adopt_drafts",
    "answer_supplement",
    "ask_for_form",
    "ask_for_trial",
    "attach",
    "attach_stored",
    "attach_upload",
    "choose_circumstance",
    "claim",
    "combine",
    "combine_photos",
    "detach",
    "discard_draft",
    "discard_run_out",
    "file",
    "finish_upload",
    "handle_events",
    "make_form",
    "move",
    "move_cases",
    "produce_document",
    "release",
    "represent",
    "request_withdrawal",
    "save_page",
    "start_draft",
    "start_move",
    "start_upload",
    "sweep_forms",
    "tell_of_virus",
    "try_draft",
    "undo_move",
]
