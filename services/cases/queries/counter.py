"""What is at a counter: drafts that its clerks fill in for the person before them, and the cases they received."""

from uuid import UUID

from django.db.models import Q

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from services.cases.models import Case

DRAFTS_SHOWN = 30
RECEIVED_SHOWN = 20


def counters(person: Person) -> list[Office]:
    """Offices where the person receives applications, in the order of their posts."""
    return [post.office for post in offices.posts_of(person) if Power.RECEIVE in post.powers]


def at_counters(person: Person, prefix: str = "") -> Q:
    """What picks the drafts at the person's counters."""
    here = offices.office_ids_where(person, Power.RECEIVE)
    return Q(**{f"{prefix}state": Case.State.DRAFT, f"{prefix}reception__in": here})


def serves(case: Case, person: Person | None) -> bool:
    """Whether a draft is at one of the person's counters."""
    if person is None or case.state != Case.State.DRAFT or case.reception_id is None:
        return False
    return case.reception_id in offices.office_ids_where(person, Power.RECEIVE)


def counter_draft(person: Person, key: UUID) -> Case:
    """A draft at one of the person's counters. Raises Case.DoesNotExist for any other."""
    found = Case.objects.filter(at_counters(person), key=key)
    return found.select_related("version__procedure", "agency", "applicant", "reception", "received_by").get()


def counter_drafts(person: Person, applicant: Person | None = None) -> list[Case]:
    """The newest drafts at the person's counters, of one applicant if given. One query."""
    found = Case.objects.filter(at_counters(person))
    if applicant is not None:
        found = found.filter(applicant=applicant)
    found = found.select_related("version", "applicant", "received_by", "reception").defer("version__form", "version__route")
    return list(found.order_by("-pk")[:DRAFTS_SHOWN])


def received_cases(person: Person) -> list[Case]:
    """The cases the person's counters received last, the newest first. One query."""
    here = offices.office_ids_where(person, Power.RECEIVE)
    found = Case.objects.filter(reception__in=here).exclude(state=Case.State.DRAFT)
    found = found.select_related("version", "agency", "received_by").defer("version__form", "version__route", "answers")
    return list(found.order_by("-pk")[:RECEIVED_SHOWN])


def received_case(person: Person, number: str) -> Case:
    """A filed case that one of the person's counters received. Raises Case.DoesNotExist for any other."""
    here = offices.office_ids_where(person, Power.RECEIVE)
    found = Case.objects.filter(number=number, reception__in=here).exclude(state=Case.State.DRAFT)
    return found.select_related("version__procedure", "agency", "applicant", "reception").get()
