"""Who has a case open now. Kept for less than a minute in the cache, never in the database.

Marks are written without a lock: a mark that is lost to another one written at the same instant is back at the next look.
"""

from dataclasses import dataclass
from typing import TypedDict

from django.core.cache import cache
from redis.exceptions import RedisError

from identity.offices import queries as offices
from identity.people.models import Person
from portal.kit import clock
from services.cases.models import Case
from services.cases.queries.official import cases_for_official

SECONDS = 45
"""How long somebody counts as looking after their page last asked."""
CHECKED_SECONDS = 600
"""How long a page may go on asking before it is looked up again whether the person may see the case."""


class Mark(TypedDict):
    """What is kept of one person."""

    name: str
    office: str
    at: float
    checked: float
    writing: bool


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody else who has the case open."""

    name: str
    office: str
    writing: bool


def look(number: str, person: Person, *, writing: bool) -> list[Looker]:
    """Mark the person as looking at the case; who else is, by name. No query while a mark is fresh, else two.

    Raises Case.DoesNotExist for a stranger's case. Without the cache nobody is seen.
    """
    now = clock.now().timestamp()
    marks = _marks(number)
    own = marks.get(str(person.pk))
    if own is None or now - own["checked"] > CHECKED_SECONDS:
        if not cases_for_official(person).filter(number=number).exists():
            raise Case.DoesNotExist
        posts = offices.posts_of(person)
        own = Mark(name=person.full_name, office=posts[0].office.name if posts else "", at=now, checked=now, writing=False)
    marks[str(person.pk)] = Mark(name=own["name"], office=own["office"], at=now, checked=own["checked"], writing=writing)
    marks = {pk: mark for pk, mark in marks.items() if now - mark["at"] < SECONDS}
    _keep(number, marks)
    others = [Looker(mark["name"], mark["office"], mark["writing"]) for pk, mark in marks.items() if pk != str(person.pk)]
    return sorted(others, key=lambda one: one.name)


def _key(number: str) -> str:
    return f"presence:{number}"


def _marks(number: str) -> dict[str, Mark]:
    try:
        return dict(cache.get(_key(number)) or {})
    except RedisError:
        return {}


def _keep(number: str, marks: dict[str, Mark]) -> None:
    try:
        cache.set(_key(number), marks, SECONDS)
    except RedisError:
        return
