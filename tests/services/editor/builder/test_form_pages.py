"""Editors build a form with buttons alone; what others did meanwhile is kept, and nothing typed is lost."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from services.catalogue import actions
from services.catalogue.models import VersionDraft
from services.editor import form_editing as editing
from services.editor.form_page import chosen_of
from services.editor.kind_words import kind_words
from services.forms.kinds import KINDS
from tests.portal.markup import sound
from tests.services.editor.builder.page import press

pytestmark = pytest.mark.django_db


QUERIES = 10


def here(draft: VersionDraft, **query: Any) -> str:
    address = reverse("editor_form", args=[draft.key])
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def fields(draft: VersionDraft, page: int = 0) -> list[str]:
    draft.refresh_from_db()
    return [one["key"] for one in draft.content["form"]["pages"][page]["fields"]]


def field(draft: VersionDraft, path: str) -> dict[str, Any]:
    draft.refresh_from_db()
    found: dict[str, Any] = editing.at(draft.content["form"], editing.path_of(path))
    return found


# Who


@pytest.mark.parametrize("name", ["editor_form", "editor_route", "editor_outcome"])
def test_only_editors_open_the_builder(draft: VersionDraft, name: str) -> None:
    address = reverse(name, args=[draft.key])
    clerk, resident = Client(), Client()
    clerk.force_login(Person.objects.get(username="tiepnhan.benthanh"))
    resident.force_login(Person.objects.filter(kind=Person.Kind.RESIDENT)[0])
    assert Client().get(address).status_code == 302
    assert clerk.get(address).status_code == 403
    assert clerk.post(address, {"_do": "save"}).status_code == 403
    assert resident.get(address).status_code == 404


def test_the_preview_is_for_editors_and_may_stand_in_our_own_frame(draft: VersionDraft, mine: Client) -> None:
    address = reverse("editor_form_preview", args=[draft.key, 0])
    clerk = Client()
    clerk.force_login(Person.objects.get(username="tiepnhan.benthanh"))
    assert clerk.get(address).status_code == 403
    shown = mine.get(address)
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]


def test_a_draft_that_is_not_there_is_404(mine: Client, draft: VersionDraft) -> None:
    assert mine.get(here(draft).replace(str(draft.key), "00000000-0000-0000-0000-000000000000")).status_code == 404


# The pages


@pytest.mark.parametrize(
    "query", [{}, {"o": "0"}, {"o": "0.0"}, {"o": "0.9"}, {"o": "0.9.1"}, {"o": "4.1"}, {"them": "0.9"}, {"o": "99"}]
)
def test_every_page_of_the_builder_is_sound(mine: Client, draft: VersionDraft, query: dict[str, str]) -> None:
    page = mine.get(here(draft, **query))
    assert page.status_code == 200
    html = page.content.decode()
    sound(balanced(html[html.index('<div id="soan"') :]))


def balanced(html: str) -> str:
    """The first element of the text, whole."""
    depth, at = 0, 0
    while True:
        opened, closed = html.find("<div", at), html.find("</div>", at)
        if opened != -1 and opened < closed:
            depth, at = depth + 1, opened + 4
        else:
            depth, at = depth - 1, closed + 6
        if depth == 0:
            return html[:at]


def test_the_outline_costs_the_same_for_any_form(
    mine: Client, draft: VersionDraft, editor: Person, django_assert_num_queries: Any
) -> None:
    mine.get(here(draft))
    with django_assert_num_queries(QUERIES):
        mine.get(here(draft, o="0.9"))
    form = draft.content["form"]
    for _n in range(5):
        form = editing.duplicate(form, (0,)).form
    actions.save_draft(draft, editor, {"form": form}, draft.revision)
    with django_assert_num_queries(QUERIES):
        mine.get(here(draft, o="0.9"))


def test_every_kind_has_its_settings_and_is_shown(mine: Client, draft: VersionDraft, editor: Person) -> None:
    form = editing.add_page(draft.content["form"], "Mọi loại").form
    for kind in KINDS:
        form = editing.add_field(form, (5,), str(kind), f"Câu {kind}").form
    draft = actions.save_draft(draft, editor, {"form": form}, draft.revision)
    for n, one in enumerate(form["pages"][5]["fields"]):
        chosen = chosen_of(form, (5, n))
        assert render_to_string("editor/form_settings.html", {"chosen": chosen, "draft": draft, "kind": kind_words(one["kind"])})
        typed = QueryDict(mutable=True)
        for bound in chosen.settings:
            typed[bound.html_name] = "" if bound.value() in (None, False) else str(bound.value())
        again = chosen_of(form, (5, n), typed)
        assert again.settings.is_valid(), (one["kind"], again.settings.errors)
        kept = editing.change(form, (5, n), again.settings.settings()).form
        assert editing.at(kept, (5, n)) == one, "what was not touched is kept as it is"
    assert mine.get(reverse("editor_form_preview", args=[draft.key, 5])).status_code == 200
    assert mine.get(here(draft, them="0")).content.decode().count('name="kind"') == len(KINDS)


def draft_form(draft: VersionDraft) -> dict[str, Any]:
    draft.refresh_from_db()
    found: dict[str, Any] = draft.content["form"]
    return found


# What the buttons do


def test_a_question_is_added_where_it_was_asked_for(mine: Client, draft: VersionDraft) -> None:
    done = press(mine, here(draft, them="0.0"), "add", label="Quốc tịch", kind="country")
    assert "o=0.1" in done.url
    assert fields(draft)[:2] == ["owner_kind", "quoc_tich"]


def test_without_words_nothing_is_added_and_what_was_chosen_stays(mine: Client, draft: VersionDraft) -> None:
    page = press(mine, here(draft, them="0.0"), "add", label="", kind="country")
    assert page.status_code == 200
    assert 'value="country" id="loai-country" checked' in page.content.decode()
    assert len(fields(draft)) == 10


def test_settings_are_kept(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft, o="1.4"), "save", label="Diện tích", decimals="1", min="0,5", label_en="Area", unit="ha")
    assert field(draft, "1.4") | {"label": {"vi": "Diện tích", "en": "Area"}, "decimals": 1, "min": 0.5, "unit": "ha"} == field(
        draft, "1.4"
    )
    assert field(draft, "1.4")["max"] == 1000000


def test_what_cannot_be_read_is_said_and_stays_on_the_page(mine: Client, draft: VersionDraft) -> None:
    page = press(mine, here(draft, o="1.4"), "save", min="nhiều", label="Mới")
    assert page.status_code == 200
    assert 'value="nhiều"' in page.content.decode()
    assert field(draft, "1.4")["label"] == "Diện tích thửa đất"


def test_saving_what_is_there_changes_nothing(mine: Client, draft: VersionDraft) -> None:
    before = json.dumps(draft_form(draft), sort_keys=True)
    for path in ("0", "0.0", "0.2", "0.9", "0.9.1", "1.1", "2.10", "4.0"):
        press(mine, here(draft, o=path), "save")
    assert json.dumps(draft_form(draft), sort_keys=True) == before
    assert draft.revision == 1


def test_a_new_key_reaches_route_and_outcome(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft, o="0.1"), "save", key="chu_dau_tu")
    assert draft_form(draft)["subject_field"] == "chu_dau_tu"
    assert draft.content["outcome"]["paragraphs"][0].startswith("Cấp cho: {chu_dau_tu}. Địa chỉ")


@pytest.mark.parametrize("key", ["owner_kind", "Chu", "today", "1a"])
def test_a_key_that_is_taken_or_none_is_refused(mine: Client, draft: VersionDraft, key: str) -> None:
    assert press(mine, here(draft, o="0.1"), "save", key=key).status_code == 200
    assert fields(draft)[1] == "owner_name"


def test_a_condition_is_built_row_by_row(mine: Client, draft: VersionDraft) -> None:
    address = here(draft, o="0.6")
    page = press(mine, address, "dk:add")
    page = press(mine, address, "dk:refresh", page, **{"dk-0-0-name": "owner_kind"})
    page = press(mine, address, "dk:add", page, **{"dk-0-0-relation": "!=", "dk-0-0-value": "to-chuc"})
    page = press(mine, address, "dk:refresh", page, **{"dk-1-0-name": "owner_name"})
    assert field(draft, "0.6").get("when") is None, "nothing is kept before it is saved"
    press(mine, address, "save", page, **{"dk-1-0-relation": "answered"})
    assert field(draft, "0.6")["when"] == {
        "and": [{"!=": [{"var": "owner_kind"}, "to-chuc"]}, {"!=": [{"var": "owner_name"}, None]}]
    }
    page = press(mine, address, "dk:remove:0:0")
    press(mine, address, "save", page)
    assert field(draft, "0.6")["when"] == {"!=": [{"var": "owner_name"}, None]}


def test_a_condition_can_be_written_by_hand_and_read_back(mine: Client, draft: VersionDraft) -> None:
    address = here(draft, o="0.6")
    page = press(mine, address, "dk:json")
    hard = '{"!": {"==": [{"var": "owner_kind"}, "to-chuc"]}}'
    assert press(mine, address, "save", page, **{"dk-json": "{"}).status_code == 200
    press(mine, address, "save", page, **{"dk-json": hard})
    assert field(draft, "0.6")["when"] == json.loads(hard)
    assert "không phải: (Chủ đầu tư là là Doanh nghiệp, tổ chức)" in mine.get(address).content.decode()


def test_a_wrong_condition_is_explained_at_its_question(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft, o="0.9"), "up:0.9:co_owners")
    draft.refresh_from_db()
    assert fields(draft)[8:] == ["co_owners", "has_co_owners"]
    page = mine.get(here(draft, o="0.8")).content.decode()
    assert "Điều kiện:" in page


def test_choices_are_added_moved_and_removed(mine: Client, draft: VersionDraft) -> None:
    address = here(draft, o="0.0")
    page = press(mine, address, "lc:add", **{"lc-more": "Hợp tác xã | htx | Theo luật\nKhác"})
    page = press(mine, address, "lc:up:3", page)
    page = press(mine, address, "lc:remove:0", page)
    press(mine, address, "save", page)
    assert [choice["value"] for choice in field(draft, "0.0")["choices"]] == ["ho-gia-dinh", "htx", "to-chuc", "khac"]
    assert field(draft, "0.0")["choices"][1] == {"value": "htx", "label": "Hợp tác xã", "help": "Theo luật"}


def test_very_many_choices_are_lines_of_text(mine: Client, draft: VersionDraft) -> None:
    address = here(draft, o="0.0")
    press(mine, address, "save", **{"lc-more": "\n".join(f"Mục {n}" for n in range(300))})
    assert len(field(draft, "0.0")["choices"]) == 303
    press(mine, address, "save", label="Chọn")
    assert len(field(draft, "0.0")["choices"]) == 303


def test_a_value_is_calculated_from_answers(mine: Client, draft: VersionDraft) -> None:
    address = press(mine, here(draft, them="2"), "add", label="Tổng diện tích", kind="calculated").url.partition("#")[0]
    page = press(mine, address, "ct:refresh", **{"ct-operation": "+"})
    page = press(mine, address, "save", page, **{"ct-part-0": "footprint_area", "ct-number-1": "1,5"})
    added = field(draft, "2.12")
    assert added["formula"] == {"+": [{"var": "footprint_area"}, 1.5]}
    assert "required" not in added
    assert not editing.problems(draft_form(draft))


def test_questions_are_moved_grouped_and_removed(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft, o="1.2"), "group", group_label="Thửa đất", last="3")
    assert [one["key"] for one in field(draft, "1.2")["fields"]] == ["parcel_number", "map_sheet"]
    press(mine, here(draft, o="1.2.0"), "takeout")
    assert fields(draft, 1)[2:4] == ["thua_dat", "parcel_number"]
    press(mine, here(draft, o="1.3"), "putin", holder="1.2")
    assert [one["key"] for one in field(draft, "1.2")["fields"]] == ["map_sheet", "parcel_number"]
    press(mine, here(draft, o="1.2"), "ungroup")
    press(mine, here(draft, o="1.2"), "move", to_page="0")
    assert fields(draft)[-1] == "map_sheet"
    press(mine, here(draft, o="0.10"), "remove")
    assert "map_sheet" not in json.dumps(draft_form(draft))


def test_the_outline_moves_questions_and_says_where_they_are(mine: Client, draft: VersionDraft) -> None:
    done = press(mine, here(draft), "down:0.0:owner_kind")
    assert "o=0.1" in done.url
    assert "đứng thứ 2 trong 10" in mine.get(done.url.partition("#")[0]).content.decode()


def test_a_page_is_added_changed_and_removed(mine: Client, draft: VersionDraft) -> None:
    done = press(mine, here(draft, o="0.3"), "addpage", title="Người được ủy quyền")
    assert "o=1" in done.url
    press(mine, here(draft, o="1"), "save", help="Chỉ khi có ủy quyền.")
    assert draft_form(draft)["pages"][1] == {
        "key": "nguoi-duoc-uy-quyen", "title": "Người được ủy quyền", "help": "Chỉ khi có ủy quyền.", "fields": []
    }  # fmt: skip
    press(mine, here(draft, o="1"), "remove")
    assert len(draft_form(draft)["pages"]) == 5


def test_the_last_save_can_be_undone(mine: Client, draft: VersionDraft) -> None:
    before = draft_form(draft)
    press(mine, here(draft, o="0"), "remove")
    mine.post(reverse("editor_undo", args=[draft.key]))
    assert draft_form(draft) == before


def test_the_whole_form_can_be_written_by_hand(mine: Client, draft: VersionDraft) -> None:
    assert press(mine, here(draft), "whole", whole='{"pages": 5}').status_code == 200
    assert press(mine, here(draft), "whole", whole="{").status_code == 200
    press(mine, here(draft), "whole", whole='{"version": 2, "pages": [{"key": "a", "title": "A", "fields": [{"kind": "?"}]}]}')
    assert mine.get(here(draft, o="0.0")).status_code == 200
    assert mine.get(reverse("editor_form_preview", args=[draft.key, 0])).status_code == 200


def test_a_form_that_is_no_form_can_be_put_right(mine: Client, draft: VersionDraft, editor: Person) -> None:
    actions.save_draft(draft, editor, {"form": {"pages": [1]}}, draft.revision)
    assert mine.get(here(draft)).status_code == 200
    press(mine, here(draft), "whole", whole='{"version": 1, "pages": []}')
    assert mine.get(here(draft)).status_code == 200


# Several people


def test_two_people_edit_different_questions(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    press(theirs, here(draft, o="0.5"), "save", label="Điện thoại liên lạc")
    assert press(mine, here(draft, o="0.1"), "save", open_page, label="Chủ đầu tư").status_code == 302
    assert (field(draft, "0.1")["label"], field(draft, "0.5")["label"]) == ("Chủ đầu tư", "Điện thoại liên lạc")


def test_a_question_that_others_moved_is_found_again(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    press(theirs, here(draft), "up:0.1:owner_name")
    press(mine, here(draft, o="0.1"), "save", open_page, label="Chủ đầu tư")
    assert field(draft, "0.0")["label"] == "Chủ đầu tư"


def test_the_same_question_is_not_overwritten_unseen(
    mine: Client, theirs: Client, draft: VersionDraft, colleague: Person
) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    press(theirs, here(draft, o="0.1"), "save", label="Của đồng nghiệp")
    page = press(mine, here(draft, o="0.1"), "save", open_page, label="Của tôi")
    assert page.status_code == 409
    text = page.content.decode()
    assert colleague.full_name in text
    assert "Của tôi" in text
    assert "Của đồng nghiệp" in text
    assert field(draft, "0.1")["label"] == "Của đồng nghiệp"
    assert press(mine, here(draft, o="0.1"), "save", page).status_code == 302
    assert field(draft, "0.1")["label"] == "Của tôi"


def test_asking_for_more_inputs_does_not_hide_what_others_did(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    press(theirs, here(draft, o="0.1"), "save", label="Của đồng nghiệp")
    page = press(mine, here(draft, o="0.1"), "dk:add", open_page, label="Của tôi")
    assert press(mine, here(draft, o="0.1"), "save", page).status_code == 409


def test_what_was_typed_for_a_removed_question_is_not_lost(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    press(theirs, here(draft, o="0.1"), "remove")
    page = press(mine, here(draft, o="0.1"), "save", open_page, label="Của tôi")
    assert page.status_code == 409
    assert "Của tôi" in page.content.decode()


def test_a_draft_that_was_handed_on_is_not_changed(mine: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="0.1"))
    VersionDraft.objects.filter(pk=draft.pk).update(state="discarded")
    page = press(mine, here(draft, o="0.1"), "save", open_page, label="Của tôi")
    assert page.status_code == 409
    assert "Của tôi" in page.content.decode()
    assert mine.get(here(draft, o="0.1")).status_code == 200
    assert field(draft, "0.1")["label"] == "Tên chủ đầu tư"


# The preview


def test_the_preview_checks_but_keeps_nothing(mine: Client, draft: VersionDraft) -> None:
    address = reverse("editor_form_preview", args=[draft.key, 1])
    wrong = mine.post(address, {"parcel_area": "vài"})
    assert "govuk-error-message" in wrong.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_preview_supposes_what_other_pages_decide(mine: Client, draft: VersionDraft, editor: Person) -> None:
    form = editing.change(draft.content["form"], (1, 0), {"when": {"==": [{"var": "owner_kind"}, "to-chuc"]}}).form
    actions.save_draft(draft, editor, {"form": form}, draft.revision)
    address = reverse("editor_form_preview", args=[draft.key, 1])
    assert 'name="site_address"' in mine.get(address).content.decode()
    assert 'name="site_address"' not in mine.get(f"{address}?owner_kind=ca-nhan").content.decode()


def test_the_preview_shows_what_is_right_of_a_wrong_form(mine: Client, draft: VersionDraft, editor: Person) -> None:
    form = editing.change(draft.content["form"], (1, 0), {"kind": "?"}).form
    actions.save_draft(draft, editor, {"form": form}, draft.revision)
    text = mine.get(reverse("editor_form_preview", args=[draft.key, 1])).content.decode()
    assert "Tạm bỏ qua 1 câu hỏi" in text
    assert 'name="parcel_number"' in text
