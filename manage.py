#!/usr/bin/env python3
"""The one door: `up` serves, `test` checks, everything else is Django's. On a bare machine it first sets up what is missing."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

DEVELOPMENT_COMMANDS = {"up", "test", "worker", "translations"}
VENV = Path(__file__).resolve().parent / ".venv"


def main() -> int:
    """Run the command; its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    # Where Django is installed otherwise, as in production, nothing is set up and portal.dev stays out of it.
    own = Path(sys.prefix).resolve() == VENV and (VENV / "made-for").exists()
    if command not in DEVELOPMENT_COMMANDS and not own and find_spec("django"):
        run()
        return 0

    from portal.dev import bootstrap, steps

    steps.stop_on_signals()
    try:
        bootstrap.enter()
        from portal.dev import environment

        with environment.ready(command):
            run()
    except KeyboardInterrupt:
        return 0 if command in {"up", "worker"} else 130
    except steps.Failed as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    return 0


def run() -> None:
    """Hand over to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
