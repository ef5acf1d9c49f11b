"""Tags of the officials' pages."""

from typing import Any

from django import template
from django.template.context import Context

from services.cases.queries.desk import settings_of

register = template.Library()


@register.simple_tag(takes_context=True)
def shortcuts_on(context: Context) -> bool:
    """Whether the signed-in person wants single keys to do something."""
    request: Any = context.get("request")
    return request is None or settings_of(request.user).shortcuts
