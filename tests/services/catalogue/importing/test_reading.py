"""Files into records: by line, by kind, and never all or nothing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.importing.reading import DEEPEST, LARGEST, Kind, entries
from tests.services.catalogue.importing.records import lines, procedure, row, workflow


def test_the_kind_of_each_record_is_known_by_its_fields() -> None:
    found = list(entries(lines(procedure(), workflow(), row()), "a.jsonl"))
    assert [(one.line, one.kind, one.problem) for one in found] == [
        (1, Kind.PROCEDURE, None),
        (2, Kind.WORKFLOW, None),
        (3, Kind.PAPER, None),
    ]


def test_an_array_a_byte_order_mark_and_empty_lines_are_read() -> None:
    array = json.dumps([procedure(), row()], ensure_ascii=False).encode()
    assert [one.kind for one in entries(array, "a.json")] == [Kind.PROCEDURE, Kind.PAPER]
    marked = b"\xef\xbb\xbf" + lines(procedure()) + b"\r\n\n" + lines(row())
    assert [(one.line, one.kind) for one in entries(marked, "b.jsonl")] == [(1, Kind.PROCEDURE), (4, Kind.PAPER)]


def test_a_line_that_cannot_be_read_is_reported_and_the_others_are_read() -> None:
    data = b'{"code": \n' + lines(procedure()) + b"\xff\xfe\n[1, 2]\nnull\n7\n" + b'{"a": NaN}\n' + b'{"some": "thing"}\n'
    found = list(entries(data, "a.jsonl"))
    assert [one.line for one in found] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [one.problem.code if one.problem else "" for one in found] == [
        "record.line",
        "",
        "record.line",
        "record.kind",
        "record.kind",
        "record.kind",
        "record.line",
        "record.kind",
    ]


def test_records_without_end_are_refused_before_anything_reads_them() -> None:
    deep: object = "x"
    for _level in range(DEEPEST + 1):
        deep = [deep]
    huge = procedure(conditions="x" * LARGEST)
    assert [one.problem.code for one in entries(lines(procedure(conditions=deep), huge), "a")] == ["record.deep", "record.large"]
    assert next(entries(b"[" * 100_000, "b")).problem.code == "record.line"


def test_the_digest_is_of_what_a_record_says_not_of_how_it_is_written() -> None:
    turned = dict(reversed(procedure().items()))
    [first, second, third] = entries(lines(procedure(), turned, procedure(decision="2/QĐ")), "a")
    assert first.digest == second.digest != third.digest


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(data: bytes) -> None:
    assert all(one.kind or one.problem for one in entries(data, "a"))
