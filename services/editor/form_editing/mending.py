"""RULE: what can be shown of a form that is not right yet, and what a condition may ask about."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.editor.form_editing.keys import free
from services.editor.form_editing.parts import Form, Impossible, Path, at, is_group, place_of, said, walk
from services.forms.definition import Definition, InvalidDefinition, Problem, parse
from services.forms.kinds import OUTSIDE_GROUPS, PAGE_KEY, RESERVED_PAGES


@dataclass(frozen=True, slots=True)
class Mended:
    """What can be shown of a form that is not right: the definition, where each of its pages stood, and what was left out."""

    definition: Definition | None
    pages: Mapping[int, str]
    """Index of a page in the form -> its key in the definition."""
    left_out: frozenset[Path]


def problems(form: object) -> list[Problem]:
    """Everything that is wrong with the form."""
    try:
        parse(form)
    except InvalidDefinition as invalid:
        return invalid.problems
    return []


def mended(form: Form) -> Mended:
    """The form without what is wrong in it, so that the rest can be seen already. Conditions go first, then questions."""
    made = deepcopy(form)
    stamps: dict[int, Path] = {id(item): path for path, item in walk(made)}
    for _round in range(8):
        found = problems(made)
        if not found:
            break
        _mend(made, found)
        _prune(made)
    left = {id(item) for _path, item in walk(made)}
    gone = {path for stamp, path in stamps.items() if stamp not in left}
    try:
        definition = parse(made)
    except InvalidDefinition:
        return Mended(None, {}, frozenset(gone))
    pages = {stamps[id(page)][0]: page["key"] for page in made["pages"]}
    return Mended(definition, pages, frozenset(gone))


def _mend(made: Form, found: Sequence[Problem]) -> None:
    """Takes away what the problems are about. Paths hold until the end: only then are items removed."""
    doomed: set[int] = set()
    for problem in found:
        path, option = place_of(problem.place)
        if not path:
            made["version"] = version_of(made)
            made.pop("subject_field", None)
            for name in set(made) - {"version", "pages"}:
                del made[name]
            continue
        try:
            item = at(made, path)
        except Impossible:
            continue
        option = option.partition("/")[0]
        if option == "when":
            item.pop("when", None)
        elif len(path) == 1:
            _mend_page(made, item, path[0], option)
        elif option in item and option not in {"key", "kind", "fields", "choices"}:
            item.pop(option)
        else:
            doomed.add(id(item))
    for holder in [made, *(item for _path, item in walk(made))]:
        name = "pages" if holder is made else "fields"
        if holder.get(name):
            holder[name] = [one for one in holder[name] if id(one) not in doomed]


def _mend_page(made: Form, page: dict[str, Any], index: int, option: str) -> None:
    keys = {str(one.get("key")) for one in made["pages"] if one is not page}
    key = page.get("key")
    if not isinstance(key, str) or not PAGE_KEY.fullmatch(key) or key in keys | RESERVED_PAGES:
        page["key"] = free(f"trang-{index + 1}", "-", keys | RESERVED_PAGES)
    if not said(page.get("title")).strip() or option == "title":
        page["title"] = "…"
    if option == "help":
        page.pop("help", None)
    for name in set(page) - {"key", "title", "help", "when", "fields"}:
        del page[name]


def _prune(made: Form) -> None:
    """Pages and groups with nothing left in them go as well."""
    for page in made["pages"]:
        page["fields"] = [one for one in page.get("fields", []) if not is_group(one) or one.get("fields")]
    made["pages"] = [page for page in made["pages"] if page["fields"]]


def version_of(form: Mapping[str, Any]) -> int:
    """The version of the format: as written where it is one, else the first."""
    version = form.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) and 1 <= version <= 2 else 1


def before(form: Form, path: Path) -> Form:
    """The form up to the item, which is left out itself: what its condition may ask about."""
    pages = [{**page, "fields": list(page.get("fields") or [])} for page in form["pages"][: path[0] + 1]]
    if len(path) == 1:
        pages.pop()
    else:
        pages[-1]["fields"] = pages[-1]["fields"][: path[1]]
        if len(path) == 3:
            row = at(form, path[:2]).get("fields", [])[: path[2]]
            pages[-1]["fields"] += [one for one in row if one.get("kind") not in OUTSIDE_GROUPS]
    return {"version": version_of(form), "pages": [deepcopy(page) for page in pages if page["fields"]]}
