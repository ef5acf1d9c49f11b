"""Builds static/build/ from static/src/ with the Node that came as a Python package: the same on every machine."""

import os
import sys
from pathlib import Path

from portal.dev import state, steps

SOURCES = state.ROOT / "static" / "src"
BUILT = state.ROOT / "static" / "build"
PACKAGES = state.ROOT / "node_modules"
WANTED = [state.ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]


def build() -> None:
    """Install the front-end packages and build, each only when something it comes from has changed."""
    npm = Path(sys.executable).parent / "npm"
    wanted = state.digest(*WANTED)
    if not PACKAGES.is_dir() or not state.stamped("node_modules", wanted):
        quiet = ["--no-progress", "--no-update-notifier", "--loglevel=error"]
        steps.run("Installing front-end packages", [npm, "ci", *quiet], state.LOGS / "npm.log", cwd=state.ROOT, env=os.environ)
        state.stamp("node_modules", wanted)
    made_from = state.digest(wanted, SOURCES)
    if not (BUILT / "app.css").exists() or not state.stamped("static/build", made_from):
        steps.run(
            "Building the front end", [npm, "run", "--silent", "build"], state.LOGS / "build.log", cwd=state.ROOT, env=os.environ
        )
        state.stamp("static/build", made_from)
