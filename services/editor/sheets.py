"""What one page of the editor shows and keeps: its forms and lists of rows, and the parts of the content they make."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from services.catalogue.models import VersionDraft
from services.catalogue.page import CHANNELS
from services.editor import queries
from services.editor.forms import (
    ChannelForm,
    CircumstanceForm,
    DocumentForm,
    FactsForm,
    FeeForm,
    LegalBasisForm,
    LineForm,
    QuestionForm,
    StepTextForm,
)
from services.editor.keys import is_makeshift, key_of
from services.editor.rows import DO, Done, RowForm, Rows, named

DEFAULTS: Mapping[str, Any] = {"originals": 0, "copies": 0, "required": False, "set_by_province": False}
"""What a key that is not there means, where that is not nothing at all."""
CIRCUMSTANCE, DOCUMENT, FEE, QUESTION = "truong-hop", "giay-to", "khoan", "cau-hoi"
"""How parts are called that have no name yet."""


class Sheet:
    """A page of a draft, from its content or as typed. `keys` are the parts of the content that it may change."""

    keys: ClassVar[tuple[str, ...]] = ()

    def __init__(self, draft: VersionDraft, data: QueryDict | None = None) -> None:
        self.content = draft.content
        self.data = data
        self.done: Done | None = None
        self.rows: dict[str, Rows[Any]] = {}
        self.single: list[forms.Form] = []
        self.build()

    def build(self) -> None:
        """Make `single` forms and `rows`."""
        raise NotImplementedError

    def _list(self, key: str) -> list[Any]:
        found = self.content.get(key)
        return found if isinstance(found, list) else []

    def _add(self, form: type[RowForm], key: str, **options: Any) -> Rows[Any]:
        self.rows[key] = Rows(form, key, self._list(key), self.data, **options)
        return self.rows[key]

    def rearrange(self) -> Done | None:
        """Do what the pressed button says, if it is one that rearranges rows."""
        asked = str(self.data.get(DO, "")) if self.data is not None else ""
        name, _colon, rest = asked.partition(":")
        what, _colon, at = rest.partition(":")
        if name in self.rows:
            self.done = self.rows[name].rearrange(what, int(at) if at.isascii() and at.isdigit() and len(at) < 5 else -1)
        return self.done

    def focus(self, row: str, did: str) -> None:
        """Put the keyboard into the first input of the row, unless a button of it is to be pressed again."""
        for rows in self.rows.values():
            for form in rows.forms:
                if form.prefix == row and did not in ("up", "down"):
                    next(field for name, field in form.fields.items() if name != "was").widget.attrs["autofocus"] = True

    @property
    def forms(self) -> list[forms.Form]:
        """Every form in the order of the page."""
        return [*self.single, *(form for rows in self.rows.values() for form in rows.forms)]

    def is_valid(self) -> bool:
        """Whether everything that was typed could be understood."""
        return all(form.is_valid() for form in self.forms)

    def changes(self) -> dict[str, Any]:
        """The parts of the content as typed. After is_valid()."""
        raise NotImplementedError

    def at(self) -> str:
        """The row that a button moved or added, as the saved page names it; empty when there is none. After is_valid()."""
        return f"{self.done.rows}-{self.done.at}" if self.done and self.done.at is not None else ""

    def at_now(self) -> str:
        """The same row on a page that could not be saved."""
        return str(self.rows[self.done.rows].forms[self.done.at].prefix) if self.done and self.done.at is not None else ""


class FactsSheet(Sheet):
    """What must be published, the ways to file, the steps and the legal basis."""

    keys = (*FactsForm.PLAIN, "domain", "channels", "steps_text", "legal_basis")

    def build(self) -> None:
        self.facts = FactsForm(
            self.data, content=self.content, domains=queries.all_domains(), functions=queries.agency_functions()
        )
        given = {item.get("channel"): item for item in self._list("channels")}
        self.channels = [
            ChannelForm(self.data, prefix=f"channels-{channel}", initial={**given.get(channel, {}), "offered": channel in given})
            for channel in CHANNELS
        ]
        numbers = {item.get("channel"): number for number, item in enumerate(self._list("channels"))}
        for form in self.channels:
            form.number = numbers.get(form.channel)
        self.single = [self.facts, *self.channels]
        self._add(StepTextForm, "steps_text")
        self._add(LegalBasisForm, "legal_basis")

    def changes(self) -> dict[str, Any]:
        changes = {
            **self.facts.changes(),
            "channels": self._channels(),
            "steps_text": self._lines("steps_text"),
            "legal_basis": self._lines("legal_basis"),
        }
        # What was never said and is not said now is no change.
        return {key: value for key, value in changes.items() if key in self.content or value not in (None, "", [], False)}

    def _channels(self) -> list[dict[str, Any]]:
        before = [item.get("channel") for item in self._list("channels")]
        old = {item.get("channel"): item for item in self._list("channels")}
        made = {
            form.channel: merged(old.get(form.channel, {}), form.item(), always=("channel", "time_text"))
            for form in self.channels
            if form.cleaned_data["offered"]
        }
        in_order = [channel for channel in before if channel in made] + [channel for channel in made if channel not in before]
        return [made[channel] for channel in in_order]

    def _lines(self, key: str) -> list[str]:
        """The texts; an empty one is kept only when it was just added."""
        rows: Rows[LineForm] = self.rows[key]
        fresh = self.done.at if self.done and self.done.rows == key else None
        texts = [str(form.cleaned_data["text"]).strip() for form in rows.forms]
        return [text for at, text in enumerate(texts) if text or at == fresh]

    def at(self) -> str:
        """Empty lines before it are gone."""
        if self.done is None or self.done.at is None:
            return ""
        before = [form.cleaned_data["text"] for form in self.rows[self.done.rows].forms[: self.done.at]]
        return f"{self.done.rows}-{sum(bool(str(text).strip()) for text in before)}"


class PapersSheet(Sheet):
    """Circumstances, papers, and which paper is for which circumstance."""

    keys = ("circumstances", "documents", "fees")

    def build(self) -> None:
        self.circumstances = self._list("circumstances")
        self.circumstance_names = [str(one.get("label") or one.get("key") or "…") for one in self.circumstances]
        self._add(CircumstanceForm, "circumstances")
        self._add(DocumentForm, "documents", circumstances=self.circumstances)

    def changes(self) -> dict[str, Any]:
        circumstances, renamed = keyed(self.rows["circumstances"], self._list("circumstances"), "label", CIRCUMSTANCE)
        kept = {item["key"] for item in circumstances}
        documents, _renamed = keyed(self.rows["documents"], self._list("documents"), "name", DOCUMENT, self._field_keys())
        changes: dict[str, Any] = {
            "circumstances": circumstances,
            "documents": list(_bound(documents, renamed, kept)),
            "fees": list(_bound(self._list("fees"), renamed, kept)),
        }
        return {key: value for key, value in changes.items() if value != self.content.get(key, [])}

    def _field_keys(self) -> set[str]:
        """Keys of the form's fields, which no paper may have."""
        pages = (self.content.get("form") or {}).get("pages")
        fields = [field for page in pages for field in page.get("fields", [])] if isinstance(pages, list) else []
        return {str(field.get("key")) for field in fields if isinstance(field, Mapping)}

    def lost(self) -> list[str]:
        """Names of papers and fees that go because the only circumstance they were for was removed. After is_valid()."""
        changes = self.changes()
        names = []
        for key, label in (("documents", "name"), ("fees", "label")):
            if key in changes and self.done and self.done.rows == "circumstances" and self.done.what == "remove":
                left = {item["key"] for item in changes[key]}
                names += [str(item.get(label) or item["key"]) for item in self._list(key) if item.get("key") not in left]
        return names


class FeesSheet(Sheet):
    """The tariff."""

    keys = ("fees",)

    def build(self) -> None:
        self._add(FeeForm, "fees", circumstances=self._list("circumstances"))

    def changes(self) -> dict[str, Any]:
        return {"fees": list(self._fees())}

    def _fees(self) -> Iterable[dict[str, Any]]:
        """Lines of one fee have the same key, so theirs are not made different."""
        old = dict(zip(named(self._list("fees")), self._list("fees"), strict=True))
        taken = {form.cleaned_data["key"] for form in self.rows["fees"].forms}
        for form in self.rows["fees"].forms:
            item = form.item()
            if not item["key"] or (is_makeshift(item["key"], FEE) and item["label"]):
                item["key"] = key_of(item["label"], taken - {item["key"]}, FEE)
                taken.add(item["key"])
            yield rewritten(form, old.get(form.was_key, {}), item, always=("label",))


class EligibilitySheet(Sheet):
    """The questions before filing."""

    keys = ("eligibility",)

    def build(self) -> None:
        self._add(QuestionForm, "eligibility", earlier=self._list("eligibility"))

    def changes(self) -> dict[str, Any]:
        questions, renamed = keyed(self.rows["eligibility"], self._list("eligibility"), "question", QUESTION)
        for question in questions:
            match question.get("when"):
                case {"==": [{"var": str(asked)}, answer]} if asked in renamed:
                    question["when"] = {"==": [{"var": renamed[asked]}, answer]}
        return {"eligibility": questions}


def keyed(
    rows: Rows[Any], old_items: Sequence[Mapping[str, Any]], named_by: str, fallback: str, reserved: Collection[str] = ()
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The items of the rows, each under a key of its own, and the keys that changed: old -> new.

    A key stays for good once its row has a name; rows without a name get a makeshift one.
    """
    old = dict(zip(named(old_items), old_items, strict=True))
    kept = {form.was_key for form in rows.forms if form.was_key in old and not _to_name(form, named_by, fallback)}
    taken = {*reserved, *kept}
    items: list[dict[str, Any]] = []
    renamed: dict[str, str] = {}
    for form in rows.forms:
        item, was = form.item(), form.was_key
        # A second row for the same item can only come from a page that was tampered with; it is taken as a new one.
        before = old.pop(was, {}) if was else {}
        if before and was in kept:
            key = was
        else:
            key = key_of(str(item[named_by]), taken, fallback)
            taken.add(key)
            if before:
                renamed[was] = key
        items.append({"key": key} | rewritten(form, before, item, always=(named_by, "stops", "answer_needed")) | {"key": key})
    return items, renamed


def _to_name(form: RowForm, named_by: str, fallback: str) -> bool:
    """Whether the row gets a key anew: it has the key of another one, or a makeshift one although it has a name now."""
    return "#" in form.was_key or (is_makeshift(form.was_key, fallback) and bool(form.cleaned_data[named_by]))


def rewritten(form: RowForm, old: Mapping[str, Any], new: Mapping[str, Any], always: Collection[str] = ()) -> dict[str, Any]:
    """The old item with what the row says now; keys that the row does not know stay."""
    left = {name: value for name, value in old.items() if name in new or name not in form.owned()}
    return merged(left, new, always)


def merged(old: Mapping[str, Any], new: Mapping[str, Any], always: Collection[str] = ()) -> dict[str, Any]:
    """The old item with the new values; what was never there and says nothing is left out."""
    said = {name: value for name, value in new.items() if name in old or name in always or not _says_nothing(name, value)}
    return {**old, **said}


def _says_nothing(name: str, value: Any) -> bool:
    return value in ("", None, []) or (name in DEFAULTS and value == DEFAULTS[name])


def _bound(items: Iterable[Mapping[str, Any]], renamed: Mapping[str, str], kept: Collection[str]) -> Iterable[dict[str, Any]]:
    """Items with the circumstances they are for under their new keys; those that were only for removed ones are left out."""
    for item in items:
        before = item.get("circumstances") or []
        after = [key for key in (renamed.get(one, one) for one in before) if key in kept]
        if before and not after:
            continue
        yield {**item, "circumstances": after} if before or "circumstances" in item else dict(item)
