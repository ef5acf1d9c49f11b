"""The only reader of the system clock, so that tests and rules agree on what now is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This moment, in UTC, aware."""
    return timezone.now()


def today() -> date:
    """The calendar day in Vietnam."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Vietnamese wall clock."""
    return moment.astimezone(HERE)
