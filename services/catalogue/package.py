"""RULE: a version or a draft as one file, to take to another portal: the content with a digest that shows damage.

What is read back is either exactly what was written, or refused with everything that is wrong and its place.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.catalogue.content import LARGEST, canonical, misfits, size
from services.catalogue.shapes.problem import Problem, entries, items, place_of
from services.catalogue.shapes.vocabulary import CODE, ENTRIES
from services.catalogue.words import mark as _

FORMAT = "mot-cua/procedure-version"
VERSION = 1
KEYS = ("format", "version", "digest", "content")
LARGEST_FILE = 4 * LARGEST
"""Bytes."""


class InvalidPackage(Exception):
    """The file is no package, or not a whole one; `problems` are all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


def pack(content: Mapping[str, Any]) -> dict[str, Any]:
    """The package of a content, ready to be written as JSON."""
    return {"format": FORMAT, "version": VERSION, "digest": _digest(content), "content": dict(content)}


def unpack(raw: bytes | str | Mapping[str, Any]) -> dict[str, Any]:
    """The content of a package, as read from the file or already parsed. Raises InvalidPackage; nothing is guessed or left out."""
    package = raw if isinstance(raw, Mapping) else _parsed(raw)
    wrong = list(_envelope(package))
    if wrong:
        raise InvalidPackage(wrong)
    content: dict[str, Any] = dict(package["content"])
    wrong = list(_content(content))
    if not wrong and package["digest"] != _digest(content):
        wrong = [Problem("digest", _("The file was changed or damaged after it was written: its digest does not fit."))]
    if wrong:
        raise InvalidPackage(wrong)
    return content


def _digest(content: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(content).encode()).hexdigest()


def _parsed(raw: bytes | str) -> Mapping[str, Any]:
    if len(raw) > LARGEST_FILE:
        raise InvalidPackage([Problem("", _("The file is larger than any procedure."))])
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        package = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise InvalidPackage([Problem("", _("The file is not text in UTF-8."))]) from None
    except json.JSONDecodeError as broken:
        raise InvalidPackage(
            [
                Problem(
                    "",
                    _("The file is not valid JSON at line %(line)d, column %(column)d."),
                    {"line": broken.lineno, "column": broken.colno},
                )
            ]
        ) from None
    except (ValueError, RecursionError):
        raise InvalidPackage(
            [Problem("", _("The file is JSON that cannot be kept: an entry twice, or no proper number."))]
        ) from None
    if not isinstance(package, Mapping):
        raise InvalidPackage([Problem("", _("The file does not hold a procedure."))])
    return package


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an entry twice")
    return found


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _envelope(package: Mapping[str, Any]) -> Iterator[Problem]:
    if package.get("format") != FORMAT:
        yield Problem("format", _("The file does not hold a procedure."))
        return
    version = package.get("version")
    if version != VERSION or isinstance(version, bool):
        yield Problem("version", _("The file is of a version that this portal cannot read."))
    for key in package:
        if key not in KEYS:
            yield Problem(str(key)[:60], _("There is no entry “%(key)s” here."), {"key": str(key)[:60]})
    if not isinstance(package.get("digest"), str):
        yield Problem("digest", _("This text is missing."))
    if not isinstance(package.get("content"), Mapping):
        yield Problem("content", _("The file does not hold a procedure."))


def _content(content: Mapping[str, Any]) -> Iterator[Problem]:
    unreadable = misfits(content)
    for key in unreadable:
        yield Problem(f"content.{key[:60]}", _("This part cannot be read: it is unknown or of another kind."))
    if unreadable:
        return
    code = content.get("code")
    if not isinstance(code, str) or len(code) > 30 or not CODE.fullmatch(code):
        yield Problem("content.code", _("A procedure code looks like 1.013225."))
    for column in ENTRIES:
        value = content.get(column)
        if isinstance(value, Mapping):
            yield from entries(f"content.{column}", column, value)
        for number, item in enumerate(items(value)):
            yield from entries(f"content.{place_of(column, number, item)}", column, item)
    if size(content) > LARGEST:
        yield Problem("content", _("The file is larger than any procedure."))
