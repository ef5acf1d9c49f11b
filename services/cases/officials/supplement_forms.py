"""Forms of requests for a supplement: everything that can be asked about, and the permission to ask once more."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from services.cases.officials.forms import NOTE_LENGTH
from services.cases.queries import Askable
from services.cases.supplement_wording import PROBLEMS
from services.cases.supplements import LONGEST, MOST_DAYS, Ask, Item, ItemKind


@dataclass(frozen=True, slots=True)
class Row:
    """One question or paper: what was given, whether it is asked for, and what is wrong with it."""

    kind: ItemKind
    key: str
    label: str
    given: str
    tick: BoundField
    text: BoundField


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one page, or the papers."""

    title: str
    rows: list[Row]


class RequestForm(forms.Form):
    """Every question and paper with a tick and a text, other things line by line, the reason, the time to answer."""

    other = forms.CharField(
        label=_("Anything else that is needed"),
        help_text=_("One thing on each line. The applicant can add other papers and write an answer."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
    )
    reason = forms.CharField(
        label=_("Why this is needed"),
        help_text=_("Name the rule of law or what the check has shown. It stands on the request the applicant receives."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
        error_messages={"required": _("Write why this is needed; the applicant will read it")},
    )
    instructions = forms.CharField(
        label=_("How to go about it"),
        help_text=_("For example where a paper is issued, and whom to call with questions."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
    )
    days = forms.IntegerField(
        label=_("Working days to answer"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"mc-width": "3", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), PROBLEMS["days"]),
    )

    def __init__(self, data: Any = None, *, known: Askable) -> None:
        super().__init__(data, initial={"days": settings.SUPPLEMENT_ANSWER_DAYS})
        self._labels = {ItemKind.FIELD: known.fields, ItemKind.PAPER: known.files}
        for kind, labels in self._labels.items():
            for key, label in labels.items():
                self.fields[f"{kind}-{key}"] = forms.BooleanField(label=label, required=False)
                self.fields[f"{kind}-{key}-text"] = forms.CharField(
                    label=_("What is wrong, or what to do"),
                    required=False,
                    max_length=LONGEST,
                    widget=forms.Textarea(attrs={"mc-rows": 2, "mc-count": False}),
                )
        self.groups = [
            Group(section.title, [self._row(ItemKind.FIELD, row.field_key, row.label, row.text) for row in section.rows])
            for section in known.sections
        ]
        self.papers = [self._row(ItemKind.PAPER, one.key, one.name, "; ".join(one.files)) for one in known.papers]

    def _row(self, kind: ItemKind, key: str, label: str, given: str) -> Row:
        return Row(kind, key, label, given, self[f"{kind}-{key}"], self[f"{kind}-{key}-text"])

    def clean(self) -> dict[str, Any]:
        """A tick and its text belong together, and something must be asked for."""
        cleaned = super().clean() or {}
        asked = bool(cleaned.get("other", "").strip())
        for kind, labels in self._labels.items():
            for key in labels:
                name = f"{kind}-{key}"
                ticked, text = cleaned.get(name), (cleaned.get(f"{name}-text") or "").strip()
                asked = asked or bool(ticked)
                if ticked and not text and f"{name}-text" not in self.errors:
                    self.add_error(f"{name}-text", str(PROBLEMS["no_text"]))
                elif text and not ticked:
                    asked = True
                    self.add_error(name, _("Tick this to ask for it, or clear the text below."))
        if not asked and "other" not in self.errors:
            self.add_error("other", str(PROBLEMS["nothing_asked"]))
        return cleaned

    @property
    def ask(self) -> Ask:
        """The request. After is_valid()."""
        said = self.cleaned_data
        items = [
            Item(kind, key, label, said[f"{kind}-{key}-text"].strip())
            for kind, labels in self._labels.items()
            for key, label in labels.items()
            if said[f"{kind}-{key}"]
        ]
        items += [Item(ItemKind.OTHER, "", "", line.strip()) for line in said["other"].splitlines() if line.strip()]
        return Ask(tuple(items), said["reason"], said["instructions"], said["days"])


class AllowForm(forms.Form):
    """Why one more request is allowed."""

    note = forms.CharField(
        label=_("Why a further request is needed"),
        help_text=_("Colleagues and supervisors read it; the applicant does not."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 5, "mc-count": False}),
        error_messages={"required": _("Write why a further request is needed")},
    )
