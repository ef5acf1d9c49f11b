"""What every page knows about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """The installation's name, place and hotline, and whether it is a trial with demonstration data."""
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "place": settings.PORTAL_PLACE,
            "hotline": settings.PORTAL_HOTLINE,
            "development": settings.DEVELOPMENT,
            "outbox": settings.DEVELOPMENT_OUTBOX,
        }
    }
