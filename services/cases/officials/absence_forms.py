"""The form of an absence."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.people.models import Person
from portal.kit.forms import DateParts

NOBODY = "0"


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who stands in."""

    person = forms.TypedChoiceField(
        label=_("Who is away"), coerce=int, error_messages={"invalid_choice": _("Choose one of those listed")}
    )
    since = DateParts(label=_("First day away"))
    until = DateParts(label=_("Last day away"))
    deputy = forms.TypedChoiceField(
        label=_("Deputy"),
        help_text=_("Gets the work that would have gone on with whoever is away, if they hold the same power themselves."),
        coerce=int,
        error_messages={"invalid_choice": _("Choose one of those listed")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Only you and your heads read it."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-count": False}),
    )

    def __init__(self, data: Any, people: Sequence[Person], deputies: Sequence[Person], chosen: int) -> None:
        super().__init__(data, initial={"person": chosen, "deputy": NOBODY})
        who, deputy = self.fields["person"], self.fields["deputy"]
        assert isinstance(who, forms.ChoiceField)
        assert isinstance(deputy, forms.ChoiceField)
        who.choices = [(person.pk, person.full_name) for person in people]
        deputy.choices = [(NOBODY, _("Nobody")), *((person.pk, person.full_name) for person in deputies)]
        if len(people) == 1:
            who.widget = forms.HiddenInput()
