"""The stages of `test`: each tells its name, its result and how long it took; the last line says it all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from portal.dev import state, steps

SOURCES = ("manage.py", "portal", "identity", "services", "tests")
PYTEST = ("-m", "pytest")
STAGES: dict[str, tuple[str, ...]] = {
    "Style": ("-m", "ruff", "check", "."),
    "Format": ("-m", "ruff", "format", "--check", "."),
    "Types": ("-m", "mypy", *SOURCES),
    "Imports": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"),
    "Migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "Translations": ("manage.py", "translations"),
    "Tests": (*PYTEST, "-n", "2", "--dist", "loadgroup", "tests"),
}


def run_all() -> int:
    """Every stage, also after one that failed; the exit code."""
    start = time.monotonic()
    failed = [name for name, command in STAGES.items() if not run(name, command)]
    took = time.monotonic() - start
    if failed:
        steps.say(f"\nFAILED after {took:.0f} s: {', '.join(failed)}.")
        return 1
    steps.say(f"\nAll {len(STAGES)} stages passed in {took:.0f} s.")
    return 0


def run(name: str, command: Sequence[str]) -> bool:
    """One stage; its own output is shown as it comes."""
    steps.say(f"\n== {name}")
    start = time.monotonic()
    code = call(command)
    steps.say(f"== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - start:.1f} s")
    return code == 0


def call(command: Sequence[str]) -> int:
    """Python with these arguments; the exit code. Ctrl-C in the terminal reaches the command as well, and it may finish."""
    process = subprocess.Popen([sys.executable, *command], cwd=state.ROOT, env=os.environ)
    try:
        return process.wait()
    except BaseException:
        # Like Ctrl-C: pytest still removes its databases and folders.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
