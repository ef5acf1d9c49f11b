"""The working calendar of an agency, as the deadline rule wants it."""

from datetime import datetime

from identity.offices import queries as offices
from identity.offices.models import Office
from services.cases.deadlines import Calendar, minutes_between


def calendar_of(agency: Office | None) -> Calendar:
    """Days off and make-up days that hold for the agency (None: for the whole country)."""
    facts = offices.working_calendar(agency)
    return Calendar(days_off=facts.days_off, make_up_days=facts.make_up_days)


def signed_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working minutes from `start` to `end`, negative when `end` is earlier."""
    return minutes_between(start, end, calendar) if end >= start else -minutes_between(end, start, calendar)
