"""Forms of bulk actions: which cases, and what is asked before they are done."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases.actions.canned import check_placeholders
from services.cases.models import BulkRun, Label
from services.cases.officials.bulk_wording import WORDS
from services.cases.officials.forms import NOTE_LENGTH

Kind = BulkRun.Kind
ON, OFF = "on", "off"
SEEN_LENGTH = 20_000
"""Room for the numbers of as many cases as one run may hold."""


class BulkForm(forms.Form):
    """What one bulk action asks; fields the action does not need are left out. `items` names the cases and what was seen of them."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    items = forms.CharField(widget=forms.HiddenInput, max_length=SEEN_LENGTH)
    assignee = forms.ChoiceField(label=_("Colleague"))
    label = forms.ChoiceField(label=_("Label"))
    turn = forms.ChoiceField(
        label=_("What is to be done with the label"),
        choices=[(ON, _("Put it on")), (OFF, _("Take it off"))],
        initial=ON,
        widget=forms.RadioSelect(attrs={"mc-inline": True, "mc-small": True}),
    )
    text = forms.CharField(
        label=_("Message"),
        help_text=_("Placeholders such as {ho_ten} and {so_ho_so} are filled for each case."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 8, "mc-count": False}),
    )
    note = forms.CharField(max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}))
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Asked once for all of them, because each document gets your signature."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "mc-width": "20"}),
        error_messages={"required": _("Enter your password to confirm")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        colleagues: Sequence[Person] = (),
        labels: Sequence[Label] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), "kind": kind, **(initial or {})})
        words = WORDS[kind]
        asked = {
            "note": bool(words.note),
            "assignee": kind == Kind.ASSIGN,
            "label": kind == Kind.LABEL,
            "turn": kind == Kind.LABEL,
            "text": kind == Kind.MESSAGE,
            "password": kind == Kind.SIGN,
        }
        for name, wanted in asked.items():
            if not wanted:
                del self.fields[name]
        if words.note:
            self.fields["note"].label, self.fields["note"].help_text = str(words.note), str(words.note_help)
        self._choices("assignee", [(str(one.pk), one.full_name) for one in colleagues])
        self._choices("label", [(str(one.pk), one.name) for one in labels])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices if len(choices) == 1 else [("", _("Choose one")), *choices]

    def clean_items(self) -> list[tuple[int, int]]:
        """Work items and the numbers of the last events that were seen."""
        try:
            pairs = [tuple(map(int, pair.split(":"))) for pair in self.cleaned_data["items"].split(",")]
            return [(item, seen) for item, seen in pairs]
        except ValueError:
            raise ValidationError(_("Choose the cases again."), code="items") from None

    def clean_text(self) -> str:
        """The message; its placeholders are known."""
        text: str = self.cleaned_data["text"]
        try:
            check_placeholders(text)
        except Refused as refused:
            raise ValidationError(refused.message, code=refused.code) from None
        return text

    def parameters(self) -> dict[str, Any]:
        """What the run keeps. After is_valid()."""
        given = self.cleaned_data
        kept: dict[str, Any] = {name: given[name].strip() for name in ("note", "text") if given.get(name, "").strip()}
        kept |= {name: int(given[name]) for name in ("assignee", "label") if name in given}
        return kept | ({"off": True} if given.get("turn") == OFF else {})
