"""RULE: keys of pages, questions and choices, made from their words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal.kit.folding import words
from services.editor.form_editing.parts import fields_of
from services.forms.kinds import DATE_PARTS, RESERVED_FIELDS, RESERVED_PAGES

KEY_LENGTH = 40


def field_key(form: Mapping[str, Any], label: str) -> str:
    """A new key made from a label: `Họ và tên` -> `ho_va_ten`, with a number where it is taken."""
    stem = _stem(label, "_")
    stem = stem if re.match("[a-z]", stem) else f"cau_{stem}".rstrip("_")
    return free(stem, "_", keys_in_use(form) | RESERVED_FIELDS)


def page_key(form: Mapping[str, Any], title: str) -> str:
    """A new page key made from a title: `Chủ đầu tư` -> `chu-dau-tu`."""
    return free(_stem(title, "-") or "trang", "-", {str(page.get("key")) for page in form["pages"]} | RESERVED_PAGES)


def choice_value(label: str, taken: Sequence[str]) -> str:
    """A value for a choice made from its label, different from those taken."""
    return free(_stem(label, "-") or "muc", "-", set(taken))


def _stem(label: str, joint: str) -> str:
    return joint.join(part.replace(".", joint) for part in words(label))[:KEY_LENGTH].strip(joint)


def free(stem: str, joint: str, taken: set[str] | frozenset[str]) -> str:
    """The stem, with a number where it is taken."""
    key, n = stem, 2
    while key in taken:
        key, n = f"{stem}{joint}{n}", n + 1
    return key


def keys_in_use(form: Mapping[str, Any]) -> set[str]:
    """Keys of all questions, and the names that the three inputs of a date take."""
    keys = {str(one.get("key")) for _path, one in fields_of(form)}
    return keys | {f"{key}_{part}" for key in keys for part in DATE_PARTS}
