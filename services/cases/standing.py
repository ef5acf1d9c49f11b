"""RULE: what a state of a case means to its applicant in plain words, and whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.cases.deadlines import Calendar, Unit, clock_start, due
from services.cases.lifecycle import PAUSED, State

CHECK_HOURS = 8
"""Working hours an office has to accept an online application or to ask for what is missing (Điều 8 Nghị quyết 66.7/2025/NQ-CP)."""


class Turn(StrEnum):
    """Who has to do something now."""

    OFFICE = "office"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class Tone(StrEnum):
    """How the news is; the page gives it a colour and a picture."""

    WAIT = "wait"
    ASK = "ask"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the applicant reads first: where things stand and what comes next."""

    title: str | Promise
    text: str | Promise
    turn: Turn
    tone: Tone


STANDINGS: Mapping[State, Standing] = {
    State.DRAFT: Standing(
        _("Not filed yet"), _("Nobody but you can see a draft. It can be completed at any time."), Turn.APPLICANT, Tone.WAIT
    ),
    State.FILED: Standing(
        _("Waiting to be checked"),
        _(
            "The receiving office checks whether everything needed is there, then accepts the application or says what is missing."
        ),
        Turn.OFFICE,
        Tone.WAIT,
    ),
    State.ACCEPTED: Standing(
        _("Accepted"),
        _("Everything needed is there. The application is on its way to the office that handles it; there is nothing to do now."),
        Turn.OFFICE,
        Tone.GOOD,
    ),
    State.NOT_ACCEPTED: Standing(
        _("Not accepted"),
        _("The receiving office could not accept this application. The reason is given below. A new application can be filed."),
        Turn.NOBODY,
        Tone.BAD,
    ),
    State.IN_PROGRESS: Standing(
        _("Being handled"), _("The offices are working on the application. There is nothing to do now."), Turn.OFFICE, Tone.WAIT
    ),
    State.SUPPLEMENT: Standing(
        _("More is needed from you"),
        _("Work goes on as soon as the answer is sent. Until then the time limit stands still."),
        Turn.APPLICANT,
        Tone.ASK,
    ),
    State.PAYMENT: Standing(
        _("A payment is needed from you"),
        _("Work goes on as soon as the payment is confirmed. Until then the time limit stands still."),
        Turn.APPLICANT,
        Tone.ASK,
    ),
    State.WITHDRAWAL: Standing(
        _("Withdrawal requested"),
        _("The office decides on the request to withdraw. Until then no work is done on the application."),
        Turn.OFFICE,
        Tone.WAIT,
    ),
    State.STOPPED: Standing(_("Stopped"), _("Work on this application has ended without an outcome."), Turn.NOBODY, Tone.BAD),
    State.COMPLETED: Standing(
        _("The outcome is ready"),
        _("The signed outcome can be downloaded here. A paper copy, where there is one, is handed over at the receiving office."),
        Turn.NOBODY,
        Tone.GOOD,
    ),
    State.RETURNED: Standing(
        _("Finished"),
        _("The outcome has been handed over. It stays here and can be downloaded at any time."),
        Turn.NOBODY,
        Tone.GOOD,
    ),
}


def checked_by(filed: datetime, calendar: Calendar) -> datetime:
    """The latest moment at which the office has accepted an application filed then, or said what is missing."""
    return due(clock_start(filed, calendar), CHECK_HOURS, Unit.WORKING_HOUR, calendar)


STAGES: tuple[str | Promise, ...] = (_("Filed"), _("Acceptance"), _("Handled"), _("Result"))


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four stages every application goes through."""

    title: str | Promise
    state: str


def stages(state: State, *, accepted: bool) -> list[Stage]:
    """The four stages as done, current and waiting; none for what ended without an outcome or is not filed."""
    if state in (State.DRAFT, State.NOT_ACCEPTED, State.STOPPED):
        return []
    if state in (State.COMPLETED, State.RETURNED):
        reached = len(STAGES)
    elif state in (State.ACCEPTED, State.IN_PROGRESS) or (state in PAUSED and accepted):
        reached = 2
    else:
        reached = 1
    names = ["done"] * reached + ["current"] + ["waiting"] * len(STAGES)
    return [Stage(title, name) for title, name in zip(STAGES, names, strict=False)]
