"""`manage.py seed_demo`: the demonstration city, its people and fifteen procedures."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.dev.demo.seed import seed
from services.documents import keyring


class Command(BaseCommand):
    help = "Adds the demonstration city, its people and fifteen procedures; what exists is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--refresh", action="store_true", help="Publish the procedures again where their data files changed.")

    def handle(self, *, refresh: bool, **options: Any) -> None:
        added = seed(refresh=refresh)
        # The development certificate authority is made now rather than at the first signature.
        keyring.trust()
        self.stdout.write(f"{added} added" if added else "nothing to add")
