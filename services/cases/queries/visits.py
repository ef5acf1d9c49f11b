"""What is new in a case since an official last looked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from identity.people.models import Person
from services.cases.models import CaseAttachment, CaseEvent

UNTOLD = frozenset({"claim", "release", "begin", "document_signed", "expire_claim", "share_out"})
"""Entries nobody has to look at again."""


@dataclass(frozen=True, slots=True)
class News:
    """What others did in the meantime: entries of the record, answers by field with what stood there, files sent since."""

    entries: frozenset[int] = frozenset()
    changes: Mapping[str, Any] = field(default_factory=dict)
    files_since: datetime | None = None
    notes: frozenset[int] = frozenset()

    def has_file(self, link: CaseAttachment) -> bool:
        """Whether the file came with what is new."""
        return self.files_since is not None and link.added_in == "supplement" and link.attachment.uploaded_at >= self.files_since


def news_of(events: Sequence[CaseEvent], seen: int, person: Person) -> News:
    """What happened after event number `seen` and was not done by the person. Asks the database nothing."""
    fresh = [event for event in events if event.sequence > seen and event.actor_id != person.pk and event.action not in UNTOLD]
    answers = [event for event in fresh if event.action == "answer_supplement"]
    changes: dict[str, Any] = {}
    for event in answers:
        for key, (old, _new) in event.data.get("changes", {}).items():
            changes.setdefault(key, old)
    return News(
        entries=frozenset(event.sequence for event in fresh),
        changes=changes,
        files_since=_asked_before(events, answers[0]) if answers else None,
        notes=frozenset(event.data["note"] for event in fresh if event.action == "note" and "note" in event.data),
    )


def _asked_before(events: Collection[CaseEvent], answer: CaseEvent) -> datetime:
    """When the supplement was asked for that this is the answer to."""
    asked = [event.at for event in events if event.action == "request_supplement" and event.sequence < answer.sequence]
    return max(asked, default=answer.at)
