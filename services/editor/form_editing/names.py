"""RULE: where a question is named: in conditions, formulas, the route and the outcome; and what a new key changes there."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.editor.form_editing.parts import Form, Path, fields_of, is_group, said, walk, well_shaped
from services.forms.kinds import KINDS

PARTS = frozenset({"in_words"}).union(*(facts.parts for facts in KINDS.values()))
"""What placeholders add to a key: the parts of an answer, an amount in words."""
WORDS = frozenset({"fields", "key", "kind", "label", "help", "title"})
"""Parts of an item that hold no expressions."""
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def renamed(form: Form, old: str, new: str) -> Form:
    """The form with the new key wherever a condition, a formula or the subject names the old one."""
    groups = {str(one.get("key")) for _path, one in fields_of(form) if is_group(one)}
    made = deepcopy(form)
    if made.get("subject_field") == old:
        made["subject_field"] = new
    for _path, item in walk(made):
        for name in set(item) - WORDS:
            item[name] = with_names(item[name], {old: new}, groups | {old, new})
        if item.get("name_field") == old:
            item["name_field"] = new
    return made


def renamed_elsewhere(content: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The other parts of a version that name a question of the form, where the new key changes them: route and outcome."""
    changed: dict[str, Any] = {}
    route = deepcopy(content.get("route"))
    for step in route if isinstance(route, list) else ():
        if not isinstance(step, dict):
            continue
        step["when"] = with_names(step.get("when"), {old: new}, {old})
        if step["when"] is None:
            del step["when"]
        office = step.get("office")
        for name in ("answer", "answer_code"):
            if isinstance(office, dict) and office.get(name) == old:
                office[name] = new
    outcome = _with_placeholders(content.get("outcome"), {name: new + name[len(old) :] for name in _placeholders(content, old)})
    if route is not None and route != content.get("route"):
        changed["route"] = route
    if outcome != content.get("outcome"):
        changed["outcome"] = outcome
    return changed


def _placeholders(content: Mapping[str, Any], key: str) -> set[str]:
    """What a template may name of the question: its answer, a part of it, the amount in words."""
    form = content.get("form")
    taken = {str(one.get("key")) for _path, one in fields_of(form)} if isinstance(form, Mapping) and well_shaped(form) else set()
    return {key} | ({f"{key}_{part}" for part in PARTS} - taken)


def with_names(node: Any, names: Mapping[str, str], groups: set[str]) -> Any:
    """An expression with variables renamed; in `table.column` the column as well."""
    if isinstance(node, list):
        return [with_names(part, names, groups) for part in node]
    if not isinstance(node, Mapping):
        return node
    return {
        operator: _new_name(value, names, groups) if operator == "var" else with_names(value, names, groups)
        for operator, value in node.items()
    }


def _new_name(name: Any, names: Mapping[str, str], groups: set[str]) -> Any:
    if isinstance(name, list) and name:
        return [_new_name(name[0], names, groups), *name[1:]]
    if not isinstance(name, str):
        return name
    root, dot, rest = name.partition(".")
    column = names.get(rest, rest) if root in groups else rest
    return f"{names.get(root, root)}{dot}{column}"


def _with_placeholders(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, str):
        return PLACEHOLDER.sub(lambda match: f"{{{names.get(match[1], match[1])}}}", node)
    if isinstance(node, list):
        return [_with_placeholders(part, names) for part in node]
    return {key: _with_placeholders(part, names) for key, part in node.items()} if isinstance(node, Mapping) else node


@dataclass(frozen=True, slots=True)
class Use:
    """A place that needs a question's answer: `form` (with the path), `route` (with the step's key), `outcome`, `subject`."""

    section: str
    path: Path = ()
    name: str = ""


def uses(content: Mapping[str, Any], key: str) -> list[Use]:
    """Everything in a version that asks for the answer, in reading order."""
    form = content.get("form")
    found: list[Use] = []
    if isinstance(form, Mapping) and well_shaped(form):
        if form.get("subject_field") == key:
            found.append(Use("subject"))
        for path, item in walk(form):
            if key in _names_in({name: item[name] for name in set(item) - WORDS}) | {item.get("name_field")}:
                found.append(Use("form", path, said(item.get("label")) or said(item.get("title"))))
    for step in content.get("route") or []:
        if isinstance(step, Mapping):
            office = step.get("office")
            named = {office.get("answer"), office.get("answer_code")} if isinstance(office, Mapping) else set()
            if key in named or key in _names_in(step.get("when")):
                found.append(Use("route", (), str(step.get("key", ""))))
    placed = {name for text in _texts(content.get("outcome")) for name in PLACEHOLDER.findall(text)}
    if placed & _placeholders(content, key):
        found.append(Use("outcome"))
    return found


def _names_in(node: Any) -> set[str]:
    """The parts of every variable an expression names."""
    if isinstance(node, list):
        return set().union(*map(_names_in, node))
    if not isinstance(node, Mapping):
        return set()
    found: set[str] = set()
    for operator, value in node.items():
        first = value[0] if operator == "var" and isinstance(value, list) and value else value
        found |= set(first.split(".")) if operator == "var" and isinstance(first, str) else _names_in(value)
    return found


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | Mapping):
        for part in node.values() if isinstance(node, Mapping) else node:
            yield from _texts(part)
