"""RULE: what an import says about every record: imported, unchanged, or why not."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.catalogue.importing.findings import Finding
from services.catalogue.importing.reading import Entry


class Result(StrEnum):
    """What became of a record."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ALONE = "alone"
    """A paper of a procedure that has no draft."""
    HELD = "held"
    """A person works on the draft: it was left as it is."""
    REFUSED = "refused"


FAILED = frozenset({Result.HELD, Result.REFUSED})
"""The record was not taken over, and somebody has to do something."""


@dataclass(slots=True)
class Line:
    """One record of the report."""

    entry: Entry
    record: str = ""
    name: str = ""
    result: Result = Result.UNCHANGED
    draft: str = ""
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, *findings: Finding) -> None:
        """It was not imported."""
        self.result = Result.REFUSED
        self.findings += findings


@dataclass(slots=True)
class Report:
    """Every record of the files, in their order."""

    lines: list[Line] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether some record was not taken over."""
        return any(line.result in FAILED for line in self.lines)

    def counts(self) -> Mapping[str, Counter[Result]]:
        """How many records of each kind became what; unreadable ones have no kind."""
        found: dict[str, Counter[Result]] = {}
        for line in self.lines:
            found.setdefault(line.entry.kind or "", Counter())[line.result] += 1
        return found

    def reasons(self) -> Counter[str]:
        """How often each reason was given; what two records say about one draft counts once."""
        told = {(line.draft or place, finding): None for place, line in enumerate(self.lines) for finding in line.findings}
        return Counter(finding.code for _draft, finding in told)

    def as_json(self, said: Callable[[str], str]) -> dict[str, Any]:
        """The whole report; `said` puts a reason into the reader's language."""
        return {
            "files": list(dict.fromkeys(line.entry.file for line in self.lines)),
            "counts": {kind or "unreadable": dict(results) for kind, results in self.counts().items()},
            "reasons": dict(self.reasons().most_common()),
            "records": [_record(line, said) for line in self.lines],
        }


def _record(line: Line, said: Callable[[str], str]) -> dict[str, Any]:
    return {
        "file": line.entry.file,
        "line": line.entry.line,
        "kind": line.entry.kind or "",
        "record": line.record,
        "name": line.name,
        "result": line.result,
        "draft": line.draft,
        "findings": [_finding(finding, said) for finding in line.findings],
    }


def _finding(finding: Finding, said: Callable[[str], str]) -> dict[str, Any]:
    return {**finding.kept(), "reason": said(finding.reason)}


def kept(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as a draft keeps them, each once."""
    return [finding.kept() for finding in dict.fromkeys(findings)]
