"""Editors work through the pages: what they type is kept, colleagues do not overwrite one another, strangers see nothing."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from identity.people.models import Person
from services.catalogue import actions, package, queries, views
from services.catalogue.models import VersionDraft
from services.editor.preview import preview_of
from tests.services.editor.browsing import send, typed
from tests.services.editor.conftest import CODE, browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edited_city")]
Counter = Callable[[int], AbstractContextManager[object]]

PAGES = ("draft", "facts", "papers", "fees", "eligibility", "check", "changes", "as_seen", "export", "discard")
POSTS = ("propose", "approve", "send_back", "undo", "discard", "reopen")


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def fresh(draft: VersionDraft) -> VersionDraft:
    return queries.draft(draft.key)


def page(name: str, draft: VersionDraft) -> str:
    return reverse(f"editor_{name}", args=[draft.key])


# Who may open what


def every_address(draft: VersionDraft) -> list[tuple[str, str]]:
    lists = [("get", reverse(name)) for name in ("editor", "editor_new", "editor_import")]
    own = [("get", page(name, draft)) for name in PAGES] + [("post", page(name, draft)) for name in POSTS]
    sheets = [("post", page(name, draft)) for name in ("facts", "papers", "fees", "eligibility")]
    procedure = [("get", reverse(f"editor_{name}", args=[CODE])) for name in ("procedure", "retire")]
    procedure += [("post", reverse(f"editor_{name}", args=[CODE])) for name in ("change", "retire", "unretire")]
    versions = [("get", reverse("editor_compare", args=[CODE, 1, 1])), ("get", reverse("editor_export_version", args=[CODE, 1]))]
    others = [("get", reverse("editor_choose", args=[CODE])), ("post", reverse("editor_settle", args=[draft.key, 0]))]
    return [*lists, *own, *sheets, *procedure, *versions, *others]


def test_the_list_of_addresses_leaves_none_out(permit: VersionDraft) -> None:
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("editor")}
    tested = {"editor", "editor_new", "editor_import", "editor_choose", "editor_settle", "editor_compare"}
    tested |= {"editor_export_version", "editor_procedure", "editor_retire", "editor_change", "editor_unretire"}
    tested |= {f"editor_{name}" for name in (*PAGES, *POSTS)}
    elsewhere = ("editor_form", "editor_route", "editor_outcome", "editor_trial", "editor_move")
    assert {name for name in known - tested if not name.startswith(elsewhere)} == set()


def test_residents_learn_nothing_other_officials_are_refused_visitors_sign_in(permit: VersionDraft) -> None:
    resident = browser_of(Person.objects.filter(kind=Person.Kind.RESIDENT)[0])
    clerk = browser_of(Person.objects.get(username="tiepnhan.benthanh"))
    for method, address in every_address(permit):
        assert getattr(resident, method)(address).status_code == 404, address
        assert getattr(clerk, method)(address).status_code == 403, address
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith(reverse("account_login"))
    permit.refresh_from_db()
    assert (permit.revision, permit.state) == (1, VersionDraft.State.EDITING)


def test_editors_find_the_editor_in_the_navigation_and_others_do_not(hers: Client) -> None:
    assert reverse("editor") in text(hers.get(reverse("home")))
    clerk = browser_of(Person.objects.get(username="tiepnhan.benthanh"))
    assert f'href="{reverse("editor")}"' not in text(clerk.get(reverse("home")))


def test_a_draft_that_is_not_there_is_not_found(hers: Client) -> None:
    for name in PAGES:
        assert hers.get(reverse(f"editor_{name}", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404
    assert hers.get(reverse("editor_procedure", args=["9.999999"])).status_code == 404
    assert hers.post(reverse("editor_change", args=["9.999999"])).status_code == 404
    assert hers.get(reverse("editor_compare", args=[CODE, 1, 99])).status_code == 404


@pytest.mark.parametrize(
    ("name", "count"),
    [("draft", 12), ("facts", 12), ("papers", 10), ("fees", 10), ("eligibility", 10), ("check", 14), ("changes", 13)],
)
def test_pages_cost_few_queries(
    name: str, count: int, hers: Client, permit: VersionDraft, django_assert_max_num_queries: Counter
) -> None:
    hers.get(page(name, permit))
    with django_assert_max_num_queries(count):
        assert hers.get(page(name, permit)).status_code == 200


# Lists


def imported(code: str, name: str, **findings: str) -> VersionDraft:
    notes = [{"field": field, "reason": reason} for field, reason in findings.items()]
    given = {**queries.content_of(queries.version_of(CODE)), "name": name}
    return actions.start_draft(None, code, content=given, origin={"file": "ban-ghi.jsonl"}, findings=notes)


def test_drafts_stand_where_something_is_to_be_done_with_them(hers: Client, permit: VersionDraft) -> None:
    imported("9.000001", "Đăng ký khai tử", level="Nhiều cấp.")
    page = text(hers.get(reverse("editor")))
    assert "Cấp giấy phép xây dựng mới" in page
    assert "Đăng ký khai tử" not in page
    page = text(hers.get(reverse("editor") + "?xem=nhap-ve"))
    assert "Đăng ký khai tử" in page
    assert "1 ghi chú khi nhập" in page
    assert text(hers.get(reverse("editor") + "?xem=cho-duyet")).count("Không có gì chờ người thứ hai") == 1


def test_the_list_is_searched_without_marks_in_any_order_and_by_code(hers: Client) -> None:
    imported("9.000001", "Đăng ký khai tử lưu động")
    imported("9.000002", "Cấp bản sao trích lục")
    for asked, found in (("khai tu", 1), ("luu dong dang ky", 1), ("9.0000", 2), ("Trích Lục", 1), ("không có", 0), ("%", 0)):
        page = hers.get(reverse("editor"), {"xem": "nhap-ve", "q": asked})
        assert len(page.context["page"].items) == found, asked
    published = hers.get(reverse("editor"), {"xem": "da-cong-bo", "q": "khai sinh"})
    assert [one.code for one in published.context["page"].items] == ["1.001193"]


def test_the_list_is_narrowed_by_field_of_law_and_ordered(hers: Client) -> None:
    first = imported("9.000001", "Ba")
    second = imported("9.000002", "An")
    VersionDraft.objects.filter(pk=first.pk).update(
        stopping=3, content={**first.content, "domain": {"slug": "dan-toc", "name": "Dân tộc", "position": 1}}
    )
    page = hers.get(reverse("editor"), {"xem": "nhap-ve", "lv": "dan-toc"})
    assert [one.code for one in page.context["page"].items] == [first.code]
    assert "Dân tộc" in text(page)
    for order, codes in (
        ("ten", [second, first]),
        ("ma", [first, second]),
        ("moi", [second, first]),
        ("it-loi", [second, first]),
    ):
        page = hers.get(reverse("editor"), {"xem": "nhap-ve", "xep": order})
        assert [one.pk for one in page.context["page"].items] == [one.pk for one in codes], order


def test_long_lists_have_pages(hers: Client) -> None:
    for number in range(30):
        imported(f"9.{number:06d}", f"Thủ tục {number:02d}")
    first = hers.get(reverse("editor"), {"xem": "nhap-ve", "xep": "ten"})
    following = hers.get(reverse("editor"), {"xem": "nhap-ve", "xep": "ten", "sau": first.context["page"].next_cursor})
    names = [one.name for shown in (first, following) for one in shown.context["page"].items]
    assert names == [f"Thủ tục {number:02d}" for number in range(30)]


@pytest.mark.parametrize("tab", ["dang-soan", "cho-duyet", "da-cong-bo", "nhap-ve"])
def test_a_list_costs_the_same_with_more_in_it(
    tab: str, hers: Client, permit: VersionDraft, django_assert_max_num_queries: Counter
) -> None:
    for number in range(10):
        imported(f"9.{number:06d}", f"Thủ tục {number:02d}")
    hers.get(reverse("editor"))
    with django_assert_max_num_queries(12):
        assert hers.get(reverse("editor"), {"xem": tab}).status_code == 200


def test_htmx_gets_the_list_alone(hers: Client) -> None:
    page = hers.get(reverse("editor"), headers={"HX-Request": "true", "HX-Target": "danh-sach"})
    assert "<html" not in text(page)
    assert "mc-tabs" in text(page)


# Beginning


def test_a_new_procedure_begins_as_a_draft(hers: Client, anh: Person) -> None:
    answer = hers.post(
        reverse("editor_new"),
        {"code": " 9.123456 ", "name": "Thủ tục thử", "domain": "+", "new_domain": "Dân tộc", "level": "ward"},
    )
    draft = queries.open_draft_of("9.123456")
    assert draft is not None
    assert answer.url == page("draft", draft)
    assert draft.content["domain"]["name"] == "Dân tộc"
    assert draft.content["domain"]["slug"] == "dan-toc"
    assert (draft.created_by, draft.content["name"]) == (anh, "Thủ tục thử")
    assert "điểm phải sửa mới công bố được" in text(hers.get(page("draft", draft)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"code": "12"}, "Mã thủ tục có dạng"),
        ({"code": CODE}, "đã có trong danh mục"),
        ({"domain": "+", "new_domain": ""}, "Nhập tên lĩnh vực"),
        ({"name": ""}, "Tên thủ tục"),
    ],
)
def test_what_a_new_procedure_lacks_is_told(hers: Client, given: dict[str, str], told: str) -> None:
    usual = {"code": "9.123456", "name": "Thủ tục thử", "domain": "ho-tich", "level": "ward"}
    answer = hers.post(reverse("editor_new"), {**usual, **given})
    assert answer.status_code == 200
    assert told in text(answer)
    assert not VersionDraft.objects.exists()


def test_changing_a_procedure_opens_the_one_draft_there_is(hers: Client, his: Client) -> None:
    first = hers.post(reverse("editor_change", args=[CODE]))
    second = his.post(reverse("editor_change", args=[CODE]))
    assert first.url == second.url
    assert VersionDraft.objects.count() == 1
    again = hers.post(reverse("editor_new"), {"code": CODE, "name": "Khác", "domain": "ho-tich", "level": "ward"})
    assert first.url in text(again)


def test_export_and_import_bring_the_same_content_back(hers: Client, permit: VersionDraft) -> None:
    exported = hers.get(page("export", permit))
    assert exported.headers["Content-Disposition"].startswith('attachment; filename="thu-tuc-1.013225')
    hers.post(page("discard", permit))
    file = io.BytesIO(exported.content)
    file.name = "xay-dung.json"
    answer = hers.post(reverse("editor_import"), {"file": file})
    draft = queries.open_draft_of(CODE)
    assert draft is not None
    assert answer.url == page("draft", draft)
    assert draft.content == permit.content
    assert draft.origin["file"] == "xay-dung.json"


@pytest.mark.parametrize("body", [b"", b"khong phai json", b"[]", b'{"format": "khac"}', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_procedure_is_refused_whole(hers: Client, body: bytes) -> None:
    file = io.BytesIO(body)
    file.name = "x.json"
    answer = hers.post(reverse("editor_import"), {"file": file})
    assert answer.status_code == 200
    assert "govuk-error-summary" in text(answer)
    assert not VersionDraft.objects.exists()


def test_an_import_says_where_the_file_is_wrong(hers: Client, permit: VersionDraft) -> None:
    packed = package.pack(permit.content)
    raw: dict[str, Any] = json.loads(json.dumps(packed))
    content_key = next(key for key, value in raw.items() if isinstance(value, dict) and "name" in value)
    raw[content_key]["la_lung"] = 1
    file = io.BytesIO(json.dumps(raw).encode())
    file.name = "x.json"
    answer = hers.post(reverse("editor_import"), {"file": file})
    assert answer.status_code == 200
    assert "Tệp có gì sai" in text(answer)


def test_an_import_beside_an_open_draft_is_refused(hers: Client, permit: VersionDraft) -> None:
    file = io.BytesIO(hers.get(page("export", permit)).content)
    file.name = "x.json"
    assert "đã có một bản thảo đang mở" in text(hers.post(reverse("editor_import"), {"file": file}))
    assert VersionDraft.objects.count() == 1


# Editing


def test_a_save_is_kept_and_shown(hers: Client, anh: Person, permit: VersionDraft) -> None:
    answer = send(hers, page("facts", permit), name="Cấp giấy phép xây dựng", life_events=["xay-dung"], minutes_needed="25")
    assert answer.url == page("facts", permit)
    kept = fresh(permit)
    assert kept.content["name"] == "Cấp giấy phép xây dựng"
    assert kept.content["life_events"] == ["xay-dung"]
    assert kept.content["minutes_needed"] == 25
    assert kept.revision == 2
    shown = text(hers.get(answer.url))
    assert "Đã lưu" in shown
    assert f"{anh.full_name} lưu lúc" in shown


def test_saving_twice_at_once_is_saving_once(hers: Client, permit: VersionDraft) -> None:
    sent = typed(hers, page("facts", permit), name="Tên mới")
    assert [hers.post(page("facts", permit), sent).status_code for _time in range(2)] == [302, 302]
    assert fresh(permit).revision == 2


def test_what_cannot_be_understood_is_told_and_nothing_is_lost(hers: Client, permit: VersionDraft) -> None:
    answer = send(hers, page("fees", permit), **{"fees-0-amount": "bảy mươi nghìn", "fees-1-note": "Ghi chú mới"})
    assert answer.status_code == 200
    assert "Ghi số tiền bằng số nguyên đồng" in text(answer)
    assert "bảy mươi nghìn" in text(answer)
    assert "Ghi chú mới" in text(answer)
    assert fresh(permit).revision == 1


def test_what_is_missing_is_kept_and_pointed_at(hers: Client, permit: VersionDraft) -> None:
    send(hers, page("facts", permit), audience="")
    shown = hers.get(page("facts", permit))
    assert 'class="mc-efield mc-efield--found" id="audience"' in text(shown)
    overview = text(hers.get(page("draft", permit)))
    assert f"{page('facts', permit)}#audience" in overview
    assert "1 điểm phải sửa mới công bố được" in overview


def test_every_finding_leads_to_a_place_on_its_page(hers: Client, permit: VersionDraft) -> None:
    broken = {
        "name": "",
        "channels": [{"channel": "online", "time_text": ""}],
        "steps_text": [],
        "fees": [{"key": "le-phi", "label": ""}, {"key": "le-phi", "label": "Hai", "amount": None}],
        "circumstances": [{"key": "a", "label": ""}],
        "documents": [{"key": "giay", "name": "", "circumstances": ["b"]}, {"name": "không khóa"}],
        "eligibility": [{"key": "hoi", "question": ""}],
        "life_events": ["khong-co"],
    }
    actions.save_draft(permit, permit.created_by, broken, 1)
    checked = hers.get(page("check", permit))
    links = [problem["href"] for group in checked.context["groups"] for problem in group["problems"]]
    pages = {name: hers.get(page(name, permit)).content.decode() for name in ("facts", "papers", "fees", "eligibility")}
    mine = [link for link in links if any(link.startswith(page(name, permit)) for name in pages)]
    assert len(mine) >= 10
    for link in mine:
        address, _hash, anchor = link.partition("#")
        (shown,) = [html for name, html in pages.items() if page(name, permit) == address]
        assert f'id="{anchor}"' in shown, link


def test_a_row_is_added_moved_and_removed_without_a_script(hers: Client, permit: VersionDraft) -> None:
    before = [item["key"] for item in permit.content["documents"]]
    answer = send(hers, page("papers", permit), _do="documents:add")
    at = f"documents-{len(before)}"
    assert answer.url == f"{page('papers', permit)}?tai={at}&vua=add#dong-{at}"
    assert f'id="dong-{at}"' in text(hers.get(answer.url))
    send(hers, page("papers", permit), _do=f"documents:up:{len(before)}")
    assert [item["key"] for item in fresh(permit).content["documents"]][-2:] == ["giay-to-1", before[-1]]
    send(hers, page("papers", permit), _do=f"documents:remove:{len(before) - 1}")
    assert "Đã xóa" in text(hers.get(page("papers", permit)))
    assert [item["key"] for item in fresh(permit).content["documents"]] == before


def test_the_last_save_can_be_undone_by_who_made_it(hers: Client, his: Client, permit: VersionDraft) -> None:
    send(hers, page("papers", permit), _do="circumstances:remove:0")
    assert len(fresh(permit).content["circumstances"]) == len(permit.content["circumstances"]) - 1
    assert page("undo", permit) in text(hers.get(page("papers", permit)))
    assert page("undo", permit) not in text(his.get(page("papers", permit)))
    his.post(page("undo", permit))
    assert fresh(permit).revision == 2
    assert hers.post(page("undo", permit), {"ve": "editor_papers"}).url == page("papers", permit)
    assert fresh(permit).content == permit.content
    hers.post(page("undo", permit))
    assert fresh(permit).content == permit.content


def test_undo_does_not_reach_behind_a_colleague(hers: Client, his: Client, permit: VersionDraft) -> None:
    send(hers, page("facts", permit), name="Của Ánh")
    send(his, page("fees", permit), **{"fees-0-note": "Của Khôi"})
    assert page("undo", permit) not in text(hers.get(page("facts", permit)))
    hers.post(page("undo", permit))
    assert fresh(permit).content["name"] == "Của Ánh"


def test_changes_in_different_parts_are_put_together(hers: Client, his: Client, permit: VersionDraft) -> None:
    sent = typed(hers, page("facts", permit), name="Của Ánh")
    send(his, page("fees", permit), **{"fees-0-note": "Của Khôi"})
    assert hers.post(page("facts", permit), sent).status_code == 302
    kept = fresh(permit).content
    assert (kept["name"], kept["fees"][0]["note"]) == ("Của Ánh", "Của Khôi")


def test_changes_in_the_same_part_are_shown_and_not_overwritten(
    hers: Client, his: Client, khoi: Person, permit: VersionDraft
) -> None:
    sent = typed(hers, page("facts", permit), name="Của Ánh", audience="Mọi người")
    send(his, page("facts", permit), name="Của Khôi")
    answer = hers.post(page("facts", permit), sent)
    assert answer.status_code == 409
    shown = text(answer)
    assert "Của Ánh" in shown
    assert "Của Khôi" in shown
    assert "Mọi người" in shown
    assert khoi.full_name in shown
    assert fresh(permit).content["name"] == "Của Khôi"
    over = {**sent, "revision": str(fresh(permit).revision)}
    assert f'name="revision" value="{over["revision"]}"' in shown
    assert hers.post(page("facts", permit), over).status_code == 302
    assert fresh(permit).content["name"] == "Của Ánh"


def test_what_was_typed_is_not_lost_when_the_draft_was_proposed_meanwhile(
    hers: Client, khoi: Person, permit: VersionDraft
) -> None:
    actions.save_draft(permit, khoi, {"name": "Tên khác"}, 1)
    sent = typed(hers, page("facts", permit), audience="Điều tôi vừa gõ")
    actions.propose(fresh(permit), khoi, "Đổi tên")
    answer = hers.post(page("facts", permit), sent)
    assert answer.status_code == 409
    assert "Điều tôi vừa gõ" in text(answer)
    assert fresh(permit).content["audience"] != "Điều tôi vừa gõ"


def test_a_proposed_draft_is_read_and_not_edited(hers: Client, khoi: Person, permit: VersionDraft) -> None:
    actions.save_draft(permit, khoi, {"name": "Tên khác"}, 1)
    actions.propose(fresh(permit), khoi, "Đổi tên")
    for name in ("facts", "papers", "fees", "eligibility"):
        shown = text(hers.get(page(name, permit)))
        assert '<fieldset class="mc-sheet__all" disabled>' in shown
        assert "mc-sheet__save" not in shown


# Fees and questions


def test_the_calculator_charges_what_filing_would(hers: Client, permit: VersionDraft) -> None:
    asked = {"kenh": "online", "truong_hop": "khong-theo-tuyen", "ngay_day": "1", "ngay_month": "2", "ngay_year": "2027"}
    shown = hers.get(page("fees", permit), asked)
    assert [line["label"] for line in shown.context["charged"]] == ["Lệ phí cấp giấy phép xây dựng công trình khác"]
    assert shown.context["total"] == 150000
    assert "01/02/2027" in text(shown)
    wrong = hers.get(page("fees", permit), {**asked, "ngay_month": "13"})
    assert wrong.context["charged"] is None


def test_a_tariff_that_is_not_finished_does_not_break_the_page(hers: Client, permit: VersionDraft) -> None:
    half = [{"key": "a"}, {"label": "b", "amount": "x"}, {"key": "c", "label": "C", "amount": None}, {}]
    actions.save_draft(permit, permit.created_by, {"fees": half, "channels": [], "circumstances": [{}]}, 1)
    for name in PAGES:
        assert hers.get(page(name, permit)).status_code == 200, name


def test_a_question_before_filing_is_added_and_read_as_people_read_it(hers: Client, permit: VersionDraft) -> None:
    send(hers, page("eligibility", permit), _do="eligibility:add")
    question = {
        "eligibility-0-question": "Công trình có ở Thành phố không?",
        "eligibility-0-answer_needed": "yes",
        "eligibility-0-refusal": "Hãy nộp ở tỉnh có công trình.",
        "eligibility-0-stops": "yes",
    }
    send(hers, page("eligibility", permit), **question)
    (kept,) = fresh(permit).content["eligibility"]
    assert kept["key"] == "cong-trinh-co-o-thanh-pho-khong"
    assert kept["answer_needed"] is True
    assert kept["stops"] is True
    assert "Hãy nộp ở tỉnh có công trình." in text(hers.get(page("eligibility", permit))).split("Như người dân đọc")[1]
    assert not [problem for problem in queries.draft_findings(fresh(permit)) if problem.place.startswith("eligibility")]


# Overview and preview


def test_notes_of_an_import_are_ticked_and_stay_readable(hers: Client, anh: Person) -> None:
    draft = imported("9.000001", "Đăng ký", level="Nhiều cấp.", fees="Không rõ mức thu.")
    shown = text(hers.get(page("draft", draft)))
    assert "Nhiều cấp." in shown
    assert hers.post(reverse("editor_settle", args=[draft.key, 0]), {"xong": "1"}).status_code == 302
    kept = fresh(draft)
    assert kept.findings[0]["settled"]["name"] == anh.full_name
    assert kept.revision == draft.revision
    assert f"{anh.full_name} đã xem" in text(hers.get(page("draft", draft)))
    hers.post(reverse("editor_settle", args=[draft.key, 0]), {"xong": "0"})
    assert "settled" not in fresh(draft).findings[0]
    assert hers.post(reverse("editor_settle", args=[draft.key, 9]), {"xong": "1"}).status_code == 404


def test_the_overview_says_who_did_what(hers: Client, his: Client, anh: Person, khoi: Person, permit: VersionDraft) -> None:
    send(hers, page("facts", permit), name="Một")
    send(hers, page("facts", permit), name="Hai")
    send(his, page("fees", permit), **{"fees-0-note": "Ba"})
    history = hers.get(page("draft", permit)).context["history"]
    assert [(line["what"], line["by"], line["times"]) for line in history] == [
        ("saved", khoi, 1),
        ("saved", anh, 2),
        ("started", anh, 1),
    ]


def test_the_preview_shows_the_draft_with_all_that_the_public_page_has(hers: Client, permit: VersionDraft) -> None:
    send(hers, page("facts", permit), name="Cấp giấy phép theo bản thảo")
    shown = hers.get(page("as_seen", permit))
    assert "Cấp giấy phép theo bản thảo" in text(shown)
    assert "Đây là bản xem trước" in text(shown)
    send(hers, page("facts", permit), audience="")
    assert "Sửa xong những điểm sau" in text(hers.get(page("as_seen", permit)))


def test_the_preview_gives_the_public_page_all_it_asks_for(permit: VersionDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []

    def render(_request: object, _template: str, context: dict[str, Any]) -> HttpResponse:
        given.append(context)
        return HttpResponse()

    monkeypatch.setattr(views, "render", render)
    Client().get(reverse("procedure", args=[CODE]))
    previewed = preview_of(permit.content)
    assert previewed is not None
    assert set(previewed) == set(given[0])


def test_a_discarded_draft_can_be_taken_up_again(hers: Client, permit: VersionDraft) -> None:
    assert hers.get(page("discard", permit)).status_code == 200
    assert fresh(permit).state == VersionDraft.State.EDITING
    assert hers.post(page("discard", permit)).url == reverse("editor_procedure", args=[CODE])
    assert fresh(permit).state == VersionDraft.State.DISCARDED
    assert page("reopen", permit) in text(hers.get(page("draft", permit)))
    hers.post(page("reopen", permit))
    assert fresh(permit).state == VersionDraft.State.EDITING
