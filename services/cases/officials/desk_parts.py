"""What the case page shows of whose the work is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from identity.offices import queries as offices
from identity.offices.powers import Power
from identity.people.models import Person
from services.cases.actions import assignment
from services.cases.models import WorkItem
from services.cases.officials.assignment_wording import why, why_in_queue
from services.cases.queries import assignment as reads


@dataclass(frozen=True, slots=True)
class Held:
    """One open item of the case that the person holds, or of an office they head or work at."""

    item: WorkItem
    mine: bool
    new: bool
    why: list[str]
    note: str
    history: str
    may_give: bool
    may_take_back: bool
    """Where the desk panel does not offer it already: a head without the power of the step."""


def assignment_part(items: Iterable[WorkItem], person: Person) -> dict[str, Any]:
    """For casework/assignment.html: whose each open item at the person's desks, or of offices they head, is, and why.

    `items` are those of a case with their offices and holders. No query, but one when something is new for the person.
    """
    powers = {post.office_id: frozenset(post.powers) for post in offices.posts_of(person)}
    shown = [
        _held(item, person, powers[item.office_id])
        for item in items
        if item.state == WorkItem.State.OPEN and powers.get(item.office_id, frozenset()).intersection({item.power, Power.LEAD})
    ]
    assignment.look_at([one.item for one in shown if one.new])
    return {"assignments": shown}


def _held(item: WorkItem, person: Person, powers: Collection[str]) -> Held:
    heads = Power.LEAD in powers
    mine = item.claimed_by_id == person.pk
    return Held(
        item=item,
        mine=mine,
        new=reads.is_new(item, person),
        why=why(item, mine=mine) if item.claimed_by_id else [],
        note=item.assignment.get("note", ""),
        history="" if item.claimed_by_id else why_in_queue(item),
        may_give=mine or heads,
        may_take_back=item.claimed_by_id is not None and heads and item.power not in powers,
    )
