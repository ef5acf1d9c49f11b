"""RULE: how files are taken apart into records, and how the kind of a record is known.

JSON Lines or one JSON array, in UTF-8. A line that cannot be read is a finding; the others are read all the same.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.catalogue.importing.findings import Finding

LARGEST = 1_000_000
"""Characters of a record written as JSON."""
DEEPEST = 20


class Kind(StrEnum):
    """What a record is about."""

    PROCEDURE = "procedure"
    WORKFLOW = "workflow"
    PAPER = "paper"


SIGNS: Mapping[Kind, frozenset[str]] = {
    Kind.PROCEDURE: frozenset(
        {"code", "field", "ministry", "levels", "kind", "subjects", "agency", "competent_agency", "coordinating_agency"}
        | {"methods", "documents", "results", "legal_basis", "conditions", "time_limit", "fee_summary", "source_url"}
        | {"kind_of_record"}
    ),
    Kind.WORKFLOW: frozenset({"procedure_codes", "names", "heading", "province", "n_steps", "total_hours", "decision_title"}),
    Kind.PAPER: frozenset(
        {"stt", "procedure_code", "procedure_name", "document_replaced", "database", "database_owner"}
        | {"legal_document", "legal_clause", "section"}
    ),
}
"""The fields that only records of that kind have."""
ENOUGH = 2
"""Fields of a kind that make a record one of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file. `line` counts from 1; of an array it is the place in it. What cannot be read has a `problem`."""

    file: str
    line: int
    kind: Kind | None
    raw: Mapping[str, Any]
    digest: str = ""
    problem: Finding | None = None


def entries(data: bytes, file: str) -> Iterator[Entry]:
    """Every record of a file, in order."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"[":
        yield from _array(data, file)
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield _entry(file, number, _parsed(line))


def _array(data: bytes, file: str) -> Iterator[Entry]:
    parsed = _parsed(data)
    if isinstance(parsed, list):
        for number, item in enumerate(parsed, 1):
            yield _entry(file, number, item)
    elif isinstance(parsed, str) and data.count(b"\n"):
        # Lines of which only the first begins like an array.
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield _entry(file, number, _parsed(line))
    else:
        yield _entry(file, 1, parsed)


def _parsed(data: bytes) -> Any:
    """The JSON value; an Unreadable when it is none."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        return Unreadable("UTF-8")
    except (ValueError, RecursionError) as wrong:
        return Unreadable(str(wrong).split(":")[0][:120])


class Unreadable(str):
    """Why a line is no JSON."""


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _entry(file: str, line: int, raw: Any) -> Entry:
    if isinstance(raw, Unreadable):
        return Entry(file, line, None, {}, problem=Finding("", "record.line", str(raw)))
    if not isinstance(raw, Mapping):
        return Entry(file, line, None, {}, problem=Finding("", "record.kind"))
    if _depth(raw) > DEEPEST:
        return Entry(file, line, None, {}, problem=Finding("", "record.deep"))
    written = json.dumps(raw, sort_keys=True)
    if len(written) > LARGEST:
        return Entry(file, line, None, {}, problem=Finding("", "record.large"))
    kind = kind_of(raw)
    problem = None if kind else Finding("", "record.kind")
    return Entry(file, line, kind, raw, hashlib.sha256(written.encode()).hexdigest(), problem)


def _depth(value: Any) -> int:
    """How deeply lists and objects lie in one another; stops counting soon after it is too deep."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [
            inner
            for item in level
            if isinstance(item, Mapping | list)
            for inner in (item.values() if isinstance(item, Mapping) else item)
        ]
        depth += 1
    return depth


def kind_of(raw: Mapping[str, Any]) -> Kind | None:
    """The kind most of whose own fields the record has; None when no kind has enough of them."""
    scores = {kind: len(signs & raw.keys()) for kind, signs in SIGNS.items()}
    best = max(scores, key=lambda kind: scores[kind])
    alone = sum(score == scores[best] for score in scores.values()) == 1
    return best if scores[best] >= ENOUGH and alone else None
