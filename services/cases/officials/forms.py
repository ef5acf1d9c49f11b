"""Forms of the officials' pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity.people.models import Person
from services.cases.officials.wording import Wording
from services.cases.queries import ActionChoice

NOTE_LENGTH = 4000
WHOLE_OFFICE = "0"


class ActionForm(forms.Form):
    """What an action asks: a note, a colleague where work is given to one, the password before a signature or a seal."""

    note = forms.CharField(max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}))
    assignee = forms.ChoiceField(label=_("Who handles the case?"), initial=WHOLE_OFFICE)
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Asked once more, because this is your signature under the document."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "mc-width": "20"}),
        error_messages={"required": _("Enter your password to confirm")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        choice: ActionChoice,
        words: Wording,
        assignees: Sequence[Person] = (),
        held: Mapping[int, int] | None = None,
        place: str = "",
        note: str = "",
    ) -> None:
        super().__init__(data, auto_id=f"id_{place}_%s" if place else "id_%s", initial={"note": note})
        question = self.fields["note"]
        question.label, question.help_text, question.required = str(words.note), str(words.note_help), choice.needs_reason
        question.error_messages["required"] = str(words.note_missing)
        if choice.needs_reason:
            question.widget.attrs["mc-rows"] = 8
        if choice.choose_assignee:
            people = [(str(person.pk), _with_load(person, (held or {}).get(person.pk, 0))) for person in assignees]
            field = self.fields["assignee"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(WHOLE_OFFICE, _("The whole office: whoever takes it first")), *people]
            self.order_fields(["assignee", "note"])
        else:
            del self.fields["assignee"]
        if not choice.needs_password:
            del self.fields["password"]

    @property
    def assignee_id(self) -> int | None:
        """Whom the work is given to; None for the whole office. After is_valid()."""
        chosen = self.cleaned_data.get("assignee", WHOLE_OFFICE)
        return None if chosen == WHOLE_OFFICE else int(chosen)


def _with_load(person: Person, held: int) -> str:
    count = ngettext("holds %(count)s work item", "holds %(count)s work items", held) % {"count": held}
    return f"{person.full_name} ({count})"
