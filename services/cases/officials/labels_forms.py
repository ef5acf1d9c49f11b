"""Forms of labels."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from services.cases.models import Label


class LabelForm(forms.Form):
    """One label of an office: its name, and a colour that only helps to find it."""

    office = forms.ChoiceField(label=_("Office"))
    name = forms.CharField(
        label=_("Name of the label"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "mc-width": "20"})
    )
    colour = forms.ChoiceField(
        label=_("Colour"),
        help_text=_("The name is always written beside it."),
        choices=Label.Colour.choices,
        initial=Label.Colour.BLUE,
        widget=forms.RadioSelect(attrs={"mc-inline": True, "mc-small": True}),
    )

    def __init__(self, data: Any = None, *, offices: Sequence[Office] = (), initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        choose_office(self, offices)


def choose_office(form: forms.Form, offices: Sequence[Office]) -> None:
    """Ask for the office only where there is a choice."""
    field = form.fields["office"]
    assert isinstance(field, forms.ChoiceField)
    if len(offices) < 2:
        del form.fields["office"]
    else:
        field.choices = [(str(office.pk), office.name) for office in offices]


def chosen_office(form: forms.Form, offices: Sequence[Office]) -> Office:
    """The office the form is about. After is_valid()."""
    pk = int(form.cleaned_data.get("office", offices[0].pk))
    return next(office for office in offices if office.pk == pk)
