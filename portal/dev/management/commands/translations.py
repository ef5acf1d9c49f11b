"""Say what the Vietnamese catalogues lack, or add it for a translator to fill in."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.dev import translations


class Command(BaseCommand):
    help = "Check that every word has a Vietnamese translation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--write", action="store_true", help="add missing words to the catalogue of their app, without translation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            self.stdout.write(f"{translations.write_missing()} words added.")
        found = translations.problems()
        for problem in found:
            self.stdout.write(problem)
        self.stdout.write(f"{len(found)} problems." if found else "Every word has its translation.")
        if found:
            sys.exit(1)
