"""RULE: to which date an answer may be put off: once, to a later moment that is still to come, while offices are open.

Mẫu số 04 of Thông tư 03/2025/TT-VPCP: an apology with the reason and a new date, at most once.
"""

from datetime import date, datetime
from enum import StrEnum

from services.cases.deadlines import HERE, Calendar


class Wrong(StrEnum):
    """Why a new date does not do."""

    NOT_LATER = "not_later"
    PAST = "past"
    CLOSED = "closed"


def end_of(day: date, calendar: Calendar) -> datetime:
    """The moment a date stands for: closing time of that day."""
    return calendar.closing(day)


def wrong(due_at: datetime, new: datetime, now: datetime, calendar: Calendar) -> Wrong | None:
    """What is wrong with the new date; None when it does."""
    if new <= due_at:
        return Wrong.NOT_LATER
    if new <= now:
        return Wrong.PAST
    here = new.astimezone(HERE)
    if not calendar.works(here.date()) or not calendar.opening(here.date()) < here <= calendar.closing(here.date()):
        return Wrong.CLOSED
    return None


def earliest(due_at: datetime, now: datetime, calendar: Calendar) -> date:
    """The first day to which an answer can be put off."""
    day = calendar.next_working_day(max(due_at, now).astimezone(HERE).date())
    while wrong(due_at, end_of(day, calendar), now, calendar) is not None:
        day = calendar.next_working_day(date.fromordinal(day.toordinal() + 1))
    return day
