"""Notes for colleagues in a case."""

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import CASE_POWERS
from identity.people.models import Person
from services.cases.models import Case, CaseNote, WorkItem


def notes_of(case: Case) -> list[CaseNote]:
    """The notes of a case, newest first. One query."""
    return list(case.notes.select_related("author", "office").order_by("-id"))


def writing_office(case: Case, person: Person) -> Office:
    """In whose name the person writes in the case: the office where it waits for them, else their first one there."""
    posts = [post for post in offices.posts_of(person) if CASE_POWERS.intersection(post.powers)]
    waiting = set(
        WorkItem.objects.filter(case=case, state=WorkItem.State.OPEN, office__in=[post.office_id for post in posts]).values_list(
            "office_id", flat=True
        )
    )
    ranked = sorted(
        posts, key=lambda post: (post.office_id not in waiting, not post.office.path.startswith(case.agency.path), post.pk)
    )
    return ranked[0].office
