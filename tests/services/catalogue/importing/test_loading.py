"""Records into drafts: once, wholly, and never over what a person did."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from identity.people.models import Person
from services.catalogue import actions, queries
from services.catalogue.actions.loading import load
from services.catalogue.content import skeleton
from services.catalogue.importing.report import Report, Result
from services.catalogue.models import DraftChange, RouteTemplate, VersionDraft
from services.catalogue.queries import imports
from tests.services.catalogue.importing.records import lines, paper, procedure, row, workflow

pytestmark = pytest.mark.django_db


def run(*records: Any, name: str = "a.jsonl") -> Report:
    return load([(name, lines(*records))])


def results(report: Report) -> list[str]:
    return [line.result for line in report.lines]


def reasons(draft: VersionDraft) -> set[str]:
    return {finding["code"] for finding in draft.findings}


def state() -> list[Any]:
    """Everything an import could have changed."""
    return [
        *VersionDraft.objects.order_by("pk").values_list("pk", "revision", "content", "findings", "origin", "saved_at"),
        *RouteTemplate.objects.order_by("pk").values_list("pk", "digest", "steps", "imported_at"),
        DraftChange.objects.count(),
    ]


def test_a_record_becomes_a_draft_with_what_a_person_has_to_see() -> None:
    report = run(procedure())
    draft = VersionDraft.objects.get()
    assert results(report) == [Result.NEW]
    assert report.lines[0].draft == str(draft.key)
    assert (draft.code, draft.created_by, draft.state, draft.revision) == ("1.900001", None, "editing", 1)
    assert (draft.origin["file"], draft.origin["record"]) == ("a.jsonl", "1.900001")
    assert {"form.starter", "route.missing"} <= reasons(draft)
    assert set(draft.findings[0]) == {"field", "code", "reason", "value"}


def test_procedure_workflow_and_annex_meet_in_one_draft_in_any_order() -> None:
    report = run(row(), workflow(), procedure())
    draft = VersionDraft.objects.get()
    assert results(report) == [Result.NEW] * 3
    assert draft.revision == 1
    assert [one["kind"] for one in draft.content["route"]][:2] == ["receive", "assign"]
    assert draft.content["documents"][1]["replaced_by"] == "Cơ sở dữ liệu quốc gia về đất đai"
    assert "route.missing" not in reasons(draft)
    assert "route.guessed" in reasons(draft)


def test_a_second_run_changes_nothing() -> None:
    records = (procedure(), workflow(), row(), procedure(code="1.900002"), workflow(procedure_codes=[], heading="Khác"))
    run(*records)
    before = state()
    again = run(*records, name="other-name.jsonl")
    assert state() == before
    assert set(results(again)) == {Result.UNCHANGED}


def test_what_comes_later_is_added_to_a_draft_nobody_worked_on() -> None:
    run(procedure())
    assert results(run(workflow(), row())) == [Result.NEW, Result.NEW]
    draft = VersionDraft.objects.get()
    assert draft.revision == 2
    assert draft.content["route"][0]["kind"] == "receive"
    assert draft.content["documents"][1]["replaced_by"]
    before = state()
    run(procedure(), workflow(), row())
    assert state() == before


def test_a_workflow_that_came_first_waits_for_its_procedure() -> None:
    run(workflow())
    run(procedure())
    assert VersionDraft.objects.get().content["route"] == RouteTemplate.objects.get().steps


def test_a_newer_record_replaces_an_older_one_and_keeps_what_was_added() -> None:
    run(procedure(), workflow(), row())
    report = run(procedure(audience=None, subjects=["Doanh nghiệp"]))
    draft = VersionDraft.objects.get()
    assert results(report) == [Result.UPDATED]
    assert draft.content["audience"] == "Doanh nghiệp"
    assert draft.content["route"][0]["kind"] == "receive"
    assert draft.content["documents"][1]["replaced_by"]


def test_a_newer_workflow_replaces_the_route_it_gave() -> None:
    run(procedure(), workflow())
    assert results(run(workflow(total_hours=99))) == [Result.UPDATED]
    assert RouteTemplate.objects.count() == 1
    assert "route.total" in reasons(VersionDraft.objects.get())


def test_what_a_person_changed_is_left_and_reported(editor: Person) -> None:
    run(procedure())
    draft = VersionDraft.objects.get(code="1.900001")
    actions.save_draft(draft, editor, {"audience": "Người nuôi ong"}, draft.revision)
    before = state()
    report = run(procedure(subjects=["Doanh nghiệp"]), row())
    assert results(report) == [Result.HELD, Result.HELD]
    assert state() == before
    assert results(run(procedure())) == [Result.UNCHANGED]


def test_a_note_that_was_ticked_off_counts_as_work(editor: Person) -> None:
    run(procedure())
    actions.settle_finding(VersionDraft.objects.get(code="1.900001"), editor, 0)
    assert results(run(procedure(subjects=["Doanh nghiệp"]))) == [Result.HELD]


def test_a_draft_that_an_editor_began_is_left_alone(editor: Person) -> None:
    actions.start_draft(editor, "1.900001", content=skeleton("1.900001"))
    report = run(procedure())
    assert results(report) == [Result.HELD]
    assert [finding.code for finding in report.lines[0].findings] == ["record.edited"]


def test_a_draft_that_was_discarded_does_not_come_back(editor: Person) -> None:
    run(procedure())
    actions.discard(VersionDraft.objects.get(code="1.900001"), editor)
    assert results(run(procedure())) == [Result.UNCHANGED]
    assert results(run(procedure(subjects=["Doanh nghiệp"]))) == [Result.NEW]


def test_a_published_procedure_keeps_its_form_and_route(demo: None) -> None:
    current = queries.version_of("1.013225")
    run(procedure(code="1.013225", field="Hoạt động xây dựng"), workflow(procedure_codes=["1.013225"]))
    draft = VersionDraft.objects.get(code="1.013225")
    assert (draft.base, draft.content["route"], draft.content["form"]) == (current, current.route, current.form)
    assert draft.content["domain"]["slug"] == "xay-dung"
    assert "record.published" in reasons(draft)


def test_one_code_is_imported_once_and_the_other_record_is_reported() -> None:
    report = run(procedure(), procedure(), procedure(name="Khác"))
    assert results(report)[1:] == [Result.UNCHANGED, Result.REFUSED]
    assert [finding.code for finding in report.lines[2].findings] == ["record.twice"]
    assert VersionDraft.objects.count() == 1


def test_a_record_that_cannot_be_imported_stops_no_other() -> None:
    report = load(
        [("a", b"{\n" + lines(procedure(code="x"), procedure(name=""), {"a": 1}, row(procedure_code="?"), procedure()))]
    )
    assert results(report) == [Result.REFUSED] * 5 + [Result.NEW]
    assert report.failed


def test_a_record_too_large_for_a_draft_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.catalogue.actions.drafting.LARGEST", 500)
    report = run(procedure(), row())
    assert results(report) == [Result.REFUSED, Result.REFUSED]
    assert not VersionDraft.objects.exists()


def test_rows_of_procedures_without_a_draft_are_only_counted() -> None:
    report = run(row())
    assert results(report) == [Result.ALONE]
    assert not report.failed


def test_a_paper_that_is_not_there_is_a_question_for_a_person() -> None:
    report = run(procedure(), row(document_replaced="Giấy khám sức khỏe"))
    assert [finding.code for finding in report.lines[1].findings] == ["documents.no_match"]
    assert "documents.no_match" in reasons(VersionDraft.objects.get())


def test_workflows_without_a_code_are_matched_by_name_or_kept() -> None:
    named = workflow(procedure_codes=[], heading="Thủ tục cấp giấy xác nhận nuôi ong lấy mật", names=[])
    report = run(procedure(), named, workflow(procedure_codes=[], heading="H05", names=[]))
    assert results(report) == [Result.NEW] * 3
    assert VersionDraft.objects.get().content["route"][0]["kind"] == "receive"
    assert sorted(RouteTemplate.objects.values_list("codes", flat=True)) == [[], ["1.900001"]]


def test_of_several_workflows_the_first_gives_the_route_and_the_others_are_named() -> None:
    run(procedure(), workflow(), workflow(heading="Trường hợp b)", names=["Cấp lại giấy xác nhận nuôi ong"]))
    draft = VersionDraft.objects.get()
    assert [one["value"] for one in draft.findings if one["code"] == "route.several"] == ["Cấp lại giấy xác nhận nuôi ong"]


def test_a_route_longer_than_the_limit_is_reported() -> None:
    run(procedure(methods=[]), workflow())
    assert "route.over_limit" not in reasons(VersionDraft.objects.get())
    run(procedure(code="1.900002", time_limit="1 ngày làm việc", methods=[]), workflow(procedure_codes=["1.900002"]))
    assert "route.over_limit" in reasons(VersionDraft.objects.get(code="1.900002"))


def test_templates_are_found_by_code_and_by_words() -> None:
    run(workflow())
    assert imports.route_templates(code="1.900001").count() == 1
    assert imports.route_templates(text="nuôi Cao").count() == 1
    assert imports.route_templates(code="1.900009").count() == 0


def test_a_trial_keeps_nothing() -> None:
    report = load([("a", lines(procedure(), workflow()))], dry_run=True)
    assert results(report) == [Result.NEW, Result.NEW]
    assert (VersionDraft.objects.count(), RouteTemplate.objects.count()) == (0, 0)


def test_reading_what_is_known_costs_the_same_for_any_number_of_records(django_assert_num_queries: Any) -> None:
    run(*(procedure(code=f"1.90{number:04}", documents=[paper("Đơn")]) for number in range(12)))
    # Known drafts, published procedures, fields of law; then nothing, as nothing changed.
    with django_assert_num_queries(4):
        run(*(procedure(code=f"1.90{number:04}", documents=[paper("Đơn")]) for number in range(12)))


def test_the_command_prints_a_table_writes_the_report_and_tells_by_its_exit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, report = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "report.json"
    good.write_bytes(lines(procedure(), workflow()))
    bad.write_bytes(b"{\n")
    call_command("import_procedures", str(good))
    shown = capsys.readouterr().out
    assert "Thủ tục" in shown
    assert "Quy trình nội bộ" in shown
    assert "Cần người xem:" in shown
    with pytest.raises(SystemExit) as stopped:
        call_command("import_procedures", str(good), str(bad), "--report", str(report), "--dry-run")
    assert stopped.value.code == 1
    assert "bad.jsonl:1" in capsys.readouterr().out
    written = json.loads(report.read_text())
    assert written["counts"] == {"procedure": {"unchanged": 1}, "workflow": {"unchanged": 1}, "unreadable": {"refused": 1}}
    assert written["records"][2]["findings"][0]["reason"] == "Dòng này không đọc được theo định dạng JSON."
    with pytest.raises(CommandError):
        call_command("import_procedures", str(tmp_path / "none.jsonl"))
