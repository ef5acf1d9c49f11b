"""The door of one process of `make_cases`: it sets Django up before anything that needs it is read."""

from collections.abc import Mapping
from typing import Any


def make(values: Mapping[str, Any]) -> None:
    """Make the part of the history that the plan with these values names."""
    import django

    django.setup()
    from portal.dev import many

    many.make_part(many.Plan(**values))
