"""`manage.py import_procedures FILE…`: records of the national portal and of provinces become drafts."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from services.catalogue.actions.loading import load
from services.catalogue.importing.findings import REASONS
from services.catalogue.importing.reading import Kind
from services.catalogue.importing.report import FAILED, Report, Result

KINDS = {
    Kind.PROCEDURE: gettext_noop("Procedures"),
    Kind.WORKFLOW: gettext_noop("Internal workflows"),
    Kind.PAPER: gettext_noop("Papers replaced by databases"),
    "": gettext_noop("Unreadable"),
}
RESULTS = {
    Result.NEW: gettext_noop("new"),
    Result.UPDATED: gettext_noop("updated"),
    Result.UNCHANGED: gettext_noop("unchanged"),
    Result.ALONE: gettext_noop("no such draft"),
    Result.HELD: gettext_noop("left as it is"),
    Result.REFUSED: gettext_noop("not imported"),
}


class Command(BaseCommand):
    help = (
        "Imports procedures, internal workflows and papers replaced by databases (JSON Lines or a JSON array) as drafts that "
        "editors finish. Running it again changes nothing. Exits with 1 when some record was not taken over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--report", type=Path, metavar="PATH", help="write everything that was found to this file, as JSON")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def handle(self, *, files: list[Path], report: Path | None, dry_run: bool, **options: Any) -> None:
        try:
            data = [(file.name, file.read_bytes()) for file in files]
        except OSError as wrong:
            raise CommandError(str(wrong)) from wrong
        with override(settings.LANGUAGE_CODE):
            made = load(data, dry_run=dry_run)
            self._print(made, dry_run=dry_run)
            if report:
                text = json.dumps(made.as_json(_), ensure_ascii=False, indent=1)
                report.write_text(text + "\n", encoding="utf-8")
        if made.failed:
            sys.exit(1)

    def _print(self, report: Report, *, dry_run: bool) -> None:
        """A table of counts, the records that were not taken over, and how often a person is needed for what."""
        counts = report.counts()
        rows = [["", *(_(name) for name in RESULTS.values())]]
        rows += [[_(KINDS[kind]), *(str(counts[kind][result]) for result in RESULTS)] for kind in KINDS if kind in counts]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = [f"{row[0]:<{widths[0]}}", *(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))]
            self.stdout.write("  ".join(cells).rstrip())
        for line in report.lines:
            if line.result in FAILED:
                why = "; ".join(f"{_(finding.reason)} {finding.value}".strip() for finding in line.findings)
                place = f"{line.entry.file}:{line.entry.line}"
                self.stdout.write(" ".join(part for part in (place, line.record, f"{_(RESULTS[line.result])}:", why) if part))
        if reasons := report.reasons():
            self.stdout.write("\n" + _("What needs a person:"))
            for code, count in reasons.most_common():
                self.stdout.write(f"{count:>6}  {_(REASONS[code])}")
        if dry_run:
            self.stdout.write("\n" + _("Nothing was kept: this was a trial."))
