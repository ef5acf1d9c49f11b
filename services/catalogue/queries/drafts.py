"""Drafts of versions."""

from uuid import UUID

from django.db.models import QuerySet

from services.catalogue.models import DraftChange, VersionDraft

OPEN = (VersionDraft.State.EDITING, VersionDraft.State.PROPOSED)
PEOPLE = ("created_by", "saved_by", "proposed_by")


def open_drafts(state: str | None = None) -> QuerySet[VersionDraft]:
    """Drafts that are being edited or wait for a second person, without their content, those saved last first."""
    states = OPEN if state is None else (state,)
    return (
        VersionDraft.objects.filter(state__in=states).select_related(*PEOPLE, "base").defer("content").order_by("-saved_at", "id")
    )


def draft(key: UUID | str) -> VersionDraft:
    """The draft with that key, whatever its state. Raises VersionDraft.DoesNotExist."""
    return VersionDraft.objects.select_related(*PEOPLE, "base__procedure", "version__procedure").get(key=key)


def open_draft_of(code: str) -> VersionDraft | None:
    """The open draft of the procedure with that code; there is at most one."""
    return VersionDraft.objects.filter(code=code, state__in=OPEN).first()


def changes_of(draft: VersionDraft, most: int = 100) -> list[DraftChange]:
    """What was done with a draft, by whom and when, the newest first."""
    return list(draft.changes.select_related("by").order_by("-pk")[:most])
