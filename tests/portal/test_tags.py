from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.templatetags import portal as tags

MOMENT = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


@pytest.fixture
def _vietnamese() -> Any:
    with translation.override("vi"):
        yield


@pytest.mark.usefixtures("_vietnamese")
class TestVietnamese:
    @pytest.mark.parametrize(
        ("value", "text"), [(75000, "75.000 đồng"), (0, "0 đồng"), (1234567890, "1.234.567.890 đồng"), (None, ""), ("", "")]
    )
    def test_money(self, value: Any, text: str) -> None:
        assert tags.dong(value) == text

    def test_moments_are_told_on_a_vietnamese_clock(self) -> None:
        assert tags.local_datetime(MOMENT) == "14:30, thứ Năm 26/11/2026"
        assert tags.short_datetime(MOMENT) == "14:30 26/11/2026"
        assert tags.local_date(datetime(2026, 11, 26, 18, 0, tzinfo=UTC)) == "27/11/2026"
        assert tags.long_date(date(2026, 11, 29)) == "Chủ nhật, 29/11/2026"

    @pytest.mark.parametrize(
        ("minutes", "text"),
        [
            (0, "0 phút làm việc"),
            (45, "45 phút làm việc"),
            (170, "2 giờ 50 phút làm việc"),
            (480, "1 ngày làm việc"),
            (1140, "2 ngày 3 giờ làm việc"),
            (1150, "2 ngày 3 giờ làm việc"),
            (-700, "1 ngày 3 giờ làm việc"),
            (None, ""),
        ],
    )
    def test_working_time(self, minutes: Any, text: str) -> None:
        assert tags.hours(minutes) == text

    @pytest.mark.parametrize(
        ("size", "text"),
        [(0, "0 B"), (999, "999 B"), (1000, "1,0 KB"), (1438221, "1,4 MB"), (20_000_000, "20 MB"), (5e12, "5000 GB")],
    )
    def test_file_size(self, size: Any, text: str) -> None:
        assert tags.file_size(size) == text


class TestEnglish:
    def test_dates(self) -> None:
        assert tags.local_datetime(MOMENT) == "14:30, Thursday 26 November 2026"
        assert tags.local_date(date(2026, 1, 2)) == "2 January 2026"
        assert tags.long_date(date(2026, 1, 2)) == "Friday 2 January 2026"

    def test_numbers(self) -> None:
        assert tags.dong(75000) == "75,000 đồng"
        assert tags.hours(481) == "1 day of working time"
        assert tags.file_size(1438221) == "1.4 MB"


@pytest.mark.parametrize("empty", [None, ""])
def test_nothing_is_printed_for_nothing(empty: Any) -> None:
    for show in (tags.local_date, tags.local_datetime, tags.long_date, tags.short_datetime, tags.iso, tags.hours, tags.grouped):
        assert show(empty) == ""


@given(st.text(alphabet="0123456789", max_size=14))
def test_at_most_four_characters_of_a_number_are_shown(number: str) -> None:
    masked = tags.mask(number)
    assert len(masked) == len(number)
    assert sum(character != "*" for character in masked) == (4 if len(number) > 4 else 0)


def test_mask_and_code() -> None:
    assert tags.mask("079190001234") == "********1234"
    assert tags.mask(None) == ""
    assert tags.code_spaced("ABCD-1234EF") == "ABCD 1234 EF"


def render(source: str, path: str = "/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return Template(source).render(RequestContext(request, context))


class TestQuery:
    def test_replaces_and_removes_and_keeps_the_rest(self) -> None:
        with translation.override("vi"):
            html = render("{% query sau='x y' tab=None %}", "/?tab=mine&q=a%26b&q=c&sau=old")
        assert html == "?q=a%26b&amp;q=c&amp;sau=x+y"

    def test_of_nothing_is_an_address_all_the_same(self) -> None:
        assert render("{% query tab=None %}", "/?tab=1") == "?"
        assert Template("{% query a=1 %}").render(Context()) == ""


def test_icon_is_hidden_unless_it_has_a_title() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'check' %}")
    assert 'role="img" aria-label="Xong"' in render("{% icon 'check' title='Xong' %}")
    assert "icons.svg#check" in render("{% icon 'check' %}")


def test_every_icon_that_is_asked_for_is_in_the_sprite(settings: Any) -> None:
    import re

    sprite = (settings.BASE_DIR / "static" / "src" / "icons.svg").read_text()
    there = set(re.findall(r'id="([a-z-]+)"', sprite))
    asked = {name for _, name in tags.DOMAIN_ICONS} | {"file"}
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        asked |= set(re.findall(r'\{% icon "([^"]+)"', template.read_text()))
    assert asked <= there, asked - there


@pytest.mark.parametrize(
    ("slug", "picture"),
    [("ho-tich", "family"), ("hoat-dong-xay-dung", "construction"), ("dat-dai", "land"), ("khac", "file"), (None, "file")],
)
def test_a_field_of_law_has_a_picture(slug: str | None, picture: str) -> None:
    assert f"#{picture}" in tags.domain_icon(slug)


def test_state_tag_takes_a_case_a_state_or_a_code() -> None:
    case = SimpleNamespace(state=4, get_state_display=lambda: "Đang <xử lý>")
    assert tags.state_tag(case) == '<strong class="mc-tag mc-tag--state-4">Đang &lt;xử lý&gt;</strong>'
    assert "state-9" in tags.state_tag(9, "Xong")


def test_current_page_is_marked_in_the_navigation() -> None:
    request = RequestFactory().get("/")
    request.resolver_match = SimpleNamespace(url_name="file_page")  # type: ignore[assignment]
    marked = Template("{% current 'procedures' 'file_*' %}|{% current 'file' %}").render(Context({"request": request}))
    assert marked == ' aria-current="true"|'
