from pathlib import Path

from django.conf import settings

from services.forms.definition import KINDS

PAGE = Path(settings.BASE_DIR) / "docs" / "rules" / "forms.md"


def table() -> str:
    """The kinds as the page shows them."""
    lines = ["| kind | asks for | options | kept as |", "|---|---|---|---|"]
    for kind, facts in KINDS.items():
        options = ", ".join(f"`{name}`" for name in facts.options) or "–"
        lines.append(f"| `{kind.value}` | {facts.purpose} | {options} | {facts.answer} |")
    return "\n".join(lines)


def test_the_page_shows_every_kind() -> None:
    shown = PAGE.read_text("utf-8").partition("<!-- kinds -->\n")[2].partition("<!-- /kinds -->")[0].strip()
    assert shown == table()
