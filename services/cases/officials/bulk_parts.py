"""What the queue shows of bulk actions."""

from typing import Any

from identity.people.models import Person
from services.cases.bulk_rules import MOST
from services.cases.officials.bulk_wording import KINDS, WORDS
from services.cases.queries import bulk as queries


def bulk_part(person: Person) -> dict[str, Any]:
    """The bar under a list of work items: what can be done with those that are marked. No query besides the posts."""
    kinds = [(kind, WORDS[kind].choice) for kind in queries.offered(person, KINDS)]
    return {"bulk_kinds": kinds, "bulk_most": MOST}
