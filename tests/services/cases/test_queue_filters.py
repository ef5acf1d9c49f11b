"""What an address of the queue means, and by which words a case is found."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases import searching
from services.cases.queue_filters import COLUMNS, Filters, QueueView, columns, moved
from services.cases.tables import harmless

FULL = Filters(
    view=QueueView.OVERDUE,
    text="hồng ánh",
    procedure="1.013225",
    domain="xay-dung",
    agency=7,
    channel=2,
    label=3,
    state=4,
    holder="toi",
    due_from=date(2026, 11, 1),
    due_to=date(2026, 11, 30),
)


def test_filters_are_the_same_after_a_way_through_an_address() -> None:
    assert Filters.read_query(FULL.query()) == FULL
    assert Filters.read(FULL.plain()) == FULL
    assert Filters().query() == ""
    assert not Filters(view=QueueView.MINE).filtered
    assert FULL.under(QueueView.MINE).text == FULL.text


@pytest.mark.parametrize(
    "query",
    ["xem=khac", "cq=abc", "cq=-1", "hs=99999999999", "tu=31/02/2026", "tu=1/1/26", "nguoi=moi", "q=%00", "cq=²", "den=a/b/c"],
)
def test_what_makes_no_sense_is_left_out(query: str) -> None:
    assert Filters.read_query(query) == Filters()


def test_dates_are_read_as_browsers_and_as_people_write_them() -> None:
    assert Filters.read_query("tu=2026-11-01") == Filters.read_query("tu=01/11/2026") == Filters(due_from=date(2026, 11, 1))


@given(st.dictionaries(st.sampled_from(["xem", "q", "tt", "lv", "cq", "kenh", "nhan", "hs", "nguoi", "tu", "den"]), st.text()))
def test_any_address_is_read_and_reading_settles_at_once(parameters: dict[str, str]) -> None:
    read = Filters.read(parameters)
    assert Filters.read(read.plain()) == read
    assert Filters.read(dict(parse_qsl(read.query()))) == read


def test_columns() -> None:
    assert columns([]) == ["due", "work", "subject", "holder"]
    assert "office" in columns([], several_offices=True)
    assert columns(["state", "nonsense", "state"]) == ["work", "state"]
    assert columns(COLUMNS) == list(COLUMNS)
    assert moved(["a", "b", "c"], "c", -1) == ["a", "c", "b"]
    assert moved(["a", "b"], "a", -1) == ["a", "b"]
    assert moved(["a", "b"], "b", 1) == ["a", "b"]
    assert moved(["a"], "x", 1) == ["a"]


def test_a_case_has_words_pairs_and_ends_of_its_number() -> None:
    found = searching.tokens("H29.141-261122-0012", ["Nguyễn Thị Hồng"], {"a": {"b": ["Đường Lê Lợi"]}, "n": 12, "yes": True})
    assert {"nguyen", "thi", "nguyen_thi", "thi_hong", "duong_le", "le_loi"} <= set(found)
    assert {"0012", "012", "12", "261122_0012", "h29.141_261122"} <= set(found)
    assert "hong_duong" not in found
    assert found == sorted(set(found))


def test_a_search_uses_pairs_and_takes_the_last_word_as_a_beginning() -> None:
    assert searching.query("Nguyễn Thị Hồ") == "'nguyen_thi' & 'thi_ho':*"
    assert searching.query("Ánh") == "'anh':*"
    assert searching.query("y") == "'y'"
    assert searching.query(" ' & ! :* ") == ""
    assert searching.loose_query("ánh nguyễn") == "'anh' & 'nguyen':*"
    assert searching.loose_query("ánh") == ""


def test_tokens_are_bounded() -> None:
    assert len(searching.tokens("X-1", [], {"text": " ".join(f"w{n}" for n in range(5000))})) <= searching.MOST_TOKENS + 1


@given(st.text())
def test_whatever_is_typed_a_query_holds_only_quoted_words(text: str) -> None:
    for query in (searching.query(text), searching.loose_query(text)):
        for part in filter(None, query.split(" & ")):
            assert part.removesuffix(":*").strip("'").replace("_", "").replace(".", "").isalnum()


@pytest.mark.parametrize("text", ["=1+1", "+84901", "-2", "@SUM(A1)", "\t=1", " =1", "\r1", "\n=2"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("Nguyễn = An") == "Nguyễn = An"
