"""Publishing: once per content, numbered, and only what is sound."""

import pytest

from services.catalogue import actions, queries
from services.catalogue.actions import Unpublishable
from services.catalogue.models import Procedure, Version
from tests.services.catalogue.test_shapes import version

pytestmark = pytest.mark.django_db


def test_the_same_content_is_one_version() -> None:
    first = actions.publish(version())
    assert (first.number, actions.publish(version()).pk) == (1, first.pk)
    assert Version.objects.count() == 1


def test_other_content_is_the_next_version_and_becomes_current() -> None:
    first = actions.publish(version())
    second = actions.publish(version() | {"audience": "Doanh nghiệp"})
    procedure = Procedure.objects.get(code="1.000001")
    assert (second.number, procedure.current) == (2, second)
    first.refresh_from_db()
    assert first.audience == "Công dân Việt Nam"


def test_going_back_to_an_earlier_content_is_a_new_version() -> None:
    actions.publish(version())
    actions.publish(version() | {"audience": "Doanh nghiệp"})
    assert actions.publish(version()).number == 3


def test_an_unsound_version_changes_nothing() -> None:
    with pytest.raises(Unpublishable) as refused:
        actions.publish(version() | {"route": []})
    assert refused.value.status == 422
    assert [problem.place for problem in refused.value.problems] == ["route"]
    assert not Procedure.objects.exists()


def test_a_warning_does_not_stop_publishing() -> None:
    raw = version() | {"limit_value": 1, "limit_unit": "calendar_day", "circumstances": [], "fees": [], "documents": []}
    assert actions.publish(raw).number == 1


def test_a_renamed_procedure_is_found_by_its_new_name() -> None:
    actions.publish(version())
    actions.publish(version() | {"name": "Cấp giấy phép nuôi mèo"})
    assert queries.search("nuôi mèo").get().code == "1.000001"
    assert not queries.search("thủ tục thử nghiệm mèo khác").exists()


def test_a_filing_is_counted() -> None:
    procedure = actions.publish(version()).procedure
    actions.count_filing(procedure.pk)
    actions.count_filing(procedure.pk)
    procedure.refresh_from_db()
    assert procedure.filings == 2
