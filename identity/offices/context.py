"""What the navigation knows about a signed-in official."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from identity.offices import queries
from identity.offices.models import Office, Post
from identity.people.models import Person


class OfficialContext:
    """An official's posts and powers; costs one query, and only when a template asks."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def posts(self) -> list[Post]:
        """Posts held today."""
        return queries.posts_of(self.person)

    @cached_property
    def powers(self) -> frozenset[str]:
        """Every power held somewhere."""
        return queries.powers_of(self.person)

    @cached_property
    def offices(self) -> list[Office]:
        """Offices of the posts."""
        return [post.office for post in self.posts]


def official(request: HttpRequest) -> dict[str, Any]:
    """`official` for templates: None for residents and visitors."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or not person.is_official:
        return {"official": None}
    return {"official": OfficialContext(person)}
