"""What an import has to know: drafts and versions of the procedures it names, and the route templates that are kept."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from services.catalogue.models import Domain, DraftChange, Procedure, RouteTemplate, Version, VersionDraft
from services.catalogue.queries.drafts import OPEN


@dataclass(slots=True)
class Known:
    """What there is of one procedure. `touched`: a person worked on the open draft; `closed`: digests of records that are done."""

    draft: VersionDraft | None = None
    touched: bool = False
    closed: set[str] = field(default_factory=set)
    current: Version | None = None


def known(codes: Collection[str]) -> dict[str, Known]:
    """What there is of the procedures with these codes, by code. Two queries."""
    found = {code: Known() for code in codes}
    by_person = DraftChange.objects.filter(draft=OuterRef("pk"), by__isnull=False)
    for draft in VersionDraft.objects.filter(code__in=codes).annotate(by_person=Exists(by_person)).order_by("pk"):
        of_code = found[draft.code]
        if draft.state in OPEN:
            of_code.draft = draft
            of_code.touched = draft.by_person or draft.state != VersionDraft.State.EDITING
        elif digest := draft.origin.get("digest"):
            of_code.closed.add(digest)
    published = (
        Procedure.objects.filter(code__in=codes, current__isnull=False).select_related("current", "domain").defer("search")
    )
    for procedure in published:
        assert procedure.current
        found[procedure.code].current = procedure.current
        procedure.current.procedure = procedure
    return found


def names() -> list[tuple[str, str]]:
    """Code and name of every published procedure and every open draft. Two queries."""
    drafts = VersionDraft.objects.filter(state__in=OPEN).values_list("code", KeyTextTransform("name", "content"))
    published = Procedure.objects.filter(current__isnull=False).values_list("code", "current__name")
    return [(code, name or "") for code, name in [*published, *drafts]]


def all_domains() -> list[Domain]:
    """Every field of law, with procedures or without."""
    return list(Domain.objects.all())


def route_templates(code: str = "", text: str = "") -> QuerySet[RouteTemplate]:
    """Internal workflows that were imported, by name: all of them, those for a procedure, or those whose name has the words."""
    found = RouteTemplate.objects.all()
    if code:
        found = found.filter(codes__contains=[code])
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(province__icontains=word) | Q(decision__icontains=word))
    return found


def templates_for(codes: Collection[str]) -> list[RouteTemplate]:
    """Those for any of the procedures, the oldest first."""
    return list(RouteTemplate.objects.filter(codes__overlap=list(codes)).order_by("pk"))


def template_digests() -> dict[str, tuple[int, str]]:
    """Every route template by the record it was read from: its id and the digest of that record."""
    rows = RouteTemplate.objects.values_list("origin__record", "pk", "digest")
    return {record: (pk, digest) for record, pk, digest in rows}
