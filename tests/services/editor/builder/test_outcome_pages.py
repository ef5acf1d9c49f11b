"""Editors write the outcome with names in braces, are told which are wrong, and read it in a made-up case."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from services.catalogue import actions
from services.catalogue.models import VersionDraft
from services.editor import outcome_editing as editing
from services.editor.outcome_editing import Piece, Unknown
from tests.portal.markup import sound
from tests.services.editor.builder.page import press
from tests.services.editor.builder.test_form_pages import balanced

QUERIES = 12


def here(draft: VersionDraft) -> str:
    return reverse("editor_outcome", args=[draft.key])


def kept(draft: VersionDraft) -> dict[str, Any]:
    draft.refresh_from_db()
    found: dict[str, Any] = draft.content["outcome"]
    return found


@pytest.mark.django_db
def test_the_page_is_sound_and_shows_the_outcome_of_a_made_up_case(
    mine: Client, draft: VersionDraft, django_assert_num_queries: Any
) -> None:
    mine.get(here(draft))
    with django_assert_num_queries(QUERIES):
        page = mine.get(here(draft))
    html = page.content.decode()
    sound(balanced(html[html.index('<div id="soan"') :]))
    assert "<mark" in html
    assert "{case_number}" in html
    assert 'title="site_ward"' in html


@pytest.mark.django_db
def test_saving_what_is_there_changes_nothing(mine: Client, draft: VersionDraft) -> None:
    before = kept(draft)
    press(mine, here(draft), "save")
    assert (kept(draft), draft.revision) == (before, 1)


@pytest.mark.django_db
def test_the_template_is_kept(mine: Client, draft: VersionDraft) -> None:
    press(
        mine,
        here(draft),
        "save",
        title="QUYẾT ĐỊNH",
        layout="decision",
        basis="Căn cứ một;\r\n\r\n  Căn cứ hai;\r\n",
        articles="Điều một\r\ncòn nữa\r\n \r\nĐiều hai",
        **{"rows-0-text": "{site_address}"},
    )
    now = kept(draft)
    assert (now["title"], now["layout"], now["basis"]) == ("QUYẾT ĐỊNH", "decision", ["Căn cứ một;", "Căn cứ hai;"])
    assert now["articles"] == ["Điều một\ncòn nữa", "Điều hai"]
    assert now["rows"][0] == ["Địa điểm xây dựng", "{site_address}"]
    assert "Điều 1." in mine.get(here(draft)).content.decode()


@pytest.mark.django_db
def test_a_name_that_nothing_fills_is_told_at_its_place(mine: Client, draft: VersionDraft) -> None:
    press(mine, here(draft), "save", summary="Cho {ower_name}")
    page = mine.get(here(draft)).content.decode()
    assert "Không có gì điền vào “ower_name”. Có phải là “owner_name”?" in page


@pytest.mark.django_db
def test_rows_are_added_moved_and_removed(mine: Client, draft: VersionDraft) -> None:
    count = len(kept(draft)["rows"])
    page = press(mine, here(draft), "rows:add")
    page = press(mine, here(draft), f"rows:up:{count}", page, **{f"rows-{count}-label": "Mới", f"rows-{count}-text": "{cost}"})
    page = press(mine, here(draft), "rows:remove:0", page)
    assert kept(draft)["rows"][0][0] == "Địa điểm xây dựng", "nothing is kept before it is saved"
    press(mine, here(draft), "save", page)
    rows = kept(draft)["rows"]
    assert (rows[0][0], rows[-2], len(rows)) == ("Thửa đất, tờ bản đồ", ["Mới", "{cost}"], count)


@pytest.mark.django_db
def test_what_a_colleague_wrote_is_not_overwritten_unseen(mine: Client, theirs: Client, draft: VersionDraft) -> None:
    open_page = mine.get(here(draft))
    press(theirs, here(draft), "save", title="CỦA ĐỒNG NGHIỆP")
    page = press(mine, here(draft), "save", open_page, title="CỦA TÔI")
    assert page.status_code == 409
    assert "CỦA TÔI" in page.content.decode()
    assert kept(draft)["title"] == "CỦA ĐỒNG NGHIỆP"
    assert press(mine, here(draft), "save", page).status_code == 302
    assert kept(draft)["title"] == "CỦA TÔI"


@pytest.mark.django_db
def test_an_outcome_of_anything_can_be_opened(mine: Client, draft: VersionDraft, editor: Person) -> None:
    strange = {
        "title": 5,
        "rows": [1, ["a"], ["a", 2]],
        "basis": "x",
        "paragraphs": [None],
        "articles": {},
        "recipients": 7,
        "layout": [],
    }
    actions.save_draft(draft, editor, {"outcome": strange, "form": {"pages": 3}}, draft.revision)
    assert mine.get(here(draft)).status_code == 200


# The rules


def test_texts_are_written_and_read_again() -> None:
    paragraphs = ["Một", "Hai\nba"]
    assert editing.read("paragraphs", editing.written("paragraphs", paragraphs)) == paragraphs
    lines = ["Một", "Hai"]
    assert editing.read("basis", editing.written("basis", lines)) == lines


def test_a_text_is_cut_at_its_placeholders() -> None:
    assert editing.pieces("Cấp cho {name}, {nobody}.", {"name": "An"}) == [
        Piece("Cấp cho "),
        Piece("An", "name"),
        Piece(", "),
        Piece("……", "nobody", True),
        Piece("."),
    ]


def test_unknown_names_are_found_with_what_was_meant() -> None:
    assert editing.unknown("{owner name} {owner_name} {x} {x}", {"owner_name"}) == [
        Unknown("owner name", "owner_name"),
        Unknown("x"),
    ]
