"""Labels: which a person may use, and which stand on cases.

An office keeps its own labels; every office of the same agency sees and uses them, no other agency does.
"""

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from services.cases.models import CaseLabel, Label
from services.cases.queries.canned import offices_at

EVERY_OFFICE = ("office__parent__parent",)


def _agencies(person: Person) -> dict[int, Office]:
    """The agencies in which the person handles cases."""
    found = (offices.agency_of(office) for office in offices_at(person))
    return {agency.pk: agency for agency in found}


def labels_for(person: Person, *, retired: bool = False) -> list[Label]:
    """Labels the person's offices share with their agencies, in the offices' order. One query."""
    agencies = _agencies(person)
    if not agencies:
        return []
    near = Q(pk__in=[])
    for agency in agencies.values():
        near |= Q(office__path__startswith=agency.path)
    found = Label.objects.filter(near).select_related(*EVERY_OFFICE).order_by("office__path", "position", "name")
    if not retired:
        found = found.filter(is_active=True)
    # A department or a ward below the agency is an agency of its own.
    return [label for label in found if offices.agency_of(label.office).pk in agencies]


def label_for(person: Person, pk: int) -> Label:
    """One of them, in use or not. Raises Label.DoesNotExist."""
    for label in labels_for(person, retired=True):
        if label.pk == pk:
            return label
    raise Label.DoesNotExist


def labels_on(case_pks: Collection[int], person: Person) -> dict[int, list[Label]]:
    """The labels on each of the cases that the person may see, retired ones too. Two queries however many cases."""
    known = {label.pk: label for label in labels_for(person, retired=True)}
    if not known or not case_pks:
        return {}
    on: dict[int, list[Label]] = {}
    rows = CaseLabel.objects.filter(case__in=case_pks, label__in=known).values_list("case_id", "label_id")
    place = {pk: position for position, pk in enumerate(known)}
    for case_pk, label_pk in sorted(rows, key=lambda row: place[row[1]]):
        on.setdefault(case_pk, []).append(known[label_pk])
    return on


def labels_of(office: Office) -> QuerySet[Label]:
    """All labels of an office, retired ones too, in their order."""
    return Label.objects.filter(office=office).order_by(F("position").asc(), "pk")


def own_label(person: Person, pk: int) -> Label:
    """A label of one of the person's own offices, for changing it. Raises Label.DoesNotExist."""
    return Label.objects.select_related("office").get(pk=pk, office__in=offices_at(person))
