"""The promise: a trial goes the whole way of a real case by the same rules, says where it stops, and leaves nothing but its report."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage

from identity.offices import actions as offices
from identity.offices.models import Office, Post
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.actions import trial_walk, trials
from services.cases.models import TrialRun
from services.cases.queries.trials import GIVEN_UP, agencies_of
from services.cases.trial_wording import FAILURES, failure_lines, failure_text, failure_title
from services.catalogue import actions as catalogue_actions
from services.catalogue.models import Version, VersionDraft
from services.documents import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = TrialRun.State


@pytest.fixture
def editor(version: Version) -> Person:
    person = Person.objects.create_user(username="bientap.thu", full_name="Đỗ Biên Tập", kind=Person.Kind.OFFICIAL)
    offices.appoint(person, Office.objects.get(code="H29"), "Chuyên viên", ["edit_catalogue"])
    return person


@pytest.fixture
def draft(version: Version, editor: Person) -> VersionDraft:
    return catalogue_actions.start_draft(editor, "1.013225")


@pytest.fixture(autouse=True)
def undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is slow; one test draws."""
    if "drawn" not in request.node.name:
        monkeypatch.setattr(pdf, "draw", lambda *args, **kwargs: None)


def everything() -> dict[str, int]:
    """How many rows every table has, but those that are meant to stay."""
    kept = {"cases.trialrun", "catalogue.versiondraft", "catalogue.draftchange"}
    models = [model for model in apps.get_models() if model._meta.label_lower not in kept and not model._meta.proxy]
    return {model._meta.label: model._default_manager.count() for model in models}


def asked(draft: VersionDraft, by: Person, *, every: bool = False, **answers: Any) -> TrialRun:
    circumstances = draft.content["circumstances"]
    agency = agencies_of(draft.content).order_by("pk")[0]
    circumstance = circumstances[0]["key"] if circumstances else ""
    return actions.ask_for_trial(by, draft, agency, circumstance, answers, every=every)


def run(draft: VersionDraft, by: Person, **more: Any) -> TrialRun:
    found = asked(draft, by, **more)
    assert actions.try_draft(found.pk)
    found.refresh_from_db()
    return found


def changed(draft: VersionDraft, by: Person, change: Callable[[dict[str, Any]], None]) -> VersionDraft:
    content = deepcopy(draft.content)
    change(content)
    return catalogue_actions.save_draft(
        draft, by, {key: content[key] for key in content if content[key] != draft.content[key]}, draft.revision
    )


def failure(found: TrialRun) -> dict[str, Any]:
    assert found.state == State.FAILED
    reason: dict[str, Any] = found.report["runs"][0]["failure"]
    return reason


def test_a_trial_goes_from_filing_to_the_outcome_drawn_and_handed_over(draft: VersionDraft, editor: Person) -> None:
    found = run(draft, editor)
    assert found.state == State.PASSED
    walk = found.report["runs"][0]
    assert [step["state"] for step in walk["steps"]] == ["done"] * 8
    assert [step["key"] for step in walk["steps"]] == [step["key"] for step in draft.content["route"]]
    for step in walk["steps"]:
        assert step["people"] > 0
        assert step["posts"]
        assert step["office"]
    actions_done = [event["action"] for event in walk["events"]]
    assert actions_done[0] == "file"
    assert actions_done[-1] == "hand_over"
    assert {"accept", "begin", "sign", "document_signed", "seal", "document_issued", "complete"} <= set(actions_done)
    assert len(walk["messages"]) == 5
    assert [document["kind"] for document in walk["documents"]] == ["receipt", "outcome"]
    assert walk["fees"][0]["label"]
    # Where the office that is asked takes all of its twelve days, the steps left do not keep a house's fifteen: the trial says so.
    assert walk["filed_at"] < walk["accepted_at"] < walk["ends_at"]


def test_it_names_posts_and_no_person(draft: VersionDraft, editor: Person) -> None:
    report = str(run(draft, editor).report)
    for name in Person.objects.filter(kind=Person.Kind.OFFICIAL).values_list("full_name", flat=True):
        assert name not in report


def test_it_leaves_nothing_behind(
    draft: VersionDraft, editor: Person, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    found = asked(draft, editor)
    written: list[str] = []
    monkeypatch.setattr(default_storage, "save", lambda name, content: written.append(name))
    with django_capture_on_commit_callbacks() as sent:
        actions.try_draft(found.pk)
    assert everything() == before
    assert sent == []
    assert written == []


def test_parallel_steps_begin_together_and_are_joined(draft: VersionDraft, editor: Person) -> None:
    steps = run(draft, editor).report["runs"][0]["steps"]
    side = [step for step in steps if step["group"]]
    after = steps[steps.index(side[-1]) + 1]
    assert len(side) == 2
    assert len({step["opened_at"] for step in side}) == 1
    assert after["opened_at"] == max(step["due_at"] for step in side)


def test_an_answer_decides_which_steps_are_taken(version: Version, editor: Person) -> None:
    draft = catalogue_actions.start_draft(editor, "2.002481")
    conditional = next(step["key"] for step in draft.content["route"] if step.get("when"))
    for kind, state in (("trong-thanh-pho", "done"), ("tinh-khac", "skipped")):
        found = run(draft, editor, from_kind=kind)
        steps = {step["key"]: step["state"] for step in found.report["runs"][0]["steps"]}
        if found.state == State.PASSED:
            assert steps[conditional] == state


def test_every_branch_is_tried(version: Version, editor: Person) -> None:
    draft = catalogue_actions.start_draft(editor, "2.002481")
    found = run(draft, editor, every=True)
    walks = found.report["runs"]
    assert found.report["planned"] == len(walks) == 2
    conditional = next(step["key"] for step in draft.content["route"] if step.get("when"))
    states = {step["state"] for walk in walks for step in walk["steps"] if step["key"] == conditional}
    assert states == {"done", "skipped"}
    assert all("from_kind" in walk["deciding"] for walk in walks)


# Where it stops


def test_content_that_could_not_be_published_is_told(draft: VersionDraft, editor: Person) -> None:
    broken = changed(draft, editor, lambda content: content["route"].pop())
    reason = failure(run(broken, editor))
    assert reason["code"] == "unsound"
    assert failure_lines(reason)


def test_a_step_without_an_office_is_named(draft: VersionDraft, editor: Person) -> None:
    broken = changed(draft, editor, lambda content: content["route"][2].update(office={"function": "khong-co"}))
    reason = failure(run(broken, editor))
    assert (reason["code"], reason["step"]) == ("no_office", draft.content["route"][2]["key"])


def test_a_step_nobody_may_do_is_named(draft: VersionDraft, editor: Person) -> None:
    found = run(draft, editor)
    step = found.report["runs"][0]["steps"][2]
    for post in Post.objects.filter(office__name=step["office"], powers__contains=[step["power"]]):
        post.powers = [power for power in post.powers if power != step["power"]]
        post.save(update_fields=["powers"])
    again = run(draft, editor)
    reason = failure(again)
    assert (reason["code"], reason["step"]) == ("nobody", step["key"])
    assert step["office"] in failure_text(reason)
    states = [one["state"] for one in again.report["runs"][0]["steps"]]
    assert states[:3] == ["done", "done", "failed"]
    assert set(states[4:]) == {"ahead"}


def test_a_place_of_the_outcome_that_nothing_fills_is_named(draft: VersionDraft, editor: Person) -> None:
    def change(content: dict[str, Any]) -> None:
        content["form"]["pages"][0]["fields"].append(
            {"key": "never", "kind": "text", "label": "Ghi chú thêm", "when": {"==": [{"var": "owner_kind"}, "to-chuc"]}}
        )
        content["outcome"]["rows"].append(["Ghi chú", "{never}"])

    found = run(changed(draft, editor, change), editor)
    reason = failure(found)
    assert reason["code"] == "empty_places"
    assert "Ghi chú thêm" in failure_text(reason)
    assert found.report["runs"][0]["ends_at"], "the walk goes on to the end"


def test_answers_the_form_does_not_take_are_told(draft: VersionDraft, editor: Person) -> None:
    reason = failure(run(draft, editor, owner_kind="khong-co"))
    assert reason["code"] == "incomplete"
    assert failure_lines(reason)


def test_a_document_that_cannot_be_drawn_is_named(draft: VersionDraft, editor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError

    monkeypatch.setattr(pdf, "draw", broken)
    assert failure(run(draft, editor))["code"] == "not_drawn"


def test_every_reason_has_words() -> None:
    for code in FAILURES:
        values = {"power": "approve", "office": "x", "message": "x", "places": ["x"], "document": "x", "error": "x"}
        reason = {"code": code, "step": "", "values": values}
        assert failure_title(reason)
        assert "%(" not in failure_text(reason)


# Asking and running


def test_who_may_ask_and_for_what(draft: VersionDraft, editor: Person, owner: Person) -> None:
    agency = agencies_of(draft.content)[0]
    key = draft.content["circumstances"][0]["key"]
    clerk = Person.objects.filter(posts__powers__contains=["receive"]).order_by("pk")[0]
    for person in (owner, clerk):
        with pytest.raises(Refused) as refused:
            actions.ask_for_trial(person, draft, agency, key, {})
        assert refused.value.status == 403
    for chosen, where, code in [
        ("khong-co", agency, "trial.circumstance"),
        (key, Office.objects.get(code="H29"), "trial.agency"),
    ]:
        with pytest.raises(Refused) as refused:
            actions.ask_for_trial(editor, draft, where, chosen, {})
        assert refused.value.code == code
    asked(draft, editor)
    with pytest.raises(Refused) as refused:
        asked(draft, editor)
    assert refused.value.code == "trial.running"


def test_a_trial_runs_once_and_is_found_again_when_its_worker_died(draft: VersionDraft, editor: Person) -> None:
    found = asked(draft, editor)
    assert trials._claimed(found.pk) is not None
    assert trials._claimed(found.pk) is None
    assert queries.trials_waiting() == []
    TrialRun.objects.filter(pk=found.pk).update(tried_at=found.asked_at - GIVEN_UP - GIVEN_UP)
    assert queries.trials_waiting() == [found.pk]
    assert actions.try_draft(found.pk)
    assert not actions.try_draft(found.pk)


def test_a_fault_of_the_portal_is_not_blamed_on_the_draft(
    draft: VersionDraft, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(draft, editor)

    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(trials, "walk", broken)
    for _ in range(trials.MOST_ATTEMPTS - 1):
        with pytest.raises(ZeroDivisionError):
            actions.try_draft(found.pk)
    assert actions.try_draft(found.pk)
    found.refresh_from_db()
    assert found.state == State.FAILED
    assert found.report["failure"]["code"] == "broken"


def test_the_last_trial_says_which_revision_it_was_of(draft: VersionDraft, editor: Person) -> None:
    assert queries.last_trial(draft) is None
    found = run(draft, editor)
    last = queries.last_trial(draft)
    assert last == found
    assert last is not None
    assert last.revision == draft.revision
    later = changed(draft, editor, lambda content: content.update(audience="Tổ chức, cá nhân"))
    assert later.revision != last.revision


@pytest.mark.parametrize("code", ["1.000894", "1.011607", "2.000286", "3.000347"])
def test_published_procedures_pass(version: Version, editor: Person, code: str) -> None:
    assert run(catalogue_actions.start_draft(editor, code), editor).state == State.PASSED


def test_the_mark_is_on_its_papers(draft: VersionDraft, editor: Person) -> None:
    walk = run(draft, editor).report["runs"][0]
    outcome = next(document["data"] for document in walk["documents"] if document["kind"] == "outcome")
    assert walk["mark"] == outcome["case_number"] == trial_walk.MARK
    assert outcome["symbol"].startswith(draft.content["outcome"]["symbol"])
