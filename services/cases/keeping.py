"""RULE: how long a draft is kept after it was last saved."""

from datetime import datetime, timedelta

from django.conf import settings


def days(*, signed_in: bool) -> int:
    """Days a draft is kept: in an account, or only in the browser in which it was begun."""
    return settings.DRAFT_DAYS if signed_in else settings.DRAFT_DAYS_ANONYMOUS


def kept_until(saved_at: datetime, *, signed_in: bool) -> datetime:
    """The moment after which the draft is deleted, unless it is saved again."""
    return saved_at + timedelta(days=days(signed_in=signed_in))
