"""How the PDF templates write names and days."""

from django import template

from services.documents.decree import name_lines

register = template.Library()


@register.filter
def lines_of_agency(name: str) -> str:
    """An agency's name that breaks after the kind of body and not inside it."""
    return " ".join(line.replace(" ", "\u00a0") for line in name_lines(name))


@register.filter
def sentence(text: str) -> str:
    """What somebody wrote, closed with a full stop where they left it out."""
    plain = text.strip()
    return plain if not plain or plain[-1] in ".!?…;:" else f"{plain}."
