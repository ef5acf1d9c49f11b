"""Definitions for tests, and strategies that make them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from services.forms import places
from services.forms.definition import Definition, Field, Kind, parse

TODAY = date(2026, 11, 23)


def field(kind: str, key: str = "it", **options: Any) -> dict[str, Any]:
    """A raw field; choices are added where the kind needs them."""
    if kind in {"choice", "multiple_choice"}:
        options.setdefault(
            "choices", [{"value": "a", "label": "Một"}, {"value": "b", "label": "Hai"}, {"value": "c", "label": "Ba"}]
        )
    return {"key": key, "kind": kind, "label": "Họ và tên", **options}


def page(*fields: dict[str, Any], key: str = "trang-1", **options: Any) -> dict[str, Any]:
    return {"key": key, "title": "Trang", "fields": list(fields), **options}


def raw(*pages: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"version": 1, "pages": list(pages), **options}


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
    "|0100233488|yes|no|a|b|today|1e999|NaN| "
)
ODD = st.sampled_from([*ODD_TEXTS.split("|"), "9" * 40, "é" * 300])
ANSWER = ODD | JSON


@st.composite
def fields(draw: st.DrawFn, key: str, earlier: list[dict[str, Any]], nested: bool = False) -> dict[str, Any]:
    kinds = [kind for kind in Kind if not nested or kind not in {Kind.GROUP, Kind.ATTACHMENT}]
    kind = draw(st.sampled_from(kinds))
    made: dict[str, Any] = {"key": key, "kind": kind.value, "label": draw(LABELS)}
    if kind != Kind.NOTE and draw(st.booleans()):
        made["required"] = draw(st.booleans())
    if draw(st.booleans()):
        made["help"] = {"vi": draw(LABELS), "en": "Help"}
    if kind in {Kind.CHOICE, Kind.MULTIPLE_CHOICE}:
        made["choices"] = [{"value": value, "label": value * 2} for value in draw(st.sampled_from(["a", "ab", "abc"]))]
    if kind == Kind.NUMBER:
        made |= draw(st.sampled_from([{}, {"decimals": 2, "unit": "m²"}, {"decimals": 4}, {"min": 1, "max": 10}]))
    if kind == Kind.DATE:
        made |= draw(st.sampled_from([{}, {"max": "today"}, {"min": "2000-01-01"}]))
    if kind == Kind.PROVINCE_WARD and draw(st.booleans()):
        made["province"] = "79"
    if kind == Kind.GROUP:
        inner: list[dict[str, Any]] = []
        for n in range(draw(st.integers(1, 3))):
            inner.append(draw(fields(f"{key}_{n}", [*earlier, *inner], nested=True)))
        made |= {"fields": inner, "min": draw(st.integers(0, 2)), "max": draw(st.integers(2, 4))}
    if earlier and draw(st.booleans()):
        made["when"] = draw(conditions_on(earlier))
    return made


@st.composite
def conditions_on(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> Any:
    asked = draw(st.sampled_from(earlier))
    var = {"var": asked["key"]}
    kind = asked["kind"]
    if kind in {"note", "attachment", "group"}:
        return None
    if kind == "province_ward":
        return {"==": [{"var": f"{asked['key']}.province"}, "79"]}
    simple = {
        "yes_no": {"==": [var, True]},
        "choice": {"in": [var, ["a"]]},
        "multiple_choice": {"in": ["a", var]},
        "number": {">": [var, 3]},
        "money": {"<=": [var, 1000]},
        "date": {"<": [var, "2020-01-01"]},
    }.get(kind, {"!=": [var, "x"]})
    return draw(st.sampled_from([simple, {"!": simple}, {"or": [simple, {"!": var}]}, {"and": [simple, {"!=": [var, None]}]}]))


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
    return {"version": 1, "pages": pages}


@st.composite
def answers_for(draw: st.DrawFn, raw_fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Anything at all, more often something that fits."""
    fitting = {
        "text": st.text(max_size=20),
        "long_text": st.text(max_size=40),
        "number": st.integers(-5, 50) | st.sampled_from(["1,5", "2.25", "1.125", "7", "1.500"]),
        "money": st.integers(0, 10**9) | st.just("1.500.000 đ"),
        "date": st.dates().map(str) | st.just({"day": "5", "month": "3", "year": "1990"}),
        "yes_no": st.booleans() | st.sampled_from(["yes", "no"]),
        "choice": st.sampled_from("abc"),
        "multiple_choice": st.lists(st.sampled_from("abc"), max_size=3),
        "phone": st.sampled_from(["0901234567", "+84 28 3829 1234"]),
        "email": st.just("a.b@example.vn"),
        "personal_number": st.just("079190012345"),
        "tax_code": st.sampled_from(["0100233488", "079190012345"]),
        "province_ward": st.sampled_from(
            [{"province": "79", "ward": "26743"}, {"province": "01", "ward": "00070"}, {"province": "79"}]
        ),
    }
    answers: dict[str, Any] = {}
    for made in raw_fields:
        kind = made["kind"]
        if kind == "group":
            fit: Any = st.lists(answers_for(made["fields"]), max_size=5)
        else:
            fit = fitting.get(kind, st.none())
        if draw(st.integers(0, 9)):
            answers[made["key"]] = draw(st.one_of(fit, fit, fit, ANSWER))
    return answers


def all_fields(raw_definition: dict[str, Any]) -> list[dict[str, Any]]:
    return [made for one_page in raw_definition["pages"] for made in one_page["fields"]]


BEN_THANH = next(ward for ward in places.wards("79") if ward.name == "Phường Bến Thành")
