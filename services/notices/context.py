"""What the header knows about a person's inbox."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from identity.people.models import Person
from portal.kit.paging import Capped
from services.notices import queries


class InboxContext:
    """The number of unread notices; costs at most one query a minute, and only when a template asks."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def unread(self) -> Capped | None:
        """How many, or None when there are none."""
        found = queries.unread_count(self.person)
        return found if found.count else None


def inbox(request: HttpRequest) -> dict[str, Any]:
    """`inbox` for templates: None for visitors."""
    person = getattr(request, "user", None)
    return {"inbox": InboxContext(person) if isinstance(person, Person) and person.is_authenticated else None}
