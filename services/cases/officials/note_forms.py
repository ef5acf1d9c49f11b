"""The form of a note for colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.cases.actions.notes import NOTE_LENGTH


class NoteForm(forms.Form):
    """A note, with an id of its own on the case page."""

    body = forms.CharField(
        label=_("New note"),
        help_text=_("Officials of this case read it. The applicant does not."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
        error_messages={"required": _("Write the note")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="ghi-chu-%s")
