"""What an official may do with a case as a whole, rather than with one work item at their desk."""

from identity.offices import queries as offices
from identity.offices.powers import Power
from identity.people.models import Person
from services.cases.models import Case, WorkItem


def powers_on(case: Case, person: Person) -> frozenset[str]:
    """The person's powers at offices the case is or was at, and those of a leader of its competent agency. One query."""
    posts = offices.posts_of(person)
    if not posts:
        return frozenset()
    rows = WorkItem.objects.filter(case=case, office__in=[post.office_id for post in posts])
    at = set(rows.values_list("office_id", flat=True))
    here = [post for post in posts if post.office_id in at or _leads(case, post.office.path, post.powers)]
    return frozenset[str]().union(*(post.powers for post in here))


def _leads(case: Case, path: str, powers: list[str]) -> bool:
    return Power.APPROVE in powers and path.startswith(case.agency.path)
