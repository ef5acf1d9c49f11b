"""RULE: how a form is put together: pages, questions and groups added, moved, grouped, changed and removed.

Every operation takes the raw form of a draft and gives a new one, with the place of what it was about. A form may be wrong in
many ways while it is being edited, and `services.forms.definition.parse` says how; an operation only asks that pages and
questions are lists of objects (`well_shaped`), and none of them loses a question that it was not asked to remove.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.editor.form_editing.keys import field_key, free, keys_in_use, page_key
from services.editor.form_editing.names import WORDS, renamed, with_names
from services.editor.form_editing.parts import (
    Form,
    Impossible,
    Path,
    at,
    fields_of,
    is_group,
    list_at,
    said,
    siblings,
)
from services.forms.kinds import COLUMNS, KINDS, OUTSIDE_GROUPS, REPEATING, SILENT, Kind

COMMON = ("key", "kind", "label", "help", "required", "when")
STATEMENT = "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về nội dung đã khai."
"""What a declaration says unless its editor says it otherwise."""


def _(text: str) -> str:
    """Marks a message for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Edited:
    """The form afterwards, where the item now is, and the options that its new kind does not have."""

    form: Form
    path: Path
    dropped: tuple[str, ...] = ()


def may_stand_in(kind: object, holder: object) -> bool:
    """Whether a question of the kind may stand in a group, or in a table, where answers are short."""
    if kind not in KINDS:
        return True
    return kind not in OUTSIDE_GROUPS and (holder != Kind.TABLE or kind in COLUMNS)


def _check_inside(item: Mapping[str, Any], holder: Mapping[str, Any]) -> None:
    if is_group(item) or not may_stand_in(item.get("kind"), holder.get("kind")):
        if holder.get("kind") == Kind.TABLE and not is_group(item) and item.get("kind") not in OUTSIDE_GROUPS:
            raise Impossible(_("A table has room for short answers only; a group takes questions of this kind."))
        raise Impossible(_("A question of this kind cannot stand inside a group."))


# Adding, copying, removing


def add_page(form: Form, title: str, after: int | None = None) -> Edited:
    """A new page after the one given, or at the end."""
    made = deepcopy(form)
    index = len(made["pages"]) if after is None else min(after + 1, len(made["pages"]))
    made["pages"].insert(index, {"key": page_key(form, title), "title": title, "fields": []})
    return Edited(made, (index,))


def add_field(form: Form, where: Path, kind: str, label: str) -> Edited:
    """A new question: at the end of the page or group that `where` names, else after the question it names."""
    made = deepcopy(form)
    target = at(made, where)
    if len(where) == 1 or (len(where) == 2 and is_group(target) and may_stand_in(kind, target.get("kind"))):
        path = (*where, len(target.setdefault("fields", [])))
    elif len(where) == 3 and not may_stand_in(kind, at(made, where[:2]).get("kind")):
        path = (where[0], where[1] + 1)
    else:
        path = (*where[:-1], where[-1] + 1)
    list_at(made, path).insert(path[-1], new_field(form, kind, label))
    return Edited(made, path)


def new_field(form: Mapping[str, Any], kind: str, label: str) -> dict[str, Any]:
    """A question of a kind with what the kind cannot do without."""
    made: dict[str, Any] = {"key": field_key(form, label), "kind": kind, "label": label}
    for name, option in KINDS[Kind(kind)].options.items():
        if option.values == "choices":
            made[name] = [{"value": "muc-1", "label": "Mục 1"}, {"value": "muc-2", "label": "Mục 2"}]
        elif option.values == "fields":
            key = free(f"{made['key']}_1"[:60], "_", keys_in_use(form) | {made["key"]})
            made[name] = [{"key": key, "kind": Kind.TEXT.value, "label": "Nội dung"}]
        elif name == "statement":
            made[name] = STATEMENT
    return made


def duplicate(form: Form, path: Path) -> Edited:
    """A copy right after the item, with keys of its own; what its questions say about one another goes with it."""
    made = deepcopy(form)
    copy = deepcopy(at(made, path))
    taken = deepcopy(made)
    new_keys: dict[str, str] = {}
    inside = [one for _p, one in fields_of({"pages": [copy]})] if len(path) == 1 else [copy, *copy.get("fields", [])]
    for one in inside:
        old = str(one.get("key", ""))
        one["key"] = field_key(taken, old.replace("_", " ") or said(one.get("label")))
        taken["pages"].append({"fields": [{"key": one["key"]}]})
        new_keys[old] = one["key"]
    if len(path) == 1:
        copy["key"] = page_key(made, said(copy.get("title")) or str(copy.get("key", "")))
    groups = {new_keys.get(str(one.get("key")), "") for one in inside if is_group(one)} | set(new_keys)
    for part in [copy, *inside]:
        for name in set(part) - WORDS:
            part[name] = with_names(part[name], new_keys, groups)
    target = (*path[:-1], path[-1] + 1)
    list_at(made, target).insert(target[-1], copy)
    return Edited(made, target)


def remove(form: Form, path: Path) -> Edited:
    """Without the item and all that stands in it; the path is that of its neighbour, or of what it stood in."""
    made = deepcopy(form)
    at(made, path)
    items = list_at(made, path)
    del items[path[-1]]
    if items:
        return Edited(made, (*path[:-1], min(path[-1], len(items) - 1)))
    return Edited(made, path[:-1])


# Moving


def move(form: Form, path: Path, step: int) -> Edited:
    """Up (-1) or down (+1) among its neighbours; a question that reaches the end of its page goes on to the next page."""
    at(form, path)
    items = siblings(form, path)
    index = path[-1] + step
    if 0 <= index < len(items):
        made = deepcopy(form)
        _put(made, path, (*path[:-1], index))
        return Edited(made, (*path[:-1], index))
    page = path[0] + step
    if len(path) != 2 or not 0 <= page < len(form["pages"]):
        raise Impossible(_("It is already at the end: it cannot be moved any further."))
    made = deepcopy(form)
    target = (page, 0 if step > 0 else len(made["pages"][page].setdefault("fields", [])))
    _put(made, path, target)
    return Edited(made, target)


def move_to(form: Form, path: Path, target: Path) -> Edited:
    """To stand at `target`, counted without the item itself; a page among pages, a question anywhere else."""
    made = deepcopy(form)
    item = at(made, path)
    if (len(path) == 1) != (len(target) == 1) or not 1 <= len(target) <= 3:
        raise Impossible(_("It cannot be moved there."))
    del list_at(made, path)[path[-1]]
    items = list_at(made, target)
    if len(target) == 3:
        _check_inside(item, at(made, target[:2]))
    index = min(max(target[-1], 0), len(items))
    items.insert(index, item)
    return Edited(made, (*target[:-1], index))


def _put(made: Form, path: Path, target: Path) -> None:
    item = list_at(made, path).pop(path[-1])
    list_at(made, target).insert(target[-1], item)


def to_page(form: Form, path: Path, page: int) -> Edited:
    """To the end of another page."""
    if len(path) < 2 or not 0 <= page < len(form["pages"]):
        raise Impossible(_("It cannot be moved there."))
    return move_to(form, path, (page, len(form["pages"][page].get("fields", []))))


# Groups


def group(form: Form, path: Path, last: int, kind: str, label: str) -> Edited:
    """A new group or table around the questions from `path` to the one with index `last` on the same page."""
    if len(path) != 2 or kind not in REPEATING:
        raise Impossible(_("A group stands on a page; it cannot be made inside another group."))
    made = deepcopy(form)
    at(made, path)
    items = list_at(made, path)
    taken = items[path[1] : max(last, path[1]) + 1]
    for one in taken:
        _check_inside(one, {"kind": kind})
    holder = new_field(form, kind, label)
    holder["fields"] = taken
    items[path[1] : path[1] + len(taken)] = [holder]
    return Edited(made, path)


def put_in(form: Form, path: Path, holder: Path) -> Edited:
    """To the end of a group or table."""
    if len(holder) != 2 or path == holder:
        raise Impossible(_("It cannot be moved there."))
    if path[:2] == holder:
        return Edited(form, path)
    at(form, path)
    if not is_group(at(form, holder)):
        raise Impossible(_("Questions can be put into a group or a table only."))
    page, index = holder
    if len(path) == 2 and path[0] == page and path[1] < index:
        index -= 1
    return move_to(form, path, (page, index, len(at(form, holder).get("fields", []))))


def take_out(form: Form, path: Path) -> Edited:
    """Out of its group, to stand right after it."""
    if len(path) != 3:
        raise Impossible(_("It does not stand in a group."))
    return move_to(form, path, (path[0], path[1] + 1))


def ungroup(form: Form, path: Path) -> Edited:
    """The group's questions stand on the page themselves; the group's condition becomes theirs."""
    made = deepcopy(form)
    holder = at(made, path)
    if len(path) != 2 or not is_group(holder):
        raise Impossible(_("This is no group."))
    inner = holder.get("fields", [])
    for one in inner:
        if holder.get("when") is not None:
            one["when"] = holder["when"] if one.get("when") is None else {"and": [holder["when"], one["when"]]}
    items = list_at(made, path)
    items[path[1] : path[1] + 1] = inner
    return Edited(made, path if inner else (path[0],) if not items else (path[0], min(path[1], len(items) - 1)))


# Settings


def change(form: Form, path: Path, settings: Mapping[str, Any]) -> Edited:
    """Other settings; None takes one away. A new key is put in wherever the form asks about the old one."""
    made = deepcopy(form)
    item = at(made, path)
    old = item.get("key")
    for name, value in settings.items():
        if value is None:
            item.pop(name, None)
        else:
            item[name] = value
    new = item.get("key")
    once = sum(one.get("key") == old for _path, one in fields_of(form)) == 1
    if len(path) > 1 and isinstance(old, str) and isinstance(new, str) and old != new and once:
        made = renamed(made, old, new)
    return Edited(made, path)


def change_kind(form: Form, path: Path, kind: str) -> Edited:
    """Another kind; options that it does not have are dropped and named. A group keeps its kind while it holds questions."""
    if len(path) < 2 or kind not in KINDS:
        raise Impossible(_("It cannot be changed into that."))
    made = deepcopy(form)
    item = at(made, path)
    if item.get("kind") == kind:
        return Edited(made, path)
    options = KINDS[Kind(kind)].options
    if item.get("fields") and kind not in REPEATING:
        raise Impossible(_("Take the questions out of the group first."))
    for inner in item.get("fields") or []:
        _check_inside(inner, {"kind": kind})
    if len(path) == 3:
        _check_inside({"kind": kind}, at(form, path[:2]))
    before = KINDS[Kind(item["kind"])].options if item.get("kind") in KINDS else {}
    fresh = new_field(form, kind, said(item.get("label"))) | {"key": item.get("key")}
    keep = {name for name, option in options.items() if name in before and before[name].values == option.values}
    dropped = tuple(name for name in item if name not in {*COMMON, *keep})
    kept = {name: value for name, value in item.items() if name in {*COMMON, *keep}}
    if kind in SILENT:
        dropped += ("required",) if "required" in kept else ()
        kept.pop("required", None)
    item.clear()
    item.update({**{name: value for name, value in fresh.items() if name not in COMMON}, **kept, "kind": kind})
    return Edited(made, path, dropped)
