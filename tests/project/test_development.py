"""The promise: setting up changes nothing twice, and what it says gives nothing away."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.dev import native, processes, state, steps, supervisor


def test_a_log_is_shown_without_the_addresses_of_registries(tmp_path: Path) -> None:
    log = tmp_path / "pip.log"
    log.write_text("Looking in https://someone:secret@registry.example/simple\nERROR: no such package\n")
    shown = steps.tail(log)
    assert "registry.example" not in shown
    assert "secret" not in shown
    assert "ERROR: no such package" in shown


def test_a_failed_step_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(steps.Failed, match="out of luck"):
        steps.run("Trying", [sys.executable, "-c", "raise SystemExit('out of luck')"], tmp_path / "log")


def test_a_lock_is_held_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "STATE", tmp_path)
    with state.lock("site", wait=False):
        with pytest.raises(state.Busy), state.lock("site", wait=False):
            pass
        with state.lock("another", wait=False):
            pass
    with state.lock("site", wait=False):
        pass


def test_secrets_and_ports_are_remembered_and_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "STATE", tmp_path / "state")
    first, port = state.secret("django"), state.port("postgres")
    assert state.secret("django") == first
    assert state.port("postgres") == port
    assert state.port("web", 8000) == 8000
    assert (tmp_path / "state" / "secrets.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_a_stamp_tells_whether_something_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "STATE", tmp_path)
    assert not state.stamped("build", "a")
    state.stamp("build", "a")
    assert state.stamped("build", "a")
    assert not state.stamped("build", "b")


def test_marked_processes_are_found_with_their_children_and_ended() -> None:
    mark = f"MOT_CUA_TEST_MARK={os.getpid()}"
    name, _, value = mark.partition("=")
    script = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, name: value})
    deadline = time.monotonic() + 20
    while len(processes.marked(mark)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(processes.marked(mark)) == 2
    processes.kill(processes.marked(mark))
    parent.wait()
    assert processes.marked(mark) == []


def test_the_terminal_hears_of_errors_only() -> None:
    assert supervisor.telling('{"event": "request", "level": "info", "status": 200}') == ""
    assert "request" in supervisor.telling('{"event": "request", "level": "error", "status": 500}')
    assert supervisor.telling("Task cases.produce_document received") == ""
    assert supervisor.telling("django.db.utils.OperationalError: connection refused")


def test_the_libraries_of_pdf_are_there() -> None:
    assert native.missing() == []
