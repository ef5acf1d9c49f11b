"""The hash chain, the record of looks, and the database that keeps both."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from identity.trail import actions, queries
from identity.trail.chain import GENESIS, digest, first_break
from identity.trail.models import Look
from identity.trail.protection import append_only
from tests.identity.conftest import Hire

Link = tuple[str, str, dict[str, Any]]


def chained(contents: list[dict[str, Any]]) -> list[Link]:
    links, previous = [], GENESIS
    for content in contents:
        hashed = digest(previous, content)
        links.append((previous, hashed, content))
        previous = hashed
    return links


CONTENT = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none(), max_size=4)


@given(st.lists(CONTENT, max_size=6))
def test_a_chain_that_was_not_touched_is_whole(contents: list[dict[str, Any]]) -> None:
    assert first_break(chained(contents)) is None


@given(st.lists(CONTENT, min_size=1, max_size=6), st.data())
def test_any_change_shows_where_it_was_made(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    links = chained(contents)
    position = data.draw(st.integers(0, len(links) - 1))
    previous, hashed, content = links[position]
    links[position] = (previous, hashed, content | {"changed after the fact": True})
    assert first_break(links) == position


def test_a_link_taken_out_or_swapped_shows() -> None:
    links = chained([{"n": 1}, {"n": 2}, {"n": 3}])
    assert first_break([links[0], links[2]]) == 1
    assert first_break([links[1], links[0], links[2]]) == 0


def test_the_order_of_keys_and_the_writing_do_not_matter() -> None:
    assert digest(GENESIS, {"a": "Đ", "b": 1}) == digest(GENESIS, {"b": 1, "a": "Đ"})
    assert digest(GENESIS, {"a": 1}) != digest(GENESIS, {"a": "1"})


@pytest.mark.django_db
class TestLooks:
    def test_once_an_hour_for_each_viewer_subject_and_thing(self, hire: Hire) -> None:
        clerk, head = hire("tiepnhan"), hire("truongphong")
        assert actions.record_look(clerk, "H29.27-261121-0001", "case") is not None
        assert actions.record_look(clerk, "H29.27-261121-0001", "case") is None
        assert actions.record_look(clerk, "H29.27-261121-0001", "attachment") is not None
        assert actions.record_look(clerk, "H29.27-261121-0002", "case") is not None
        assert actions.record_look(head, "H29.27-261121-0001", "case") is not None
        assert [look.viewer for look in queries.looks_at("H29.27-261121-0001")] == [head, clerk, clerk]

    def test_again_after_an_hour(self, hire: Hire) -> None:
        clerk = hire("tiepnhan")
        actions.record_look(clerk, "H29.27-261121-0001", "case")
        key = f"look:{clerk.pk}:H29.27-261121-0001:case"
        assert cache.touch(key, 0) or cache.delete(key)
        assert actions.record_look(clerk, "H29.27-261121-0001", "case") is not None


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.fixture
    def look(self, hire: Hire) -> Look:
        """A row of a table guarded by the trigger that the migrations put there; made here too where they were not run."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'trail_look_append_only'")
            if cursor.fetchone() is None:
                cursor.execute(append_only("trail_look").sql)  # type: ignore[arg-type]
        return Look.objects.create(viewer=hire("tiepnhan"), subject="H29.27-261121-0001", what="case")

    def test_rows_are_neither_changed_nor_deleted(self, look: Look) -> None:
        for change in (lambda: Look.objects.update(what="nothing"), lambda: Look.objects.all().delete()):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()
        assert Look.objects.get().what == "case"

    def test_columns_that_may_change_do(self, look: Look, hire: Hire) -> None:
        with connection.cursor() as cursor:
            cursor.execute(append_only("trail_look").reverse_sql)  # type: ignore[arg-type]
            cursor.execute(append_only("trail_look", ["at", "what"]).sql)  # type: ignore[arg-type]
        look.at += timedelta(seconds=1)
        look.save()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Look.objects.update(viewer=hire("khac"))

    def test_takes_plain_names_only(self) -> None:
        with pytest.raises(ValueError, match="plain name"):
            append_only("trail_look; DROP TABLE people_person")
