from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kit.forms import error_links
from services.forms.build import PageForm, form_class
from services.forms.definition import Definition, parse
from tests.services.forms.forms import BEN_THANH, ODD, all_fields, answers_for, definition, definitions, field, page, raw


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
            self.sent.append((given.get("name", ""), given.get("value", "")))
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
]
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
    assert html.count('data-mc-when="{&quot;var&quot;: &quot;agent&quot;}"') == 2
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


@given(definitions(), st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
def test_any_page_with_any_input_is_drawn(made: dict[str, Any], data: st.DataObject) -> None:
    form = parse(made)
    answers = data.draw(answers_for(all_fields(made)))
    names: list[str] = []
    for each in form.pages:
        empty = form_class(form, each.key, answers)()
        names += [*Inputs(str(empty)).ids, *dict(Inputs(str(empty)).sent)]
    typed = data.draw(st.dictionaries(st.sampled_from(names or ["x"]), ODD, max_size=8))
    for each in form.pages:
        bound = form_class(form, each.key, answers)(typed)
        bound.is_valid()
        str(bound)
        error_links(bound)
