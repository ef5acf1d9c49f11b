"""Drafts of versions: kept as typed, never lost to another's save, published by two people."""

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue import actions, queries
from services.catalogue.actions import Unpublishable
from services.catalogue.content import KEYS
from services.catalogue.models import DraftChange, Procedure, Version, VersionDraft
from services.catalogue.shapes import problems
from tests.services.catalogue.test_shapes import version

pytestmark = pytest.mark.django_db
CODE = "1.001193"
NEW = "1.000001"


def refused(code: str, action: Callable[[], Any]) -> Refused:
    """The refusal with this code, which the action ends in."""
    with pytest.raises(Refused) as caught:
        action()
    assert caught.value.code == code, caught.value.message
    return caught.value


def changed(by: Person, **changes: Any) -> VersionDraft:
    """A draft of a published procedure in which something was changed."""
    draft = actions.start_draft(by, CODE)
    return actions.save_draft(draft, by, changes or {"decision": "1/QĐ-BTP"}, draft.revision)


class TestBeginning:
    def test_a_draft_begins_with_what_is_in_force(self, editor: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        assert draft.base == Procedure.objects.get(code=CODE).current
        assert draft.content == queries.content_of(queries.version_of(CODE))
        assert (draft.state, draft.revision, draft.stopping, draft.created_by) == ("editing", 1, 0, editor)

    def test_a_new_procedure_begins_with_every_part(self, editor: Person) -> None:
        draft = actions.start_draft(editor, NEW)
        assert tuple(draft.content) == KEYS
        places = {problem.place.partition(".")[0] for problem in problems(draft.content)}
        assert not places & {"form", "channels.0.channel"}
        assert draft.stopping == sum(not problem.warning for problem in problems(draft.content))
        assert draft.base is None

    def test_there_is_one_open_draft_of_a_procedure(self, editor: Person, second: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        refused("draft.exists", lambda: actions.start_draft(second, CODE))
        assert queries.open_draft_of(CODE) == draft
        actions.discard(draft, editor)
        other = actions.start_draft(second, CODE)
        refused("draft.exists", lambda: actions.reopen(draft, editor))
        assert list(queries.open_drafts()) == [other]

    @pytest.mark.parametrize("code", ["", "13225", "1.013225 ", "1.013225\n", "١.013225", None])
    def test_a_code_of_another_shape_begins_nothing(self, editor: Person, code: str) -> None:
        refused("draft.code", lambda: actions.start_draft(editor, code))

    def test_an_import_begins_a_draft_by_nobody(self, demo: None) -> None:
        draft = actions.start_draft(None, NEW, content={"name": "Cấp phép"}, origin={"file": "a"}, findings=[{"field": "route"}])
        assert (draft.created_by, draft.content, draft.origin) == (None, {"name": "Cấp phép", "code": NEW}, {"file": "a"})

    @pytest.mark.parametrize(
        ("key", "value"),
        [("name", 1), ("route", "x"), ("form", []), ("limit_value", -1), ("name", "a\x00"), ("steps_text", [1]), ("extra", 1)],
    )
    def test_what_is_no_content_at_all_is_not_kept(self, editor: Person, key: str, value: Any) -> None:
        assert refused("draft.shape", lambda: actions.start_draft(editor, NEW, content={key: value})).field == key
        draft = actions.start_draft(editor, NEW)
        assert refused("draft.shape", lambda: actions.save_draft(draft, editor, {key: value}, 1)).status == 422


class TestSaving:
    def test_parts_are_put_in_place_of_the_old_ones(self, editor: Person, second: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        saved = actions.save_draft(draft, second, {"name": "Khai sinh", "route": []}, 1)
        assert (saved.revision, saved.saved_by, saved.content["name"], saved.content["route"]) == (2, second, "Khai sinh", [])
        assert saved.content["form"] == draft.content["form"]
        assert saved.stopping == 1

    def test_the_same_again_changes_nothing(self, editor: Person, second: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        saved = actions.save_draft(draft, second, {"name": draft.content["name"]}, 1)
        assert (saved.revision, saved.saved_by) == (1, editor)
        assert draft.changes.count() == 1

    def test_true_is_not_one(self, editor: Person) -> None:
        draft = actions.start_draft(editor, CODE, content={"form": {"a": 1}})
        assert actions.save_draft(draft, editor, {"form": {"a": True}}, 1).revision == 2

    def test_a_save_on_an_older_revision_overwrites_nothing(self, editor: Person, second: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        actions.save_draft(draft, second, {"name": "Của người thứ hai"}, 1)
        assert refused("draft.stale", lambda: actions.save_draft(draft, editor, {"name": "Của tôi"}, 1)).status == 409
        assert queries.draft(draft.key).content["name"] == "Của người thứ hai"

    def test_the_code_of_a_new_procedure_may_still_change(self, editor: Person) -> None:
        actions.start_draft(editor, "1.000002")
        draft = actions.save_draft(actions.start_draft(editor, NEW), editor, {"code": "1.000003"}, 1)
        assert (draft.code, draft.content["code"]) == ("1.000003", "1.000003")
        assert refused("draft.exists", lambda: actions.save_draft(draft, editor, {"code": "1.000002"}, 2)).field == "code"
        refused("draft.code", lambda: actions.save_draft(draft, editor, {"code": "x"}, 2))

    def test_the_code_of_a_published_procedure_stays(self, editor: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        refused("draft.code", lambda: actions.save_draft(draft, editor, {"code": NEW}, 1))

    def test_who_changed_which_parts_is_on_record(self, editor: Person, second: Person) -> None:
        draft = changed(editor, name="Một", audience="Mọi người")
        actions.save_draft(draft, second, {"route": []}, 2)
        lines = [(change.what, change.by, change.keys, change.revision) for change in queries.changes_of(draft)[:2]]
        assert lines == [("saved", second, ["route"], 3), ("saved", editor, ["name", "audience"], 2)]

    def test_the_record_cannot_be_rewritten(self, editor: Person) -> None:
        change = changed(editor).changes.get(what="saved")
        with pytest.raises(DatabaseError), transaction.atomic():
            DraftChange.objects.filter(pk=change.pk).update(keys=[])
        with pytest.raises(DatabaseError), transaction.atomic():
            change.delete()

    def test_a_content_without_end_is_not_kept(self, editor: Person) -> None:
        draft = actions.start_draft(editor, CODE)
        refused("draft.too_large", lambda: actions.save_draft(draft, editor, {"conditions": "x" * 2_000_001}, 1))


class TestTwoPeople:
    def test_one_proposes_and_another_publishes(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "Theo Quyết định 1")
        published = actions.approve(draft, second)
        assert (published.number, published.decision, published.starts_on) == (2, "1/QĐ-BTP", None)
        assert (published.edited_by, published.approved_by) == (editor, second)
        assert Procedure.objects.get(code=CODE).current == published
        done = queries.draft(draft.key)
        assert (done.state, done.version) == ("published", published)
        assert [change.what for change in queries.changes_of(draft)] == ["published", "proposed", "saved", "started"]

    def test_not_the_one_who_proposed(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), second, "Xong")
        assert refused("draft.same_person", lambda: actions.approve(draft, second)).status == 403

    def test_not_the_one_who_saved_last(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), second, "Xong")
        refused("draft.same_person", lambda: actions.approve(draft, editor))
        assert Version.objects.filter(procedure__code=CODE).count() == 1

    def test_approving_twice_is_one_version(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "Xong")
        assert actions.approve(draft, second) == actions.approve(draft, second)
        assert Version.objects.filter(procedure__code=CODE).count() == 2

    def test_what_waits_for_the_second_person_does_not_change(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "Xong")
        refused("draft.proposed", lambda: actions.save_draft(draft, editor, {"name": "Khác"}, draft.revision))
        assert actions.reopen(draft, editor).state == "editing"
        refused("draft.not_proposed", lambda: actions.approve(draft, second))

    def test_nobody_approves_what_they_have_not_seen(self, editor: Person, second: Person) -> None:
        seen = actions.propose(changed(editor), editor, "Xong").revision
        draft = actions.reopen(queries.open_draft_of(CODE), editor)
        draft = actions.save_draft(draft, editor, {"name": "Khác hẳn"}, draft.revision)
        draft = actions.propose(draft, editor, "Xong")
        refused("draft.stale", lambda: actions.approve(draft, second, revision=seen))
        assert actions.approve(draft, second, revision=draft.revision).name == "Khác hẳn"

    def test_the_second_person_sends_back_with_a_reason(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "Xong")
        refused("draft.answer", lambda: actions.send_back(draft, second, " "))
        back = actions.send_back(draft, second, "Thiếu căn cứ")
        assert (back.state, back.answer) == ("editing", "Thiếu căn cứ")
        again = actions.propose(back, editor, "Đã bổ sung")
        assert again.answer == ""

    def test_a_proposal_says_what_was_changed(self, editor: Person) -> None:
        assert refused("draft.note", lambda: actions.propose(changed(editor), editor, "")).field == "note"

    def test_a_proposal_begins_today_or_later(self, editor: Person) -> None:
        yesterday = clock.today() - timedelta(days=1)
        assert refused("draft.starts_on", lambda: actions.propose(changed(editor), editor, "x", yesterday)).field == "starts_on"

    def test_what_says_nothing_new_is_not_published(self, editor: Person) -> None:
        refused("draft.unchanged", lambda: actions.propose(actions.start_draft(editor, CODE), editor, "x"))

    def test_problems_stop_a_proposal_with_their_places(self, editor: Person) -> None:
        with pytest.raises(Unpublishable) as caught:
            actions.propose(changed(editor, route=[]), editor, "x")
        assert [problem.place for problem in caught.value.problems] == ["route"]

    def test_what_became_unsound_while_waiting_is_not_published(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "x")
        VersionDraft.objects.filter(pk=draft.pk).update(content=draft.content | {"route": []})
        with pytest.raises(Unpublishable):
            actions.approve(draft, second)
        assert queries.draft(draft.key).state == "proposed"

    def test_a_new_procedure_appears_when_it_is_approved(self, editor: Person, second: Person) -> None:
        content = sound()
        draft = actions.start_draft(editor, NEW, content=content)
        assert actions.approve(actions.propose(draft, editor, "Mới"), second).number == 1
        assert queries.procedure(NEW).domain.slug == "thu-nghiem"
        assert queries.search("thủ tục thử nghiệm").filter(code=NEW).exists()

    def test_a_field_of_law_keeps_its_name(self, editor: Person, second: Person) -> None:
        draft = changed(editor, domain={"slug": "ho-tich", "name": "Hộ tịch và quốc tịch", "position": 9}, decision="2/QĐ")
        (warning,) = [problem for problem in queries.draft_findings(draft) if problem.place == "domain"]
        assert warning.warning
        actions.approve(actions.propose(draft, editor, "x"), second)
        assert queries.procedure(CODE).domain.name == "Hộ tịch"

    def test_a_discarded_draft_is_kept_and_can_be_taken_up(self, editor: Person, second: Person) -> None:
        draft = actions.discard(changed(editor), second)
        refused("draft.closed", lambda: actions.save_draft(draft, editor, {"name": "x"}, draft.revision))
        assert actions.reopen(draft, editor).content["decision"] == "1/QĐ-BTP"

    def test_a_published_draft_is_closed(self, editor: Person, second: Person) -> None:
        draft = actions.propose(changed(editor), editor, "x")
        actions.approve(draft, second)
        refused("draft.closed", lambda: actions.discard(draft, editor))
        refused("draft.not_reopened", lambda: actions.reopen(draft, editor))
        refused("draft.not_proposed", lambda: actions.send_back(draft, second, "x"))


class TestWhoMay:
    """Only editors write; officials and residents are refused everything."""

    @pytest.mark.parametrize("who", ["official", "resident"])
    def test_others_write_nothing(self, who: str, editor: Person, request: pytest.FixtureRequest) -> None:
        stranger: Person = request.getfixturevalue(who)
        draft = actions.propose(changed(editor), editor, "x")
        procedure = draft.base.procedure
        attempts: list[Callable[[], Any]] = [
            lambda: actions.start_draft(stranger, NEW),
            lambda: actions.save_draft(draft, stranger, {"name": "x"}, draft.revision),
            lambda: actions.propose(draft, stranger, "x"),
            lambda: actions.send_back(draft, stranger, "x"),
            lambda: actions.approve(draft, stranger),
            lambda: actions.discard(draft, stranger),
            lambda: actions.reopen(draft, stranger),
            lambda: actions.settle_finding(draft, stranger, 0),
            lambda: actions.retire(procedure, stranger, clock.today(), "x"),
            lambda: actions.unretire(procedure, stranger),
        ]
        for attempt in attempts:
            assert refused("catalogue.not_editor", attempt).status == 403
        assert queries.draft(draft.key).state == "proposed"

    def test_a_post_that_has_ended_gives_no_power(self, editor: Person) -> None:
        editor.posts.update(until=clock.today() - timedelta(days=1))
        refused("catalogue.not_editor", lambda: actions.start_draft(Person.objects.get(pk=editor.pk), CODE))


class TestNotesOfAnImport:
    def test_each_has_to_be_seen_to_before_publishing(self, editor: Person, second: Person) -> None:
        draft = actions.start_draft(
            None, NEW, content=sound(), findings=[{"field": "fees", "reason": "Không rõ"}, {"field": "x"}]
        )
        (note,) = [problem for problem in queries.draft_findings(draft) if problem.place == "findings"]
        assert (note.values, note.warning) == ({"count": 2}, False)
        for index in (0, 1):
            draft = actions.settle_finding(draft, editor, index)
        assert draft.findings[0]["settled"]["name"] == editor.full_name
        assert actions.settle_finding(draft, editor, 1, settled=False).findings[1] == {"field": "x"}
        with pytest.raises(Unpublishable):
            actions.propose(draft, editor, "x")
        draft = actions.settle_finding(draft, second, 1)
        assert actions.propose(draft, editor, "x").state == "proposed"

    def test_seeing_to_one_makes_nobodys_typing_stale(self, editor: Person) -> None:
        draft = actions.start_draft(None, NEW, findings=[{"field": "x"}])
        actions.settle_finding(draft, editor, 0)
        assert actions.save_draft(draft, editor, {"name": "x"}, 1).findings[0]["settled"]
        refused("draft.finding", lambda: actions.settle_finding(draft, editor, 1))


def test_any_order_of_steps_ends_with_one_open_draft_and_no_version_by_one_person(editor: Person, second: Person) -> None:
    """Many random things done by two people: whatever is refused changes nothing, whatever is published had two."""
    chance = random.Random(7)
    people = [editor, second]
    for turn in range(80):
        draft = queries.open_draft_of(CODE) or actions.start_draft(chance.choice(people), CODE)
        by = chance.choice(people)
        before = (draft.state, draft.revision)
        likely = ["approve", "approve", "approve", "send_back"] if draft.state == "proposed" else ["save", "propose", "propose"]
        what = chance.choice([*likely, "save", "propose", "approve", "send_back", "reopen"])
        try:
            if what == "save":
                actions.save_draft(draft, by, {"decision": f"{turn}/QĐ"}, draft.revision)
            elif what == "propose":
                actions.propose(draft, by, "x", chance.choice([None, clock.today() + timedelta(days=3)]))
            elif what == "send_back":
                actions.send_back(draft, by, "x")
            else:
                getattr(actions, what)(draft, by)
        except Refused:
            draft.refresh_from_db()
            assert (draft.state, draft.revision) == before
    assert VersionDraft.objects.filter(code=CODE, state__in=["editing", "proposed"]).count() <= 1
    published = Version.objects.filter(procedure__code=CODE, number__gt=1)
    assert published.exists()
    assert all(one.edited_by_id != one.approved_by_id for one in published)
    assert all(one.draft.proposed_by_id != one.approved_by_id for one in published)


def sound() -> dict[str, Any]:
    """A content whose offices exist in the demonstration city."""
    raw = copy.deepcopy(version())
    functions = ("one-stop", "economy", "", "leadership", "registry", "one-stop")
    for step, function in zip(raw["route"], functions, strict=True):
        step["office"] = {"function": function}
    raw["route"][2]["office"] = {"code": "H29.12.04"}
    return raw


def test_findings_of_a_draft_cost_the_same_however_many_wards(editor: Person, django_assert_max_num_queries: Any) -> None:
    draft = queries.draft(changed(editor).key)
    with django_assert_max_num_queries(9):
        queries.draft_findings(draft)


def test_the_list_of_drafts_is_one_query(editor: Person, django_assert_num_queries: Any) -> None:
    for number in range(3):
        actions.start_draft(editor, f"1.00000{number}")
    with django_assert_num_queries(1):
        assert {(one.code, one.saved_by.full_name) for one in queries.open_drafts("editing")} == {
            (f"1.00000{number}", editor.full_name) for number in range(3)
        }


def test_a_draft_with_a_later_first_day(editor: Person, second: Person) -> None:
    later = clock.today() + timedelta(days=30)
    published = actions.approve(actions.propose(changed(editor), editor, "x", later), second)
    assert published.starts_on == later
    assert queries.version_of(CODE).number == 1
    assert queries.upcoming(published.procedure) == published
    assert isinstance(published.starts_on, date)
