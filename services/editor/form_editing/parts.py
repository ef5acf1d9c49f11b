"""RULE: the parts of a raw form: pages, questions, groups, and how they are found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.forms.kinds import REPEATING

Form = dict[str, Any]
Path = tuple[int, ...]
"""(page,), (page, question) or (page, group, question of the group), counted from 0."""

PLACE = re.compile(r"/pages/([0-9]+)(?:/fields/([0-9]+)(?:/fields/([0-9]+))?)?(?:/(.*))?")


def _(text: str) -> str:
    """Marks a message for translation; it is translated where it is shown."""
    return text


GONE = _("What was to be changed is no longer there.")


class Impossible(Exception):
    """The operation makes no sense there; the message is a translatable text."""


def well_shaped(form: object) -> bool:
    """Whether the editor can work on it: pages, questions and questions of groups are lists of objects."""
    if not isinstance(form, Mapping) or not _objects(form.get("pages")):
        return False
    return all(_fields_shaped(page.get("fields", []), nested=True) for page in form["pages"])


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _fields_shaped(value: object, nested: bool) -> bool:
    if not isinstance(value, list) or not _objects(value):
        return False
    return all("fields" not in one or (nested and _fields_shaped(one["fields"], nested=False)) for one in value)


def path_of(text: str) -> Path:
    """`0.3` -> (0, 3); empty for what is no path."""
    return tuple(int(part) for part in text.split(".")) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}", text) else ()


def path_text(path: Path) -> str:
    """(0, 3) -> `0.3`."""
    return ".".join(map(str, path))


def place_of(pointer: str) -> tuple[Path, str]:
    """Where a problem is, from its JSON pointer: the path and the option (`/pages/0/fields/2/when` -> (0, 2), `when`)."""
    match = PLACE.fullmatch(pointer)
    if not match:
        return (), pointer.strip("/")
    return tuple(int(part) for part in match.groups()[:3] if part is not None), match[4] or ""


def pointer_of(path: Path) -> str:
    """The JSON pointer of an item: (0, 2) -> `/pages/0/fields/2`."""
    return "".join(f"/{'fields' if depth else 'pages'}/{index}" for depth, index in enumerate(path))


def at(form: Mapping[str, Any], path: Path) -> Any:
    """The page or question there. Raises Impossible where there is none."""
    if not 1 <= len(path) <= 3:
        raise Impossible(GONE)
    item: Any = form
    for depth, index in enumerate(path):
        items = item.get("fields" if depth else "pages") or []
        if not 0 <= index < len(items):
            raise Impossible(GONE)
        item = items[index]
    return item


def siblings(form: Mapping[str, Any], path: Path) -> Sequence[Mapping[str, Any]]:
    """What stands in the same page or group, the item included."""
    return (at(form, path[:-1]).get("fields") or []) if len(path) > 1 else form["pages"]


def list_at(made: Form, path: Path) -> list[Any]:
    """The list in which `path` is or will be, to be changed."""
    if len(path) == 1:
        return made["pages"]  # type: ignore[no-any-return]
    holder = at(made, path[:-1])
    if len(path) == 3 and not is_group(holder):
        raise Impossible(_("Questions can be put into a group or a table only."))
    return holder.setdefault("fields", [])  # type: ignore[no-any-return]


def is_group(field: Mapping[str, Any]) -> bool:
    """Whether the field holds other questions: a group, a table."""
    return "fields" in field or field.get("kind") in REPEATING


def walk(form: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Every page and question with its path, in reading order."""
    for n, page in enumerate(form["pages"]):
        yield (n,), page
        for m, one in enumerate(page.get("fields") or []):
            yield (n, m), one
            for k, inner in enumerate(one.get("fields") or []):
                yield (n, m, k), inner


def fields_of(form: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Every question with its path."""
    return ((path, one) for path, one in walk(form) if len(path) > 1)


def said(text: object) -> str:
    """The Vietnamese of a text of a definition."""
    if isinstance(text, Mapping):
        text = text.get("vi")
    return text if isinstance(text, str) else ""
