from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity.offices.models import CalendarDay
from portal.kit.paging import Page, capped_count, page

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
ORDERS = [("name", "id"), ("-name", "id"), ("name", "-day"), ("-is_working", "name", "-id"), ("day",), ("-id",)]


def fill(names: Sequence[str]) -> None:
    CalendarDay.objects.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=FIRST + timedelta(days=number), name=name, is_working=len(name) % 2 == 0)
        for number, name in enumerate(names)
    )


def walk(order: Sequence[str], size: int) -> list[Page[CalendarDay]]:
    pages = [page(CalendarDay.objects.all(), order, None, size)]
    while cursor := pages[-1].next_cursor:
        pages.append(page(CalendarDay.objects.all(), order, cursor, size))
    return pages


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(["", "a", "ab", "b", "đ", "Ấ"]), max_size=25),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 7),
)
def test_every_row_comes_once_and_in_order(names: list[str], order: tuple[str, ...], size: int) -> None:
    fill(names)
    pages = walk(order, size)
    assert [row for one in pages for row in one.items] == list(CalendarDay.objects.order_by(*order))
    assert all(len(one.items) == size for one in pages[:-1])
    assert (pages[0].previous_cursor, pages[-1].next_cursor) == (None, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 25), order=st.sampled_from(ORDERS), size=st.integers(1, 7))
def test_the_way_back_shows_the_same_pages(count: int, order: tuple[str, ...], size: int) -> None:
    fill(["ab" if number % 3 else "b" for number in range(count)])
    pages = walk(order, size)
    here = pages[-1]
    for before in reversed(pages[:-1]):
        here = page(CalendarDay.objects.all(), order, here.previous_cursor, size)
        assert here.items == before.items
    assert here.previous_cursor is None


def test_rows_that_come_and_go_do_not_shift_the_next_page() -> None:
    fill(["a"] * 6)
    first = page(CalendarDay.objects.all(), ("day",), None, 2)
    CalendarDay.objects.filter(pk=first.items[0].pk).delete()
    CalendarDay.objects.create(day=FIRST - timedelta(days=9), name="new")
    second = page(CalendarDay.objects.all(), ("day",), first.next_cursor, 2)
    assert [row.day for row in second.items] == [FIRST + timedelta(days=2), FIRST + timedelta(days=3)]


def test_a_cursor_beyond_the_end_shows_the_first_page() -> None:
    fill(["a"] * 3)
    cursor = page(CalendarDay.objects.all(), ("day",), None, 2).next_cursor
    CalendarDay.objects.filter(day__gt=FIRST).delete()
    assert [row.day for row in page(CalendarDay.objects.all(), ("day",), cursor, 2).items] == [FIRST]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "bnVsbA",
        "W10",
        "WyJuIl0",
        "WyJuIiwibm90IGEgZGF0ZSJd",
        "WyJuIixudWxsXQ",
        "WyJuIixbXV0",
        "WyJuIix7fV0",
        "🙂",
        "a" * 5000,
    ],
)
def test_a_cursor_that_cannot_be_read_counts_as_none(cursor: str) -> None:
    fill(["a"] * 3)
    assert len(page(CalendarDay.objects.all(), ("day",), cursor, 2).items) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text(max_size=60))
def test_no_cursor_breaks_the_page(cursor: str) -> None:
    page(CalendarDay.objects.all(), ("name", "-id"), cursor, 2)


def test_one_query_per_page_and_no_offset(django_assert_num_queries: Any) -> None:
    fill(["a"] * 9)
    cursor = page(CalendarDay.objects.all(), ("name", "id"), None, 3).next_cursor
    with django_assert_num_queries(1) as seen:
        page(CalendarDay.objects.all(), ("name", "id"), cursor, 3)
    assert "OFFSET" not in seen.captured_queries[0]["sql"]


@pytest.mark.parametrize(("rows", "shown"), [(0, "0"), (4, "4"), (5, "5"), (6, "5+")])
def test_a_count_stops_at_its_cap(rows: int, shown: str, django_assert_num_queries: Any) -> None:
    fill(["a"] * rows)
    with django_assert_num_queries(1):
        counted = capped_count(CalendarDay.objects.order_by("name"), cap=5)
    assert str(counted) == shown
    assert counted.more == (rows > 5)
