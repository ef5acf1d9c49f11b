"""Definitions for tests, and strategies that make them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from services.forms import places
from services.forms.definition import KINDS, Definition, Field, Kind, parse
from services.forms.kinds import COLUMNS, OUTSIDE_GROUPS

TODAY = date(2026, 11, 23)


def field(kind: str, key: str = "it", **options: Any) -> dict[str, Any]:
    """A raw field; what its kind cannot do without is added."""
    if kind in {"choice", "multiple_choice"}:
        options.setdefault(
            "choices", [{"value": "a", "label": "Một"}, {"value": "b", "label": "Hai"}, {"value": "c", "label": "Ba"}]
        )
    if kind == "declaration":
        options.setdefault("statement", "Tôi cam đoan lời khai là đúng.")
    return {"key": key, "kind": kind, "label": "Họ và tên", **options}


def page(*fields: dict[str, Any], key: str = "trang-1", **options: Any) -> dict[str, Any]:
    return {"key": key, "title": "Trang", "fields": list(fields), **options}


def raw(*pages: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"version": 2, "pages": list(pages), **options}


def definition(*fields: dict[str, Any]) -> Definition:
    """A form of one page."""
    return parse(raw(page(*fields)))


def one(kind: str, **options: Any) -> Field:
    return definition(field(kind, **options)).field("it")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
LABELS = st.sampled_from(["Họ và tên", "Ngày sinh", "Nơi ở (tỉnh, xã)", "100% vốn?", "CCCD", "x"])
ODD_TEXTS = (
    "||0|-0|1.500|1,500|12,5|1.1250|١٢٣|31/2/2025|5/3/1990|2025-02-30|\x00|\ud800|079190012345|0901234567|+84901234567|a@b.vn"
    "|0100233488|yes|no|a|b|today|1e999|NaN| |59A-123.45|10.776, 106.7|7h30|1990-03|m2|ha|kinh|VN|bến thành|https://a.vn:99999"
)
ODD = st.sampled_from([*ODD_TEXTS.split("|"), "9" * 40, "é" * 300])
PART_NAMES = sorted({part for facts in KINDS.values() for part in facts.parts} | {"day", "month", "year", "m2", "name", "x"})
ANSWER = ODD | JSON | st.dictionaries(st.sampled_from(PART_NAMES), ODD | JSON, max_size=5)


def var(name: str) -> dict[str, str]:
    return {"var": name}


@st.composite
def fields(draw: st.DrawFn, key: str, earlier: list[dict[str, Any]], rows: str = "") -> dict[str, Any]:
    kinds = [kind for kind in Kind if not rows or kind not in OUTSIDE_GROUPS]
    if rows == "table":
        kinds = [kind for kind in Kind if kind in COLUMNS]
    kind = draw(st.sampled_from(kinds))
    formula = draw(formulas(earlier)) if kind == Kind.CALCULATED else None
    if kind == Kind.CALCULATED and formula is None:
        kind = Kind.NUMBER
    made: dict[str, Any] = {"key": key, "kind": kind.value, "label": draw(LABELS)}
    if kind not in {Kind.NOTE, Kind.HEADING, Kind.CALCULATED} and draw(st.booleans()):
        made["required"] = draw(st.booleans())
    if draw(st.booleans()):
        made["help"] = {"vi": draw(LABELS), "en": "Help"}
    made |= draw(OPTIONS.get(kind, st.just({})))
    if kind in {Kind.CHOICE, Kind.MULTIPLE_CHOICE}:
        made["choices"] = [{"value": value, "label": value * 2} for value in draw(st.sampled_from(["a", "ab", "abc"]))]
    if kind == Kind.MONEY and not rows and draw(st.booleans()):
        made["units"] = True
    if kind == Kind.DECLARATION:
        made["statement"] = "Tôi cam đoan."
        names = [asked["key"] for asked in earlier if asked["kind"] in {"text", "capitals_name"}]
        if names and draw(st.booleans()):
            made["name_field"] = draw(st.sampled_from(names))
    if formula is not None:
        made |= {"formula": formula[0], "format": formula[1], "decimals": draw(st.integers(0, 3))}
    if kind in {Kind.GROUP, Kind.TABLE}:
        inner: list[dict[str, Any]] = []
        for n in range(draw(st.integers(1, 3))):
            inner.append(draw(fields(f"{key}_{n}", [*earlier, *inner], rows=kind.value)))
        made |= {"fields": inner, "min": draw(st.integers(0, 2)), "max": draw(st.integers(2, 4))}
    if earlier and draw(st.booleans()):
        made["when"] = draw(conditions_on(earlier))
    return made


OPTIONS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind.NUMBER: st.sampled_from([{}, {"decimals": 2, "unit": "m²"}, {"decimals": 4}, {"min": 1, "max": 10}]),
    Kind.PERCENTAGE: st.sampled_from([{}, {"decimals": 2}, {"max": 49}]),
    Kind.AREA: st.sampled_from([{}, {"min": 30}, {"max": 5000}]),
    Kind.DATE: st.sampled_from([{}, {"max": "today"}, {"min": "2000-01-01"}]),
    Kind.PARTIAL_DATE: st.sampled_from([{}, {"max": "today"}, {"precision": "month"}, {"precision": "day"}]),
    Kind.MONTH: st.sampled_from([{}, {"max": "today"}]),
    Kind.YEAR: st.sampled_from([{}, {"min": 1950, "max": 2000}]),
    Kind.PROVINCE_WARD: st.sampled_from([{}, {"province": "79"}]),
    Kind.ADDRESS: st.sampled_from([{}, {"province": "79"}]),
    Kind.NOTE: st.sampled_from([{}, {"tone": "warning"}]),
    Kind.CHOICE: st.sampled_from([{}, {"display": "select"}]),
}
NUMBERS = frozenset({"number", "money", "percentage", "area", "year"})


@st.composite
def conditions_on(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> Any:
    asked = draw(st.sampled_from(earlier))
    name, kind = asked["key"], asked["kind"]
    if kind in {"note", "heading", "attachment", "group", "table", "declaration", "land_parcel", "map_point"}:
        return None
    if kind in {"province_ward", "address"}:
        return {"==": [var(f"{name}.province"), "79"]}
    special = {"bank_account": (f"{name}.bank", "970436"), "identity_document": (f"{name}.type", "passport")}
    if kind in special:
        return {"!=": [var(special[kind][0]), special[kind][1]]}
    simple = {
        "yes_no": {"==": [var(name), True]},
        "choice": {"in": [var(name), ["a"]]},
        "multiple_choice": {"in": ["a", var(name)]},
        "gender": {"==": [var(name), "male"]},
        "ethnic_group": {"!=": [var(name), "kinh"]},
        "country": {"==": [var(name), "VN"]},
        "date": {"<": [var(name), "2020-01-01"]},
        "calculated": {"!=": [var(name), None]},
        **{number: {">": [{"+": [var(name), 1]}, 3]} for number in NUMBERS},
    }.get(kind, {"!=": [var(name), "x"]})
    return draw(st.sampled_from([simple, {"!": simple}, {"or": [simple, {"!": var(name)}]}, {"and": [simple]}]))


@st.composite
def formulas(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> tuple[Any, str] | None:
    """A formula over some of the fields and what it gives; None where there is nothing to calculate with."""
    numbers: list[Any] = [var(asked["key"]) for asked in earlier if asked["kind"] in NUMBERS]
    numbers += [var(asked["key"]) for asked in earlier if asked.get("format") in {"number", "money"}]
    for asked in earlier:
        if asked["kind"] in {"group", "table"}:
            numbers.append({"count": [var(asked["key"])]})
            numbers += [{"sum": [var(f"{asked['key']}.{one['key']}")]} for one in asked["fields"] if one["kind"] in NUMBERS]
    days = [var(asked["key"]) for asked in earlier if asked["kind"] == "date"]
    made: list[tuple[Any, str]] = []
    if numbers:
        one, other = draw(st.sampled_from(numbers)), draw(st.sampled_from([*numbers, 2, 0.5, 1000]))
        operator = draw(st.sampled_from(["+", "-", "*", "/", "min", "max"]))
        made += [({operator: [one, other]}, "number"), ({"*": [one, other]}, "money"), ({">": [one, other]}, "yes_no")]
        made.append(({"if": [{"<": [one, 5]}, "ít", "nhiều"]}, "text"))
    if days:
        one, other = draw(st.sampled_from(days)), draw(st.sampled_from([*days, "2020-02-29"]))
        made += [({draw(st.sampled_from(["days", "years"])): [one, other]}, "number"), ({"day_after": [one, 30]}, "date")]
    return draw(st.sampled_from(made)) if made else None


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Raw definitions that are valid."""
    earlier: list[dict[str, Any]] = []
    pages = []
    for n in range(draw(st.integers(1, 3))):
        when = draw(conditions_on(earlier)) if earlier and draw(st.booleans()) else None
        on_page: list[dict[str, Any]] = []
        for m in range(draw(st.integers(1, 4))):
            on_page.append(draw(fields(f"p{n}f{m}", [*earlier, *on_page])))
        earlier += on_page
        pages.append({"key": f"trang-{n}", "title": "Trang", "when": when, "fields": on_page})
    return {"version": 2, "pages": pages}


FITTING: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=20),
    "long_text": st.text(max_size=40),
    "capitals_name": st.sampled_from(["nguyễn thị ánh", "H'Hen Niê", "LÊ VĂN A"]),
    "number": st.integers(-5, 50) | st.sampled_from(["1,5", "2.25", "1.125", "7", "1.500"]),
    "money": st.integers(0, 10**9) | st.sampled_from(["1.500.000 đ", {"amount": "1,5", "unit": "ty"}]),
    "percentage": st.integers(0, 100) | st.just("12,5 %"),
    "area": st.sampled_from([{"amount": "1,5", "unit": "ha"}, {"amount": "120", "unit": "m2"}, "75"]),
    "date": st.dates().map(str) | st.just({"day": "5", "month": "3", "year": "1990"}),
    "partial_date": st.sampled_from(["1990", "03/1990", "5/3/1990", {"day": "", "month": "", "year": "1975"}]),
    "month": st.sampled_from(["2020-05", {"month": "5", "year": "2020"}]),
    "year": st.integers(1900, 2030),
    "time": st.sampled_from(["7:30", "7h30", "14 giờ"]),
    "yes_no": st.booleans() | st.sampled_from(["yes", "no"]),
    "choice": st.sampled_from("abc"),
    "multiple_choice": st.lists(st.sampled_from("abc"), max_size=3),
    "gender": st.sampled_from(["male", "female"]),
    "ethnic_group": st.sampled_from(["kinh", "hmong"]),
    "country": st.sampled_from(["VN", "LA"]),
    "phone": st.sampled_from(["0901234567", "+84 28 3829 1234"]),
    "email": st.just("a.b@example.vn"),
    "url": st.sampled_from(["example.vn", "https://example.vn/a?b=1"]),
    "personal_number": st.just("079190012345"),
    "passport_number": st.just("c1234567"),
    "identity_document": st.just(
        {"type": "identity_card", "number": "079190012345", "issued_on": "2021-05-06", "issued_by": "Bộ Công an"}
    ),
    "tax_code": st.sampled_from(["0100233488", "079190012345"]),
    "business_number": st.just("0314409058002"),
    "vehicle_plate": st.sampled_from(["59a 12345", "59-X1 123.45", "80011NG01"]),
    "bank_account": st.just({"bank": "970436", "number": "0071 000 123", "holder": "nguyễn thị ánh"}),
    "province_ward": st.sampled_from(
        [{"province": "79", "ward": "26743"}, {"province": "01", "ward": "00070"}, {"province": "79"}]
    ),
    "address": st.sampled_from(
        [
            {"province": "79", "ward": "26743", "street": "12 Lê Lợi"},
            {"find": "Bến Thành", "province": "", "ward": "", "street": "12 Lê Lợi"},
        ]
    ),
    "land_parcel": st.just({"sheet": "12", "parcel": "345"}),
    "map_point": st.sampled_from(["10.776, 106.7", {"lat": "10,776", "lng": "106,7"}]),
    "declaration": st.sampled_from([{"agreed": True, "name": "Nguyễn Văn A"}, {"agreed": "on", "name": ""}]),
}


@st.composite
def answers_for(draw: st.DrawFn, raw_fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Anything at all, more often something that fits."""
    answers: dict[str, Any] = {}
    for made in raw_fields:
        kind = made["kind"]
        if kind in {"group", "table"}:
            fit: Any = st.lists(answers_for(made["fields"]), max_size=5)
        else:
            fit = FITTING.get(kind, st.none())
        if draw(st.integers(0, 9)):
            answers[made["key"]] = draw(st.one_of(fit, fit, fit, ANSWER))
    return answers


def all_fields(raw_definition: dict[str, Any]) -> list[dict[str, Any]]:
    return [made for one_page in raw_definition["pages"] for made in one_page["fields"]]


BEN_THANH = next(ward for ward in places.wards("79") if ward.name == "Phường Bến Thành")
