"""What an official may do with a case as a whole, rather than with one work item at their desk."""

from identity.offices import queries as offices
from identity.people.models import Person
from services.cases.models import Case, WorkItem


def powers_on(case: Case, person: Person) -> frozenset[str]:
    """The person's powers at offices with an open work item of the case, and at those of its competent agency."""
    posts = offices.posts_of(person)
    if not posts:
        return frozenset()
    at = set(
        WorkItem.objects.filter(case=case, state=WorkItem.State.OPEN, office__in=[post.office_id for post in posts]).values_list(
            "office_id", flat=True
        )
    )
    here = [post for post in posts if post.office_id in at or post.office.path.startswith(case.agency.path)]
    return frozenset[str]().union(*(post.powers for post in here))
