"""The only reader of the catalogue."""

from services.catalogue.queries.drafts import changes_of, draft, open_draft_of, open_drafts
from services.catalogue.queries.procedures import agencies_for, names_of, procedure, receiving_offices, turnaround, version_of
from services.catalogue.queries.search import (
    AUDIENCES,
    DecidingOffice,
    DomainProcedures,
    Filters,
    by_domain,
    deciding_offices,
    domains,
    life_events,
    nearest,
    popular,
    search,
    suggestion,
)
from services.catalogue.queries.soundness import draft_findings, route_findings
from services.catalogue.queries.versions import (
    changes_of_procedure,
    content_of,
    first_day,
    is_retired,
    upcoming,
    version,
    versions_of,
)

__all__ = [
    "AUDIENCES",
    "DecidingOffice",
    "DomainProcedures",
    "Filters",
    "agencies_for",
    "by_domain",
    "changes_of",
    "changes_of_procedure",
    "content_of",
    "deciding_offices",
    "domains",
    "draft",
    "draft_findings",
    "first_day",
    "is_retired",
    "life_events",
    "names_of",
    "nearest",
    "open_draft_of",
    "open_drafts",
    "popular",
    "procedure",
    "receiving_offices",
    "route_findings",
    "search",
    "suggestion",
    "turnaround",
    "upcoming",
    "version",
    "version_of",
    "versions_of",
]
