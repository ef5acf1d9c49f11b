"""Saving a page of a draft: changes that do not touch those of others are put together, the last save can be undone."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest

from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.catalogue import actions, queries
from services.catalogue.content import changed_keys
from services.catalogue.models import DraftChange, VersionDraft

CONFLICTS = frozenset({"draft.stale", "draft.proposed", "draft.closed"})
"""Refusals that say that the page on the screen is no longer how things stand."""
UNDO = "editor_undo"
KEPT = 3
"""Drafts whose last save a session can undo."""


def save(request: HttpRequest, draft: VersionDraft, changes: Mapping[str, Any], revision: int) -> VersionDraft:
    """Save parts of the draft that were read at `revision`, and remember what they were.

    What others saved since stays when it was in other parts; in the same parts it is Refused "draft.stale".
    """
    if not changed_keys(draft.content, {**draft.content, **changes}):
        return draft
    if draft.revision != revision and not changed_since(draft, revision, changes):
        revision = draft.revision
    before = {key: draft.content[key] for key in changes if key in draft.content}
    actions.save_draft(draft, person_of(request), changes, revision)
    saved = queries.draft(draft.key)
    if saved.revision != draft.revision:
        _remember(request, saved, before)
    return saved


def changed_since(draft: VersionDraft, revision: int, keys: Collection[str]) -> list[DraftChange]:
    """What was done since that revision with any of these parts of the content, the oldest first."""
    later = draft.changes.filter(revision__gt=revision).select_related("by").order_by("pk")
    return [change for change in later if set(change.keys).intersection(keys)]


def can_undo(request: HttpRequest, draft: VersionDraft) -> bool:
    """Whether the last save of the draft was made in this session and can be undone."""
    kept = request.session.get(UNDO, {}).get(str(draft.key))
    return bool(kept) and kept["revision"] == draft.revision and draft.state == VersionDraft.State.EDITING


def undo(request: HttpRequest, draft: VersionDraft) -> VersionDraft:
    """Put back what the last save replaced. Refused when somebody saved since."""
    kept = request.session.get(UNDO, {}).get(str(draft.key))
    if not kept:
        raise Refused("draft.nothing_to_undo", "")
    actions.save_draft(draft, person_of(request), kept["changes"], kept["revision"])
    request.session[UNDO] = {key: value for key, value in request.session[UNDO].items() if key != str(draft.key)}
    return queries.draft(draft.key)


def _remember(request: HttpRequest, draft: VersionDraft, before: Mapping[str, Any]) -> None:
    kept = dict(request.session.get(UNDO, {}))
    kept.pop(str(draft.key), None)
    kept[str(draft.key)] = {"revision": draft.revision, "changes": before}
    request.session[UNDO] = dict(list(kept.items())[-KEPT:])
