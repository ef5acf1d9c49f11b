"""The Vietnamese catalogues: compiled for use, and checked for completeness.

Each app keeps its own catalogue, with the words of its code and of its templates. A word belongs to the app in whose folder it
stands; used by several, it is enough that one of them translates it.
"""

import io
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.dev import state

LANGUAGE = "vi"
ROOMS = ("portal", "identity", "services")
TEMPLATES = state.ROOT / "templates"
TEMPLATE_OWNERS = {
    "account": "identity/people",
    "people": "identity/people",
    "offices": "identity/offices",
    "admin": "identity/offices",
    "filing": "services/cases",
    "cases": "services/cases",
    "casework": "services/cases",
    "catalogue": "services/catalogue",
    "editor": "services/editor",
    "documents": "services/documents",
    "pdf": "services/documents",
    "fees": "services/fees",
    "notices": "services/notices",
    "emails": "services/notices",
    "reports": "services/reports",
}
"""First folder under templates/ -> app; everything else is the portal's."""
KEYWORDS: Mapping[str, Any] = {
    name + suffix: arguments
    for name, arguments in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for suffix in ("", "_lazy", "_noop")
} | {"_": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")
KEPT = "kept"
"""A comment that begins so keeps an entry that our sources do not use, such as a library's word put better."""

Key = tuple[str, str]
"""Context (most often empty) and the English words."""


@dataclass
class Found:
    """Words of the sources: where they stand, and their plural form if they have one."""

    places: list[str] = field(default_factory=list)
    owner: str = ""
    plural: str = ""


def catalogues() -> list[Path]:
    """Every catalogue of the language."""
    return [path for room in ROOMS for path in sorted((state.ROOT / room).glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))]


def compile_all() -> None:
    """Make the .mo files whose .po is newer. The file that is read is replaced whole."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as file:
            catalogue = read_po(file, locale=LANGUAGE)
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)


def problems() -> list[str]:
    """What keeps the translation from being complete, one line each; empty when nothing does."""
    from babel.messages.pofile import read_po

    used = words()
    translated: dict[Key, dict[str, tuple[str, ...]]] = defaultdict(dict)
    found: list[str] = []
    for path in catalogues():
        place = str(path.relative_to(state.ROOT))
        with path.open("rb") as file:
            catalogue = read_po(file, locale=LANGUAGE)
        for message in catalogue:
            if not message.id:
                continue
            english = tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)
            vietnamese = tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)
            key = (message.context or "", english[0])
            if message.fuzzy:
                found.append(f"{place}: not certain (fuzzy): {english[0]!r}")
            elif not all(vietnamese):
                found.append(f"{place}: empty: {english[0]!r}")
            else:
                translated[key][place] = vietnamese
                found += [f"{place}: {text}" for text in _lost_placeholders(english, vietnamese)]
            if key not in used and not any(comment.startswith(KEPT) for comment in message.user_comments):
                found.append(f"{place}: used nowhere: {english[0]!r}")
    for key, places in translated.items():
        if len(set(places.values())) > 1:
            found.append(f"translated in two ways: {key[1]!r} in {' and '.join(places)}")
    known = _all_keys()
    for key, where in sorted(used.items()):
        if key not in known:
            found.append(f"{where.places[0]}: not in any catalogue: {key[1]!r}")
    return found


def write_missing() -> int:
    """Add words that no catalogue has to that of their app, without a translation; how many."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    known = _all_keys()
    missing: dict[str, list[tuple[Key, Found]]] = defaultdict(list)
    for key, where in sorted(words().items()):
        if key not in known:
            missing[where.owner].append((key, where))
    for owner, entries in missing.items():
        path = state.ROOT / owner / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=LANGUAGE, project="Một Cửa", charset="utf-8")
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=LANGUAGE)
        for (context, english), where in entries:
            catalogue.add((english, where.plural) if where.plural else english, context=context or None)
        with path.open("wb") as file:
            write_po(file, catalogue, width=130, omit_header=False, include_previous=False)
    return sum(len(entries) for entries in missing.values())


def words() -> dict[Key, Found]:
    """Every word of the sources that is to be translated."""
    used: dict[Key, Found] = defaultdict(Found)
    for path, owner in sources():
        for line, (context, english, plural) in extract(path):
            entry = used[context, english]
            entry.places.append(f"{path.relative_to(state.ROOT)}:{line}")
            entry.owner = entry.owner or owner
            entry.plural = entry.plural or plural
    return dict(used)


def sources() -> Iterator[tuple[Path, str]]:
    """Files with words, and the app they belong to."""
    for room in ROOMS:
        for path in sorted((state.ROOT / room).rglob("*.py")):
            inner = path.relative_to(state.ROOT).parts
            if "migrations" in inner or inner[:2] == ("portal", "dev"):
                continue
            yield path, "portal" if room == "portal" else "/".join(inner[:2])
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            yield path, TEMPLATE_OWNERS.get(path.relative_to(TEMPLATES).parts[0], "portal")


def extract(path: Path) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Line, and context, English and plural, of each word of a file."""
    from babel.messages.extract import extract as read
    from django.utils.translation.template import templatize

    text = path.read_text()
    if path.suffix != ".py":
        # What Django makes of a template is no program: brackets keep its indentation from being read as one.
        text = "(" + templatize(text, origin=str(path)) + "\n)"
    for line, message, _, context in read("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        parts: Iterable[str] = message if isinstance(message, tuple) else (message,)
        english, *plural = (part for part in parts if part)
        yield line, (context or "", english, plural[0] if plural else "")


def _all_keys() -> set[Key]:
    from babel.messages.pofile import read_po

    keys = set()
    for path in catalogues():
        with path.open("rb") as file:
            for message in read_po(file, locale=LANGUAGE):
                if message.id:
                    keys.add((message.context or "", message.id if isinstance(message.id, str) else message.id[0]))
    return keys


def _lost_placeholders(english: tuple[str, ...], vietnamese: tuple[str, ...]) -> list[str]:
    """Complaints about translations that name other values than the English words do."""
    allowed = {name for text in english for name in PLACEHOLDER.findall(text)}
    needed = set(PLACEHOLDER.findall(english[-1]))
    return [
        f"other values than the English words: {text!r}"
        for text in vietnamese
        if (len(english) == 1 and set(PLACEHOLDER.findall(text)) != needed) or not set(PLACEHOLDER.findall(text)) <= allowed
    ]
