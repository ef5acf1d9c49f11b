"""A table as a file, written row by row: CSV that opens in spreadsheets, and XLSX.

A cell is always text: what an applicant typed is never a formula in the official's spreadsheet.
"""

import csv
import io
from collections.abc import Sequence
from typing import IO, Protocol

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_CHARACTERS = 32_000
"""A cell of a spreadsheet holds 32,767."""


class Table(Protocol):
    """Rows go in, then the file is closed once."""

    def add(self, cells: Sequence[str]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Write what is left; the file stays open."""


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before one that looks so."""
    plain = text[:MOST_CHARACTERS]
    return f"'{plain}" if plain.lstrip(" ").startswith(FORMULA) or plain.startswith(FORMULA) else plain


class CsvTable:
    """UTF-8 with a byte order mark, so that Excel reads the Vietnamese letters."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)

    def add(self, cells: Sequence[str]) -> None:
        """Write one row."""
        self._writer.writerow([harmless(cell) for cell in cells])

    def close(self) -> None:
        """Let go of the file."""
        self._text.detach()


class XlsxTable:
    """One sheet whose first row stays in sight; only one row is in memory at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, 30, 22)
        self._bold = self._book.add_format({"bold": True})
        self._row = 0

    def add(self, cells: Sequence[str]) -> None:
        """Write one row."""
        for place, cell in enumerate(cells):
            self._sheet.write_string(self._row, place, cell[:MOST_CHARACTERS], None if self._row else self._bold)
        self._row += 1

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()
