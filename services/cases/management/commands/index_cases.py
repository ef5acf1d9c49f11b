"""`manage.py index_cases`: gives every filed case the words by which it is found, again."""

from typing import Any

from django.core.management.base import BaseCommand

from services.cases import actions


class Command(BaseCommand):
    help = "Work out again by which words each case is found. May run while people work; may be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        last = 0
        while last := actions.index_cases(last):
            self.stdout.write(f"{last}")
