"""Which version is in force, from which day, and how a procedure ends."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from identity.people.models import Person
from portal.kit import clock
from services.catalogue import actions, queries
from services.catalogue.models import Procedure, Version
from services.catalogue.tasks import start_due_versions
from tests.services.catalogue.test_drafting import CODE, changed, refused

pytestmark = pytest.mark.django_db
TODAY = clock.today()
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=20)


def published(by: Person, other: Person, starts_on: date | None = None, **changes: object) -> Version:
    return actions.approve(actions.propose(changed(by, **changes), by, "x", starts_on), other)


def in_force() -> int:
    return queries.version_of(CODE).number


def test_a_version_comes_into_force_on_its_day_and_once(editor: Person, second: Person) -> None:
    published(editor, second, SOON, name="Đăng ký khai sinh tại phường")
    assert actions.start_due_versions(SOON - timedelta(days=1)) == 0
    assert (in_force(), queries.procedure(CODE).current.name) == (1, "Thủ tục đăng ký khai sinh")
    assert [actions.start_due_versions(SOON), actions.start_due_versions(SOON)] == [1, 0]
    assert in_force() == 2
    assert queries.search("khai sinh tại phường").first().code == CODE


def test_a_day_that_was_missed_is_made_up(editor: Person, second: Person) -> None:
    published(editor, second, SOON)
    published(editor, second, LATER, decision="2/QĐ")
    assert actions.start_due_versions(LATER + timedelta(days=5)) == 1
    assert in_force() == 3


def test_two_versions_wait_for_their_days(editor: Person, second: Person) -> None:
    published(editor, second, LATER)
    procedure = published(editor, second, SOON, decision="2/QĐ").procedure
    assert queries.upcoming(procedure).number == 3
    assert queries.upcoming(procedure, SOON).number == 2
    actions.start_due_versions(SOON)
    assert in_force() == 3
    actions.start_due_versions(LATER)
    assert in_force() == 2
    assert queries.upcoming(procedure, LATER) is None


def test_of_two_versions_for_one_day_the_later_decision_counts(editor: Person, second: Person) -> None:
    published(editor, second, SOON)
    published(editor, second, SOON, decision="2/QĐ")
    actions.start_due_versions(SOON)
    assert (in_force(), actions.start_due_versions(SOON)) == (3, 0)


def test_a_first_day_that_has_come_before_approval_means_at_once(editor: Person, second: Person) -> None:
    version = published(editor, second, TODAY)
    assert (version.starts_on, in_force()) == (None, 2)
    assert queries.first_day(version) == TODAY


def test_a_new_procedure_is_not_shown_before_its_day(editor: Person, second: Person) -> None:
    content = queries.content_of(queries.version_of(CODE)) | {"code": "1.000001"}
    draft = actions.start_draft(editor, "1.000001", content=content)
    actions.approve(actions.propose(draft, editor, "x", SOON), second)
    with pytest.raises(Procedure.DoesNotExist):
        queries.procedure("1.000001")
    actions.start_due_versions(SOON)
    assert queries.procedure("1.000001").current.number == 1


def test_an_editor_is_told_of_what_is_coming(editor: Person, second: Person) -> None:
    published(editor, second, SOON)
    found = [problem for problem in queries.draft_findings(changed(editor, decision="3/QĐ")) if problem.place == "code"]
    assert [(problem.warning, problem.values) for problem in found] == [(True, {"number": 2, "day": f"{SOON:%d/%m/%Y}"})]


def test_an_editor_is_told_of_what_came_into_force_meanwhile(editor: Person, second: Person) -> None:
    published(editor, second, SOON)
    draft = changed(editor, decision="3/QĐ")
    actions.start_due_versions(SOON)
    found = [problem for problem in queries.draft_findings(draft) if "meanwhile" in problem.message or "after" in problem.message]
    assert [(problem.warning, problem.values) for problem in found] == [(True, {"number": 2})]


def test_the_clock_calls_the_task_at_midnight_and_every_hour(editor: Person, second: Person) -> None:
    published(editor, second, SOON)
    start_due_versions()
    assert in_force() == 1
    (entry,) = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == "catalogue.start_due_versions"]
    assert entry["schedule"].minute == {0}
    assert len(entry["schedule"].hour) == 24


def test_versions_are_listed_the_newest_first(editor: Person, second: Person, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    published(editor, second)
    with django_assert_num_queries(1):
        listed = [(one.number, one.edited_by, one.approved_by) for one in queries.versions_of(CODE)]
    assert listed == [(2, editor, second), (1, None, None)]
    assert queries.version(CODE, 1).procedure.code == CODE


def test_a_version_is_never_changed(editor: Person, second: Person) -> None:
    version = published(editor, second, SOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(starts_on=None)


class TestEnding:
    """A procedure ends on a day, by a decision."""

    def test_it_can_be_filed_until_the_day_before(self, editor: Person) -> None:
        procedure = actions.retire(queries.procedure(CODE), editor, SOON, "Quyết định 9/QĐ-UBND")
        assert not queries.is_retired(procedure)
        assert not queries.is_retired(procedure, SOON - timedelta(days=1))
        assert queries.is_retired(procedure, SOON)

    def test_it_says_what_replaced_it(self, editor: Person) -> None:
        other = queries.procedure("1.000894")
        actions.retire(queries.procedure(CODE), editor, SOON, "Quyết định 9", other)
        procedure = Procedure.objects.get(code=CODE)
        assert (procedure.retired_reason, procedure.replaced_by) == ("Quyết định 9", other)
        (change,) = queries.changes_of_procedure(procedure)
        assert (change.what, change.by, change.day, change.replaced_by) == ("retired", editor, SOON, other)

    def test_the_day_may_be_put_off_until_it_has_come(self, editor: Person) -> None:
        procedure = actions.retire(queries.procedure(CODE), editor, SOON, "Quyết định 9")
        assert actions.retire(procedure, editor, LATER, "Quyết định 10").retired_on == LATER
        procedure = actions.retire(procedure, editor, TODAY, "Quyết định 11")
        refused("procedure.retired", lambda: actions.retire(procedure, editor, LATER, "Quyết định 12"))

    def test_the_ending_can_be_taken_back(self, editor: Person, second: Person) -> None:
        procedure = actions.retire(queries.procedure(CODE), editor, TODAY, "Quyết định 9")
        procedure = actions.unretire(procedure, second, "Quyết định 9 bị bãi bỏ")
        assert (procedure.retired_on, procedure.retired_reason) == (None, "")
        assert [change.what for change in queries.changes_of_procedure(procedure)] == ["unretired", "retired"]
        refused("procedure.not_retired", lambda: actions.unretire(procedure, second))

    def test_what_makes_no_sense_is_refused(self, editor: Person) -> None:
        procedure = queries.procedure(CODE)
        yesterday = TODAY - timedelta(days=1)
        for code, arguments in {
            "procedure.retired_on": (yesterday, "Quyết định"),
            "procedure.reason": (SOON, " "),
            "procedure.replaced_by": (SOON, "Quyết định", procedure),
        }.items():
            no = refused(code, partial(actions.retire, procedure, editor, *arguments))
            assert (no.status, no.field) == (422, {"procedure.retired_on": "on"}.get(code, code.partition(".")[2]))
        assert not queries.changes_of_procedure(procedure)

    def test_nothing_is_published_for_what_has_ended(self, editor: Person) -> None:
        actions.retire(queries.procedure(CODE), editor, SOON, "Quyết định 9")
        draft = changed(editor)
        refused("draft.retired", lambda: actions.propose(draft, editor, "x", SOON))
        assert actions.propose(draft, editor, "x", SOON - timedelta(days=1)).state == "proposed"
