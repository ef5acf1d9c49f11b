"""Makes .venv what the requirements say and continues in it. Standard library only: nothing is installed yet."""

import hashlib
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

from portal.dev import state, steps

VENV = state.ROOT / ".venv"
STAMP = VENV / "made-for"
REQUIREMENTS = [state.ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt")]

STARTED = "MOT_CUA_STARTED"
"""When the command was given, so that `up` can tell how long all of it took."""


def enter() -> None:
    """Returns inside an up-to-date .venv; makes or renews it first and starts the same command in it."""
    os.environ.setdefault(STARTED, str(time.time()))
    # Compiled modules are kept, whatever the machine's habit: five processes start with them each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    inside = Path(sys.prefix).resolve() == VENV
    with state.lock("bootstrap"):
        made = current()
        if not made:
            make(inside)
    if not inside or not made:
        os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])


def current() -> bool:
    """Whether .venv is there, whole, and made from today's requirements by this Python at this place."""
    return STAMP.exists() and STAMP.read_text() == wanted() and (VENV / "bin" / "python").exists()


def wanted() -> str:
    """What .venv has to be made for. A folder that was moved is made anew: its scripts name their old place."""
    parts = [path.read_bytes() for path in REQUIREMENTS] + [str(VENV).encode(), f"{sys.version_info[:2]}".encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make(inside: bool) -> None:
    """Create .venv where needed and install the requirements; Failed with one sentence when this machine cannot."""
    python = VENV / "bin" / "python"
    STAMP.unlink(missing_ok=True)
    if not inside:
        create(python)
    pip: list[str | Path] = [python, "-m", "pip"]
    if not inside and not importlib.util.find_spec("ensurepip"):
        pip = [sys.executable, "-m", "pip", "--python", python]
    # Not compiled at once: most modules are never imported, the others are compiled when they are.
    install = ["install", "--disable-pip-version-check", "--no-input", "--quiet", "--no-compile"]
    newest = next(line for line in REQUIREMENTS[1].read_text().splitlines() if line.startswith("pip=="))
    with steps.step("Installing Python packages"):
        # The pip that comes with Python is years old and takes twice as long.
        steps.call([*pip, *install, newest], state.LOGS / "pip.log")
        steps.call([python, "-m", "pip", *install, "-r", REQUIREMENTS[1]], state.LOGS / "pip.log")
    STAMP.write_text(wanted())


def create(python: Path) -> None:
    """An empty .venv with this Python, by whichever way the machine offers."""
    log = state.LOGS / "venv.log"
    clear = ["--clear"] if VENV.exists() else []
    if not importlib.util.find_spec("ensurepip"):
        if importlib.util.find_spec("venv") and importlib.util.find_spec("pip"):
            steps.run("Making .venv", [sys.executable, "-m", "venv", "--without-pip", *clear, VENV], log)
            return
        install_venv()
    steps.run("Making .venv", [sys.executable, "-m", "venv", *clear, VENV], log)
    if not python.exists():
        raise steps.Failed(f"Python made no {python}.")


def install_venv() -> None:
    """Debian keeps Python's venv in a package of its own."""
    if (
        os.geteuid() != 0
        or not shutil.which("apt-get")
        or sys.executable not in {"/usr/bin/python3", f"/usr/bin/python3.{sys.version_info[1]}"}
    ):
        raise steps.Failed(
            "This Python has neither venv nor pip. Install one of them (Debian, Ubuntu: apt-get install python3-venv) and run the command again."
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps.run("Reading the package lists", ["apt-get", "update"], state.LOGS / "apt.log", env=quiet)
    install = ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
    steps.run("Installing python3-venv", install, state.LOGS / "apt.log", env=quiet)
    importlib.invalidate_caches()
