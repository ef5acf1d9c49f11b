"""The page of the rule shows what the code says."""

from pathlib import Path

from django.conf import settings

from services.cases.routing import POWER_OF_KIND, Kind
from services.catalogue.shapes import KINDS, SHAPES

PAGE = Path(settings.BASE_DIR) / "docs" / "rules" / "catalogue.md"


def shown(name: str) -> str:
    """The part of the page between its marks."""
    return PAGE.read_text("utf-8").partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0].strip()


def test_the_page_shows_every_shape() -> None:
    for column, keys in SHAPES.items():
        rows = [f"| `{key}` | {meaning} |" for key, meaning in keys.items()]
        assert shown(column) == "\n".join(["| entry | holds |", "|---|---|", *rows])


def test_the_page_shows_every_kind_of_step() -> None:
    rows = [f"| `{kind}` | `{POWER_OF_KIND[Kind(kind)]}` |" for kind in KINDS]
    assert shown("kinds") == "\n".join(["| kind | power needed at the office |", "|---|---|", *rows])
