"""However many editors act at once: one save of a revision, one version of a proposal."""

import pytest

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.catalogue import actions, queries
from services.catalogue.models import Version, VersionDraft
from tests.city import seed_city
from tests.services.cases.test_concurrency import THREADS, in_threads

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "1.001193"


@pytest.fixture
def people(transactional_db: None) -> tuple[Person, Person]:
    seed_city()
    return Person.objects.get(username="bientap"), Person.objects.get(username="duyet.danhmuc")


def outcome_of(action: object) -> str:
    try:
        action()  # type: ignore[operator]
    except Refused as refused:
        return refused.code
    return "done"


def test_of_eight_saves_of_one_revision_one_wins(people: tuple[Person, Person]) -> None:
    draft = actions.start_draft(people[0], CODE)
    results = in_threads(
        lambda n: outcome_of(lambda: actions.save_draft(draft, people[n % 2], {"decision": f"{n}/QĐ"}, 1)), THREADS
    )
    assert sorted(results) == ["done", *["draft.stale"] * (THREADS - 1)]
    assert (queries.draft(draft.key).revision, draft.changes.count()) == (2, 2)


def test_of_eight_beginnings_one_wins(people: tuple[Person, Person]) -> None:
    results = in_threads(lambda n: outcome_of(lambda: actions.start_draft(people[n % 2], "1.000001")), THREADS)
    assert sorted(results) == ["done", *["draft.exists"] * (THREADS - 1)]
    assert VersionDraft.objects.filter(code="1.000001").count() == 1


def test_eight_approvals_are_one_version(people: tuple[Person, Person]) -> None:
    editor, second = people
    draft = actions.save_draft(actions.start_draft(editor, CODE), editor, {"decision": "1/QĐ"}, 1)
    draft = actions.propose(draft, editor, "x")
    results = in_threads(lambda _: actions.approve(draft, second).pk, THREADS)
    assert len(set(results)) == 1
    assert Version.objects.filter(procedure__code=CODE).count() == 2
