"""What the case page shows of labels."""

from typing import Any

from identity.people.models import Person
from services.cases.models import Case
from services.cases.queries import labels as queries
from services.cases.queries.course import case_actions


def labels_part(case: Case, person: Person) -> dict[str, Any]:
    """Labels on the case, and those that can still be put on it. Four queries."""
    on = queries.labels_on([case.pk], person).get(case.pk, [])
    there = {label.pk for label in on}
    possible = case_actions(case, person)
    return {
        "labels": on,
        "more_labels": [label for label in queries.labels_for(person) if label.pk not in there] if "label" in possible else [],
        "may_unlabel": "unlabel" in possible,
    }
