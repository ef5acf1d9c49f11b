"""The statutory limit: read where the record says it, never guessed."""

from typing import Any

import pytest

from services.catalogue.importing.time_limits import limit
from tests.services.catalogue.importing.records import method


def read(*methods: dict[str, Any], **record: Any) -> tuple[int | None, str, list[str]]:
    found = limit(record, methods)
    return found.value, found.unit, [one.code for one in found.findings]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"time_value": 5, "time_unit": "working_day"}, (5, "working_day", [])),
        ({"time_value": "05", "time_unit": "calendar_day"}, (5, "calendar_day", [])),
        ({"time_value": 2, "time_unit": "hour", "time_text": "02 giờ"}, (2, "working_hour", ["limit.hours"])),
        ({"time_value": 2, "time_unit": "hour", "time_text": "02 giờ làm việc"}, (2, "working_hour", [])),
        ({"time_value": 0.5, "time_unit": "working_day"}, (4, "working_hour", ["limit.converted"])),
        ({"time_value": "1,5", "time_unit": "working_day"}, (12, "working_hour", ["limit.converted"])),
        ({"time_value": 2, "time_unit": "month", "time_text": "2 tháng"}, (60, "calendar_day", ["limit.converted"])),
        ({"time_value": 3, "time_unit": "Ngày làm việc"}, (3, "working_day", [])),
    ],
)
def test_number_and_unit_are_taken(given: dict[str, Any], expected: tuple[int, str, list[str]]) -> None:
    assert read(method(**{"time_text": "", **given})) == expected


def test_a_number_without_a_unit_gets_none_but_that_of_the_text_beside_it() -> None:
    bare = {"time_value": 7, "time_unit": None, "time_text": None}
    assert read(method(**bare)) == (None, "", ["limit.no_unit"])
    assert read(method(**bare, note="07 ngày làm việc kể từ khi nhận đủ hồ sơ")) == (7, "working_day", ["limit.unit_from_text"])
    assert read(method(**bare, note="03 ngày làm việc kể từ khi nhận đủ hồ sơ")) == (None, "", ["limit.no_unit"])


def test_what_the_steps_promise_is_shown_to_the_person_who_decides() -> None:
    found = limit(
        {"steps": ["Trong thời hạn 03 ngày làm việc kể từ ngày nhận hồ sơ, cơ quan cấp giấy."]},
        [method(time_value=1, time_unit=None, time_text=None)],
    )
    assert found.value is None
    assert found.findings[0].value.startswith("1. ")
    assert "03 ngày làm việc" in found.findings[0].value


def test_the_same_day_rule_is_read_from_the_steps() -> None:
    steps = ["Nếu tiếp nhận hồ sơ sau 15 giờ thì trả kết quả trong ngày làm việc tiếp theo."]
    found = limit({"steps": steps}, [method(time_value=1, time_unit=None, time_text=None)])
    assert (found.value, found.unit, found.same_day) == (1, "working_day", True)
    assert found.findings[0].code == "limit.same_day"


def test_of_different_limits_the_longest_counts() -> None:
    hours = method(time_value=2, time_unit="hour", time_text="2 giờ làm việc")
    assert read(hours, method("in_person", time_value=1)) == (1, "working_day", ["limit.differs"])
    # Of ten calendar days not seven are working days.
    assert read(method(time_value=7), method("postal", time_value=10, time_unit="calendar_day")) == (
        7,
        "working_day",
        ["limit.differs"],
    )


@pytest.mark.parametrize("value", [0, -3, 10**9, True, [], {}, "nhiều", 1.0001, None])
def test_what_is_no_limit_is_none(value: object) -> None:
    assert read(method(time_value=value, time_text=""))[0] is None


def test_the_limit_of_the_record_counts_where_no_way_to_file_has_one() -> None:
    assert read(time_limit="20 ngày") == (20, "calendar_day", ["limit.from_text"])
    assert read() == (None, "", ["limit.missing"])
