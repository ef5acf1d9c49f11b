"""Lint, types, import contracts, migrations, translations and all tests; with arguments, only pytest with those."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.dev import checks, state, steps


class Command(BaseCommand):
    help = "Run every check and test; arguments go to pytest, which then runs alone."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Arguments are pytest's: Django shall not read them."""
        arguments = argv[2:]
        if arguments in (["--help"], ["-h"]):
            steps.say(f"{self.help}\n\n  python3 manage.py test [arguments of pytest]")
            return
        try:
            with state.lock(f"tests-{os.environ.get('TEST_DATABASE_NAME', 'default')}", wait=False):
                code = checks.call([*checks.PYTEST, *arguments]) if arguments else checks.run_all()
        except state.Busy as busy:
            raise steps.Failed("Tests are already running in this clone.") from busy
        sys.exit(code)

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["manage.py", "test", *args])
