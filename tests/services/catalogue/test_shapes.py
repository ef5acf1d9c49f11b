"""What stops a version from being published, one thing wrong at a time."""

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.cases import routing
from services.cases.routing import POWER_OF_KIND, Kind
from services.catalogue import page, shapes
from services.catalogue.content import FACTS
from services.catalogue.models import Version
from services.catalogue.shapes import SHAPES, hours, limit_hours, longest, problems
from services.catalogue.shapes.vocabulary import ENTRIES
from services.documents.placeholders import fill


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


def test_kinds_and_their_powers_are_those_that_routing_knows() -> None:
    assert set(shapes.KINDS) == {kind.value for kind in Kind} - {Kind.WITHDRAWAL.value}
    assert {kind: POWER_OF_KIND[Kind(kind)] for kind in shapes.KINDS} == dict(shapes.POWER_OF_KIND)


def test_every_entry_that_is_described_has_a_kind() -> None:
    assert {column: set(keys) for column, keys in SHAPES.items()} == {column: set(kinds) for column, kinds in ENTRIES.items()}


def asked() -> dict[str, Any]:
    """A question before filing with nothing wrong."""
    return {
        "key": "cu-tru",
        "question": "Bạn có đang cư trú tại phường không?",
        "help": "",
        "answer_needed": True,
        "refusal": "Hãy nộp tại nơi bạn cư trú.",
        "when": None,
        "stops": True,
    }


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
    ("no limit", "limit_value", lambda raw: raw.update(limit_value=0)),
    ("a unit that is none", "limit_unit", lambda raw: raw.update(limit_unit="week")),
    ("no way to file", "channels", lambda raw: raw.update(channels=[])),
    ("a channel that is none", "channels.0", lambda raw: raw["channels"][0].update(channel="fax")),
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
        "form.pages.0.fields.0.kind",
        lambda raw: raw["form"]["pages"][0]["fields"][0].update(kind="colour"),
    ),
    ("no route", "route", lambda raw: raw.update(route=[])),
    ("two steps of one key", "route.nhan", lambda raw: _route(raw)[1].update(key="nhan")),
    ("a kind that is none", "route.xem.kind", lambda raw: _route(raw)[1].update(kind="think")),
    ("a power that is none", "route.xem.power", lambda raw: _route(raw)[1].update(power="king")),
    ("hours below zero", "route.xem.hours", lambda raw: _route(raw)[1].update(hours=-1)),
    ("no office", "route.xem.office", lambda raw: _route(raw)[1].update(office={})),
    ("a code that is none", "route.hoi.office", lambda raw: _route(raw)[2].update(office={"code": "Sở Xây dựng"})),
    (
        "an office from an answer of another kind",
        "route.nhan.office",
        lambda raw: _route(raw)[0].update(office={"answer": "owner_name", "function": "one-stop"}),
    ),
    (
        "an office from an answer nobody gives",
        "route.tra.office",
        lambda raw: _route(raw)[5].update(office={"answer_code": "gone"}),
    ),
    (
        "an office from an answer that may be missing",
        "route.nhan.office",
        lambda raw: raw["form"]["pages"][0]["fields"][1].update(required=False),
    ),
    ("a condition on nothing", "route.hoi.when", lambda raw: _route(raw)[2].update(when={"==": [{"var": "gone"}, True]})),
    (
        "no receiving at the start",
        "route.truoc",
        lambda raw: _route(raw).insert(0, {**_route(raw)[1], "key": "truoc", "group": ""}),
    ),
    ("no handing over at the end", "route.sau", lambda raw: _route(raw).append({**_route(raw)[1], "key": "sau", "group": ""})),
    ("two signatures", "route.ky-lai", lambda raw: _route(raw).insert(4, {**_route(raw)[3], "key": "ky-lai", "hours": None})),
    ("a seal before the signature", "route.dau", lambda raw: _route(raw).insert(3, _route(raw).pop(4))),
    ("handing over with hours", "route.tra.hours", lambda raw: _route(raw)[5].update(hours=1)),
    ("a signature for some cases only", "route.ky", lambda raw: _route(raw)[3].update(when={"==": [{"var": "urgent"}, True]})),
    ("a branch that never joins", "route.hoi", lambda raw: _route(raw).insert(2, {**_route(raw)[1], "key": "giua", "group": ""})),
    ("more hours than the limit", "route", lambda raw: _route(raw)[1].update(hours=11)),
    ("more hours than the limit of a circumstance", "route", lambda raw: _route(raw)[1].update(hours=7)),
    ("a misspelt entry of a step", "route.xem", lambda raw: _route(raw)[1].update(hour=1)),
    ("a misspelt entry of a paper", "documents.don-de-nghi", lambda raw: raw["documents"][0].update(copy=1)),
    ("no outcome", "outcome", lambda raw: raw.update(outcome=None)),
    ("an outcome without a symbol", "outcome.symbol", lambda raw: raw["outcome"].update(symbol="")),
    ("a layout that is none", "outcome.layout", lambda raw: raw["outcome"].update(layout="poster")),
    ("a row that is none", "outcome.rows.0", lambda raw: raw["outcome"].update(rows=[["Họ tên"]])),
    ("a placeholder nothing fills", "outcome.summary", lambda raw: raw["outcome"].update(summary="Cấp cho {nobody}")),
    (
        "a branch that is left and entered again",
        "route.xem-lai",
        lambda raw: _route(raw).insert(4, {**_route(raw)[1], "key": "xem-lai"}),
    ),
    (
        "a condition that excludes the question it asks about",
        "route.hoi.when",
        lambda raw: _route(raw)[2].update(when={"and": [{"==": [{"var": "urgent"}, False]}, {"!=": [{"var": "reason"}, None]}]}),
    ),
    (
        "a condition that can never hold",
        "route.hoi.when",
        lambda raw: _route(raw)[2].update(when={"and": [{"==": [{"var": "urgent"}, True]}, {"==": [{"var": "urgent"}, False]}]}),
    ),
    (
        "a choice of offices that are none",
        "route.tra.office",
        lambda raw: raw["form"]["pages"][0]["fields"][2]["choices"][0].update(value="phuong"),
    ),
    (
        "a placeholder where nothing is filled in",
        "outcome.recipients.0",
        lambda raw: raw["outcome"].update(recipients=["{owner_name}"]),
    ),
    (
        "a placeholder in the second row",
        "outcome.rows.1",
        lambda raw: raw["outcome"]["rows"].__setitem__(1, ["Nơi ở", "{place_street}"]),
    ),
    ("no summary but nothing", "outcome", lambda raw: raw["outcome"].update(summary=None)),
    ("a way to file listed twice", "channels.1", lambda raw: raw["channels"].append(dict(raw["channels"][0]))),
    ("a way to file without its time", "channels.0", lambda raw: raw["channels"][0].update(time_text="")),
    (
        "a fee that ends before it begins",
        "fees.le-phi",
        lambda raw: raw["fees"][0].update(since="2026-02-01", until="2026-01-31"),
    ),
    ("a fee with half a day", "fees.le-phi", lambda raw: raw["fees"][0].update(since="")),
    ("a name too long for the register", "name", lambda raw: raw.update(name="x" * 401)),
    ("a key too long for a case", "circumstances.0", lambda raw: raw["circumstances"][0].update(key="-")),
    ("an event of life nobody knows", "life_events.0", lambda raw: raw.update(life_events=["sinh-nhat"])),
    ("an event of life twice", "life_events.1", lambda raw: raw.update(life_events=["sinh-con", "sinh-con"])),
    ("filling in that takes no time", "minutes_needed", lambda raw: raw.update(minutes_needed=0)),
    ("a part of another kind", "fees", lambda raw: raw.update(fees={"le-phi": 1})),
    ("a part nobody knows", "extra", lambda raw: raw.update(extra=1)),
    ("an entry of another kind", "documents.don-de-nghi", lambda raw: raw["documents"][0].update(originals="1")),
    (
        "a question that asks nothing",
        "eligibility.cu-tru.question",
        lambda raw: raw.update(eligibility=[{**asked(), "question": ""}]),
    ),
    (
        "a question without the right answer",
        "eligibility.cu-tru.answer_needed",
        lambda raw: raw.update(eligibility=[{**asked(), "answer_needed": "yes"}]),
    ),
    (
        "a question that refuses without a word",
        "eligibility.cu-tru.refusal",
        lambda raw: raw.update(eligibility=[{**asked(), "refusal": " "}]),
    ),
    (
        "a question that rests on a later one",
        "eligibility.cu-tru.when",
        lambda raw: raw.update(eligibility=[{**asked(), "when": {"==": [{"var": "sau"}, True]}}, {**asked(), "key": "sau"}]),
    ),
    (
        "a question after one that has stopped everybody it is for",
        "eligibility.sau.when",
        lambda raw: raw.update(eligibility=[asked(), {**asked(), "key": "sau", "when": {"==": [{"var": "cu-tru"}, False]}}]),
    ),
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


def test_the_excess_names_the_circumstance() -> None:
    raw = version()
    raw["route"][1]["hours"] = 7
    (problem,) = problems(raw)
    assert (problem.place, problem.values) == ("route", {"hours": "13", "limit": "12", "circumstance": "Gấp"})


def test_of_two_steps_that_exclude_one_another_only_the_longer_counts() -> None:
    raw = version() | {"limit_value": 16, "limit_unit": "working_hour", "circumstances": [], "fees": [], "documents": []}
    either, other = ({"==": [{"var": "urgent"}, answer]} for answer in (True, False))
    raw["route"][1:3] = [
        {**raw["route"][1], "group": "", "hours": 10, "when": either},
        {**raw["route"][2], "group": "", "hours": 9, "when": other},
    ]
    assert problems(raw) == []
    raw["route"][2]["when"] = either
    assert [problem.place for problem in problems(raw)] == ["route"]


def test_steps_that_do_not_exclude_one_another_are_added() -> None:
    route = [{"hours": 5}, {"hours": 3}, {"hours": 4}]
    assert longest(route, set()) == 12
    assert longest(route, {frozenset({0, 1})}) == 9
    assert longest(route, {frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 2})}) == 5


def test_a_placeholder_that_is_not_always_asked_only_warns() -> None:
    raw = version()
    raw["outcome"]["paragraphs"] = ["Lý do: {reason}"]
    (problem,) = problems(raw)
    assert (problem.place, problem.values, problem.warning) == ("outcome.paragraphs.0", {"name": "reason"}, True)


def test_questions_before_filing_may_rest_on_earlier_ones() -> None:
    warned = {**asked(), "stops": False}
    later = {**asked(), "key": "sau", "when": {"==": [{"var": "cu-tru"}, False]}}
    assert problems(version() | {"eligibility": [warned, later]}) == []


def test_one_step_beside_nothing_only_warns() -> None:
    raw = version()
    raw["route"][2]["group"] = ""
    raw["route"][1]["hours"] = 1
    (problem,) = problems(raw)
    assert (problem.place, problem.warning) == ("route.xem", True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**13) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A good version in which up to four places hold something else, or are gone."""
    raw = copy.deepcopy(version() | {"eligibility": [asked()], "life_events": ["sinh-con"]})
    for _turn in range(draw(st.integers(1, 4))):
        at: Any = raw
        while True:
            places = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not places:
                break
            place = draw(st.sampled_from(places))
            if isinstance(at[place], dict | list) and at[place] and draw(st.integers(0, 3)):
                at = at[place]
                continue
            if draw(st.booleans()):
                at[place] = draw(JSON)
            else:
                del at[place]
            break
    return raw


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged())
def test_whatever_is_accepted_can_be_shown_charged_and_routed(raw: dict[str, Any]) -> None:
    found = problems(raw)
    assert all(str(problem) for problem in found)
    if any(not problem.warning for problem in found):
        return
    one = Version(**{fact: raw[fact] for fact in FACTS if fact in raw})
    one.clean_fields(exclude=["procedure", "number", "conditions", *BLANK])
    assert list(page.ways(one))
    page.fees(one, date(2026, 1, 1))
    page.circumstances(one)
    page.route(one)
    page.route_minutes(one)
    assert routing.blocks(routing.route(one.route))
    for text in [
        one.outcome.get("summary", ""),
        *one.outcome.get("basis", []),
        *(text for _label, text in one.outcome.get("rows", [])),
    ]:
        fill(text, {})


BLANK = [
    "agency_function",
    "channels",
    "fees",
    "circumstances",
    "documents",
    "form",
    "route",
    "outcome",
    "steps_text",
    "legal_basis",
    "eligibility",
    "life_events",
]
"""Columns in which Django would refuse an empty value that publishing accepts, or that are JSON."""
