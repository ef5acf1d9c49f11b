"""RULE: what the inputs of a page hold while people type, and how the typing of two devices comes together. Nothing typed is lost."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

Inputs = dict[str, list[str]]
"""Texts by input name, as a browser sends them."""

WAS = "_was."
"""A browser with a script sends, beside each input that was changed, what it held before under this prefix."""
GUARD = "csrfmiddlewaretoken"
UNSENT = frozenset({"submit", "button", "reset", "image", "file"})


def inputs(sent: Iterable[tuple[str, Sequence[str]]]) -> Inputs:
    """The answers among what a form sent: without its buttons and the portal's own inputs."""
    return {name: [str(one) for one in values] for name, values in sent if name != GUARD and not name.startswith("_")}


def before(sent: Iterable[tuple[str, Sequence[str]]]) -> Inputs:
    """What the changed inputs held before."""
    return {name.removeprefix(WAS): list(values) for name, values in sent if name.startswith(WAS)}


def question_of(name: str, keys: Iterable[str]) -> str:
    """The question an input belongs to; empty when to none. `owner_birth_day` belongs to `owner_birth`, `site-ward` to `site`."""
    fitting = [key for key in keys if name == key or name.startswith((f"{key}-", f"{key}_"))]
    return max(fitting, key=len, default="")


def by_question(held: Mapping[str, Sequence[str]], keys: Collection[str]) -> dict[str, Inputs]:
    """The inputs under their questions."""
    found: dict[str, Inputs] = {}
    for name, values in held.items():
        if key := question_of(name, keys):
            found.setdefault(key, {})[name] = list(values)
    return found


def _said(held: Mapping[str, Sequence[str]]) -> Inputs:
    """The inputs that hold something: a blank line and no line are the same answer."""
    said = {name: [text.strip() for text in values if text.strip()] for name, values in held.items()}
    return {name: texts for name, texts in said.items() if texts}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a page holds when two devices changed it; `taken` and `both` are keys of questions.

    `taken`: changed only elsewhere, so what stands there was taken. `both`: changed here and elsewhere; what was typed here stays.
    """

    inputs: Inputs
    taken: list[str]
    both: list[str]


def merged(
    here: Mapping[str, Sequence[str]],
    was: Mapping[str, Sequence[str]],
    there: Mapping[str, Sequence[str]],
    keys: Sequence[str],
    same: Collection[str] = (),
) -> Merged:
    """Question by question: what was changed here wins, everything else is taken from there. `same`: questions with one answer."""
    of_here, of_there = by_question(here, keys), by_question(there, keys)
    of_before = by_question({**here, **was}, keys)
    changed = {question_of(name, keys) for name in was}
    result, taken, both = Inputs(), [], []
    for key in keys:
        mine, theirs = of_here.get(key, {}), of_there.get(key, {})
        differs = key not in same and _said(mine) != _said(theirs)
        if key in changed:
            result |= mine
            if differs and _said(theirs) != _said(of_before.get(key, {})):
                both.append(key)
        else:
            result |= theirs if differs else mine
            if differs:
                taken.append(key)
    return Merged(result, taken, both)


def differing(
    here: Mapping[str, Sequence[str]], there: Mapping[str, Sequence[str]], keys: Sequence[str], same: Collection[str] = ()
) -> list[str]:
    """The questions that are answered differently here and there."""
    of_here, of_there = by_question(here, keys), by_question(there, keys)
    return [key for key in keys if key not in same and _said(of_here.get(key, {})) != _said(of_there.get(key, {}))]


def left_over(held: Mapping[str, Sequence[str]], keys: Collection[str], kept: Collection[str], wrong: Collection[str]) -> bool:
    """Whether something was typed that is not among the answers kept: not right yet, or an answer to what is not asked now."""
    if wrong:
        return True
    # How many rows a group has is not something a person typed.
    texts = {name: values for name, values in held.items() if not name.endswith("-rows")}
    return any(key not in kept and _said(of_key) for key, of_key in by_question(texts, keys).items())


def revision(answers: Mapping[str, Any], typed: Mapping[str, Any] | None) -> str:
    """Names what is stored of a page: it changes when the page does, and only then."""
    content = json.dumps([answers, typed], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def shown_in(html: str) -> Inputs:
    """What a browser would send of the inputs in a piece of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects the values of inputs, selections and text areas, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Inputs = {}
        self._select = self._area = ""
        self._chosen: list[str] = []
        self._first: str | None = None
        self._many = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "option":
            self._option(given)
        elif "disabled" in given or not name:
            return
        elif tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select, self._chosen, self._first, self._many = name, [], None, "multiple" in given

    def _input(self, name: str, given: Mapping[str, str | None]) -> None:
        kind = (given.get("type") or "text").lower()
        if kind in UNSENT or (kind in {"radio", "checkbox"} and "checked" not in given):
            return
        self.found.setdefault(name, []).append(given.get("value") or ("on" if kind == "checkbox" else ""))

    def _option(self, given: Mapping[str, str | None]) -> None:
        if not self._select:
            return
        value = given.get("value") or ""
        if self._first is None:
            self._first = value
        if "selected" in given:
            self._chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # The line break right after the tag is not part of the text.
            self.found.setdefault(self._area, []).append("".join(self._text).removeprefix("\r\n").removeprefix("\n"))
            self._area = ""
        elif tag == "select" and self._select:
            chosen = self._chosen or ([] if self._many or self._first is None else [self._first])
            if chosen:
                self.found.setdefault(self._select, []).extend(chosen)
            self._select = ""
