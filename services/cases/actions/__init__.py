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
from services.cases.actions.bulk import run_bulk
from services.cases.actions.closing import confirm_payment, hand_over, request_payment
from services.cases.actions.consults import call_off_consult, consult, count_silence, give_opinion
from services.cases.actions.counter import (
    accept_at_once,
    begin_at_counter,
    call_off,
    file_at_counter,
    give_back,
    offer,
    offered,
    take_back,
    take_over,
)
from services.cases.actions.course import stop_case
from services.cases.actions.desk_settings import (
    choose_columns,
    remove_filter,
    rename_filter,
    save_filter,
    set_shortcuts,
)
from services.cases.actions.drafts import (
    DraftExists,
    adopt_drafts,
    choose_circumstance,
    discard_draft,
    discard_run_out,
    file,
    request_withdrawal,
    start_draft,
)
from services.cases.actions.events import Overtaken
from services.cases.actions.exports import ask_for_export, make_export, sweep_exports
from services.cases.actions.extensions import draft_extension, extend, prepare_extension
from services.cases.actions.fields import fill_fields
from services.cases.actions.handling import RouteBroken, handle_events, produce_document
from services.cases.actions.indexing import index_cases, refresh_search
from services.cases.actions.moves import move_cases, start_move, undo_move
from services.cases.actions.notes import write_note
from services.cases.actions.representation import represent
from services.cases.actions.returning import reopen, return_step, transfer
from services.cases.actions.saving import SavedPage, save_page
from services.cases.actions.supplements import (
    Incomplete,
    allow_supplement,
    answer_supplement,
    lapse,
    remind,
    request_supplement,
    save_answers,
)
from services.cases.actions.trials import ask_for_trial, try_draft
from services.cases.actions.visits import look
from services.cases.actions.work import act, claim, release

__all__ = [
    "DraftExists",
    "Incomplete",
    "Overtaken",
    "RouteBroken",
    "SavedPage",
    "accept_at_once",
    "act",
    "adopt_drafts",
    "allow_supplement",
    "answer_supplement",
    "ask_for_export",
    "ask_for_form",
    "ask_for_trial",
    "attach",
    "attach_stored",
    "attach_upload",
    "begin_at_counter",
    "call_off",
    "call_off_consult",
    "choose_circumstance",
    "choose_columns",
    "claim",
    "combine",
    "combine_photos",
    "confirm_payment",
    "consult",
    "count_silence",
    "detach",
    "discard_draft",
    "discard_run_out",
    "draft_extension",
    "extend",
    "file",
    "file_at_counter",
    "fill_fields",
    "finish_upload",
    "give_back",
    "give_opinion",
    "hand_over",
    "handle_events",
    "index_cases",
    "lapse",
    "look",
    "make_export",
    "make_form",
    "move",
    "move_cases",
    "offer",
    "offered",
    "prepare_extension",
    "produce_document",
    "refresh_search",
    "release",
    "remind",
    "remove_filter",
    "rename_filter",
    "reopen",
    "represent",
    "request_payment",
    "request_supplement",
    "request_withdrawal",
    "return_step",
    "run_bulk",
    "save_answers",
    "save_filter",
    "save_page",
    "set_shortcuts",
    "start_draft",
    "start_move",
    "start_upload",
    "stop_case",
    "sweep_exports",
    "sweep_forms",
    "take_back",
    "take_over",
    "tell_of_virus",
    "transfer",
    "try_draft",
    "undo_move",
    "write_note",
]
