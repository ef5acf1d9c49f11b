"""Lists of like things on an editor's page: rows that are added, removed, moved and copied, with and without a script.

Each row is a form of its own. The names of its inputs keep the number they were drawn with; a hidden input holds the order, so
that rows that move or go never mix up what was typed in others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict

from services.catalogue.shapes.vocabulary import SLUG
from services.editor.sections import anchor

DO = "_do"
"""Name of the buttons that rearrange; their values are `documents:up:3`."""
MOST = 300
"""Rows of one list."""


class RowForm(forms.Form):
    """One row. `read` gives what its inputs begin with, `item` what is kept."""

    mark_optional = False
    use_required_attribute = False
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def read(cls, item: Any) -> dict[str, Any]:
        """What the inputs show for an item of the content."""
        return dict(item)

    def item(self) -> dict[str, Any]:
        """What was typed, as the content holds it. After is_valid()."""
        return {name: value for name, value in self.cleaned_data.items() if name != "was"}

    @property
    def place(self) -> str:
        """The place that the catalogue's rules name when something is wrong with the item."""
        column, _dash, number = str(self.prefix).rpartition("-")
        key = self.was_key.partition("#")[0]
        return f"{column}.{key if SLUG.fullmatch(key) else number}"

    @property
    def anchor(self) -> str:
        """The id to which links to that place lead; of several items with one key the first has it."""
        return anchor(self.place) + ("" if "#" not in self.was_key else f"-{self.prefix}")

    def owned(self) -> frozenset[str]:
        """Keys of the item that the row decides about, there or not."""
        return frozenset(self.fields) - {"was"}

    @property
    def was_key(self) -> str:
        """The name, as of `named`, of the item that the row was drawn for; empty for a new row."""
        return str(self["was"].value() or "")


def named(items: Sequence[Any]) -> list[str]:
    """Names that tell items apart: their keys, the second of one key as `key#2`; empty for plain texts."""
    seen: Counter[str] = Counter()
    names = []
    for item in items:
        key = str(item.get("key") or "") if isinstance(item, Mapping) else ""
        seen[key] += 1
        names.append(key if seen[key] == 1 or not key else f"{key}#{seen[key]}")
    return names


Row = TypeVar("Row", bound=RowForm)


@dataclass(frozen=True, slots=True)
class Done:
    """What a button did: `at` is the number of the row it concerns, None when that is gone; `title` is the row's."""

    what: str
    rows: str
    at: int | None
    title: str = ""


class Rows(Generic[Row]):
    """A list of rows, from the content or as typed."""

    def __init__(self, form: type[Row], name: str, items: Sequence[Any], data: QueryDict | None = None, **options: Any) -> None:
        self.name = name
        self.data = data
        self._form, self._options = form, options
        if data is None:
            self._order = list(range(len(items)))
            names = named(items)
            self.forms = [self._made(number, form.read(item) | {"was": names[number]}) for number, item in enumerate(items)]
            return
        self._order = self._read_order(data)
        self.forms = [self._made(number) for number in self._order]

    def _made(self, number: int, initial: Mapping[str, Any] | None = None) -> Row:
        return self._form(self.data, prefix=f"{self.name}-{number}", initial=dict(initial or {}), **self._options)

    def _read_order(self, data: QueryDict) -> list[int]:
        given = str(data.get(f"{self.name}-order", "")).split(",")
        numbers = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 5]
        return list(dict.fromkeys(numbers))[:MOST]

    @property
    def order(self) -> str:
        """The numbers of the rows in order, for the hidden input."""
        return ",".join(map(str, self._order))

    def __len__(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether every row is."""
        return all(form.is_valid() for form in self.forms)

    def rearrange(self, what: str, at: int) -> Done | None:
        """Do what a button of row `at` (its place in the list) says. None when there is nothing to do."""
        assert self.data is not None
        if what == "add" and len(self) < MOST:
            self._insert(len(self), self._new_number())
            return Done(what, self.name, len(self) - 1)
        if not 0 <= at < len(self):
            return None
        title = self.title(at)
        if what == "remove":
            del self._order[at], self.forms[at]
            return Done(what, self.name, None, title)
        if what == "copy" and len(self) < MOST:
            number = self._new_number()
            self._copy_inputs(self._order[at], number)
            self._insert(at + 1, number)
            return Done(what, self.name, at + 1, title)
        to = at + {"up": -1, "down": 1}.get(what, 0)
        if to == at or not 0 <= to < len(self):
            return None
        self._order.insert(to, self._order.pop(at))
        self.forms.insert(to, self.forms.pop(at))
        return Done(what, self.name, to, title)

    def _new_number(self) -> int:
        return max(self._order, default=-1) + 1

    def _insert(self, place: int, number: int) -> None:
        self._order.insert(place, number)
        self.forms.insert(place, self._made(number))

    def _copy_inputs(self, old: int, new: int) -> None:
        assert self.data is not None
        start = f"{self.name}-{old}-"
        for name in [name for name in self.data if name.startswith(start)]:
            self.data.setlist(f"{self.name}-{new}-{name.removeprefix(start)}", deepcopy(self.data.getlist(name)))
        self.data[f"{self.name}-{new}-was"] = ""

    def title(self, at: int) -> str:
        """What the row is called, for messages."""
        form = self.forms[at]
        fields = [name for name in form.fields if name != "was"]
        return str(form[fields[0]].value() or "").strip() if fields else ""
