"""Finding procedures, and the offices one files with."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from services.catalogue import actions, queries
from services.catalogue.models import Procedure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
Counter = Callable[[int], AbstractContextManager[object]]


def codes(text: str, **narrowed: str) -> list[str]:
    return [procedure.code for procedure in queries.search(text, queries.Filters(**narrowed))]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("khai sinh", "1.001193"),
        ("Khai Sính", "1.001193"),
        ("giay khai sinh", "1.001193"),
        ("sinh khai", "1.001193"),
        ("làm giấy khai sinh cho con", None),
        ("xay dung", "1.013225"),
        ("giấy phép xây", "1.013225"),
        ("1.013225", "1.013225"),
        ("013225", "1.013225"),
        ("1.0132", "1.013225"),
        ("kết hôn", "1.000894"),
        ("ho kinh doanh", "1.001612"),
        ("can cuoc", "1.014063"),
        ("hộ nghèo", "1.011607"),
        ("bằng lái", None),
        ("'; drop table", None),
        ("% _ \\", "1.001193"),
    ],
)
def test_a_search_finds_without_marks_in_any_order(typed: str, first: str | None) -> None:
    assert next(iter(codes(typed)), None) == first


def test_words_side_by_side_come_first_then_use() -> None:
    assert set(codes("giấy phép")) == {"1.013225", "3.000347"}
    licence = Procedure.objects.get(code="3.000347")
    actions.count_filing(licence.pk)
    assert codes("giấy phép")[0] == "3.000347"
    assert codes("phép giấy")[0] == "3.000347"


def test_a_search_that_finds_nothing_offers_the_nearest() -> None:
    assert [procedure.code for procedure in queries.nearest("làm giấy khai sinh cho con")][:1] == ["1.001193"]
    assert list(queries.nearest("xyz")) == []


def test_a_search_can_be_narrowed() -> None:
    assert set(codes("", domain="ho-tich")) == {"1.001193", "1.000894"}
    assert "2.001827" in codes("", audience="doanh-nghiep")
    assert "1.011607" not in codes("", audience="doanh-nghiep")


def test_procedures_are_found_by_event_of_life_and_by_deciding_office() -> None:
    assert codes("", life_event="sinh-con") == ["1.001193"]
    assert set(codes("", life_event="nha-o-dat-dai")) == {"1.013225", "1.013949"}
    assert "1.013225" in codes("", office="phuong-xa")
    assert codes("", office="traffic-police") == ["3.000347"]
    assert "3.000347" not in codes("", office="phuong-xa")
    assert queries.life_events()["sinh-con"] == 1
    offices = queries.deciding_offices()
    assert offices[0].slug == "phuong-xa"
    assert sum(office.count for office in offices) == 15
    assert all(office.name for office in offices[1:])


def test_a_misspelt_search_is_read_as_it_was_meant() -> None:
    assert queries.suggestion("khia sinh") == "khai sinh"
    assert queries.suggestion("lái se") == "lai xe"
    assert queries.suggestion("khia sinh", queries.Filters(domain="xay-dung")) == ""
    assert queries.suggestion("xyzzy") == ""


def test_lists_cost_one_query(django_assert_num_queries: Counter) -> None:
    with django_assert_num_queries(1):
        assert [(one.code, one.current and one.current.name, one.domain.name) for one in queries.search("giấy phép")]
    with django_assert_num_queries(1):
        groups = queries.by_domain(most=1)
        assert next((group.domain.slug, len(group.procedures), group.total) for group in groups) == ("ho-tich", 1, 2)
        assert all(one.files_online in (True, False) for group in groups for one in group.procedures)
    with django_assert_num_queries(1):
        assert sum(domain.count for domain in queries.domains()) == 15  # type: ignore[attr-defined]
    with django_assert_num_queries(1):
        version = queries.version_of("1.013225")
        assert version.name
        assert version.route
    with django_assert_num_queries(1):
        assert [office.parent and office.parent.name for office in queries.agencies_for(version)]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (
            "1.013225",
            {f"Ủy ban nhân dân Phường {name}" for name in ("Bến Thành", "Sài Gòn", "Xuân Hòa", "Bình Thạnh", "Thủ Đức")},
        ),
        ("1.004222", {f"Công an Phường {name}" for name in ("Bến Thành", "Sài Gòn", "Xuân Hòa", "Bình Thạnh", "Thủ Đức")}),
        ("2.001827", {"Chi cục Quản lý chất lượng và An toàn thực phẩm"}),
        ("1.001939", {"Bảo hiểm xã hội cơ sở Bến Thành"}),
    ],
)
def test_agencies_one_may_file_with(code: str, names: set[str]) -> None:
    assert {office.name for office in queries.agencies_for(queries.version_of(code))} == names


def test_a_ward_without_a_one_stop_centre_takes_no_cases() -> None:
    version = queries.version_of("1.013225")
    ward = queries.agencies_for(version)[0]
    ward.children.filter(function="one-stop").update(is_active=False)
    assert ward not in queries.agencies_for(version)


@pytest.mark.parametrize(("code", "count"), [("1.013225", 5), ("1.001939", 5), ("3.000347", 1)])
def test_where_papers_are_received(code: str, count: int) -> None:
    assert len(queries.receiving_offices(queries.version_of(code))) == count
