import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from portal.kit import clock
from portal.kit.forms import error_links
from services.forms.build import PageForm, form_class
from services.forms.definition import Definition, parse
from services.forms.questions import input_id
from tests.portal.markup import sound
from tests.services.forms.forms import BEN_THANH, definition, field, page, raw


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    """Icons are addressed without the manifest that only a built front end has."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def build(
    form: Definition, typed: dict[str, Any] | None = None, answers: dict[str, Any] | None = None, **options: Any
) -> PageForm:
    return form_class(form, "trang-1", answers or {}, **options)(typed)


class Inputs(HTMLParser):
    """What a browser would send: names and values of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.select = ""
        self.area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.sent.append((given.get("name", ""), given.get("value", "on" if given.get("type") == "checkbox" else "")))
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent.append((self.select, given["value"]))
        elif tag == "textarea":
            self.area = given["name"]
            self.sent.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, before = self.sent[-1]
            self.sent[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            name, value = self.sent[-1]
            self.sent[-1] = (name, value.removeprefix("\n"))
            self.area = ""


def resent(html: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in Inputs(html).sent:
        data.appendlist(name, value)
    return data


EVERYTHING = [
    field("text", "name", prefill="person.full_name"),
    field("long_text", "story", required=False),
    field("number", "area", decimals=2, unit="m²"),
    field("number", "exact", decimals=3),
    field("money", "cost"),
    field("date", "born", prefill="person.birth_date"),
    field("yes_no", "agent"),
    field("choice", "kind"),
    field("choice", "listed", display="select"),
    field("multiple_choice", "many"),
    field("phone", "phone"),
    field("email", "email"),
    field("personal_number", "number"),
    field("tax_code", "tax"),
    field("province_ward", "place"),
    field("province_ward", "ward", province="79"),
    field("attachment", "file"),
    field("group", "people", min=1, item="Thành viên", fields=[field("text", "p_name"), field("province_ward", "p_place")]),
    field("note", "note", help="Đọc kỹ"),
    field("heading", "heading"),
    field("capitals_name", "in_capitals"),
    field("money", "price", units=True),
    field("percentage", "share", decimals=1),
    field("area", "land"),
    field("partial_date", "about"),
    field("month", "month"),
    field("year", "year"),
    field("time", "time"),
    field("gender", "gender"),
    field("ethnic_group", "ethnic"),
    field("country", "country"),
    field("url", "url"),
    field("passport_number", "passport"),
    field("identity_document", "paper"),
    field("business_number", "business"),
    field("vehicle_plate", "plate"),
    field("bank_account", "account"),
    field("address", "address"),
    field("address", "near", province="79"),
    field("land_parcel", "parcel"),
    field("map_point", "point"),
    field(
        "table", "goods", item="Hàng", min=1, fields=[field("text", "good"), field("money", "cost_each"), field("date", "bought")]
    ),
    field("calculated", "total", formula={"sum": [{"var": "goods.cost_each"}]}, format="money"),
    field("declaration", "sworn", name_field="name"),
]
TODAY = clock.today().isoformat()
PLACE = {"province": "79", "ward": BEN_THANH.code}
KEPT = {
    "name": "Nguyễn Văn A",
    "story": "Một\nhai",
    "area": "1500.5",
    "exact": "1.125",
    "cost": 1500000,
    "born": "1990-03-05",
    "agent": False,
    "kind": "b",
    "listed": "c",
    "many": ["a", "c"],
    "phone": "+84901234567",
    "email": "a@example.vn",
    "number": "079190012345",
    "tax": "0314409058-002",
    "place": PLACE,
    "ward": PLACE,
    "people": [{"p_name": "B", "p_place": PLACE}, {"p_name": "C", "p_place": {"province": "01", "ward": "00070"}}],
    "in_capitals": "NGUYỄN VĂN A",
    "price": 1500000000,
    "share": "12.5",
    "land": {"amount": "1.125", "unit": "ha", "m2": 11250},
    "about": "1990-03",
    "month": "2020-05",
    "year": 1990,
    "time": "07:30",
    "gender": "female",
    "ethnic": "ba-na",
    "country": "LA",
    "url": "https://example.vn/a",
    "passport": "C1234567",
    "paper": {"type": "identity_card", "number": "079190012345", "issued_on": "2021-05-06", "issued_by": "Bộ Công an"},
    "business": "0314409058-002",
    "plate": "59X1-123.45",
    "account": {"bank": "970436", "number": "0071000123456", "holder": "NGUYỄN VĂN A"},
    "address": {**PLACE, "street": "12 Lê Lợi"},
    "near": {**PLACE, "street": "Ấp 3"},
    "parcel": {"sheet": "12", "parcel": "345"},
    "point": {"lat": 10.776, "lng": 106.7},
    "goods": [
        {"good": "Gạo", "cost_each": 1200, "bought": "2020-02-29"},
        {"good": "Muối", "cost_each": 300, "bought": "2020-03-01"},
    ],
    "sworn": {"name": "nguyễn văn a", "day": TODAY},
}


def test_a_page_sent_back_unchanged_keeps_its_answers() -> None:
    form = definition(*EVERYTHING)
    html = str(build(form, answers=KEPT))
    again = build(form, resent(html), KEPT)
    assert again.is_valid(), again.errors
    assert again.answers() == KEPT


def test_ids_are_unique() -> None:
    ids = Inputs(str(build(definition(*EVERYTHING), answers=KEPT))).ids
    assert len(ids) == len(set(ids))


def test_what_was_typed_stays_when_it_is_wrong() -> None:
    form = definition(*EVERYTHING)
    typed = {"cost": "rất nhiều", "born_day": "31", "born_month": "2", "born_year": "1990", "area": "1,500", "people-rows": "1"}
    bound = build(form, typed)
    assert not bound.is_valid()
    html = str(bound)
    for value in ("rất nhiều", "31", "1990", "1,500"):
        assert f'value="{value}"' in html
    assert bound.errors.as_data()["cost"][0].code == "not_money"
    assert bound["born"].wrong_parts == {"day"}  # type: ignore[attr-defined]


def test_every_complaint_leads_to_its_input() -> None:
    bound = build(definition(*EVERYTHING), {"people-rows": "1"})
    assert not bound.is_valid()
    ids = set(Inputs(str(bound)).ids)
    links = error_links(bound)
    assert len(links) > 12
    assert [link for link in links if str(link["href"]).removeprefix("#") not in ids] == []


def test_prefill_is_shown_until_the_page_was_saved() -> None:
    form = definition(field("text", "name", prefill="person.full_name", required=False), field("yes_no", "agent"))
    facts = {"person.full_name": "Trần Thị B"}
    assert 'value="Trần Thị B"' in str(build(form, prefill=facts))
    assert "Trần Thị B" not in str(build(form, answers={"agent": True}, prefill=facts))
    assert 'value="C"' in str(build(form, answers={"name": "C"}, prefill=facts))


CONDITIONAL = definition(
    field("yes_no", "agent"),
    field("text", "agent_name", when={"var": "agent"}),
    field("text", "agent_job", when={"var": "agent"}),
)


def test_questions_that_depend_on_the_same_page_are_there_and_marked() -> None:
    html = str(build(CONDITIONAL))
    assert html.count("data-mc-when=") == 2
    assert logic_of(html)["types"] == {"agent": "yes_no"}
    assert html.count("mc-when__note") == 1
    assert build(CONDITIONAL, {"agent": "no", "agent_name": "typed"}).is_valid()
    assert build(CONDITIONAL, {"agent": "yes"}).errors.keys() == {"agent_name", "agent_job"}


def test_questions_that_depend_on_another_page_are_there_or_not() -> None:
    form = parse(
        raw(
            page(field("yes_no", "agent"), key="mot"),
            page(field("text", "name", when={"var": "agent"}), field("note", "n"), key="hai"),
        )
    )
    assert 'name="name"' in str(form_class(form, "hai", {"agent": True})())
    assert 'name="name"' not in str(form_class(form, "hai", {"agent": False})())
    assert "data-mc-when" not in str(form_class(form, "hai", {"agent": True})())


def logic_of(html: str) -> dict[str, Any]:
    """What the page hands to the browser."""
    return json.loads(unescape(html.partition('data-mc-logic="')[2].partition('"')[0]))


def test_conditions_inside_a_row_ask_the_row() -> None:
    form = definition(
        field(
            "group",
            "people",
            min=2,
            fields=[field("choice", "kind"), field("text", "other", when={"==": [{"var": "kind"}, "c"]})],
        )
    )
    html = str(build(form))
    assert "people-1-kind&quot;}, &quot;c&quot;" in html
    assert logic_of(html)["types"] == {"people-0-kind": "text", "people-1-kind": "text"}
    bound = build(form, {"people-rows": "2", "people-0-kind": "a", "people-1-kind": "c"})
    assert bound.errors.keys() == {"people-1-other"}


PEOPLE = definition(
    field("group", "people", min=0, max=3, required=False, fields=[field("text", "name"), field("date", "born", required=False)])
)


def test_adding_a_row_keeps_what_was_typed_and_checks_nothing() -> None:
    bound = build(PEOPLE, {"people-rows": "1", "people-0-name": "", "people-0-born_day": "x", "_add_people": ""})
    assert bound.rearranged
    assert not bound.is_valid()
    assert bound.errors == {}
    sent = resent(str(bound))
    assert (sent["people-rows"], sent["people-0-born_day"], sent["people-1-name"]) == ("2", "x", "")


def test_removing_a_row_moves_the_others_up() -> None:
    typed = {"people-rows": "3", "people-0-name": "A", "people-1-name": "B", "people-2-name": "C", "people-2-born_day": "7"}
    sent = resent(str(build(PEOPLE, {**typed, "_remove_people_1": ""})))
    assert (sent["people-rows"], sent["people-0-name"], sent["people-1-name"], sent["people-1-born_day"]) == ("2", "A", "C", "7")
    assert "people-2-name" not in sent


def test_rows_have_limits() -> None:
    full = {"people-rows": "3", "people-0-name": "A", "people-1-name": "B", "people-2-name": "C"}
    assert "_add_people" not in str(build(PEOPLE, full))
    assert resent(str(build(PEOPLE, {**full, "_add_people": ""})))["people-rows"] == "3"
    assert len(build(PEOPLE, {"people-rows": "9999999"}).fields) == 1 + 3 * 2
    for rows in ("-1", "x", ""):
        assert build(PEOPLE, {"people-rows": rows}).is_valid()


def test_a_missing_row_is_complained_about_at_the_group() -> None:
    form = definition(field("group", "people", required=True, fields=[field("text", "name")]))
    html = str(build(form))
    assert 'name="people-0-name"' in html
    assert "_remove_people_0" not in html


def test_a_province_is_chosen_without_a_script() -> None:
    form = definition(field("province_ward", "place"))
    assert BEN_THANH.name not in str(build(form))
    bound = build(form, {"place-province": "79", "place-ward": "", "_place_place": ""})
    assert bound.rearranged
    assert BEN_THANH.name in str(bound)
    assert build(form, {"place-province": "79", "place-ward": BEN_THANH.code}).is_valid()
    assert build(form, {"place-province": "01", "place-ward": BEN_THANH.code}).errors.keys() == {"place-ward"}
    assert build(form, {}).errors.keys() == {"place-province"}


def test_enter_never_adds_or_removes() -> None:
    """The browser presses the first button of a form."""
    html = str(build(PEOPLE))
    assert html.index('name="_continue"') < html.index('name="_add_people"')
    assert "_continue" not in str(build(CONDITIONAL))


def test_inputs_help_typing() -> None:
    html = str(build(definition(*EVERYTHING)))
    assert 'autocomplete="name"' in html
    assert 'inputmode="numeric"' in html
    assert 'inputmode="decimal"' in html
    assert 'type="tel"' in html
    assert 'type="email"' in html
    assert "m²" in html
    assert " style=" not in html
    assert "<script" not in html


def test_both_languages() -> None:
    form = definition(field("text", "a", label={"vi": "Tên", "en": "Name"}))
    for language, label, complaint in (("vi", "Tên", "Nhập tên"), ("en", "Name", "Enter name")):
        with translation.override(language):
            html = str(build(form, {}))
            assert label in html
            assert complaint in html


def test_labels_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    form = definition(
        field("note", "n", help=evil), field("choice", "c", label=evil, choices=[{"value": "a", "label": evil, "help": evil}])
    )
    assert "<script" not in str(build(form, {"c": evil}))


LINE = field("calculated", "line", formula={"*": [{"var": "each"}, {"var": "count"}]})
CALCULATING = parse(
    raw(
        page(field("number", "rate"), field("yes_no", "large", required=False), key="mot"),
        page(
            field("table", "goods", fields=[field("number", "each"), field("number", "count"), LINE]),
            field("calculated", "total", formula={"*": [{"sum": [{"var": "goods.line"}]}, {"var": "rate"}]}, unit="kg"),
            field("calculated", "rows", formula={"count": [{"var": "goods"}]}),
            field("text", "why", when={">": [{"var": "total"}, 100]}),
            key="trang-1",
        ),
        page(field("calculated", "twice", formula={"*": [{"var": "total"}, 2]}), field("text", "end"), key="ba"),
    )
)


def test_calculated_values_follow_the_answers_and_are_never_taken_from_what_is_sent() -> None:
    typed = {"goods-rows": "2", "goods-0-each": "7", "goods-0-count": "3", "goods-1-each": "10", "goods-1-count": "4"}
    bound = build(CALCULATING, {**typed, "total": "1", "goods-0-line": "9"}, {"rate": 2})
    assert bound.errors.keys() == {"why"}
    assert ">122 kg<" in str(bound)
    assert ">21<" in str(bound)
    again = build(CALCULATING, {**typed, "why": "Vì cần", "_add_goods": ""}, {"rate": 2})
    assert ">122 kg<" in str(again)
    bound = build(CALCULATING, {**typed, "why": "Vì cần"}, {"rate": 2})
    assert bound.is_valid()
    assert "total" not in bound.answers()
    assert bound.answers()["goods"][0] == {"each": 7, "count": 3, "line": 21}


def test_the_browser_gets_what_the_values_are_made_of() -> None:
    logic = logic_of(str(build(CALCULATING, answers={"rate": 2, "goods": [{"each": 7, "count": 3}]})))
    assert logic["known"] == {"rate:number": 2.0}
    assert logic["types"]["goods-0-each"] == "number"
    assert logic["types"]["goods-line"] == {"column": ["goods-0-line"]}
    assert logic["types"]["goods"] == [["goods-0-each", "goods-0-count"]]
    assert [one["name"] for one in logic["calculated"]] == ["goods-0-line", "total", "rows"]
    # On a page that only shows it, the value is known already.
    assert not form_class(CALCULATING, "ba", {"rate": 2, "goods": [{"each": 7, "count": 3}]})()._has_buttons()
    html = str(form_class(CALCULATING, "ba", {"rate": 2, "goods": [{"each": 7, "count": 3}]})())
    assert ">84<" in html


def test_a_value_of_another_page_that_follows_this_one_is_calculated_here_as_well() -> None:
    form = parse(
        raw(
            page(field("number", "a"), field("text", "why", when={">": [{"var": "far"}, 10]}), key="trang-1"),
            page(field("number", "b"), field("calculated", "far", formula={"+": [{"var": "a"}, {"var": "b"}]}), key="hai"),
        )
    )
    logic = logic_of(str(build(form, answers={"b": 4})))
    assert [one["name"] for one in logic["calculated"]] == ["far"]
    assert logic["known"] == {"b:number": 4.0}
    assert build(form, {"a": "7"}, {"b": 4}).errors.keys() == {"why"}
    assert build(form, {"a": "5"}, {"b": 4}).is_valid()


ADDRESS = definition(field("address", "home"), field("group", "people", min=1, fields=[field("address", "p_home")]))


def test_a_ward_is_found_by_its_name_without_a_script() -> None:
    bound = build(ADDRESS, {"home-find": "ben thanh, tp ho chi minh", "_place_home": "", "people-rows": "1"})
    sent = resent(str(bound))
    assert (sent["home-province"], sent["home-ward"], sent["home-find"]) == ("79", BEN_THANH.code, "")
    bound = build(ADDRESS, {"people-rows": "1", "people-0-p_home-find": "Tân An", "_place_people-0-p_home": ""})
    html = str(bound)
    picks = sorted(set(re.findall(r'name="(_pick_people-0-p_home_[0-9]{5})"', html)))
    assert len(picks) > 1
    sent = resent(str(build(ADDRESS, {"people-rows": "1", picks[0]: ""})))
    assert sent["people-0-p_home-ward"] == picks[0][-5:]
    assert "Không tìm thấy" in str(build(ADDRESS, {"people-rows": "1", "home-find": "Không Có Đâu", "_place_home": ""}))


def test_a_ward_that_was_named_but_not_chosen_is_taken_where_there_is_no_doubt() -> None:
    form = definition(field("address", "home"))
    bound = build(form, {"home-find": "Phường Bến Thành", "home-street": "12 Lê Lợi"})
    assert bound.is_valid()
    assert bound.answers()["home"]["ward"] == BEN_THANH.code
    assert build(form, {"home-find": "Tân An", "home-street": "1"}).errors.keys() == {"home-find"}
    assert build(form, {"home-find": "Không Có Đâu"}).errors.keys() == {"home-find", "home-street"}


def test_complaints_stand_beside_the_input_they_are_about() -> None:
    form = definition(field("bank_account", "account"), field("money", "price", units=True), field("declaration", "sworn"))
    typed = {"account-bank": "970436", "account-number": "x", "account-holder": "A", "price-amount": "1,5", "price-unit": "dong"}
    assert build(form, typed).errors.keys() == {"account-number", "price-amount", "sworn-agreed"}
    assert build(form, {**typed, "sworn-agreed": "on"}).errors.keys() == {"account-number", "price-amount", "sworn-name"}
    assert build(form, {}).errors.keys() == {"account-bank", "price-amount", "sworn-agreed"}


def test_links_lead_to_the_first_input_of_every_question() -> None:
    form = definition(*EVERYTHING)
    ids = set(Inputs(str(build(form, answers=KEPT))).ids)
    asked = [one for one in form.fields() if one.asks]
    assert [one.key for one in asked if input_id(one, one.key) not in ids] == []


def test_wide_tables_are_drawn_as_cards() -> None:
    narrow = field("table", "t", min=1, fields=[field("text", "a"), field("money", "b")])
    wide = field("table", "t", min=1, fields=[field("date", "a"), field("date", "b"), field("money", "c")])
    assert "mc-group--columns" in str(build(definition(narrow)))
    assert "mc-group--cards" in str(build(definition(wide)))


def test_wards_that_fit_are_offered_beside_the_complaint() -> None:
    bound = build(definition(field("address", "home")), {"home-find": "Tân An", "home-street": "1"})
    assert str(bound).count('name="_pick_home_') > 1


@pytest.mark.parametrize(
    "typed", [None, {}, {"people-rows": "2", "goods-rows": "2", "address-find": "Tân An"}], ids=["kept", "empty", "wrong"]
)
def test_the_markup_is_sound(typed: dict[str, Any] | None) -> None:
    sound(str(build(definition(*EVERYTHING), typed, KEPT if typed is None else {})))
    sound(str(build(CALCULATING, typed)))
