"""Editors build a route with buttons alone and see its hours, its people and its picture."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.offices.models import Post
from identity.people.models import Person
from services.catalogue import actions
from services.catalogue.models import RouteTemplate, VersionDraft
from services.editor import route_editing as editing
from services.editor.route_queries import common_name
from tests.portal.markup import sound
from tests.services.editor.builder.page import press
from tests.services.editor.builder.test_form_pages import balanced

pytestmark = pytest.mark.django_db
QUERIES = 15


def here(draft: VersionDraft, **query: Any) -> str:
    address = reverse("editor_route", args=[draft.key])
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def steps(draft: VersionDraft) -> list[dict[str, Any]]:
    draft.refresh_from_db()
    found: list[dict[str, Any]] = draft.content["route"]
    return found


def order(draft: VersionDraft) -> str:
    kept = steps(draft)
    return " ".join("+".join(kept[index]["key"] for index in block) for block in editing.blocks(kept))


START = "tiep-nhan phan-cong tham-dinh+lay-y-kien du-thao ky dong-dau tra-ket-qua"


@pytest.mark.parametrize(
    "query", [{}, {"o": "0"}, {"o": "2"}, {"o": "route.lay-y-kien.office"}, {"them": "2"}, {"them": ""}, {"mau": ""}]
)
def test_every_page_of_the_route_is_sound(mine: Client, draft: VersionDraft, query: dict[str, str]) -> None:
    page = mine.get(here(draft, **query))
    assert page.status_code == 200
    html = page.content.decode()
    html = balanced(html[html.index('<div id="soan"') :])
    before, _figure, after = html.partition("<figure")
    sound(before + after.partition("</figure>")[2])


def test_a_finding_leads_to_its_step(mine: Client, draft: VersionDraft) -> None:
    page = mine.get(here(draft, o="route.lay-y-kien.when")).content.decode()
    assert 'name="was" value="lay-y-kien"' in page


def test_the_page_costs_the_same_for_any_number_of_steps(
    mine: Client, draft: VersionDraft, editor: Person, django_assert_num_queries: Any
) -> None:
    mine.get(here(draft, o="1"))
    with django_assert_num_queries(QUERIES):
        mine.get(here(draft, o="1"))
    longer = draft.content["route"]
    for _n in range(6):
        longer = editing.duplicate(longer, 1).route
    actions.save_draft(draft, editor, {"route": longer}, draft.revision)
    with django_assert_num_queries(QUERIES):
        mine.get(here(draft, o="1"))


def test_hours_stand_against_every_limit(mine: Client, draft: VersionDraft) -> None:
    page = mine.get(here(draft)).content.decode()
    assert "Tổng thời gian các bước: 80 giờ" in page
    assert "Còn 26,7 giờ" in page, "20 calendar days"
    assert "Sát hạn: còn 0 giờ" in page, "15 calendar days of the circumstance"
    press(mine, here(draft, o="1"), "save", hours="5")
    assert "Vượt 1 giờ" in mine.get(here(draft)).content.decode()


def test_people_who_could_do_a_step_are_counted(mine: Client, draft: VersionDraft) -> None:
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in mine.get(here(draft)).content.decode()
    wards = Post.objects.filter(office__function="economy", powers__contains=["lead"])
    count = wards.count()
    assert f"{count} người tại {count} nơi" in mine.get(here(draft)).content.decode()
    first = wards[0]
    first.powers = ["process"]
    first.save()
    assert f"{count - 1} người tại {count} nơi; 1 nơi chưa có ai" in mine.get(here(draft)).content.decode()


def test_the_picture_has_every_step_and_says_what_it_shows(mine: Client, draft: VersionDraft) -> None:
    page = mine.get(here(draft)).content.decode()
    picture = page[page.index("<figure") : page.index("</figure>")]
    assert picture.count('class="mc-route__step') == 2 * 8
    assert "style=" not in picture
    assert picture.count("<title") == picture.count("<desc") == 2
    assert "Tiếp nhận, kiểm tra hồ sơ và hẹn trả kết quả (Trung tâm Phục vụ hành chính công)" in picture


def test_a_step_is_added_after_those_side_by_side(mine: Client, draft: VersionDraft) -> None:
    done = press(mine, here(draft, them="2"), "add", title="Họp hội đồng", kind="consult")
    assert "o=4" in done.url
    assert order(draft) == START.replace("du-thao", "hop-hoi-dong du-thao")
    assert press(mine, here(draft, them="2"), "add", title=" ").status_code == 200


def test_saving_what_is_there_changes_nothing(mine: Client, draft: VersionDraft) -> None:
    before = steps(draft)
    for index in range(8):
        press(mine, here(draft, o=index), "save")
    assert (steps(draft), draft.revision) == (before, 1)


def test_every_way_to_say_an_office_can_be_chosen(mine: Client, draft: VersionDraft) -> None:
    for typed, ref in (
        ({"office": "code", "code": "H29.12.04"}, {"code": "H29.12.04"}),
        (
            {"office": "answer", "answer": "site_ward", "answer_function": "economy"},
            {"answer": "site_ward", "function": "economy"},
        ),
        ({"office": "answer_code", "answer_code": "work_type"}, {"answer_code": "work_type"}),
        ({"office": "parent", "parent_function": "registry"}, {"parent": True, "function": "registry"}),
        ({"office": "function", "function": "justice"}, {"function": "justice"}),
    ):
        press(mine, here(draft, o="4"), "save", **typed)
        assert steps(draft)[4]["office"] == ref
    assert press(mine, here(draft, o="4"), "save", office="code", code="").status_code == 200


@pytest.mark.parametrize("typed", [{"hours": "vài"}, {"hours": "-1"}, {"title": ""}, {"key": "ky"}, {"key": "A b"}])
def test_what_cannot_be_read_is_said_and_stays_on_the_page(mine: Client, draft: VersionDraft, typed: dict[str, str]) -> None:
    page = press(mine, here(draft, o="1"), "save", **typed)
    assert page.status_code == 200
    assert "govuk-error-message" in page.content.decode()
    assert draft.revision == 1


def test_a_step_runs_beside_others_and_apart_again(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft, o="4"), "beside")
    assert order(draft) == START.replace("lay-y-kien du-thao", "lay-y-kien+du-thao")
    press(mine, here(draft, o="3"), "apart")
    assert order(draft) == START.replace("tham-dinh+lay-y-kien du-thao", "tham-dinh+du-thao lay-y-kien")


def test_steps_are_moved_copied_and_removed(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft), "down:1:phan-cong")
    assert order(draft) == START.replace("phan-cong tham-dinh+lay-y-kien", "tham-dinh+lay-y-kien phan-cong")
    press(mine, here(draft, o="3"), "copy")
    press(mine, here(draft, o="3"), "remove")
    assert order(draft) == START.replace("phan-cong tham-dinh+lay-y-kien", "tham-dinh+lay-y-kien phan-cong-chuyen-vien-thu-ly")


def test_a_step_is_taken_under_a_condition(mine: Client, draft: VersionDraft) -> None:
    address = here(draft, o="4")
    page = press(mine, address, "dk:add")
    page = press(mine, address, "dk:refresh", page, **{"dk-0-0-name": "floor_area"})
    press(mine, address, "save", page, **{"dk-0-0-relation": ">", "dk-0-0-value": "250"})
    assert steps(draft)[4]["when"] == {">": [{"var": "floor_area"}, 250]}
    assert "Chỉ khi: Tổng diện tích sàn lớn hơn 250 m²" in mine.get(here(draft)).content.decode()


def test_a_step_of_every_case_has_no_condition(mine: Client, draft: VersionDraft) -> None:
    assert 'id="dieu-kien"' not in mine.get(here(draft, o="0")).content.decode()


def test_steps_are_taken_from_a_model_decision(mine: Client, draft: VersionDraft) -> None:
    taken = [{**step, "hours": 1} for step in steps(draft) if step["key"] != "du-thao"]
    model = RouteTemplate.objects.create(
        digest="0" * 64, name="Cấp phép nhà ở mẫu", province="Tỉnh Mẫu", decision="1/QĐ", codes=["1.013225"], steps=taken
    )
    assert "Cấp phép nhà ở mẫu" in mine.get(here(draft, mau="")).content.decode()
    assert "Cấp phép nhà ở mẫu" not in mine.get(here(draft, mau="hộ tịch")).content.decode()
    press(mine, here(draft, mau="nhà", xem=model.pk), "take")
    assert steps(draft) == taken


def test_two_people_edit_different_steps(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="1"))
    press(theirs, here(draft, o="4"), "save", title="Dự thảo")
    assert press(mine, here(draft, o="1"), "save", open_page, title="Phân công").status_code == 302
    assert [steps(draft)[n]["title"] for n in (1, 4)] == ["Phân công", "Dự thảo"]


def test_the_same_step_is_not_overwritten_unseen(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft, o="1"))
    press(theirs, here(draft, o="1"), "save", title="Của đồng nghiệp")
    page = press(mine, here(draft, o="1"), "save", open_page, title="Của tôi")
    assert page.status_code == 409
    assert "Của tôi" in page.content.decode()
    assert steps(draft)[1]["title"] == "Của đồng nghiệp"


def test_a_route_of_anything_can_be_opened(mine: Client, draft: VersionDraft, editor: Person) -> None:
    strange: list[dict[str, Any]] = [
        {},
        {"key": 5, "kind": "?", "office": "?", "hours": "?", "group": 3, "when": {"?": 1}, "title": None},
    ]
    actions.save_draft(draft, editor, {"route": strange, "form": {}, "circumstances": [{"limit": 5}]}, draft.revision)
    for query in ({}, {"o": "0"}, {"o": "1"}, {"them": "1"}):
        assert mine.get(here(draft, **query)).status_code == 200


@pytest.mark.parametrize(
    ("names", "common"),
    [
        ([], ""),
        (["Sở Xây dựng"], "Sở Xây dựng"),
        (["Bộ phận Tư pháp – Hộ tịch Phường Xuân Hòa", "Bộ phận Tư pháp – Hộ tịch Phường Thủ Đức"], "Bộ phận Tư pháp – Hộ tịch"),
        (["Trung tâm Phục vụ Phường A", "Trung tâm Phục vụ Xã B", "Bộ phận Một cửa"], "Trung tâm Phục vụ"),
    ],
)
def test_units_are_called_by_what_their_names_have_in_common(names: list[str], common: str) -> None:
    assert common_name(names) == common
