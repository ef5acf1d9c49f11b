"""What stops a version from being published, one thing wrong at a time."""

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from services.cases.routing import Kind
from services.catalogue import shapes
from services.catalogue.shapes import hours, limit_hours, problems


def version() -> dict[str, Any]:
    """A small version with nothing wrong."""
    return {
        "code": "1.000001",
        "domain": {"slug": "thu-nghiem", "name": "Thử nghiệm", "position": 1},
        "name": "Thủ tục thử nghiệm",
        "level": "ward",
        "agency_name": "Ủy ban nhân dân cấp xã",
        "audience": "Công dân Việt Nam",
        "limit_value": 2,
        "limit_unit": "working_day",
        "limit_text": "02 ngày làm việc",
        "channels": [{"channel": "online", "time_text": "02 ngày", "fee_text": "Miễn phí"}],
        "fees": [{"key": "le-phi", "label": "Lệ phí", "amount": 1000, "channel": None, "circumstances": ["thuong"]}],
        "circumstances": [
            {"key": "thuong", "label": "Thường"},
            {"key": "gap", "label": "Gấp", "limit": {"value": 12, "unit": "working_hour"}},
        ],
        "documents": [
            {
                "key": "don-de-nghi",
                "name": "Đơn",
                "circumstances": ["gap"],
                "required": True,
                "originals": 1,
                "electronic": "upload",
            }
        ],
        "form": {
            "version": 1,
            "subject_field": "owner_name",
            "pages": [
                {
                    "key": "chu-ho",
                    "title": "Chủ hộ",
                    "fields": [
                        {"key": "owner_name", "kind": "text", "label": "Họ tên"},
                        {"key": "place", "kind": "province_ward", "label": "Nơi ở"},
                        {
                            "key": "desk",
                            "kind": "choice",
                            "label": "Nơi nhận",
                            "choices": [{"value": "H29.1", "label": "A"}, {"value": "H29.2", "label": "B"}],
                        },
                        {"key": "urgent", "kind": "yes_no", "label": "Gấp?"},
                        {"key": "reason", "kind": "text", "label": "Lý do", "when": {"==": [{"var": "urgent"}, True]}},
                    ],
                }
            ],
        },
        "route": [
            {
                "key": "nhan",
                "title": "Tiếp nhận",
                "kind": "receive",
                "office": {"answer": "place", "function": "one-stop"},
                "hours": 2,
            },
            {"key": "xem", "title": "Xem xét", "kind": "appraise", "office": {"function": "economy"}, "hours": 4, "group": "a"},
            {
                "key": "hoi",
                "title": "Lấy ý kiến",
                "kind": "consult",
                "office": {"code": "H29.12"},
                "hours": 3,
                "group": "a",
                "when": {"==": [{"var": "urgent"}, True]},
            },
            {"key": "ky", "title": "Ký", "kind": "sign", "office": {"function": "leadership"}, "hours": 3},
            {"key": "dau", "title": "Đóng dấu", "kind": "seal", "office": {"parent": True, "function": "registry"}, "hours": 1},
            {"key": "tra", "title": "Trả", "kind": "hand_over", "office": {"answer_code": "desk"}, "hours": None},
        ],
        "outcome": {
            "title": "GIẤY XÁC NHẬN",
            "symbol": "GXN",
            "layout": "certificate",
            "rows": [["Họ tên", "{owner_name}"], ["Nơi ở", "{place_ward}"]],
            "paragraphs": ["Hồ sơ {case_number}."],
        },
        "steps_text": ["Nộp hồ sơ."],
        "legal_basis": ["Luật số 1/2025/QH15"],
        "result_name": "Giấy xác nhận",
    }


def test_a_good_version_has_no_problems() -> None:
    assert problems(version()) == []


def test_kinds_are_those_that_routing_knows() -> None:
    assert set(shapes.KINDS) == {kind.value for kind in Kind} - {Kind.WITHDRAWAL.value}


def _route(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return raw["route"]


WRONG: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
    ("a code of another shape", "code", lambda raw: raw.update(code="13225")),
    ("no field of law", "domain", lambda raw: raw.update(domain={"slug": "Có dấu", "name": "x"})),
    ("a legal text left out", "legal_basis", lambda raw: raw.update(legal_basis=[])),
    ("no order of doing", "steps_text", lambda raw: raw.update(steps_text=[])),
    ("no name", "name", lambda raw: raw.update(name=" ")),
    ("a level that is none", "level", lambda raw: raw.update(level="district")),
    ("an agency nobody named", "agency_function", lambda raw: raw.update(level="city")),
    ("no limit", "limit", lambda raw: raw.update(limit_value=0)),
    ("a unit that is none", "limit", lambda raw: raw.update(limit_unit="week")),
    ("no way to file", "channels", lambda raw: raw.update(channels=[])),
    ("a channel that is none", "channels.1", lambda raw: raw["channels"][0].update(channel="fax")),
    ("two circumstances of one key", "circumstances.thuong", lambda raw: raw["circumstances"][1].update(key="thuong")),
    ("half an amount", "fees.le-phi", lambda raw: raw["fees"][0].update(amount=0.5)),
    ("neither amount nor note", "fees.le-phi", lambda raw: raw["fees"][0].update(amount=None)),
    ("a fee for no circumstance", "fees.le-phi", lambda raw: raw["fees"][0].update(circumstances=["khac"])),
    ("a day that is none", "fees.le-phi", lambda raw: raw["fees"][0].update(until="2026-02-30")),
    ("a paper for no circumstance", "documents.don-de-nghi", lambda raw: raw["documents"][0].update(circumstances=["khac"])),
    ("a paper named as a question", "documents.reason", lambda raw: raw["documents"][0].update(key="reason")),
    ("a paper received some other way", "documents.don-de-nghi", lambda raw: raw["documents"][0].update(electronic="fax")),
    ("no form", "form", lambda raw: raw.update(form=None)),
    (
        "a form that is wrong",
        "form/pages/0/fields/0/kind",
        lambda raw: raw["form"]["pages"][0]["fields"][0].update(kind="colour"),
    ),
    ("no route", "route", lambda raw: raw.update(route=[])),
    ("two steps of one key", "route.nhan", lambda raw: _route(raw)[1].update(key="nhan")),
    ("a kind that is none", "route.xem", lambda raw: _route(raw)[1].update(kind="think")),
    ("a power that is none", "route.xem", lambda raw: _route(raw)[1].update(power="king")),
    ("hours below zero", "route.xem", lambda raw: _route(raw)[1].update(hours=-1)),
    ("no office", "route.xem", lambda raw: _route(raw)[1].update(office={})),
    ("a code that is none", "route.hoi", lambda raw: _route(raw)[2].update(office={"code": "Sở Xây dựng"})),
    (
        "an office from an answer of another kind",
        "route.nhan",
        lambda raw: _route(raw)[0].update(office={"answer": "owner_name", "function": "one-stop"}),
    ),
    ("an office from an answer nobody gives", "route.tra", lambda raw: _route(raw)[5].update(office={"answer_code": "gone"})),
    (
        "an office from an answer that may be missing",
        "route.nhan",
        lambda raw: raw["form"]["pages"][0]["fields"][1].update(required=False),
    ),
    ("a condition on nothing", "route.hoi.when", lambda raw: _route(raw)[2].update(when={"==": [{"var": "gone"}, True]})),
    ("no receiving at the start", "route", lambda raw: _route(raw).insert(0, {**_route(raw)[1], "key": "truoc", "group": ""})),
    ("no handing over at the end", "route", lambda raw: _route(raw).append({**_route(raw)[1], "key": "sau", "group": ""})),
    ("two signatures", "route", lambda raw: _route(raw).insert(4, {**_route(raw)[3], "key": "ky-lai", "hours": None})),
    ("a seal before the signature", "route", lambda raw: _route(raw).insert(3, _route(raw).pop(4))),
    ("handing over with hours", "route", lambda raw: _route(raw)[5].update(hours=1)),
    ("a signature for some cases only", "route.ky", lambda raw: _route(raw)[3].update(when={"==": [{"var": "urgent"}, True]})),
    ("a group torn apart", "route", lambda raw: _route(raw).insert(2, {**_route(raw)[1], "key": "giua", "group": ""})),
    ("more hours than the limit", "route", lambda raw: _route(raw)[1].update(hours=11)),
    ("more hours than the limit of a circumstance", "route", lambda raw: _route(raw)[1].update(hours=7)),
    ("a misspelt entry of a step", "route.xem", lambda raw: _route(raw)[1].update(hour=1)),
    ("a misspelt entry of a paper", "documents.don-de-nghi", lambda raw: raw["documents"][0].update(copy=1)),
    ("no outcome", "outcome", lambda raw: raw.update(outcome=None)),
    ("an outcome without a symbol", "outcome.symbol", lambda raw: raw["outcome"].update(symbol="")),
    ("a layout that is none", "outcome.layout", lambda raw: raw["outcome"].update(layout="poster")),
    ("a row that is none", "outcome.rows", lambda raw: raw["outcome"].update(rows=[["Họ tên"]])),
    ("a placeholder nothing fills", "outcome", lambda raw: raw["outcome"].update(summary="Cấp cho {nobody}")),
]


@pytest.mark.parametrize(("place", "spoil"), [pytest.param(place, spoil, id=name) for name, place, spoil in WRONG])
def test_what_is_wrong_is_found_in_its_place(place: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    raw = copy.deepcopy(version())
    spoil(raw)
    found = problems(raw)
    assert place in {problem.place for problem in found}, [str(problem) for problem in found]
    assert all(not problem.warning for problem in found if problem.place == place)


def test_steps_side_by_side_count_as_the_longest() -> None:
    assert hours(version()["route"]) == Decimal(10)


def test_fifteen_days_hold_ten_working_days() -> None:
    assert limit_hours(15, "calendar_day") == 80
    assert limit_hours(3, "working_day") == 24
    assert limit_hours(4, "working_hour") == 4


def test_too_many_hours_for_calendar_days_only_warn() -> None:
    raw = version() | {"limit_value": 1, "limit_unit": "calendar_day", "circumstances": [], "fees": [], "documents": []}
    (problem,) = problems(raw)
    assert (problem.place, problem.warning) == ("route", True)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"route": "x", "form": [], "channels": {}, "documents": 3, "outcome": "x"},
        {"route": [{}], "fees": [{}], "documents": [{}]},
    ],
)
def test_nonsense_is_listed_and_never_breaks(raw: dict[str, Any]) -> None:
    assert problems(raw)
