"""`manage.py make_cases`: a long history of made-up cases, for measuring."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.dev import many


class Command(BaseCommand):
    help = "Adds made-up cases with their work items and events to a development database that has the demonstration city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, help="How many cases.")
        parser.add_argument("--open", type=int, default=5000, help="How many of them are still open: the newest ones.")
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *, count: int, open: int, processes: int, **options: Any) -> None:
        start = time.monotonic()
        try:
            many.make_cases(count, open, processes)
        except many.NotForThis as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} cases in {time.monotonic() - start:.0f} s")
