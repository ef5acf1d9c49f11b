"""Filters of account pages."""

from django import template

from identity.people import contacts

register = template.Library()


@register.filter
def contact(stored: str | None) -> str:
    """A stored phone number or e-mail address as people write it."""
    return contacts.shown(stored) if stored else ""
