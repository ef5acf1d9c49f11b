"""The working calendar of an agency, as the deadline rule wants it."""

from datetime import date, datetime, time, timedelta

from identity.offices import queries as offices
from identity.offices.models import Office
from portal.kit.paging import Capped, capped_count
from services.cases import lifecycle
from services.cases.deadlines import HERE, Calendar, minutes_between
from services.cases.models import Case


def calendar_of(agency: Office | None) -> Calendar:
    """Days off and make-up days that hold for the agency (None: for the whole country)."""
    facts = offices.working_calendar(agency)
    return Calendar(days_off=facts.days_off, make_up_days=facts.make_up_days)


def signed_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working minutes from `start` to `end`, negative when `end` is earlier."""
    return minutes_between(start, end, calendar) if end >= start else -minutes_between(end, start, calendar)


PROMISED_CAP = 1000


def promised_across(office: Office, day: date) -> Capped:
    """How many open cases of the agency and those below it count that day on the way to their promised date. At most 1,000."""
    begins = datetime.combine(day, time(), HERE)
    counted = Case.objects.filter(
        state__in=sorted(lifecycle.OPEN),
        agency__path__startswith=office.path,
        clock_started_at__lt=begins + timedelta(days=1),
        due_at__gt=begins,
    )
    return capped_count(counted, PROMISED_CAP)
