"""Form of a text an office writes often."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from services.cases.models import CannedText
from services.cases.officials.forms import NOTE_LENGTH
from services.cases.officials.labels_forms import choose_office


class CannedForm(forms.Form):
    """What the text is for, what it is called in the list, and the text itself."""

    office = forms.ChoiceField(label=_("Office"))
    use = forms.ChoiceField(label=_("Used for"), choices=CannedText.Use.choices)
    title = forms.CharField(label=_("Title in the list"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    body = forms.CharField(
        label=_("Text"),
        help_text=_("What stands in braces is filled for each case, such as {ho_ten}."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 10, "mc-count": False}),
    )

    def __init__(self, data: Any = None, *, offices: Sequence[Office] = (), initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        choose_office(self, offices)
