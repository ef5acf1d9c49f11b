"""What an import writes: newer records into drafts that nobody has worked on, and route templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue.actions.drafting import save_draft
from services.catalogue.models import RouteTemplate, VersionDraft


@transaction.atomic
def reread_draft(
    draft: VersionDraft, content: Mapping[str, Any], *, origin: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]
) -> VersionDraft:
    """Put what newer records say in the place of what an import wrote.

    Refused "import.touched" once a person has worked on the draft, even if only to tick off a note.
    """
    draft = VersionDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state != VersionDraft.State.EDITING or draft.changes.filter(by__isnull=False).exists():
        raise Refused("import.touched", _("Somebody has worked on the draft since the last import."))
    draft = save_draft(draft, None, content, draft.revision)
    draft.origin, draft.findings = dict(origin), [dict(finding) for finding in findings]
    draft.save(update_fields=["origin", "findings"])
    return draft


def keep_route_template(
    pk: int | None,
    *,
    digest: str,
    name: str,
    province: str,
    decision: str,
    codes: Sequence[str],
    steps: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    origin: Mapping[str, Any],
) -> RouteTemplate:
    """Keep an internal workflow; `pk` is that of the template an older record of the same workflow made."""
    template, _created = RouteTemplate.objects.update_or_create(
        pk=pk,
        defaults={
            "digest": digest,
            "name": name,
            "province": province,
            "decision": decision,
            "codes": list(codes),
            "steps": [dict(step) for step in steps],
            "findings": [dict(finding) for finding in findings],
            "origin": dict(origin),
            "imported_at": clock.now(),
        },
    )
    return template
