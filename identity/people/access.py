"""The account behind a request."""

from django.http import HttpRequest

from identity.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The signed-in person. For views that are decorated as not open to the public."""
    assert isinstance(request.user, Person)
    return request.user
