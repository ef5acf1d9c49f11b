"""A page with its script: it hides what is not asked, calculates while somebody types, and the server then says the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from services.forms.build import form_class
from tests.services.forms.forms import definition, field, var

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCRIPT = settings.BASE_DIR / "static" / "build" / "filing.js"
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not SCRIPT.exists(), reason="the front end is not built")]

FORM = definition(
    field("yes_no", "agent"),
    field("text", "agent_name", when=var("agent")),
    field("text", "agent_job", when={"!=": [var("agent_name"), None]}),
    field("money", "price", units=True),
    field("percentage", "share"),
    field("calculated", "part", formula={"/": [{"*": [var("price"), var("share")]}, 100]}, format="money"),
    field("text", "why", when={">": [var("part"), 1_000_000_000]}),
    field("area", "land"),
    field("calculated", "double", formula={"*": [var("land"), 2]}, unit="m²", decimals=1),
    field("date", "born"),
    field("date", "died", required=False),
    field("calculated", "age", formula={"years": [var("born"), var("died")]}),
    field("calculated", "later", formula={"day_after": [var("born"), 30]}, format="date"),
    field("calculated", "grown", formula={">=": [var("age"), 18]}, format="yes_no"),
    field(
        "table",
        "goods",
        min=2,
        fields=[
            field("number", "count", decimals=1),
            field("money", "each"),
            field("calculated", "line", formula={"*": [var("count"), var("each")]}, format="money"),
        ],
    ),
    field("calculated", "total", formula={"sum": [var("goods.line")]}, format="money"),
    field("calculated", "rows", formula={"count": [var("goods")]}),
)
TYPED = {
    "price-amount": "3,5",
    "share": "50",
    "land-amount": "1,25",
    "born_day": "1",
    "born_month": "3",
    "born_year": "1990",
    "died_day": "28",
    "died_month": "2",
    "died_year": "2026",
    "goods-0-count": "2,5",
    "goods-0-each": "10.000",
    "goods-1-count": "1",
    "goods-1-each": "500",
}
CHOSEN = {"price-unit": "ty", "land-unit": "ha"}


@pytest.fixture
def page(browser: "Browser", settings: Any) -> Iterator["Page"]:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    opened = browser.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.set_content(f'<body><form method="post">{form_class(FORM, "trang-1", {})()}</form><p id="mc-announcer"></p></body>')
    opened.add_script_tag(path=str(SCRIPT), type="module")
    opened.wait_for_selector("[data-mc-logic][data-mc-ready]", state="attached")
    yield opened
    opened.close()
    assert wrong == []


def outputs(page: "Page") -> dict[str, str]:
    script = (
        "() => Object.fromEntries([...document.querySelectorAll('output')].map((one) => [one.dataset.mcOutput, one.textContent]))"
    )
    found: dict[str, str] = page.evaluate(script)
    return found


def fill_in(page: "Page") -> None:
    for name, value in CHOSEN.items():
        page.select_option(f"select[name={name}]", value)
    for name, value in TYPED.items():
        page.fill(f"input[name={name}]", value)
    page.locator("input[name=share]").dispatch_event("change")


def test_questions_come_and_go_with_the_answers(page: "Page") -> None:
    assert not page.is_visible("input[name=agent_name]")
    assert not page.is_visible("input[name=agent_job]")
    page.check("input[name=agent][value=yes]")
    page.fill("input[name=agent_name]", "Lê B")
    assert page.is_visible("input[name=agent_job]")
    # The name is not asked any more, so nothing hangs on it either.
    page.check("input[name=agent][value=no]")
    assert not page.is_visible("input[name=agent_name]")
    assert not page.is_visible("input[name=agent_job]")


def test_values_are_calculated_while_somebody_types(page: "Page") -> None:
    assert set(outputs(page).values()) == {"Tự tính từ các câu trả lời khác", "0 đồng", "0"}
    assert not page.is_visible("input[name=why]")
    fill_in(page)
    assert outputs(page) == {
        "part": "1.750.000.000 đồng",
        "double": "25.000 m²",
        "age": "35",
        "later": "31/03/1990",
        "grown": "Có",
        "goods-0-line": "25.000 đồng",
        "goods-1-line": "500 đồng",
        "total": "25.500 đồng",
        "rows": "2",
    }
    assert page.is_visible("input[name=why]")


def test_the_server_says_the_same(page: "Page") -> None:
    fill_in(page)
    shown = outputs(page)
    form = form_class(FORM, "trang-1", {})({**TYPED, **CHOSEN, "agent": "no", "why": "Vì thế", "goods-rows": "2"})
    assert form.is_valid(), form.errors
    page.set_content(f"<body>{form}</body>")
    assert outputs(page) == shown
