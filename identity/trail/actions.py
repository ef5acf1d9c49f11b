"""The only writer of looks."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache

from identity.trail.models import Look

ONCE_PER = timedelta(hours=1)


def record_look(viewer: AbstractBaseUser, subject: str, what: str) -> Look | None:
    """Note that an official opened a person's data: once an hour for each viewer, subject and thing. None when it is noted already."""
    if not cache.add(f"look:{viewer.pk}:{subject}:{what}", True, int(ONCE_PER.total_seconds())):
        return None
    return Look.objects.create(viewer_id=viewer.pk, subject=subject, what=what)
