"""Tags of the editor's templates."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import template
from django.template.context import Context

from services.catalogue.differences import Change
from services.catalogue.models import VersionDraft
from services.editor import pages, sections

register = template.Library()

register.filter("anchor", sections.anchor)
register.filter("said", pages.said)


@register.simple_tag(takes_context=True)
def sections_of(context: Context, draft: VersionDraft) -> list[sections.Section]:
    """The sections of the draft as seen from this page."""
    match = getattr(context.get("request"), "resolver_match", None)
    return sections.sections(draft, getattr(match, "url_name", None) or "")


@register.filter
def by_section(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Differences under the page of the editor they belong to, in the order of the pages."""
    order = {name: number for number, name in enumerate(sections.TITLES)}
    known = sorted(changes, key=lambda change: order[sections.page_of(change.place)])
    return [
        {"title": sections.TITLES[name], "changes": list(group)}
        for name, group in groupby(known, key=lambda change: sections.page_of(change.place))
    ]
