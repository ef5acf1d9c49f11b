"""The real records, where somebody has them: all come in, a second time nothing changes, and every draft opens."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from identity.people.models import Person
from services.catalogue import queries
from services.catalogue.actions.loading import load
from services.catalogue.content import KEYS, misfits
from services.catalogue.importing.reading import Kind
from services.catalogue.importing.report import Result
from services.catalogue.models import RouteTemplate, VersionDraft
from services.catalogue.shapes import problems
from services.editor.sections import TITLES, address
from tests.services.catalogue.importing.test_loading import state

FOLDER = os.environ.get("REAL_RECORDS", "")
FILES = ("procedures_real.jsonl", "internal_workflows_real.jsonl", "paper_to_database_map.jsonl")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="name the folder with the real records in REAL_RECORDS"),
]


def files() -> list[tuple[str, bytes]]:
    return [(name, (Path(FOLDER) / name).read_bytes()) for name in FILES]


def test_every_record_comes_in_and_a_second_run_changes_nothing(demo: None) -> None:
    report = load(files())
    counts = report.counts()
    assert not report.failed
    assert counts[Kind.PROCEDURE] == {Result.NEW: VersionDraft.objects.count()}
    assert counts[Kind.WORKFLOW] == {Result.NEW: RouteTemplate.objects.count()}
    assert set(counts[Kind.PAPER]) <= {Result.NEW, Result.ALONE}
    before = state()
    again = load(files())
    assert state() == before
    assert {line.result for line in again.lines} <= {Result.UNCHANGED, Result.ALONE}


def test_every_draft_is_whole_and_opens_in_the_editor(demo: None, editor: Person, client: Client) -> None:
    load(files())
    client.force_login(editor)
    for place, draft in enumerate(VersionDraft.objects.order_by("pk")):
        assert set(draft.content) == set(KEYS)
        assert misfits(draft.content) == []
        problems(draft.content)
        queries.draft_findings(draft)
        if place % 20 == 0:
            opens(client, draft)


def opens(client: Client, draft: VersionDraft) -> None:
    pages: dict[str, Any] = dict.fromkeys(TITLES)
    firsts = {"editor_facts": "name", "editor_papers": "documents", "editor_fees": "fees", "editor_eligibility": "eligibility"}
    for name in pages:
        place = firsts.get(name, name.removeprefix("editor_"))
        assert client.get(address(draft, place).partition("#")[0]).status_code == 200, (draft.code, name)
